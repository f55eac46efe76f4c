"""Where the benchmarks run: an embedded PostgreSQL of their own, fresh databases, a real server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import psycopg
from psycopg.conninfo import make_conninfo

from regulars.domain.access import Scope
from regulars.gateways.key_services.file import FileKeys, create
from regulars.insight.samples.stream import Wish, stream
from regulars.services import keys, programs, veiling
from regulars.storage import cluster, embedded
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet

ROOT = Path(__file__).parents[1]
OUT = ROOT / "bench" / "out"
GROCERY = ROOT / "examples" / "grocery.yaml"
SINCE = datetime(2017, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside its limit. `ratio` is value to limit, as the limit is meant."""

    name: str
    value: float
    unit: str
    limit: float
    ratio: float
    repeats: int


def middle(values: list[float]) -> float:
    """The median."""
    return float(median(values))


class Yard:
    """Databases and files for one run; `close` takes all of it away."""

    def __init__(self) -> None:
        self.folder = OUT / "yard"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._url = embedded.owner_url(embedded.ensure_running(self.folder))

    def close(self) -> None:
        """Stop the server and remove its files."""
        embedded.stop(self.folder)
        shutil.rmtree((self.folder / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str, *, publish: bool = True) -> str:
        """A fresh, migrated database with the grocery program in force; its conninfo."""
        self.drop(name)
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f'create database "{name}"')
        owner = make_conninfo(self._url, dbname=name)
        conninfo = make_conninfo(owner, user=cluster.ROLE)
        db = Database(conninfo, owner_url=owner)
        db.migrate()
        veiling.begin(db, cabinet(self), 1, NOW)
        if publish:
            programs.publish(db, 1, GROCERY.read_text(), in_force_from=SINCE, now=NOW, note="bench")
        db.close()
        return conninfo

    def drop(self, name: str) -> None:
        """Remove a database."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')

    def sample(self, events: int, members: int, *, seed: int = 1) -> Path:
        """A file of generated events, made once for each size."""
        path = self.folder / f"sample-{events}-{members}-{seed}.ndjson"
        if not path.exists():
            with path.open("w") as file:
                for texts in stream(wish(events, members, seed)):
                    file.writelines(text + "\n" for text in texts)
        return path


def cabinet(yard: "Yard") -> Cabinet:
    """The keys of the yard: a file beside its database, as a deployment has it."""
    path = yard.folder / "keys" / "master.keys"
    create(path, NOW.date())
    return Cabinet(FileKeys(path))


def unbound(conninfo: str) -> str:
    """The same database for a role that no row-level security binds: for the controls."""
    return make_conninfo(conninfo, user=cluster.SUPERUSER)


def wish(events: int, members: int, seed: int = 1) -> Wish:
    """What the benchmarks ask of the generator: one year of a grocery."""
    return Wish(
        members=members,
        events=events,
        seed=seed,
        since=SINCE,
        until=datetime(2018, 1, 1, tzinfo=UTC),
        zone=ZoneInfo("America/New_York"),
    )


def first_texts(events: int, members: int) -> list[str]:
    """The first generated events as JSON texts."""
    found = (text for texts in stream(wish(events, members)) for text in texts)
    return list(islice(found, events))


@dataclass(frozen=True, slots=True)
class Shop:
    """A running server: where it listens and a key that opens everything."""

    port: int
    secret: str


@contextmanager
def serving(conninfo: str, folder: Path, *, is_open: bool = False) -> Iterator[Shop]:
    """The product's own server, in a process of its own. `is_open`: it asks nobody who they are."""
    db = Database(conninfo)
    key = keys.create(db, 1, name="bench", scopes=frozenset(Scope), now=NOW, rate=0)
    db.close()
    port = _free_port()
    environment = os.environ | {
        "REGULARS_DATABASE_URL": conninfo,
        "REGULARS_DATA": str(folder),
        "REGULARS_PORT": str(port),
        "BENCH_OPEN": "1" if is_open else "",
    }
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bench.server"],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _await(f"http://127.0.0.1:{port}/readyz")
        yield Shop(port, key.secret)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    message = f"{url} does not answer"
    raise TimeoutError(message)


def write(figures: list[Figure]) -> Path:
    """Keep the figures of this run for those that come after."""
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / "latest.json"
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    return path
