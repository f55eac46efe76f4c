"""When people shop: how a number of events falls on the hours of a period."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
MOST_IN_SLOT = 20_000
"""An hour with more events is cut up, so that a slot fits into memory whatever the volume."""

BY_HOUR = (1, 0.5, 0.3, 0.2, 0.3, 0.8, 2, 4, 6, 8, 9, 10, 11, 10, 9, 10, 12, 14, 13, 10, 8, 5, 3, 2)
BY_WEEKDAY = (0.9, 0.85, 0.9, 0.95, 1.15, 1.35, 1.2)
BY_MONTH = (0.94, 0.95, 0.98, 1.0, 1.0, 1.0, 0.98, 0.98, 1.0, 1.02, 1.1, 1.2)


@dataclass(frozen=True, slots=True)
class Slot:
    """`count` events within `seconds` from `start` on."""

    start: datetime
    seconds: int
    count: int


def slots(since: datetime, until: datetime, events: int, zone: ZoneInfo) -> Iterator[Slot]:
    """`events` spread over [since, until) by the rhythm of day, week and year in `zone`.

    No event is lost to rounding: the counts add up to `events`.
    """
    whole = sum(weight for _, _, weight in _hours(since, until, zone))
    done, weighed = 0, 0.0
    for start, seconds, weight in _hours(since, until, zone):
        weighed += weight
        due = events if weighed >= whole * (1 - 1e-12) else int(events * weighed / whole)
        yield from _cut(start, seconds, due - done)
        done = due


def _hours(
    since: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, int, float]]:
    start = since.astimezone(UTC).replace(microsecond=0)
    until = until.astimezone(UTC)
    while start < until:
        end = min(start.replace(minute=0, second=0) + HOUR, until)
        local = start.astimezone(zone)
        seconds = max(int((end - start).total_seconds()), 1)
        weight = BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()] * BY_MONTH[local.month - 1]
        yield start, seconds, weight * seconds
        start = end


def _cut(start: datetime, seconds: int, count: int) -> Iterator[Slot]:
    parts = min(-(-count // MOST_IN_SLOT), seconds) or 1
    for part in range(parts):
        begin, end = seconds * part // parts, seconds * (part + 1) // parts
        share = count * (part + 1) // parts - count * part // parts
        if share:
            yield Slot(start + timedelta(seconds=begin), end - begin, share)
