"""Rejected records of an import: looked at, downloaded, corrected and tried again."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.envelopes import Arrival, Veil, read_event
from regulars.domain.errors import Fault, InvalidInput, Malformed, RegularsError
from regulars.gateways.files.writing import RUN
from regulars.services.importing.files import Told, read_stored, write_told
from regulars.services.importing.uploads import Shelf, get
from regulars.storage import audit
from regulars.storage.importing import jobs, rejected
from regulars.storage.importing.jobs import Job
from regulars.storage.importing.rejected import Rejected
from regulars.storage.sealing import Cabinet

MAX_TOGETHER = 200
PAGE = 500
REJECTED_COLUMNS = ("rejected_row", "rejected_code", "rejected_reason")

_told = msgspec.json.Decoder(Told)


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A rejected record as people see it."""

    id: int
    row: int
    code: str
    told: Told


Corrections = Mapping[int, Sequence[Sequence[Any]]]
"""From the number of a rejected record to its rows as they are meant; empty: as they are."""

Result = RegularsError | bool
"""What became of a record that was tried again: taken in (True: recorded before), or refused."""


def page(
    shelf: Shelf,
    cabinet: Cabinet,
    number: int,
    *,
    after: tuple[int, int] | None,
    limit: int,
    by: By,
    now: datetime,
) -> list[Row]:
    """Rejected records of an import in the order of the file. That somebody looked is on record,
    for there may be personal data in them. Raises ImportNotFound."""
    get(shelf, number)
    with shelf.db.transaction(shelf.organization) as tx:
        found = rejected.listed(tx, cabinet, shelf.organization, number, after=after, limit=limit)
        if found:
            deed = Deed("import.rejected_read", f"import:{number}", after={"records": len(found)})
            audit.record(tx, by, [deed], now)
    return [_row(one) for one in found]


def as_csv(
    shelf: Shelf, cabinet: Cabinet, number: int, *, by: By, now: datetime
) -> Iterator[bytes]:
    """All rejected records as the file had them, with three columns more that say where and why.
    Once corrected it is imported like the file itself. Raises ImportNotFound at the first piece.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    job = get(shelf, number)
    with shelf.db.transaction(shelf.organization) as tx:
        deed = Deed("import.rejected_downloaded", f"import:{number}")
        audit.record(tx, by, [deed], now)
    columns = json.loads(job.columns) or ["event"]
    # Spreadsheets take a file for UTF-8 when it begins with this mark.
    yield "\ufeff".encode() + _lines([[*columns, *REJECTED_COLUMNS]])
    after: tuple[int, int] | None = None
    while True:
        with shelf.db.transaction(shelf.organization) as tx:
            found = rejected.listed(
                tx, cabinet, shelf.organization, number, after=after, limit=PAGE
            )
        if not found:
            return
        yield _lines(
            [*cells, one.row, one.code, told.detail]
            for one in found
            for told in [_told.decode(one.told)]
            for cells in told.rows or [[""] * len(columns)]
        )
        after = (found[-1].row, found[-1].id)


def read_again(
    shelf: Shelf,
    cabinet: Cabinet,
    number: int,
    corrections: Corrections,
    *,
    sent_by: str,
    veil: Veil,
    now: datetime,
) -> dict[int, Arrival | RegularsError]:
    """Rejected records as events, with what was corrected of them; those that are not rejected any
    more are left out. Raises ImportNotFound, InvalidInput, Malformed."""
    job = get(shelf, number)
    with shelf.db.transaction(shelf.organization) as tx:
        found = rejected.take(tx, cabinet, shelf.organization, number, list(corrections))
    reader = _reader(job)
    read: dict[int, Arrival | RegularsError] = {}
    for one in found:
        rows = corrections[one.id] or _told.decode(one.told).rows
        try:
            read[one.id] = reader(rows, now, sent_by, veil)
        except RegularsError as refusal:
            read[one.id] = refusal
    return read


def settle(
    shelf: Shelf,
    cabinet: Cabinet,
    number: int,
    corrections: Corrections,
    results: Mapping[int, Result],
    *,
    by: By,
    now: datetime,
) -> None:
    """Forget those that were taken in; of the rest, keep what was corrected and the new reason."""
    done = [one for one, result in results.items() if not isinstance(result, RegularsError)]
    with shelf.db.transaction(shelf.organization) as tx:
        kept = rejected.take(tx, cabinet, shelf.organization, number, list(results))
        for one in kept:
            result = results[one.id]
            if isinstance(result, RegularsError):
                rows = corrections[one.id] or _told.decode(one.told).rows
                told = write_told(result, rows)
                fresh = Rejected(one.id, one.row, result.code, told)
                rejected.renew(tx, cabinet, shelf.organization, number, record=fresh)
        gone = rejected.remove(tx, shelf.organization, number, done)
        if gone:
            jobs.note_corrected(tx, shelf.organization, number, gone, now)
            deed = Deed("import.corrected", f"import:{number}", after={"records": gone})
            audit.record(tx, by, [deed], now)


Reading = Callable[[Sequence[Sequence[Any]], datetime, str, Veil], Arrival]


def _reader(job: Job) -> Reading:
    if job.format == "ndjson":
        return _read_line
    mapping = read_stored(job.mapping)
    assert mapping is not None, "it was started with one"
    from regulars.gateways.files.mapped import RowReader  # noqa: PLC0415  # Arrow loads slowly

    columns = tuple(json.loads(job.columns))
    reader = RowReader(mapping, columns)

    def read(rows: Sequence[Sequence[Any]], now: datetime, sent_by: str, veil: Veil) -> Arrival:
        if not rows or any(len(row) != len(columns) for row in rows):
            raise InvalidInput(
                f"Each row has {len(columns)} cells.", faults=[Fault("/rows", "other width")]
            )
        return reader(rows, now, sent_by=sent_by, veil=veil)

    return read


def _read_line(rows: Sequence[Sequence[Any]], now: datetime, sent_by: str, veil: Veil) -> Arrival:

    if len(rows) != 1 or len(rows[0]) != 1 or not isinstance(rows[0][0], str):
        raise Malformed("A record of an event file is one line.")
    return read_event(rows[0][0].encode(), now, sent_by=sent_by, veil=veil)


def _row(one: Rejected) -> Row:
    return Row(one.id, one.row, one.code, _told.decode(one.told))


def _lines(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(RUN) else cell
