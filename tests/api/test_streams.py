"""A stream of lines: never more under way than two chunks, whoever is slow."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.api.bodies import HungUpError
from regulars.api.streams import MAX_CHUNK, LineStream, Sender
from regulars.domain.access import Access, Kind
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import Overloaded
from regulars.domain.explanations import Explanation
from regulars.services.intake.batch import Receipt

NOW = datetime(2026, 3, 4, tzinfo=UTC)


class SlowDesk:
    """Answers when the test says so."""

    def __init__(self, refusals: int = 0) -> None:
        self.waiting: list[tuple[Sequence[Arrival], asyncio.Future[Any]]] = []
        self._refusals = refusals

    def submit(self, _organization: int, arrivals: Sequence[Arrival]) -> asyncio.Future[Any]:
        if self._refusals:
            self._refusals -= 1
            raise Overloaded
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.waiting.append((arrivals, future))
        return future

    def answer(self) -> None:
        arrivals, future = self.waiting.pop(0)
        future.set_result([Receipt(1, 1, "decided", 1, Explanation()) for _ in arrivals])


class Line:
    """A connection: parts go in one at a time, answers come out."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts
        self.read = 0
        self.out = b""

    async def receive(self) -> dict[str, Any]:
        if not self.parts:
            return {"type": "http.disconnect"}
        self.read += 1
        body = self.parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": body != b""}

    async def send(self, message: Any) -> None:
        self.out += message.get("body", b"")


def part(number: int) -> bytes:
    """One chunk of lines."""
    event = {
        "source": "till", "type": "visit", "subject": "card:1", "time": "2026-03-03T00:00:00Z",
        "data": {},
    }  # fmt: skip
    lines = [json.dumps(event | {"id": f"{number}-{line}"}) for line in range(MAX_CHUNK)]
    return ("\n".join(lines) + "\n").encode()


SENDER = Sender(Access(1, Kind.KEY, 1, "till", frozenset()), lambda subject: subject)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_nothing_more_is_read_while_two_chunks_are_under_way() -> None:
    async def story() -> None:
        desk, line = SlowDesk(), Line([part(number) for number in range(6)] + [b""])
        stream = LineStream(desk, SENDER, lambda: NOW, "en")  # type: ignore[arg-type]
        task = asyncio.create_task(stream.answer(line.receive, line.send))
        await settle()
        assert (line.read, len(desk.waiting)) == (2, 2)
        desk.answer()
        await settle()
        assert (line.read, len(desk.waiting)) == (3, 2)
        assert line.out.count(b"\n") == MAX_CHUNK
        while not task.done():
            if desk.waiting:
                desk.answer()
            await settle()
        ids = [json.loads(one)["answer"]["id"] for one in line.out.splitlines()]
        assert ids == [f"{a}-{b}" for a in range(6) for b in range(MAX_CHUNK)]

    asyncio.run(story())


def test_a_full_intake_slows_the_stream_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.api.streams.BREATH_S", 0)

    async def story() -> None:
        desk, line = SlowDesk(refusals=3), Line([part(0), b""])
        stream = LineStream(desk, SENDER, lambda: NOW, "en")  # type: ignore[arg-type]
        task = asyncio.create_task(stream.answer(line.receive, line.send))
        await settle()
        desk.answer()
        await task
        assert line.out.count(b'"status":201') == MAX_CHUNK

    asyncio.run(story())


def test_a_sender_who_hangs_up_ends_the_stream() -> None:
    async def story() -> None:
        desk, line = SlowDesk(), Line([part(0)])
        stream = LineStream(desk, SENDER, lambda: NOW, "en")  # type: ignore[arg-type]
        with pytest.raises(HungUpError):
            await stream.answer(line.receive, line.send)

    asyncio.run(story())
