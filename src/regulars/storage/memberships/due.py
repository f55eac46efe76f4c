"""Paid memberships for which something has fallen due, in PostgreSQL: found by two indexes."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

# Whoever else does the same leaves these rows alone.
REMIND = """
update membership set reminded_until = until
where organization_id = %(organization)s and id in (
    select id from membership
    where organization_id = %(organization)s and ended_at is null and card = %(card)s
        and until > %(now)s and until <= %(soon)s and reminded_until is distinct from until
    order by until
    limit %(limit)s
    for update skip locked
)
returning id, member_id, card, kind, until, renews
"""

EXPIRE = """
update membership
set ended_at = ends_at, ended_how = 'expired', ended_by = 'system', renews = false
where organization_id = %(organization)s and id in (
    select id from membership
    where organization_id = %(organization)s and ended_at is null and ends_at <= %(now)s
    order by ends_at
    limit %(limit)s
    for update skip locked
)
returning id, member_id, card, kind, until, renews
"""

CLOSE_FAMILIES = """
update family_person set state = 'over', closed_at = %(now)s, closed_by = 'system'
where organization_id = %(organization)s and membership_id = any(%(ids)s::bigint[])
    and state in ('invited', 'joined')
returning id, member_id, membership_id
"""

# Of those that are paid for in points and to be renewed by themselves: the last term says how.
TO_RENEW = """
select membership.id, membership.member_id, membership.card, membership.kind, membership.until,
       membership.renews
from membership
cross join lateral (
    select points from membership_term
    where organization_id = %(organization)s and membership_id = membership.id
    order by membership_term.id desc limit 1
) as latest
where organization_id = %(organization)s and ended_at is null and renews and latest.points > 0
    and until <= %(soon)s and ends_at > %(now)s and membership.id > %(after)s
order by membership.id
limit %(limit)s
"""

ANY_DUE = """
select exists (
    select from membership
    where organization_id = %s and ended_at is null
)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A membership as it is told to its holder."""

    id: int
    member_id: int
    card: str
    kind: str
    until: datetime
    renews: bool


def is_any_open(tx: Tx, organization: int) -> bool:
    """Whether there is a membership at all that something could fall due of."""
    row = tx.execute(ANY_DUE, [organization]).fetchone()
    assert row is not None
    return bool(row[0])


def remind(
    tx: Tx, organization: int, card: str, *, soon: datetime, now: datetime, limit: int
) -> list[Due]:
    """Memberships that end before `soon`, each told once for its end."""
    asked = {"organization": organization, "card": card, "soon": soon, "now": now, "limit": limit}
    return [Due(*row) for row in tx.execute(REMIND, asked).fetchall()]


def expire(tx: Tx, organization: int, now: datetime, *, limit: int) -> list[Due]:
    """Close memberships whose end has come; those that were closed by this call."""
    asked = {"organization": organization, "now": now, "limit": limit}
    return [Due(*row) for row in tx.execute(EXPIRE, asked).fetchall()]


def close_families(
    tx: Tx, organization: int, memberships: list[int], now: datetime
) -> list[tuple[int, int | None]]:
    """(person, member) of those who shared them or were asked to."""
    asked = {"organization": organization, "ids": int_array(memberships), "now": now}
    rows = tx.execute(CLOSE_FAMILIES, asked).fetchall()
    return [(person, member) for person, member, _ in rows]


def to_renew(
    tx: Tx, organization: int, *, soon: datetime, now: datetime, after: int, limit: int
) -> list[Due]:
    """Memberships that renew themselves in points before `soon`, beyond number `after`."""
    asked = {
        "organization": organization, "soon": soon, "now": now, "after": after, "limit": limit,
    }  # fmt: skip
    return [Due(*row) for row in tx.execute(TO_RENEW, asked).fetchall()]
