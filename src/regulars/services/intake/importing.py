"""Importing a file of events: resumed where it was left, what is rejected listed with reasons.

Nothing is ever doubled: the progress only saves time, for an event that was recorded before is
recognized by its source and id.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regulars.domain.audit import By, Deed, by_system
from regulars.gateways.files.items import EventFile, Refusal
from regulars.gateways.files.rejects import Rejects
from regulars.services.intake.lanes import Work
from regulars.services.intake.pouring import Pour, Settled
from regulars.services.intake.taking import Intake
from regulars.storage import audit, imports
from regulars.storage.database import Database
from regulars.storage.imports import Reached

LANES = 3
MAX_LANES = 16
SAVE_EVERY_S = 1.0


@dataclass(slots=True)
class Tally:
    """What has become of the records of this run. `skipped` were done in an earlier one.

    `repeated` events had been recorded before, by another file or way. `waiting` are returns whose
    purchase has not come yet.
    """

    skipped: int = 0
    decided: int = 0
    repeated: int = 0
    waiting: int = 0
    refused: int = 0

    @property
    def taken(self) -> int:
        """How many records this run has settled."""
        return self.decided + self.repeated + self.waiting + self.refused


Tell = Callable[[Tally, float], None]
"""Called after each batch, with the share of the file that has been read."""


def import_file(
    db: Database,
    organization: int,
    file: EventFile,
    *,
    open_intake: Callable[[], Intake],
    clock: Callable[[], datetime],
    rejects: Path,
    lanes: int = LANES,
    by: By | None = None,
    tell: Tell = lambda _tally, _share: None,
) -> Tally:
    """Take in the records of `file` that are not done yet. Safe to repeat, to kill and to resume.

    `by` is None for what the product does by itself. `open_intake` and `clock` are called in the
    lanes: with more than one lane they are sent to other processes. Rejected records are listed in
    `rejects`, which exists afterwards only if there are any. Raises Malformed for a file that
    cannot be read on; what was read before stays done.
    """
    assert 1 <= lanes <= MAX_LANES
    with db.transaction(organization) as tx:
        reached = imports.find(tx, organization, file.fingerprint)
    book = _Book(db, by or by_system(organization), file.fingerprint, clock)
    tally = Tally(skipped=reached.done)
    book.note("import.begun", {"skipped": tally.skipped})
    pour = Pour(Work(open_intake, file.reader(), clock), lanes)
    with Rejects(rejects, file, reached) as listing:
        progress = _Progress(db, organization, file, clock, listing)
        for settled in pour.run(file, reached.done):
            _count(settled, tally, listing)
            progress.advance(settled.through)
            tell(tally, file.share_read())
        progress.save()
    book.note("import.finished", {"taken": tally.taken, "refused": tally.refused})
    return tally


def forget(db: Database, organization: int, file: EventFile) -> None:
    """Begin anew at the next import: every record is looked at again, and none is doubled."""
    with db.transaction(organization) as tx:
        imports.forget(tx, organization, file.fingerprint)


def _count(settled: Settled, tally: Tally, listing: Rejects) -> None:
    for record, result in zip(settled.records, settled.results, strict=True):
        if isinstance(result, Refusal):
            tally.refused += 1
            listing.add(record, result)
        elif result == "repeated":
            tally.repeated += 1
        elif result == "waiting":
            tally.waiting += 1
        else:
            tally.decided += 1


@dataclass(frozen=True, slots=True)
class _Book:
    """Puts on record that somebody imports a file, known by the digest of its content."""

    db: Database
    by: By
    fingerprint: str
    clock: Callable[[], datetime]

    def note(self, action: str, facts: Mapping[str, object]) -> None:
        deed = Deed(action, f"import:{self.fingerprint}", after=facts)
        with self.db.transaction(self.by.organization) as tx:
            audit.record(tx, self.by, [deed], self.clock())


class _Progress:
    """Saves how far the import has come, once in a while."""

    def __init__(
        self,
        db: Database,
        organization: int,
        file: EventFile,
        clock: Callable[[], datetime],
        listing: Rejects,
    ) -> None:
        self._db = db
        self._organization = organization
        self._file = file
        self._clock = clock
        self._listing = listing
        self._through: int | None = None
        self._saved_at = time.monotonic()

    def advance(self, through: int) -> None:
        self._through = through
        if time.monotonic() - self._saved_at >= SAVE_EVERY_S:
            self.save()

    def save(self) -> None:
        if self._through is None:
            return
        refused, size = self._listing.write(self._through)
        reached = Reached(self._through, refused, size, self._clock())
        self._db.retrying(
            self._organization,
            lambda tx: imports.save(
                tx,
                self._organization,
                self._file.fingerprint,
                file=self._file.path.name,
                reached=reached,
            ),
        )
        self._saved_at = time.monotonic()
