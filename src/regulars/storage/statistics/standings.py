"""How many members are active and how many at risk, day by day, from the days they did something.

Between one act and the next a member is active for so many days, then at risk for so many: each
stretch begins on a day and ends on one, and running sums of those tell every day's number.
"""

from datetime import date, timedelta

from regulars.domain.statistics.figures import ACTIVE_DAYS, AT_RISK_DAYS
from regulars.storage.database import Tx

FORGET = """
delete from day_sum
where organization_id = %s and day between %s and %s and figure = 'standing'
"""

COUNT = """
with seen as (
    select day, tier, lead(day) over (partition by member_id order by day) as next
    from active_day
    where organization_id = %(organization)s and day > %(since)s and day <= %(last)s
        and member_id not in (
            select id from member
            where organization_id = %(organization)s and merged_into is not null
        )
), stretch (name, tier, first, after) as (
    select 'active', tier, day, least(next, day + %(active)s::integer) from seen
    union all
    select 'at_risk', tier, day + %(active)s::integer, least(next, day + %(at_risk)s::integer)
    from seen where next is null or next > day + %(active)s::integer
), turn as (
    select greatest(first, %(first)s::date) as day, name, tier, 1 as change
    from stretch where first <= %(last)s and after > %(first)s
    union all
    select after, name, tier, -1 from stretch where after > %(first)s and after <= %(last)s
        and first <= %(last)s
), turned as (
    select day, name, tier, sum(change) as change from turn group by day, name, tier
), place as (
    select day::date, name, tier
    from generate_series(%(first)s::timestamp, %(last)s::timestamp, '1 day') as day
    cross join (select distinct name, tier from turned) as kind
), counted as (
    select place.day, place.name, place.tier,
           sum(coalesce(turned.change, 0))
               over (partition by place.name, place.tier order by place.day) as count
    from place left join turned using (day, name, tier)
)
insert into day_sum (organization_id, day, figure, name, tier, is_new, count, amount, change)
select %(organization)s, day, 'standing', name, tier, false, count, 0, 0
from counted where count > 0
union all
select %(organization)s, day::date, 'standing', 'counted', '', false, 0, 0, 0
from generate_series(%(first)s::timestamp, %(last)s::timestamp, '1 day') as day
"""


def count(tx: Tx, organization: int, first: date, last: date) -> None:
    """Count anew for the days from `first` to `last`. Safe to repeat."""
    tx.execute(FORGET, [organization, first, last])
    tx.execute(
        COUNT,
        {
            "organization": organization,
            "first": first,
            "last": last,
            "since": first - timedelta(days=AT_RISK_DAYS),
            "active": ACTIVE_DAYS,
            "at_risk": AT_RISK_DAYS,
        },
    )
