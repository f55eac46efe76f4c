"""What is killed: takes in the events of a file in one of several ways, and logs what was answered.

`python -m tests.adversarial.victim KIND FILE LOG`. Each line of the log is an event's id and the
number it was given, written after the answer; the empty log alone is the first sign of life.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from regulars import runtime
from regulars.domain.envelopes import read_event
from regulars.domain.errors import RegularsError
from regulars.domain.ids import EVENT, decode
from regulars.settings import from_environment

THREADS = 3
BATCH = 7
PATIENCE_S = 40.0


class Log:
    """Answers as they come, each written before the next is asked for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def note(self, name: str, number: int | None) -> None:
        self._file.write(f"{name} {number}\n")


def intake(file: Path, log: Path) -> None:
    """Three threads, each with an intake of its own, share the lines among them."""
    run = runtime.start(from_environment(os.environ))
    lines = file.read_bytes().splitlines()
    answers = Log(log)

    def work(place: int) -> None:
        own, taker = lines[place::THREADS], run.intake(run.organization)
        for start in range(0, len(own), BATCH):
            now = runtime.system_clock()
            arrivals = [read_event(line, now) for line in own[start : start + BATCH]]
            outcomes = taker.take_in(arrivals, now)
            for arrival, outcome in zip(arrivals, outcomes, strict=True):
                if not isinstance(outcome, RegularsError):
                    answers.note(arrival.event.id, outcome.event_id)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(PATIENCE_S)


def command(words: list[str], log: Path) -> None:
    """One of our own commands; it answers nobody, so nothing is noted."""
    Log(log)
    subprocess.run([sys.executable, "-m", "regulars.cli", *words], check=False)
    time.sleep(PATIENCE_S)


def serve(file: Path, log: Path) -> None:
    """The API, and a client that sends batches over HTTP."""
    process = subprocess.Popen([sys.executable, "-m", "regulars.cli", "serve"])
    base = f"http://127.0.0.1:{os.environ['REGULARS_PORT']}"
    headers = {
        "Authorization": f"Bearer {os.environ['REGULARS_KEY']}",
        "Content-Type": "application/cloudevents-batch+json",
    }
    lines = file.read_text().splitlines()
    with httpx.Client(base_url=base, headers=headers, timeout=30, trust_env=False) as client:
        while True:
            try:
                client.get("/health/live")
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.02)
        answers = Log(log)
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            answer = client.post("/v1/events", content=f"[{','.join(batch)}]")
            answer.raise_for_status()
            for line, item in zip(batch, answer.json(), strict=True):
                if item["status"] < 400:
                    number = decode(EVENT, item["answer"]["event"])
                    answers.note(json.loads(line)["id"], number)
    time.sleep(PATIENCE_S)


def main(kind: str, file: Path, log: Path) -> None:
    if kind == "intake":
        intake(file, log)
    elif kind == "serve":
        serve(file, log)
    elif kind == "import":
        command(["import", str(file)], log)
    else:
        # A worker looks after those who are there, while an import brings more.
        importing = threading.Thread(target=command, args=(["import", str(file)], log))
        importing.start()
        command(["worker", "--every", "0.1"], log)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
