"""Looking at events: what one would do, and what one did and why."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from msgspec.structs import replace

from regulars.api.answers import EventAnswer, answer_of
from regulars.api.contract import declared, respond
from regulars.api.examples import PURCHASE
from regulars.api.intake import SINGLE
from regulars.api.reading import Language, raw_body
from regulars.api.shapes import RecordAnswer
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.api.streams import Sender
from regulars.api.telling import tell_record
from regulars.domain.access import Scope
from regulars.domain.envelopes import MAX_EVENT_BYTES
from regulars.domain.errors import (
    EventConflict,
    EventNotFound,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
    UnknownEventType,
)
from regulars.domain.events import Envelope
from regulars.domain.ids import EVENT, decode
from regulars.services import timelines
from regulars.services.timelines import Told

router = APIRouter(prefix="/v1", tags=["events"])

Words = Annotated[str, Query(min_length=1, max_length=200)]


@router.post(
    "/events:preview",
    **declared(
        EventAnswer,
        scope=Scope.EVENTS_WRITE,
        body=Envelope,
        example=PURCHASE,
        refusals=(
            Malformed, TooLarge, MemberNotFound, EventConflict, NoProgramInForce, UnknownEventType,
        ),
    ),
)  # fmt: skip
async def preview_event(
    request: Request, access: AccessBy, served: ServedBy, language: Language
) -> Response:
    """What this event would do. Nothing is written.

    `event` and `member` are null unless the event was recorded before.
    """
    raw = await raw_body(request, MAX_EVENT_BYTES, SINGLE)
    now = served.runtime.clock()
    sender = Sender(access, served.runtime.veil(access.organization))
    arrival = sender.read(raw, now)
    receipt = await anyio.to_thread.run_sync(served.previews.preview, arrival, now)
    answer = answer_of(receipt, arrival, language)
    if not receipt.is_repeat:
        answer = replace(answer, event=None, member=None, hold=None)
    return respond(answer)


@router.get(
    "/events/{event}",
    **declared(RecordAnswer, scope=Scope.MEMBERS_READ, refusals=(EventNotFound,)),
)
def get_event(event: str, served: ServedBy, language: Language) -> Response:
    """One event by our id (evt_…): as it was sent, what was decided, and why."""
    number = decode(EVENT, event)
    if number is None:
        raise EventNotFound("This is no event id of ours: they begin with evt_.")
    return _told(served, timelines.event(served.db, served.versions, number), language)


@router.get(
    "/events",
    **declared(RecordAnswer, scope=Scope.MEMBERS_READ, refusals=(EventNotFound,)),
)
def find_event(
    source: Words, id: Words, served: ServedBy, language: Language  # noqa: A002
) -> Response:  # fmt: skip
    """One event by its sender's own source and id."""
    found = timelines.event_by_key(served.db, served.versions, source, id)
    return _told(served, found, language)


def _told(served: Served, told: Told, language: str) -> Response:
    return respond(tell_record(told.events[0], told.table, served.book, language=language))
