"""Invented receipts as a table, with a row for each line, as tills and shop systems export them."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from regulars.insight.samples.stream import Wish, stream

HEADERS = {
    "en": (
        "Receipt no", "Card no", "Date", "Time", "Store", "Product code", "Category", "Brand",
        "Quantity", "Amount",
    ),
    "zh-CN": (
        "小票号", "会员卡号", "日期", "时间", "门店", "商品编码", "品类", "品牌", "数量",
        "实付金额",
    ),
}  # fmt: skip
"""The first row, by language."""


def table(wish: Wish, language: str, decimals: int = 2) -> Iterator[Sequence[str]]:
    """The first row, and a row for each line of each receipt, in the order of time. Amounts are in
    major units with so many `decimals`; instants are local to the shops."""
    yield HEADERS[language]
    for texts in stream(wish):
        for text in texts:
            event = json.loads(text)
            if event["type"] == "purchase":
                yield from _lines(event, wish, decimals)


def _lines(event: dict[str, object], wish: Wish, decimals: int) -> Iterator[Sequence[str]]:
    at = datetime.fromisoformat(str(event["time"])).astimezone(wish.zone)
    data = event["data"]
    assert isinstance(data, dict)
    head = (
        f"R-{event['id']}",
        str(event["subject"]).partition(":")[2],
        f"{at:%Y-%m-%d}",
        f"{at:%H:%M:%S}",
        str(data["store"]),
    )
    for line in data["lines"]:
        whole, rest = divmod(line["amount"], 10**decimals)
        amount = f"{whole}.{rest:0{decimals}}" if decimals else str(whole)
        yield (
            *head, line["sku"], line["category"], line["brand"], str(line["quantity"]), amount,
        )  # fmt: skip
