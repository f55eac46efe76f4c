"""How many rows a statement looks at, for a connection that planned it while there were none, as on
the first day of a shop."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import sql

from regulars.storage.database import Tx

TYPES = {"organization": "bigint", "now": "timestamptz"}
NAMED = re.compile(r"%\((\w+)\)s(?:::(\w+\[\]))?")

Look = Callable[[dict[str, object]], float]


@contextmanager
def looks(tx: Tx, text: str) -> Iterator[Look]:
    """What carries the statement out as it is planned now, and says the most rows that a step of
    the plan looked at."""
    names = _prepare(tx, text)
    yield lambda asked: _explained(tx, names, asked)
    tx.execute("deallocate asked")


def _prepare(tx: Tx, text: str) -> list[str]:
    """Let the server plan a statement once and for all; the names of what it asks for, in order."""
    found = {name: kind for name, kind in NAMED.findall(text) if kind or name in TYPES}
    names = list(found)
    kinds = ", ".join(TYPES.get(name) or found[name] for name in names)
    body = NAMED.sub(lambda one: f"${names.index(one[1]) + 1}", text)
    tx.execute(f"prepare asked ({kinds}) as {body}".encode())
    return names


def _explained(tx: Tx, names: list[str], asked: dict[str, object]) -> float:
    """The most rows that a step of the plan looked at."""
    values = sql.SQL(", ").join(sql.Literal(asked[name]) for name in names)
    query = sql.SQL("explain (analyze, format json) execute asked ({})").format(values)
    found = tx.execute(query).fetchone()
    assert found is not None
    return max(_rows(found[0][0]["Plan"]))


def _rows(node: dict[str, Any]) -> Iterator[float]:
    thrown_away = sum(count for name, count in node.items() if name.startswith("Rows Removed"))
    yield (node["Actual Rows"] + thrown_away) * node["Actual Loops"]
    for inner in node.get("Plans", ()):
        yield from _rows(inner)
