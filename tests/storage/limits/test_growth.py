"""What a few limits cost does not grow with how many there are."""

import pytest
from tests.storage.limits.test_limits import NOW, SOON
from tests.storage.planning import looks

from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Database
from regulars.storage.limits import quotas, reservations

MANY, FEW = 6_000, 5

FILL = """
insert into quota (organization_id, kind, subject, member_id, period)
select 1, 'benefit', 'promo_' || number, 0, '' from generate_series(1, %s) as number
returning id
"""
MEMBER = "insert into member (organization_id, enrolled_at) values (1, now()) returning id"
KEYS = {
    "organization": 1,
    "now": NOW,
    "kinds": text_array(["benefit"] * FEW),
    "subjects": text_array(f"promo_{number}" for number in range(1, FEW + 1)),
    "members": int_array([0] * FEW),
    "periods": text_array([""] * FEW),
}

AT_ONCE = """
select id, used, reserved from quota
where organization_id = %(organization)s and id + 0 = any(array(
    select named.id
    from unnest(%(kinds)s::text[], %(subjects)s::text[], %(members)s::bigint[],
                %(periods)s::text[]) as asked (kind, subject, member_id, period)
    cross join lateral (
        select quota.id from quota
        where quota.organization_id = %(organization)s and quota.kind = asked.kind
            and quota.subject = asked.subject and quota.member_id = asked.member_id
            and quota.period = asked.period
        limit 1
    ) as named
))
order by id
for update
"""
"""As limits were once locked: what the planner took the table for decided how much was read. Here,
by `id + 0`, it takes the worst way for sure."""

STATEMENTS = {"lock": quotas.LOCK, "take": reservations.TAKE, "at once": AT_ONCE}


def asked(statement: str, ids: list[int], member: int) -> dict[str, object]:
    """What the statement is asked for limits with these numbers."""
    if statement != "take":
        return dict(KEYS)
    count = len(ids)
    return {
        "organization": 1, "now": NOW, "quotas": int_array(ids),
        "members": int_array([member] * count), "kinds": text_array(["order"] * count),
        "owners": int_array(range(1, count + 1)), "amounts": int_array([1] * count),
        "expires": time_array([SOON] * count), "by": text_array(["key:1"] * count),
    }  # fmt: skip


def looked_at(db: Database, statement: str) -> float:
    """The most rows that a step of the statement looks at for a few among many."""
    with db.transaction(1) as tx, looks(tx, STATEMENTS[statement]) as look:
        look(asked(statement, [], 0))
        ids = [number for (number,) in tx.execute(FILL, [MANY])]
        (member,) = tx.execute(MEMBER).fetchone() or (0,)
        return look(asked(statement, ids[:FEW], member))


@pytest.mark.parametrize("statement", ["lock", "take"])
def test_a_few_limits_are_found_without_reading_the_others(db: Database, statement: str) -> None:
    assert looked_at(db, statement) <= 4 * FEW


def test_a_statement_that_reads_the_others_is_noticed(db: Database) -> None:
    assert looked_at(db, "at once") >= MANY
