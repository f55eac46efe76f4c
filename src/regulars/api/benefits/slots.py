"""Appointments over HTTP: made by the operator, seen and settled by the staff."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.benefits.reading import (
    BenefitAsked,
    Code,
    InstantAsked,
    SlotIn,
    house_of,
    instant_asked,
)
from regulars.api.benefits.slot_shapes import (
    AppointmentsAnswer,
    SlotPage,
    SlotsMadeAnswer,
    SlotWithBookings,
    tell_day,
    tell_slot,
    zone_of,
)
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import Reason
from regulars.api.reading import LAST, Language, body_of, in_utc
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.appointments.refusals import SlotNotFound
from regulars.domain.appointments.slots import (
    MAX_CANCEL_MINUTES,
    MAX_CAPACITY,
    MAX_MINUTES,
    Series,
)
from regulars.domain.errors import Fault, InvalidInput, Malformed, NoProgramInForce, TooLarge
from regulars.domain.uses import refuse_personal
from regulars.services.benefits import timetables
from regulars.storage.benefits.slots import Filter, NewSlots

router = APIRouter(prefix="/v1/slots", tags=["appointments"])

CREATED = 201
A_DAY_MINUTES = 24 * 60

Place = Annotated[str, Meta(min_length=1, max_length=200, examples=["Xuhui store"])]
Capacity = Annotated[int, Meta(ge=1, le=MAX_CAPACITY)]
CancelMinutes = Annotated[int, Meta(ge=0, le=MAX_CANCEL_MINUTES)]
Minutes = Annotated[int, Meta(ge=5, le=MAX_MINUTES)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["10:30"])]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SeriesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Week by week between two days, both included, in the program's time zone."""

    first_day: date
    last_day: date
    weekdays: Annotated[list[Weekday], Meta(min_length=1, max_length=7)]
    times: Annotated[list[TimeOfDay], Meta(min_length=1, max_length=100)]


class SlotsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Appointments to be offered: one at `starts_at`, or a series. `cancel_minutes`: how long
    before it begins members may still move or cancel."""

    benefit: Code
    place: Place
    minutes: Minutes
    capacity: Capacity
    cancel_minutes: CancelMinutes = A_DAY_MINUTES
    starts_at: Instant | None = None
    series: SeriesIn | None = None


class SlotChangeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is changed of an appointment; whoever has a place keeps it."""

    capacity: Capacity | None = None
    cancel_minutes: CancelMinutes | None = None


class CallOffIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why an appointment is called off, as members are told. No personal data."""

    reason: Reason


@router.post(
    "",
    **declared(
        SlotsMadeAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        body=SlotsIn,
        example={
            "benefit": "skin", "place": "Xuhui store", "minutes": 60, "capacity": 2,
            "series": {
                "first_day": "2026-03-02", "last_day": "2026-03-29",
                "weekdays": ["mon", "wed"], "times": ["10:00", "14:00"],
            },
        },
        refusals=(Malformed, TooLarge, NoProgramInForce),
    ),
)  # fmt: skip
def make_slots(
    body: Annotated[SlotsIn, Depends(body_of(SlotsIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Offer appointments for a benefit at a place: one, or a series week by week. Safe to repeat:
    what is there at the same place and time stays as it is."""
    if (body.starts_at is None) == (body.series is None):
        raise InvalidInput(
            "Give either starts_at or series.", faults=[Fault("/starts_at", "one of the two")]
        )
    refuse_personal({"/place": body.place})
    times = []
    if body.starts_at is not None:
        start = in_utc(body.starts_at, "/starts_at")
        times = [(start, start + timedelta(minutes=body.minutes))]
    fresh = NewSlots(
        benefit=body.benefit,
        place=body.place,
        times=times,
        capacity=body.capacity,
        cancel_minutes=body.cancel_minutes,
    )
    series = None if body.series is None else _series(body.series, body.minutes)
    made = timetables.make(house_of(served), fresh, series, by=by, now=served.runtime.clock())
    program = None if made.plan is None else made.plan.program
    items = [tell_slot(one, program, language) for one in made.slots]
    return respond(SlotsMadeAnswer(items, made.made), CREATED)


@router.get("", **declared(SlotPage, scope=Scope.OFFERS_READ))
def list_slots(
    *,
    served: ServedBy,
    page: Paged,
    language: Language,
    benefit: BenefitAsked = None,
    place: Annotated[str | None, Query(max_length=200, description="Only at this place")] = None,
    since: InstantAsked = None,
    until: InstantAsked = None,
    closed: Annotated[bool, Query(description="Also those that were called off")] = False,
) -> Response:
    """Appointments as they come, from now on unless `since` says otherwise."""
    now = served.runtime.clock()
    wanted = Filter(
        since=instant_asked(since, "since") or now,
        until=instant_asked(until, "until") or LAST,
        benefits=None if benefit is None else [benefit],
        place=place,
        with_closed=closed,
    )
    after = page.start(tuple[datetime, int])
    shown = timetables.page(house_of(served), wanted, after=after, limit=page.limit + 1, now=now)
    found, last = page.cut(shown.items)
    following = None if last is None else write_cursor(last.slot.starts_at, last.slot.id)
    program = None if shown.plan is None else shown.plan.program
    items = [tell_slot(one, program, language) for one in found]
    return page.respond(SlotPage(items, zone_of(program), following), following)


@router.get("/{slot}", **declared(
    SlotWithBookings, scope=Scope.OFFERS_READ, refusals=(SlotNotFound,)
))  # fmt: skip
def get_slot(slot: SlotIn, served: ServedBy, access: AccessBy, language: Language) -> Response:
    """One appointment with who booked it."""
    now = served.runtime.clock()
    found = timetables.one(house_of(served), slot, now)
    return respond(tell_day(found, language, access=access, now=now)[0])


@router.patch(
    "/{slot}",
    **declared(
        SlotPage,
        scope=Scope.OFFERS_WRITE,
        body=SlotChangeIn,
        example={"capacity": 3},
        refusals=(Malformed, TooLarge, SlotNotFound),
    ),
)
def change_slot(
    *,
    slot: SlotIn,
    body: Annotated[SlotChangeIn, Depends(body_of(SlotChangeIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Change how many places there are, or until when members may cancel."""
    shown = timetables.change(
        house_of(served),
        slot,
        capacity=body.capacity,
        cancel_minutes=body.cancel_minutes,
        by=by,
        now=served.runtime.clock(),
    )
    program = None if shown.plan is None else shown.plan.program
    return respond(
        SlotPage([tell_slot(one, program, language) for one in shown.items], zone_of(program))
    )


@router.post(
    "/{slot}/call-off",
    **declared(
        SlotWithBookings,
        scope=Scope.OFFERS_WRITE,
        body=CallOffIn,
        example={"reason": "The beautician is ill"},
        refusals=(Malformed, TooLarge, SlotNotFound),
    ),
)
def call_slot_off(
    *,
    slot: SlotIn,
    body: Annotated[CallOffIn, Depends(body_of(CallOffIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Call an appointment off: its bookings are cancelled, and the uses given back. Safe to
    repeat."""
    refuse_personal({"/reason": body.reason})
    now = served.runtime.clock()
    found = timetables.close(house_of(served), slot, reason=body.reason, by=by, now=now)
    return respond(tell_day(found, language, access=access, now=now)[0])


days = APIRouter(prefix="/v1/appointments", tags=["appointments"])


@days.get(
    "/{day}", **declared(AppointmentsAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,))
)
def get_day(
    *,
    day: date,
    served: ServedBy,
    access: AccessBy,
    language: Language,
    benefit: BenefitAsked = None,
    place: Annotated[str | None, Query(max_length=200, description="Only at this place")] = None,
) -> Response:
    """All appointments of a day in the program's time zone, and who comes."""
    now = served.runtime.clock()
    found = timetables.day(house_of(served), day, benefit=benefit, place=place, now=now)
    return respond(
        AppointmentsAnswer(
            tell_day(found, language, access=access, now=now),
            zone_of(None if found.plan is None else found.plan.program),
        )
    )


def _series(body: SeriesIn, minutes: int) -> Series:
    return Series(
        first_day=body.first_day,
        last_day=body.last_day,
        weekdays=frozenset(WEEKDAYS.index(one) for one in body.weekdays),
        starts=tuple(sorted({int(one[:2]) * 60 + int(one[3:]) for one in body.times})),
        minutes=minutes,
    )
