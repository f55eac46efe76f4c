"""A member's own appointments: looked for, booked, moved, cancelled."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars.api.benefits.bookings import BOOKS, CREATED, OK, MoveIn, told_booking
from regulars.api.benefits.reading import BookingIn, house_of, number_of
from regulars.api.benefits.slot_shapes import (
    BookingAnswer,
    BookingPage,
    SlotPage,
    tell_booking,
    tell_slot,
    zone_of,
)
from regulars.api.callers import ByIn
from regulars.api.contract import declared
from regulars.api.me import signed_in_member
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import Language, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.appointments.refusals import (
    AlreadyBooked,
    BookingNotFound,
    BookingNotOpen,
    TooLateToChange,
)
from regulars.domain.errors import Malformed, NoProgramInForce, TooLarge
from regulars.domain.ids import SLOT, MemberRef
from regulars.services.benefits import booking as bookings
from regulars.services.benefits import timetables

router = APIRouter(prefix="/v1/me", tags=["me"])


class BookOwnIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The appointment that the member wants."""

    slot: Annotated[str, Meta(max_length=40, examples=["slt_2v9c3n5x7k1qd"])]


class CancelOwnIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said."""


@router.get("/slots", **declared(SlotPage, scope=Scope.SELF_READ, refusals=(NoProgramInForce,)))
def list_my_slots(
    served: ServedBy,
    access: AccessBy,
    page: Paged,
    language: Language,
    benefit: Annotated[str, Query(min_length=1, max_length=200, description="For this benefit")],
) -> Response:
    """The appointments of the next 90 days for a benefit that the member has. Only for the member
    in person."""
    shown = timetables.bookable(
        house_of(served),
        MemberRef(signed_in_member(access)),
        benefit,
        after=page.start(tuple[datetime, int]),
        limit=page.limit + 1,
        now=served.runtime.clock(),
    )
    found, last = page.cut(shown.items)
    following = None if last is None else write_cursor(last.slot.starts_at, last.slot.id)
    program = None if shown.plan is None else shown.plan.program
    items = [tell_slot(one, program, language) for one in found]
    return page.respond(SlotPage(items, zone_of(program), following), following)


@router.get("/bookings", **declared(BookingPage, scope=Scope.SELF_READ))
def list_my_bookings(
    served: ServedBy, access: AccessBy, page: Paged, language: Language
) -> Response:
    """What the member booked, the newest first. Only for the member in person."""
    now = served.runtime.clock()
    (before,) = page.start(tuple[int]) or (None,)
    pairs, plan = timetables.booked_by(
        house_of(served), signed_in_member(access), before=before, limit=page.limit + 1, now=now
    )
    found, last = page.cut(pairs)
    following = None if last is None else write_cursor(last[0].id)
    program = None if plan is None else plan.program
    items = [
        replace(tell_booking(one, tell_slot(listed, program, language), now=now), booked_by="")
        for one, listed in found
    ]
    return page.respond(BookingPage(items, zone_of(program), following), following)


@router.post(
    "/bookings",
    **declared(
        BookingAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        again=OK,
        body=BookOwnIn,
        example={"slot": "slt_2v9c3n5x7k1qd"},
        refusals=BOOKS,
    ),
)
def book_own(
    *,
    body: Annotated[BookOwnIn, Depends(body_of(BookOwnIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Book an appointment: it takes a place and one use of the benefit. Safe to repeat. Only for
    the member in person."""
    ref = MemberRef(signed_in_member(access))
    number = number_of(SLOT, body.slot, "/slot") or 0
    done = bookings.book(house_of(served), ref, number, by=by, now=served.runtime.clock())
    return told_booking(served, done, access, language, OK if done.is_repeat else CREATED)


@router.post(
    "/bookings/{booking}/move",
    **declared(
        BookingAnswer,
        scope=Scope.SELF_WRITE,
        body=MoveIn,
        example={"slot": "slt_2v9c3n5x7k1qd"},
        refusals=(*BOOKS, BookingNotFound, BookingNotOpen, AlreadyBooked, TooLateToChange),
    ),
)
def move_own_booking(
    *,
    booking: BookingIn,
    body: Annotated[MoveIn, Depends(body_of(MoveIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Move a booking while it is time; without a place there the old one stays. Only for the
    member in person."""
    owner, number = signed_in_member(access), number_of(SLOT, body.slot, "/slot") or 0
    now = served.runtime.clock()
    done = bookings.move(house_of(served), booking, number, by=by, now=now, owner=owner)
    return told_booking(served, done, access, language)


@router.post(
    "/bookings/{booking}/cancel",
    **declared(
        BookingAnswer,
        scope=Scope.SELF_WRITE,
        body=CancelOwnIn,
        example={},
        refusals=(Malformed, TooLarge, BookingNotFound, BookingNotOpen, TooLateToChange),
    ),
)
def cancel_own_booking(
    *,
    booking: BookingIn,
    body: Annotated[CancelOwnIn, Depends(body_of(CancelOwnIn))],  # noqa: ARG001  # has to be {}
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Cancel a booking while it is time: place and use are given back. Safe to repeat. Only for
    the member in person."""
    owner, now = signed_in_member(access), served.runtime.clock()
    done = bookings.cancel(house_of(served), booking, by=by, now=now, owner=owner)
    return told_booking(served, done, access, language)
