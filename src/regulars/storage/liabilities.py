"""What members could still redeem, as of any instant, summed by currency, tier and expiry month."""

from dataclasses import dataclass
from datetime import date, datetime

from regulars.storage.database import Tx

# One pass over the lots and one over their uses. A lot that lapses by inactivity has its end in
# the member's state. What is held counts with the month in which its hold's lots would lapse
# unknown; what is owed counts against the total.
OUTSTANDING = """
with used as (
    select lot_id, sum(amount) as amount
    from lot_use
    where organization_id = %(organization)s and effective_at <= %(at)s
    group by lot_id
), standing as (
    select lot.member_id, lot.currency, lot.available_at,
           lot.amount - coalesce(used.amount, 0) as points,
           coalesce(lot.expires_at,
                    (member.state::jsonb -> 'active_until' ->> lot.currency)::timestamptz) as ends
    from lot
    join member on member.id = lot.member_id
    left join used on used.lot_id = lot.id
    where lot.organization_id = %(organization)s and lot.earned_at <= %(at)s
), held as (
    select member_id, currency, sum(amount) as points
    from hold
    where organization_id = %(organization)s and opened_at <= %(at)s and expires_at > %(at)s
        and (closed_at is null or closed_at > %(at)s)
    group by member_id, currency
), owed as (
    select member_id, currency,
           sum(case when debit = 'owed' then amount else -amount end) as points
    from transfer
    where organization_id = %(organization)s and 'owed' in (debit, credit)
        and effective_at <= %(at)s
    group by member_id, currency
), tier as (
    select distinct on (member_id) member_id, new_tier
    from tier_change
    where organization_id = %(organization)s and effective_at <= %(at)s
    order by member_id, effective_at desc, id desc
), part as (
    select member_id, currency,
           case when available_at > %(at)s then 'pending' else 'available' end as kind,
           (date_trunc('month', ends at time zone %(zone)s))::date as month, points
    from standing
    where points > 0 and (ends is null or ends > %(at)s)
    union all
    select member_id, currency, 'held', null, points from held
    union all
    select member_id, currency, 'owed', null, -points from owed where points <> 0
)
select part.currency, coalesce(tier.new_tier, %(bottom)s), part.kind, part.month,
       sum(part.points)::bigint, count(distinct part.member_id)
from part
left join tier on tier.member_id = part.member_id
group by 1, 2, 3, 4
order by 1, 2, 4 nulls last, 3
"""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Points of one currency, tier, kind and expiry month. Owed points are negative."""

    currency: str
    tier: str
    kind: str
    month: date | None
    points: int
    members: int


def outstanding(
    tx: Tx, organization: int, at: datetime, *, zone: str, bottom: str
) -> list[Outstanding]:
    """What was outstanding at `at`; months are cut in `zone`; `bottom` is the tier of newcomers."""
    asked = {"organization": organization, "at": at, "zone": zone, "bottom": bottom}
    return [Outstanding(*row) for row in tx.execute(OUTSTANDING, asked)]
