"""What every kind of event file offers to the import: its records in order, read or refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import RegularsError

Clock = Callable[[], datetime]


class Item(NamedTuple):
    """A record of a file. `number` counts records from 0; `row` is its first row, from 1.

    `raw` is what the file says, for the list of what was rejected.
    """

    number: int
    row: int
    raw: Any
    read: Arrival | RegularsError


class EventFile(Protocol):
    """A file of events. The same file with the same mapping has the same records in each run."""

    path: Path
    fingerprint: str
    """Tells this content read in this way from every other."""

    rejects_suffix: str
    """The end of the name of the list of rejected records."""

    def items(self, skip: int, clock: Clock) -> Iterator[Item]:
        """The records after the first `skip`. Raises Malformed for a file that is none."""

    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""

    def rejects_header(self) -> bytes:
        """What a list of rejected records begins with."""

    def rejected(self, item: Item, refusal: RegularsError) -> bytes:
        """The lines that tell of one rejected record."""


@dataclass(slots=True)
class Share:
    """How far a reader has come: `done` of `whole`, in whatever it counts."""

    whole: int = 0
    done: int = 0

    def value(self) -> float:
        """From 0 to 1."""
        return min(self.done / self.whole, 1.0) if self.whole else 1.0
