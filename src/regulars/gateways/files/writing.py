"""Records into files: NDJSON, CSV or Parquet, some thousands at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

_ARROW = {
    "text": pyarrow.string(),
    "json": pyarrow.string(),
    "int": pyarrow.int64(),
    "time": pyarrow.timestamp("us", "UTC"),
}


def write_ndjson(records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> int:
    """One JSON object a line; columns of kind json are objects. Returns how many."""
    encoder = msgspec.json.Encoder()
    nested = [name for name, kind in columns.items() if kind == "json"]
    count = 0
    for batch in _batches(records):
        lines = []
        for record in batch:
            raw = {name: msgspec.Raw(record[name].encode()) for name in nested}
            lines.append(encoder.encode({**record, **raw}))
        out.write(b"\n".join(lines) + b"\n")
        count += len(lines)
    return count


def write_csv(records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> int:
    """A header, then one row a record. Returns how many.

    A text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for record in records:
        writer.writerow([_cell(record[name]) for name in columns])
        count += 1
    text.detach()
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(RUN) else value


def write_parquet(records: Iterable[Record], columns: Mapping[str, str], out: BinaryIO) -> int:
    """Columns with types, compressed. Returns how many."""
    schema = pyarrow.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
    count = 0
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(records):
            arrays = {name: [record[name] for record in batch] for name in columns}
            writer.write_table(pyarrow.table(arrays, schema=schema))
            count += len(batch)
    return count


def _batches(records: Iterable[Record]) -> Iterator[Sequence[Record]]:
    there = iter(records)
    while batch := list(islice(there, RECORDS_TOGETHER)):
        yield batch


WRITERS = {"ndjson": write_ndjson, "csv": write_csv, "parquet": write_parquet}
