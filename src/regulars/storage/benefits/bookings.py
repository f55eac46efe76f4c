"""Bookings of appointments in PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.appointments.slots import BookingState, Slot
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_COLUMNS = """
slot_booking.id, slot_booking.slot_id, slot_booking.member_id, slot_booking.use_id,
slot_booking.state, slot_booking.booked_at, slot_booking.booked_by, slot_booking.changed_at,
slot_booking.changed_by, slot_booking.why
"""

_SLOT = """
slot.id, slot.benefit, slot.place, slot.starts_at, slot.ends_at, slot.capacity,
slot.cancel_minutes, slot.closed_at, slot.closed_why
"""

INSERT = """
insert into slot_booking (organization_id, slot_id, member_id, use_id, state, booked_at, booked_by,
                          changed_at, changed_by)
values (%(organization)s, %(slot)s, %(member)s, %(use)s, 'booked', %(at)s, %(by)s, %(at)s, %(by)s)
returning id
"""

GET = f"""
select {_COLUMNS} from slot_booking where organization_id = %s and id = %s
"""  # noqa: S608  # only the constant above is put in

OF_USE = f"""
select {_COLUMNS} from slot_booking where organization_id = %s and use_id = %s
"""  # noqa: S608

OF_SLOT_AND_MEMBER = f"""
select {_COLUMNS} from slot_booking
where organization_id = %s and slot_id = %s and member_id = any(%s::bigint[])
    and state <> 'cancelled'
"""  # noqa: S608

OF_SLOTS = f"""
select {_COLUMNS} from slot_booking
where organization_id = %s and slot_id = any(%s::bigint[])
order by id
"""  # noqa: S608

OF_MEMBERS = f"""
select {_COLUMNS}, {_SLOT}
from slot_booking join slot on slot.id = slot_booking.slot_id
where slot_booking.organization_id = %s and slot_booking.member_id = any(%s::bigint[])
    and slot_booking.id < %s
order by slot_booking.id desc
limit %s
"""  # noqa: S608

CHANGE = """
update slot_booking
set state = %(state)s, slot_id = %(slot)s, use_id = %(use)s, changed_at = %(at)s,
    changed_by = %(by)s, why = %(why)s
where organization_id = %(organization)s and id = %(id)s
"""

TO_COME = """
select count(*) from slot_booking join slot on slot.id = slot_booking.slot_id
where slot_booking.organization_id = %s and slot_booking.member_id = any(%s::bigint[])
    and slot_booking.state = 'booked' and slot.benefit = %s and slot.starts_at > %s
"""

AHEAD = f"""
select {_COLUMNS} from slot_booking join slot on slot.id = slot_booking.slot_id
where slot_booking.organization_id = %s and slot_booking.member_id = any(%s::bigint[])
    and slot_booking.state = 'booked' and slot.starts_at > %s
order by slot_booking.id
"""  # noqa: S608

LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Booking:
    """One member's place at an appointment. `use_id`: the use of the benefit that it is."""

    id: int
    slot_id: int
    member_id: int
    use_id: int
    state: BookingState
    booked_at: datetime
    booked_by: str
    changed_at: datetime
    changed_by: str
    why: str


def insert(
    tx: Tx, organization: int, *, slot_id: int, member_id: int, use_id: int, by: str, at: datetime
) -> Booking:
    """Write a booking. Raises UniqueViolation where the member has booked the same."""
    asked = {
        "organization": organization, "slot": slot_id, "member": member_id, "use": use_id,
        "by": by, "at": at,
    }  # fmt: skip
    row = tx.execute(INSERT, asked).fetchone()
    assert row is not None
    return Booking(row[0], slot_id, member_id, use_id, BookingState.BOOKED, at, by, at, by, "")


def get(tx: Tx, organization: int, number: int) -> Booking | None:
    """One booking; None for none. Whoever changes it has locked its member."""
    return _one(tx.execute(GET, [organization, number]).fetchone())


def of_use(tx: Tx, organization: int, use_id: int) -> Booking | None:
    """The booking that a use of a benefit is; None where it is another's."""
    return _one(tx.execute(OF_USE, [organization, use_id]).fetchone())


def at_slot(tx: Tx, organization: int, slot_id: int, members: Iterable[int]) -> Booking | None:
    """What one of these members, who are one person, has of an appointment; None for nothing."""
    asked = [organization, slot_id, int_array(members)]
    return _one(tx.execute(OF_SLOT_AND_MEMBER, asked).fetchone())


def of_slots(tx: Tx, organization: int, slots: Iterable[int]) -> list[Booking]:
    """All that was booked of appointments, in the order of booking."""
    rows = tx.execute(OF_SLOTS, [organization, int_array(slots)])
    return [_booking(row) for row in rows]


def of_members(
    tx: Tx, organization: int, members: Iterable[int], *, before: int | None, limit: int
) -> list[tuple[Booking, Slot]]:
    """What members booked, the newest first, before number `before`."""
    asked = [organization, int_array(members), LAST if before is None else before, limit]
    width = len(_COLUMNS.split(","))
    return [(_booking(row[:width]), Slot(*row[width:])) for row in tx.execute(OF_MEMBERS, asked)]


def to_come(tx: Tx, organization: int, members: Iterable[int], benefit: str, at: datetime) -> int:
    """How many appointments these members, who are one person, have ahead of them."""
    row = tx.execute(TO_COME, [organization, int_array(members), benefit, at]).fetchone()
    assert row is not None
    return int(row[0])


def ahead(tx: Tx, organization: int, members: Iterable[int], at: datetime) -> list[Booking]:
    """The appointments that these members have ahead of them at `at`."""
    rows = tx.execute(AHEAD, [organization, int_array(members), at]).fetchall()
    return [_booking(row) for row in rows]


def change(
    tx: Tx,
    organization: int,
    booking: Booking,
    *,
    state: BookingState,
    slot_id: int | None = None,
    use_id: int | None = None,
    at: datetime,
    by: str,
    why: str = "",
) -> None:
    """Note what became of a booking; `slot_id`, `use_id`: where it was moved to.

    Raises UniqueViolation where the member has booked the appointment to which it is moved.
    """
    tx.execute(
        CHANGE,
        {
            "organization": organization, "id": booking.id, "state": state.value,
            "slot": booking.slot_id if slot_id is None else slot_id,
            "use": booking.use_id if use_id is None else use_id,
            "at": at, "by": by, "why": why,
        },
    )  # fmt: skip


def _one(row: Sequence[Any] | None) -> Booking | None:
    return None if row is None else _booking(row)


def _booking(row: Sequence[Any]) -> Booking:
    values = list(row)
    values[4] = BookingState(values[4])
    return Booking(*values)
