"""Pouring a long run of events through the intake: one thread reads, a few take in.

Each lane has members of its own, so that lanes never wait for each other's locks and the events
of one member are decided in the order of the file. While PostgreSQL writes for one lane, another
decides and the reader reads on. Queues are short: memory does not grow with the file.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, Full, Queue
from threading import Event as Flag
from threading import Lock, Thread

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import RegularsError
from regulars.gateways.files.items import Item
from regulars.services.intake.batch import Outcome
from regulars.services.intake.taking import MAX_BATCH, Intake

QUEUED_BATCHES = 2
POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Settled:
    """A batch that is committed: its items with what became of each.

    `through`: all items numbered below it are settled, in this batch or before.
    """

    items: Sequence[Item]
    outcomes: Sequence[Outcome]
    through: int


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


@dataclass(frozen=True, slots=True)
class _Ended:
    """A lane has nothing more, or (lane None) the reader has read everything up to `read`."""

    lane: int | None
    read: int = 0


_Batch = list[Item]
_Result = tuple[int, _Batch, list[Outcome]]


class Pour:
    """One pour. `intakes`: one for each lane; `clock` says when we heard of a batch."""

    def __init__(self, intakes: Sequence[Intake], clock: Callable[[], datetime]) -> None:
        self._intakes = intakes
        self._clock = clock
        self._stop = Flag()
        lanes = range(len(intakes))
        self._queues: list[Queue[_Batch | None]] = [Queue(QUEUED_BATCHES) for _ in lanes]
        self._results: Queue[_Result | _Failed | _Ended] = Queue()
        # The first numbers of the batches under way in each lane, oldest first.
        self._under_way: list[deque[int]] = [deque() for _ in lanes]
        self._counting = Lock()

    def run(self, items: Iterable[Item]) -> Iterator[Settled]:
        """Take in `items`; tells of each batch when it is committed. Raises what the reader or a
        lane raised; what was told of by then stays done."""
        threads = [
            Thread(target=self._read, args=(items,), name="reader", daemon=True),
            *(
                Thread(target=self._take, args=(lane,), name=f"lane-{lane}", daemon=True)
                for lane in range(len(self._intakes))
            ),
        ]
        for thread in threads:
            thread.start()
        try:
            yield from self._collect()
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _collect(self) -> Iterator[Settled]:
        open_lanes = len(self._intakes)
        read: int | None = None
        through = 0
        while open_lanes:
            result = self._results.get()
            if isinstance(result, _Failed):
                raise result.error
            if isinstance(result, _Ended):
                if result.lane is None:
                    read = result.read
                else:
                    open_lanes -= 1
                continue
            lane, batch, outcomes = result
            with self._counting:
                self._under_way[lane].popleft()
                waiting = [numbers[0] for numbers in self._under_way if numbers]
            through = max(through, min(waiting, default=batch[-1].number + 1))
            yield Settled(batch, outcomes, through)
        if read is not None and read > through:
            yield Settled((), (), read)

    def _read(self, items: Iterable[Item]) -> None:
        """The reader's thread: deals the items out to the lanes."""
        try:
            count = self._deal(items)
            if count is not None:
                self._results.put(_Ended(None, count))
        except BaseException as error:  # told to the caller, who raises it
            self._results.put(_Failed(error))

    def _deal(self, items: Iterable[Item]) -> int | None:
        """Returns the number after the last item; None when the pour was stopped."""
        lanes = len(self._intakes)
        filling: list[_Batch] = [[] for _ in range(lanes)]
        read = 0
        for count, item in enumerate(items, 1):
            read = item.number + 1
            lane = hash(item.read.ref) % lanes if isinstance(item.read, Arrival) else 0
            batch = filling[lane]
            if not batch:
                with self._counting:
                    self._under_way[lane].append(item.number)
            batch.append(item)
            if len(batch) == MAX_BATCH:
                filling[lane] = []
                if not self._hand_over(lane, batch):
                    return None
            elif count % (MAX_BATCH * lanes * 4) == 0 and not self._hand_over_all(filling):
                return None  # Nothing that was read is left lying while others go past.
        if not self._hand_over_all(filling):
            return None
        for queue in self._queues:
            queue.put(None)
        return read

    def _hand_over_all(self, filling: list[_Batch]) -> bool:
        for lane, batch in enumerate(filling):
            if batch:
                filling[lane] = []
                if not self._hand_over(lane, batch):
                    return False
        return True

    def _hand_over(self, lane: int, batch: _Batch) -> bool:
        """Queue `batch` when there is room; False when the pour was stopped meanwhile."""
        while not self._stop.is_set():
            try:
                self._queues[lane].put(batch, timeout=POLL_S)
            except Full:
                continue
            return True
        return False

    def _take(self, lane: int) -> None:
        """A lane's thread: takes in a batch after the other."""
        try:
            while not self._stop.is_set():
                try:
                    batch = self._queues[lane].get(timeout=POLL_S)
                except Empty:
                    continue
                if batch is None:
                    self._results.put(_Ended(lane))
                    return
                self._results.put((lane, batch, self._outcomes(lane, batch)))
        except BaseException as error:  # told to the caller, who raises it
            self._results.put(_Failed(error))

    def _outcomes(self, lane: int, batch: _Batch) -> list[Outcome]:
        arrivals = [item.read for item in batch if isinstance(item.read, Arrival)]
        taken = iter(self._intakes[lane].take_in(arrivals, self._clock()) if arrivals else ())
        return [
            item.read if isinstance(item.read, RegularsError) else next(taken) for item in batch
        ]
