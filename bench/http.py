"""Events over HTTP: as many as go through 64 connections, the answer's delay at half of that, and
batches. The load generator, the API and the database share the machine's cores."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

from bench import control
from bench.yard import Figure, Shop, Yard, first_texts, middle, serving

HERE = Path(__file__).parent
CONNECTIONS = 64
MEMBERS = 20_000
SECONDS = 6
BATCH = 500


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """http_single against L1, http_single_p99_ms, http_batch against L2; runs interleaved."""
    if shutil.which("wrk") is None:
        message = "wrk is not installed: apt-get install wrk"
        raise FileNotFoundError(message)
    product = yard.database("http")
    singles: list[float] = []
    batches: list[float] = []
    limits_one: list[float] = []
    limits_many: list[float] = []
    with serving(product, yard.folder) as shop:
        single_events(shop, "warm", 3)
        limit = yard.database("control", publish=False)
        control.prepare(limit, control.shape_of(product))
        for turn in range(repeats):
            limits_one.append(control.one_each(limit, SECONDS))
            singles.append(single_events(shop, f"run{turn}", SECONDS))
        rate = middle(singles) / 2
        delays = [
            asyncio.run(_paced(shop, f"paced{turn}", rate, SECONDS)) for turn in range(repeats)
        ]
        for turn in range(repeats):
            limits_many.append(control.many_together(limit, 20_000))
            batches.append(asyncio.run(_batches(shop, turn, 20_000)))
    return [
        Figure("http_single", middle(singles), "events/s", middle(limits_one),
               middle([a / b for a, b in zip(singles, limits_one, strict=True)]), repeats),
        Figure("http_single_p99_ms", middle(delays), "ms", 100, middle(delays) / 100, repeats),
        Figure("http_batch", middle(batches), "events/s", middle(limits_many),
               middle([a / b for a, b in zip(batches, limits_many, strict=True)]), repeats),
    ]  # fmt: skip


def single_events(shop: Shop, run: str, seconds: int) -> float:
    """Events a second, one in a request, over as many connections as there are."""
    told = subprocess.run(
        [
            "wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s",
            "--timeout=10s", f"--script={HERE / 'load.lua'}", f"http://127.0.0.1:{shop.port}",
            "--", shop.secret, run, str(MEMBERS),
        ],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    if "Non-2xx" in told or "Socket errors" in told:
        raise AssertionError(told)
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    assert found, told
    return float(found.group(1))


async def _paced(shop: Shop, run: str, rate: float, seconds: int) -> float:
    """The 99th percentile in ms of answers at a steady `rate`, delay before sending included."""
    requests = _requests(shop, run, int(rate * seconds))
    delays: list[float] = []
    began = time.perf_counter() + 0.2

    async def connection(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
        for place in range(first, len(requests), CONNECTIONS):
            due = began + place / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            writer.write(requests[place])
            await _answer(reader)
            delays.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(connection(first) for first in range(CONNECTIONS)))
    return sorted(delays)[int(len(delays) * 0.99)]


async def _batches(shop: Shop, turn: int, events: int) -> float:
    """Events a second in batches of 500, two of them under way at any time."""
    texts = []
    for place, text in enumerate(first_texts(events, MEMBERS)):
        event = json.loads(text)
        event["id"] = f"batch{turn}-{place}"
        if event["type"] == "return":
            event["data"]["purchase_id"] = f"nothing-{place}"
        texts.append(json.dumps(event, separators=(",", ":")))
    bodies = [
        f"[{','.join(texts[start : start + BATCH])}]".encode()
        for start in range(0, len(texts), BATCH)
    ]
    began = time.perf_counter()

    async def connection(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
        for body in bodies[first::2]:
            writer.write(_head(shop, "application/cloudevents-batch+json", len(body)) + body)
            await _answer(reader)
        writer.close()

    await asyncio.gather(connection(0), connection(1))
    return events / (time.perf_counter() - began)


def _requests(shop: Shop, run: str, count: int) -> list[bytes]:
    requests = []
    for place in range(count):
        body = json.dumps({
            "specversion": "1.0", "id": f"{run}-{place}", "source": "till", "type": "purchase",
            "subject": f"card:{place * 7919 % MEMBERS}", "time": "2017-03-05T10:00:00Z",
            "data": {"currency": "USD", "lines": [
                {"amount": 50 + (place * 37 + line * 91) % 1500, "category": "PRODUCE"}
                for line in range(1 + place % 7)
            ]},
        }).encode()  # fmt: skip
        requests.append(_head(shop, "application/cloudevents+json", len(body)) + body)
    return requests


def _head(shop: Shop, content: str, length: int) -> bytes:
    return (
        f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {shop.secret}\r\n"
        f"Content-Type: {content}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    assert status in (200, 201, 202), head
    lower = head.lower()
    if b"content-length:" in lower:
        await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
        return
    while (size := int((await reader.readline()).strip(), 16)) >= 0:
        await reader.readexactly(size + 2)
        if not size:
            return
