"""The lane: one thread that takes whatever waits as one batch while the last one was in flight.

There is no linger. Under light load a batch is one event and waits for nobody; under heavy load
batches grow by themselves, and with them the events a transaction carries.
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Condition, Thread
from time import perf_counter
from typing import Generic, Protocol, TypeVar

from regulars.domain.errors import InternalFault, Overloaded, RegularsError

MAX_TOGETHER = 500
MAX_WAITING = 50_000
"""Events that may wait; beyond that senders are told to come back."""

Token = TypeVar("Token")
Item = TypeVar("Item")
Done = TypeVar("Done")
Wanted_contra = TypeVar("Wanted_contra", contravariant=True)
Made_co = TypeVar("Made_co", covariant=True)

Answers = Sequence[tuple[Token, list[Done | RegularsError]]]
Submission = tuple[Token, Sequence[Item]]


class Taker(Protocol[Wanted_contra, Made_co]):
    """What carries out a batch in one transaction."""

    def take_in(
        self, items: Sequence[Wanted_contra], now: datetime, /
    ) -> Sequence[Made_co | RegularsError]:
        """One outcome for each, in their order. Durable on return."""


class Lane(Generic[Token, Item, Done]):
    """Collects submissions from any thread and answers them by `deliver`, called in the lane's
    own thread once a batch, after the commit.

    A batch is of one organization. Those with something waiting take turns, so that none waits
    for more than one batch of each other.
    """

    def __init__(
        self,
        open_taker: Callable[[int], Taker[Item, Done]],
        *,
        clock: Callable[[], datetime],
        deliver: Callable[[Answers[Token, Done]], None],
        observe: Callable[[int, float], None] = lambda _size, _seconds: None,
        name: str = "intake",
    ) -> None:
        """`open_taker`: what takes in the batches of an organization. `observe` is told of each
        batch: how many items, and how many seconds it took."""
        self._open_taker = open_taker
        self._takers: dict[int, Taker[Item, Done]] = {}
        self._clock = clock
        self._deliver = deliver
        self._observe = observe
        # In the order of their turns; an organization is here only while something of it waits.
        self._waiting: dict[int, deque[Submission[Token, Item]]] = {}
        self._count = 0
        self._bell = Condition()
        self._open = True
        self._worker = Thread(target=self._work, name=name, daemon=True)
        self._worker.start()

    def submit(self, organization: int, token: Token, items: Sequence[Item]) -> None:
        """Queue `items`; they are answered together, under `token`. Raises Overloaded."""
        assert 0 < len(items) <= MAX_TOGETHER
        with self._bell:
            if self._count + len(items) > MAX_WAITING or not self._open:
                raise Overloaded
            queue = self._waiting.get(organization)
            if queue is None:
                queue = self._waiting[organization] = deque()
            queue.append((token, items))
            self._count += len(items)
            self._bell.notify()

    @property
    def waiting(self) -> int:
        """How many items wait for the batch in flight."""
        return self._count

    def close(self) -> None:
        """Take nothing more, finish what waits, and end the thread."""
        with self._bell:
            self._open = False
            self._bell.notify()
        self._worker.join()

    def _work(self) -> None:
        while (batch := self._next()) is not None:
            self._deliver(self._answers(*batch))

    def _next(self) -> tuple[int, list[Submission[Token, Item]]] | None:
        """All that waits of the organization whose turn it is, up to a batch; None at the end."""
        taken: list[Submission[Token, Item]] = []
        size = 0
        with self._bell:
            while self._open and not self._waiting:
                self._bell.wait()
            if not self._waiting:
                return None
            organization = next(iter(self._waiting))
            queue = self._waiting.pop(organization)
            while queue and size + len(queue[0][1]) <= MAX_TOGETHER:
                submission = queue.popleft()
                taken.append(submission)
                size += len(submission[1])
            if queue:
                self._waiting[organization] = queue
            self._count -= size
        return organization, taken

    def _answers(
        self, organization: int, taken: list[Submission[Token, Item]]
    ) -> Answers[Token, Done]:
        together = [item for _, items in taken for item in items]
        began = perf_counter()
        outcomes: list[Done | RegularsError]
        try:
            outcomes = list(self._taker(organization).take_in(together, self._clock()))
        except Exception as error:
            fault = InternalFault()
            fault.__cause__ = error
            outcomes = [fault for _ in together]
        self._observe(len(together), perf_counter() - began)
        answers: list[tuple[Token, list[Done | RegularsError]]] = []
        place = 0
        for token, items in taken:
            answers.append((token, outcomes[place : place + len(items)]))
            place += len(items)
        return answers

    def _taker(self, organization: int) -> Taker[Item, Done]:
        taker = self._takers.get(organization)
        if taker is None:
            taker = self._takers[organization] = self._open_taker(organization)
        return taker
