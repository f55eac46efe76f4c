"""The list of rejected records: in the order of the file, each once, however often resumed."""

import os
from heapq import heappop, heappush
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

from regulars.gateways.files.items import EventFile, Record, Refusal


class Reached(Protocol):
    """Where an earlier run stopped: records done, of them refused, and the list's length."""

    @property
    def done(self) -> int: ...  # noqa: D102
    @property
    def refused(self) -> int: ...  # noqa: D102
    @property
    def rejects_bytes(self) -> int: ...  # noqa: D102


class Rejects:
    """A file beside the imported one, made when the first record is rejected.

    What an earlier run listed beyond the point it is resumed from is cut off, and comes again.
    """

    def __init__(self, path: Path, file: EventFile, reached: Reached) -> None:
        self._path = path
        self._source = file
        self._size = reached.rejects_bytes if reached.done else 0
        self._count = reached.refused
        self._file: BinaryIO | None = None
        self._waiting: list[tuple[int, bytes]] = []
        if path.exists():
            if self._size:
                os.truncate(path, min(self._size, path.stat().st_size))
            else:
                path.unlink()

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, record: Record, refusal: Refusal) -> None:
        """Note a rejected record; it is written when all before it are settled."""
        heappush(self._waiting, (record.number, self._source.rejected(record, refusal)))

    def write(self, through: int) -> tuple[int, int]:
        """Write what is noted of records numbered below `through`, durably.

        Returns how many are listed by now, and the length of the list in bytes.
        """
        lines: list[bytes] = []
        while self._waiting and self._waiting[0][0] < through:
            lines.append(heappop(self._waiting)[1])
        if lines:
            if self._file is None:
                self._file = self._path.open("ab")
                if not self._file.tell():
                    self._file.write(self._source.rejects_header())
            self._file.writelines(lines)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._count += len(lines)
            self._size = self._file.tell()
        return self._count, self._size
