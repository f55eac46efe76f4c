"""The lane: one thread that takes whatever waits as one batch while the last one was in flight.

There is no linger. Under light load a batch is one event and waits for nobody; under heavy load
batches grow by themselves, and with them the events a transaction carries.
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Condition, Thread
from time import perf_counter
from typing import Generic, TypeVar

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import InternalFault, Overloaded
from regulars.services.intake.batch import Outcome
from regulars.services.intake.taking import Intake

MAX_TOGETHER = 500
MAX_WAITING = 50_000
"""Events that may wait; beyond that senders are told to come back."""

Token = TypeVar("Token")
Answers = Sequence[tuple[Token, list[Outcome]]]


class Lane(Generic[Token]):
    """Collects submissions from any thread and answers them by `deliver`, called in the lane's
    own thread once a batch, after the commit."""

    def __init__(
        self,
        intake: Intake,
        *,
        clock: Callable[[], datetime],
        deliver: Callable[[Answers[Token]], None],
        observe: Callable[[int, float], None] = lambda _size, _seconds: None,
    ) -> None:
        """`observe` is told of each batch: how many events, and how many seconds it took."""
        self._intake = intake
        self._clock = clock
        self._deliver = deliver
        self._observe = observe
        self._waiting: deque[tuple[Token, Sequence[Arrival]]] = deque()
        self._count = 0
        self._bell = Condition()
        self._open = True
        self._worker = Thread(target=self._work, name="intake", daemon=True)
        self._worker.start()

    def submit(self, token: Token, arrivals: Sequence[Arrival]) -> None:
        """Queue `arrivals`; they are answered together, under `token`. Raises Overloaded."""
        assert 0 < len(arrivals) <= MAX_TOGETHER
        with self._bell:
            if self._count + len(arrivals) > MAX_WAITING or not self._open:
                raise Overloaded
            self._waiting.append((token, arrivals))
            self._count += len(arrivals)
            self._bell.notify()

    @property
    def waiting(self) -> int:
        """Events that wait for the batch in flight."""
        return self._count

    def close(self) -> None:
        """Take nothing more, finish what waits, and end the thread."""
        with self._bell:
            self._open = False
            self._bell.notify()
        self._worker.join()

    def _work(self) -> None:
        while taken := self._next():
            self._deliver(self._answers(taken))

    def _next(self) -> list[tuple[Token, Sequence[Arrival]]]:
        """All that waits, up to a batch; empty when the lane has closed."""
        taken: list[tuple[Token, Sequence[Arrival]]] = []
        size = 0
        with self._bell:
            while self._open and not self._waiting:
                self._bell.wait()
            while self._waiting and size + len(self._waiting[0][1]) <= MAX_TOGETHER:
                token, arrivals = self._waiting.popleft()
                taken.append((token, arrivals))
                size += len(arrivals)
            self._count -= size
        return taken

    def _answers(self, taken: list[tuple[Token, Sequence[Arrival]]]) -> Answers[Token]:
        together = [arrival for _, arrivals in taken for arrival in arrivals]
        began = perf_counter()
        try:
            outcomes = self._intake.take_in(together, self._clock())
        except Exception as error:
            fault = InternalFault()
            fault.__cause__ = error
            outcomes = [fault for _ in together]
        self._observe(len(together), perf_counter() - began)
        answers: list[tuple[Token, list[Outcome]]] = []
        place = 0
        for token, arrivals in taken:
            answers.append((token, outcomes[place : place + len(arrivals)]))
            place += len(arrivals)
        return answers
