"""Statements that travel together are one transaction, whichever way they are sent."""

import pytest
from psycopg import errors

from regulars.storage.database import Database

ENROL = "insert into member (organization_id, enrolled_at) values (1, now())"
BOTH_WAYS = pytest.mark.parametrize("gathered", [False, True], ids=["one by one", "gathered"])


def members_of(db: Database) -> int:
    with db.transaction(1) as tx:
        (count,) = tx.execute("select count(*) from member").fetchone() or (0,)
    return int(count)


@BOTH_WAYS
def test_a_pipeline_is_one_transaction_and_keeps_what_nobody_asked_after(
    db: Database, gathered: bool
) -> None:
    with db.pipeline(1, gathered=gathered) as tx:
        tx.execute(ENROL)
        (before,) = tx.execute("select count(*) from member").fetchone() or (0,)
        tx.execute(ENROL)
        numbers = [tx.execute("select txid_current()") for _ in range(3)]
        assert len({row for one in numbers for row in one.fetchall()}) == 1
        tx.execute(ENROL)
    assert (before, members_of(db)) == (1, 3)


@BOTH_WAYS
def test_a_pipeline_that_we_leave_keeps_nothing(db: Database, gathered: bool) -> None:
    def leave() -> None:
        with db.pipeline(1, gathered=gathered) as tx:
            tx.execute(ENROL)
            tx.execute("select 1").fetchone()
            tx.execute(ENROL)
            raise KeyError

    with pytest.raises(KeyError):
        leave()
    assert members_of(db) == 0


@BOTH_WAYS
def test_a_pipeline_in_which_a_statement_fails_keeps_nothing(db: Database, gathered: bool) -> None:
    def fail() -> None:
        with db.pipeline(1, gathered=gathered) as tx:
            tx.execute(ENROL)
            tx.execute("select 1 / 0")
            tx.execute(ENROL)

    with pytest.raises(errors.DivisionByZero):
        fail()
    assert members_of(db) == 0
