"""Occasions: what is due by the calendar, and what a member reaches, as events of their own."""

from datetime import date, datetime

from regulars.domain.events import OCCASION, Event
from regulars.domain.ids import MEMBER, encode
from regulars.domain.operations import PREFIX, Occasion
from regulars.domain.periods import SHORTEST_MONTH

SOURCE = PREFIX + "occasions"
MOST_FOLLOWING = 10
"""How many occasions may follow from one event, one out of the other."""

BY_CALENDAR = ("birthday", "anniversary", "member_day")


def reached(member_id: int, seq: int, occasion: str, at: datetime, now: datetime) -> Event:
    """The event of an occasion that decision `seq` of the member has reached."""
    name = encode(MEMBER, member_id)
    return _event(f"{occasion}:{name}:{seq}", name, occasion, at, now)


def by_calendar(member_id: int, occasion: str, day: date, now: datetime) -> Event:
    """The event of an occasion on `day`. A birthday and an anniversary are once in a year, a
    member day once in a month, whatever is sent twice."""
    name = encode(MEMBER, member_id)
    when = f"{day.year}-{day.month:02}" if occasion == "member_day" else str(day.year)
    return _event(f"{occasion}:{name}:{when}", name, occasion, now, now)


def _event(key: str, name: str, occasion: str, at: datetime, now: datetime) -> Event:
    return Event(
        id=f"occasion:{key}",
        source=SOURCE,
        type=OCCASION,
        subject=name,
        time=at,
        received_at=now,
        data=Occasion(occasion=occasion),
    )


def anniversary_days(day: date) -> list[tuple[int, int]]:
    """The (month, day) of enrolments that have their anniversary on `day`: those of 29 February
    have it on the 28th where there is no 29th."""
    days = [(day.month, day.day)]
    is_common = day.year % 4 != 0 or (day.year % 100 == 0 and day.year % 400 != 0)
    if is_common and (day.month, day.day) == (2, SHORTEST_MONTH):
        days.append((2, SHORTEST_MONTH + 1))
    return days
