"""A finished order that a till sends later: what it says was sold, as a cart and its quote.

Nothing is priced anew. What a till took off is what it took off.
"""

from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.amounts import MAX_AMOUNT, allocate
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.events import (
    MAX_LINES,
    Attributes,
    CurrencyCode,
    Minor,
    Quantity,
    Word,
)
from regulars.domain.orders.carts import MAX_CODES, Cart, CartLine
from regulars.domain.orders.quotes import AppliedOffer, LinePrice, PointsQuote, Quote


class SoldLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One line as it was sold: `amount` is what was to be paid for all of it after discounts, with
    its tax; `discount` what had been taken off."""

    amount: Minor
    quantity: Quantity = 1
    discount: Minor = 0
    tax: Minor = 0
    sku: Word | None = None
    category: Word | None = None
    brand: Word | None = None


class SpentPoints(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Points that the till took, and what they paid in minor units."""

    currency: Word
    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    value: Minor


class Sold(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """All that was sold together. `codes`: coupons that the till honoured; `offers`: benefits, by
    the refs that an earlier quote gave them."""

    currency: CurrencyCode
    lines: Annotated[tuple[SoldLine, ...], Meta(min_length=1, max_length=MAX_LINES)]
    delivery: Minor = 0
    codes: Annotated[tuple[Word, ...], Meta(max_length=MAX_CODES)] = ()
    offers: Annotated[tuple[Word, ...], Meta(max_length=MAX_CODES)] = ()
    points: SpentPoints | None = None
    store: Word | None = None
    channel: Word | None = None
    attributes: Attributes = {}


class Finding(Struct, frozen=True, omit_defaults=True, gc=False):
    """Something that no longer held when the order came. `what`: an offer's ref, or "points";
    `missing`: how much of it was not there."""

    code: str
    what: str
    missing: int = 0


def check_sold(sold: Sold, *, money: str) -> None:
    """What the shape alone does not say. Raises InvalidInput."""
    if sold.currency != money:
        raise InvalidInput(
            f"This program counts money in {money}; the order says otherwise.",
            faults=[Fault("/sold/currency", f"is not {money}")],
        )
    paid = sum(line.amount for line in sold.lines) + sold.delivery
    if paid + sum(line.discount for line in sold.lines) > MAX_AMOUNT:
        raise InvalidInput("This order comes to more than can be counted.")
    if sold.points is not None and sold.points.value > paid:
        raise InvalidInput(
            "The points pay more than there was to pay.",
            faults=[Fault("/sold/points/value", f"more than {paid}")],
        )
    if len(set(sold.codes)) != len(sold.codes) or len(set(sold.offers)) != len(sold.offers):
        raise InvalidInput("A code or an offer is named twice.")


def cart_of(sold: Sold) -> Cart:
    """The cart at its full prices."""
    return Cart(
        currency=sold.currency,
        lines=tuple(
            CartLine(
                amount=line.amount + line.discount,
                quantity=line.quantity,
                sku=line.sku,
                category=line.category,
                brand=line.brand,
                tax=min(line.tax, line.amount + line.discount),
            )
            for line in sold.lines
        ),
        delivery=sold.delivery,
        codes=sold.codes,
        store=sold.store,
        channel=sold.channel,
        attributes=sold.attributes,
    )


def quote_of(sold: Sold, version: int, applied: list[AppliedOffer], *, points: int) -> Quote:
    """What the till had told its customer. `points`: how many of those that it took were there;
    all of their value was honoured."""
    owed = [line.amount for line in sold.lines] + [sold.delivery]
    value = 0 if sold.points is None else sold.points.value
    by_points = allocate(value, owed) if value else [0] * len(owed)
    counts = allocate(points, by_points) if points and value else [0] * len(owed)
    prices = [
        LinePrice(
            price=line.amount + line.discount,
            net=line.amount,
            discounts=[("till", line.discount)] if line.discount else [],
            tax=line.tax,
            by_points=paid,
            points=count,
        )
        for line, paid, count in zip(sold.lines, by_points[:-1], counts[:-1], strict=True)
    ]
    discount = sum(line.discount for line in sold.lines)
    payable = sum(owed)
    spent = None
    if sold.points is not None:
        spent = PointsQuote(
            currency=sold.points.currency,
            least=0,
            most=sold.points.amount,
            step=1,
            available=points,
            most_value=value,
            used=points,
            value=value,
        )
    return Quote(
        currency=sold.currency,
        version=version,
        tax_on_top=False,
        lines=prices,
        delivery=LinePrice(
            sold.delivery, sold.delivery, by_points=by_points[-1], points=counts[-1]
        ),
        total=payable + discount,
        discount=discount,
        payable=payable,
        to_pay=payable - value,
        tax=sum(line.tax for line in sold.lines),
        applied=applied,
        points=spent,
    )
