"""A paid membership as it is kept: whose, of which card, and what it is at an instant."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MembershipStanding(StrEnum):
    """What a membership is at an instant, by the clock."""

    TRIAL = "trial"
    ACTIVE = "active"
    GRACE = "grace"  # its term is over, its benefits stay for a while
    EXPIRED = "expired"
    REFUNDED = "refunded"
    ENDED = "ended"  # by hand, and nothing was paid back


class TermKind(StrEnum):
    """How a term came about."""

    TRIAL = "trial"
    PURCHASE = "purchase"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Membership:
    """`until`: paid for, or tried, until then; `ends_at`: until when its benefits stay. `renews`:
    the holder wants it renewed by itself. `ended_at`: when it was closed, as
    `ended_by` asked for under `ended_key`."""

    id: int
    member_id: int
    card: str
    kind: str
    begun_at: datetime
    until: datetime
    ends_at: datetime
    renews: bool = False
    ended_at: datetime | None = None
    ended_how: str = ""
    ended_by: str = ""
    ended_why: str = ""
    ended_key: str = ""

    def is_live(self, at: datetime) -> bool:
        """Whether it brings its benefits at `at`."""
        return self.begun_at <= at < self.ends_at and (self.ended_at is None or at < self.ended_at)

    def standing(self, at: datetime) -> MembershipStanding:
        """What it is at `at`."""
        if self.ended_at is not None and self.ended_how != "expired" and self.ended_at <= at:
            return MembershipStanding(self.ended_how)
        if at >= self.ends_at:
            return MembershipStanding.EXPIRED
        if at >= self.until:
            return MembershipStanding.GRACE
        return MembershipStanding.TRIAL if self.kind == "trial" else MembershipStanding.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term. `price`: paid in minor units of `money`; or `points`, which `hold_id` had taken.
    `refunded`, `refunded_points`: what was paid back of it."""

    id: int
    kind: TermKind
    starts_at: datetime
    ends_at: datetime
    version: int
    money: str
    price: int
    points_currency: str
    points: int
    hold_id: int | None
    payment: str
    event_id: int
    sold_at: datetime
    sold_by: str
    refunded_at: datetime | None = None
    refunded: int = 0
    refunded_points: int = 0
    refunded_by: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who shares a card or was asked to. `state`: invited, joined, left, removed,
    withdrawn, or over with the card."""

    id: int
    membership_id: int
    member_id: int | None
    state: str
    invited_at: datetime
    expires_at: datetime
    joined_at: datetime | None = None
    closed_at: datetime | None = None
