"""Simulations as they are asked for, wait, run and end; and the limits that they keep."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

BEAT_EVERY_S = 0.4
"""How often a running simulation tells how far it is, and hears that nobody wants it any more."""

DEAD_AFTER = timedelta(seconds=15)
"""One that has not been heard of for so long has lost its process."""

MOST_ATTEMPTS = 3
MOST_RUNNING = 1
"""Of one organization at the same time; each uses all cores that it is given."""

MOST_WAITING = 5
KEPT = timedelta(days=90)
"""How long after its end a result is kept."""

DEFAULT_MONTHS = 12
MOST_MONTHS = 60
AS_DECIDED = 0
"""Stands where a version is asked for: each event by the one that really decided it."""

GAVE_UP = "lost"
"""The failure of one whose process was lost again and again."""

UNFORESEEN = "internal"


class State(StrEnum):
    """How far a simulation has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.WAITING, State.RUNNING)


class Asked(Struct, frozen=True, kw_only=True):
    """What is to be simulated. The window ends at `until`, or with the newest event; it begins at
    `from_`, or so many months before its end."""

    document: str
    against: int
    draft_id: int | None = None
    draft_revision: int | None = None
    from_: datetime | None = None
    until: datetime | None = None
    months: Annotated[int, Meta(ge=1, le=MOST_MONTHS)] = DEFAULT_MONTHS
    note: str = ""


class Simulation(Struct, frozen=True, kw_only=True):
    """One simulation. `failure`: why it failed, a code. `result` is JSON, for one that is done."""

    id: int
    asked: Asked
    requested_by: str
    requested_at: datetime
    state: State
    runner: str
    attempts: int
    started_at: datetime | None
    beat_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int | None
    failure: str
    result: str | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    def is_neglected(self, now: datetime) -> bool:
        """Whether nobody seems to work on it who should."""
        since = self.beat_at or self.requested_at
        return self.is_open and since <= now - DEAD_AFTER
