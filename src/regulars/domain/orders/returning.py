"""What comes back when goods of an order do: money, points, and offers that can be used again.

For each line and quantity its share of what was paid for the line, rounded down; the share depends
on how much of the line has come back in all, so that returns in any cut and order sum to the whole.
The delivery comes back with the last of the lines, where the program or the shop says so.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from regulars.domain.errors import AlreadyReturned, Fault, InvalidInput
from regulars.domain.orders.allocating import proportion
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import LinePrice, Quote


class ReturnedLine(Struct, frozen=True, omit_defaults=True, gc=False):
    """What comes back of one line. `money` is what was paid with money, `points` are those that
    paid the rest of it."""

    line: int
    quantity: int
    money: int
    points: int = 0
    tax: int = 0


class Back(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What one return gives back. `after`: how much of each line has come back by now.
    `restored`: refs of the offers that can be used again, as all that they made cheaper came back.
    `is_whole`: nothing of the order is left."""

    lines: list[ReturnedLine]
    delivery: int = 0
    delivery_points: int = 0
    money: int
    points: int = 0
    after: dict[int, int]
    restored: list[str] = []
    is_whole: bool = False


Asked = Sequence[tuple[int, int | None]]
"""(line, quantity); without a quantity: all that is left of it. None at all: all that is left."""


def take_back(
    cart: Cart,
    quote: Quote,
    asked: Asked,
    *,
    before: Mapping[int, int],
    with_delivery: bool = True,
    root: str = "/lines",
) -> Back:
    """What comes back for the lines `asked`. `before`: how much of each line came back already.

    Raises AlreadyReturned, InvalidInput.
    """
    quantities = [line.quantity for line in cart.lines]
    after = _after(asked, quantities, before, root)
    told: list[ReturnedLine] = []
    for place, quantity in enumerate(quantities):
        gone, now = before.get(place, 0), after.get(place, 0)
        if gone == now:
            continue
        paid, points, tax = _paid(quote.lines[place], tax_on_top=quote.tax_on_top)
        told.append(
            ReturnedLine(
                place,
                now - gone,
                proportion(paid, now, quantity) - proportion(paid, gone, quantity),
                proportion(points, now, quantity) - proportion(points, gone, quantity),
                proportion(tax, now, quantity) - proportion(tax, gone, quantity),
            )
        )
    is_whole = all(after.get(place, 0) == quantity for place, quantity in enumerate(quantities))
    fee, fee_points = 0, 0
    if is_whole and with_delivery:
        fee, fee_points, _ = _paid(quote.delivery, tax_on_top=False)
    was = {place for place, quantity in enumerate(quantities) if before.get(place, 0) == quantity}
    now_whole = {
        place for place, quantity in enumerate(quantities) if after.get(place, 0) == quantity
    }
    return Back(
        lines=told,
        delivery=fee,
        delivery_points=fee_points,
        money=sum(one.money for one in told) + fee,
        points=sum(one.points for one in told) + fee_points,
        after=after,
        restored=_restored(quote, was, now_whole, len(quantities)),
        is_whole=is_whole,
    )


def _paid(price: LinePrice, *, tax_on_top: bool) -> tuple[int, int, int]:
    """(money, points, tax) that were paid for all of a line."""
    owed = price.net + (price.tax if tax_on_top else 0)
    return owed - price.by_points, price.points, price.tax


def _after(
    asked: Asked, quantities: Sequence[int], before: Mapping[int, int], root: str
) -> dict[int, int]:
    if not asked:
        asked = [
            (place, None)
            for place, quantity in enumerate(quantities)
            if before.get(place, 0) < quantity
        ]
        if not asked:
            raise AlreadyReturned("Everything of this order came back before.")
    after = dict(before)
    for index, (place, wanted) in enumerate(asked):
        if not 0 <= place < len(quantities):
            raise InvalidInput(
                f"The order has {len(quantities)} lines, counted from 0; there is no {place}.",
                faults=[Fault(f"{root}/{index}/line", "no such line")],
            )
        left = quantities[place] - after.get(place, 0)
        quantity = left if wanted is None else wanted
        if quantity < 1 and wanted is not None:
            raise InvalidInput(
                "A quantity that comes back is 1 or more.",
                faults=[Fault(f"{root}/{index}/quantity", "less than 1")],
            )
        if quantity > left or left == 0:
            raise AlreadyReturned(
                f"Line {place}: {quantity or 'nothing more'} asked to come back, {left} left."
            )
        after[place] = after.get(place, 0) + quantity
    return after


def _restored(quote: Quote, was: Iterable[int], now: Iterable[int], line_count: int) -> list[str]:
    """Offers whose last line came back just now. What made no line cheaper, and the delivery, go
    with all of them."""
    before, after, everything = set(was), set(now), set(range(line_count))
    told: list[str] = []
    for offer in quote.applied:
        needed = {place for place in offer.lines if place < line_count} or everything
        if offer.is_restored and needed <= after and not needed <= before:
            told.append(offer.ref)
    return told
