"""A cart as a till or shop sends it: what is to be bought, before anything is taken off.

The shapes are msgspec structs: read from JSON, checked and built in one step, immutable. Amounts
are whole minor units of the cart's currency; quantities are whole numbers of whatever the till
counts: pieces, or grams of goods by weight.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.events import (
    MAX_LINES,
    Attributes,
    CurrencyCode,
    Line,
    Minor,
    Quantity,
    Word,
)

MAX_CODES = 20
MAX_METHODS = 19
"""One less than a purchase can have: points may come to them."""


class CartLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One line. Its price is `amount` for all of it, or `unit_amount` times `quantity`.

    `tax`: on that price, contained in it or to be added as the cart says. `is_fixed`: nothing may
    be taken off it, as off gift cards, tobacco or books.
    """

    amount: Minor | None = None
    unit_amount: Minor | None = None
    quantity: Quantity = 1
    sku: Word | None = None
    category: Word | None = None
    brand: Word | None = None
    tax: Minor = 0
    is_fixed: bool = False

    @property
    def price(self) -> int:
        """What all of it costs before anything is taken off."""
        if self.amount is not None:
            return self.amount
        return (self.unit_amount or 0) * self.quantity


class PointsWish(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """How many points the member would spend. Without `amount`: as many as may be; without
    `currency`: the only one that may be spent at the till."""

    amount: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] | None = None
    currency: Word | None = None


class Cart(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """All that is to be bought together.

    `prices`: whether the lines' prices contain their tax or it comes on top. `delivery`: the fee,
    with its tax. `codes`: coupons asked for. `best_coupons`: of the member's other coupons, those
    that give most are used too. `payment_methods`: how the rest will be paid, where known already.
    """

    currency: CurrencyCode
    lines: Annotated[tuple[CartLine, ...], Meta(min_length=1, max_length=MAX_LINES)]
    delivery: Minor = 0
    prices: Literal["tax_inclusive", "tax_exclusive"] = "tax_inclusive"
    codes: Annotated[tuple[Word, ...], Meta(max_length=MAX_CODES)] = ()
    best_coupons: bool = False
    points: PointsWish | None = None
    store: Word | None = None
    channel: Word | None = None
    attributes: Attributes = {}
    payment_methods: Annotated[tuple[Word, ...], Meta(max_length=MAX_METHODS)] = ()


def check_cart(cart: Cart, *, money: str, root: str = "/cart") -> None:
    """What the shape alone does not say. `money`: the program's own. Raises InvalidInput."""
    if cart.currency != money:
        raise InvalidInput(
            f"This program counts money in {money}; the cart says otherwise.",
            faults=[Fault(f"{root}/currency", f"is not {money}")],
        )
    for place, line in enumerate(cart.lines):
        pointer = f"{root}/lines/{place}"
        if (line.amount is None) is (line.unit_amount is None):
            raise InvalidInput(
                "Give each line either an amount for all of it or a unit_amount.",
                faults=[Fault(pointer, "needs one of amount and unit_amount")],
            )
        if line.price > MAX_AMOUNT:
            raise InvalidInput(
                "This line costs more than can be counted.",
                faults=[Fault(pointer, f"more than {MAX_AMOUNT} minor units")],
            )
        if cart.prices == "tax_inclusive" and line.tax > line.price:
            raise InvalidInput(
                "A tax contained in a price is not more than the price.",
                faults=[Fault(f"{pointer}/tax", "more than the price")],
            )
    whole = sum(line.price + line.tax for line in cart.lines) + cart.delivery
    if whole > MAX_AMOUNT:
        raise InvalidInput(
            "This cart costs more than can be counted.",
            faults=[Fault(f"{root}/lines", f"more than {MAX_AMOUNT} minor units together")],
        )
    if len(set(cart.codes)) != len(cart.codes):
        raise InvalidInput(
            "A code is named twice.", faults=[Fault(f"{root}/codes", "contains a code twice")]
        )


def receipt_lines(cart: Cart) -> tuple[Line, ...]:
    """The lines at their full prices, as the scopes and conditions of offers look at them."""
    return tuple(
        Line(line.price, line.quantity, line.sku, line.category, line.brand) for line in cart.lines
    )
