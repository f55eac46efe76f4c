"""Whatever changes what an order costs: a benefit of the program, a person's grant, a coupon.

All are brought into one shape, so that an order treats them alike.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from regulars.domain.amounts import Rate
from regulars.domain.events import Line
from regulars.domain.limits.limits import Limit
from regulars.domain.orders.caps import ContributionCap
from regulars.domain.programs.model import Pick
from regulars.domain.programs.pieces import Condition, Text


class OfferKind(StrEnum):
    """What an offer does. Only the first four change what is to be paid."""

    PERCENTAGE = "percentage"  # `rate` of the lines in scope, at most `ceiling`
    AMOUNT = "amount"  # `amount` off the lines in scope together
    FREE_ITEM = "free_item"  # `quantity` pieces of the cheapest lines in scope
    FREE_DELIVERY = "free_delivery"  # the delivery fee, at most `ceiling`
    GIFT = "gift"  # something handed out beside
    OTHER = "other"  # told with the order, and changes nothing in it


class Offer(Struct, frozen=True, kw_only=True):
    """One offer for one member, ready to be applied.

    `ref`: where it comes from: "benefit:<id>", "grant:<grt_…>" or "coupon:<cpn_…>". Money is in
    minor units. `in_scope` None: every line. `test`: over the order, as rules have it. `group`:
    offers of one group compete as `pick` says; without one it goes with any other. Higher
    `priority` is applied first. `limits`: all that one use of it takes one of; `budgets`: all that
    it takes its discount of, in minor units. `is_automatic`: it applies without being asked for.
    `why_not`: a reason known beforehand, such as "frozen". `is_restored`: it can be used again
    once all that it made cheaper has come back. `cap`: what it may still take off for what the
    member brought in; `ceiling` is no higher.
    """

    ref: str
    name: Text
    kind: OfferKind
    rate: Rate = Rate(0, 1)
    amount: int = 0
    quantity: int = 1
    ceiling: int | None = None
    in_scope: Callable[[Line], bool] | None = None
    line_test: Condition | None = None
    threshold: int = 0
    test: Condition | None = None
    channels: frozenset[str] = frozenset()
    stores: frozenset[str] = frozenset()
    group: str | None = None
    pick: Pick = Pick.BEST
    priority: int = 0
    limits: tuple[Limit, ...] = ()
    budgets: tuple[Limit, ...] = ()
    is_automatic: bool = True
    expires_at: datetime | None = None
    why_not: str = ""
    gift: dict[str, Any] | None = None
    is_restored: bool = True
    cap: ContributionCap | None = None
