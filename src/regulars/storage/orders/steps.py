"""What happened to orders, and what came back of them, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Tx

ADD = """
insert into order_step (organization_id, order_id, at, what, actor, facts)
select %(organization)s, order_id, at, what, actor, facts
from unnest(%(orders)s::bigint[], %(at)s::timestamptz[], %(what)s::text[], %(actors)s::text[],
            %(facts)s::text[])
    as fresh (order_id, at, what, actor, facts)
"""

OF_ORDER = """
select order_id, at, what, actor, facts from order_step
where organization_id = %s and order_id = %s
order by id
limit %s
"""

RETURNS = """
select order_id, external_id, digest::text, lines, money, points, event_id, answer, returned_at,
       returned_by
from order_return
where organization_id = %s and order_id = %s
order by id
"""

ADD_RETURN = """
insert into order_return (organization_id, order_id, external_id, digest, lines, money, points,
                          event_id, answer, returned_at, returned_by)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an order. `facts`: JSON text, or empty."""

    order_id: int
    at: datetime
    what: str
    actor: str
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back of an order at once. `lines` and `answer` are JSON text."""

    order_id: int
    external_id: str
    digest: str
    lines: str
    money: int
    points: int
    event_id: int
    answer: str
    returned_at: datetime
    returned_by: str


def add(tx: Tx, organization: int, steps: Sequence[Step]) -> None:
    """Write what happened, set-wise."""
    if not steps:
        return
    tx.execute(
        ADD,
        {
            "organization": organization,
            "orders": int_array(one.order_id for one in steps),
            "at": time_array(one.at for one in steps),
            "what": text_array(one.what for one in steps),
            "actors": text_array(one.actor for one in steps),
            "facts": text_array(one.facts for one in steps),
        },
    )


def of(tx: Tx, organization: int, order_id: int) -> list[Step]:
    """What happened to one order, oldest first; the first MOST_STEPS."""
    rows = tx.execute(OF_ORDER, [organization, order_id, MOST_STEPS]).fetchall()
    return [Step(*row) for row in rows]


def returns(tx: Tx, organization: int, order_id: int) -> list[Returned]:
    """What came back of one order, oldest first."""
    rows = tx.execute(RETURNS, [organization, order_id]).fetchall()
    return [Returned(row[0], row[1], row[2].replace("-", ""), *row[3:]) for row in rows]


def add_return(tx: Tx, organization: int, one: Returned) -> None:
    """Write what came back. Raises UniqueViolation when its key is there already."""
    tx.execute(
        ADD_RETURN,
        [
            organization, one.order_id, one.external_id, one.digest, one.lines, one.money,
            one.points, one.event_id, one.answer, one.returned_at, one.returned_by,
        ],
    )  # fmt: skip
