"""The answers of the overview, as they stand in JSON."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.domain.amounts import MAX_AMOUNT


class SpanAnswer(Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Business days, the first and the last included."""

    first: date
    last: date


class ComparedAnswer(Struct, frozen=True):
    """A figure of the days asked about, and of those before; null where it is not known."""

    now: int | None
    before: int | None


class MemberFiguresAnswer(Struct, frozen=True):
    """Members: all at the end of the last day, new within the days; active who did something in the
    last 90 days, at risk who did so in the last 180 and not since."""

    total: ComparedAnswer
    new: ComparedAnswer
    active: ComparedAnswer
    at_risk: ComparedAnswer


class SalesAnswer(Struct, frozen=True):
    """Purchases of members in minor units. `came_back`: of these very purchases, by now.
    `without_members`: the rest of what was taken on the days for which that was reported."""

    amount: ComparedAnswer
    came_back: ComparedAnswer
    purchases: ComparedAnswer
    without_members: ComparedAnswer
    purchases_without_members: ComparedAnswer


class CurrencyFiguresAnswer(Struct, frozen=True):
    """Points of one currency. `redemption_rate_bp`: redeemed for 10,000 issued and not returned.
    `outstanding`, `value_minor`: at the end of the last day, for who may read the ledger."""

    currency: str
    name: str
    issued: ComparedAnswer
    redeemed: ComparedAnswer
    expired: ComparedAnswer
    returned: ComparedAnswer
    moved: ComparedAnswer
    redemption_rate_bp: ComparedAnswer
    outstanding: ComparedAnswer
    expected: int | None
    value_minor: int | None


class TierFiguresAnswer(Struct, frozen=True):
    """Members who held a tier at the end of the last day."""

    tier: str
    name: str
    members: ComparedAnswer


class RuleFiguresAnswer(Struct, frozen=True):
    """What a rule gave. `currency` is null for a rule that the program no longer has."""

    rule: str
    name: str
    currency: str | None
    points: ComparedAnswer
    events: ComparedAnswer


class DayPointsAnswer(Struct, frozen=True):
    """Points of one currency on a day; `outstanding` at its end."""

    currency: str
    issued: int
    redeemed: int
    expired: int
    returned: int
    outstanding: int | None


class DayAnswer(Struct, frozen=True):
    """One business day. `members`, `active`, `at_risk`: at its end."""

    day: date
    sales: int
    came_back: int
    purchases: int
    buyers: int
    without_members: int | None
    new_members: int
    members: int | None
    active: int | None
    at_risk: int | None
    points: list[DayPointsAnswer]


class SegmentAnswer(Struct, frozen=True):
    """A part of the members that may be asked about."""

    segment: str
    name: str


class OverviewAnswer(Struct, frozen=True):
    """How the program does. `as_of`: all that was received by then is in it. `is_complete` false:
    the past is still being summed, and what runs up over time is too small."""

    span: SpanAnswer
    before: SpanAnswer
    time_zone: str
    money: str
    as_of: Instant
    is_complete: bool
    segment: str | None
    segments: list[SegmentAnswer]
    members: MemberFiguresAnswer
    sales: SalesAnswer
    currencies: list[CurrencyFiguresAnswer]
    tiers: list[TierFiguresAnswer]
    rules: list[RuleFiguresAnswer]
    days: list[DayAnswer]
    days_before: list[DayAnswer]


class AlertAnswer(Struct, frozen=True):
    """Something to look at. `count` is how many or much, `usual` what it is otherwise; `subject` a
    rule or currency, `name` its name."""

    code: Literal[
        "worker_away", "worker_behind", "letters_stuck", "returns_refused", "returns_waiting",
        "records_rejected", "enrolments_held", "approvals_waiting", "rule_surge", "liability_jump",
        "budget_spent", "budget_low", "budget_half",
    ]  # fmt: skip
    level: Literal["error", "warning", "info"]
    count: int
    usual: int | None
    subject: str | None
    name: str | None
    since: Instant | None
    day: date | None


class AlertsAnswer(Struct, frozen=True):
    """What somebody should look at now, what presses most first."""

    items: list[AlertAnswer]


class TakingsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the shops took on a day, of members and others. `amount` is in minor units."""

    amount: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
    purchases: Annotated[int, Meta(ge=0, le=10**9)]


class TakingsAnswer(Struct, frozen=True):
    """What was reported of a day."""

    day: date
    amount: int
    purchases: int
