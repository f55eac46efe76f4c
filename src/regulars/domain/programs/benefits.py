"""What a program lets members have beside points: each benefit, what it is worth, who carries it.

Only what the document says. Who is entitled at an instant follows from it in `domain.benefits`.
"""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.amounts import Rate
from regulars.domain.periods import Duration
from regulars.domain.programs.budget_terms import ShareCap
from regulars.domain.programs.pieces import Condition, LineScope, Schedule, Text


class BenefitKind(StrEnum):
    """What a benefit is. The first, second and fourth change what an order costs."""

    PERCENTAGE = "percentage"  # `rate` off what is in scope, at most `ceiling`
    AMOUNT = "amount"  # `amount` off
    CASHBACK = "cashback"  # points back, by an earning rule of the same id
    FREE_DELIVERY = "free_delivery"  # the delivery fee, at most `ceiling`
    GIFT = "gift"  # something handed out beside
    PRIORITY = "priority"  # served first
    FEE_WAIVER = "fee_waiver"  # a fee that others pay
    SERVICE = "service"  # something done for the member, by appointment or not
    WARRANTY = "warranty"  # a longer warranty
    INVITATION = "invitation"  # to an event
    TRIAL = "trial"  # something to be tried for free
    PARTNER_SERVICE = "partner_service"  # something that a partner does


class QuotaPer(StrEnum):
    """The stretch for which a number of uses is given."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"
    GRANT = "grant"  # each time it is granted; for what is carried by status: once and for all


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `uses` for one member `per` stretch of the calendar in the program's zone."""

    uses: int
    per: QuotaPer


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who has a benefit by what they are: any one of these, and `where` beside.

    Without any tier, stage, tag or card it is for everybody for whom `where` holds.
    """

    tiers: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    where: Condition | None = None

    @property
    def is_open(self) -> bool:
        """Whether no status at all is asked for."""
        return not (self.tiers or self.stages or self.tags or self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One benefit. Money is in minor units. `carriers` None: only whoever it is granted to has it.

    `rate`: the share of a percentage; of cashback the points of `currency` per minor unit.
    `schedule` and `condition` say when it can be used, not who has it. `valid`: how long a grant
    of it lasts that says nothing else; None: without end. `restore`: whether a use is given back
    when what it was used for comes back whole. `is_automatic`: applied to an order without being
    asked for. `partner`: whose desk may take it; "": ours. `share`: the most that it gives a member
    by what they brought in.
    """

    id: str
    name: Text
    kind: BenefitKind
    about: Text | None = None
    rate: Rate = Rate(0, 1)
    currency: str = ""
    amount: int = 0
    ceiling: int | None = None
    item: str = ""
    carriers: Carriers | None = None
    lines: LineScope | None = None
    threshold: int = 0
    schedule: Schedule | None = None
    condition: Condition | None = None
    quota: Quota | None = None
    valid: Duration | None = None
    group: str | None = None
    priority: int = 0
    restore: bool = True
    is_automatic: bool = True
    by_appointment: bool = False
    partner: str = ""
    share: ShareCap | None = None
