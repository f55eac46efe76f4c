"""What many compete for: uses of a coupon, stock, places, quotas, budgets. All are counted alike.

A limit allows `most` units. Of these some are used for good, and some reserved until an order or
the like is settled or its time is over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from regulars.domain.errors import Fault
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.periods import Local, Unit, start_of


class LimitKind(StrEnum):
    """What is limited; what `subject` names follows from it."""

    COUPON = "coupon"  # the uses of one code
    TEMPLATE = "template"  # all redemptions of a coupon template, or those of one member
    CLAIM = "claim"  # what was given out of a coupon template, at all or to one member
    BENEFIT = "benefit"  # one member's uses of a benefit or a grant
    SLOT = "slot"  # the places of an appointment
    STOCK = "stock"  # pieces of a reward's variant, or of a prize
    REWARD = "reward"  # one member's redemptions of a reward
    SALE = "sale"  # the pieces of a flash sale, or one member's
    DRAW = "draw"  # one member's turns at a lucky draw
    SEAT = "seat"  # places in a family
    BUDGET = "budget"  # what a campaign or the program may cost
    CONTRIBUTION = "contribution"  # what a benefit took off for a member; counted, without end


Key = tuple[str, str, int, str]
"""(kind, subject, member or 0, period): tells one limit from all others."""


class Limit(Struct, frozen=True, gc=False):
    """At most `most` units (None: counted, but without end) of `subject`, for one member or, with
    member 0, for all together; in `period`, or ever."""

    kind: LimitKind
    subject: str
    member_id: int = 0
    period: str = ""
    most: int | None = None

    @property
    def key(self) -> Key:
        """What it is counted under."""
        return self.kind._value_, self.subject, self.member_id, self.period


@dataclass(slots=True)
class Room:
    """A limit as it is counted, locked: nobody else takes of it until the transaction ends."""

    id: int
    limit: Limit
    used: int
    reserved: int

    @property
    def left(self) -> int | None:
        """How many units can still be taken; None: as many as one likes."""
        if self.limit.most is None:
            return None
        return max(self.limit.most - self.used - self.reserved, 0)

    def fits(self, amount: int) -> bool:
        """Whether `amount` more can be taken."""
        left = self.left
        return left is None or amount <= left


class Owner(StrEnum):
    """On whose behalf something is reserved."""

    ORDER = "order"
    COUPON_USE = "coupon_use"
    CLAIM = "claim"
    BENEFIT_USE = "benefit_use"
    BOOKING = "booking"
    REDEMPTION = "redemption"
    DRAW = "draw"
    SEAT = "seat"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """`amount` units of a room, for the owner (kind, number). Reserved until `expires_at`; without
    it they are used at once. `by`: who asked, such as "staff:12"."""

    room: Room
    amount: int
    owner: Owner
    owner_id: int
    member_id: int
    expires_at: datetime | None
    by: str = ""


def take(rooms: Mapping[Key, Room], wanted: Iterable[tuple[Limit, int]]) -> list[tuple[Room, int]]:
    """The rooms for what is wanted, all or nothing. Raises LimitReached, which names the limit.

    Counts it as reserved in `rooms`, so that whoever is served next in the same transaction finds
    so much less; the storage counts the rows.
    """
    parts = [(rooms[limit.key], amount) for limit, amount in wanted]
    together: dict[int, int] = {}
    for room, amount in parts:
        assert amount > 0
        together[room.id] = together.get(room.id, 0) + amount
    for room, _ in parts:
        if not room.fits(together[room.id]):
            kind = room.limit.kind.value
            raise LimitReached(
                f"Nothing is left of {kind} {room.limit.subject!r}: {room.limit.most} is the most"
                f"{_in_words(room.limit)}. Nothing was taken.",
                faults=[Fault("", f"{kind} {room.limit.subject}", code="limit_reached")],
            )
    for room, amount in parts:
        room.reserved += amount
    return parts


def put_back(parts: Iterable[tuple[Room, int]]) -> None:
    """Undo `take`, when the rest of what was wanted could not be had."""
    for room, amount in parts:
        room.reserved -= amount


def _in_words(limit: Limit) -> str:
    whom = " for each member" if limit.member_id else ""
    when = f" in {limit.period}" if limit.period else ""
    return whom + when


def period_of(unit: Unit | None, local: Local) -> str:
    """The period that `local` is in, as limits name it, such as "month:2026-11-01"; "" for ever."""
    if unit is None:
        return ""
    return f"{unit.value}:{start_of(unit, local.date).isoformat()}"
