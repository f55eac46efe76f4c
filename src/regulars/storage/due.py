"""Members for whom something has fallen due: found by three indexes, never by reading a table."""

from collections.abc import Iterable
from datetime import datetime

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

# A lot that lapses before it could be spent is due only when it is available: it was pending.
DUE = """
select member_id, min(due) as first
from (
    (select id as member_id, review_at as due
     from member
     where organization_id = %(organization)s and review_at <= %(now)s
         and id <> all(%(except)s::bigint[])
     order by review_at limit %(limit)s)
    union all
    (select member_id, greatest(expires_at, available_at)
     from lot
     where organization_id = %(organization)s and is_open and expires_at <= %(now)s
         and available_at <= %(now)s and member_id <> all(%(except)s::bigint[])
     order by expires_at limit %(limit)s)
    union all
    (select member_id, expires_at
     from hold
     where organization_id = %(organization)s and state = 'open' and expires_at <= %(now)s
         and member_id <> all(%(except)s::bigint[])
     order by expires_at limit %(limit)s)
) as found (member_id, due)
group by member_id
order by first, member_id
limit %(limit)s
"""


def members_due(
    tx: Tx, organization: int, now: datetime, *, limit: int, leave_out: Iterable[int] = ()
) -> list[int]:
    """At most `limit` members with something due at `now`, those who wait longest first."""
    rows = tx.execute(
        DUE,
        {
            "organization": organization,
            "now": now,
            "limit": limit,
            "except": int_array(leave_out),
        },
    )
    return [member_id for member_id, _ in rows]
