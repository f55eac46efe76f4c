"""Appointments and bookings as they stand in JSON."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.benefits.shapes import benefit_name
from regulars.domain.access import Access, Scope
from regulars.domain.appointments.slots import BookingState
from regulars.domain.cards.numbers import SYSTEM
from regulars.domain.ids import BOOKING, MEMBER, SLOT, encode
from regulars.domain.programs.model import Program
from regulars.services.benefits.timetables import Day
from regulars.storage.benefits.bookings import Booking
from regulars.storage.benefits.slots import Listed


class SlotAnswer(Struct, frozen=True):
    """An appointment. `left`: places that are free. `change_until`: how long members may move or
    cancel. `closed_at`: when it was called off."""

    slot: str
    benefit: str
    name: str
    place: str
    starts_at: Instant
    ends_at: Instant
    capacity: int
    left: int
    cancel_minutes: int
    change_until: Instant
    closed_at: Instant | None
    closed_why: str


class SlotPage(Struct, frozen=True):
    """Appointments as they come. `time_zone`: the shop's, an IANA name."""

    items: list[SlotAnswer]
    time_zone: str
    next: str | None = None


class SlotsMadeAnswer(Struct, frozen=True):
    """Appointments that were asked for; `made`: how many of them were not there before."""

    items: list[SlotAnswer]
    made: int


class BookingAnswer(Struct, frozen=True):
    """One member's place. `state`: booked, cancelled, attended or no_show. `card`: of the member,
    for who deals with members in person. `can_change`: the member may still move or cancel it."""

    booking: str
    member: str
    card: str | None
    state: str
    booked_at: Instant
    booked_by: str
    changed_at: Instant
    changed_by: str
    why: str
    slot: SlotAnswer
    can_change: bool


class SlotWithBookings(Struct, frozen=True):
    """An appointment with who booked it, in the order of booking."""

    slot: SlotAnswer
    bookings: list[BookingAnswer]


class AppointmentsAnswer(Struct, frozen=True):
    """All appointments of a day, and who comes."""

    items: list[SlotWithBookings]
    time_zone: str


class BookingPage(Struct, frozen=True):
    """Bookings, the newest first."""

    items: list[BookingAnswer]
    time_zone: str
    next: str | None = None


def tell_slot(found: Listed, program: Program | None, language: str) -> SlotAnswer:
    """One appointment."""
    slot = found.slot
    return SlotAnswer(
        slot=encode(SLOT, slot.id),
        benefit=slot.benefit,
        name=benefit_name(program, slot.benefit, language),
        place=slot.place,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        capacity=slot.capacity,
        left=max(slot.capacity - found.taken, 0),
        cancel_minutes=slot.cancel_minutes,
        change_until=slot.change_until,
        closed_at=slot.closed_at,
        closed_why=slot.closed_why,
    )


def zone_of(program: Program | None) -> str:
    """The shop's time zone; UTC before the first program."""
    return "UTC" if program is None else program.zone.key


def tell_booking(
    booking: Booking, slot: SlotAnswer, *, now: Instant, card: str | None = None
) -> BookingAnswer:
    """One booking."""
    return BookingAnswer(
        booking=encode(BOOKING, booking.id),
        member=encode(MEMBER, booking.member_id),
        card=card,
        state=booking.state.value,
        booked_at=booking.booked_at,
        booked_by=booking.booked_by,
        changed_at=booking.changed_at,
        changed_by=booking.changed_by,
        why=booking.why,
        slot=slot,
        can_change=booking.state is BookingState.BOOKED and now < slot.change_until,
    )


def tell_day(found: Day, language: str, *, access: Access, now: Instant) -> list[SlotWithBookings]:
    """Appointments with who comes. Numbers on cards lead to people: not for everybody."""
    may_meet = access.may(Scope.MEMBERS_WRITE) or access.may(Scope.PROFILES_READ)
    program = None if found.plan is None else found.plan.program
    told: list[SlotWithBookings] = []
    for listed in found.items:
        slot = tell_slot(listed, program, language)
        booked = [
            tell_booking(
                one, slot, now=now, card=_card(found.identities, one.member_id, may_meet=may_meet)
            )
            for one in found.booked.get(listed.slot.id, ())
        ]
        told.append(SlotWithBookings(slot, booked))
    return told


def _card(
    identities: Mapping[int, Sequence[tuple[str, str]]], member_id: int, *, may_meet: bool
) -> str | None:
    numbers = sorted(name for system, name in identities.get(member_id, ()) if system == SYSTEM)
    return numbers[-1] if numbers and may_meet else None
