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


Submission = tuple[Token, Sequence[Arrival]]


class Lane(Generic[Token]):
    """Collects submissions from any thread and answers them by `deliver`, called in the lane's
    own thread once a batch, after the commit.

    A batch is of one organization. Those with something waiting take turns, so that none waits
    for more than one batch of each other.
    """

    def __init__(
        self,
        open_intake: Callable[[int], Intake],
        *,
        clock: Callable[[], datetime],
        deliver: Callable[[Answers[Token]], None],
        observe: Callable[[int, float], None] = lambda _size, _seconds: None,
    ) -> None:
        """`observe` is told of each batch: how many events, and how many seconds it took."""
        self._open_intake = open_intake
        self._intakes: dict[int, Intake] = {}
        self._clock = clock
        self._deliver = deliver
        self._observe = observe
        # In the order of their turns; an organization is here only while something of it waits.
        self._waiting: dict[int, deque[Submission[Token]]] = {}
        self._count = 0
        self._bell = Condition()
        self._open = True
        self._worker = Thread(target=self._work, name="intake", daemon=True)
        self._worker.start()

    def submit(self, organization: int, token: Token, arrivals: Sequence[Arrival]) -> None:
        """Queue `arrivals`; they are answered together, under `token`. Raises Overloaded."""
        assert 0 < len(arrivals) <= MAX_TOGETHER
        with self._bell:
            if self._count + len(arrivals) > MAX_WAITING or not self._open:
                raise Overloaded
            queue = self._waiting.get(organization)
            if queue is None:
                queue = self._waiting[organization] = deque()
            queue.append((token, arrivals))
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
        while (batch := self._next()) is not None:
            self._deliver(self._answers(*batch))

    def _next(self) -> tuple[int, list[Submission[Token]]] | None:
        """All that waits of the organization whose turn it is, up to a batch; None at the end."""
        taken: list[Submission[Token]] = []
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

    def _answers(self, organization: int, taken: list[Submission[Token]]) -> Answers[Token]:
        together = [arrival for _, arrivals in taken for arrival in arrivals]
        began = perf_counter()
        try:
            outcomes = self._intake(organization).take_in(together, self._clock())
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

    def _intake(self, organization: int) -> Intake:
        intake = self._intakes.get(organization)
        if intake is None:
            intake = self._intakes[organization] = self._open_intake(organization)
        return intake
