"""When a worker last looked after each organization."""

from datetime import datetime

from regulars.storage.database import Tx

NOTE = """
insert into worker_beat (organization_id, at, took_ms) values (%s, %s, %s)
on conflict (organization_id) do update set at = excluded.at, took_ms = excluded.took_ms
"""

LAST = "select at, took_ms from worker_beat where organization_id = %s"


def note(tx: Tx, organization: int, at: datetime, took_ms: int) -> None:
    """A worker has looked, which took so long."""
    tx.execute(NOTE, [organization, at, took_ms])


def last(tx: Tx, organization: int) -> tuple[datetime, int] | None:
    """When the last look ended, and how many milliseconds it took."""
    row = tx.execute(LAST, [organization]).fetchone()
    return None if row is None else (row[0], row[1])
