"""What members could still redeem now, by the month in which it lapses."""

from datetime import datetime

from regulars.domain.finance.expiring import Part
from regulars.storage.database import Tx

# What remains of lots stands in them, so their uses need not be read: this is quick, and true of
# now alone. See `liabilities` for any other instant.
NOW = """
with standing as (
    select currency, available_at, remaining, expires_at as ends
    from lot
    where organization_id = %(organization)s and is_open and earned_at <= %(now)s
        and expires_at is not null
    union all
    select lot.currency, lot.available_at, lot.remaining,
           (member.state::jsonb -> 'active_until' ->> lot.currency)::timestamptz
    from lot
    join member on member.id = lot.member_id
    where lot.organization_id = %(organization)s and lot.is_open and lot.earned_at <= %(now)s
        and lot.expires_at is null
), part (currency, kind, month, points) as (
    select currency, case when available_at > %(now)s then 'pending' else 'available' end,
           date_trunc('month', ends at time zone %(zone)s)::date, remaining
    from standing where ends is null or ends > %(now)s
    union all
    select currency, 'held', null, amount
    from hold
    where organization_id = %(organization)s and state = 'open' and expires_at > %(now)s
    union all
    select currency, 'owed', null, -owed
    from account where organization_id = %(organization)s and owed > 0
)
select currency, kind, month, sum(points)::bigint
from part
group by currency, kind, month
"""


def standing(tx: Tx, organization: int, now: datetime, zone: str) -> list[Part]:
    """What is outstanding at this moment; months are cut in `zone`. For a snapshot."""
    asked = {"organization": organization, "now": now, "zone": zone}
    return [Part(*row) for row in tx.execute(NOW, asked)]
