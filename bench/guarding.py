"""What it costs to know who calls, and to keep organizations apart: single events over HTTP as the
product serves them, and without either, in turns."""

import psycopg

from bench.http import SECONDS, single_events
from bench.yard import Figure, Yard, middle, serving, unbound

TABLES = """
select c.oid::regclass::text from pg_class c
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relrowsecurity
"""


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """guarded_single: with a signed token and row-level security, to neither of them."""
    guarded, unguarded = yard.database("guarded"), yard.database("unguarded")
    _take_guards_away(unguarded)
    with_both: list[float] = []
    with_none: list[float] = []
    with (
        serving(guarded, yard.folder) as shop,
        serving(unguarded, yard.folder, is_open=True) as opened,
    ):
        for each in (shop, opened):
            single_events(each, "warm", 3)
        for turn in range(repeats):
            with_none.append(single_events(opened, f"run{turn}", SECONDS))
            with_both.append(single_events(shop, f"run{turn}", SECONDS))
    ratio = middle([a / b for a, b in zip(with_both, with_none, strict=True)])
    figure = Figure(
        "guarded_single", middle(with_both), "events/s", middle(with_none), ratio, repeats
    )
    return [figure]


def _take_guards_away(conninfo: str) -> None:
    with psycopg.connect(unbound(conninfo)) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(f"alter table {table} disable row level security".encode())
