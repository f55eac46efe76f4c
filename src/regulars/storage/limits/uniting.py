"""Limits of two members who turn out to be one: what both have used and reserved counts as one."""

from regulars.storage.database import Tx

BEGIN = """
insert into quota (organization_id, kind, subject, member_id, period, most)
select organization_id, kind, subject, %(survivor)s, period, most from quota
where organization_id = %(organization)s and member_id = %(duplicate)s and used + reserved > 0
order by kind, subject, period
on conflict (organization_id, kind, subject, member_id, period) do nothing
"""

# In the order in which everybody locks limits.
LOCK = """
select id from quota
where organization_id = %(organization)s and member_id in (%(duplicate)s, %(survivor)s)
order by id
for update
"""

_BOTH = """
own.organization_id = %(organization)s and own.member_id = %(survivor)s
    and other.organization_id = %(organization)s and other.member_id = %(duplicate)s
    and (own.kind, own.subject, own.period) = (other.kind, other.subject, other.period)
"""

# Two who are one may have used more than one may: they keep it, and have nothing left.
ADD = f"""
update quota as own
set used = own.used + other.used, reserved = own.reserved + other.reserved,
    most = case when own.most is not null then
        greatest(own.most, own.used + other.used + own.reserved + other.reserved) end
from quota as other
where {_BOTH}
"""  # noqa: S608  # only the constant above is put in

MOVE = f"""
update reservation set quota_id = own.id, member_id = %(survivor)s
from quota as own, quota as other
where reservation.organization_id = %(organization)s and reservation.quota_id = other.id and {_BOTH}
"""  # noqa: S608

EMPTY = """
update quota set used = 0, reserved = 0
where organization_id = %(organization)s and member_id = %(duplicate)s
"""


def unite(tx: Tx, organization: int, *, duplicate: int, survivor: int) -> int:
    """Count what the duplicate has taken of limits for each member as the survivor's; how many
    reservations that are. Both are locked. Nobody gets a second round by being one person."""
    asked = {"organization": organization, "duplicate": duplicate, "survivor": survivor}
    tx.execute(BEGIN, asked)
    tx.execute(LOCK, asked)
    tx.execute(ADD, asked)
    moved = tx.execute(MOVE, asked).rowcount
    tx.execute(EMPTY, asked)
    return moved
