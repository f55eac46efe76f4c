"""A flash sale in its first second: 5,000 buyers for 100 pieces over HTTP, each a definite answer.
The buyers, the API and the database share the machine's cores."""

import asyncio
import json
import time
from collections import Counter
from datetime import timedelta

from bench.yard import NOW, Figure, Shop, Yard, middle, serving
from regulars.domain.audit import By
from regulars.domain.envelopes import arrive
from regulars.domain.events import Event, Purchase
from regulars.domain.ids import SALE, VARIANT, encode
from regulars.domain.mall.rewards import (
    Reward,
    RewardKind,
    RewardState,
    RewardTerms,
    Variant,
    VariantTerms,
)
from regulars.domain.mall.sales import Sale, SaleTerms
from regulars.runtime import system_clock
from regulars.services.intake.taking import Intake
from regulars.services.mall import offering
from regulars.services.sales import running
from regulars.storage import sessions
from regulars.storage.arrays import int_array
from regulars.storage.database import Database
from regulars.storage.programs import Versions

BUYERS, PIECES, CONNECTIONS = 5_000, 100, 500
LIMIT_MS = 2_000.0
CURRENCY = "points"

SESSIONS = """
insert into session (organization_id, kind, subject_id, secret_hash, device, created_at, seen_at,
                     expires_at)
select 1, 'member', member_id, hash, 'bench', %(now)s, %(now)s, %(until)s
from unnest(%(members)s::bigint[], %(hashes)s::bytea[]) as fresh (member_id, hash)
"""


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """rush_slowest_ms: until the last of the buyers has an answer, counted from when they asked."""
    conninfo = yard.database("rush")
    db = Database(conninfo)
    secrets = _buyers(db)
    slowest: list[float] = []
    with serving(conninfo, yard.folder) as shop:
        for _ in range(repeats):
            sale, variant = _sale(db)
            told, delays = asyncio.run(_rush(shop, secrets, sale, variant))
            assert told == {201: PIECES, 409: BUYERS - PIECES}, told
            _prove(db, sale)
            slowest.append(max(delays))
    db.close()
    yard.drop("rush")
    ms = middle(slowest)
    return [Figure("rush_slowest_ms", ms, "ms", LIMIT_MS, ms / LIMIT_MS, repeats)]


def _buyers(db: Database) -> list[str]:
    """Members with points enough for every run, each with a session; their secrets."""
    intake, now = Intake(db, 1), system_clock()
    numbers: list[int] = []
    for start in range(0, BUYERS, 500):
        data = Purchase(currency="USD", total=100_000)
        events = [
            Event(f"rush-{n}", "bench", "purchase", f"card:{n}", NOW, now, data)
            for n in range(start, start + 500)
        ]
        numbers += [one.member_id for one in intake.take_in([arrive(e) for e in events], now)]  # type: ignore[union-attr]
    secrets = [sessions.new_secret(1) for _ in numbers]
    with db.transaction(1) as tx:
        tx.execute(
            SESSIONS,
            {
                "now": now, "until": now + timedelta(days=1), "members": int_array(numbers),
                "hashes": [sessions.hash_of(secret) for secret in secrets],
            },
        )  # fmt: skip
    return secrets


def _sale(db: Database) -> tuple[str, str]:
    """A sale that is open; its id and that of what is sold."""
    now, by, versions = system_clock(), By(1, "cli:bench"), Versions(1)
    reward = offering.create(
        db, versions,
        Reward(
            id=0, kind=RewardKind.DONATION, state=RewardState.ACTIVE, revision=0,
            terms=RewardTerms(name={"en": "Rush"}, currency=CURRENCY), rank=1, starts_at=None,
            ends_at=None, changed_at=now,
            variants=[Variant(id=0, terms=VariantTerms(), points=10, stock=1_000)],
        ),
        by=by, now=now,
    ).reward  # fmt: skip
    sale = running.create(
        db, versions,
        Sale(
            id=0, reward_id=reward.id, variant_id=reward.variants[0].id, state=RewardState.ACTIVE,
            revision=0, terms=SaleTerms({"en": "Rush"}), points=5, cash_minor=0, pieces=PIECES,
            per_member=1, starts_at=now, ends_at=now + timedelta(hours=1), changed_at=now,
        ),
        by=by, now=now,
    ).sale  # fmt: skip
    return encode(SALE, sale.id), encode(VARIANT, sale.variant_id)


async def _rush(
    shop: Shop, secrets: list[str], sale: str, variant: str
) -> tuple[Counter[int], list[float]]:
    """All within a second, evenly; statuses and delays in ms. Each has looked at the sale before,
    as who waits for its beginning has."""
    body = json.dumps({"variant": variant}).encode()
    looks = [_request(shop, "GET", f"/v1/me/sales/{sale}", secret) for secret in secrets]
    buys = [
        _request(shop, "POST", f"/v1/me/sales/{sale}/purchases", secret, body) for secret in secrets
    ]
    told: Counter[int] = Counter()
    delays: list[float] = []
    ready = asyncio.Barrier(CONNECTIONS)
    began = 0.0

    async def buyer(first: int) -> None:
        nonlocal began
        reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
        for place in range(first, BUYERS, CONNECTIONS):
            writer.write(looks[place])
            await _answer(reader)
        await ready.wait()
        began = began or time.perf_counter() + 0.2
        for place in range(first, BUYERS, CONNECTIONS):
            due = began + place / BUYERS
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            writer.write(buys[place])
            told[await _answer(reader)] += 1
            delays.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(buyer(first) for first in range(CONNECTIONS)))
    return told, delays


def _request(shop: Shop, method: str, path: str, secret: str, body: bytes = b"") -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{shop.port}\r\n"
        f"authorization: Bearer {secret}\r\nidempotency-key: {path}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status, _, rest = head[9:].partition(b" ")
    length = rest.lower().split(b"content-length:")[1].split(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(status)


def _prove(db: Database, sale: str) -> None:
    """Exactly the pieces went, each to another member, and each was paid."""
    with db.transaction(1) as tx:
        row = tx.execute(
            "select count(*), count(distinct member_id), sum(points)::bigint from redemption"
            " where organization_id = 1 and sale_id = (select max(id) from sale)"
        ).fetchone()
    assert row == (PIECES, PIECES, PIECES * 5), (sale, row)
