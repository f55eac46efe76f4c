"""The purchase that an order becomes: what its lines cost in the end, and how they were paid."""

from collections.abc import Sequence

from regulars.domain.events import Line, Payment, Purchase
from regulars.domain.orders.allocating import proportion
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import LinePrice, Quote
from regulars.domain.programs.till_terms import EarnOn, TillTerms

POINTS = "points"
"""The payment method of what points pay."""


def purchase_of(
    cart: Cart, quote: Quote, terms: TillTerms | None, payments: Sequence[Payment] = ()
) -> Purchase:
    """The purchase of `cart` at the prices of `quote`, which says what it earns. `terms`: of the
    points that were spent on it. `payments`: how the rest was paid; by default as the cart says.

    The delivery and tax that comes on top are no part of it: nothing is earned on them.
    """
    on_money = terms is None or terms.earn_on is EarnOn.MONEY
    lines = tuple(
        Line(
            earning_amount(price, tax_on_top=quote.tax_on_top) if on_money else price.net,
            line.quantity,
            line.sku,
            line.category,
            line.brand,
        )
        for line, price in zip(cart.lines, quote.lines, strict=True)
    )
    paid = tuple(payments) or tuple(Payment(method, 0) for method in cart.payment_methods)
    value = quote.points.value if quote.points is not None else 0
    if value:
        paid = (*paid, Payment(POINTS, value))
    return Purchase(
        currency=cart.currency,
        lines=lines,
        payments=paid,
        store=cart.store,
        channel=cart.channel,
        attributes=cart.attributes,
    )


def earning_amount(price: LinePrice, *, tax_on_top: bool) -> int:
    """What of a line's price was paid with money."""
    if not tax_on_top:
        return price.net - price.by_points
    return price.net - proportion(price.net, price.by_points, price.net + price.tax)
