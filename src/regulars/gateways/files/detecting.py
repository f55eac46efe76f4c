"""What a file is, by what is in it: its name is never believed."""

import codecs
import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from regulars.domain.errors import Fault, FileRefused, RegularsError
from regulars.gateways.files.bytes_of import unzipped
from regulars.gateways.files.cells import text_of
from regulars.gateways.files.mapping import Csv

HEAD_BYTES = 256 * 1024
MAX_COLUMNS = 200
MAX_HEADER = 200
ROWS_SHOWN = 20
MAX_CELL_SHOWN = 200
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "cp1252")
"""What the text of a CSV file may be written in."""

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
OTHERS = {
    b"PK\x03\x04": ("spreadsheet", "This is an Excel workbook or an archive: save it as CSV."),
    b"\xd0\xcf\x11\xe0": ("spreadsheet", "This is an Excel workbook: save it as CSV."),
    b"%PDF": ("no_table", "This is a PDF, which has no table in it. Export CSV instead."),
    b"\x28\xb5\x2f\xfd": ("archive", "This is compressed by zstd; only gzip is unpacked."),
    b"BZh": ("archive", "This is compressed by bzip2; only gzip is unpacked."),
    b"\xfd7zXZ": ("archive", "This is compressed by xz; only gzip is unpacked."),
    b"7z\xbc\xaf": ("archive", "This is an archive; only gzip is unpacked."),
    b"Rar!": ("archive", "This is an archive; only gzip is unpacked."),
}
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is. `format`: csv, ndjson or parquet; `suffix`: the name under which the import
    reads it ends so. `style`: of a CSV file."""

    format: str
    suffix: str
    style: Csv | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """The first rows of a table as text, or lines of a file of events. No columns: of events."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def kind_of(path: Path) -> Kind:
    """What the file is. Raises FileRefused for what is none of ours."""
    with path.open("rb") as file:
        first = file.read(8)
    if not first:
        raise _refused("empty", "The file is empty.")
    for magic, (code, words) in OTHERS.items():
        if first.startswith(magic):
            raise _refused(code, words)
    if first.startswith(PARQUET):
        return Kind("parquet", ".parquet")
    is_zipped = first.startswith(GZIP)
    head = _head(path, is_zipped=is_zipped)
    tail = ".gz" if is_zipped else ""
    if not head.strip():
        raise _refused("empty", "The file is empty.")
    if head.startswith(PARQUET) or (b"\0" in head and not head.startswith(_BOMS)):
        raise _refused("binary", "The file is neither text nor Parquet.")
    if head.lstrip().startswith(b"["):
        raise _refused("json_array", "Write one event a line, without brackets around them all.")
    if _is_event(head):
        return Kind("ndjson", f".ndjson{tail}")
    encoding = _encoding(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return Kind("csv", f".csv{tail}", Csv(delimiter=_delimiter(text), encoding=encoding))


def top_of(path: Path, kind: Kind, count: int = ROWS_SHOWN) -> Top:
    """Its first rows. Raises FileRefused for a table without any, or with too many columns."""
    if kind.format == "ndjson":
        return Top((), tuple((line[:MAX_CELL_SHOWN],) for line in _lines(path, count)))
    # Apache Arrow takes a sixth of a second to load.
    from regulars.gateways.files.tables import CsvRows, ParquetRows  # noqa: PLC0415

    try:
        if kind.style is not None:
            table: CsvRows | ParquetRows = CsvRows(path, kind.style)
        else:
            table = ParquetRows(path, None)
        _check_columns(table.columns)
        rows = tuple(tuple(map(_shown, row)) for row in islice(table.rows(), count))
    except FileRefused:
        raise
    except RegularsError as error:
        raise _refused("unreadable", error.detail.replace(str(path), "The file")) from error
    if not rows:
        raise _refused("no_rows", "There is nothing below the row that names the columns.")
    return Top(table.columns, rows)


def _check_columns(columns: Sequence[str]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise _refused("too_wide", f"A file has at most {MAX_COLUMNS} columns.")
    if any(len(name) > MAX_HEADER for name in columns):
        raise _refused("no_header", "The first row must name the columns, in a few words for each.")


def _shown(cell: Any) -> str:
    return "" if cell is None else text_of(cell)[:MAX_CELL_SHOWN]


def _head(path: Path, *, is_zipped: bool) -> bytes:
    try:
        with path.open("rb") as file:
            named = path.with_suffix(".gz") if is_zipped else path.with_suffix(".csv")
            return unzipped(file, named).read(HEAD_BYTES)
    except RegularsError as error:
        raise _refused("damaged", "The file is damaged, or not compressed by gzip.") from error


def _lines(path: Path, count: int) -> list[str]:
    with path.open("rb") as file:
        head = unzipped(file, path).read(HEAD_BYTES)
    return [line for line in head.decode("utf-8", "replace").splitlines() if line.strip()][:count]


def _is_event(head: bytes) -> bool:
    line = head.lstrip().partition(b"\n")[0]
    if not line.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        # A first line that is longer than what was looked at, or one that is broken.
        return line.startswith((b'{"', b'{ "'))


def _encoding(head: bytes) -> str:
    if head.startswith(_BOMS):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    return "cp1252"


def _delimiter(text: str) -> str:
    """The mark that cuts the first rows into most columns, and all of them into as many."""
    lines = text.splitlines()
    if len(text) >= HEAD_BYTES // 4:
        lines = lines[:-1]
    best, most = ",", (0, 0)
    for mark in DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO("\n".join(lines[:50])), delimiter=mark), 30))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] == 1:
            continue
        agreeing = sum(1 for width in widths if width == widths[0]) * 10 // len(widths)
        if (agreeing, widths[0]) > most:
            best, most = mark, (agreeing, widths[0])
    return best


def _refused(code: str, words: str) -> FileRefused:
    return FileRefused(words, faults=[Fault("", words, code)])
