"""Appointments in PostgreSQL. How many of their places are taken, `storage/limits` counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.appointments.slots import Slot
from regulars.storage.arrays import int_array, time_array
from regulars.storage.database import Tx

_COLUMNS = """
slot.id, slot.benefit, slot.place, slot.starts_at, slot.ends_at, slot.capacity,
slot.cancel_minutes, slot.closed_at, slot.closed_why
"""

# Who makes the same again finds it there.
INSERT = """
insert into slot (organization_id, benefit, place, starts_at, ends_at, capacity, cancel_minutes,
                  made_by, made_at)
select %(organization)s, %(benefit)s, %(place)s, starts_at, ends_at, %(capacity)s,
       %(cancel_minutes)s, %(by)s, %(at)s
from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) as fresh (starts_at, ends_at)
order by starts_at
on conflict (organization_id, benefit, place, starts_at) where closed_at is null do nothing
returning id
"""

THOSE = f"""
select {_COLUMNS} from slot
where organization_id = %(organization)s and benefit = %(benefit)s and place = %(place)s
    and starts_at = any(%(starts)s::timestamptz[]) and closed_at is null
order by starts_at
"""  # noqa: S608  # only the constant above is put in

GET = f"""
select {_COLUMNS} from slot where organization_id = %s and id = any(%s::bigint[]) order by id
"""  # noqa: S608

LOCK = f"""
select {_COLUMNS} from slot where organization_id = %s and id = any(%s::bigint[]) order by id
for no key update
"""  # noqa: S608

# What is taken of each, told with it; nothing was taken of one without a row.
PAGE = f"""
select {_COLUMNS}, coalesce(quota.used + quota.reserved, 0)
from slot
left join quota on quota.organization_id = slot.organization_id and quota.kind = 'slot'
    and quota.subject = slot.id::text and quota.member_id = 0 and quota.period = ''
where slot.organization_id = %(organization)s
    and slot.starts_at >= %(since)s and slot.starts_at < %(until)s
    and (slot.starts_at, slot.id) > (%(after)s, %(after_id)s)
    and (%(benefits)s::text[] is null or slot.benefit = any(%(benefits)s::text[]))
    and (%(place)s::text is null or slot.place = %(place)s)
    and (%(with_closed)s or slot.closed_at is null)
order by slot.starts_at, slot.id
limit %(limit)s
"""  # noqa: S608

CHANGE = """
update slot set capacity = %(capacity)s, cancel_minutes = %(cancel_minutes)s
where organization_id = %(organization)s and id = %(id)s
"""

CLOSE = """
update slot set closed_at = %(at)s, closed_by = %(by)s, closed_why = %(why)s
where organization_id = %(organization)s and id = %(id)s and closed_at is null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlots:
    """Appointments of one kind, to be written, at these stretches of time."""

    benefit: str
    place: str
    times: Sequence[tuple[datetime, datetime]]
    capacity: int
    cancel_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which appointments are listed: those that begin in [since, until). None: whatever it is."""

    since: datetime
    until: datetime
    benefits: Sequence[str] | None = None
    place: str | None = None
    with_closed: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """An appointment, and how many of its places are taken."""

    slot: Slot
    taken: int


def insert(
    tx: Tx, organization: int, fresh: NewSlots, *, by: str, at: datetime
) -> tuple[list[Slot], int]:
    """Make appointments; all of them as they are then, and how many were not there before."""
    asked: dict[str, Any] = {
        "organization": organization,
        "benefit": fresh.benefit,
        "place": fresh.place,
        "capacity": fresh.capacity,
        "cancel_minutes": fresh.cancel_minutes,
        "by": by,
        "at": at,
        "starts": time_array(start for start, _ in fresh.times),
        "ends": time_array(end for _, end in fresh.times),
    }
    made = tx.execute(INSERT, asked).rowcount
    return [Slot(*row) for row in tx.execute(THOSE, asked)], made


def get(tx: Tx, organization: int, numbers: Sequence[int]) -> dict[int, Slot]:
    """Appointments by number, open or not."""
    return _by_number(tx, GET, organization, numbers)


def lock(tx: Tx, organization: int, numbers: Sequence[int]) -> dict[int, Slot]:
    """The same, with nobody else changing them until the transaction ends."""
    return _by_number(tx, LOCK, organization, numbers)


def page(
    tx: Tx, organization: int, wanted: Filter, *, after: tuple[datetime, int] | None, limit: int
) -> list[Listed]:
    """Appointments as they come, after an (instant, number)."""
    instant, number = after or (wanted.since, -1)
    asked = {
        "organization": organization,
        "since": wanted.since,
        "until": wanted.until,
        "after": instant,
        "after_id": number,
        "benefits": None if wanted.benefits is None else list(wanted.benefits),
        "place": wanted.place,
        "with_closed": wanted.with_closed,
        "limit": limit,
    }
    return [Listed(Slot(*row[:-1]), row[-1]) for row in tx.execute(PAGE, asked)]


def change(tx: Tx, organization: int, number: int, *, capacity: int, cancel_minutes: int) -> None:
    """Change a locked appointment."""
    tx.execute(
        CHANGE,
        {
            "organization": organization,
            "id": number,
            "capacity": capacity,
            "cancel_minutes": cancel_minutes,
        },
    )


def close(tx: Tx, organization: int, number: int, *, at: datetime, by: str, why: str) -> bool:
    """Call an appointment off; whether it was on."""
    asked = {"organization": organization, "id": number, "at": at, "by": by, "why": why}
    return tx.execute(CLOSE, asked).rowcount == 1


def _by_number(
    tx: Tx, statement: str, organization: int, numbers: Sequence[int]
) -> dict[int, Slot]:
    rows = tx.execute(statement.encode(), [organization, int_array(numbers)])
    return {row[0]: Slot(*row) for row in rows}
