"""Spans of time [start, end), calendar arithmetic in a program's zone, and ISO 8601 durations."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

_DURATION = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?)?"
)
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
"""Days."""

EPOCH_DAY = date(1970, 1, 1).toordinal()


class Local:
    """An instant on the wall clock of a zone, cut once for all who ask about it.

    `day` counts from 1970-01-01; `minute` is of the day; `weekday` 0 is Monday.
    """

    __slots__ = ("at", "date", "day", "minute", "weekday", "year")

    def __init__(self, at: datetime, zone: ZoneInfo) -> None:
        wall = at.astimezone(zone)
        self.at = at
        self.date = wall.date()
        self.day = self.date.toordinal() - EPOCH_DAY
        self.year = wall.year
        self.minute = wall.hour * 60 + wall.minute
        self.weekday = self.date.weekday()


class Unit(StrEnum):
    """A stretch of the calendar in the program's zone. Weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar span such as P12M or PT90M: months, then days, then seconds are added."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read an ISO 8601 duration without fractions. Raises ValueError."""
        found = _DURATION.fullmatch(text)
        if not found or not any(found.groups()):
            message = f"{text!r} is not a duration such as P30D, P12M, P1Y or PT2H"
            raise ValueError(message)
        years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
        return cls(years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60)

    def __str__(self) -> str:
        days = f"{self.months}M" * bool(self.months) + f"{self.days}D" * bool(self.days)
        clock = f"T{self.seconds // 60}M" if self.seconds else ""
        return f"P{days}{clock}" if days or clock else "P0D"


def month_after(day: date, months: int) -> date:
    """The same day of the month, `months` later, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= SHORTEST_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add(at: datetime, span: Duration, zone: ZoneInfo) -> datetime:
    """`at` plus a calendar span, in the zone's wall clock; the result is UTC.

    31 January plus P1M is the last day of February. A wall time that the zone skips moves on by
    the gap; one that it repeats is the first of the two.
    """
    if not span.months and not span.days:
        return at + timedelta(seconds=span.seconds)
    wall = at.astimezone(zone)
    day = month_after(wall, span.months)
    if span.days:
        day += timedelta(days=span.days)
    moved = wall.replace(year=day.year, month=day.month, day=day.day, fold=0).astimezone(UTC)
    return moved + timedelta(seconds=span.seconds) if span.seconds else moved


def start_of(unit: Unit, day: date) -> date:
    """The first day of the day, week, month, quarter or year that `day` is in."""
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    if unit is Unit.MONTH:
        return day.replace(day=1)
    if unit is Unit.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if unit is Unit.YEAR:
        return day.replace(month=1, day=1)
    return day


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def next_start(unit: Unit, day: date) -> date:
    """The first day after the day, week, month, quarter or year that `day` is in."""
    start = start_of(unit, day)
    if unit in _MONTHS:
        return month_after(start, _MONTHS[unit])
    return start + timedelta(days=7 if unit is Unit.WEEK else 1)


@lru_cache(maxsize=4096)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which `day` begins in `zone`."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of(unit: Unit, at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the unit that `at` is in ends, which is when the next one begins."""
    return midnight(next_start(unit, at.astimezone(zone).date()), zone)


def period_key(unit: Unit, day: date) -> int:
    """The period that `day` is in, as the day number of its first day since 1970."""
    return start_of(unit, day).toordinal() - EPOCH_DAY
