"""Spans of business days, each with the equally long one before it, and parts of the members."""

from dataclasses import dataclass
from datetime import date, timedelta

from regulars.domain.errors import Fault, InvalidInput

MOST_DAYS = 366
DEFAULT_DAYS = 28
FIRST_DAY = date(1972, 1, 1)
DAY = timedelta(days=1)

NEW = "new"
ESTABLISHED = "established"
TIER = "tier:"


@dataclass(frozen=True, slots=True)
class Span:
    """Business days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Span":
        """As many days, ending on the day before."""
        return Span(self.first - self.days * DAY, self.first - DAY)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def each(self) -> list[date]:
        """Every day, in order."""
        return [self.first + place * DAY for place in range(self.days)]


def span_of(
    first: date | None, last: date | None, *, today: date, days: int = DEFAULT_DAYS
) -> Span:
    """The days asked for; what lies after today is cut off. Without a first day it is as many
    `days` as end with the last. Raises InvalidInput."""
    last = min(last or today, today)
    first = min(first or last - (days - 1) * DAY, today)
    if first > last:
        raise InvalidInput(
            "The first day is after the last.", faults=[Fault("/query/from", "after the last day")]
        )
    if first < FIRST_DAY:
        raise InvalidInput(
            f"The first day is {FIRST_DAY} at the earliest.",
            faults=[Fault("/query/from", "too early")],
        )
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput(
            f"At most {MOST_DAYS} days are told at once; choose a later first day.",
            faults=[Fault("/query/from", "too many days")],
        )
    return Span(first, last)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of what happened: at a tier, or in members' first days, or after them. By default
    all of it."""

    tier: str | None = None
    is_new: bool | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.tier is None and self.is_new is None

    def holds(self, tier: str, *, is_new: bool) -> bool:
        """Whether what happened at this tier, in the first days or not, is part of it."""
        return self.tier in (None, tier) and self.is_new in (None, is_new)


def segment_of(text: str | None, tiers: frozenset[str]) -> Segment:
    """A segment by its name: new, established, or tier:… of one of `tiers`. Raises InvalidInput."""
    if not text:
        return Segment()
    if text in (NEW, ESTABLISHED):
        return Segment(is_new=text == NEW)
    if text.startswith(TIER) and text.removeprefix(TIER) in tiers:
        return Segment(tier=text.removeprefix(TIER))
    raise InvalidInput(
        f"A segment is {NEW}, {ESTABLISHED}, or {TIER} and the code of a tier of the program.",
        faults=[Fault("/query/segment", "no such segment")],
    )
