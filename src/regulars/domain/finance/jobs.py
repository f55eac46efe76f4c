"""Runs that take long, in a process of their own: what is asked for, and what comes of it."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

BEAT_EVERY = timedelta(seconds=1)
DEAD_AFTER = timedelta(seconds=60)
"""A run that has not been heard of for so long has lost its process."""

MOST_ATTEMPTS = 3
MOST_RUNNING = 2
"""Runs of one organization at the same time."""

MOST_WAITING = 5
"""Exports of one organization that may be under way."""

KEPT = timedelta(days=7)
"""How long the file of an export can be fetched."""

GAVE_UP = "The process that worked on it was lost, several times."
FAILED = "Something went wrong; the log of the server tells what."


class Kind(StrEnum):
    """What is run."""

    VERIFICATION = "verification"
    EXPORT = "export"
    BREAKAGE = "breakage"
    CODES = "codes"


class State(StrEnum):
    """How far a run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class VerificationOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """Prove the invariants of the ledger; with `replay`, decide every event again."""

    replay: bool = True


class ExportOrder(Struct, frozen=True):
    """Write all records of a kind. `form`: ndjson, csv or parquet."""

    what: str
    form: str


class Claim(Struct, frozen=True):
    """One invariant, and what breaks it: nothing, when it holds."""

    claim: str
    offenders: list[str] = []


class VerificationResult(Struct, frozen=True):
    """What was proved. `replayed`: events that were decided again, of `events`. `sums`: (currency,
    account, points) over all members."""

    clean: bool
    replayed: int
    events: int
    proofs: list[Claim]
    sums: list[tuple[str, str, int]]


class ExportResult(Struct, frozen=True):
    """What was written."""

    records: int
    bytes: int


class Job(Struct, frozen=True, kw_only=True):
    """One run. `done` of `total`: how far it is; 0 of 0 while that is not known. `request` and
    `result`: JSON, of the kind's own structs. `refusal`: why it failed."""

    id: int
    kind: Kind
    state: State
    asked_by: str
    asked_at: datetime
    request: str
    done: int
    total: int
    attempts: int
    started_at: datetime | None
    beat_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    result: str
    refusal: str

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {State.WAITING, State.RUNNING}
