"""Many threads at one member: each with an intake of its own, all starting together."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

from regulars.domain.envelopes import Arrival, arrive, read_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.operations import Operation, type_of
from regulars.services.intake.batch import Outcome
from regulars.services.intake.taking import Intake
from regulars.services.verification.verifying import verify
from regulars.storage.database import Database

START = datetime(2024, 3, 1, tzinfo=UTC)
NOW = START + timedelta(days=1)


def buy(name: str, who: str, amount: int, **more: Any) -> Arrival:
    return sent(name, "purchase", who, {"currency": "CNY", "total": amount} | more)


def back(name: str, who: str, purchase: str, amount: int | None = None) -> Arrival:
    data: dict[str, Any] = {"purchase_id": purchase}
    return sent(name, "return", who, data if amount is None else data | {"amount": amount})


def sent(name: str, kind: str, who: str, data: dict[str, Any]) -> Arrival:
    event = {
        "id": name,
        "source": "till",
        "type": kind,
        "subject": who,
        "time": START.isoformat(),
        "data": data,
    }
    return read_event(json.dumps(event).encode(), NOW)


def operate(name: str, who: str, data: Operation) -> Arrival:
    return arrive(Event(name, "regulars.test", type_of[type(data)], who, NOW, NOW, data))


def race(db_url: str, batches: Sequence[Sequence[Arrival]]) -> list[list[Outcome]]:
    """Take every batch in by a thread of its own, at the same moment; their outcomes in order.

    Whatever is no outcome but an exception is raised here.
    """
    outcomes: list[list[Outcome]] = [[] for _ in batches]
    faults: list[Exception] = []
    barrier = Barrier(len(batches))

    def run(db: Database, place: int) -> None:
        try:
            intake = Intake(db, 1)
            barrier.wait()
            outcomes[place] = intake.take_in(batches[place], NOW)
        except Exception as fault:
            faults.append(fault)

    with closing(Database(db_url, pool_size=16)) as db:
        threads = [Thread(target=run, args=(db, place)) for place in range(len(batches))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not faults, faults
    return outcomes


def codes(outcomes: Sequence[Sequence[Outcome]]) -> Counter[str]:
    """How often each thing happened: a refusal's code, "decided", "repeated", …"""
    return Counter(map(_word, (one for batch in outcomes for one in batch)))


def _word(outcome: Outcome) -> str:
    if isinstance(outcome, RegularsError):
        assert outcome.code != "internal", outcome.__cause__
        return outcome.code
    return "repeated" if outcome.is_repeat else outcome.status


def singly(number: int, make: Callable[[int], Arrival]) -> list[list[Arrival]]:
    """One event for each of `number` racers."""
    return [[make(place)] for place in range(number)]


def proven(db: Database) -> None:
    """Every invariant holds, and a replay from nothing gives the same."""
    report = verify(db, 1)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]
