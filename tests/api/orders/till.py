"""A till that opens, confirms and returns orders against a whole application."""

from typing import Any

from tests.api.conftest import Shop

from regulars.services import programs

PROGRAM = """
regulars: 1
program: corner
name: {en: Corner Shop, zh-CN: 街角小店}
time_zone: Asia/Shanghai
money: CNY
members:
  unknown: enroll
currencies:
  points:
    kind: spendable
    name: {en: Points, zh-CN: 积分}
    expiry: {after: P12M}
    cash_value: {points: 100, amount: 1.00}
    at_till: {}
rules:
  - id: base
    name: {en: One point a yuan, zh-CN: 一元一分}
    on: purchase
    earn: {currency: points, rate: 1, per: 1.00}
benefits:
  - id: ten
    name: {en: Ten per cent, zh-CN: 九折}
    kind: percentage
    percent: 10
    for: {where: "true"}
    quota: {uses: 3, per: month}
"""


def line(amount: int, **more: Any) -> dict[str, Any]:
    return {"amount": amount} | more


def cart(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"currency": "CNY", "lines": list(lines) or [line(10_000)]} | more


class Till:
    """What a test says to the shop's API about orders."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def open(self, name: str = "A-1", member: str = "card:1", **body: Any) -> Any:
        body.setdefault("cart", cart())
        asked = {"id": name, "source": "till", "member": member} | body
        return self.shop.client.post("/v1/orders", json=asked)

    def opened(self, name: str = "A-1", member: str = "card:1", **body: Any) -> Any:
        answer = self.open(name, member, **body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def do(self, order: str, what: str, **body: Any) -> Any:
        return self.shop.client.post(f"/v1/orders/{order}/{what}", json=body)

    def done(self, order: str, what: str, **body: Any) -> Any:
        answer = self.do(order, what, **body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def get(self, order: str) -> Any:
        return self.shop.get(f"/v1/orders/{order}").json()


def publish(shop: Shop, text: str = PROGRAM) -> None:
    now = shop.clock()
    programs.publish(shop.db, 1, text, in_force_from=now.replace(year=2020), now=now)
