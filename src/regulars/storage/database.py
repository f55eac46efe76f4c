"""The pool of PostgreSQL connections: where a transaction begins, ends, and is tried again."""

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, errors
from psycopg_pool import ConnectionPool, PoolTimeout

from regulars.domain.errors import DatabaseUnusable, InvalidInput

T = TypeVar("T")

Tx = Connection[tuple[Any, ...]]
"""A connection inside an open transaction. Storage functions take it; none of them commits."""

Later = Callable[[], T]
"""An answer that is on its way: statements asked one after the other inside `tx.pipeline()` travel
together, and the first that is called waits for all."""

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
MIGRATION_LOCK = 0x7265_6775_6C61_7273
"""The advisory lock that one migrating process holds; the letters spell the product."""

LEAST_SERVER_VERSION = 150_000
CONNECT_TIMEOUT_S = 10
CHECKOUT_TIMEOUT_S = 30.0
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 1.0

LOST_STATES = frozenset({"57P01", "57P02", "57P03", "53300"})
"""The server goes down, crashed, comes up, or has no slot left: it will take us again later."""

RIVALRY = (errors.DeadlockDetected, errors.SerializationFailure)
"""Another transaction was in the way; alone, the same work goes through."""

RACES = (errors.UniqueViolation,)
"""Somebody wrote the same key at the same moment; on another look it is found."""

# All but a snapshot's statements look up rows by key. Planned once, for indexes, they are right for
# any size of table; a plan made while a table was empty would go on reading all of it.
PREPARE_SESSION = """
select set_config('TimeZone', 'UTC', false),
       set_config('statement_timeout', %s, false),
       set_config('idle_in_transaction_session_timeout', %s, false),
       set_config('enable_seqscan', 'off', false),
       set_config('plan_cache_mode', 'force_generic_plan', false)
"""

ONE_INSTANT = "set transaction isolation level repeatable read, read only"

READ_MUCH = """
select set_config('statement_timeout', '0', true), set_config('enable_seqscan', 'on', true),
       set_config('plan_cache_mode', 'auto', true)
"""

BEGIN_MIGRATION = """
select set_config('statement_timeout', '0', true),
       set_config('lock_timeout', '0', true),
       pg_advisory_xact_lock(%s)
"""

# Waiting for a busy table queues every later query behind us: give up soon, and come again.
LIMIT_LOCK_WAIT = "select set_config('lock_timeout', '5s', true)"

CREATE_MIGRATION_TABLE = """
create table if not exists migration (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
)
"""


class Database:
    """Hands out transactions. Nothing outside this class commits or rolls back.

    `revive` is called when the connection is lost, before the next attempt; it may start the
    server again. Raises DatabaseUnusable when the server cannot be reached or does not fit.
    """

    def __init__(
        self,
        url: str,
        *,
        migrations: Path = MIGRATIONS,
        pool_size: int = 8,
        statement_timeout_s: int = 60,
        idle_timeout_s: int = 60,
        revive: Callable[[], None] | None = None,
    ) -> None:
        self._migrations = migrations
        self._revive = revive
        self._timeouts = (f"{statement_timeout_s}s", f"{idle_timeout_s}s")
        _refuse_unfit_server(url)
        self._pool: ConnectionPool[Tx] = ConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            timeout=CHECKOUT_TIMEOUT_S,
            kwargs={"connect_timeout": CONNECT_TIMEOUT_S, "client_encoding": "UTF8"},
            configure=self._prepare_session,
            name="regulars",
            open=True,
        )

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Commit when the block ends, roll back when it raises."""
        with self._pool.connection() as tx:
            yield tx

    @contextmanager
    def pipeline(self) -> Iterator[Tx]:
        """A transaction whose statements travel together: each answer is waited for only when it
        is asked for, and the commit goes out with the last of them."""
        with self._pool.connection() as tx, tx.pipeline():
            yield tx
            tx.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A transaction that only reads and sees one instant throughout, however long it takes."""
        with self._pool.connection() as tx:
            tx.execute(ONE_INSTANT)
            tx.execute(READ_MUCH)
            yield tx

    def retrying(
        self,
        work: Callable[[Tx], T],
        attempts: int = 5,
        *,
        retry_on: tuple[type[psycopg.Error], ...] = (),
        in_pipeline: bool = False,
    ) -> T:
        """Run `work` in a transaction of its own, again when that may help; returns its result.

        Again after a deadlock, a serialization failure, a lost connection and `retry_on`, with a
        growing pause. After a loss the commit may have happened: `work` must be safe to repeat.
        `in_pipeline`: see `pipeline`.
        Raises what the last attempt raised.
        """
        assert attempts >= 1
        begin = self.pipeline if in_pipeline else self.transaction
        again: tuple[type[psycopg.Error], ...] = (*RIVALRY, *retry_on)
        for attempt in range(1, attempts):
            try:
                with begin() as tx:
                    return work(tx)
            except again:
                _pause(attempt)
            except psycopg.OperationalError as error:
                if not is_lost(error):
                    raise
                _pause(attempt)
                self._reconnect()
        with begin() as tx:
            return work(tx)

    def migrate(self) -> list[str]:
        """Apply the migrations that this database has not seen; returns their names in order.

        Each has a transaction of its own. Safe to repeat and to run in many processes at once.
        Raises DatabaseUnusable when a migration that was applied has changed since.
        """
        applied: list[str] = []
        texts = _read_migrations(self._migrations)
        while True:
            name = self.retrying(
                lambda tx: _apply_next(tx, texts), retry_on=(errors.LockNotAvailable,)
            )
            if name is None:
                return applied
            applied.append(name)

    def missing_migrations(self) -> list[str]:
        """The names of those that `migrate` would still apply."""
        with self.transaction() as tx:
            is_there = tx.execute("select to_regclass('migration') is not null").fetchone() == (
                True,
            )
            rows = tx.execute("select name from migration").fetchall() if is_there else []
        seen = {name for (name,) in rows}
        return [name for name in _read_migrations(self._migrations) if name not in seen]

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def _prepare_session(self, connection: Tx) -> None:
        connection.execute(PREPARE_SESSION, self._timeouts)
        connection.commit()

    def _reconnect(self) -> None:
        """Revive the server, then replace the pool's dead connections."""
        if self._revive is not None:
            self._revive()
        self._pool.check()


def is_lost(error: psycopg.OperationalError) -> bool:
    """Whether `error` says that the connection, not the statement, failed."""
    state = error.sqlstate
    return state is None or state.startswith("08") or state in LOST_STATES


def is_unreachable(error: BaseException) -> bool:
    """Whether `error` says that the database is not there, so that trying less would not help."""
    if isinstance(error, PoolTimeout):
        return True
    return isinstance(error, psycopg.OperationalError) and is_lost(error)


def _pause(attempt: int) -> None:
    """Sleep before the next attempt, by chance shorter or longer, so that rivals come apart."""
    longest = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**attempt)
    time.sleep(longest * random.uniform(0.5, 1.0))  # noqa: S311  # no secret hangs on it


def _refuse_unfit_server(url: str) -> None:
    """Raises DatabaseUnusable unless a PostgreSQL that we can work with answers at `url`."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as error:
        raise DatabaseUnusable(f"The database does not take a connection: {error}") from error
    if version < LEAST_SERVER_VERSION:
        raise DatabaseUnusable(
            f"PostgreSQL {LEAST_SERVER_VERSION // 10_000} or later is needed; "
            f"this server is version {version // 10_000}."
        )
    if encoding != "UTF8":
        raise DatabaseUnusable(f"The database must be encoded as UTF8; it is {encoding}.")


def _read_migrations(folder: Path) -> dict[str, bytes]:
    """Name to text, in the order of the names."""
    texts: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.sql")):
        assert MIGRATION_NAME.fullmatch(path.name), f"{path.name} is not called NNNN_what.sql"
        texts[path.name] = path.read_bytes().replace(b"\r\n", b"\n")
    assert len({name[:4] for name in texts}) == len(texts), "two migrations share a number"
    return texts


def _apply_next(tx: Tx, texts: dict[str, bytes]) -> str | None:
    """Apply the first of `texts` that is new here; returns its name, or None when none is.

    Migrations that only the database knows belong to a newer release, and are let be.
    """
    tx.execute(BEGIN_MIGRATION, [MIGRATION_LOCK])
    tx.execute(LIMIT_LOCK_WAIT)
    tx.execute(CREATE_MIGRATION_TABLE)
    seen: dict[str, str] = dict(tx.execute("select name, sha256 from migration").fetchall())
    digests = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
    for name, digest in digests.items():
        if seen.get(name, digest) != digest:
            raise DatabaseUnusable(f"Migration {name} was changed after it had been applied here.")
    fresh = next((name for name in texts if name not in seen), None)
    if fresh is not None:
        tx.execute(texts[fresh])
        tx.execute("insert into migration (name, sha256) values (%s, %s)", [fresh, digests[fresh]])
    return fresh


JSON_SEAM = "\x01"
MOST_WRITTEN = 10_000
# An event's instant is written some four times in a batch: as its own, its transfer's, its lot's.
_written: dict[datetime, str] = {}


def int_array(values: Iterable[int | None]) -> str:
    """A PostgreSQL array literal, for `%s::bigint[]`; None becomes null."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def text_array(values: Iterable[str | None]) -> str:
    """A PostgreSQL array literal, for `%s::text[]`; None becomes null.

    Raises InvalidInput for what PostgreSQL cannot store: the NUL character, half a surrogate pair.
    """
    items = list(values)
    if not items:
        return "{}"
    try:
        text = "\0".join(items)  # type: ignore[arg-type]  # a None among them is answered below
    except TypeError:
        return "{" + ",".join(map(_quoted, items)) + "}"
    if text.count("\0") != len(items) - 1:
        raise InvalidInput("A text may not contain the NUL character.")
    _refuse_surrogates(text)
    # The escapes are done over all items at once: NUL, which no item contains, marks the seams.
    return '{"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","') + '"}'


def json_texts(values: Iterable[str]) -> str:
    """JSON texts for `string_to_array(%s, E'\\x01')`, where a `text[]` is asked for.

    JSON writes control characters as escapes, so one of them can stand between the texts: nothing
    has to be quoted here and unquoted there, which for texts full of quotation marks is much.
    """
    items = list(values)
    text = JSON_SEAM.join(items)
    assert text.count(JSON_SEAM) == max(len(items) - 1, 0), "this is not JSON"
    return text


def time_array(values: Iterable[datetime | None]) -> str:
    """A PostgreSQL array literal, for `%s::timestamptz[]`; the instants are aware."""
    return "{" + ",".join(map(_instant, values)) + "}"


def _instant(value: datetime | None) -> str:
    if value is None:
        return "NULL"
    known = _written.get(value)
    if known is None:
        assert value.tzinfo is not None, "an instant without a zone is no instant"
        if len(_written) >= MOST_WRITTEN:
            _written.clear()
        known = _written[value] = value.isoformat()
    return known


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    if "\0" in value:
        raise InvalidInput("A text may not contain the NUL character.")
    _refuse_surrogates(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _refuse_surrogates(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("A text contains half a surrogate pair.") from error
