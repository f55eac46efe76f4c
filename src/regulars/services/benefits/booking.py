"""Booking an appointment: a place of it and a use of the benefit are taken together, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.appointments.refusals import (
    AlreadyBooked,
    BookingNotFound,
    BookingNotOpen,
    SlotNotFound,
    SlotNotOpen,
)
from regulars.domain.appointments.slots import BookingState, Slot
from regulars.domain.audit import By, Deed
from regulars.domain.benefits.held import chosen
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Holding, Owner, take
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.members import Member
from regulars.domain.merging.refusals import MemberFrozen
from regulars.services.benefits.granting import plan_at
from regulars.services.benefits.telling import tell_cancelled
from regulars.services.benefits.using import House, give_back, record_use, ways_of
from regulars.storage import audit, members
from regulars.storage.benefits import bookings, slots, uses
from regulars.storage.benefits.bookings import Booking
from regulars.storage.benefits.uses import NewUse
from regulars.storage.database import RACES, Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.merging import members as merging

MAX_TO_COME = 10
"""Appointments for one benefit that a member has ahead: nobody takes all places."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking and its appointment. `is_repeat`: it was booked before."""

    booking: Booking
    slot: Slot
    is_repeat: bool = False


def book(house: House, ref: MemberRef, slot_id: int, *, by: By, now: datetime) -> Booked:
    """Book an appointment for the member: it takes a place, and one use of the benefit in the
    stretch of the calendar in which the appointment lies. Safe to repeat.

    Raises SlotNotFound, SlotNotOpen, MemberNotFound, MemberFrozen, BenefitNotHeld, BenefitNotNow,
    LimitReached, NoProgramInForce.
    """

    def work(tx: Tx) -> Booked:
        member = members.lock_living(tx, house.organization, ref)
        slot = _slot(tx, house.organization, slot_id)
        mine = merging.all_of(tx, house.organization, member.id)
        known = bookings.at_slot(tx, house.organization, slot_id, mine)
        if known is not None:
            return Booked(known, slot, is_repeat=True)
        if bookings.to_come(tx, house.organization, mine, slot.benefit, now) >= MAX_TO_COME:
            raise LimitReached(
                f"You have {MAX_TO_COME} of these appointments ahead of you already."
            )
        use_id = _take_use(house, tx, member, slot, by=by, now=now)
        booking = bookings.insert(
            tx,
            house.organization,
            slot_id=slot.id,
            member_id=member.id,
            use_id=use_id,
            by=by.actor,
            at=now,
        )
        _take_place(tx, booking, slot, by=by, now=now)
        _record(tx, by, "appointment.booked", booking, slot, now=now)
        return Booked(booking, slot)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def move(
    house: House,
    number: int,
    slot_id: int,
    *,
    by: By,
    now: datetime,
    owner: int | None = None,
) -> Booked:
    """Move a booking to another appointment for the same benefit: whoever finds no place there
    keeps the one that they have. Safe to repeat. `owner`: the member who moves their own.

    Raises BookingNotFound, BookingNotOpen, TooLateToChange, SlotNotFound, SlotNotOpen,
    AlreadyBooked, LimitReached, BenefitNotHeld, BenefitNotNow, MemberFrozen, InvalidInput.
    """

    def work(tx: Tx) -> Booked:
        organization = house.organization
        booking, member = _locked(tx, organization, number, owner)
        _demand_standing(booking)
        old, new = _slot(tx, organization, booking.slot_id), _slot(tx, organization, slot_id)
        if old.id == new.id:
            return Booked(booking, old, is_repeat=True)
        if owner is not None:
            old.demand_changeable(now)
        if new.benefit != old.benefit:
            raise InvalidInput(
                "A booking is moved to an appointment for the same benefit.",
                faults=[Fault("/slot", "for another benefit")],
            )
        mine = merging.all_of(tx, organization, member.id)
        if bookings.at_slot(tx, organization, new.id, mine) is not None:
            raise AlreadyBooked
        _lock_both(house, tx, member, (old, new), now=now)
        _give_all_back(tx, booking, reason="moved", by=by, now=now)
        use_id = _take_use(house, tx, member, new, by=by, now=now)
        _take_place(tx, booking, new, by=by, now=now)
        state = BookingState.BOOKED
        bookings.change(
            tx,
            organization,
            booking,
            state=state,
            slot_id=new.id,
            use_id=use_id,
            at=now,
            by=by.actor,
        )
        _record(tx, by, "appointment.moved", booking, new, now=now)
        return Booked(_again(tx, organization, number), new)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def cancel(
    house: House,
    number: int,
    *,
    by: By,
    now: datetime,
    owner: int | None = None,
    reason: str = "",
) -> Booked:
    """Cancel a booking: the place is free again, and the use is given back. Safe to repeat.
    `owner`: the member who cancels their own, in time; staff may until it is settled.

    Raises BookingNotFound, BookingNotOpen, TooLateToChange.
    """

    def work(tx: Tx) -> Booked:
        organization = house.organization
        booking, _ = _locked(tx, organization, number, owner)
        slot = _slot(tx, organization, booking.slot_id)
        if booking.state is BookingState.CANCELLED:
            return Booked(booking, slot, is_repeat=True)
        _demand_standing(booking)
        if owner is not None:
            slot.demand_changeable(now)
        _call_off(tx, booking, slot, reason=reason, by=by, now=now)
        if owner is None:
            plan, whose = plan_at(tx, house, now), booking.member_id
            tell_cancelled(tx, organization, plan, slot, member_id=whose, why=reason, now=now)
        return Booked(_again(tx, organization, number), slot)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def cancel_all(tx: Tx, whose: Sequence[int], *, by: By, reason: str, now: datetime) -> int:
    """Cancel every appointment that these members, who are one person, have ahead; how many."""
    members.lock(tx, by.organization, sorted(whose))
    ahead = bookings.ahead(tx, by.organization, whose, now)
    for booking in ahead:
        slot = _slot(tx, by.organization, booking.slot_id)
        _call_off(tx, booking, slot, reason=reason, by=by, now=now)
    return len(ahead)


def settle(house: House, number: int, state: BookingState, *, by: By, now: datetime) -> Booked:
    """Note whether somebody came; a mistake can be set right by the other. Safe to repeat.

    Raises BookingNotFound, BookingNotOpen for one that was cancelled, SlotNotOpen for one to whom
    it was not possible to come yet.
    """
    assert state in {BookingState.ATTENDED, BookingState.NO_SHOW}

    def work(tx: Tx) -> Booked:
        organization = house.organization
        booking = _mine(tx, organization, number, None)
        members.lock(tx, organization, [booking.member_id])
        booking = _again(tx, organization, number)
        slot = _slot(tx, organization, booking.slot_id)
        if booking.state is BookingState.CANCELLED:
            raise BookingNotOpen
        if state is BookingState.NO_SHOW and now < slot.starts_at:
            raise SlotNotOpen("The appointment has not begun yet; nobody has missed it.")
        if booking.state is not state:
            bookings.change(tx, organization, booking, state=state, at=now, by=by.actor)
            _record(tx, by, f"appointment.{state.value}", booking, slot, now=now)
        return Booked(_again(tx, organization, number), slot)

    return house.db.retrying(house.organization, work)


def _slot(tx: Tx, organization: int, number: int) -> Slot:
    found = slots.get(tx, organization, [number]).get(number)
    if found is None:
        raise SlotNotFound
    return found


def _mine(tx: Tx, organization: int, number: int, owner: int | None) -> Booking:
    """The booking; somebody else's is none."""
    found = bookings.get(tx, organization, number)
    if found is None:
        raise BookingNotFound
    if owner is not None and found.member_id not in merging.all_of(tx, organization, owner):
        raise BookingNotFound
    return found


def _locked(tx: Tx, organization: int, number: int, owner: int | None) -> tuple[Booking, Member]:
    """A booking, and whoever it is for now, with nobody else changing them."""
    found = _mine(tx, organization, number, owner)
    survivor = members.resolve(tx, organization, [MemberRef(found.member_id)])
    member = members.lock(tx, organization, survivor.values())[survivor.popitem()[1]]
    return _again(tx, organization, number), member


def _demand_standing(booking: Booking) -> None:
    if booking.state is not BookingState.BOOKED:
        raise BookingNotOpen


def _again(tx: Tx, organization: int, number: int) -> Booking:
    found = bookings.get(tx, organization, number)
    assert found is not None
    return found


def _lock_both(
    house: House, tx: Tx, member: Member, both: Sequence[Slot], *, now: datetime
) -> None:
    """All that a move gives back and takes, at once: two who change places never wait in a ring."""
    limits = [slot.limit for slot in both]
    for slot in both:
        _, ways = ways_of(tx, house.versions, member, slot.benefit, now, used_at=slot.starts_at)
        limits += [one.limit for one in ways]
    quotas.lock(tx, house.organization, limits, now)


def _take_use(house: House, tx: Tx, member: Member, slot: Slot, *, by: By, now: datetime) -> int:
    """Take one use of the benefit; refuse where the appointment has no place left either."""
    organization = house.organization
    if member.is_frozen or member.is_erased:
        raise MemberFrozen
    _, ways = ways_of(tx, house.versions, member, slot.benefit, now, used_at=slot.starts_at)
    rooms = quotas.lock(tx, organization, [slot.limit, *(one.limit for one in ways)], now)
    # Whoever calls it off at this moment has done so before, or finds this booking.
    slots.lock(tx, organization, [slot.id])[slot.id].demand_open(now)
    one = chosen(ways, rooms, benefit=slot.benefit)
    take(rooms, [(slot.limit, 1)])
    fresh = NewUse(
        member_id=member.id,
        benefit=slot.benefit,
        grant_id=one.grant_id,
        carrier=one.carrier,
        how="booking",
        used_at=now,
        used_by=by.actor,
        store=slot.place,
    )
    return record_use(tx, one, rooms, fresh, by=by)


def _take_place(tx: Tx, booking: Booking, slot: Slot, *, by: By, now: datetime) -> None:
    """Count a place that was found free; its limit is locked."""
    rooms = quotas.lock(tx, by.organization, [slot.limit], now)
    holdings = [
        Holding(
            room=room,
            amount=amount,
            owner=Owner.BOOKING,
            owner_id=booking.id,
            member_id=booking.member_id,
            expires_at=None,
            by=by.actor,
        )
        for room, amount in take(rooms, [(slot.limit, 1)])
    ]
    reservations.hold(tx, by.organization, holdings, now)


def _give_all_back(tx: Tx, booking: Booking, *, reason: str, by: By, now: datetime) -> None:
    """The place and the use together, so that their limits are locked in one order."""
    owners = [(Owner.BOOKING, booking.id), (Owner.BENEFIT_USE, booking.use_id)]
    reservations.restore(tx, by.organization, owners, now)
    use = uses.get(tx, by.organization, booking.use_id)
    assert use is not None
    give_back(tx, use, reason=reason, by=by, now=now)


def _call_off(tx: Tx, booking: Booking, slot: Slot, *, reason: str, by: By, now: datetime) -> None:
    _give_all_back(tx, booking, reason=reason or "cancelled", by=by, now=now)
    state = BookingState.CANCELLED
    bookings.change(tx, by.organization, booking, state=state, at=now, by=by.actor, why=reason)
    _record(tx, by, "appointment.cancelled", booking, slot, now=now, reason=reason)


def _record(
    tx: Tx, by: By, action: str, booking: Booking, slot: Slot, *, now: datetime, reason: str = ""
) -> None:
    after = {"slot": slot.id, "benefit": slot.benefit, "at": slot.starts_at.isoformat()}
    deed = Deed(action, f"booking:{booking.id}", booking.member_id, reason, None, after)
    audit.record(tx, by, [deed], now)
