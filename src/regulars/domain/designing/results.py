"""What a simulation has found, as it is kept and told."""

from datetime import date, datetime

from msgspec import Struct

Names = dict[str, str]
"""The same words by language."""


class Amount(Struct, frozen=True):
    """Money in minor units."""

    amount: int
    currency: str


class CurrencySums(Struct, frozen=True):
    """One currency in the window under one program. `outstanding`: at the end, less what is owed.
    `cost`: what the points issued, less those taken back, are expected to cost; `liability`: the
    same of what is outstanding. Both null without a cash value."""

    issued: int
    taken_back: int
    redeemed: int
    expired: int
    outstanding: int
    cost: Amount | None
    liability: Amount | None


class CurrencyResult(Struct, frozen=True):
    """One currency under both programs; null where a program does not have it."""

    currency: str
    name: Names
    kind: str
    in_force: CurrencySums | None
    draft: CurrencySums | None


class MonthSums(Struct, frozen=True):
    """One currency in one month. `outstanding`: at its end, less what is owed."""

    issued: int
    taken_back: int
    redeemed: int
    expired: int
    outstanding: int


class MonthResult(Struct, frozen=True):
    """One month of one currency; `month` is its first day."""

    month: date
    currency: str
    in_force: MonthSums
    draft: MonthSums


class RuleSums(Struct, frozen=True):
    """What a rule gave, and to how many events."""

    points: int
    events: int


class RuleResult(Struct, frozen=True):
    """One rule under both programs; null where a program does not have it."""

    rule: str
    name: Names
    currency: str
    in_force: RuleSums | None
    draft: RuleSums | None


class TierName(Struct, frozen=True):
    """A tier of either program, the lower ones first."""

    tier: str
    name: Names


class TierMoves(Struct, frozen=True):
    """How many members hold `in_force` now who would hold `draft`; "" where there are no tiers."""

    in_force: str
    draft: str
    members: int


class TierResult(Struct, frozen=True):
    """Who would stand elsewhere at the end of the window."""

    tiers: list[TierName]
    moves: list[TierMoves]


class BinResult(Struct, frozen=True, rename={"from_": "from"}):
    """Members whose change lies in [from, until); null: open on that side."""

    from_: int | None
    until: int | None
    members: int


class SegmentResult(Struct, frozen=True):
    """Members of one kind, who would have more, less, or the same."""

    by: str
    segment: str
    members: int
    winners: int
    losers: int
    unchanged: int
    change: int


class ChangeResult(Struct, frozen=True):
    """What members would have got and kept of one currency, more or less than they did: earned,
    less what returns took back and what lapsed."""

    currency: str
    members: int
    winners: int
    losers: int
    unchanged: int
    change: int
    histogram: list[BinResult]
    segments: list[SegmentResult]


class RefusalSums(Struct, frozen=True):
    """Acts that could not be, and the points that were asked for."""

    events: int
    points: int


class RefusalResult(Struct, frozen=True):
    """Acts that happened and that a program would not have honoured, such as a redemption of points
    that the member would not have had."""

    type: str
    code: str
    in_force: RefusalSums
    draft: RefusalSums


class Baseline(Struct, frozen=True):
    """What the draft was compared with. `kind`: "decided", each event by the version that really
    decided it; "version", every event of the window by one version."""

    kind: str
    versions: list[int]


class SimulationResult(Struct, frozen=True, rename={"from_": "from"}):
    """What would have come of the same acts under a draft."""

    from_: datetime
    until: datetime
    baseline: Baseline
    events: int
    members: int
    money: str
    currencies: list[CurrencyResult]
    months: list[MonthResult]
    rules: list[RuleResult]
    tiers: TierResult
    changes: list[ChangeResult]
    refusals: list[RefusalResult]
