"""The lane of orders as the event loop sees it: hand in what is asked, await what became of it."""

import asyncio
from collections.abc import Sequence

from regulars.domain.errors import RegularsError
from regulars.runtime import Runtime
from regulars.services.intake.lane import Answers, Lane
from regulars.services.orders.asking import Done, Outcome, Work
from regulars.services.orders.taking import Orders

Answer = asyncio.Future[list[Outcome]]


class OrderDesk:
    """Belongs to one event loop; for all organizations. Close it after the last request."""

    def __init__(self, runtime: Runtime, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lane: Lane[Answer, Work, Done] = Lane(
            lambda organization: Orders(
                runtime.db, organization, runtime.intake(organization).take_many_within
            ),
            clock=runtime.clock,
            deliver=self._deliver,
            name="orders",
        )

    def of(self, organization: int) -> "OrderCounter":
        """Where one organization's orders are handed in."""
        return OrderCounter(self, organization)

    def submit(self, organization: int, work: Sequence[Work]) -> Answer:
        """Queue it; the future holds the outcomes, in order. Raises Overloaded."""
        answer: Answer = self._loop.create_future()
        self._lane.submit(organization, answer, work)
        return answer

    async def close(self) -> None:
        """Take nothing more and finish what waits."""
        await asyncio.to_thread(self._lane.close)

    def _deliver(self, answers: Answers[Answer, Done]) -> None:
        self._loop.call_soon_threadsafe(self._settle, answers)

    def _settle(self, answers: Answers[Answer, Done]) -> None:
        for answer, outcomes in answers:
            # Whoever has hung up meanwhile has cancelled its future; what was done stays done.
            if not answer.done():
                answer.set_result(outcomes)


class OrderCounter:
    """The desk as one organization sees it."""

    def __init__(self, desk: OrderDesk, organization: int) -> None:
        self._desk = desk
        self._organization = organization

    async def one(self, work: Work) -> Done:
        """What became of it. Raises RegularsErrors, among them Overloaded."""
        (outcome,) = await self._desk.submit(self._organization, [work])
        if isinstance(outcome, RegularsError):
            raise outcome
        return outcome

    async def many(self, work: Sequence[Work]) -> list[Outcome]:
        """What became of each, in order. Raises Overloaded."""
        return await self._desk.submit(self._organization, work)
