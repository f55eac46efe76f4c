"""Opening a file of events by the end of its name."""

from pathlib import Path

from regulars.domain.errors import InvalidInput
from regulars.gateways.files.items import EventFile
from regulars.gateways.files.mapping import read_mapping
from regulars.gateways.files.ndjson import NdjsonFile

EVENTS = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet")


def open_events(path: Path, mapping: Path | None) -> EventFile:
    """The events of `path`; tables need a mapping. Raises InvalidInput, Malformed."""
    if not path.is_file():
        raise InvalidInput(f"There is no file {path}.")
    if path.name.endswith(EVENTS):
        return NdjsonFile(path)
    if not path.name.endswith(TABLES):
        known = ", ".join((*EVENTS, *TABLES))
        raise InvalidInput(f"{path} is of no kind that can be imported. Known: {known}.")
    if mapping is None:
        raise InvalidInput(
            f"{path} is a table: say by --mapping FILE which columns become which fields."
        )
    # Apache Arrow takes a sixth of a second to load, and events in NDJSON need none of it.
    from regulars.gateways.files.mapped import MappedFile  # noqa: PLC0415

    known_mapping, text = read_mapping(mapping)
    return MappedFile(path, known_mapping, text, mapping.parent)
