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
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from regulars.storage import embedded
from regulars.storage.database import Database

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
    url = given or embedded.ensure_running(Path(os.environ[FOLDER]) / "shared", overrides=FAST)
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
    with closing(Database(make_conninfo(server_url, dbname=name), pool_size=1)) as database:
        database.migrate()
    yield name
    administer(server_url, "drop database {}", name)


@pytest.fixture
def db_url(server_url: str, template: str) -> Iterator[str]:
    """The connection string of a fresh copy of the template."""
    name = f"regulars_test_{os.getpid()}_{next(numbers)}"
    administer(server_url, "create database {} template {} strategy file_copy", name, template)
    yield make_conninfo(server_url, dbname=name)
    administer(server_url, "drop database {} with (force)", name)


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """The connection string of a database that no migration has touched."""
    name = f"regulars_test_{os.getpid()}_{next(numbers)}"
    administer(server_url, "create database {} template template0 strategy file_copy", name)
    yield make_conninfo(server_url, dbname=name)
    administer(server_url, "drop database {} with (force)", name)


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """A migrated, empty database."""
    with closing(Database(db_url)) as database:
        yield database


def administer(url: str, statement: str, *names: str) -> None:
    """Run a statement that cannot be in a transaction; `names` are quoted into it."""
    query = sql.SQL(statement).format(*map(sql.Identifier, names))  # type: ignore[arg-type]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(query)
