"""Occasions of the calendar in PostgreSQL: whose they are, and which days were looked at."""

from collections.abc import Sequence
from datetime import date, datetime

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

# Whoever had the occasion since `since` is left out; only few have occasions at all.
_THERE = """
    and erased_at is null and merged_into is null and restricted_at is null
    and member.id > %(after)s
    and not exists (
        select from event
        where event.member_id = member.id and event.occurred_at >= %(since)s
            and event.type = %(type)s and event.payload = %(payload)s
    )
order by member.id
limit %(limit)s
"""

BORN_IN = f"""
select member.id from member_attribute join member on member.id = member_attribute.member_id
where member_attribute.organization_id = %(organization)s and name = 'birth_month'
    and value = %(month)s::text
    {_THERE}
"""  # noqa: S608  # only the constant above is put in

ENROLLED_ON = f"""
select member.id from member
where member.organization_id = %(organization)s and enrolled_at < %(year)s
    and (extract(month from enrolled_at at time zone %(zone)s) * 100
         + extract(day from enrolled_at at time zone %(zone)s))::integer = any(%(days)s::integer[])
    {_THERE}
"""  # noqa: S608

ALL = f"""
select member.id from member
where member.organization_id = %(organization)s
    {_THERE}
"""  # noqa: S608

LAST_RUN = """
select max(day) from occasion_run where organization_id = %s and occasion = %s
"""

DONE = """
insert into occasion_run (organization_id, occasion, day, sent, done_at)
values (%(organization)s, %(occasion)s, %(day)s, %(sent)s, %(at)s)
on conflict (organization_id, occasion, day) do nothing
"""


class Search:
    """How the next members with an occasion are found: a statement, and what it asks for."""

    def __init__(self, statement: str, **asked: object) -> None:
        self._statement = statement
        self._asked = asked

    def after(self, tx: Tx, organization: int, number: int, *, limit: int) -> list[int]:
        """At most `limit` members with higher numbers, in order."""
        asked = {**self._asked, "organization": organization, "after": number, "limit": limit}
        return [found for (found,) in tx.execute(self._statement.encode(), asked)]


def born_in(month: int, *, since: datetime, type_: str, payload: str) -> Search:
    """Members whose birthday is in the month, as their attribute birth_month says."""
    return Search(BORN_IN, month=str(month), since=since, type=type_, payload=payload)


def enrolled_on(
    days: Sequence[tuple[int, int]],
    *,
    before: datetime,
    zone: str,
    since: datetime,
    type_: str,
    payload: str,
) -> Search:
    """Members who enrolled before `before`, on one of these (month, day) in the zone."""
    numbers = int_array(month * 100 + day for month, day in days)
    more = {"type": type_, "payload": payload, "since": since}
    return Search(ENROLLED_ON, days=numbers, year=before, zone=zone, **more)


def everybody(*, since: datetime, type_: str, payload: str) -> Search:
    """All members."""
    return Search(ALL, since=since, type=type_, payload=payload)


def last_run(tx: Tx, organization: int, occasion: str) -> date | None:
    """The last day that was looked at to its end; None for none."""
    row = tx.execute(LAST_RUN, [organization, occasion]).fetchone()
    return None if row is None else row[0]


def done(tx: Tx, organization: int, occasion: str, day: date, *, sent: int, at: datetime) -> None:
    """A day was looked at to its end. Safe to repeat."""
    asked = {
        "organization": organization, "occasion": occasion, "day": day, "sent": sent, "at": at,
    }  # fmt: skip
    tx.execute(DONE, asked)
