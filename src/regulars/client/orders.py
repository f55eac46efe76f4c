"""Orders as a till uses them: `regulars.orders.open(…)`, `.confirm(…)`, `.give_back(…)`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from regulars.client.answers import Problem, RuleResult
from regulars.client.connection import Connection

MAX_CONFIRMED = 500


class Discount(Struct, frozen=True):
    """What one offer takes off a line."""

    offer: str
    off: int


class PricedLine(Struct, frozen=True):
    """One line in minor units: before (`price`) and after (`net`) what is taken off."""

    quantity: int
    price: int
    net: int
    tax: int
    discounts: list[Discount]
    by_points: int
    points: int
    returned: int
    sku: str | None = None
    category: str | None = None
    brand: str | None = None


class AppliedOffer(Struct, frozen=True):
    """An offer that is used."""

    offer: str
    kind: str
    name: dict[str, str]
    off: int


class RefusedOffer(Struct, frozen=True):
    """An offer that is not used; `detail` says why in words."""

    offer: str
    kind: str
    name: dict[str, str]
    reason: str
    detail: str


class UsablePoints(Struct, frozen=True):
    """From `least` to `most` points in steps of `step`; `used` are, and pay `value`."""

    currency: str
    least: int
    most: int
    step: int
    available: int
    used: int
    value: int


class Price(Struct, frozen=True):
    """What a cart costs, and why. `quote` names this price, for `accept`."""

    quote: str
    currency: str
    total: int
    discount: int
    payable: int
    to_pay: int
    tax: int
    lines: list[PricedLine]
    applied: list[AppliedOffer]
    not_applied: list[RefusedOffer]
    points: UsablePoints | None
    earns: dict[str, int]
    explanation: list[RuleResult] = []


class CameBack(Struct, frozen=True):
    """What one return gave back."""

    id: str
    money: int
    points: int
    restored: list[str]
    whole: bool


class Finding(Struct, frozen=True):
    """Something that no longer held when an order was reported later."""

    code: str
    what: str
    missing: int = 0


class Order(Struct, frozen=True):
    """An order as it stands."""

    order: str
    id: str
    source: str
    member: str
    state: str
    revision: int
    repeat: bool
    price: Price
    opened_at: datetime
    expires_at: datetime
    earned: dict[str, int] | None = None
    came_back: CameBack | None = None
    report: list[Finding] = []


class Confirmed(Struct, frozen=True):
    """What became of one order of many: `answer`, or `problem`."""

    status: int
    answer: Order | None = None
    problem: Problem | None = None


class _Confirmed(Struct):
    items: list[Confirmed]


class Orders:
    """What a till does with orders. All of it is safe to repeat."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def quote(self, member: str, cart: dict[str, Any]) -> Price:
        """What the cart would cost the member. Nothing is held."""
        body = {"member": member, "cart": cart}
        return self._connection.ask(Price, "POST", "/v1/orders:quote", body=body)

    def open(
        self,
        name: str,
        *,
        source: str,
        member: str,
        cart: dict[str, Any],
        hold_seconds: int = 900,
        accept: str | None = None,
    ) -> Order:
        """Quote the cart under your own number and hold what it takes."""
        body = {
            "id": name, "source": source, "member": member, "cart": cart,
            "hold_seconds": hold_seconds,
        }  # fmt: skip
        if accept is not None:
            body["accept"] = accept
        return self._connection.ask(Order, "POST", "/v1/orders", body=body)

    def confirm(
        self,
        order: str,
        *,
        payments: Iterable[dict[str, Any]] = (),
        reference: str | None = None,
        accept: str | None = None,
    ) -> Order:
        """It was paid: take what it holds, and record the purchase."""
        body: dict[str, Any] = {"payments": list(payments)}
        given = {"reference": reference, "accept": accept}
        body |= {name: value for name, value in given.items() if value is not None}
        return self._connection.ask(Order, "POST", _path(order, "confirm"), body=body)

    def confirm_many(self, orders: Iterable[str]) -> list[Confirmed]:
        """Confirm up to MAX_CONFIRMED orders at once, each for itself; in their order."""
        body = {"orders": [{"order": order} for order in orders]}
        answer = self._connection.ask(_Confirmed, "POST", "/v1/orders:confirm", body=body)
        return answer.items

    def cancel(self, order: str, *, reason: str = "") -> Order:
        """Give back what it holds, or did not long ago."""
        return self._connection.ask(Order, "POST", _path(order, "cancel"), body={"reason": reason})

    def give_back(
        self,
        order: str,
        name: str,
        *,
        lines: Iterable[dict[str, int]] = (),
        with_delivery: bool = True,
        reason: str = "",
    ) -> Order:
        """Goods come back under your own number for it; without lines all that is left."""
        body = {
            "id": name, "lines": list(lines), "with_delivery": with_delivery, "reason": reason,
        }  # fmt: skip
        return self._connection.ask(Order, "POST", _path(order, "returns"), body=body)

    def report(
        self,
        name: str,
        *,
        source: str,
        member: str,
        time: datetime | str,
        sold: dict[str, Any],
        payments: Iterable[dict[str, Any]] = (),
    ) -> Order:
        """A finished order of a till that was off line; `report` tells what no longer held."""
        body = {
            "id": name, "source": source, "member": member, "time": time, "sold": sold,
            "payments": list(payments),
        }  # fmt: skip
        return self._connection.ask(Order, "POST", "/v1/orders:report", body=body)

    def get(self, order: str) -> Order:
        """One order."""
        return self._connection.ask(Order, "GET", _path(order))


def _path(order: str, part: str = "") -> str:
    return f"/v1/orders/{quote(order)}" + (f"/{part}" if part else "")
