"""Bookings over HTTP, as the staff makes, moves, cancels and settles them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.benefits.reading import BookingIn, SlotIn, house_of, number_of
from regulars.api.benefits.slot_shapes import BookingAnswer, tell_booking, tell_day
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.privacy import Reason
from regulars.api.reading import Language, body_of, named
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.appointments.refusals import (
    AlreadyBooked,
    BookingNotFound,
    BookingNotOpen,
    SlotNotFound,
    SlotNotOpen,
)
from regulars.domain.appointments.slots import BookingState
from regulars.domain.benefits.refusals import BenefitNotHeld, BenefitNotNow
from regulars.domain.errors import Malformed, MemberNotFound, NoProgramInForce, TooLarge
from regulars.domain.ids import BOOKING, SLOT, encode
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import booking as bookings
from regulars.services.benefits import timetables
from regulars.services.benefits.booking import Booked

router = APIRouter(prefix="/v1", tags=["appointments"])

OK, CREATED = 200, 201

BOOKS = (
    Malformed, TooLarge, SlotNotFound, SlotNotOpen, MemberFrozen, BenefitNotHeld, BenefitNotNow,
    LimitReached, NoProgramInForce,
)  # fmt: skip
"""What taking a place may be refused with."""


class BookIn(Struct, frozen=True, forbid_unknown_fields=True):
    """For whom an appointment is booked."""

    member: Annotated[str, Meta(min_length=1, max_length=250, examples=["card:4711"])]


class MoveIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a booking is moved to."""

    slot: Annotated[str, Meta(max_length=40, examples=["slt_2v9c3n5x7k1qd"])]


class CancelBookingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a booking is cancelled. No personal data."""

    reason: Reason


class SettleIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether somebody came."""

    state: Literal["attended", "no_show"]


@router.post(
    "/slots/{slot}/bookings",
    **declared(
        BookingAnswer,
        scope=Scope.DESK_USE,
        status=CREATED,
        again=OK,
        body=BookIn,
        example={"member": "card:4711"},
        refusals=(*BOOKS, MemberNotFound),
    ),
)
def book_for_member(
    *,
    slot: SlotIn,
    body: Annotated[BookIn, Depends(body_of(BookIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Book an appointment for a member: it takes a place and one use of the benefit. Safe to
    repeat. Of many at the same moment as many succeed as there are places."""
    ref = named(served, access, body.member, "/member")
    done = bookings.book(house_of(served), ref, slot, by=by, now=served.runtime.clock())
    return told_booking(served, done, access, language, OK if done.is_repeat else CREATED)


@router.post(
    "/bookings/{booking}/move",
    **declared(
        BookingAnswer,
        scope=Scope.DESK_USE,
        body=MoveIn,
        example={"slot": "slt_2v9c3n5x7k1qd"},
        refusals=(*BOOKS, BookingNotFound, BookingNotOpen, AlreadyBooked),
    ),
)
def move_booking(
    *,
    booking: BookingIn,
    body: Annotated[MoveIn, Depends(body_of(MoveIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Move a booking to another appointment; without a place there the old one stays."""
    number = number_of(SLOT, body.slot, "/slot") or 0
    done = bookings.move(house_of(served), booking, number, by=by, now=served.runtime.clock())
    return told_booking(served, done, access, language)


@router.post(
    "/bookings/{booking}/cancel",
    **declared(
        BookingAnswer,
        scope=Scope.DESK_USE,
        body=CancelBookingIn,
        example={"reason": "Called and could not come"},
        refusals=(Malformed, TooLarge, BookingNotFound, BookingNotOpen),
    ),
)
def cancel_booking(
    *,
    booking: BookingIn,
    body: Annotated[CancelBookingIn, Depends(body_of(CancelBookingIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Cancel a booking for a member, also when it is too late for themselves: place and use are
    given back. Safe to repeat."""
    refuse_personal({"/reason": body.reason})
    done = bookings.cancel(
        house_of(served), booking, by=by, now=served.runtime.clock(), reason=body.reason
    )
    return told_booking(served, done, access, language)


@router.post(
    "/bookings/{booking}/settle",
    **declared(
        BookingAnswer,
        scope=Scope.DESK_USE,
        body=SettleIn,
        example={"state": "attended"},
        refusals=(Malformed, TooLarge, BookingNotFound, BookingNotOpen, SlotNotOpen),
    ),
)
def settle_booking(
    *,
    booking: BookingIn,
    body: Annotated[SettleIn, Depends(body_of(SettleIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Note whether the member came. Who did not come has used the benefit. Safe to repeat."""
    state = BookingState(body.state)
    done = bookings.settle(house_of(served), booking, state, by=by, now=served.runtime.clock())
    return told_booking(served, done, access, language)


def told_booking(
    served: Served, done: Booked, access: Access, language: str, status: int = OK
) -> Response:
    """The answer to whatever was done to a booking, with the appointment as it is now."""
    now = served.runtime.clock()
    found = timetables.one(house_of(served), done.slot.id, now)
    (told,) = tell_day(found, language, access=access, now=now)
    number = encode(BOOKING, done.booking.id)
    card = next((one.card for one in told.bookings if one.booking == number), None)
    return respond(tell_booking(done.booking, told.slot, now=now, card=card), status)
