"""What a few limits cost does not grow with how many there are: not even without statistics."""

from collections.abc import Iterator
from typing import Any

import pytest

from regulars.storage.arrays import int_array, text_array
from regulars.storage.database import Database
from regulars.storage.limits import quotas, reservations

MANY, FEW = 6_000, 5

FILL = """
insert into quota (organization_id, kind, subject, member_id, period)
select 1, 'benefit', 'promo_' || number, 0, '' from generate_series(1, %s) as number
returning id
"""
KEYS = {
    "organization": 1,
    "kinds": text_array(["benefit"] * FEW),
    "subjects": text_array(f"promo_{number}" for number in range(1, FEW + 1)),
    "members": int_array([0] * FEW),
    "periods": text_array([""] * FEW),
}


def _rows(node: dict[str, Any]) -> Iterator[float]:
    yield node["Actual Rows"] * node["Actual Loops"]
    for inner in node.get("Plans", ()):
        yield from _rows(inner)


@pytest.mark.parametrize("statement", ["lock", "count"])
def test_a_few_limits_are_found_without_reading_the_others(db: Database, statement: str) -> None:
    with db.transaction(1) as tx:
        # Planned while the table is empty, as on the first day of a shop.
        ids = [number for (number,) in tx.execute(FILL, [MANY])]
        taken = {"organization": 1, "quotas": int_array(ids[:FEW]), "used": int_array([0] * FEW),
                 "reserved": int_array([1] * FEW)}  # fmt: skip
        text, asked = {
            "lock": (quotas.LOCK, KEYS),
            "count": (reservations.COUNT_TAKEN, taken),
        }[statement]
        found = tx.execute(f"explain (analyze, format json) {text}", asked).fetchone()
    assert found is not None
    assert max(_rows(found[0][0]["Plan"])) <= 4 * FEW
