"""What a few orders and holds cost does not grow with how many there are."""

import psycopg
import pytest
from tests.conftest import owner_url
from tests.storage.planning import looks

from regulars.storage import ledger
from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Database, Tx
from regulars.storage.orders import orders

MANY, FEW = 3_000, 5

MEMBERS = """
insert into member (organization_id, enrolled_at)
select 1, now() from generate_series(1, %s)
returning id
"""
ORDERS = """
insert into customer_order (
    id, organization_id, member_id, source, external_id, state, revision, digest, version, currency,
    total, discount, payable, cart, quote, opened_at, expires_at, opened_by
)
select number, 1, member_id, 'till', 'no-' || number, 'open', 1, gen_random_uuid(), 1, 'USD', 0, 0,
       0, '{}', '{}', now(), now() + interval '1 hour', 'key:1'
from unnest(%s::bigint[]) with ordinality as one (member_id, number)
"""
HOLDS = """
insert into hold (id, organization_id, member_id, event_id, amount, opened_at, expires_at, currency,
                  state, parts)
select number, 1, member_id, number, 1, now(), now() + interval '1 hour', 'points', 'open', '[]'
from unnest(%s::bigint[]) with ordinality as one (member_id, number)
"""


@pytest.fixture(params=["untouched", "vacuumed"])
def empty(request: pytest.FixtureRequest, db: Database, db_url: str) -> Database:
    """A database that knows nothing of its tables, and one that takes them for empty."""
    if request.param == "vacuumed":
        with psycopg.connect(owner_url(db_url), autocommit=True) as owner:
            owner.execute("vacuum analyze customer_order, hold, member")
    return db


def filled(tx: Tx, statement: str) -> list[int]:
    """So many orders or holds, each of a member of its own: who they are."""
    people = [number for (number,) in tx.execute(MEMBERS, [MANY])]
    tx.execute(statement, [int_array(people)])
    return people


@pytest.mark.parametrize("statement", ["named", "numbered"])
@pytest.mark.parametrize("first", [1, MANY + 1], ids=["there", "new"])
def test_a_few_orders_are_locked_without_reading_the_others(
    empty: Database, statement: str, first: int
) -> None:
    numbers = range(first, first + FEW)
    asked: dict[str, object] = {
        "organization": 1,
        "sources": text_array(["till"] * FEW),
        "external_ids": text_array(f"no-{number}" for number in numbers),
        "ids": int_array(numbers),
    }
    text = {"named": orders.LOCK_NAMED, "numbered": orders.LOCK}[statement]
    with empty.transaction(1) as tx, looks(tx, text) as look:
        look(asked)
        filled(tx, ORDERS)
        assert look(asked) <= 4 * FEW


def test_what_a_few_hold_is_read_without_what_the_others_hold(empty: Database) -> None:
    with empty.transaction(1) as tx, looks(tx, ledger.HOLDS) as look:
        look({"organization": 1, "members": int_array([])})
        people = filled(tx, HOLDS)
        assert look({"organization": 1, "members": int_array(people[:FEW])}) <= 4 * FEW
