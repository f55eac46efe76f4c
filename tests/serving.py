"""A real server on the loopback interface, in processes of its own, for a few tests."""

import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
from psycopg.conninfo import make_conninfo
from tests.conftest import administer, key_file, working_url

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import keys, programs
from regulars.storage.database import Database

SERVE = """
import os
from regulars.api.serving import serve
from regulars.settings import from_environment
serve(from_environment(os.environ))
"""
PATIENCE_S = 30.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
numbers = count()


@contextmanager
def serving(
    server_url: str,
    template: str,
    program: str,
    prepare: Callable[[Database], None] = lambda _db: None,
    *,
    trusted: Path | None = None,
    **settings: str,
) -> Iterator[tuple[str, str]]:
    """The address of a server with `program` in force, and an API key that may do everything.

    `prepare` fills the database first; `settings` are further ones of its environment. `trusted`:
    the certificate of a server that is given one.
    """
    name = f"regulars_test_{os.getpid()}_served_{next(numbers)}"
    administer(server_url, "create database {} template {} strategy file_copy", name, template)
    url = make_conninfo(server_url, dbname=name)
    db = Database(working_url(url), pool_size=1)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    programs.publish(db, DEFAULT_ORGANIZATION, program, in_force_from=LONG_AGO, now=now)
    made = keys.create(
        db, DEFAULT_ORGANIZATION, name="test", scopes=frozenset({Scope.ADMIN}), now=now, rate=0
    )
    prepare(db)
    db.close()
    port = free_port()
    environ = os.environ | {
        "REGULARS_DATABASE_URL": working_url(url),
        "REGULARS_PORT": str(port),
        "REGULARS_KEY_FILE": str(key_file()),
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environ, stdout=subprocess.DEVNULL, stderr=None
    )
    try:
        address = f"{'http' if trusted is None else 'https'}://127.0.0.1:{port}"
        await_ready(address, trusted)
        yield address, made.secret
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        administer(server_url, "drop database {} with (force)", name)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_ready(address: str, trusted: Path | None = None) -> None:
    """Return when the server is ready. Raises TimeoutError."""
    context = ssl.create_default_context(cafile=trusted and str(trusted))
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/readyz", verify=context).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    message = f"nothing is ready at {address}"
    raise TimeoutError(message)
