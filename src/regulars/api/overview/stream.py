"""Decisions as they are made, as Server-Sent Events: each with its main reason in words.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from msgspec import Struct
from starlette.types import Receive, Scope, Send

from regulars.api.answers import Instant, language_in
from regulars.api.callers import secret_in
from regulars.api.contract import JSON, declared, ref_to, respond
from regulars.api.onlooking.hub import Hub, Listener
from regulars.api.reading import Language
from regulars.api.state import AccessBy, HouseBy, Served, ServedBy
from regulars.api.telling import tier_name
from regulars.domain.access import Scope as AccessScope
from regulars.domain.errors import Overloaded
from regulars.domain.explanations import Explanation
from regulars.domain.ids import EVENT, MEMBER, encode
from regulars.domain.plans import Timetable
from regulars.domain.reasons import reason_words
from regulars.services.statistics import decisions
from regulars.services.statistics.decisions import Decided
from regulars.storage.events import decode_explanation
from regulars.storage.statistics.decisions import Decision

router = APIRouter(prefix="/v1", tags=["overview"])

STREAM = "text/event-stream"
BEAT_S = 15.0
"""Something is written at least so often, so that no proxy takes the stream for dead."""

CHECK_S = 1.0
LONGEST_S = 900.0
"""Then the stream ends, and the caller, who comes again by itself, is looked up anew."""

RETRY_MS = 3000
RESUMABLE = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
Mark = tuple[datetime, int]
"""Where a reader was: the instant of receipt and the row."""

_MARK = re.compile(r"(\d{1,18})\.(\d{1,19})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DecisionAnswer(Struct, frozen=True):
    """What one event did. `earned` and `taken_back` are points by currency; `tier`: moved to, if
    any; `rule`: the one that gave most, with its `name`; `why`: the main reason in words."""

    event: str
    type: str
    member: str
    time: Instant
    received_at: Instant
    status: str
    earned: dict[str, int]
    taken_back: dict[str, int]
    tier: str | None
    tier_name: str | None
    rule: str | None
    name: str | None
    why: str


class DecisionsAnswer(Struct, frozen=True):
    """What was decided of late, in the order in which it was received."""

    items: list[DecisionAnswer]


def tell_decision(
    event: Decision, table: Timetable, served: Served, language: str
) -> DecisionAnswer:
    """One decision. Of the member no more than the id."""
    told = decode_explanation(event.decision)
    rule, name, why = _main_reason(event, told, table, served=served, language=language)
    moved = [move.new for move in told.tiers if move.new != move.old]
    tier = moved[-1] if moved else None
    program = table.version(event.version).program
    return DecisionAnswer(
        event=encode(EVENT, event.id),
        type=event.type,
        member=encode(MEMBER, event.member_id),
        time=event.occurred_at,
        received_at=event.received_at,
        status=event.status,
        earned=told.earned,
        taken_back=told.taken,
        tier=tier,
        tier_name=None if tier is None else tier_name(program, tier, language),
        rule=rule,
        name=name,
        why=why,
    )


def _main_reason(
    event: Decision, told: Explanation, table: Timetable, *, served: Served, language: str
) -> tuple[str | None, str | None, str]:
    """The rule that gave most, or else the first that was looked at, and why it did as it did."""
    if told.refused:
        return None, None, told.refused
    if not told.rules:
        return None, None, ""
    rule, points, reason = max(told.rules, key=lambda given: given[1])
    name, _ = served.book.words(table.version(event.version), rule, language)
    return rule, name, name if points else reason_words(reason, language)


class EventStream(Response):
    """Writes to one listener until it goes, is shut out, or has listened long enough."""

    media_type = STREAM

    def __init__(
        self,
        hub: Hub,
        served: Served,
        caller: str,
        *,
        is_let_in: Callable[[], bool],
        language: str,
        after: Mark | None,
    ) -> None:
        super().__init__(headers={"x-accel-buffering": "no", "cache-control": "no-store"})
        del self.headers["content-length"]
        self._hub = hub
        self._served = served
        self._caller = caller
        self._is_let_in = is_let_in
        self._language = language
        self._after = after

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises Overloaded, TooManyRequests, before anything is written."""
        runtime, versions = self._served.runtime, self._served.versions
        with self._hub.listening(runtime.db, versions, runtime.clock, self._caller) as listener:
            first = await asyncio.to_thread(self._at_first)
            head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(head)
            writing = asyncio.create_task(self._write(send, listener, first))
            gone = asyncio.create_task(_gone(receive))
            try:
                await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
                if writing.done():
                    writing.result()
            finally:
                for task in (writing, gone):
                    task.cancel()
                    with suppress(asyncio.CancelledError, OSError):
                        await task

    def _at_first(self) -> Decided:
        """What one sees at once: what came after the last that was read, or the newest."""
        runtime, versions = self._served.runtime, self._served.versions
        now = runtime.clock()
        if self._after is None or now - self._after[0] > RESUMABLE:
            return decisions.of_late(runtime.db, versions, now)
        at, number = self._after
        found = decisions.since(runtime.db, versions, at, {number})
        late = [one for one in found.events if (one.received_at, one.id) > self._after]
        return Decided(late, found.table)

    async def _write(self, send: Send, listener: Listener, first: Decided) -> None:
        known = {event.id for event in first.events}
        await _send(send, f"retry: {RETRY_MS}\n\n")
        await self._tell(send, ((event, first.table) for event in first.events))
        until = time.monotonic() + LONGEST_S
        beat = time.monotonic()
        while not listener.is_over and time.monotonic() < until:
            if not self._is_let_in():
                await _send(send, "event: end\ndata: {}\n\n")
                break
            heard = [one for one in await listener.heard(CHECK_S) if one[0].id not in known]
            if heard:
                await self._tell(send, heard)
                beat = time.monotonic()
            elif time.monotonic() - beat >= BEAT_S:
                await _send(send, ": still here\n\n")
                beat = time.monotonic()
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, send: Send, heard: Iterable[tuple[Decision, Timetable]]) -> None:
        text = "".join(
            f"id: {mark_of(event)}\nevent: decision\n"
            f"data: {_json(tell_decision(event, table, self._served, self._language))}\n\n"
            for event, table in heard
        )
        if text:
            await _send(send, text)


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _gone(receive: Receive) -> None:
    """Returns when the caller has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _json(answer: Struct) -> str:
    return msgspec.json.encode(answer).decode()


def mark_of(event: Decision) -> str:
    """Tells where one was: the instant of receipt in microseconds, and the row."""
    return f"{(event.received_at - _EPOCH) // MICROSECOND}.{event.id}"


def mark_in(text: str) -> Mark | None:
    """The mark in a Last-Event-ID; None for anything else, as for no mark."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    try:
        return _EPOCH + int(found[1]) * MICROSECOND, int(found[2])
    except OverflowError:
        return None


def _declared() -> dict[str, Any]:
    told = declared(
        DecisionsAnswer,
        scope=AccessScope.MEMBERS_READ,
        refusals=(Overloaded,),
    )
    ref_to(DecisionAnswer)
    told["responses"][200] = {
        "description": "Decisions as they are made; asked for as JSON, those of late.",
        "content": {
            STREAM: {"schema": {"type": "string"}},
            JSON: {"schema": ref_to(DecisionsAnswer)},
        },
    }
    return told


def _spoken(
    language: Language,
    asked: Annotated[
        str,
        Query(
            alias="language",
            max_length=35,
            description="en or zh-CN; for pages, which cannot send Accept-Language with a stream",
        ),
    ] = "",
) -> str:
    return language_in(asked) if asked else language


def _after(
    last_event_id: Annotated[
        str, Header(max_length=100, description="Of the last one read: go on after it")
    ] = "",
) -> Mark | None:
    return mark_in(last_event_id)


def _opened(
    request: Request,
    house: HouseBy,
    served: ServedBy,
    access: AccessBy,
    language: Annotated[str, Depends(_spoken)],
) -> Callable[[Mark | None], Response]:
    """Opens a stream after a mark. None is opened for who does not ask for one."""
    secret = secret_in(request, served.runtime.settings)

    def opened(after: Mark | None) -> Response:
        return EventStream(
            house.onlookers,
            served,
            access.actor,
            is_let_in=lambda: house.ring.holds(secret),
            language=language,
            after=after,
        )

    return opened


@router.get("/decisions:stream", **_declared())
async def stream_decisions(
    request: Request,
    served: ServedBy,
    language: Annotated[str, Depends(_spoken)],
    after: Annotated[Mark | None, Depends(_after)],
    opened: Annotated[Callable[[Mark | None], Response], Depends(_opened)],
) -> Response:
    """Decisions as they are made, with `Accept: text/event-stream`; each is an event `decision`
    whose data is a DecisionAnswer. A stream ends after a quarter of an hour, or when the caller is
    shut out; whoever comes again with Last-Event-ID misses nothing of the last hour. Otherwise the
    newest ones as JSON."""
    if STREAM in request.headers.get("accept", ""):
        return opened(after)
    ask = partial(decisions.of_late, served.db, served.versions, served.runtime.clock())
    found = await asyncio.to_thread(ask)
    items = [tell_decision(one, found.table, served, language) for one in found.events]
    return respond(DecisionsAnswer(items))
