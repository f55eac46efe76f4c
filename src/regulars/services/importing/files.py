"""The folder of files that were sent to be imported, and how each is opened."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from regulars.domain.errors import Fault, InvalidInput, RegularsError
from regulars.gateways.files.detecting import ENCODINGS
from regulars.gateways.files.items import EventFile, Record, Refusal
from regulars.gateways.files.mapping import Mapping, mapping_from
from regulars.gateways.files.ndjson import NdjsonFile

FOLDER = "imports"
ARRIVING = ".part"
"""The end of the name of a file that has not come whole."""

MAX_KEPT = 64 * 1024
"""Bytes of one rejected record that are kept to be corrected; more cannot be done by hand."""


def folder_of(data: Path, organization: int) -> Path:
    """Where the files of an organization are; nobody else on this machine reads them."""
    folder = data / FOLDER / str(organization)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_name() -> str:
    """A name for a file; what its sender calls it is never part of a path."""
    return secrets.token_hex(16)


def open_file(path: Path, form: str, mapping: Mapping | None) -> EventFile:
    """A file as its events. Raises InvalidInput, Malformed."""
    if form == "ndjson":
        return NdjsonFile(path)
    if mapping is None:
        raise InvalidInput("Say which columns become which fields, by a mapping.")
    # Apache Arrow takes a sixth of a second to load, and events in NDJSON need none of it.
    from regulars.gateways.files.mapped import MappedFile  # noqa: PLC0415

    return MappedFile(path, mapping, "", path.parent)


def checked(raw: object) -> Mapping:
    """A mapping that came from outside. Raises InvalidInput; it opens no file of ours."""
    mapping = mapping_from(raw)
    if mapping.tables:
        raise InvalidInput(
            "Files to look things up in are for the command line; join them before.",
            faults=[Fault("/mapping/tables", "not over HTTP")],
        )
    if mapping.csv.encoding not in ENCODINGS:
        raise InvalidInput(
            f"The encoding is one of {', '.join(ENCODINGS)}.",
            faults=[Fault("/mapping/csv/encoding", "unknown")],
        )
    return mapping


def read_stored(text: str) -> Mapping | None:
    """A mapping as it is kept with its import."""
    return mapping_from(json.loads(text)) if text else None


def first_row(form: str) -> int:
    """What a spreadsheet calls the first record's row: a CSV file names its columns above."""
    return 2 if form == "csv" else 1


class Told(Struct, frozen=True):
    """What is kept of a rejected record, sealed. `rows`: cells as the file says them, or one line
    of an event file; empty where it is too long to be kept."""

    detail: str
    faults: list[tuple[str, str, str]]
    rows: list[list[Any]]


def tell(record: Record, refusal: Refusal) -> bytes:
    """What is kept of a rejected record, as JSON of a Told."""
    return write_told(refusal, rows_in(record.raw))


def rows_in(raw: Any) -> list[list[Any]]:
    """The rows of a record, or its one line."""
    if isinstance(raw, bytes):
        return [[raw.decode("utf-8", "replace").rstrip("\r\n")]]
    return [list(row) for row in raw]


def write_told(refusal: Refusal | RegularsError, rows: Sequence[Sequence[Any]]) -> bytes:
    """JSON of a Told."""
    faults = [(one.pointer, one.detail, one.code) for one in refusal.faults]
    told = {"detail": refusal.detail, "faults": faults, "rows": rows}
    text = _json(told)
    return text if len(text) <= MAX_KEPT else _json({**told, "rows": []})


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, default=_plain).encode("utf-8", "replace")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
