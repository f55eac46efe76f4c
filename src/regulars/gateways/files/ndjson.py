"""Files of CloudEvents in JSON, one a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from regulars.domain.envelopes import MAX_EVENT_BYTES, Arrival, read_event
from regulars.domain.errors import RegularsError, TooLarge
from regulars.gateways.files.bytes_of import fingerprint, unzipped
from regulars.gateways.files.items import Clock, Item, Share

MAX_LINE_BYTES = MAX_EVENT_BYTES + 2
"""An event and the end of its line."""


class NdjsonFile:
    """NDJSON, plain or compressed by gzip. Empty lines are passed over."""

    rejects_suffix = ".rejected.ndjson"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fingerprint = fingerprint([path], "ndjson")
        self._share = Share(path.stat().st_size)

    def items(self, skip: int, clock: Clock) -> Iterator[Item]:
        """One item a line that is not empty."""
        number = 0
        with self.path.open("rb") as file:
            lines = unzipped(file, self.path)
            for row, line in enumerate(iter(lambda: lines.readline(MAX_LINE_BYTES), b""), 1):
                is_cut = len(line) == MAX_LINE_BYTES and not line.endswith(b"\n")
                if is_cut:
                    _pass_over(lines)
                elif not line.strip():
                    continue
                number += 1
                if number <= skip:
                    continue
                self._share.done = file.tell()
                yield Item(number - 1, row, line, _read(line, clock, is_cut=is_cut))
        self._share.done = self._share.whole

    def share_read(self) -> float:
        """By bytes."""
        return self._share.value()

    def rejects_header(self) -> bytes:
        """NDJSON has none."""
        return b""

    def rejected(self, item: Item, refusal: RegularsError) -> bytes:
        """One JSON text; `event` is what was sent, as JSON where it is JSON."""
        try:
            sent = json.loads(item.raw)
        except (ValueError, RecursionError):
            sent = item.raw.decode("utf-8", "replace").rstrip("\r\n")
        record = {
            "row": item.row,
            "code": refusal.code,
            "reason": refusal.detail,
            "faults": [{"pointer": one.pointer, "detail": one.detail} for one in refusal.faults],
            "event": sent,
        }
        return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _read(line: bytes, clock: Clock, *, is_cut: bool) -> Arrival | RegularsError:
    if is_cut:
        return TooLarge(f"An event is at most {MAX_EVENT_BYTES} bytes of JSON.")
    try:
        return read_event(line, clock())
    except RegularsError as refusal:
        return refusal


def _pass_over(lines: BinaryIO) -> None:
    """Skip the rest of a line that is too long."""
    while (rest := lines.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass
