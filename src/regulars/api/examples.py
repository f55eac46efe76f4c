"""Examples that the OpenAPI document shows, and that the tests send."""

from typing import Any

PURCHASE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "receipt-2026-000481",
    "source": "till-7",
    "type": "purchase",
    "subject": "card:4711",
    "time": "2026-03-01T09:30:00Z",
    "data": {
        "currency": "CNY",
        "store": "store-12",
        "lines": [{"sku": "latte", "category": "coffee", "quantity": 2, "amount": 6400}],
    },
}

RETURN: dict[str, Any] = {
    "specversion": "1.0",
    "id": "return-2026-000017",
    "source": "till-7",
    "type": "return",
    "subject": "card:4711",
    "time": "2026-03-02T10:00:00Z",
    "data": {"purchase_id": "receipt-2026-000481", "lines": [{"line": 0, "quantity": 1}]},
}
