"""How much of each limit is used and reserved: locked for many at once, in one order for all."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.limits.limits import Key, Limit, LimitKind, Room
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Later, Tx

# One look into the index for each limit, however many there are. What times out is looked at
# without a job: as of now.
READ = """
select quota.id, quota.kind, quota.subject, quota.member_id, quota.period, quota.most, quota.used,
       case when quota.reserved = 0 then 0 else quota.reserved - coalesce((
           select sum(amount)::bigint from reservation
           where quota_id = quota.id and state = 'open' and expires_at <= %(now)s
       ), 0) end
from unnest(%(kinds)s::text[], %(subjects)s::text[], %(members)s::bigint[], %(periods)s::text[])
    as asked (kind, subject, member_id, period)
cross join lateral (
    select * from quota
    where quota.organization_id = %(organization)s and quota.kind = asked.kind
        and quota.subject = asked.subject and quota.member_id = asked.member_id
        and quota.period = asked.period
    limit 1
) as quota
"""

# The sum over all periods from one on. Names of periods of one unit are in the order of time.
TAKEN = """
select asked.place, coalesce(sum(
    quota.used + case when quota.reserved = 0 then 0 else quota.reserved - coalesce((
        select sum(amount)::bigint from reservation
        where quota_id = quota.id and state = 'open' and expires_at <= %(now)s
    ), 0) end
), 0)::bigint
from unnest(%(kinds)s::text[], %(subjects)s::text[], %(members)s::bigint[], %(periods)s::text[])
    with ordinality as asked (kind, subject, member_id, period, place)
join quota on quota.organization_id = %(organization)s and quota.kind = asked.kind
    and quota.subject = asked.subject and quota.member_id = asked.member_id
    and quota.period >= asked.period
group by asked.place
"""

# In the order of the key, so that two who begin the same limits do not wait for each other. Those
# that are there are left out first: a conflict would use up a number each time.
BEGIN = """
insert into quota (organization_id, kind, subject, member_id, period, most)
select %(organization)s, asked.*
from unnest(%(kinds)s::text[], %(subjects)s::text[], %(members)s::bigint[], %(periods)s::text[],
            %(most)s::bigint[]) as asked (kind, subject, member_id, period, most)
where (
    select quota.id from quota
    where quota.organization_id = %(organization)s and quota.kind = asked.kind
        and quota.subject = asked.subject and quota.member_id = asked.member_id
        and quota.period = asked.period
    limit 1
) is null
order by 2, 3, 4, 5
on conflict (organization_id, kind, subject, member_id, period) do nothing
"""

# Each by its number, in the order of the numbers, so that two who want the same do not wait for
# each other. What the planner takes the table for does not matter: there is one look for each.
LOCK = """
select quota.*, quota.reserved > 0 and exists (
    select from reservation
    where quota_id = quota.id and state = 'open' and expires_at <= %(now)s
)
from unnest(array(
    select named.id
    from unnest(%(kinds)s::text[], %(subjects)s::text[], %(members)s::bigint[],
                %(periods)s::text[]) as asked (kind, subject, member_id, period)
    cross join lateral (
        select quota.id from quota
        where quota.organization_id = %(organization)s and quota.kind = asked.kind
            and quota.subject = asked.subject and quota.member_id = asked.member_id
            and quota.period = asked.period
        limit 1
    ) as named
    order by named.id
)) as wanted (id)
cross join lateral (
    select id, kind, subject, member_id, period, most, used, reserved from quota
    where quota.id = wanted.id and quota.organization_id = %(organization)s
    for update
) as quota
"""

# What is used already stays used, though the limit was lowered below it meanwhile.
SET_MOST = """
update quota
set most = case when fresh.most is not null then greatest(fresh.most, used + reserved) end
from unnest(%s::bigint[], %s::bigint[]) as fresh (id, most)
where quota.id = fresh.id and quota.organization_id = %s
"""

TIME_OUT = """
with late as (
    update reservation set state = 'timed_out', closed_at = expires_at
    where quota_id = any(%(ids)s::bigint[]) and state = 'open' and expires_at <= %(now)s
    returning quota_id, amount
), sums as (
    select quota_id, sum(amount)::bigint as amount from late group by quota_id
)
update quota set reserved = quota.reserved - sums.amount
from sums
where quota.id = sums.quota_id and quota.organization_id = %(organization)s
    and quota.id = any(%(ids)s::bigint[])
returning quota.id, quota.reserved
"""


def lock(tx: Tx, organization: int, limits: Iterable[Limit], now: datetime) -> dict[Key, Room]:
    """The rooms of `limits`, locked until the transaction ends; what timed out is given back.

    Rows that are missing are begun; a limit that now allows more or less is set so, but never
    below what is taken. Call it once in a transaction, after members are locked.
    """
    asked = {limit.key: limit for limit in limits}
    if not asked:
        return {}
    named = _columns(organization, list(asked.values())) | {"now": now}
    tx.execute(BEGIN, named | {"most": int_array(one.most for one in asked.values())})
    locked = [(_room(row[:-1]), row[-1]) for row in tx.execute(LOCK, named).fetchall()]
    rooms = {room.limit.key: room for room, _ in locked}
    _set_most(tx, organization, asked, rooms)
    late = [room for room, is_late in locked if is_late]
    if late:
        _time_out(tx, organization, late, now)
    return rooms


def read(tx: Tx, organization: int, limits: Sequence[Limit], now: datetime) -> dict[Key, Room]:
    """The rooms of `limits` as they are at `now`, not locked: to tell what is left. Those that
    nobody has taken of yet are told as untouched, with number 0."""
    return ask(tx, organization, limits, now)()


def ask(
    tx: Tx, organization: int, limits: Sequence[Limit], now: datetime
) -> Later[dict[Key, Room]]:
    """As `read`, for a pipeline."""
    asked = {limit.key: limit for limit in limits}
    if not asked:
        return dict
    named = _columns(organization, list(asked.values())) | {"now": now}
    cursor = tx.execute(READ, named)

    def read() -> dict[Key, Room]:
        found = {room.limit.key: room for room in map(_room, cursor.fetchall())}
        for key, limit in asked.items():
            room = found.setdefault(key, Room(0, limit, 0, 0))
            room.limit = limit
        return found

    return read


def taken(tx: Tx, organization: int, since: Sequence[Limit], now: datetime) -> list[int]:
    """How much is used and reserved of each limit in its period and all later ones together, in
    the order of `since`; one statement for any number. Not locked."""
    if not since:
        return []
    named = _columns(organization, since) | {"now": now}
    sums: dict[int, int] = dict(tx.execute(TAKEN, named).fetchall())
    return [sums.get(place, 0) for place in range(1, len(since) + 1)]


def _columns(organization: int, limits: Sequence[Limit]) -> dict[str, object]:
    return {
        "organization": organization,
        "kinds": text_array(limit.kind.value for limit in limits),
        "subjects": text_array(limit.subject for limit in limits),
        "members": int_array(limit.member_id for limit in limits),
        "periods": text_array(limit.period for limit in limits),
    }


def _room(row: tuple[int, str, str, int, str, int | None, int, int]) -> Room:
    number, kind, subject, member_id, period, most, used, reserved = row
    return Room(number, Limit(LimitKind(kind), subject, member_id, period, most), used, reserved)


def _set_most(tx: Tx, organization: int, asked: dict[Key, Limit], rooms: dict[Key, Room]) -> None:
    changed = [room for key, room in rooms.items() if room.limit.most != asked[key].most]
    if not changed:
        return
    for room in changed:
        most = asked[room.limit.key].most
        if most is not None:
            most = max(most, room.used + room.reserved)
        room.limit = replace(room.limit, most=most)
    tx.execute(
        SET_MOST,
        [
            int_array(room.id for room in changed),
            int_array(asked[room.limit.key].most for room in changed),
            organization,
        ],
    )


def _time_out(tx: Tx, organization: int, rooms: Sequence[Room], now: datetime) -> None:
    by_id = {room.id: room for room in rooms}
    rows = tx.execute(
        TIME_OUT, {"ids": int_array(by_id), "now": now, "organization": organization}
    ).fetchall()
    for number, reserved in rows:
        by_id[number].reserved = reserved
