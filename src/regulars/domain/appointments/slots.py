"""Appointments that members with a benefit can book: when, where, how many, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.domain.appointments.refusals import SlotNotOpen, TooLateToChange
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.limits.limits import Limit, LimitKind

MAX_CAPACITY = 10_000
MAX_MINUTES = 24 * 60
MAX_CANCEL_MINUTES = 60 * 24 * 60
MAX_SERIES = 500
"""Appointments that one request makes at most."""
MAX_SERIES_DAYS = 366
MAX_AHEAD = timedelta(days=800)


class BookingState(StrEnum):
    """What became of a booking."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True)
class Slot:
    """An appointment. `cancel_minutes`: how long before it begins members may move or cancel.
    `closed_at`: when it was called off."""

    id: int
    benefit: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    cancel_minutes: int
    closed_at: datetime | None = None
    closed_why: str = ""

    @property
    def limit(self) -> Limit:
        """Its places, as they are counted."""
        return Limit(LimitKind.SLOT, str(self.id), most=self.capacity)

    @property
    def change_until(self) -> datetime:
        """From then on the member can no longer move or cancel."""
        return self.starts_at - timedelta(minutes=self.cancel_minutes)

    def demand_open(self, now: datetime) -> None:
        """Raises SlotNotOpen for one that has begun or was called off."""
        if self.closed_at is not None or now >= self.starts_at:
            raise SlotNotOpen

    def demand_changeable(self, now: datetime) -> None:
        """Raises TooLateToChange."""
        if now >= self.change_until:
            raise TooLateToChange


class Series(Struct, frozen=True, kw_only=True):
    """Appointments week by week: on these weekdays (0 is Monday) between two days, both included,
    at these minutes of the day on the clocks of the place, each `minutes` long."""

    first_day: date
    last_day: date
    weekdays: frozenset[int]
    starts: tuple[int, ...]
    minutes: int


def instants(series: Series, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Begin and end of each appointment, in UTC, ascending. An hour that the clocks skip gives
    none twice: what would begin where another begins is left out. Raises InvalidInput."""
    days = (series.last_day - series.first_day).days
    if not 0 <= days <= MAX_SERIES_DAYS:
        raise InvalidInput(
            f"A series ends on or after its first day, at most {MAX_SERIES_DAYS} days later.",
            faults=[Fault("/last_day", "before the first day, or too late")],
        )
    found = {
        _instant(series.first_day + timedelta(days=ahead), minute, zone)
        for ahead in range(days + 1)
        if (series.first_day + timedelta(days=ahead)).weekday() in series.weekdays
        for minute in series.starts
    }
    if len(found) > MAX_SERIES:
        raise InvalidInput(
            f"This would be {len(found)} appointments; make at most {MAX_SERIES} at once.",
            faults=[Fault("/last_day", "too many appointments")],
        )
    if not found:
        raise InvalidInput(
            "No day of the series is one of its weekdays.",
            faults=[Fault("/weekdays", "no such day in between")],
        )
    span = timedelta(minutes=series.minutes)
    return [(start, start + span) for start in sorted(found)]


def demand_ahead(starts: Iterable[datetime], now: datetime) -> None:
    """Raises InvalidInput for an appointment that has begun, or lies years ahead."""
    for start in starts:
        if not now < start <= now + MAX_AHEAD:
            raise InvalidInput(
                "An appointment begins later than now, and within two years.",
                faults=[Fault("/starts_at", "over already, or too far ahead")],
            )


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)
