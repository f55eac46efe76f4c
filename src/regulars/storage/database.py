"""The pool of PostgreSQL connections: where a transaction begins, ends, and is tried again."""

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, errors
from psycopg_pool import ConnectionPool, PoolTimeout

from regulars.domain.errors import DatabaseUnusable
from regulars.storage import grants
from regulars.storage.flushing import Flushing, gathering

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

# Row-level security shows and takes rows of this organization only, until the transaction ends.
ENTER = "select set_config('regulars.organization', %s, true)"

DEPLOYMENT = 0
"""Stands where an organization is asked for, for what is the deployment's: the list of its
organizations, and what was revoked. No row of an organization is seen under it."""

ROLE = """
select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user
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

MAY_READ_MIGRATIONS = """
select coalesce(has_table_privilege(to_regclass('migration'), 'select'), false)
"""

CREATE_MIGRATION_TABLE = """
create table if not exists migration (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
)
"""


class Database:
    """Hands out transactions. Nothing outside this class commits or rolls back.

    Each transaction is of one organization, and row-level security keeps it there. `owner_url` is
    the role that owns the tables, for migrations alone; without it that of `url` has to own them,
    and the policies bind it all the same. `revive` is called when the connection is lost, before
    the next attempt; it may start the server again. Raises DatabaseUnusable when the server cannot
    be reached or does not fit.
    """

    def __init__(
        self,
        url: str,
        *,
        owner_url: str | None = None,
        migrations: Path = MIGRATIONS,
        pool_size: int = 8,
        statement_timeout_s: int = 60,
        idle_timeout_s: int = 60,
        revive: Callable[[], None] | None = None,
    ) -> None:
        self._migrations = migrations
        self._owner_url = owner_url or url
        self._has_owner = owner_url is not None
        self._revive = revive
        self._timeouts = (f"{statement_timeout_s}s", f"{idle_timeout_s}s")
        self._role = _refuse_unfit_server(url)
        self._pool: ConnectionPool[Tx] = ConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            timeout=CHECKOUT_TIMEOUT_S,
            connection_class=Flushing,
            kwargs={"connect_timeout": CONNECT_TIMEOUT_S, "client_encoding": "UTF8"},
            configure=self._prepare_session,
            name="regulars",
            open=True,
        )

    @contextmanager
    def transaction(self, organization: int) -> Iterator[Tx]:
        """Commit when the block ends, roll back when it raises."""
        with self._pool.connection() as tx:
            tx.execute(ENTER, [str(organization)])
            yield tx

    @contextmanager
    def pipeline(self, organization: int, *, gathered: bool = False) -> Iterator[Tx]:
        """A transaction whose statements travel together: each answer is waited for only when it
        is asked for, and the commit goes out with the last of them. `gathered`: see `gathering`."""
        with self._pool.connection() as tx, gathering(tx) if gathered else tx.pipeline():
            tx.execute(ENTER, [str(organization)])
            yield tx
            tx.commit()

    @contextmanager
    def snapshot(self, organization: int) -> Iterator[Tx]:
        """A transaction that only reads and sees one instant throughout, however long it takes."""
        with self._pool.connection() as tx:
            tx.execute(ONE_INSTANT)
            tx.execute(READ_MUCH)
            tx.execute(ENTER, [str(organization)])
            yield tx

    def retrying(
        self,
        organization: int,
        work: Callable[[Tx], T],
        attempts: int = 5,
        *,
        retry_on: tuple[type[psycopg.Error], ...] = (),
        in_pipeline: bool = False,
        gathered: bool = False,
    ) -> T:
        """Run `work` in a transaction of its own, again when that may help; returns its result.

        Again after a deadlock, a serialization failure, a lost connection and `retry_on`, with a
        growing pause. After a loss the commit may have happened: `work` must be safe to repeat.
        `in_pipeline`, `gathered`: see `pipeline`.
        Raises what the last attempt raised.
        """
        begin = partial(self.pipeline, gathered=gathered) if in_pipeline else self.transaction
        return self._again(lambda: begin(organization), work, attempts, retry_on)

    def _again(
        self,
        begin: Callable[[], AbstractContextManager[Tx]],
        work: Callable[[Tx], T],
        attempts: int,
        retry_on: tuple[type[psycopg.Error], ...],
    ) -> T:
        assert attempts >= 1
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
        Raises DatabaseUnusable when a migration that was applied has changed since, and when our
        role may not make tables.
        """
        if not self._has_owner and not self.missing_migrations():
            return []
        applied: list[str] = []
        texts = _read_migrations(self._migrations)
        while True:
            name = self._again(
                self._as_owner,
                lambda tx: _apply_next(tx, texts, self._role),
                attempts=5,
                retry_on=(errors.LockNotAvailable,),
            )
            if name is None:
                return applied
            applied.append(name)

    @contextmanager
    def _as_owner(self) -> Iterator[Tx]:
        """A transaction of the role that owns the tables, on a connection of its own."""
        with psycopg.connect(
            self._owner_url, connect_timeout=CONNECT_TIMEOUT_S, client_encoding="UTF8"
        ) as tx:
            try:
                yield tx
            except errors.InsufficientPrivilege as error:
                raise DatabaseUnusable(
                    f"The database role {tx.info.user!r} does not own the tables and cannot "
                    "migrate. Set REGULARS_OWNER_DATABASE_URL to the address with the role that "
                    "does, and run regulars db migrate."
                ) from error

    def missing_migrations(self) -> list[str]:
        """The names of those that `migrate` would still apply."""
        with self.transaction(DEPLOYMENT) as tx:
            (may_read,) = tx.execute(MAY_READ_MIGRATIONS).fetchone() or (False,)
            rows = tx.execute("select name from migration").fetchall() if may_read else []
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


def _refuse_unfit_server(url: str) -> str:
    """The role that we are at `url`. Raises DatabaseUnusable unless a PostgreSQL that we can work
    with answers there, and the role is one that row-level security binds."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
            role = connection.execute(ROLE).fetchone()
    except psycopg.Error as error:
        raise DatabaseUnusable(f"The database does not take a connection: {error}") from error
    if version < LEAST_SERVER_VERSION:
        raise DatabaseUnusable(
            f"PostgreSQL {LEAST_SERVER_VERSION // 10_000} or later is needed; "
            f"this server is version {version // 10_000}."
        )
    if encoding != "UTF8":
        raise DatabaseUnusable(f"The database must be encoded as UTF8; it is {encoding}.")
    assert role is not None, "whoever is connected has a role"
    if role[1]:
        raise DatabaseUnusable(
            f"Row-level security does not bind the database role {role[0]!r}: it is a superuser or "
            "has BYPASSRLS. Give Regulars a role of its own: create role regulars login password "
            "'...'; create database regulars owner regulars."
        )
    return str(role[0])


def _read_migrations(folder: Path) -> dict[str, bytes]:
    """Name to text, in the order of the names."""
    texts: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.sql")):
        assert MIGRATION_NAME.fullmatch(path.name), f"{path.name} is not called NNNN_what.sql"
        texts[path.name] = path.read_bytes().replace(b"\r\n", b"\n")
    assert len({name[:4] for name in texts}) == len(texts), "two migrations share a number"
    return texts


def _apply_next(tx: Tx, texts: dict[str, bytes], role: str) -> str | None:
    """Apply the first of `texts` that is new here; returns its name, or None when none is. `role`
    is the one that works with the tables: what it may do is set each time.

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
    else:
        grants.allow(tx, role)
    return fresh
