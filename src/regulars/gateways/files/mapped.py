"""A table file with its mapping, as a file of events."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import InvalidInput, RegularsError
from regulars.gateways.files.building import Builder, Row, columns_of
from regulars.gateways.files.bytes_of import fingerprint
from regulars.gateways.files.grouping import grouped, singly
from regulars.gateways.files.items import Clock, Item
from regulars.gateways.files.mapping import Mapping
from regulars.gateways.files.tables import Joined, open_rows

REJECTED_COLUMNS = ("rejected_row", "rejected_code", "rejected_reason")


class MappedFile:
    """A CSV or Parquet file whose rows, or groups of rows, are events.

    `folder` is where the tables to look things up in are. Raises Malformed, InvalidInput.
    """

    rejects_suffix = ".rejected.csv"

    def __init__(self, path: Path, mapping: Mapping, text: str, folder: Path) -> None:
        self.path = path
        self._mapping = mapping
        tables = [folder / table.file for table in mapping.tables.values()]
        for table in tables:
            if not table.is_file():
                raise InvalidInput(f"There is no file {table} to look things up in.")
        self.fingerprint = fingerprint([path, *tables], "mapped", text)
        wanted = columns_of(mapping)
        first = open_rows(path, mapping.csv, wanted)
        self._own = len(first.columns)
        self._rows = Joined(first, mapping.tables, folder, mapping.csv, wanted)
        places = {name: place for place, name in enumerate(self._rows.columns)}
        self._builder = Builder(mapping, places)
        key = mapping.group_by
        if key is not None and key not in places:
            raise InvalidInput(f"The file has no column {key!r} to group by.")
        self._key = None if key is None else places[key]

    def items(self, skip: int, clock: Clock) -> Iterator[Item]:
        """One item for each group of rows."""
        rows = self._rows.rows()
        groups = (
            singly(rows) if self._key is None else grouped(rows, self._key, self._mapping.window)
        )
        for number, (row, group) in enumerate(groups):
            if number >= skip:
                yield Item(number, row, group, self._read(group, clock))

    def _read(self, group: Sequence[Row], clock: Clock) -> Arrival | RegularsError:
        try:
            return self._builder.event(group, clock())
        except RegularsError as refusal:
            return refusal

    def share_read(self) -> float:
        """By bytes of CSV, by rows of Parquet."""
        return self._rows.share.value()

    def rejects_header(self) -> bytes:
        """The file's own columns and three more, so that it can be corrected and imported."""
        return self._line([*self._rows.columns[: self._own], *REJECTED_COLUMNS])

    def rejected(self, item: Item, refusal: RegularsError) -> bytes:
        """Every row of the group, each with the number of the group's first row and the reason."""
        return b"".join(
            self._line([*row[: self._own], item.row, refusal.code, refusal.detail])
            for row in item.raw
        )

    def _line(self, cells: Sequence[Any]) -> bytes:
        text = io.StringIO(newline="")
        style = self._mapping.csv
        csv.writer(
            text, delimiter=style.delimiter, quotechar=style.quote, lineterminator="\n"
        ).writerow(cells)
        return text.getvalue().encode("utf-8", "replace")
