"""Records into files: NDJSON, CSV or Parquet, some thousands at a time."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

import msgspec
import pyarrow
import pyarrow.parquet

RECORDS_TOGETHER = 10_000
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that spreadsheets take for a formula; some fold the wide ones."""

Record = Mapping[str, Any]
Writer = Callable[[Iterable[Record], Mapping[str, str], BinaryIO], Iterator[int]]
"""Writes records into the file batch by batch, and after each tells how many they were."""

_ARROW = {
    "text": pyarrow.string(),
    "json": pyarrow.string(),
    "int": pyarrow.int64(),
    "time": pyarrow.timestamp("us", "UTC"),
}


def _ndjson(records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> Iterator[int]:
    """One JSON object a line; columns of kind json are objects."""
    encoder = msgspec.json.Encoder()
    nested = [name for name, kind in columns.items() if kind == "json"]
    for batch in _batches(records):
        lines = []
        for record in batch:
            raw = {name: msgspec.Raw(record[name].encode()) for name in nested}
            lines.append(encoder.encode({**record, **raw}))
        out.write(b"\n".join(lines) + b"\n")
        yield len(lines)


def _csv(records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> Iterator[int]:
    """A header, then one row a record. A text that a spreadsheet would run as a formula gets an
    apostrophe in front."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        for batch in _batches(records):
            writer.writerows([_cell(record[name]) for name in columns] for record in batch)
            yield len(batch)
    finally:
        text.detach()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(RUN) else value


def _parquet(records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> Iterator[int]:
    """Columns with types, compressed."""
    schema = pyarrow.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(records):
            arrays = {name: [record[name] for record in batch] for name in columns}
            writer.write_table(pyarrow.table(arrays, schema=schema))
            yield len(batch)


def _batches(records: Iterable[Record]) -> Iterator[Sequence[Record]]:
    there = iter(records)
    while batch := list(islice(there, RECORDS_TOGETHER)):
        yield batch


WRITERS: Mapping[str, Writer] = {"ndjson": _ndjson, "csv": _csv, "parquet": _parquet}
MEDIA = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


def write(form: str, records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> int:
    """All of them into a file. Returns how many."""
    return sum(WRITERS[form](records, columns, out))


def pieces(
    form: str,
    records: Iterable[Record],
    columns: Mapping[str, str],
    told: Callable[[int], None] = lambda _count: None,
) -> Iterator[bytes]:
    """The same as pieces of the file, each when its records have been read. `told` hears how many
    there were so far."""
    out = _Drained()
    count = 0
    for batch in WRITERS[form](records, columns, out):  # type: ignore[arg-type]
        count += batch
        told(count)
        yield out.drain()
    yield out.drain()


class _Drained(io.RawIOBase):
    """A file that is carried away while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, part: Any) -> int:
        """Take a part."""
        own = bytes(part)
        self._parts.append(own)
        self._length += len(own)
        return len(own)

    def tell(self) -> int:
        """How much was written in all."""
        return self._length

    def drain(self) -> bytes:
        """What was written since the last time."""
        there = b"".join(self._parts)
        self._parts.clear()
        return there
