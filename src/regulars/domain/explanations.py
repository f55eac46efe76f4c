"""Why an event did what it did: what is stored with it, and told to whoever asks."""

from datetime import datetime

from msgspec import Struct

Given = tuple[str, int, str]
"""(rule id, points, reason). The reason is "" when nothing was held back, else the first reason
why the rule gave less than it could, or nothing."""


class TierMove(Struct, frozen=True, gc=False):
    """A change of tier (or of its term, when `old` is `new`) at `at`, and why."""

    old: str
    new: str
    at: datetime
    why: str
    until: datetime | None = None


class CardMove(Struct, frozen=True, gc=False):
    """A paid card that began, was tried, renewed, shared or ended. `until`: paid for until then;
    `ends_at`: until when its benefits stay."""

    card: str
    deed: str
    until: datetime
    ends_at: datetime


class StageMove(Struct, frozen=True, gc=False):
    """A change of the stage of life at `at`, and why: away, came, return or merge."""

    old: str
    new: str
    at: datetime
    why: str


class BenefitMove(Struct, frozen=True, gc=False):
    """A benefit that a member gained or lost, and what carries or carried it: ("tier", "gold")."""

    benefit: str
    carrier: str
    by: str
    is_gained: bool


class Granted(Struct, frozen=True, gc=False):
    """What a rule did beside giving points. `kind` as of effects; `what`: the benefit, the coupon's
    template, the tag, or for a notice its place among the rule's effects."""

    rule: str
    kind: str
    what: str
    until: datetime | None = None


class Explanation(Struct, frozen=True, omit_defaults=True, gc=False):
    """Why: kept with the event, and enough to give the first answer again.

    `progress`: how far challenges and streaks are that the event counts for: (done, of). `badges`:
    won with it. `rules`: every rule considered. `lines`: for rules with a condition on lines, the
    places of those it held for. `tier`: held before. `taken`, `owed`, `waived`: by currency,
    what a return took back, and of that what remains owed or was let go. `refused`: why a return
    that had waited for its purchase could not be honoured. `revoked`: what its purchase had
    granted and a whole return takes back. `occasions`: what is an event of its own now. `budgets`:
    the points taken of budgets that several rules share. `missed`: the coupons among `granted` that
    were not given out at that time, by template, and why.
    """

    rules: list[Given] = []
    tier: str = ""
    earned: dict[str, int] = {}
    lots: list[tuple[str, int, datetime, datetime | None]] = []
    tiers: list[TierMove] = []
    taken: dict[str, int] = {}
    owed: dict[str, int] = {}
    waived: dict[str, int] = {}
    hold: int = 0
    progress: dict[str, tuple[int, int]] = {}
    badges: list[str] = []
    refused: str = ""
    lines: dict[str, list[int]] = {}
    cards: list[CardMove] = []
    stages: list[StageMove] = []
    benefits: list[BenefitMove] = []
    granted: list[Granted] = []
    revoked: list[Granted] = []
    occasions: list[str] = []
    budgets: dict[str, int] = {}
    missed: dict[str, str] = {}
