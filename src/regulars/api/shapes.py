"""The answers of the reading routes, as they stand in JSON."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Raw, Struct

from regulars.api.answers import Instant, LotAnswer, TierAnswer, TierMoveAnswer
from regulars.api.explaining.following import FollowsAnswer

Attributes = dict[str, bool | int | str]


class IdentityAnswer(Struct, frozen=True):
    """An id of the member in another system."""

    system: str
    external_id: str


class MemberAnswer(Struct, frozen=True):
    """A member. Holds no personal data: attributes are those that the program declares.

    `status`: active, frozen, restricted, merged or erased. `merged`: the ids of members who turned
    out to be this one.
    """

    member: str
    enrolled_at: Instant
    tier: str | None
    attributes: Attributes
    identities: list[IdentityAnswer]
    status: str = "active"
    frozen_at: Instant | None = None
    frozen_reason: str = ""
    restricted_at: Instant | None = None
    erased_at: Instant | None = None
    merged: list[str] = []


class ListedMember(Struct, frozen=True):
    """A member in a list. `last_active`: the day (UTC) of the newest act, some seconds late; null
    for none. `balances`: all that is there of each currency, pending and held points too; empty for
    who may not read the ledger. `merged_into`: who has all of theirs since."""

    member: str
    enrolled_at: Instant
    tier: str | None
    attributes: Attributes
    identities: list[IdentityAnswer]
    status: str
    last_active: date | None
    balances: dict[str, int]
    merged_into: str | None


class MemberPage(Struct, frozen=True):
    """Members in the order asked for. `about`: how many there are in all, as far as that is known
    without counting them, null where it is not; `exact`: it is the very number."""

    items: list[ListedMember]
    next: str | None
    about: int | None
    exact: bool


class LapseAnswer(Struct, frozen=True):
    """Points that will be gone."""

    at: Instant
    amount: int


class BalanceAnswer(Struct, frozen=True):
    """One currency. `owed` is what is still to be paid back; `next_lapse` what ends first."""

    currency: str
    kind: str
    available: int
    pending: int
    held: int
    owed: int
    next_lapse: LapseAnswer | None


class BalancesAnswer(Struct, frozen=True):
    """What the member has at the instant asked."""

    member: str
    as_of: Instant
    balances: list[BalanceAnswer]


class OpenLotAnswer(Struct, frozen=True):
    """Points earned together that have not been spent or lapsed. `lapses_at` null: not by date."""

    lot: str
    event: str
    currency: str
    amount: int
    remaining: int
    earned_at: Instant
    available_at: Instant
    lapses_at: Instant | None
    available: bool


class LotsAnswer(Struct, frozen=True):
    """Lots in the order in which they will be spent."""

    member: str
    as_of: Instant
    items: list[OpenLotAnswer]
    next: str | None


class TransferAnswer(Struct, frozen=True):
    """One movement between two accounts; never changed, never deleted."""

    transfer: str
    event: str
    currency: str
    code: str
    amount: int
    debit: str
    credit: str
    effective_at: Instant
    recorded_at: Instant


class TransferPage(Struct, frozen=True):
    """Transfers, newest recorded first."""

    member: str
    items: list[TransferAnswer]
    next: str | None


class HoldAnswer(Struct, frozen=True):
    """Points reserved until `expires_at`."""

    hold: str
    currency: str
    amount: int
    opened_at: Instant
    expires_at: Instant


class HoldsAnswer(Struct, frozen=True):
    """The holds that are open at the instant asked."""

    member: str
    as_of: Instant
    items: list[HoldAnswer]


class NeedAnswer(Struct, frozen=True):
    """One metric: what is needed, what is there, what is missing. `says`: what is needed, in words.
    `money`: the currency whose minor units they are; null for counts and points."""

    metric: str
    needed: int
    there: int
    missing: int
    says: str
    money: str | None


class WayAnswer(Struct, frozen=True):
    """One way to a tier: everything in it is needed. Several ways are alternatives."""

    tier: str
    name: str
    needs: list[NeedAnswer]


class StandingAnswer(Struct, frozen=True):
    """The member's tier now, what is missing to the next and to keep it, and its history."""

    member: str
    as_of: Instant
    tier: str | None
    name: str | None
    since: Instant | None
    until: Instant | None
    grace_until: Instant | None
    review_at: Instant | None
    metrics: dict[str, int]
    to_next: list[WayAnswer]
    to_keep: list[WayAnswer]
    history: list[TierMoveAnswer]


class HappeningAnswer(Struct, frozen=True):
    """An event in brief."""

    event: str
    id: str
    source: str
    type: str
    time: Instant
    received_at: Instant
    status: str
    program_version: int
    earned: dict[str, int]
    taken_back: dict[str, int]
    tier: TierAnswer | None


class TimelineAnswer(Struct, frozen=True):
    """What happened, newest first."""

    member: str
    items: list[HappeningAnswer]
    next: str | None


class ReasonAnswer(Struct, frozen=True):
    """What one rule gave, in words. `says`: the rule itself, as a sentence."""

    rule: str
    name: str
    says: str
    points: int
    applied: bool
    reason: str
    detail: str


class RecordAnswer(Struct, frozen=True):
    """An event as it was sent, what was decided, and why. `sent_by`: such as key:3 or client:7;
    null for what the product did by itself."""

    event: str
    id: str
    source: str
    sent_by: str | None
    type: str
    member: str
    time: Instant
    received_at: Instant
    status: str
    program_version: int
    data: Raw
    earned: dict[str, int]
    lots: list[LotAnswer]
    tier: TierAnswer | None
    taken_back: dict[str, int]
    owed: dict[str, int]
    waived: dict[str, int]
    hold: str | None
    refused: str | None
    follows: FollowsAnswer | None
    explanation: list[ReasonAnswer]


class RecordPage(Struct, frozen=True):
    """Events with their explanations, newest first."""

    member: str
    items: list[RecordAnswer]
    next: str | None


class MovementAnswer(Struct, frozen=True):
    """What an operation did: the transfers it made on this member's accounts, and its hold."""

    event: str
    id: str
    type: str
    member: str
    time: Instant
    program_version: int
    transfers: list[TransferAnswer]
    hold: HoldAnswer | None


class RuleInWords(Struct, frozen=True):
    """A rule, as a sentence."""

    rule: str
    name: str
    says: str


class VersionAnswer(Struct, frozen=True):
    """A program version. Each is in force until the next one is."""

    version: int
    in_force_from: Instant
    published_at: Instant
    note: str


class VersionsAnswer(Struct, frozen=True):
    """Every version, in order."""

    items: list[VersionAnswer]


class ProgramAnswer(Struct, frozen=True):
    """A program version with its text, and its rules in words. `names`: how its currencies and
    tiers are called, by their codes."""

    version: int
    in_force_from: Instant
    published_at: Instant
    note: str
    program: str
    name: str
    time_zone: str
    money: str
    currencies: list[str]
    tiers: list[str]
    names: dict[str, str]
    rules: list[RuleInWords]
    document: str


class DiffAnswer(Struct, frozen=True):
    """What differs between two versions, a sentence each."""

    old: Annotated[int, Meta(ge=1)]
    new: Annotated[int, Meta(ge=1)]
    changes: list[str]


class FindingAnswer(Struct, frozen=True):
    """One remark. `line` and `column` count from 1."""

    severity: str
    code: str
    pointer: str
    line: int
    column: int
    message: str


class LintAnswer(Struct, frozen=True):
    """Everything wrong or doubtful about a draft. `publishable`: no finding is an error."""

    publishable: bool
    findings: list[FindingAnswer]


class MoneyAnswer(Struct, frozen=True):
    """Money in minor units."""

    amount: int
    currency: str


class CurrencyLiabilityAnswer(Struct, frozen=True):
    """`expected` is `outstanding` less `breakage`, which is expected to lapse."""

    currency: str
    outstanding: int
    breakage: int
    expected: int
    value: MoneyAnswer | None


class OutstandingAnswer(Struct, frozen=True):
    """Points of one currency, tier, kind and expiry month (its first day; null: none)."""

    currency: str
    tier: str
    kind: str
    month: date | None
    points: int
    members: int


class LiabilityAnswer(Struct, frozen=True):
    """What members could still redeem as of an instant, and what that is worth."""

    as_of: Instant
    totals: list[CurrencyLiabilityAnswer]
    rows: list[OutstandingAnswer]
