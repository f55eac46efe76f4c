"""What an event and a member's page cost as members and stored events grow."""

import time
from collections.abc import Callable
from datetime import datetime
from random import Random

import psycopg
from rich.console import Console
from rich.table import Table

from bench.yard import NOW, SINCE, Figure, Yard, middle, unbound
from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.events import Event, Line, Purchase
from regulars.domain.ids import MemberRef
from regulars.services import members, points, timelines
from regulars.services.intake.taking import Intake
from regulars.storage.database import Database
from regulars.storage.programs import Versions

MOST_GROWTH = 1.3
LIMIT_READ_MS = 5.0
BATCH = 1_000
BATCHES = 12
CHUNK = 250_000

ENROL = """
with fresh as (
    insert into member (organization_id, enrolled_at, tier, state)
    select 1, '2017-01-01', 'member',
           '{"tier":{"tier":"member","since":"2017-01-01T00:00:00Z"}}'
    from generate_series(%(first)s::bigint, %(last)s::bigint)
    returning id
)
insert into identity (organization_id, system, external_id, member_id)
select 1, 'card', id::text, id from fresh
"""

# Events of before, spread over all members, with everything that hangs on them.
FILL = """
with fresh as (
    select 1000000000 + number as id, 1 + (number * 7919) %% %(members)s as who, number,
           timestamptz '2015-01-01' + number * interval '3 seconds' as at
    from generate_series(%(first)s::bigint, %(last)s::bigint) as number
), kept as (
    insert into event (id, organization_id, member_id, seq, version, occurred_at, received_at,
                       status, digest, source, external_id, type, payload, decision)
    select id, 1, who, 1 + number / %(members)s, 1, at, at, 'decided', md5(number::text)::uuid,
           'old', number::text, 'purchase',
           '{"currency":"USD","lines":[{"amount":450,"sku":"81","category":"PRODUCE"}]}',
           '{"rules":[["base",4,""],["own_brand",0,"lines"]],"tier":"member","earned":{"points":4}}'
    from fresh
), posted as (
    insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
                          currency, code, debit, credit)
    select 1, who, id, 4, at, at, 'points', 'earn', 'issued', 'available' from fresh
)
insert into lot (id, organization_id, member_id, event_id, amount, remaining, expired, earned_at,
                 available_at, expires_at, currency, is_open)
select id, 1, who, id, 4, 0, 4, at, at, at + interval '12 months', 'points', false from fresh
"""


def measure(yard: Yard, repeats: int, *, full: bool) -> list[Figure]:
    """growth_members and growth_events (cost at the largest to that at the smallest), and
    read_member_ms."""
    sizes = [(10_000, 0), (100_000, 0), (1_000_000, 0), (1_000_000, 1_000_000)]
    sizes.append((1_000_000, 20_000_000 if full else 4_000_000))
    conninfo = yard.database("growth")
    db = Database(conninfo)
    intake = Intake(db, 1)
    table = Table("members", "stored events", "µs an event", "member's page, ms", title="Growth")
    costs: list[float] = []
    reads: list[float] = []
    there = (0, 0)
    for turn, (people, stored) in enumerate(sizes):
        _fill(conninfo, there, (people, stored))
        there = (people, stored)
        _take(intake, people, f"warm{turn}")
        runs = [_take(intake, people, f"size{turn}-{repeat}") for repeat in range(repeats)]
        costs.append(middle(runs))
        reads.append(_read(db, people))
        table.add_row(f"{people:,}", f"{stored:,}", f"{costs[-1]:.0f}", f"{reads[-1]:.2f}")
    Console().print(table)
    db.close()
    yard.drop("growth")
    of_members, of_events = costs[2] / costs[0], costs[4] / costs[3]
    return [
        Figure("growth_members", of_members, "×", MOST_GROWTH, of_members / MOST_GROWTH, repeats),
        Figure("growth_events", of_events, "×", MOST_GROWTH, of_events / MOST_GROWTH, repeats),
        Figure("read_member_ms", reads[-1], "ms", LIMIT_READ_MS, reads[-1] / LIMIT_READ_MS, 200),
    ]


def _fill(conninfo: str, there: tuple[int, int], wanted: tuple[int, int]) -> None:
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        _in_chunks(there[0], wanted[0], lambda first, last: _run(connection, ENROL, first, last, 1))
        _in_chunks(
            there[1],
            wanted[1],
            lambda first, last: _run(connection, FILL, first, last, wanted[0]),
        )
        connection.execute("vacuum analyze")


def _run(
    connection: "psycopg.Connection[tuple[object, ...]]",
    statement: str,
    first: int,
    last: int,
    people: int,
) -> None:
    connection.execute(statement, {"first": first, "last": last, "members": people})


def _in_chunks(there: int, wanted: int, work: Callable[[int, int], None]) -> None:
    for first in range(there + 1, wanted + 1, CHUNK):
        work(first, min(first + CHUNK - 1, wanted))


def _take(intake: Intake, people: int, run: str) -> float:
    """Microseconds an event, in batches, by members drawn from all."""
    chance = Random(run)
    batches = [
        [_purchase(chance, people, f"{run}-{batch}-{place}") for place in range(BATCH)]
        for batch in range(BATCHES)
    ]
    began = time.perf_counter()
    for batch in batches:
        for outcome in intake.take_in(batch, NOW):
            assert not isinstance(outcome, Exception), outcome
    return (time.perf_counter() - began) / (BATCH * BATCHES) * 1e6


def _purchase(chance: Random, people: int, number: str) -> Arrival:
    lines = tuple(
        Line(chance.randrange(50, 1500), category=chance.choice(("PRODUCE", "GROCERY")))
        for _ in range(4)
    )
    at: datetime = SINCE.replace(month=7)
    data = Purchase(currency="USD", lines=lines)
    who = f"card:{chance.randint(1, people)}"
    return arrive(Event(number, "till", "purchase", who, at, NOW, data))


def _read(db: Database, people: int) -> float:
    """Median ms for balances, tier and the newest 50 rows of a member's timeline."""
    chance = Random(people)
    versions = Versions(1)
    spent: list[float] = []
    for _ in range(200):
        ref = MemberRef(None, "card", str(chance.randint(1, people)))
        began = time.perf_counter()
        points.purse(db, versions, ref, at=NOW, now=NOW)
        members.standing(db, versions, ref, NOW)
        timelines.timeline(db, versions, ref, before=None, types=(), limit=50)
        spent.append((time.perf_counter() - began) * 1000)
    return middle(spent)
