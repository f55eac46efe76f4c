"""How far each import has come."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

FIND = """
select rows_done, rows_refused, rejects_bytes, updated_at
from import_progress
where organization_id = %s and fingerprint = %s
"""

# Of two imports of one file at once the one that is ahead is believed; events are decided once.
SAVE = """
insert into import_progress (organization_id, fingerprint, file, rows_done, rows_refused,
                             rejects_bytes, updated_at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (organization_id, fingerprint) do update
set rows_done = excluded.rows_done, rows_refused = excluded.rows_refused,
    rejects_bytes = excluded.rejects_bytes, file = excluded.file, updated_at = excluded.updated_at
where import_progress.rows_done <= excluded.rows_done
"""

FORGET = "delete from import_progress where organization_id = %s and fingerprint = %s"


@dataclass(frozen=True, slots=True)
class Reached:
    """Records from the start of a file that are settled, how many of them were refused, and how
    long the list of those was."""

    done: int = 0
    refused: int = 0
    rejects_bytes: int = 0
    at: datetime | None = None


def find(tx: Tx, organization: int, fingerprint: str) -> Reached:
    """How far the import of this content has come; nothing done when it never began."""
    row = tx.execute(FIND, [organization, fingerprint]).fetchone()
    return Reached() if row is None else Reached(*row)


def save(tx: Tx, organization: int, fingerprint: str, *, file: str, reached: Reached) -> None:
    """Remember how far it has come; never less than before."""
    tx.execute(
        SAVE,
        [
            organization,
            fingerprint,
            file,
            reached.done,
            reached.refused,
            reached.rejects_bytes,
            reached.at,
        ],
    )


def forget(tx: Tx, organization: int, fingerprint: str) -> None:
    """Let the import of this content begin anew."""
    tx.execute(FORGET, [organization, fingerprint])
