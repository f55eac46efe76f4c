"""The one lane of this process as its event loop sees it: hand events in, await what became."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from threading import Lock

from regulars.api.counting import Counts
from regulars.domain.envelopes import Arrival
from regulars.runtime import Runtime
from regulars.services.intake.batch import Outcome, Receipt
from regulars.services.intake.lane import Answers, Lane
from regulars.services.intake.taking import Intake


class Previews:
    """Tries events out, one at a time, in whatever thread asks."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._turn = Lock()

    def preview(self, arrival: Arrival, now: datetime) -> Receipt:
        """What taking it in would decide. Raises RegularsErrors."""
        with self._turn:
            return self._intake.preview(arrival, now)


Answer = asyncio.Future[list[Outcome]]


class Desk:
    """Belongs to one event loop; for all organizations. Close it after the last request."""

    def __init__(self, runtime: Runtime, loop: asyncio.AbstractEventLoop) -> None:
        self.counts = Counts(lambda: self._lane.waiting)
        self._loop = loop
        self._lane: Lane[Answer, Arrival, Receipt] = Lane(
            runtime.intake,
            clock=runtime.clock,
            deliver=self._deliver,
            observe=self.counts.batch,
        )

    def of(self, organization: int) -> "Counter":
        """Where one organization hands in its events."""
        return Counter(self, organization)

    def submit(self, organization: int, arrivals: Sequence[Arrival]) -> Answer:
        """Queue events; the future holds their outcomes, in order. Raises Overloaded."""
        answer: Answer = self._loop.create_future()
        self._lane.submit(organization, answer, arrivals)
        return answer

    async def close(self) -> None:
        """Take nothing more and finish what waits."""
        await asyncio.to_thread(self._lane.close)

    def _deliver(self, answers: Answers[Answer, Receipt]) -> None:
        self._loop.call_soon_threadsafe(self._settle, answers)

    def _settle(self, answers: Answers[Answer, Receipt]) -> None:
        self.counts.outcomes(list(chain.from_iterable(outcomes for _, outcomes in answers)))
        for answer, outcomes in answers:
            # Whoever has hung up meanwhile has cancelled its future; the events stay decided.
            if not answer.done():
                answer.set_result(outcomes)


class Counter:
    """The desk as one organization sees it."""

    def __init__(self, desk: Desk, organization: int) -> None:
        self._desk = desk
        self._organization = organization

    def submit(self, arrivals: Sequence[Arrival]) -> Answer:
        """Queue events; the future holds their outcomes, in order. Raises Overloaded."""
        return self._desk.submit(self._organization, arrivals)
