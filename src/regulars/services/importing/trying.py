"""Trying a mapping out: the first records of a file as events, or why they are none."""

from collections.abc import Mapping as Values
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from regulars.domain.envelopes import Arrival, Veil
from regulars.domain.errors import RegularsError
from regulars.services.importing.files import checked, first_row, open_file, read_stored
from regulars.services.importing.uploads import Shelf, get

MAX_TRIED = 100


@dataclass(frozen=True, slots=True)
class Tried:
    """A record: what a spreadsheet calls its first row, how many rows it has, and its event."""

    row: int
    rows: int
    event: Arrival | RegularsError


def tried(
    shelf: Shelf,
    number: int,
    mapping: Values[str, Any] | None,
    *,
    count: int,
    veil: Veil,
    now: datetime,
) -> list[Tried]:
    """The first `count` records, read by the mapping; None: by the one that is stored.

    Raises InvalidInput for a mapping that does not fit, Malformed for a file that cannot be read;
    ImportNotFound, ImportStateWrong.
    """
    assert count <= MAX_TRIED
    job = get(shelf, number)
    known = read_stored(job.mapping) if mapping is None else checked(mapping)
    file = open_file(shelf.path(job), job.format, known)
    read = file.reader()
    first = first_row(job.format)
    found = []
    for record in islice(file.records(0), count):
        try:
            event: Arrival | RegularsError = read(record.raw, now, veil=veil)
        except RegularsError as refusal:
            event = refusal
        rows = 1 if isinstance(record.raw, bytes) else len(record.raw)
        found.append(Tried(record.row + first - 1, rows, event))
    return found
