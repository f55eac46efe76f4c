"""The pool, its transactions and what is tried again, on a real PostgreSQL."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from os import getpid, kill
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo
from tests.conftest import administer

from regulars.domain.errors import DatabaseUnusable
from regulars.storage import database, embedded
from regulars.storage.arrays import int_array
from regulars.storage.database import DEPLOYMENT, Database, Tx


@pytest.fixture
def db(empty_url: str) -> Iterator[Database]:
    """A database without any of our tables, in which these tests make their own."""
    with closing(Database(empty_url)) as database:
        yield database


def a_table(db: Database) -> None:
    with db.transaction(DEPLOYMENT) as tx:
        tx.execute("create table tally (id int primary key, hits int not null)")
        tx.execute("insert into tally values (1, 0), (2, 0)")


def hits(db: Database) -> list[int]:
    """Asked patiently: a server that was killed may have served us to the end and die only now."""
    query = "select hits from tally order by id"
    return db.retrying(DEPLOYMENT, lambda tx: [row[0] for row in tx.execute(query).fetchall()])


def hit(tx: Tx, row: int) -> None:
    tx.execute("update tally set hits = hits + 1 where id = %s", [row])


def failing_times(times: int, error: Exception) -> Callable[[Tx], int]:
    """Work that raises `error` so often, and then returns how often it was called."""
    calls = iter(range(1, 100))

    def work(tx: Tx) -> int:
        hit(tx, 1)
        call = next(calls)
        if call <= times:
            raise error
        return call

    return work


def test_a_block_that_ends_commits_and_one_that_raises_leaves_nothing(db: Database) -> None:
    a_table(db)
    with db.transaction(DEPLOYMENT) as tx:
        hit(tx, 1)
    with pytest.raises(KeyError), db.transaction(DEPLOYMENT) as tx:
        failing_times(1, KeyError())(tx)
    assert hits(db) == [1, 0]


def test_a_session_speaks_utc_and_has_its_time_limited(db_url: str) -> None:
    with (
        closing(Database(db_url, statement_timeout_s=7, idle_timeout_s=9)) as db,
        db.transaction(DEPLOYMENT) as tx,
    ):
        names = ("TimeZone", "statement_timeout", "idle_in_transaction_session_timeout")
        query = "select current_setting(%s), current_setting(%s), current_setting(%s)"
        assert tx.execute(query, names).fetchone() == ("UTC", "7s", "9s")


def test_two_transactions_that_deadlock_both_go_through(db: Database) -> None:
    a_table(db)
    meet = threading.Barrier(2)
    attempts: list[int] = []

    def cross(first: int, second: int) -> None:
        def work(tx: Tx) -> None:
            attempts.append(first)
            hit(tx, first)
            if len(attempts) <= 2:
                meet.wait(10)
            hit(tx, second)

        db.retrying(DEPLOYMENT, work)

    threads = [threading.Thread(target=cross, args=rows) for rows in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hits(db) == [2, 2]
    assert len(attempts) == 3


def test_a_read_that_went_stale_is_read_again(db: Database, empty_url: str) -> None:
    a_table(db)
    option = "-c default_transaction_isolation=serializable"
    strict = Database(make_conninfo(empty_url, options=option), pool_size=1)
    rivals = iter([True, False])

    def work(tx: Tx) -> None:
        found = tx.execute("select hits from tally where id = 1").fetchone()
        assert found is not None
        if next(rivals):
            with db.transaction(DEPLOYMENT) as rival:
                hit(rival, 1)
        tx.execute("update tally set hits = %s where id = 1", [found[0] + 10])

    with closing(strict):
        strict.retrying(DEPLOYMENT, work)
    assert hits(db) == [11, 0]


def test_the_caller_may_name_further_errors_to_try_again(db: Database) -> None:
    a_table(db)
    work = failing_times(2, errors.UniqueViolation())
    assert db.retrying(DEPLOYMENT, work, retry_on=(errors.UniqueViolation,)) == 3
    assert hits(db) == [1, 0]


def test_the_last_attempt_raises_what_it_met(db: Database) -> None:
    a_table(db)
    with pytest.raises(errors.SerializationFailure):
        db.retrying(DEPLOYMENT, failing_times(3, errors.SerializationFailure()), attempts=3)
    assert hits(db) == [0, 0]


@pytest.mark.parametrize(
    "error", [errors.UniqueViolation(), errors.QueryCanceled(), errors.DiskFull(), KeyError()]
)
def test_an_error_that_would_come_again_is_raised_at_once(db: Database, error: Exception) -> None:
    a_table(db)
    with pytest.raises(type(error)):
        db.retrying(DEPLOYMENT, failing_times(1, error))


def test_work_survives_the_loss_of_every_pooled_connection(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Database(empty_url, pool_size=4)) as db:
        a_table(db)
        meet = threading.Barrier(4)

        def hold() -> None:
            with db.transaction(DEPLOYMENT) as tx:
                tx.execute("select 1")
                meet.wait(10)

        threads = [threading.Thread(target=hold) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with psycopg.connect(empty_url) as killer:
            killer.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        db.retrying(DEPLOYMENT, lambda tx: hit(tx, 1), attempts=2)
        assert hits(db) == [1, 0]


def test_work_survives_the_death_of_the_server(data: Path) -> None:
    url = embedded.owner_url(embedded.ensure_running(data))
    with closing(Database(url, revive=lambda: _revive(data))) as db:
        a_table(db)
        died = threading.Event()

        def work(tx: Tx) -> None:
            hit(tx, 1)
            if not died.is_set():
                died.set()
                server = embedded.status(data)
                assert server.pid is not None
                kill(server.pid, signal.SIGKILL)
            hit(tx, 2)

        begun = time.monotonic()
        db.retrying(DEPLOYMENT, work)
        assert died.is_set()
        assert hits(db) == [1, 1]
        assert time.monotonic() - begun < 20


def _revive(data: Path) -> None:
    embedded.ensure_running(data)


def test_a_server_that_does_not_answer_is_refused_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="No such file or directory"):
        Database(make_conninfo(host=str(tmp_path), user="regulars", dbname="regulars"))


def test_a_server_that_is_too_old_is_refused(db_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LEAST_SERVER_VERSION", 990_000)
    with pytest.raises(DatabaseUnusable, match="PostgreSQL 99 or later is needed"):
        Database(db_url)


def test_a_database_in_another_encoding_is_refused(server_url: str) -> None:
    name = f"regulars_test_{getpid()}_latin"
    administer(
        server_url,
        "create database {} template template0 encoding 'LATIN1' locale 'C' locale_provider 'libc'",
        name,
    )
    try:
        with pytest.raises(DatabaseUnusable, match="it is LATIN1"):
            Database(make_conninfo(server_url, dbname=name))
    finally:
        administer(server_url, "drop database {}", name)


@pytest.mark.parametrize("gathered", [False, True])
def test_a_statement_larger_than_the_socket_takes_at_once_goes_through_a_pipeline(
    db: Database, gathered: bool
) -> None:
    """The server answers nothing before it has all of it, so nobody may only wait for answers."""
    large = int_array(range(2_000_000))

    def travel() -> int | None:
        with db.pipeline(1, gathered=gathered) as tx:
            asked = tx.execute("select cardinality(%s::bigint[])", [large])
            tx.execute("select cardinality(%s::bigint[])", [large])
            row = asked.fetchone()
            tx.execute("select cardinality(%s::bigint[])", [large])
        return None if row is None else row[0]

    answer: Future[int | None] = Future()
    Thread(target=lambda: answer.set_result(travel()), daemon=True).start()
    assert answer.result(timeout=30) == 2_000_000
