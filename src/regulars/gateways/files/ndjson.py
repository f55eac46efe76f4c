"""Files of CloudEvents in JSON, one a line."""

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import msgspec

from regulars.domain.envelopes import MAX_EVENT_BYTES, read_event
from regulars.gateways.files.bytes_of import fingerprint, unzipped
from regulars.gateways.files.items import Reader, Record, Refusal, Share

MAX_LINE_BYTES = MAX_EVENT_BYTES + 2
"""An event and the end of its line."""


class _About(msgspec.Struct):
    subject: str


_about = msgspec.json.Decoder(_About)


class NdjsonFile:
    """NDJSON, plain or compressed by gzip. Empty lines are passed over."""

    rejects_suffix = ".rejected.ndjson"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._share = Share(path.stat().st_size)

    @cached_property
    def fingerprint(self) -> str:
        """By all bytes of the file."""
        return fingerprint([self.path], "ndjson")

    def records(self, skip: int) -> Iterator[Record]:
        """One record a line that is not empty."""
        number = 0
        with self.path.open("rb") as file:
            lines = unzipped(file, self.path)
            for row, line in enumerate(iter(lambda: lines.readline(MAX_LINE_BYTES), b""), 1):
                if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                    _pass_over(lines)
                elif line.isspace():
                    continue
                number += 1
                if number > skip:
                    self._share.done = file.tell()
                    yield Record(number - 1, row, line)
        self._share.done = self._share.whole

    def subject(self, record: Record) -> str:
        """The envelope's."""
        try:
            return _about.decode(record.raw).subject
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return ""

    def reader(self) -> Reader:
        """As the API reads an event."""
        return read_event

    def share_read(self) -> float:
        """By bytes."""
        return self._share.value()

    def rejects_header(self) -> bytes:
        """NDJSON has none."""
        return b""

    def rejected(self, record: Record, refusal: Refusal) -> bytes:
        """One JSON text; `event` is what was sent, as JSON where it is JSON."""
        try:
            sent = json.loads(record.raw)
        except (ValueError, RecursionError):
            sent = record.raw.decode("utf-8", "replace").rstrip("\r\n")
        told = {
            "row": record.row,
            "code": refusal.code,
            "reason": refusal.detail,
            "faults": [{"pointer": one.pointer, "detail": one.detail} for one in refusal.faults],
            "event": sent,
        }
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _pass_over(lines: BinaryIO) -> None:
    """Skip the rest of a line that is too long."""
    while (rest := lines.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass
