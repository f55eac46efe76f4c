"""What a few orders cost does not grow with how many there are."""

import pytest
from tests.storage.planning import looks

from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Database
from regulars.storage.orders import orders

MANY, FEW = 3_000, 5

FILL = """
with made as (
    insert into member (organization_id, enrolled_at) values (1, now()) returning id
)
insert into customer_order (
    id, organization_id, member_id, source, external_id, state, revision, digest, version, currency,
    total, discount, payable, cart, quote, opened_at, expires_at, opened_by
)
select number, 1, made.id, 'till', 'no-' || number, 'open', 1, gen_random_uuid(), 1, 'USD', 0, 0, 0,
       '{}', '{}', now(), now() + interval '1 hour', 'key:1'
from made, generate_series(1, %s) as number
"""
STATEMENTS = {"named": orders.LOCK_NAMED, "numbered": orders.LOCK}


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("first", [1, MANY + 1], ids=["there", "new"])
def test_a_few_orders_are_locked_without_reading_the_others(
    db: Database, statement: str, first: int
) -> None:
    numbers = range(first, first + FEW)
    asked: dict[str, object] = {
        "organization": 1,
        "sources": text_array(["till"] * FEW),
        "external_ids": text_array(f"no-{number}" for number in numbers),
        "ids": int_array(numbers),
    }
    with db.transaction(1) as tx, looks(tx, STATEMENTS[statement]) as look:
        look(asked)
        tx.execute(FILL, [MANY])
        assert look(asked) <= 4 * FEW
