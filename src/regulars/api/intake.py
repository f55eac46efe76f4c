"""POST /v1/events in bare ASGI: one event, a batch, or a stream of lines.

This is the one route whose cost decides how many events a machine takes, so it goes past the
framework; everything it does is described in the OpenAPI document all the same.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from time import perf_counter
from typing import NamedTuple

import msgspec
from msgspec import Raw

from regulars.api import bodies
from regulars.api.answers import OK, language_in, single
from regulars.api.bodies import HungUpError, Receive, Send
from regulars.api.problems import UnsupportedMediaType
from regulars.api.refusing import send_refusal
from regulars.api.state import House
from regulars.api.streams import Chunk, LineStream, Sender
from regulars.domain.access import Access, Scope
from regulars.domain.envelopes import MAX_EVENT_BYTES
from regulars.domain.errors import InvalidInput, Malformed, TooLarge
from regulars.domain.programs.phrases import LANGUAGES

ROUTE = "/v1/events"
MAX_BATCH_EVENTS = 500
MAX_BATCH_BYTES = 8 * 1024 * 1024

SINGLE = frozenset({"application/json", "application/cloudevents+json"})
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"

HUNG_UP = 499
"""How a request whose sender did not wait is counted."""

Admit = Callable[[bytes | None, Scope], Awaitable[Access]]
"""From an Authorization header to a caller with a scope; see `KeyRing.admit`."""

_batch = msgspec.json.Decoder(list[Raw])


class Headers(NamedTuple):
    """The headers that this route looks at."""

    authorization: bytes | None
    content_type: str
    content_length: bytes | None
    language: str


class EventsRoute:
    """An ASGI application for one route. Belongs to one event loop."""

    def __init__(self, house: House, admit: Admit) -> None:
        """`admit` finds out who calls."""
        self._clock = house.runtime.clock
        self._desk = house.desk
        self._limits = house.limits
        self._admit = admit
        self._veil_of = house.runtime.veil

    async def __call__(self, scope: bodies.Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = perf_counter()
        more: list[tuple[bytes, bytes]] = []
        try:
            headers = read_headers(scope)
            access = await self._admit(headers.authorization, Scope.EVENTS_WRITE)
            window = self._limits.take(access)
            if window is not None:
                more = self._limits.headers(window)
                self._limits.refuse_beyond(window)
            status = await self._answer(access, headers, receive, send, more)
        except HungUpError:
            status = HUNG_UP
        except Exception as error:
            status = await send_refusal(send, error, more)
        self._desk.counts.request(ROUTE, "POST", status, perf_counter() - began)

    async def _answer(
        self,
        access: Access,
        headers: Headers,
        receive: Receive,
        send: Send,
        more: list[tuple[bytes, bytes]],
    ) -> int:
        """Answer what is no refusal of the whole request, with `more` headers; returns the
        status."""
        sender = Sender(access, self._veil_of(access.organization))
        if headers.content_type in SINGLE:
            status, body = await self._one(sender, headers, receive)
            await bodies.answer(send, status, body, headers=more)
            return status
        if headers.content_type == BATCH:
            body = await self._many(sender, headers, receive)
            await bodies.answer(send, OK, body, headers=more)
        elif headers.content_type == LINES:
            stream = LineStream(self._desk, sender, self._clock, headers.language)
            await stream.answer(receive, send, more)
        else:
            raise UnsupportedMediaType(f"Send {', '.join(sorted(SINGLE))}, {BATCH} or {LINES}.")
        return OK

    async def _one(self, sender: Sender, headers: Headers, receive: Receive) -> tuple[int, bytes]:
        bodies.announced(headers.content_length, MAX_EVENT_BYTES)
        raw = await bodies.whole(receive, MAX_EVENT_BYTES)
        arrival = sender.read(raw, self._clock())
        outcomes = await self._desk.submit(sender.organization, [arrival])
        return single(outcomes[0], arrival, headers.language)

    async def _many(self, sender: Sender, headers: Headers, receive: Receive) -> bytes:
        bodies.announced(headers.content_length, MAX_BATCH_BYTES)
        raw = await bodies.whole(receive, MAX_BATCH_BYTES)
        try:
            events = _batch.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed(f"This is not a JSON array of events in UTF-8: {error}") from error
        if len(events) > MAX_BATCH_EVENTS:
            raise TooLarge(f"A batch is at most {MAX_BATCH_EVENTS} events.")
        if not events:
            raise InvalidInput("A batch holds at least one event.")
        chunk = Chunk(events, sender, self._clock(), headers.language)
        chunk.submit(self._desk)
        return b"[%b]" % b",".join(await chunk.answers())


def read_headers(scope: bodies.Scope) -> Headers:
    """The headers of a request that matter here."""
    authorization = content_type = length = language = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            authorization = value
        elif name == b"content-type":
            content_type = value
        elif name == b"content-length":
            length = value
        elif name == b"accept-language":
            language = value
    return Headers(
        authorization,
        _media_type(content_type) if content_type else "",
        length,
        language_in(language.decode("latin-1")) if language else LANGUAGES[0],
    )


@lru_cache(maxsize=256)
def _media_type(header: bytes) -> str:
    """The media type without its parameters."""
    return header.decode("latin-1").partition(";")[0].strip().lower()
