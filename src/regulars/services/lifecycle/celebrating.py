"""Occasions of the calendar: birthdays, anniversaries, member days, sent to the rules once each.

Each is an event like any other, whose id says for which year or month it is: of two workers who
find the same only one is heard, and a pass that was cut short goes on where it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from regulars.domain.envelopes import arrive
from regulars.domain.errors import RegularsError
from regulars.domain.events import OCCASION
from regulars.domain.lifecycle.occasions import BY_CALENDAR, anniversary_days, by_calendar
from regulars.domain.periods import Local, midnight
from regulars.domain.plans import Plan
from regulars.domain.plans import plan as plan_of
from regulars.domain.programs.document import read
from regulars.services.intake.taking import Intake
from regulars.storage import programs
from regulars.storage.database import Database
from regulars.storage.lifecycle import occasions
from regulars.storage.lifecycle.occasions import Search

MEMBERS_TOGETHER = 500
MOST_DAYS_BACK = 31
"""How many days without a worker are made up for; a birthday lasts for its month anyway."""


def celebrate(db: Database, organization: int, intake: Intake, now: datetime) -> Iterator[int]:
    """Send every occasion of the calendar that is due at `now`, batch by batch; tells how many
    members had one, once it is committed. Safe to repeat, and to run in several processes."""
    with db.transaction(organization) as tx:
        document = programs.document(tx, organization, now)
    if document is None:
        return
    plan = _compiled(document)
    today = Local(now, plan.program.zone).date
    for occasion in BY_CALENDAR:
        if occasion not in plan.occasions:
            continue
        for day in _days(db, organization, occasion, today):
            sent = 0
            search = _search(plan, occasion, day)
            if search is not None:
                house = _House(db, organization, intake, now)
                for count in _send(house, search, occasion, day):
                    sent += count
                    yield count
            with db.transaction(organization) as tx:
                occasions.done(tx, organization, occasion, day, sent=sent, at=now)


@dataclass(frozen=True, slots=True)
class _House:
    """Where occasions are sent."""

    db: Database
    organization: int
    intake: Intake
    now: datetime


@lru_cache(maxsize=64)
def _compiled(document: str) -> Plan:
    """The plan of a version: asked for every few seconds, and hardly ever another one."""
    return plan_of(read(document))


def _days(db: Database, organization: int, occasion: str, today: date) -> list[date]:
    """The days that nobody has looked at yet, the last one today."""
    with db.transaction(organization) as tx:
        last = occasions.last_run(tx, organization, occasion)
    if last is None:
        return [today]
    missing = min((today - last).days, MOST_DAYS_BACK)
    return [today - timedelta(days=back) for back in range(missing - 1, -1, -1)]


def _search(plan: Plan, occasion: str, day: date) -> Search | None:
    """Who has the occasion on `day`; None where nobody can."""
    zone, lifecycle = plan.program.zone, plan.program.lifecycle
    payload = f'{{"occasion":"{occasion}"}}'
    new_year, month = day.replace(month=1, day=1), day.replace(day=1)
    if occasion == "birthday":
        return occasions.born_in(
            day.month, since=midnight(new_year, zone), type_=OCCASION, payload=payload
        )
    if occasion == "anniversary":
        return occasions.enrolled_on(
            anniversary_days(day),
            before=midnight(new_year, zone),
            zone=zone.key,
            since=midnight(new_year, zone),
            type_=OCCASION,
            payload=payload,
        )
    if lifecycle is None or lifecycle.member_day != day.day:
        return None
    return occasions.everybody(since=midnight(month, zone), type_=OCCASION, payload=payload)


def _send(house: _House, search: Search, occasion: str, day: date) -> Iterator[int]:
    last = 0
    while True:
        with house.db.transaction(house.organization) as tx:
            found = search.after(tx, house.organization, last, limit=MEMBERS_TOGETHER)
        if not found:
            return
        last = found[-1]
        arrivals = [arrive(by_calendar(number, occasion, day, house.now)) for number in found]
        outcomes = house.intake.take_in(arrivals, house.now)
        yield sum(
            not isinstance(outcome, RegularsError) and not outcome.is_repeat for outcome in outcomes
        )
