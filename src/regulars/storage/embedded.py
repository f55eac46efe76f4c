"""The PostgreSQL that comes with the package: started on demand, shared by all our processes.

The server outlives the process that started it. It listens on a Unix socket only, in a folder
that no other account may enter, and asks the kernel who calls.
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.conninfo import make_conninfo

from regulars.domain.errors import DatabaseUnusable
from regulars.storage import cluster, postmaster
from regulars.storage.cluster import Home
from regulars.storage.postmaster import Postmaster
from regulars.storage.server_accounts import server_account

LOCK_TIMEOUT_S = 120.0
APPEAR_TIMEOUT_S = 10.0
"""From the start command until the server's first process has written its pid file."""
RECOVERY_TIMEOUT_S = 600.0
"""After a crash, as much as `max_wal_size` is read again."""
MEMORY_TIMEOUT_S = 15.0
"""After a kill -9, the children of the dead server need a moment to notice and go."""
STOP_TIMEOUT_S = 120.0
POLL_S = 0.01

STILL_HELD = ("shared memory block", "lock file")
"""What a starting server says when something of the last one is still there."""


@dataclass(frozen=True, slots=True)
class Status:
    """The server of one data folder at the instant it was asked for."""

    state: Literal["stopped", "starting", "running"]
    pid: int | None = None
    conninfo: str | None = None


def ensure_running(data: Path, *, overrides: Mapping[str, str] | None = None) -> str:
    """Start the server of the folder `data` unless it runs; returns its connection string.

    The first time, the folder and the database are made. Safe to repeat, and to call in many
    processes at once. `overrides` are server settings; they hold when this call starts it.
    Raises DatabaseUnusable with the server's own words when it does not start.
    """
    data = data.absolute()
    server = _find(data)
    if server is None or not server.is_ready:
        data.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        server_account(data / "postgres")
        with _lock(data):
            home = cluster.prepare(data)
            settings = dict(overrides or {})
            cluster.create(home, is_durable=settings.get("fsync") != "off")
            server = _started(home, settings)
            _ensure_role(server)
    return _conninfo(server)


def owner_url(url: str) -> str:
    """The same database as the role that owns its tables."""
    return make_conninfo(url, user=cluster.OWNER)


def stop(data: Path) -> bool:
    """Stop the server of `data` and wait until it is gone; False when none ran. Safe to repeat.

    Clients are disconnected, and their open transactions rolled back.
    """
    data = data.absolute()
    if _find(data) is None:
        return False
    with _lock(data):
        server = _find(data)
        if server is None:
            return False
        _signal(server, signal.SIGINT)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while _find(data) is not None:
            if time.monotonic() > deadline:
                raise DatabaseUnusable(f"The database server (pid {server.pid}) does not stop.")
            time.sleep(POLL_S)
        return True


def status(data: Path) -> Status:
    """Whether the server of `data` runs; changes nothing."""
    server = _find(data.absolute())
    if server is None:
        return Status("stopped")
    if not server.is_ready:
        return Status("starting", server.pid)
    return Status("running", server.pid, _conninfo(server))


def _find(data: Path) -> Postmaster | None:
    """Raises DatabaseUnusable when the folder is another account's."""
    try:
        return postmaster.find(data / "postgres" / "cluster")
    except PermissionError:
        server_account(data / "postgres")
        raise


def _conninfo(server: Postmaster, role: str = cluster.ROLE) -> str:
    return make_conninfo(
        host=str(server.socket_folder), port=cluster.PORT, user=role, dbname=cluster.DATABASE
    )


def _ensure_role(server: Postmaster) -> None:
    """Give the cluster the role that works with the tables; one made by an earlier release has
    only the owner's."""
    with psycopg.connect(_conninfo(server, cluster.SUPERUSER)) as connection:
        if connection.execute(cluster.HAS_ROLE, [cluster.ROLE]).fetchone() == (False,):
            connection.execute(cluster.ADD_ROLE)


@contextmanager
def _lock(data: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server of `data`. A dead holder lets go."""
    descriptor = os.open(data / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise DatabaseUnusable(
                        f"Another process has held {data / 'postgres.lock'} for too long."
                    ) from error
                time.sleep(POLL_S)
        yield
    finally:
        os.close(descriptor)


def _started(home: Home, settings: Mapping[str, str]) -> Postmaster:
    """The running server of `home`, started when there is none. The caller holds the lock."""
    deadline = time.monotonic() + MEMORY_TIMEOUT_S
    while True:
        server = postmaster.find(home.cluster)
        if server is None:
            postmaster.forget_dead(home.cluster)
            cluster.configure(home, settings)
            cluster.start(home)
        server = _ready(home)
        if server is not None:
            return server
        said = f"{cluster.start_report(home)}\n{cluster.log_report(home)}"
        if time.monotonic() > deadline or not any(sign in said for sign in STILL_HELD):
            raise DatabaseUnusable(f"The database server does not start: {said}")
        time.sleep(POLL_S)


def _ready(home: Home) -> Postmaster | None:
    """Wait until the server takes connections; None when it gave up."""
    begun = time.monotonic()
    was_seen = False
    while True:
        server = postmaster.find(home.cluster)
        if server is not None and server.is_ready:
            return server
        waited_s = time.monotonic() - begun
        if server is None:
            if was_seen or "FATAL" in cluster.start_report(home) or waited_s > APPEAR_TIMEOUT_S:
                return None
        elif waited_s > RECOVERY_TIMEOUT_S:
            raise DatabaseUnusable(f"The database server (pid {server.pid}) does not get ready.")
        was_seen = was_seen or server is not None
        time.sleep(POLL_S)


def _signal(server: Postmaster, number: signal.Signals) -> None:
    try:
        os.kill(server.pid, number)
    except ProcessLookupError:
        return  # It went by itself.
