"""What capped benefits took off in an order that a till sold while it was off line.

The till tells what was taken off of each line, and which offers it honoured, but not which of them
took off how much: it is worked out, so that no more is counted than was taken off.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.limits.limits import Limit, LimitKind, period_of
from regulars.domain.members import Member
from regulars.domain.orders.applying import candidate
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.reported import Sold
from regulars.domain.periods import Local, Unit
from regulars.domain.plans import Plan
from regulars.domain.quotes.screening import Basket, basket_of, places_of


def honoured(
    plan: Plan, member: Member, sold: Sold, cart: Cart, offers: Sequence[Offer], *, at: datetime
) -> dict[str, tuple[Limit, int]]:
    """Of each capped benefit among `offers`, by its ref: where is counted what it takes off on the
    day of the sale, `at`, and how many minor units it took off: what its own terms give for the
    goods that it is for, at most what the till took off of these."""
    basket = basket_of(plan, member, cart, at)
    left = [line.discount for line in sold.lines]
    own = {one.id: one.ceiling for one in plan.program.benefits}
    period = period_of(Unit.DAY, Local(at, plan.program.zone))
    told: dict[str, tuple[Limit, int]] = {}
    for offer in offers:
        counted = next((one for one in offer.budgets if one.kind is LimitKind.CONTRIBUTION), None)
        if counted is None:
            continue
        # What the member brought in held it back; what the till gave beyond that counts as well.
        free = replace(offer, ceiling=own.get(counted.subject))
        off = _off(free, basket, left)
        if off:
            told[offer.ref] = replace(counted, period=period, most=None), off
    return told


def _off(offer: Offer, basket: Basket, left: list[int]) -> int:
    """What the offer took of the discounts that are `left`, by line; they are less by it then."""
    places = places_of(offer, basket, cheapens=False)
    off = candidate(offer, basket.prices, basket.lines, places).alone
    taken = 0
    for place in places:
        part = min(left[place], off - taken)
        left[place] -= part
        taken += part
    return taken
