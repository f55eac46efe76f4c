"""Reads the sums of days in PostgreSQL, and sums today's remainder while somebody waits."""

from collections.abc import Iterable
from datetime import date, datetime

from regulars.domain.statistics.reports import FLOWS, Sum
from regulars.domain.statistics.spans import Span
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx
from regulars.storage.statistics.summing import SUMS, Cut, read_much

WITHIN = """
select day, figure, name, tier, is_new, count, amount, change
from day_sum
where organization_id = %s and day between %s and %s and figure <> 'rule'
"""

# By span rather than by day: only the sums over each are told.
RULES = """
select case when day >= %(middle)s then %(middle)s else %(first)s end as day, figure, name, tier,
       is_new, sum(count)::bigint, sum(amount)::bigint, 0::bigint
from day_sum
where organization_id = %(organization)s and day between %(first)s and %(last)s
    and figure = 'rule'
group by 1, 2, 3, 4, 5
"""

BEFORE = """
select %(day)s::date, figure, name, tier, false, 0::bigint, 0::bigint, sum(change)::bigint
from day_sum
where organization_id = %(organization)s and day <= %(day)s
    and figure = any(%(figures)s::text[])
group by figure, name, tier
"""

TAKINGS = """
select day, amount, purchases from takings
where organization_id = %s and day between %s and %s
"""

REPORT = """
insert into takings (organization_id, day, amount, purchases, reported_at)
values (%s, %s, %s, %s, %s)
on conflict (organization_id, day) do update
set amount = excluded.amount, purchases = excluded.purchases, reported_at = excluded.reported_at
"""

STOCKS = ("member", *FLOWS)
"""Figures that run up over all time."""


def within(tx: Tx, organization: int, span: Span) -> list[Sum]:
    """All sums that a report on `span` takes; what changed before is on one day before."""
    first = span.before.first
    rows = tx.execute(WITHIN, [organization, first, span.last]).fetchall()
    asked = {"organization": organization, "first": first, "middle": span.first, "last": span.last}
    rows += tx.execute(RULES, asked).fetchall()
    earlier = {
        "organization": organization,
        "day": date.fromordinal(first.toordinal() - 1),
        "figures": text_array(STOCKS),
    }
    rows += tx.execute(BEFORE, earlier).fetchall()
    return [Sum(*row) for row in rows]


def live(tx: Tx, organization: int, cut: Cut, day: date) -> list[Sum]:
    """The sums of one day, from the truth."""
    read_much(tx)
    return [Sum(*row) for row in tx.execute(SUMS, cut.asked(organization, day, day))]


def takings(tx: Tx, organization: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    """What was taken in all: minor units and purchases, by day, as far as it was reported."""
    rows = tx.execute(TAKINGS, [organization, first, last])
    return {day: (amount, purchases) for day, amount, purchases in rows}


def report_takings(
    tx: Tx, organization: int, day: date, *, amount: int, purchases: int, at: datetime
) -> None:
    """Write what was taken on a day; a later report takes the place of an earlier."""
    tx.execute(REPORT, [organization, day, amount, purchases, at])


def without_day(sums: Iterable[Sum], day: date) -> list[Sum]:
    """All but what is of this day and was summed from events and books."""
    return [one for one in sums if one.day != day or one.figure == "standing"]
