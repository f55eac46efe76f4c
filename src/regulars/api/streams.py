"""Many events at once: a batch in one request, or lines as they come, in bounded memory."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from msgspec import Raw

from regulars.api.answers import item
from regulars.api.bodies import HungUpError, Receive, Send, rest
from regulars.api.desk import Answer, Desk
from regulars.api.problems import failure
from regulars.domain.access import Access
from regulars.domain.envelopes import MAX_EVENT_BYTES, Arrival, Veil, read_event
from regulars.domain.errors import Overloaded, RegularsError, TooLarge

MAX_CHUNK = 500
MAX_IN_FLIGHT = 2
"""Chunks of one stream that are under way: one is decided while the next is read."""

BREATH_S = 0.05
"""How long a stream waits before it knocks again at a full intake."""

NDJSON = b"application/x-ndjson"


class Sender:
    """Whoever sends events, for one request."""

    def __init__(self, access: Access, veil: Veil) -> None:
        self.organization = access.organization
        self._actor = access.actor
        self._veil = veil

    def read(self, raw: bytes | Raw, now: datetime) -> Arrival:
        """One event of theirs. Raises RegularsErrors."""
        return read_event(raw, now, sent_by=self._actor, veil=self._veil)

    def read_or_refuse(self, raw: bytes | Raw, now: datetime) -> Arrival | RegularsError:
        """One event of many."""
        try:
            return self.read(raw, now)
        except RegularsError as refusal:
            return refusal


class Chunk:
    """Events that are taken in and answered together; each that cannot be read is refused alone."""

    def __init__(
        self, raws: Sequence[bytes | Raw], sender: Sender, now: datetime, language: str
    ) -> None:
        self._organization = sender.organization
        self._read = [sender.read_or_refuse(raw, now) for raw in raws]
        self._language = language
        self._answer: Answer | None = None

    def submit(self, desk: Desk) -> None:
        """Hand in what could be read. Raises Overloaded."""
        arrivals = [one for one in self._read if isinstance(one, Arrival)]
        if arrivals:
            self._answer = desk.submit(self._organization, arrivals)

    async def answers(self) -> list[bytes]:
        """One JSON element for each event, in order."""
        outcomes = iter(await self._answer if self._answer is not None else ())
        return [
            item(next(outcomes), one, self._language)
            if isinstance(one, Arrival)
            else item(one, None, self._language)
            for one in self._read
        ]


class LineStream:
    """NDJSON in, NDJSON out: one answer a line, in the order of the lines.

    Nothing more is read while MAX_IN_FLIGHT chunks are under way, so memory stays bounded and a
    sender that is faster than the database is slowed down. Senders read while they write.
    """

    def __init__(
        self, desk: Desk, sender: Sender, clock: Callable[[], datetime], language: str
    ) -> None:
        self._desk = desk
        self._sender = sender
        self._clock = clock
        self._language = language

    async def answer(
        self, receive: Receive, send: Send, more: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        """Answer one request, with `more` headers. Raises HungUpError."""
        head = [(b"content-type", NDJSON), *more]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        under_way: deque[Chunk] = deque()
        try:
            async for lines in chunks(rest(receive)):
                chunk = Chunk(lines, self._sender, self._clock(), self._language)
                await self._submit(chunk)
                under_way.append(chunk)
                if len(under_way) >= MAX_IN_FLIGHT:
                    await _tell(send, under_way.popleft())
            last = b""
        except HungUpError:
            raise
        except Exception as error:
            # The answer has begun, so its status cannot tell of this: the last line does. After a
            # line without end there is no saying where the next event would begin.
            refusal = error if isinstance(error, RegularsError) else failure(error)
            last = item(refusal, None, self._language) + b"\n"
        while under_way:
            await _tell(send, under_way.popleft())
        await send({"type": "http.response.body", "body": last})

    async def _submit(self, chunk: Chunk) -> None:
        while True:
            try:
                chunk.submit(self._desk)
            except Overloaded:
                await asyncio.sleep(BREATH_S)
            else:
                return


async def _tell(send: Send, chunk: Chunk) -> None:
    body = b"\n".join(await chunk.answers()) + b"\n"
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def chunks(parts: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """Lines, up to MAX_CHUNK together; blank ones are left out.

    Raises TooLarge for a line without end, after the lines before it.
    """
    lines: list[bytes] = []
    tail = b""
    async for part in parts:
        pieces = (tail + part).split(b"\n")
        tail = pieces.pop()
        lines += [piece for piece in pieces if not piece.isspace() and piece]
        while len(lines) >= MAX_CHUNK:
            yield lines[:MAX_CHUNK]
            del lines[:MAX_CHUNK]
        if len(tail) > MAX_EVENT_BYTES:
            if lines:
                yield lines
            raise TooLarge(
                f"A line is at most {MAX_EVENT_BYTES} bytes; the lines after it are lost."
            )
    if tail.strip():
        lines.append(tail)
    if lines:
        yield lines
