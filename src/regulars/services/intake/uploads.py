"""Carrying out an import that somebody has asked for: counted exactly, stopped when they say so.

What is counted and what is listed as rejected is written with the place that was reached, in one
transaction. Whatever is killed, the next worker goes on from there, and an event that was decided
already is recognized.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

from regulars.domain.audit import By, Deed
from regulars.domain.errors import InvalidInput, Malformed
from regulars.domain.imports.states import State
from regulars.gateways.files.items import EventFile, Record, Refusal
from regulars.services.intake.lanes import Result, Work
from regulars.services.intake.pouring import Pour, Settled
from regulars.storage import audit
from regulars.storage.database import Database, Tx
from regulars.storage.importing import jobs, rejected
from regulars.storage.importing.jobs import Counts, Job
from regulars.storage.sealing import Cabinet

LEASE = timedelta(seconds=15)
SAVE_EVERY_S = 1.0
MAX_REJECTED = 50_000
"""An import with more of them is not what was meant, and ends."""

TOO_MANY_REJECTED = "too_many_rejected"
WHOLE = 1000
_LINE = re.compile(r"\bline (\d+)")

Tell = Callable[[Record, Refusal], bytes]
"""From a rejected record to what is kept of it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker works with. `name`: told apart from every other worker's."""

    db: Database
    cabinet: Cabinet
    organization: int
    name: str
    clock: Callable[[], datetime]
    stop: Callable[[], bool]


def carry_out(
    bench: Bench, job: Job, file: EventFile, work: Work, *, tell: Tell, first_row: int, lanes: int
) -> State | None:
    """Take in the records of `file` that are not done yet; the state in which the import ends, or
    None where it was stopped or taken away. Safe to repeat, to kill and to resume.

    `first_row`: what a spreadsheet calls the first record's row. Raises what the database raises.
    """
    progress = _Progress(bench, job, tell, first_row)
    try:
        for settled in Pour(work, lanes).run(file, job.records_done):
            progress.add(settled)
            if progress.is_due():
                if not progress.save(_permille(file)) or bench.stop():
                    progress.release()
                    return None
                if progress.rejected > MAX_REJECTED:
                    return progress.finish(State.FAILED, TOO_MANY_REJECTED)
    except (Malformed, InvalidInput) as error:
        progress.save(_permille(file))
        line = _LINE.search(error.detail)
        return progress.finish(State.FAILED, error.code, int(line[1]) if line else None)
    if not progress.save(_permille(file)):
        progress.release()
        return None
    return progress.finish(State.DONE)


def give_up(bench: Bench, job: Job, failure: str) -> None:
    """End an import that cannot go on for a reason of ours; what was taken in stays."""
    progress = _Progress(bench, job, lambda _record, _refusal: b"", 1)
    progress.reread()
    progress.finish(State.FAILED, failure)


def _permille(file: EventFile) -> int:
    return min(int(file.share_read() * WHOLE), WHOLE - 1)


class _Progress:
    """What has become of the records so far. Those beyond the first that is not settled wait."""

    def __init__(self, bench: Bench, job: Job, tell: Tell, first_row: int) -> None:
        self._bench = bench
        self._job = job
        self._tell = tell
        self._first_row = first_row
        self._waiting: list[tuple[int, str, tuple[int, str, bytes] | None]] = []
        self._through = job.records_done
        self._saved = job.records_done
        self._counts = {
            "decided": job.decided,
            "repeated": job.repeated,
            "waiting": job.waiting,
            "rejected": job.rejected,
        }
        self._saved_at = time.monotonic()

    @property
    def rejected(self) -> int:
        """How many were rejected."""
        return self._counts["rejected"]

    def add(self, settled: Settled) -> None:
        for record, result in zip(settled.records, settled.results, strict=True):
            heappush(self._waiting, (record.number, _kind(result), self._told(record, result)))
        self._through = settled.through

    def reread(self) -> None:
        """Take the counts as they were saved last."""
        with self._bench.db.transaction(self._bench.organization) as tx:
            job = jobs.find(tx, self._bench.organization, self._job.id)
        assert job is not None
        self._counts = {
            "decided": job.decided,
            "repeated": job.repeated,
            "waiting": job.waiting,
            "rejected": job.rejected,
        }

    def is_due(self) -> bool:
        return time.monotonic() - self._saved_at >= SAVE_EVERY_S

    def save(self, permille: int) -> bool:
        """Write how far it has come; False where somebody else has it, or it is to stop."""
        listed = []
        while self._waiting and self._waiting[0][0] < self._through:
            _, kind, told = heappop(self._waiting)
            self._counts[kind] += 1
            if told is not None:
                listed.append(told)
        counts = Counts(records_done=self._through, permille=permille, **self._counts)
        bench, number, now = self._bench, self._job.id, self._bench.clock()

        def work(tx: Tx) -> State | None:
            held = jobs.held(tx, bench.organization, number, bench.name)
            if held is None:
                return None
            state, done = held
            # A commit whose answer was lost is tried again: it has listed them already.
            if done == self._saved:
                rejected.add(tx, bench.cabinet, bench.organization, number, records=listed, now=now)
            jobs.save(tx, bench.organization, number, counts, now=now, until=now + LEASE)
            return state

        state = bench.db.retrying(bench.organization, work)
        self._saved = self._through
        self._saved_at = time.monotonic()
        return state is State.RUNNING

    def release(self) -> None:
        bench = self._bench
        with bench.db.transaction(bench.organization) as tx:
            jobs.release(tx, bench.organization, self._job.id, bench.name, bench.clock())

    def finish(self, state: State, failure: str = "", line: int | None = None) -> State | None:
        bench, job, now = self._bench, self._job, self._bench.clock()
        deed = Deed(
            f"import.{'finished' if state is State.DONE else 'failed'}",
            f"import:{job.id}",
            after={**self._counts, **({"failure": failure} if failure else {})},
        )
        with bench.db.transaction(bench.organization) as tx:
            is_over = jobs.finish(
                tx,
                bench.organization,
                job.id,
                worker=bench.name,
                state=state,
                now=now,
                failure=failure,
                line=line,
            )
            if is_over:
                audit.record(tx, By(bench.organization, job.started_by), [deed], now)
        if not is_over:
            self.release()
        return state if is_over else None

    def _told(self, record: Record, result: Result) -> tuple[int, str, bytes] | None:
        if not isinstance(result, Refusal):
            return None
        row = record.row + self._first_row - 1
        return row, result.code, self._tell(record, result)


def _kind(result: Result) -> str:
    if isinstance(result, Refusal):
        return "rejected"
    return result if result in {"repeated", "waiting"} else "decided"
