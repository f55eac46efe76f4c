"""An import that was started over HTTP and is killed in the middle loses nothing and doubles
nothing: another worker goes on, and the counts come out exactly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.api.conftest import PROGRAM
from tests.api.imports.sending import MAPPING, row, table
from tests.conftest import LONG_AGO, key_file
from tests.serving import PATIENCE_S, SERVE, await_ready, free_port

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import keys, programs
from regulars.storage.database import Database

RECORDS = 6_000
BAD = 40


@contextmanager
def process(environ: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which is gone at the end with all that it began."""
    running = subprocess.Popen(command, env=environ, process_group=0, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait(PATIENCE_S)


def worker(environ: dict[str, str]) -> Any:
    return process(environ, sys.executable, "-m", "regulars.cli", "worker", "--every", "3600")


def until(look: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S * 2
    while not look():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def body() -> bytes:
    """Receipts of two rows each, some of which no till can have meant."""
    rows = []
    for number in range(RECORDS):
        card = str(number % 300)
        amount = "x" if number % (RECORDS // BAD) == 0 else "3.00"
        rows += [row(f"r{number}", amount, card), row(f"r{number}", "7.00", card)]
    return table(rows)


def test_an_import_that_is_killed_twice_comes_out_exactly(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    programs.publish(db, DEFAULT_ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)
    secret = keys.create(
        db, DEFAULT_ORGANIZATION, name="t", scopes=frozenset({Scope.ADMIN}), now=LONG_AGO, rate=0
    ).secret
    port = free_port()
    environ = os.environ | {
        "REGULARS_DATABASE_URL": db_url, "REGULARS_PORT": str(port),
        "REGULARS_DATA": str(tmp_path), "REGULARS_KEY_FILE": str(key_file()),
    }  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(process(environ, sys.executable, "-c", SERVE))
        await_ready(url)
        headers = {"Authorization": f"Bearer {secret}"}
        client = stack.enter_context(httpx.Client(base_url=url, headers=headers))
        made = client.post(
            "/v1/imports", content=body(), headers={"content-type": "application/octet-stream"}
        ).json()
        path = f"/v1/imports/{made['file']['id']}"
        client.post(f"{path}:start", json={"mapping": MAPPING})

        def stored() -> int:
            with db.transaction(DEFAULT_ORGANIZATION) as tx:
                found = tx.execute("select count(*) from event where source = 'import'").fetchone()
            assert found is not None
            return int(found[0])

        for share in (0.1, 0.5):
            with worker(environ) as running:
                until(lambda share=share: stored() > RECORDS * share)  # type: ignore[misc]
                os.killpg(running.pid, signal.SIGKILL)
                running.wait(PATIENCE_S)
        halfway = client.get(path).json()
        with worker(environ):
            until(lambda: client.get(path).json()["state"] == "done")
        told = client.get(path).json()
        rejected = client.get(f"{path}/rejected", params={"limit": 200}).json()["items"]
        balance = client.get("/v1/members/card:1/balances").json()["balances"]

    assert halfway["state"] == "running"
    assert halfway["records_done"] < RECORDS
    assert told["records_done"] == RECORDS
    assert told["decided"] + told["repeated"] == RECORDS - BAD
    assert told["rejected"] == len(rejected) == BAD
    assert len({one["row"] for one in rejected}) == BAD
    assert stored() == RECORDS - BAD
    # Ten yuan on a Sunday are twenty points, of every receipt of the card but those rejected.
    points = next(one for one in balance if one["currency"] == "points")
    receipts = [n for n in range(RECORDS) if n % 300 == 1 and n % (RECORDS // BAD)]
    assert points["available"] == 20 * len(receipts)
    assert list((tmp_path / "imports" / "1").iterdir()) == []
