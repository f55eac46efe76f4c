"""Kills everything at random while events pour in, sends all again, and proves the books.

    python -m tests.adversarial.crashing --kills 50

A server, a worker and an import run on one embedded PostgreSQL with full durability. Each in turn
is killed by SIGKILL at random moments, PostgreSQL among them, and started again. Afterwards every
event is sent once more. Then nothing may be lost, nothing doubled, no answer that was given may
have changed, and `verify` must be clean.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from tests.serving import free_port

from regulars.domain.access import Scope
from regulars.insight.samples.stream import Wish, stream
from regulars.services import keys, programs
from regulars.services.verification.verifying import Report, verify
from regulars.storage import embedded
from regulars.storage.database import Database

ROOT = Path(__file__).parents[2]
GROCERY = ROOT / "examples" / "grocery.yaml"
SINCE = datetime(2017, 1, 1, tzinfo=UTC)
SENDERS = 2
TOGETHER = 10
PAUSE_S = (0.15, 0.9)
PATIENCE_S = 60.0
IMPORTED = 60_000
MEMBERS = 400


@dataclass(slots=True)
class Toll:
    """What came of it."""

    kills: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    imported: int = 0
    stored: int = 0
    changed: int = 0
    report: Report = field(default_factory=Report)

    @property
    def is_clean(self) -> bool:
        """Whether everything held."""
        return self.report.is_clean and not self.changed and self.stored == self.expected

    @property
    def expected(self) -> int:
        """How many events there must be."""
        return self.sent + self.imported

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        return (
            f"{sum(self.kills.values())} kills ({kills}); {self.expected:,} events sent, "
            f"{self.stored:,} stored, {self.changed} answers changed; "
            f"verify {'clean' if self.report.is_clean else 'NOT CLEAN'}, "
            f"{self.report.replayed:,} events replayed"
        )


class Senders:
    """Threads that send numbered purchases over HTTP until told to stop, and remember answers."""

    def __init__(self, address: str, secret: str) -> None:
        self._client = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {secret}",
                     "Content-Type": "application/cloudevents-batch+json"},
            timeout=20,
        )  # fmt: skip
        self._open = True
        self._lock = threading.Lock()
        self._next = 0
        self.answers: dict[str, object] = {}
        self._threads = [threading.Thread(target=self._work) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way."""
        self._open = False
        for thread in self._threads:
            thread.join()

    def resend(self) -> tuple[int, int]:
        """Send everything again: how many events there are, and how many answers changed."""
        changed = 0
        for first in range(0, self._next, TOGETHER):
            again = self._send_until_taken(first)
            changed += sum(self.answers[name] != answer for name, answer in again.items())
        return self._next, changed

    def _work(self) -> None:
        while self._open:
            with self._lock:
                first = self._next
                self._next += TOGETHER
            self.answers |= self._send_until_taken(first)

    def _send_until_taken(self, first: int) -> dict[str, object]:
        """What each event of a batch gave. Sends it again for as long as no answer comes."""
        events = [_purchase(number) for number in range(first, first + TOGETHER)]
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                answer = self._client.post("/v1/events", json=events)
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            items = answer.json() if answer.status_code == httpx.codes.OK else []
            if items and all(item["status"] in (200, 201) for item in items):
                told = [item["answer"] for item in items]
                return {one["id"]: (one["event"], one["earned"]) for one in told}
            time.sleep(0.05)
        message = f"the batch from {first} was not taken in {PATIENCE_S} s"
        raise TimeoutError(message)


def _purchase(number: int) -> dict[str, object]:
    lines = [{"amount": 100 + number * 37 % 5000, "category": "PRODUCE"}] * (1 + number % 4)
    return {
        "specversion": "1.0", "id": f"api-{number}", "source": "web", "type": "purchase",
        "subject": f"card:{number % 97}", "time": f"2017-03-{1 + number % 28:02}T10:00:00Z",
        "data": {"currency": "USD", "lines": lines},
    }  # fmt: skip


class Victims:
    """The processes that may be killed, and how each is started again."""

    def __init__(self, data: Path, file: Path, port: int) -> None:
        self._data = data
        environ = os.environ | {"REGULARS_DATA": str(data), "REGULARS_PORT": str(port)}
        environ.pop("REGULARS_DATABASE_URL", None)
        self._environ = environ
        self._commands = {
            "server": ["serve", "--no-worker"],
            "worker": ["worker", "--every", "0.2"],
            "import": ["import", "--json", "--lanes", "2", str(file)],
        }
        self._running = {name: self._start(name) for name in self._commands}

    @property
    def names(self) -> list[str]:
        """Everything that can be killed."""
        return [*self._commands, "postgres"]

    def kill(self, name: str) -> None:
        """End it at once, and start it again."""
        if name == "postgres":
            pid = embedded.status(self._data).pid
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            embedded.ensure_running(self._data)
            # Whoever lost the connection comes back by itself; the import may have given up.
            return
        self._end(name)
        self._running[name] = self._start(name)

    def finish_import(self) -> None:
        """Let the import run to its end, from wherever it is."""
        self._end("import")
        process = self._start("import")
        assert process.wait(300) == 0
        self._running["import"] = process

    def close(self) -> None:
        """End everything."""
        for name in self._commands:
            self._end(name)

    def _start(self, name: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "regulars.cli", *self._commands[name]],
            env=self._environ, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _end(self, name: str) -> None:
        """Kill a process and all that it started, but not a PostgreSQL that it brought back."""
        process = self._running[name]
        with suppress(ProcessLookupError):  # It may have ended by itself.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def crash(folder: Path, *, kills: int, seed: int, imported: int = IMPORTED) -> Toll:
    """Kill `kills` times, then send all again and prove the books. `folder` is empty."""
    chance = random.Random(seed)
    db = Database(embedded.ensure_running(folder), pool_size=2)
    db.migrate()
    programs.publish(db, 1, GROCERY.read_text(), in_force_from=SINCE, now=SINCE)
    key = keys.create(db, 1, name="crash", scopes=frozenset({Scope.ADMIN}), now=SINCE)
    db.close()
    port = free_port()
    file = _sample(folder, imported)
    victims = Victims(folder, file, port)
    senders = Senders(f"http://127.0.0.1:{port}", key.secret)
    toll = Toll(imported=imported)
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(*PAUSE_S))
            name = chance.choice(victims.names)
            victims.kill(name)
            toll.kills[name] = toll.kills.get(name, 0) + 1
        senders.stop()
        victims.finish_import()
        toll.sent, toll.changed = senders.resend()
    finally:
        senders.stop()
        victims.close()
    _settle(folder, toll)
    return toll


def _settle(folder: Path, toll: Toll) -> None:
    db = Database(embedded.ensure_running(folder), pool_size=2)
    with db.transaction() as tx:
        row = tx.execute("select count(*) from event where source not like 'regulars.%'").fetchone()
    assert row is not None
    toll.stored = row[0]
    toll.report = verify(db, 1)
    db.close()


def _sample(folder: Path, events: int) -> Path:
    path = folder / "sample.ndjson"
    wish = Wish(
        members=MEMBERS, events=events, seed=7, since=SINCE,
        until=datetime(2018, 1, 1, tzinfo=UTC), zone=ZoneInfo("America/New_York"),
    )  # fmt: skip
    with path.open("w") as file:
        for texts in stream(wish):
            file.writelines(text + "\n" for text in texts)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Crash as often as asked, print the toll; 1 when something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="regulars-crash-"))
    folder.chmod(0o711)
    try:
        toll = crash(folder, kills=chosen.kills, seed=chosen.seed)
    finally:
        embedded.stop(folder)
        shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
    print(toll)  # noqa: T201
    for proof in toll.report.proofs:
        for offender in proof.offenders:
            print(f"  {proof.claim}: {offender}")  # noqa: T201
    return 0 if toll.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
