"""Kills whatever takes in events, at random moments, sends everything again, and counts.

`python -m tests.adversarial.crashing --kills 50` prints one line; exit code 1 when anything was
lost or doubled. Victims in turn: an intake of three threads, the PostgreSQL server under it, an
import, the API, and a worker.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.services.histories import document, published

from regulars.domain.access import Scope
from regulars.domain.envelopes import read_event
from regulars.domain.errors import RegularsError
from regulars.runtime import DEFAULT_ORGANIZATION, system_clock
from regulars.services import keys
from regulars.services.intake.taking import Intake
from regulars.services.verification.verifying import verify
from regulars.storage import embedded
from regulars.storage.database import Database

START = datetime(2024, 1, 1, tzinfo=UTC)
MEMBERS = 40
EVENTS_A_ROUND = 600
LONGEST_LIFE_S = 0.8
"""A victim lives between its first sign of life and so much longer, at random."""

READY_S = 60.0
VICTIMS = ("intake", "postgres", "import", "serve", "worker")
INTAKE_VICTIM = Path(__file__).with_name("victim.py")


@dataclass
class Tale:
    """What was done and what came of it."""

    kills: int = 0
    events: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.faults)

    def __str__(self) -> str:
        found = "; ".join(self.faults) or "verify clean"
        return (
            f"{self.kills} kills, {self.events} events, {self.acknowledged} acknowledged before "
            f"a kill: {self.lost} lost, {self.doubled} doubled, {found}"
        )


def generated(first: int, chance: random.Random) -> list[dict[str, Any]]:
    """A round of events: purchases, and returns of purchases before and after them."""
    events: list[dict[str, Any]] = []
    for number in range(first, first + EVENTS_A_ROUND):
        data: dict[str, Any] = {"currency": "CNY", "total": chance.randint(1, 500)}
        kind, name, who = "purchase", f"p{number}", number % MEMBERS
        if number % 5 == 4:
            bought = max(number + chance.randint(-100, 60), 0) // 5 * 5
            kind, name, who = "return", f"r{number}", bought % MEMBERS
            data = {"purchase_id": f"p{bought}"}
            if chance.random() < 0.5:
                data["amount"] = chance.randint(1, 50)
        events.append(
            {
                "id": name,
                "source": "till",
                "type": kind,
                "subject": f"card:{who}",
                "time": (START + timedelta(minutes=number)).isoformat(),
                "data": data,
            }
        )
    return events


class Yard:
    """One data folder with a server of its own, and what was sent into it."""

    def __init__(self, data: Path, seed: int) -> None:
        self.data = data
        self.chance = random.Random(seed)
        self.tale = Tale()
        self.sent: list[dict[str, Any]] = []
        embedded.ensure_running(data)
        with closing(self._database()) as db:
            db.migrate()
            published(db, document("owe"))
            made = keys.create(
                db, 1, name="yard", scopes=frozenset({Scope.ADMIN}), now=system_clock()
            )
        self.secret = made.secret

    def _database(self) -> Database:
        def revive() -> None:
            embedded.ensure_running(self.data)

        url = embedded.ensure_running(self.data)
        return Database(url, owner_url=embedded.owner_url(url), revive=revive)

    def round(self, victim: str) -> None:
        """Let a victim take events in, kill it, send all of them again."""
        events = generated(len(self.sent), self.chance)
        self.sent += events
        file = self.data / f"round-{len(self.sent)}.ndjson"
        file.write_text("".join(json.dumps(event) + "\n" for event in events))
        log = file.with_suffix(".log")
        process = self._start(victim, file, log)
        try:
            self._wait_for(log, process)
            time.sleep(self.chance.uniform(0, LONGEST_LIFE_S))
        finally:
            if victim == "postgres":
                self._kill_server()
                time.sleep(self.chance.uniform(0, 0.2))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.tale.kills += 1
        self._send_again(events, log)

    def _start(self, victim: str, file: Path, log: Path) -> subprocess.Popen[bytes]:
        kind = "intake" if victim == "postgres" else victim
        command = [sys.executable, "-m", "tests.adversarial.victim", kind, str(file), str(log)]
        environment = os.environ | {
            "REGULARS_DATA": str(self.data),
            "REGULARS_PORT": str(self.chance.randint(20_000, 50_000)),
            "REGULARS_KEY": self.secret,
            "REGULARS_DATABASE_URL": "",
        }
        with file.with_suffix(".out").open("wb") as said:
            return subprocess.Popen(
                command, env=environment, stdout=said, stderr=said, process_group=0
            )

    def _wait_for(self, log: Path, process: subprocess.Popen[bytes]) -> None:
        """Until the victim shows a sign of life."""
        deadline = time.monotonic() + READY_S
        while not log.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.with_suffix(".out").read_text()[-2000:]
                self.tale.faults.append(f"a victim did not live: {said}")
                return
            time.sleep(0.005)

    def _kill_server(self) -> None:
        server = embedded.status(self.data)
        if server.pid is not None:
            os.kill(server.pid, signal.SIGKILL)

    def _send_again(self, events: Sequence[dict[str, Any]], log: Path) -> None:
        """What was acknowledged is there under its number, and everything else goes through."""
        known = dict(line.split() for line in log.read_text().splitlines() if line.count(" ") == 1)
        self.tale.acknowledged += len(known)
        with closing(self._database()) as db:
            intake = Intake(db, 1)
            now = system_clock()
            arrivals = [read_event(json.dumps(event).encode(), now) for event in events]
            outcomes = intake.take_in(arrivals, now)
        for event, outcome in zip(events, outcomes, strict=True):
            number = known.get(event["id"])
            if isinstance(outcome, RegularsError):
                if number is not None or outcome.code != "already_returned":
                    self.tale.faults.append(f"{event['id']}: {outcome.code} {outcome.__cause__}")
            elif number is not None and not (outcome.is_repeat and str(outcome.event_id) == number):
                self.tale.lost += 1

    def judge(self) -> Tale:
        """Count everything: each event once, its points once, and every invariant."""
        tale = self.tale
        tale.events = len(self.sent)
        with closing(self._database()) as db:
            with db.transaction(DEFAULT_ORGANIZATION) as tx:
                rows = tx.execute("select external_id from event where source = 'till'").fetchall()
                earned = tx.execute(
                    "select coalesce(sum(amount), 0) from transfer"
                    " where code = 'earn' and currency = 'points'"
                ).fetchone()
            report = verify(db, 1)
        names = [name for (name,) in rows]
        tale.doubled += len(names) - len(set(names))
        bought = [event for event in self.sent if event["type"] == "purchase"]
        tale.lost += len({event["id"] for event in bought} - set(names))
        assert earned is not None
        if earned[0] != sum(event["data"]["total"] for event in bought):
            tale.faults.append(f"{earned[0]} points were earned")
        tale.faults += [
            f"{proof.claim}: {proof.offenders[:2]}" for proof in report.proofs if proof.offenders
        ]
        return tale


def crash(data: Path, kills: int, *, seed: int = 1, victims: Sequence[str] = VICTIMS) -> Tale:
    """So many rounds, each with a kill, in the folder `data`; what came of it."""
    yard = Yard(data, seed)
    for number in range(kills):
        yard.round(victims[number % len(victims)])
    return yard.judge()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regulars-crash-") as folder:
        data = Path(folder)
        data.chmod(0o711)
        try:
            tale = crash(data, asked.kills, seed=asked.seed)
        finally:
            embedded.stop(data)
    sys.stdout.write(f"{tale}\n")
    return 0 if tale.is_clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
