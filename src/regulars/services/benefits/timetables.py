"""Appointments as the operator makes them and the staff sees them; and as members look for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regulars.domain.appointments.refusals import SlotNotFound
from regulars.domain.appointments.slots import BookingState, Series, Slot, demand_ahead, instants
from regulars.domain.audit import By, Deed
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.periods import midnight
from regulars.domain.plans import Plan
from regulars.services.benefits import booking
from regulars.services.benefits.granting import known_benefit, plan_at
from regulars.services.benefits.holding import of_member
from regulars.services.benefits.using import House
from regulars.storage import audit, members
from regulars.storage.benefits import bookings, slots
from regulars.storage.benefits.bookings import Booking
from regulars.storage.benefits.slots import Filter, Listed, NewSlots
from regulars.storage.database import Tx
from regulars.storage.merging import members as merging

AHEAD = timedelta(days=90)
"""So far ahead members look for an appointment."""

MAX_DAY = 500
"""Appointments of one day that are told at once."""


@dataclass(frozen=True, slots=True)
class Made:
    """Appointments that were asked for, and how many of them were not there before."""

    slots: Sequence[Listed]
    made: int
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Appointments with how many places are taken, and the program in force."""

    items: Sequence[Listed]
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Day:
    """What a day has. `identities`: of the members who booked, by number."""

    items: Sequence[Listed]
    booked: Mapping[int, Sequence[Booking]]
    identities: Mapping[int, Sequence[tuple[str, str]]]
    plan: Plan | None


def make(house: House, fresh: NewSlots, series: Series | None, *, by: By, now: datetime) -> Made:
    """Make appointments: at `fresh.times`, or week by week. Safe to repeat: what is there stays.

    Raises InvalidInput, NoProgramInForce.
    """
    with house.db.transaction(house.organization) as tx:
        plan = house.versions.read(tx).in_force(now)
        known_benefit(plan, fresh.benefit)
        times = fresh.times if series is None else instants(series, plan.program.zone)
        demand_ahead((start for start, _ in times), now)
        wanted = NewSlots(
            benefit=fresh.benefit,
            place=fresh.place,
            times=times,
            capacity=fresh.capacity,
            cancel_minutes=fresh.cancel_minutes,
        )
        found, made = slots.insert(tx, house.organization, wanted, by=by.actor, at=now)
        if made:
            after = {"benefit": fresh.benefit, "place": fresh.place, "slots": made}
            deed = Deed("appointment.offered", f"benefit:{fresh.benefit}", None, "", None, after)
            audit.record(tx, by, [deed], now)
        return Made(_counted(tx, house, found), made, plan)


def page(
    house: House,
    wanted: Filter,
    *,
    after: tuple[datetime, int] | None,
    limit: int,
    now: datetime,
) -> Shown:
    """Appointments as they come."""
    with house.db.transaction(house.organization) as tx:
        found = slots.page(tx, house.organization, wanted, after=after, limit=limit)
        return Shown(found, plan_at(tx, house, now))


def day(house: House, on: date, *, benefit: str | None, place: str | None, now: datetime) -> Day:
    """All appointments of one day in the program's zone with who booked them.

    Raises NoProgramInForce.
    """
    with house.db.transaction(house.organization) as tx:
        plan = house.versions.read(tx).in_force(now)
        zone = plan.program.zone
        wanted = Filter(
            since=midnight(on, zone),
            until=midnight(on + timedelta(days=1), zone),
            benefits=None if benefit is None else [benefit],
            place=place,
            with_closed=True,
        )
        found = slots.page(tx, house.organization, wanted, after=None, limit=MAX_DAY)
        return _with_bookings(tx, house.organization, found, plan)


def one(house: House, number: int, now: datetime) -> Day:
    """One appointment with who booked it. Raises SlotNotFound."""
    with house.db.transaction(house.organization) as tx:
        slot = slots.get(tx, house.organization, [number]).get(number)
        if slot is None:
            raise SlotNotFound
        return _with_bookings(
            tx, house.organization, _counted(tx, house, [slot]), plan_at(tx, house, now)
        )


def change(
    house: House,
    number: int,
    *,
    capacity: int | None,
    cancel_minutes: int | None,
    by: By,
    now: datetime,
) -> Shown:
    """Change how many places there are, or until when members may cancel. Who has a place keeps
    it. Raises SlotNotFound."""
    with house.db.transaction(house.organization) as tx:
        slot = slots.lock(tx, house.organization, [number]).get(number)
        if slot is None:
            raise SlotNotFound
        places = slot.capacity if capacity is None else capacity
        minutes = slot.cancel_minutes if cancel_minutes is None else cancel_minutes
        slots.change(tx, house.organization, number, capacity=places, cancel_minutes=minutes)
        before = {"capacity": slot.capacity, "cancel_minutes": slot.cancel_minutes}
        after = {"capacity": places, "cancel_minutes": minutes}
        if before != after:
            deed = Deed("appointment.changed", f"slot:{number}", None, "", before, after)
            audit.record(tx, by, [deed], now)
        fresh = slots.get(tx, house.organization, [number])[number]
        return Shown(_counted(tx, house, [fresh]), plan_at(tx, house, now))


def close(house: House, number: int, *, reason: str, by: By, now: datetime) -> Day:
    """Call an appointment off: nobody books it any more, and all who did get their use back. Safe
    to repeat, also where it was interrupted. Raises SlotNotFound."""
    with house.db.transaction(house.organization) as tx:
        if number not in slots.lock(tx, house.organization, [number]):
            raise SlotNotFound
        if slots.close(tx, house.organization, number, at=now, by=by.actor, why=reason):
            deed = Deed("appointment.called_off", f"slot:{number}", None, reason)
            audit.record(tx, by, [deed], now)
    with house.db.transaction(house.organization) as tx:
        standing = [
            one.id
            for one in bookings.of_slots(tx, house.organization, [number])
            if one.state is BookingState.BOOKED
        ]
    for booked in standing:
        booking.cancel(house, booked, by=by, now=now, reason=reason)
    return one(house, number, now)


def bookable(
    house: House, ref: MemberRef, benefit: str, *, after: tuple[datetime, int] | None, limit: int,
    now: datetime,
) -> Shown:  # fmt: skip
    """The appointments to come for a benefit that the member has. Raises MemberNotFound;
    InvalidInput for a benefit that they have not."""
    with house.db.transaction(house.organization) as tx:
        member = members.must_get(tx, house.organization, ref)
        found = of_member(tx, house, member, now)
        if benefit not in {one.held.benefit.id for one in found.items}:
            raise InvalidInput(
                "You do not have this benefit now.", faults=[Fault("/query/benefit", "not yours")]
            )
        wanted = Filter(since=now, until=now + AHEAD, benefits=[benefit])
        return Shown(
            slots.page(tx, house.organization, wanted, after=after, limit=limit), found.plan
        )


def booked_by(
    house: House, member_id: int, *, before: int | None, limit: int, now: datetime
) -> tuple[Sequence[tuple[Booking, Listed]], Plan | None]:
    """What a member booked, the newest first, and the program in force."""
    with house.db.transaction(house.organization) as tx:
        mine = merging.all_of(tx, house.organization, member_id)
        found = bookings.of_members(tx, house.organization, mine, before=before, limit=limit)
        places = {slot.id: slot for _, slot in found}
        counted = {one.slot.id: one for one in _counted(tx, house, list(places.values()))}
        pairs = [(booked, counted[slot.id]) for booked, slot in found]
        return pairs, plan_at(tx, house, now)


def _counted(tx: Tx, house: House, found: Sequence[Slot]) -> list[Listed]:
    """The same appointments, each with how many of its places are taken."""
    taken: dict[int, int] = {}
    for booked in bookings.of_slots(tx, house.organization, [slot.id for slot in found]):
        if booked.state is not BookingState.CANCELLED:
            taken[booked.slot_id] = taken.get(booked.slot_id, 0) + 1
    return [Listed(slot, taken.get(slot.id, 0)) for slot in found]


def _with_bookings(tx: Tx, organization: int, found: Sequence[Listed], plan: Plan | None) -> Day:
    booked: dict[int, list[Booking]] = {}
    for one_booking in bookings.of_slots(tx, organization, [one.slot.id for one in found]):
        booked.setdefault(one_booking.slot_id, []).append(one_booking)
    who = {each.member_id for those in booked.values() for each in those}
    return Day(found, booked, members.identities_of(tx, organization, who), plan)
