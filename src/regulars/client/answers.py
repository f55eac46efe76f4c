"""What the API answers, typed. Fields that a newer server adds are passed over."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field


class Event(Struct, frozen=True, kw_only=True):
    """An event to send. (`source`, `id`) makes it the same event however often it is sent."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: dict[str, Any] = field(default_factory=dict)
    specversion: str = "1.0"


class RuleResult(Struct, frozen=True):
    """What one rule gave; `reason` says why it gave less than it could, `detail` in words."""

    rule: str
    points: int
    applied: bool
    reason: str
    detail: str


class TierMove(Struct, frozen=True):
    """A change of tier, or of its term when both names are the same."""

    old: str
    new: str
    at: datetime
    why: str
    until: datetime | None = None


class TierChange(Struct, frozen=True):
    """The tier before and after an event."""

    before: str
    after: str
    moves: list[TierMove]


class EarnedLot(Struct, frozen=True):
    """Points earned together."""

    currency: str
    amount: int
    available_at: datetime
    expires_at: datetime | None


class StageMove(Struct, frozen=True):
    """A change of the stage of life, and why: away, came, return or merge."""

    old: str
    new: str
    at: datetime
    why: str


class BenefitMove(Struct, frozen=True):
    """A benefit that the member has from now on, or no longer, and what carries or carried it."""

    benefit: str
    gained: bool
    carrier: str
    by: str


class Given(Struct, frozen=True):
    """What a rule did beside giving points: a benefit, a coupon, a tag, a notice."""

    rule: str
    kind: str
    what: str
    until: datetime | None = None


class Follows(Struct, frozen=True):
    """What followed from an event beside points."""

    stages: list[StageMove] = []
    benefits: list[BenefitMove] = []
    given: list[Given] = []
    revoked: list[Given] = []


class EventResult(Struct, frozen=True):
    """What became of an event. `event` and `member` are None in a preview."""

    event: str | None
    id: str
    source: str
    member: str | None
    status: str
    repeat: bool
    program_version: int
    earned: dict[str, int]
    lots: list[EarnedLot]
    tier: TierChange | None
    taken_back: dict[str, int]
    owed: dict[str, int]
    waived: dict[str, int]
    explanation: list[RuleResult]
    refused: str | None = None
    follows: Follows | None = None


class Problem(Struct, frozen=True):
    """A problem document. `errors`: each with a JSON pointer into what was sent."""

    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, Any]] = []
    instance: str = ""


class BatchItem(Struct, frozen=True):
    """What became of one event of many: `answer`, or `problem`."""

    status: int
    answer: EventResult | None = None
    problem: Problem | None = None


class Identity(Struct, frozen=True):
    """An id of a member in another system."""

    system: str
    external_id: str


class Member(Struct, frozen=True):
    """A member."""

    member: str
    enrolled_at: datetime
    tier: str | None
    attributes: dict[str, bool | int | str]
    identities: list[Identity]


class Lapse(Struct, frozen=True):
    """Points that will be gone."""

    at: datetime
    amount: int


class Balance(Struct, frozen=True):
    """What a member has of one currency."""

    currency: str
    kind: str
    available: int
    pending: int
    held: int
    owed: int
    next_lapse: Lapse | None = None


class Need(Struct, frozen=True):
    """What one metric needs."""

    metric: str
    needed: int
    there: int
    missing: int


class Way(Struct, frozen=True):
    """One way to a tier: everything in it is needed."""

    tier: str
    name: str
    needs: list[Need]


class Standing(Struct, frozen=True):
    """A member's tier and the ways from there."""

    member: str
    tier: str | None
    name: str | None
    since: datetime | None
    until: datetime | None
    grace_until: datetime | None
    metrics: dict[str, int]
    to_next: list[Way]
    to_keep: list[Way]
    history: list[TierMove]


class Happening(Struct, frozen=True):
    """An event in brief."""

    event: str
    id: str
    source: str
    type: str
    time: datetime
    status: str
    earned: dict[str, int]
    taken_back: dict[str, int]
    tier: TierChange | None = None


class Transfer(Struct, frozen=True):
    """One movement between two accounts."""

    transfer: str
    event: str
    currency: str
    code: str
    amount: int
    debit: str
    credit: str
    effective_at: datetime


class Hold(Struct, frozen=True):
    """Points reserved until `expires_at`."""

    hold: str
    currency: str
    amount: int
    opened_at: datetime
    expires_at: datetime


class Movement(Struct, frozen=True):
    """What an operation did to the member's accounts."""

    event: str
    id: str
    type: str
    member: str
    time: datetime
    transfers: list[Transfer]
    hold: Hold | None = None
