"""What became of the points that members got in each month, from lots and their uses."""

from datetime import datetime
from decimal import Decimal

from regulars.domain.finance.cohorts import Flow
from regulars.storage.database import Tx

# A use is told by the event that made it. What a lapse took says so itself. A hold counts as
# redeemed from its beginning, until it or what was spent of it gives back; of what is given back
# after it had lapsed, the grace makes points of this month. What is taken for good
# outside of spending undoes what was earned: returns, corrections, debts of earlier returns. Where
# such a debt is paid in the same event in which a member spends, it is paid first.
FLOWS = """
with taken as (
    select lot_use.id, lot_use.lot_id, lot_use.member_id, lot_use.event_id, lot_use.expired,
           lot_use.amount - lot_use.expired as other,
           date_trunc('month', lot_use.effective_at at time zone %(zone)s)::date as month,
           event.type
    from lot_use
    left join event on event.id = lot_use.event_id and lot_use.amount <> lot_use.expired
    where lot_use.organization_id = %(organization)s and lot_use.effective_at <= %(at)s
), repaid as (
    select event_id, member_id, currency, sum(amount) as amount
    from transfer
    where organization_id = %(organization)s and code = 'repay' and effective_at <= %(at)s
    group by event_id, member_id, currency
), mixed as (
    select taken.lot_id, taken.month, taken.type, taken.other, repaid.amount,
           sum(taken.other) over (
               partition by taken.event_id, taken.member_id, lot.currency order by taken.id
           ) as so_far
    from taken
    join lot on lot.id = taken.lot_id
    join repaid on repaid.event_id = taken.event_id and repaid.member_id = taken.member_id
        and repaid.currency = lot.currency
    where taken.other > 0 and taken.type = any(%(spending)s::text[])
), debt as (
    select lot_id, month, type, least(so_far, amount) - (so_far - other) as paid
    from mixed where least(so_far, amount) > so_far - other
), kind (lot_id, month, redeemed, passed_on, taken_back, expired) as (
    select lot_id, month,
           coalesce(sum(other) filter (
               where other < 0 or type = any(%(redeeming)s::text[])), 0),
           coalesce(sum(other) filter (
               where other > 0 and type = any(%(passing)s::text[])), 0),
           coalesce(sum(other) filter (
               where other > 0 and type <> all(%(redeeming)s::text[])
                   and type <> all(%(passing)s::text[])), 0),
           sum(expired)
    from taken group by lot_id, month
    union all
    select lot_id, month,
           case when type = any(%(redeeming)s::text[]) then -paid else 0 end,
           case when type = any(%(passing)s::text[]) then -paid else 0 end,
           paid, 0
    from debt
), used as (
    select lot_id, sum(expired + other) as amount from taken group by lot_id
), left_over as (
    select lot.currency, lot.earned_at, lot.available_at, lot.expires_at as ends,
           lot.amount - coalesce(used.amount, 0) as points
    from lot left join used on used.lot_id = lot.id
    where lot.organization_id = %(organization)s and lot.earned_at <= %(at)s
        and lot.expires_at <= %(at)s
    union all
    select lot.currency, lot.earned_at, lot.available_at,
           (member.state::jsonb -> 'active_until' ->> lot.currency)::timestamptz,
           lot.amount - coalesce(used.amount, 0)
    from lot
    join member on member.id = lot.member_id
    left join used on used.lot_id = lot.id
    where lot.organization_id = %(organization)s and lot.earned_at <= %(at)s
        and lot.expires_at is null
), part (currency, cohort, month, issued, redeemed, passed_on, taken_back, expired) as (
    select currency, date_trunc('month', earned_at at time zone %(zone)s)::date,
           date_trunc('month', earned_at at time zone %(zone)s)::date, sum(amount), 0, 0, 0, 0
    from lot
    where organization_id = %(organization)s and earned_at <= %(at)s
    group by 1, 2
    union all
    select lot.currency, date_trunc('month', lot.earned_at at time zone %(zone)s)::date,
           kind.month, 0, sum(kind.redeemed), sum(kind.passed_on), sum(kind.taken_back),
           sum(kind.expired)
    from kind join lot on lot.id = kind.lot_id
    where lot.earned_at <= %(at)s
    group by 1, 2, 3
    union all
    select currency, date_trunc('month', earned_at at time zone %(zone)s)::date,
           date_trunc('month', greatest(ends, available_at) at time zone %(zone)s)::date,
           0, 0, 0, 0, sum(points)
    from left_over where points > 0 and ends <= %(at)s
    group by 1, 2, 3
)
select currency, cohort, month, sum(issued), sum(redeemed), sum(passed_on), sum(taken_back),
       sum(expired)
from part
group by 1, 2, 3
order by 1, 2, 3
"""

# Enough for what is put together of millions of lots to stay in memory.
WORK_IN_MEMORY = "select set_config('work_mem', '64MB', true)"

HELD = """
select lot.currency, date_trunc('month', lot.earned_at at time zone %(zone)s)::date,
       sum((part ->> 1)::bigint)
from hold
cross join lateral jsonb_array_elements(hold.parts::jsonb) as part
join lot on lot.id = (part ->> 0)::bigint
where hold.organization_id = %(organization)s and hold.opened_at <= %(at)s
    and hold.expires_at > %(at)s and (hold.closed_at is null or hold.closed_at > %(at)s)
group by 1, 2
"""

REDEEMING = "{regulars.redemption,regulars.hold}"
PASSING = "{regulars.transfer,regulars.conversion,regulars.merge_out,regulars.points_restore}"
SPENDING = "{regulars.redemption,regulars.hold,regulars.transfer,regulars.conversion}"

ABOUT = "select greatest(reltuples, 0)::bigint from pg_class where oid = 'lot'::regclass"


def flows(tx: Tx, organization: int, at: datetime, zone: str) -> list[Flow]:
    """By currency, month in which the points came, and month in which something became of them,
    as of `at`; in this order. Reads every lot and every use. For a snapshot."""
    asked = {"organization": organization, "at": at, "zone": zone}
    kinds = {"redeeming": REDEEMING, "passing": PASSING, "spending": SPENDING}
    tx.execute(WORK_IN_MEMORY)
    rows = tx.execute(FLOWS, asked | kinds)
    return [
        Flow(currency, cohort, month, *map(_whole, points))
        for currency, cohort, month, *points in rows
    ]


def held(tx: Tx, organization: int, at: datetime, zone: str) -> list[Flow]:
    """What is on hold as of `at`, of each month in which the points came: as `redeemed`."""
    asked = {"organization": organization, "at": at, "zone": zone}
    return [
        Flow(currency, cohort, cohort, redeemed=_whole(points))
        for currency, cohort, points in tx.execute(HELD, asked)
    ]


def lots_about(tx: Tx) -> int:
    """About how many lots there are, of all organizations, as PostgreSQL last counted."""
    row = tx.execute(ABOUT).fetchone()
    assert row is not None
    return int(row[0])


def _whole(points: Decimal | int) -> int:
    return int(points)
