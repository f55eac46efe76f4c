"""The program in force: currencies, rules, tiers and policies, as the engine uses them.

Built from a document by `document.read`, which has checked everything stated here. Immutable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from regulars.domain.amounts import Points, Rate, Rounding
from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.benefits import Benefit, Carriers
from regulars.domain.programs.budget_terms import Budget, ShareCap
from regulars.domain.programs.effects import Effect
from regulars.domain.programs.paid_cards import PaidCard
from regulars.domain.programs.pieces import Condition, LineScope, Schedule, Text
from regulars.domain.programs.play_terms import Badge, Challenge, Streak
from regulars.domain.programs.stages import Lifecycle
from regulars.domain.programs.till_terms import TillTerms


class CurrencyKind(StrEnum):
    """Spendable currencies have lots; status currencies count towards tiers and are never spent."""

    SPENDABLE = "spendable"
    STATUS = "status"


class ExpiryKind(StrEnum):
    """When points lapse."""

    NEVER = "never"
    AFTER = "after"  # a fixed span from earning
    END_OF = "end_of"  # the end of the month or year in which that span is over
    INACTIVE = "inactive"  # a span without activity; any activity extends all of them


@dataclass(frozen=True, slots=True)
class Expiry:
    """An expiry policy. `span` is empty for END_OF the very period of earning."""

    kind: ExpiryKind
    span: Duration = Duration()
    unit: Unit = Unit.YEAR


@dataclass(frozen=True, slots=True)
class Currency:
    """One kind of points.

    `cash_value` is minor units of the program's money per point. `breakage` is the share of
    outstanding points expected to lapse. `transferable`: one member may give them to another.
    `at_till`: how members pay with them; None: they do not. `restore_grace`: how long points last
    that are given back after they had lapsed; None: they lapse again at once.
    """

    code: str
    kind: CurrencyKind
    name: Text
    pending: Duration | None = None
    expiry: Expiry = Expiry(ExpiryKind.NEVER)
    cash_value: Rate | None = None
    breakage: Rate = Rate(0, 1)
    transferable: bool = False
    at_till: TillTerms | None = None
    restore_grace: Duration | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """`take` points of one currency become `give` of another; only whole multiples convert."""

    source: str
    target: str
    take: int
    give: int


class EarnKind(StrEnum):
    """How a rule's points are counted."""

    RATE = "rate"  # points per minor unit of the amount in scope
    FIXED = "fixed"  # a number of points an event
    MULTIPLY = "multiply"  # (factor - 1) times what the multiplied rules give


@dataclass(frozen=True, slots=True)
class Earn:
    """A rule's effect. `rate` is points per minor unit (RATE) or the factor (MULTIPLY).

    `of` names the rules that a multiplier multiplies; empty: every RATE rule of the currency.
    """

    currency: str
    kind: EarnKind
    rate: Rate = Rate(0, 1)
    points: Points = Points(0)
    of: frozenset[str] = frozenset()
    rounding: Rounding = Rounding.DOWN


NO_POINTS = Earn("", EarnKind.FIXED)
"""What a rule earns that has effects only."""


class CapPer(StrEnum):
    """The stretch that a cap counts over; PERIOD is the whole life of the rule for one member."""

    EVENT = "event"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `points` (or `times` events) per member and stretch of the calendar."""

    per: CapPer
    points: int | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise: what an act earns, for whom, when, on what, and within which limits.

    `effects`: what it does beside giving points, or instead: then `earn` is NO_POINTS. `occasions`:
    of the events of type "occasion" those that it looks at. `carriers`: of a benefit that gives
    points back, who has it.
    """

    id: str
    name: Text
    on: frozenset[str]
    earn: Earn
    tiers: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    audience: Condition | None = None
    condition: Condition | None = None
    schedule: Schedule | None = None
    lines: LineScope | None = None
    payment_methods: frozenset[str] = frozenset()
    caps: tuple[Cap, ...] = ()
    budget: int | None = None
    share: ShareCap | None = None
    group: str | None = None
    priority: int = 0
    challenge: Challenge | None = None
    streak: Streak | None = None
    effects: tuple[Effect, ...] = ()
    occasions: frozenset[str] = frozenset()
    carriers: Carriers | None = None

    @property
    def gives_points(self) -> bool:
        """Whether it gives points at all, or has effects only."""
        return bool(self.earn.currency)


class Pick(StrEnum):
    """Which rules of a stacking group apply when several could."""

    BEST = "best"
    PRIORITY = "priority"
    ALL = "all"


class MetricSource(StrEnum):
    """What a tier metric counts."""

    CURRENCY = "currency"  # points of one currency earned, less what was taken back
    SPEND = "spend"  # minor units of money paid, less returns
    COUNT = "count"  # events of given types; a wholly returned purchase no longer counts
    ASSETS = "assets"  # the newest asset statement's amount in minor units


class WindowKind(StrEnum):
    """The stretch of time over which a metric is summed."""

    CALENDAR_YEAR = "calendar_year"
    ROLLING = "rolling"
    LIFETIME = "lifetime"


@dataclass(frozen=True, slots=True)
class Metric:
    """A number per member that tiers look at."""

    code: str
    source: MetricSource
    window: WindowKind
    span: Duration = Duration()
    currency: str = ""
    types: frozenset[str] = frozenset()


Need = Mapping[str, int]
"""Metric code to the least value: all of them must be reached."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A rung of the ladder. Any one of the `entry` needs lets a member in; likewise `keep`."""

    code: str
    name: Text
    entry: tuple[Need, ...] = ()
    keep: tuple[Need, ...] = ()


class StepDown(StrEnum):
    """Where a member goes who does not keep a tier."""

    ONE = "one"  # one rung down
    QUALIFIED = "qualified"  # the highest rung whose keep condition holds
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Ladder:
    """All tiers, lowest first, and how members move between them.

    `valid` is the span a tier is held before its keep condition is looked at; with `valid_until`
    it lasts to the end of the unit in which the span is over; None and no unit: for ever.
    `review`: None upgrades at once; a unit upgrades only at the end of each such unit.
    """

    tiers: tuple[Tier, ...]
    metrics: Mapping[str, Metric]
    valid: Duration | None = None
    valid_until: Unit | None = None
    grace: Duration | None = None
    step_down: StepDown = StepDown.ONE
    review: Unit | None = None


class WhenSpent(StrEnum):
    """What a return does about points that the member no longer has."""

    NEGATIVE = "negative"
    OWE = "owe"
    WAIVE = "waive"


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """`keep_tier`: a return never takes a tier away that the purchase had brought."""

    spent: WhenSpent = WhenSpent.NEGATIVE
    keep_tier: bool = False


@dataclass(frozen=True, slots=True)
class CustomType:
    """An event type that the program declares, with the JSON Schema of its data."""

    code: str
    schema: Mapping[str, Any]
    amount: str = ""  # the integer property that RATE rules count, if any
    name: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Program:
    """One version of a program. `attributes` are member attributes: name to bool, int or string."""

    code: str
    name: Text
    zone: ZoneInfo
    money: str
    currencies: Mapping[str, Currency]
    rules: tuple[Rule, ...]
    enroll_unknown: bool = True
    attributes: Mapping[str, str] = field(default_factory=dict)
    event_attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    custom_types: Mapping[str, CustomType] = field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()
    stacking: Mapping[str, Pick] = field(default_factory=dict)
    ladder: Ladder | None = None
    returns: ReturnPolicy = ReturnPolicy()
    badges: Mapping[str, Badge] = field(default_factory=dict)
    cards: Mapping[str, PaidCard] = field(default_factory=dict)
    budgets: tuple[Budget, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    lifecycle: Lifecycle | None = None
