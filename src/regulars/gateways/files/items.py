"""What every kind of event file offers to the import: its records in order, and how to read one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from regulars.domain.envelopes import Arrival, Veil
from regulars.domain.errors import Fault


class Record(NamedTuple):
    """A record of a file, not yet understood. `number` counts from 0; `row` is its first row,
    from 1; `raw` is what the file says."""

    number: int
    row: int
    raw: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record is not taken; it can be sent to another process. As in RegularsError."""

    code: str
    detail: str
    faults: tuple[Fault, ...] = ()


Read = Callable[[Any, datetime], Arrival]
"""From a record's `raw`, heard of at an instant, to its event. Raises RegularsErrors. It can be
sent to another process."""


class Reader(Protocol):
    """A Read that can also be told who sent the file, and what hides a phone or an e-mail address
    that names a member; without the latter such a record is refused."""

    def __call__(
        self, raw: Any, now: datetime, /, *, sent_by: str = "", veil: Veil | None = None
    ) -> Arrival:
        """The event of a record's `raw`. Raises RegularsErrors."""


class EventFile(Protocol):
    """A file of events. The same file with the same mapping has the same records in each run."""

    path: Path

    rejects_suffix: str
    """The end of the name of the list of rejected records."""

    @property
    def fingerprint(self) -> str:
        """Tells this content read in this way from every other. Reads the whole file."""

    def records(self, skip: int) -> Iterator[Record]:
        """The records after the first `skip`. Raises Malformed for a file that is none."""

    def subject(self, record: Record) -> str:
        """Who the record is about; "" where it does not say so in an orderly way."""

    def reader(self) -> Reader:
        """How to understand a record."""

    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""

    def rejects_header(self) -> bytes:
        """What a list of rejected records begins with."""

    def rejected(self, record: Record, refusal: Refusal) -> bytes:
        """The lines that tell of one rejected record."""


@dataclass(slots=True)
class Share:
    """How far a reader has come: `done` of `whole`, in whatever it counts."""

    whole: int = 0
    done: int = 0

    def value(self) -> float:
        """From 0 to 1."""
        return min(self.done / self.whole, 1.0) if self.whole else 1.0
