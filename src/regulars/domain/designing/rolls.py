"""One short row for each member of a simulation: what changed for them, and what kind they are."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TENURES = ("0-1", "1-3", "3-6", "6-12", "12-24", "24+")
"""Whole months since enrolment, from the first number on to below the second."""

_TENURE_ENDS = (1, 3, 6, 12, 24)

RECENCIES = ("0-30", "31-90", "91-180", "181-365", "366+", "never")
"""Whole days since the last purchase."""

_RECENCY_ENDS = (30, 90, 180, 365)
_NEVER = len(RECENCIES) - 1
_DAY = timedelta(days=1)
_MONTHS_A_YEAR = 12


@dataclass(slots=True)
class Roll:
    """Columns of equal length, a place for each member: some dozen bytes each. `tiers`: all that
    either program knows; `currencies` likewise. `now` and `then`: places of tiers, under the
    program in force and under the draft."""

    currencies: tuple[str, ...]
    tiers: tuple[str, ...]
    changes: "dict[str, array[int]]" = field(init=False)
    spend: "array[int]" = field(default_factory=lambda: array("q"))
    now: "array[int]" = field(default_factory=lambda: array("H"))
    then: "array[int]" = field(default_factory=lambda: array("H"))
    tenure: "array[int]" = field(default_factory=lambda: array("B"))
    recency: "array[int]" = field(default_factory=lambda: array("B"))

    def __post_init__(self) -> None:
        self.changes = {code: array("q") for code in self.currencies}

    def __len__(self) -> int:
        return len(self.spend)

    def add(
        self,
        changes: Mapping[str, int],
        *,
        spend: int,
        tiers: tuple[str, str],
        tenure: int,
        recency: int,
    ) -> None:
        """One more member. `tenure` and `recency` are places in TENURES and RECENCIES."""
        for code, column in self.changes.items():
            column.append(changes.get(code, 0))
        self.spend.append(spend)
        self.now.append(self.tiers.index(tiers[0]))
        self.then.append(self.tiers.index(tiers[1]))
        self.tenure.append(tenure)
        self.recency.append(recency)

    def extend(self, other: "Roll") -> None:
        """Take in members that were counted elsewhere."""
        assert (self.currencies, self.tiers) == (other.currencies, other.tiers)
        for code, column in self.changes.items():
            column.extend(other.changes[code])
        self.spend.extend(other.spend)
        self.now.extend(other.now)
        self.then.extend(other.then)
        self.tenure.extend(other.tenure)
        self.recency.extend(other.recency)

    def moves(self) -> dict[tuple[str, str], int]:
        """(tier in force, tier under the draft) to members."""
        return {
            (self.tiers[now], self.tiers[then]): count
            for (now, then), count in sorted(Counter(zip(self.now, self.then, strict=True)).items())
        }

    def segments(self) -> dict[str, tuple[Sequence[str], Sequence[int]]]:
        """By kind of segment: the names of the segments, and each member's place among them."""
        return {
            "tier": (self.tiers, self.now),
            "tenure": (TENURES, self.tenure),
            "recency": (RECENCIES, self.recency),
            "spend": (DECILES, deciles(self.spend)),
        }


DECILES = ("none", *map(str, range(1, 11)))
"""Who spent nothing in the window; then tenths of the others, those who spent least first."""


def deciles(spend: Sequence[int]) -> Sequence[int]:
    """For each member the place in DECILES. Who spent the same is in the same tenth."""
    ordered = sorted(amount for amount in spend if amount > 0)
    if not ordered:
        return bytes(len(spend))
    place_of: dict[int, int] = {}
    for rank, amount in enumerate(ordered):
        place_of.setdefault(amount, rank * 10 // len(ordered) + 1)
    return bytes(place_of.get(amount, 0) for amount in spend)


def tenure_of(enrolled_at: datetime, at: datetime, zone: ZoneInfo) -> int:
    """The place in TENURES of who was enrolled then."""
    since, now = enrolled_at.astimezone(zone), at.astimezone(zone)
    months = (now.year - since.year) * _MONTHS_A_YEAR + now.month - since.month
    months -= (now.day, now.time()) < (since.day, since.time())
    return sum(months >= end for end in _TENURE_ENDS)


def recency_of(bought_at: datetime | None, at: datetime) -> int:
    """The place in RECENCIES of who bought last then."""
    if bought_at is None:
        return _NEVER
    days = (at - bought_at) // _DAY
    return sum(days > end for end in _RECENCY_ENDS)
