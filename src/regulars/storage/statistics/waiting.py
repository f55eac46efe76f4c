"""Counts in PostgreSQL what waits for somebody or went wrong of late."""

from datetime import date, datetime, timedelta

from regulars.domain.statistics.alerts import LETTER_LATE, RECENT, RETURN_LATE, Waiting
from regulars.domain.statistics.reports import FLOWS
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx
from regulars.storage.statistics.progress import Progress

COUNT = """
with late_return as (
    select event.received_at from waiting_return join event on event.id = waiting_return.event_id
    where waiting_return.organization_id = %(organization)s
        and event.received_at < %(returns_before)s
), stuck as (
    select created_at from outbox
    where organization_id = %(organization)s and attempts > 0 and created_at < %(letters_before)s
)
select (select min(review_at) from member
        where organization_id = %(organization)s and review_at <= %(now)s),
       (select count(*) from event
        where organization_id = %(organization)s and status = 'refused'
            and received_at >= %(recent)s),
       (select count(*) from late_return), (select min(received_at) from late_return),
       (select count(*) from approval
        where organization_id = %(organization)s and state = 'waiting' and expires_at > %(now)s),
       (select count(*) from enrolment
        where organization_id = %(organization)s and state = 'held'),
       (select count(*) from stuck), (select min(created_at) from stuck),
       (select coalesce(sum(rejected - corrected), 0)::bigint from file_import
        where organization_id = %(organization)s and updated_at >= %(recent)s)
       + (select coalesce(sum(rows_refused), 0)::bigint from import_progress
          where organization_id = %(organization)s and updated_at >= %(recent)s)
"""

BY_RULE = """
select name, day, sum(amount)::bigint from day_sum
where organization_id = %s and day between %s and %s and figure = 'rule'
group by name, day
"""

OUTSTANDING = """
select name, coalesce(sum(change) filter (where day <= %(then)s), 0)::bigint,
       sum(change)::bigint
from day_sum
where organization_id = %(organization)s and figure = any(%(figures)s::text[])
group by name
"""


def count(tx: Tx, organization: int, known: Progress | None, now: datetime) -> Waiting:
    """All of it as of now."""
    row = tx.execute(
        COUNT,
        {
            "organization": organization,
            "now": now,
            "recent": now - RECENT,
            "returns_before": now - RETURN_LATE,
            "letters_before": now - LETTER_LATE,
        },
    ).fetchone()
    assert row is not None
    due, refused, late, late_since, approvals, enrolments, letters, stuck_since, rejected = row
    return Waiting(
        looked_at=None if known is None else known.looked_at,
        due_since=due,
        refused_returns=refused,
        waiting_returns=late,
        waiting_since=late_since,
        approvals=approvals,
        enrolments=enrolments,
        letters=letters,
        letters_since=stuck_since,
        rejected_records=rejected,
    )


def by_rule(tx: Tx, organization: int, last: date, days: int) -> dict[str, dict[date, int]]:
    """Points that each rule gave, by day, on the `days` days that end with `last`."""
    found: dict[str, dict[date, int]] = {}
    first = last - timedelta(days=days - 1)
    for rule, day, points in tx.execute(BY_RULE, [organization, first, last]):
        found.setdefault(rule, {})[day] = points
    return found


def outstanding(tx: Tx, organization: int, then: date) -> dict[str, tuple[int, int]]:
    """Points outstanding at the end of `then` and now, by currency."""
    asked = {"organization": organization, "then": then, "figures": text_array(FLOWS)}
    return {name: (before, now) for name, before, now in tx.execute(OUTSTANDING, asked)}
