"""Files that tests send to be imported, and a worker that carries imports out at once."""

import csv
import io
from threading import Event
from typing import Any

import httpx
from tests.api.conftest import Shop

from regulars.worker import importing

HEADER = [
    "小票号", "会员卡号", "手机", "交易时间", "门店",
    "商品编码", "品类", "品牌", "数量", "实付金额",
]  # fmt: skip
MAPPING: dict[str, Any] = {
    "id": "{小票号}",
    "subject": "card:{会员卡号}",
    "time": {"column": "交易时间", "zone": "Asia/Shanghai"},
    "group_by": "小票号",
    "window": 50,
    "data": {
        "currency": "CNY",
        "store": "{门店}",
        "lines": [{
            "amount": {"column": "实付金额", "as": "money"},
            "quantity": {"column": "数量", "as": "integer"},
            "sku": "{商品编码}",
            "category": "{品类}",
            "brand": "{品牌}",
        }],
    },
}  # fmt: skip


def row(receipt: str, amount: str = "12.50", card: str = "1001", **cells: str) -> list[str]:
    told = {
        "phone": "", "time": "2026-03-01 10:15:00", "store": "s01", "sku": "A1",
        "category": "生鲜", "brand": "自有", "quantity": "1",
    } | cells  # fmt: skip
    return [
        receipt, card, told["phone"], told["time"], told["store"], told["sku"], told["category"],
        told["brand"], told["quantity"], amount,
    ]  # fmt: skip


def table(rows: list[list[str]], header: list[str] | None = None, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([header or HEADER, *rows])
    return text.getvalue().encode()


def send(shop: Shop, body: bytes, name: str = "receipts.csv", **params: str) -> httpx.Response:
    return shop.client.post(
        "/v1/imports",
        params={"name": name, **params},
        content=body,
        headers={"content-type": "application/octet-stream"},
    )


def sent(shop: Shop, body: bytes, **params: str) -> Any:
    answer = send(shop, body, **params)
    assert answer.status_code == 201, answer.text
    return answer.json()


def start(shop: Shop, name: str, mapping: Any = None) -> Any:
    answer = shop.client.post(f"/v1/imports/{name}:start", json={"mapping": mapping})
    assert answer.status_code == 200, answer.text
    return answer.json()


def work(shop: Shop, name: str = "worker/1/1") -> None:
    """Carry out all that waits."""
    application: Any = shop.client._application
    runtime = application._house.runtime
    while importing.once(runtime, name, Event()):
        pass


def imported(shop: Shop, body: bytes, mapping: Any = None, **params: str) -> Any:
    """What has become of a file that was imported whole."""
    made = sent(shop, body, **params)
    name = made["file"]["id"]
    start(shop, name, made["mapping"] if mapping is None else mapping)
    work(shop)
    return shop.get(f"/v1/imports/{name}").json()
