"""A real PostgreSQL for every test that asks for `db`: a database of its own, migrated and empty.

The server is the embedded one, in a folder of this run, shared by all test workers; or, when
REGULARS_TEST_DATABASE_URL is set, that one: its role must be no superuser, because row-level
security does not bind superusers, and must be allowed to create databases.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from regulars.gateways.key_services.file import FileKeys, create
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import veiling
from regulars.storage import cluster, embedded
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet

FOLDER = "REGULARS_TEST_FOLDER"
"""Tells the test workers where the run's server is."""

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "autovacuum": "off",
}
"""No test run outlives a power cut. Its databases are too small and short-lived to be vacuumed, and
one in which the server's own worker is busy could not be dropped."""

IN_MEMORY = Path("/dev/shm")
LEAST_FREE_BYTES = 2 * 1024**3
"""With less, as in a container, a disk is the safer place."""

# Waits until the test run ends, however it ends, and then leaves no server and no folder behind.
SWEEP = """
import shutil, sys
from pathlib import Path
from regulars.storage import embedded
sys.stdin.read()
folder = Path(sys.argv[1])
for lock in folder.glob("*/postgres.lock"):
    embedded.stop(lock.parent)
    shutil.rmtree((lock.parent / "postgres").resolve(), ignore_errors=True)
shutil.rmtree(folder, ignore_errors=True)
"""

# A machine that is busy with something else is no fault of the code. Where CI is set, hypothesis
# has a profile of its own, which also tries the same examples each time.
if "CI" not in os.environ:
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")

numbers = count()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Start the sweeper, once for all workers: its pipe closes even when we are killed."""
    if hasattr(config, "workerinput"):
        return
    # A database is some 400 files, and a disk takes ten times longer to make them.
    is_roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free >= LEAST_FREE_BYTES
    folder = Path(tempfile.mkdtemp(prefix="regulars-test-", dir=IN_MEMORY if is_roomy else None))
    folder.chmod(0o711)  # The server's account passes through it, when we are root.
    os.environ[FOLDER] = str(folder)
    sweeper = subprocess.Popen(
        [sys.executable, "-c", SWEEP, str(folder)], stdin=subprocess.PIPE, start_new_session=True
    )

    def sweep() -> None:
        sweeper.communicate()
        del os.environ[FOLDER]

    config.add_cleanup(sweep)


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the server's account can reach; its server is stopped afterwards."""
    folder = Path(tempfile.mkdtemp(dir=os.environ[FOLDER]))
    folder.chmod(0o711)
    yield folder
    embedded.stop(folder)
    shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server_url() -> str:
    """A server on which the tests may create databases."""
    given = os.environ.get("REGULARS_TEST_DATABASE_URL")
    if given:
        url = given
    else:
        folder = Path(os.environ[FOLDER]) / "shared"
        url = embedded.owner_url(embedded.ensure_running(folder, overrides=FAST))
    with psycopg.connect(url) as connection:
        query = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        row = connection.execute(query).fetchone()
    assert row == (False,), "the test role must not be exempt from row-level security"
    return url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """The name of a migrated, empty database, of which each test gets a copy."""
    name = f"regulars_test_{os.getpid()}_template"
    administer(server_url, "create database {} template template0", name)
    url = make_conninfo(server_url, dbname=name)
    with closing(Database(working_url(url), owner_url=url, pool_size=1)) as database:
        database.migrate()
        veiling.begin(database, cabinet(), DEFAULT_ORGANIZATION, LONG_AGO)
    yield name
    administer(server_url, "drop database {}", name)


class Copies:
    """Copies of the template: each is made while the test before still runs, and dropped while the
    next one does."""

    def __init__(self, server_url: str, template: str) -> None:
        self._server_url = server_url
        self._template = template
        self._hand = ThreadPoolExecutor(1)
        self._dropped: list[Future[None]] = []
        self._next = self._hand.submit(self._make)

    def take(self) -> str:
        """The name of a fresh one."""
        name = self._next.result()
        self._next = self._hand.submit(self._make)
        return name

    def give_back(self, name: str) -> None:
        """It is needed no more."""
        self._dropped.append(self._hand.submit(self._drop, name))

    def close(self) -> None:
        """Leave none behind."""
        self.give_back(self._next.result())
        self._hand.shutdown()
        for one in self._dropped:
            one.result()

    def _make(self) -> str:
        name = f"regulars_test_{os.getpid()}_{next(numbers)}"
        statement = "create database {} template {} strategy file_copy"
        administer(self._server_url, statement, name, self._template)
        return name

    def _drop(self, name: str) -> None:
        administer(self._server_url, "drop database {} with (force)", name)


@pytest.fixture(scope="session")
def copies(server_url: str, template: str) -> Iterator[Copies]:
    """Databases for the tests of this worker."""
    with closing(Copies(server_url, template)) as made:
        yield made


@pytest.fixture
def db_url(server_url: str, copies: Copies) -> Iterator[str]:
    """The connection string of a fresh copy of the template, for the role that owns nothing."""
    name = copies.take()
    yield working_url(make_conninfo(server_url, dbname=name))
    copies.give_back(name)


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """The connection string of a database that no migration has touched, for its owner."""
    name = f"regulars_test_{os.getpid()}_{next(numbers)}"
    administer(server_url, "create database {} template template0 strategy file_copy", name)
    yield make_conninfo(server_url, dbname=name)
    administer(server_url, "drop database {} with (force)", name)


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """A migrated, empty database."""
    with closing(Database(db_url)) as database:
        yield database


def working_url(url: str) -> str:
    """The same database for the role that works with the tables; on a server of the operator's
    there is one role for everything, and the policies bind it too."""
    if "REGULARS_TEST_DATABASE_URL" in os.environ:
        return url
    return make_conninfo(url, user=cluster.ROLE)


def owner_url(url: str) -> str:
    """The same database for the role that owns its tables."""
    if "REGULARS_TEST_DATABASE_URL" in os.environ:
        return url
    return embedded.owner_url(url)


def cabinet() -> Cabinet:
    """The keys of this test run: a cabinet for each runtime, as for each process."""
    return Cabinet(FileKeys(key_file()))


def key_file() -> Path:
    """The key file of this test run."""
    path = Path(os.environ[FOLDER]) / "master.keys"
    with suppress(FileExistsError):
        create(path, LONG_AGO.date())
    return path


def administer(url: str, statement: str, *names: str) -> None:
    """Run a statement that cannot be in a transaction; `names` are quoted into it."""
    query = sql.SQL(statement).format(*map(sql.Identifier, names))  # type: ignore[arg-type]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(query)
