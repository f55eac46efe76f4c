"""Pouring a long run of records through lanes of intakes.

Each lane has members of its own, so that lanes never wait for each other's locks and the events
of one member are decided in the order of the file. While PostgreSQL writes for one lane, another
decides and the file is read on. What waits is bounded: memory does not grow with the file.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import wait

from regulars.gateways.files.items import EventFile, Record
from regulars.services.intake.lanes import Elsewhere, Here, Lane, Result, Work
from regulars.services.intake.taking import MAX_BATCH

MOST_READY = 3
"""Full batches that may wait for a busy lane."""

LOOK_EVERY = 250
"""Records read between two looks whether a lane has come free."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A batch that is committed: its records with what became of each.

    `through`: all records numbered below it are settled, in this batch or before.
    """

    records: Sequence[Record]
    results: Sequence[Result]
    through: int


class _Channel:
    """A lane, the batch that is being filled for it, and those that are ready or under way."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.filling: list[Record] = []
        self.ready: deque[list[Record]] = deque()
        self.under_way: list[Record] = []

    def add(self, record: Record) -> None:
        self.filling.append(record)
        if len(self.filling) == MAX_BATCH:
            self.close_batch()

    def close_batch(self) -> None:
        if self.filling:
            self.ready.append(self.filling)
            self.filling = []

    def begin(self) -> None:
        """Give the lane its next batch, if it is free and there is one."""
        if self.ready and not self.lane.is_busy:
            self.under_way = self.ready.popleft()
            self.lane.begin([record.raw for record in self.under_way])

    def oldest(self) -> int | None:
        """The number of the first record that is not settled."""
        for batch in (self.under_way, *self.ready, self.filling):
            if batch:
                return batch[0].number
        return None


class Pour:
    """One pour of a file through `lanes` lanes; with one, all is done in this process."""

    def __init__(self, work: Work, lanes: int) -> None:
        self._work = work
        self._lanes = lanes
        self._read = 0

    def run(self, file: EventFile, skip: int) -> Iterator[Settled]:
        """Take in the records after the first `skip`; tells of each batch when it is committed.

        Raises what reading or a lane raised; what was told of by then stays done.
        """
        self._read = skip
        with ExitStack() as stack:
            make = Here if self._lanes == 1 else Elsewhere
            channels = [
                _Channel(stack.enter_context(closing(make(self._work)))) for _ in range(self._lanes)
            ]
            for count, record in enumerate(file.records(skip), 1):
                channel = channels[hash(file.subject(record)) % self._lanes]
                channel.add(record)
                self._read = record.number + 1
                is_full = len(channel.ready) >= MOST_READY
                if is_full or count % LOOK_EVERY == 0:
                    yield from self._move(channels, patience_s=None if is_full else 0)
            for channel in channels:
                channel.close_batch()
            while any(channel.ready or channel.under_way for channel in channels):
                yield from self._move(channels, patience_s=None)
        yield Settled((), (), self._read)

    def _move(self, channels: Iterable[_Channel], *, patience_s: float | None) -> Iterator[Settled]:
        """Give free lanes their next batch, and fetch results; waits for some when asked to."""
        channels = list(channels)
        for channel in channels:
            channel.begin()
        for channel in _done(channels, patience_s):
            results = channel.lane.results()
            records, channel.under_way = channel.under_way, []
            channel.begin()
            numbers = [channel.oldest() for channel in channels]
            through = min((one for one in numbers if one is not None), default=self._read)
            yield Settled(records, results, through)


def _done(channels: Iterable[_Channel], patience_s: float | None) -> list[_Channel]:
    """The channels whose lane has results; waits for the first at most so long, None: for ever."""
    busy = [channel for channel in channels if channel.lane.is_busy]
    elsewhere = {
        channel.lane.connection: channel for channel in busy if isinstance(channel.lane, Elsewhere)
    }
    if not elsewhere:
        return busy
    return [elsewhere[one] for one in wait(list(elsewhere), patience_s)]  # type: ignore[index]
