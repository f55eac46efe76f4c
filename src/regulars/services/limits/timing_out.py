"""Closing reservations whose time is over. Nobody waits for it: what timed out is free at once."""

from datetime import datetime

from regulars.storage.database import Database
from regulars.storage.limits import reservations

TOGETHER = 500


def time_out(db: Database, organization: int, now: datetime) -> int:
    """Close all that timed out by `now`, batch by batch; returns how many. Safe to repeat, and to
    run in several processes at once."""
    closed = 0
    while True:
        done = db.retrying(
            organization, lambda tx: reservations.time_out(tx, organization, now, limit=TOGETHER)
        )
        closed += done
        if done < TOGETHER:
            return closed
