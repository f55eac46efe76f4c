"""Orders: opened over HTTP at a steady 200 a second, by members with 20 promotions and 50 coupons
in their wallets; confirmed 500 at a time, beside the SQL that takes the same locks and writes the
same rows. The load, the API and the database share the machine's cores."""

import asyncio
import json
import time
from datetime import datetime
from pathlib import Path

import psycopg

from bench.http import _answer
from bench.yard import NOW, SINCE, Figure, Shop, Yard, middle, serving, unbound
from regulars.domain.audit import By
from regulars.domain.coupons.templates import Give, Goods, TemplateState, Terms
from regulars.domain.envelopes import arrive
from regulars.domain.events import Event, Purchase
from regulars.domain.ids import ORDER, parse_ref
from regulars.domain.ids import encode as outside
from regulars.domain.orders.carts import Cart, CartLine, PointsWish
from regulars.domain.orders.marks import digest_of
from regulars.runtime import system_clock
from regulars.services import programs
from regulars.services.intake.taking import Intake
from regulars.services.orders.asking import Done, Opening
from regulars.services.orders.taking import Orders
from regulars.storage.coupons import templates
from regulars.storage.database import Database

HERE = Path(__file__).parent
MEMBERS = 2_000
PROMOTIONS = 20
COUPONS = 50
RATE = 200
SECONDS = 6
CONNECTIONS = 64
TOGETHER = 500
CONFIRMED = 6_000
CATEGORIES = ("PRODUCE", "DAIRY", "MEAT", "BAKERY", "FROZEN")

ISSUE = """
insert into coupon (organization_id, template_id, code, member_id, issued_at, issued_by, source)
select 1, %(template)s, 'B' || %(template)s || '-' || id, id, %(now)s, 'bench', 'staff'
from member
"""


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """order_open_p50_ms, order_open_p99_ms at 200/s; order_confirm against its control."""
    conninfo = yard.database("orders", publish=False)
    prepare(conninfo)
    fifties: list[float] = []
    nineties: list[float] = []
    confirmed: list[float] = []
    limits: list[float] = []
    limit = yard.database("orders_control", publish=False)
    control(limit)
    with serving(conninfo, yard.folder) as shop:
        asyncio.run(_paced(shop, "warm", RATE, 2))
        for turn in range(repeats):
            p50, p99 = asyncio.run(_paced(shop, f"run{turn}", RATE, SECONDS))
            fifties.append(p50)
            nineties.append(p99)
        for turn in range(repeats):
            numbers = _opened(conninfo, f"batch{turn}", CONFIRMED)
            limits.append(_control(limit, turn))
            confirmed.append(asyncio.run(_confirm(shop, numbers)))
    return [
        Figure("order_open_p50_ms", middle(fifties), "ms", 15, middle(fifties) / 15, repeats),
        Figure("order_open_p99_ms", middle(nineties), "ms", 80, middle(nineties) / 80, repeats),
        Figure("order_confirm", middle(confirmed), "orders/s", middle(limits),
               middle([a / b for a, b in zip(confirmed, limits, strict=True)]), repeats),
    ]  # fmt: skip


def program() -> str:
    """Twenty promotions: half go with all others, half compete with the coupons of a category."""
    benefits = []
    for number in range(PROMOTIONS):
        one = {
            "id": f"promo_{number}",
            "name": {"en": f"Promotion {number}"},
            "kind": "percentage" if number % 2 else "amount",
            "for": {"where": "true"},
            "lines": {"categories": [CATEGORIES[number % len(CATEGORIES)]]},
        }
        one |= (
            {"percent": 2 + number % 5}
            if number % 2
            else {"amount": round(0.10 + number % 3 / 10, 2)}
        )
        if number >= PROMOTIONS // 2:
            one["stacking"] = {"group": f"c{number % len(CATEGORIES)}"}
        if number % 4 == 0:
            one["quota"] = {"uses": 1000, "per": "month"}
        benefits.append(one)
    return json.dumps({
        "regulars": 1, "program": "bench", "name": {"en": "Bench"}, "money": "USD",
        "time_zone": "America/New_York",
        "currencies": {"points": {
            "kind": "spendable", "name": {"en": "Points"}, "expiry": {"after": "P12M"},
            "cash_value": {"points": 100, "amount": 1.00}, "at_till": {},
        }},
        "stacking": {f"c{number}": "best" for number in range(len(CATEGORIES))},
        "rules": [{
            "id": "base", "name": {"en": "Base"}, "on": "purchase",
            "earn": {"currency": "points", "rate": 1, "per": 1.00},
        }],
        "benefits": benefits,
    })  # fmt: skip


def prepare(conninfo: str) -> None:
    """The program, members with points, and fifty coupons for each."""
    db = Database(conninfo)
    now = system_clock()
    programs.publish(db, 1, program(), in_force_from=SINCE, now=NOW, note="bench")
    intake = Intake(db, 1)
    for start in range(0, MEMBERS, TOGETHER):
        intake.take_in([_first(n, now) for n in range(start, start + TOGETHER)], now)
    made = [_template(db, number, now) for number in range(COUPONS)]
    db.close()
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        for template in made:
            connection.execute(ISSUE, {"template": template, "now": now})
        connection.execute("vacuum analyze")


def _first(number: int, now: datetime):  # type: ignore[no-untyped-def]
    data = Purchase(currency="USD", total=100_000_000)
    return arrive(Event(f"first-{number}", "bench", "purchase", f"card:{number}", now, now, data))


def _template(db: Database, number: int, now: datetime) -> int:
    terms = Terms(
        give=Give.AMOUNT if number % 2 else Give.PERCENTAGE,
        currency="USD",
        amount=20 if number % 2 else None,
        percent=None if number % 2 else "3",
        goods=Goods(categories=(CATEGORIES[number % len(CATEGORIES)],)),
        threshold=100 * (number % 7),
        uses=100,
        group=f"c{number % 5}",
    )
    with db.transaction(1) as tx:
        made = templates.put(
            tx, 1, code=f"t{number}", name={"en": f"Coupon {number}"}, terms=terms, prefix="",
            public_code=None, by="bench", now=now,
        )  # fmt: skip
        templates.move(tx, 1, made.id, TemplateState.ACTIVE, why="", by="bench", now=now)
    return made.id


def _cart(place: int) -> Cart:
    return Cart(
        currency="USD",
        lines=tuple(
            CartLine(
                amount=200 + (place * 37 + line * 91) % 1500,
                sku=f"S{line}",
                category=CATEGORIES[(place + line) % len(CATEGORIES)],
            )
            for line in range(4)
        ),
        points=PointsWish(amount=50),
    )


def _opened(conninfo: str, run: str, count: int) -> list[str]:
    """Orders that are open, by their ids outside."""
    db = Database(conninfo)
    lane = Orders(db, 1, Intake(db, 1).take_many_within)
    by = By(1, "bench")
    found: list[str] = []
    for start in range(0, count, TOGETHER):
        asked = []
        for place in range(start, start + TOGETHER):
            cart = _cart(place)
            asked.append(Opening(
                source="bench", external_id=f"{run}-{place}", cart=cart, by=by,
                ref=parse_ref(f"card:{place % MEMBERS}"), digest=digest_of(run, place),
            ))  # fmt: skip
        for outcome in lane.take_in(asked, system_clock()):
            assert isinstance(outcome, Done), outcome
            found.append(outside(ORDER, outcome.order.id))
    db.close()
    return found


async def _confirm(shop: Shop, orders: list[str]) -> float:
    """Orders a second, 500 in a request, one request after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    began = time.perf_counter()
    for start in range(0, len(orders), TOGETHER):
        asked = [{"order": one} for one in orders[start : start + TOGETHER]]
        body = json.dumps({"orders": asked}).encode()
        writer.write(_head(shop, "/v1/orders:confirm", len(body)) + body)
        await _answer(reader)
    writer.close()
    return len(orders) / (time.perf_counter() - began)


async def _paced(shop: Shop, run: str, rate: float, seconds: int) -> tuple[float, float]:
    """Middle and 99th percentile in ms of answers at a steady rate, delay before sending
    included."""
    requests = [_request(shop, run, place) for place in range(int(rate * seconds))]
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
    delays.sort()
    return middle(delays), delays[int(len(delays) * 0.99)]


def _request(shop: Shop, run: str, place: int) -> bytes:
    lines = [
        {"amount": line.amount, "sku": line.sku, "category": line.category}
        for line in _cart(place).lines
    ]
    body = json.dumps({
        "id": f"{run}-{place}", "source": "till", "member": f"card:{place * 7919 % MEMBERS}",
        "cart": {"currency": "USD", "lines": lines, "points": {"amount": 50}},
    }).encode()  # fmt: skip
    return _head(shop, "/v1/orders", len(body)) + body


def _head(shop: Shop, path: str, length: int) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {shop.secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def control(conninfo: str) -> None:
    """The control's function and the rows that it settles."""
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        connection.execute((HERE / "ordering.sql").read_bytes())


def _control(conninfo: str, turn: int) -> float:
    """Orders a second that PostgreSQL alone settles, 500 in a transaction."""
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        connection.execute("select control_orders_open(%s, %s)", [turn * CONFIRMED, CONFIRMED])
        connection.execute("vacuum analyze")
        began = time.perf_counter()
        for start in range(turn * CONFIRMED, (turn + 1) * CONFIRMED, TOGETHER):
            connection.execute("select control_orders_confirm(%s, %s)", [start, TOGETHER])
        return CONFIRMED / (time.perf_counter() - began)
