"""CSV and Parquet files as rows: columns by name, a row at a time, little in memory."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow
import pyarrow.parquet

from regulars.domain.errors import InvalidInput, Malformed
from regulars.gateways.files.building import Row
from regulars.gateways.files.bytes_of import unzipped
from regulars.gateways.files.items import Share
from regulars.gateways.files.mapping import Csv, LookUp
from regulars.gateways.files.writing import RUN

PARQUET_ROWS = 8_192
MAX_CELL = 128 * 1024
MAX_ROW = 1024 * 1024
"""Characters of one row of a CSV file, quoted line ends included."""

MAX_CHUNK_BYTES = 1024 * 1024 * 1024
"""Of one column in one row group of a Parquet file, unpacked."""
MAX_LOOK_UP_ROWS = 1_000_000


class CsvRows:
    """The rows of a CSV file, plain or compressed by gzip. Its first row names the columns."""

    def __init__(self, path: Path, style: Csv) -> None:
        self._path = path
        self._style = style
        self.share = Share(path.stat().st_size)
        with self._open() as (_, reader, _lines):
            self.columns = told_apart(next(self._checked(reader), []))
        if not self.columns:
            raise Malformed(f"{path} is empty: its first row must name the columns.")

    def rows(self) -> Iterator[Row]:
        """Every row but the first; short ones are filled up, empty lines passed over.

        Raises Malformed where the text is no CSV.
        """
        width = len(self.columns)
        with self._open() as (file, reader, lines):
            rows = self._checked(reader)
            next(rows)
            for number, row in enumerate(rows, 1):
                lines.spent = 0
                if number % 256 == 0:
                    self.share.done = file.tell()
                if len(row) < width:
                    if not row:
                        continue
                    row.extend([""] * (width - len(row)))
                yield [_armed(cell) for cell in row] if self._style.is_disarmed else row
        self.share.done = self.share.whole

    def _checked(self, reader: Any) -> Iterator[list[str]]:
        """The rows of a CSV reader. Raises Malformed instead of what the reader raises."""
        try:
            yield from reader
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise Malformed(
                f"{self._path} cannot be read after line {reader.line_num}: {error}."
            ) from error

    def _open(self) -> "_Opened":
        return _Opened(self._path, self._style)


def _armed(cell: str) -> str:
    """A cell as it was before it was kept from running in a spreadsheet."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip().startswith(RUN) else cell


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, each once: the second of a name gets a number behind it, and one
    without a name is called by its place."""
    seen: dict[str, int] = {}
    told = []
    for place, name in enumerate(names, 1):
        wanted = name or f"column {place}"
        seen[wanted] = seen.get(wanted, 0) + 1
        told.append(wanted if seen[wanted] == 1 else f"{wanted} ({seen[wanted]})")
    return tuple(told)


class _Opened:
    """A CSV file under way: the file whose position tells how far we are, and the reader."""

    def __init__(self, path: Path, style: Csv) -> None:
        csv.field_size_limit(MAX_CELL)
        self._file = path.open("rb")
        inner = unzipped(self._file, path)
        try:
            text = io.TextIOWrapper(inner, encoding=style.encoding, newline="")
        except LookupError as error:
            self._file.close()
            raise InvalidInput(f"There is no encoding {style.encoding!r}.") from error
        self._text = text
        self._lines = _Lines(text, path)
        self._reader = csv.reader(
            self._lines, delimiter=style.delimiter, quotechar=style.quote, strict=True
        )

    def __enter__(self) -> "tuple[BinaryIO, Any, _Lines]":
        return self._file, self._reader, self._lines

    def __exit__(self, *_: object) -> None:
        self._text.close()
        self._file.close()


class _Lines:
    """The lines of a text, read in pieces: one without end is refused before it fills the memory.

    `spent`: characters since the row began; whoever takes rows sets it to 0. Raises Malformed.
    """

    def __init__(self, text: io.TextIOWrapper, path: Path) -> None:
        self._text = text
        self._path = path
        self.spent = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self.spent += len(line)
        if self.spent > MAX_ROW:
            raise Malformed(f"{self._path} has a row of more than {MAX_ROW} characters.")
        return line


class ParquetRows:
    """The rows of a Parquet file, only of the columns wanted (None: of all), a batch at a time."""

    def __init__(self, path: Path, wanted: set[str] | None) -> None:
        try:
            self._file = pyarrow.parquet.ParquetFile(path)
        except (pyarrow.ArrowException, OSError) as error:
            raise Malformed(f"{path} is no Parquet file: {error}.") from error
        _refuse_swollen(self._file.metadata, path)
        names = self._file.schema_arrow.names
        self.columns = tuple(name for name in names if wanted is None or name in wanted)
        self.share = Share(self._file.metadata.num_rows)

    def rows(self) -> Iterator[Row]:
        """Every row. Timestamps are cut to microseconds."""
        batches = self._file.iter_batches(PARQUET_ROWS, columns=list(self.columns))
        for batch in batches:
            yield from zip(*map(_values, batch.columns), strict=True)
            self.share.done += batch.num_rows


def _refuse_swollen(metadata: Any, path: Path) -> None:
    """Raises Malformed for a file that says of itself that it would fill the memory."""
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for place in range(row_group.num_columns):
            if row_group.column(place).total_uncompressed_size > MAX_CHUNK_BYTES:
                raise Malformed(
                    f"{path} has a column of more than {MAX_CHUNK_BYTES} bytes in one row group."
                )


def _values(column: Any) -> list[Any]:
    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return cast("list[Any]", column.to_pylist())


Rows = CsvRows | ParquetRows


def open_rows(path: Path, style: Csv, wanted: set[str]) -> Rows:
    """The rows of `path`, by the end of its name. Raises Malformed, InvalidInput."""
    if path.name.endswith(".parquet"):
        return ParquetRows(path, wanted)
    return CsvRows(path, style)


class Joined:
    """Rows with the columns of further tables added: for each the row of its key, or empty."""

    def __init__(self, rows: Rows, tables: Mapping[str, LookUp], folder: Path, style: Csv,
                 wanted: set[str]) -> None:  # fmt: skip
        self._rows = rows
        self.share = rows.share
        columns = list(rows.columns)
        self._joins: list[tuple[int, dict[str, Row], Row]] = []
        for name, table in tables.items():
            if table.match not in columns:
                raise InvalidInput(f"The file has no column {table.match!r} to match {name} by.")
            prefix = f"{name}."
            needed = [one.removeprefix(prefix) for one in sorted(wanted) if one.startswith(prefix)]
            known = _look_up(folder / table.file, table.key, needed, style)
            self._joins.append((columns.index(table.match), known, (None,) * len(needed)))
            columns += [prefix + one for one in needed]
        self.columns = tuple(columns)

    def rows(self) -> Iterator[Row]:
        """Every row, widened."""
        for row in self._rows.rows():
            wide = tuple(row)
            for place, known, nothing in self._joins:
                wide += tuple(known.get(str(wide[place]), nothing))
            yield wide


def _look_up(path: Path, key: str, needed: Sequence[str], style: Csv) -> dict[str, Row]:
    if not path.is_file():
        raise InvalidInput(f"There is no file {path} to look things up in.")
    table = open_rows(path, style, {key, *needed})
    missing = [one for one in (key, *needed) if one not in table.columns]
    if missing:
        raise InvalidInput(f"{path} has no column {missing[0]!r}.")
    place = table.columns.index(key)
    places = [table.columns.index(one) for one in needed]
    known: dict[str, Row] = {}
    for row in table.rows():
        known[str(row[place])] = tuple(row[one] for one in places)
        if len(known) > MAX_LOOK_UP_ROWS:
            raise InvalidInput(f"{path} has more than {MAX_LOOK_UP_ROWS} rows to look up.")
    return known
