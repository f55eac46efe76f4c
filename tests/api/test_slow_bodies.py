"""Whoever sends a body a byte at a time is not waited for; whoever waits for us is."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from regulars.api import armour
from regulars.api.armour import Armour
from regulars.api.bodies import rest, whole
from regulars.settings import Settings

LINES = (b"content-type", b"application/x-ndjson")


async def told(
    inner: Callable[..., Awaitable[None]],
    parts: list[tuple[int, bytes, bool]],
    *,
    header: tuple[bytes, bytes] = (b"content-type", b"application/json"),
    work_s: int = 0,
) -> tuple[int, bytes]:
    """Status and body of the answer to a request whose parts come after so many seconds each.

    Seconds pass when the armour is told so; the test itself takes none.
    """
    guard = Armour(inner, Settings(data=Path("/nowhere")))
    sent: list[dict[str, Any]] = []
    there: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/x", "query_string": b"",
             "headers": [(b"host", b"localhost"), header]}  # fmt: skip
    request = asyncio.create_task(guard(scope, there.get, send))
    for seconds, body, more in parts:
        for _ in range(seconds):
            await asyncio.sleep(0)
            guard.look()
        await there.put({"type": "http.request", "body": body, "more_body": more})
        for _ in range(3):
            await asyncio.sleep(0)
    for _ in range(work_s or armour.MAX_BODY_S + 2):
        await asyncio.sleep(0)
        guard.look()
    if work_s:
        await there.put({"type": "work.done"})
    await asyncio.wait_for(request, 5)
    assert not guard._waiting
    assert not guard._overdue
    assert not request.cancelled()
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


async def echo(_scope: Any, receive: Any, send: Any) -> None:
    body = await whole(receive, 1000)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def stream(_scope: Any, receive: Any, send: Any) -> None:
    body = b"".join([part async for part in rest(receive)])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def laborious(_scope: Any, receive: Any, send: Any) -> None:
    body = await whole(receive, 1000)
    assert (await receive())["type"] == "work.done"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def test_a_body_that_comes_in_time_is_read() -> None:
    parts = [(0, b"a", True), (20, b"b", True), (9, b"c", False)]
    assert asyncio.run(told(echo, parts)) == (200, b"abc")


def test_a_body_that_never_comes_is_given_up() -> None:
    status, body = asyncio.run(told(echo, []))
    assert status == 408
    assert b"body_too_slow" in body


def test_a_byte_now_and_then_does_not_help() -> None:
    parts = [(5, b"x", True)] * 6
    assert asyncio.run(told(echo, parts))[0] == 408


def test_lines_may_come_for_as_long_as_they_keep_coming() -> None:
    parts = [(25, b"x\n", True)] * 8 + [(1, b"", False)]
    assert asyncio.run(told(stream, parts, header=LINES)) == (200, b"x\n" * 8)


def test_lines_that_stop_coming_are_given_up() -> None:
    assert asyncio.run(told(stream, [(1, b"x\n", True)] * 3, header=LINES))[0] == 408


def test_our_own_work_takes_as_long_as_it_takes() -> None:
    parts = [(0, b"a", False)]
    assert asyncio.run(told(laborious, parts, work_s=500)) == (200, b"a")


def test_a_server_that_stops_is_not_taken_for_a_slow_body() -> None:
    async def story() -> None:
        guard = Armour(echo, Settings(data=Path("/nowhere")))
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        request = asyncio.create_task(guard(scope, asyncio.Queue().get, send))
        await asyncio.sleep(0)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        assert request.cancelled()
        assert sent == []

    asyncio.run(story())
