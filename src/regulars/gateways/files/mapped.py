"""A table file with its mapping, as a file of events."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from regulars.domain.envelopes import Arrival, Veil
from regulars.domain.errors import InvalidInput
from regulars.gateways.files.building import Builder, Row, columns_of
from regulars.gateways.files.bytes_of import fingerprint
from regulars.gateways.files.grouping import grouped, singly
from regulars.gateways.files.items import Reader, Record, Refusal
from regulars.gateways.files.mapping import Mapping
from regulars.gateways.files.tables import Joined, open_rows

REJECTED_COLUMNS = ("rejected_row", "rejected_code", "rejected_reason")


class RowReader:
    """From groups of rows with known columns to events. It can be sent to another process."""

    def __init__(self, mapping: Mapping, columns: tuple[str, ...]) -> None:
        self._made_of = (mapping, columns)
        self._builder = Builder(mapping, {name: place for place, name in enumerate(columns)})

    def __reduce__(self) -> tuple[type["RowReader"], tuple[Mapping, tuple[str, ...]]]:
        return RowReader, self._made_of

    def __call__(
        self, rows: Sequence[Row], now: datetime, /, *, sent_by: str = "", veil: Veil | None = None
    ) -> Arrival:
        """The event of a group. Raises InvalidInput, TooLarge."""
        return self._builder.event(rows, now, sent_by=sent_by, veil=veil)

    def subject(self, rows: Sequence[Row]) -> str:
        """Who the group is about, or ""."""
        return self._builder.subject(rows[0])


class MappedFile:
    """A CSV or Parquet file whose rows, or groups of rows, are events.

    `folder` is where the tables to look things up in are. Raises Malformed, InvalidInput.
    """

    rejects_suffix = ".rejected.csv"

    def __init__(self, path: Path, mapping: Mapping, text: str, folder: Path) -> None:
        self.path = path
        self._mapping = mapping
        self._text = text
        self._tables = [folder / table.file for table in mapping.tables.values()]
        for table in self._tables:
            if not table.is_file():
                raise InvalidInput(f"There is no file {table} to look things up in.")
        wanted = columns_of(mapping)
        first = open_rows(path, mapping.csv, wanted)
        self._own = len(first.columns)
        self._rows = Joined(first, mapping.tables, folder, mapping.csv, wanted)
        self._reader = RowReader(mapping, self._rows.columns)
        key = mapping.group_by
        if key is not None and key not in self._rows.columns:
            raise InvalidInput(f"The file has no column {key!r} to group by.")
        self._key = None if key is None else self._rows.columns.index(key)

    @cached_property
    def fingerprint(self) -> str:
        """By all bytes of the file, of the mapping and of the tables to look things up in."""
        return fingerprint([self.path, *self._tables], "mapped", self._text)

    def records(self, skip: int) -> Iterator[Record]:
        """One record for each group of rows."""
        rows = self._rows.rows()
        groups = (
            singly(rows) if self._key is None else grouped(rows, self._key, self._mapping.window)
        )
        for number, (row, group) in enumerate(groups):
            if number >= skip:
                yield Record(number, row, group)

    def subject(self, record: Record) -> str:
        """What the mapping says of the first row."""
        return self._reader.subject(record.raw)

    def reader(self) -> Reader:
        """By the mapping."""
        return self._reader

    def share_read(self) -> float:
        """By bytes of CSV, by rows of Parquet."""
        return self._rows.share.value()

    def rejects_header(self) -> bytes:
        """The file's own columns and three more, so that it can be corrected and imported."""
        return self._line([*self._rows.columns[: self._own], *REJECTED_COLUMNS])

    def rejected(self, record: Record, refusal: Refusal) -> bytes:
        """Every row of the group, each with the number of the group's first row and the reason."""
        return b"".join(
            self._line([*row[: self._own], record.row, refusal.code, refusal.detail])
            for row in record.raw
        )

    def _line(self, cells: Sequence[Any]) -> bytes:
        text = io.StringIO(newline="")
        style = self._mapping.csv
        csv.writer(
            text, delimiter=style.delimiter, quotechar=style.quote, lineterminator="\n"
        ).writerow(cells)
        return text.getvalue().encode("utf-8", "replace")
