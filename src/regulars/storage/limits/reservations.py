"""What is reserved of limits, used, given back: rows that say who, for what, and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.limits.limits import Holding, LimitKind, Owner
from regulars.domain.limits.refusals import ReservationLost
from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Tx

# Whoever takes of quotas has locked them first, so they stay where they are: each is found at its
# place, whatever the planner takes the table for.
TAKE = """
with fresh as (
    select * from unnest(%(quotas)s::bigint[], %(members)s::bigint[], %(kinds)s::text[],
                         %(owners)s::bigint[], %(amounts)s::bigint[], %(expires)s::timestamptz[],
                         %(by)s::text[])
        as fresh (quota_id, member_id, owner_kind, owner_id, amount, expires_at, opened_by)
), counted as (
    update quota set used = quota.used + taken.used, reserved = quota.reserved + taken.reserved
    from (
        select quota.ctid as place, sums.used, sums.reserved
        from (
            select quota_id,
                   sum(case when expires_at is null then amount else 0 end)::bigint as used,
                   sum(case when expires_at is null then 0 else amount end)::bigint as reserved
            from fresh group by quota_id
        ) as sums
        cross join lateral (select ctid from quota where quota.id = sums.quota_id limit 1) as quota
    ) as taken
    where quota.ctid = taken.place and quota.organization_id = %(organization)s
)
insert into reservation (organization_id, quota_id, member_id, owner_kind, owner_id, amount, state,
                         opened_at, expires_at, closed_at, opened_by)
select %(organization)s, quota_id, member_id, owner_kind, owner_id, amount,
       case when expires_at is null then 'captured' else 'open' end, %(now)s, expires_at,
       case when expires_at is null then %(now)s end, opened_by
from fresh
"""

OF_OWNERS = """
select reservation.id, quota_id, quota.kind, quota.subject, quota.member_id, quota.period,
       reservation.member_id, reservation.owner_kind, reservation.owner_id, amount, state,
       opened_at, expires_at, closed_at, opened_by
from unnest(%(kinds)s::text[], %(owners)s::bigint[]) as asked (owner_kind, owner_id)
cross join lateral (
    select * from reservation
    where reservation.organization_id = %(organization)s
        and reservation.owner_kind = asked.owner_kind and reservation.owner_id = asked.owner_id
    offset 0
) as reservation
cross join lateral (select * from quota where quota.id = quota_id limit 1) as quota
order by reservation.id
"""

LOCK_QUOTAS = """
select quota.id from unnest(%s::bigint[]) as asked (id)
cross join lateral (
    select id from quota where quota.id = asked.id and organization_id = %s for update
) as quota
"""

# The state is looked at again under the lock: of two who settle the same one, one finds it done.
SETTLE = """
with settled as (
    update reservation
    set state = %(state)s, closed_at = case when %(was)s = 'open' then %(now)s else closed_at end,
        restored_at = case when %(was)s = 'open' then null else %(now)s end
    where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) and state = %(was)s
        and (%(state)s <> 'captured' or expires_at > %(now)s)
    returning id, quota_id, amount
), counted as (
    update quota
    set reserved = quota.reserved - fresh.reserved, used = quota.used + fresh.used
    from (
        select quota.ctid as place, sums.reserved, sums.used
        from (
            select quota_id,
                   sum(case when %(was)s = 'open' then amount else 0 end)::bigint as reserved,
                   sum(case when %(state)s = 'captured' then amount
                            when %(was)s = 'captured' then -amount else 0 end)::bigint as used
            from settled group by quota_id
        ) as sums
        cross join lateral (select ctid from quota where quota.id = sums.quota_id limit 1) as quota
    ) as fresh
    where quota.ctid = fresh.place and quota.organization_id = %(organization)s
)
select id from settled
"""

DUE = """
select id from reservation
where organization_id = %s and state = 'open' and expires_at <= %s
order by expires_at
limit %s
"""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is reserved of one limit, or used. `limited_member` 0: a limit of all together."""

    id: int
    quota_id: int
    kind: LimitKind
    subject: str
    limited_member: int
    period: str
    member_id: int
    owner: Owner
    owner_id: int
    amount: int
    state: str
    opened_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None
    by: str


Owners = Collection[tuple[Owner, int]]


def hold(tx: Tx, organization: int, holdings: Sequence[Holding], now: datetime) -> None:
    """Reserve, or use at once where nothing says until when. The rooms are locked by `quotas.lock`
    and were found large enough; the database refuses what is beyond a limit all the same."""
    if not holdings:
        return
    tx.execute(
        TAKE,
        {
            "organization": organization,
            "now": now,
            "quotas": int_array(one.room.id for one in holdings),
            "members": int_array(one.member_id for one in holdings),
            "kinds": text_array(one.owner.value for one in holdings),
            "owners": int_array(one.owner_id for one in holdings),
            "amounts": int_array(one.amount for one in holdings),
            "expires": time_array(one.expires_at for one in holdings),
            "by": text_array(one.by for one in holdings),
        },
    )


def of(tx: Tx, organization: int, owners: Owners) -> list[Reservation]:
    """All that was ever reserved for these owners, oldest first."""
    rows = tx.execute(
        OF_OWNERS,
        {
            "organization": organization,
            "kinds": text_array(owner.value for owner, _ in owners),
            "owners": int_array(number for _, number in owners),
        },
    ).fetchall()
    return list(map(_reservation, rows))


def _reservation(row: Sequence[Any]) -> Reservation:
    told = dict(zip(Reservation.__slots__, row, strict=True))
    told |= {"kind": LimitKind(told["kind"]), "owner": Owner(told["owner"])}
    return Reservation(**told)


def capture(tx: Tx, organization: int, owners: Owners, now: datetime) -> list[Reservation]:
    """Use for good what is reserved for the owners; told as it was.

    Raises ReservationLost when something of it is no longer reserved at `now`: nothing may then be
    committed.
    """
    wanted = [
        one
        for one in of(tx, organization, owners)
        if one.state == "open" or (one.state == "timed_out" and _is_still_due(one, now))
    ]
    settled = _settle(tx, organization, wanted, was="open", state="captured", now=now)
    if len(settled) < len(wanted):
        raise ReservationLost
    return wanted


def release(tx: Tx, organization: int, owners: Owners, now: datetime) -> list[Reservation]:
    """Give back what is still reserved for the owners; tells what was given back."""
    found = [one for one in of(tx, organization, owners) if one.state == "open"]
    settled = _settle(tx, organization, found, was="open", state="released", now=now)
    return [one for one in found if one.id in settled]


def restore(
    tx: Tx,
    organization: int,
    owners: Owners,
    now: datetime,
    *,
    only: Collection[int] | None = None,
) -> list[Reservation]:
    """Give back what was used for the owners, or only the reservations of these numbers; tells
    what was given back. What another has given back before is not told."""
    found = [
        one
        for one in of(tx, organization, owners)
        if one.state == "captured" and (only is None or one.id in only)
    ]
    settled = _settle(tx, organization, found, was="captured", state="restored", now=now)
    return [one for one in found if one.id in settled]


def time_out(tx: Tx, organization: int, now: datetime, *, limit: int) -> int:
    """Close reservations whose time is over; returns how many. Nobody depends on it: what timed
    out is free at once."""
    ids = [number for (number,) in tx.execute(DUE, [organization, now, limit]).fetchall()]
    if not ids:
        return 0
    quotas = "select quota_id from reservation where id = any(%s::bigint[])"
    numbers = {number for (number,) in tx.execute(quotas, [int_array(ids)]).fetchall()}
    _lock(tx, organization, numbers)
    rows = tx.execute(
        SETTLE,
        {"organization": organization, "ids": int_array(ids), "was": "open",
         "state": "timed_out", "now": now},
    ).fetchall()  # fmt: skip
    return len(rows)


def _is_still_due(one: Reservation, now: datetime) -> bool:
    """Timed out by a clock that is ahead of ours: lost all the same."""
    return one.expires_at is not None and one.expires_at > now


def _settle(
    tx: Tx, organization: int, found: Sequence[Reservation], *, was: str, state: str, now: datetime
) -> set[int]:
    if not found:
        return set()
    _lock(tx, organization, {one.quota_id for one in found})
    rows = tx.execute(
        SETTLE,
        {"organization": organization, "ids": int_array(one.id for one in found), "was": was,
         "state": state, "now": now},
    ).fetchall()  # fmt: skip
    return {number for (number,) in rows}


def _lock(tx: Tx, organization: int, quotas: Collection[int]) -> None:
    tx.execute(LOCK_QUOTAS, [int_array(sorted(quotas)), organization])
