"""The lane of the mall as the event loop sees it: hand wishes in, await what became of them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import Overloaded, RegularsError
from regulars.domain.mall.wishes import Wish
from regulars.runtime import Runtime
from regulars.services.intake.lane import Answers, Lane
from regulars.services.intake.taking import Intake
from regulars.services.mall.redeeming import Redeeming, Taken
from regulars.services.sales.buying import Till
from regulars.services.sales.sold_out import SoldOutBoard
from regulars.storage.database import Tx

MAX_WAITING = 4_000
"""Wishes that may wait. Some hundreds are served in a transaction, so that none waits for long; who
comes beyond that is told to come back."""

Answer = asyncio.Future[list[Taken | RegularsError]]


class MallDesk:
    """Belongs to one event loop; for all organizations. Close it after the last request."""

    def __init__(self, runtime: Runtime, loop: asyncio.AbstractEventLoop) -> None:
        self._runtime = runtime
        self._loop = loop
        self._board = SoldOutBoard()
        self._lane: Lane[Answer, Wish, Taken] = Lane(
            self._till, clock=runtime.clock, deliver=self._deliver, name="mall"
        )

    async def submit(self, organization: int, wish: Wish) -> Taken:
        """What became of a wish. Raises RegularsErrors, among them Overloaded."""
        if self._lane.waiting >= MAX_WAITING:
            raise Overloaded
        answer: Answer = self._loop.create_future()
        self._lane.submit(organization, answer, [wish])
        (outcome,) = await answer
        if isinstance(outcome, RegularsError):
            raise outcome
        return outcome

    def is_sold_out(self, organization: int, sale_id: int, member_id: int) -> bool:
        """Whether a member can be told at once that nothing is left of a sale."""
        return self._board.says_no(organization, sale_id, member_id)

    def look_again(self, organization: int, sale_id: int) -> None:
        """There may be something left of a sale after all."""
        self._board.forget(organization, sale_id)

    def of(self, organization: int) -> "MallCounter":
        """The mall of one organization."""
        return MallCounter(self, organization, self._runtime.intake(organization))

    async def close(self) -> None:
        """Take nothing more and finish what waits."""
        await asyncio.to_thread(self._lane.close)

    def _till(self, organization: int) -> Till:
        runtime = self._runtime
        take_many = runtime.intake(organization).take_many_within
        redeeming = Redeeming(runtime.db, runtime.cabinet, organization, take_many)
        return Till(runtime.db, organization, redeeming, self._board)

    def _deliver(self, answers: Answers[Answer, Taken]) -> None:
        self._loop.call_soon_threadsafe(self._settle, answers)

    def _settle(self, answers: Answers[Answer, Taken]) -> None:
        for answer, outcomes in answers:
            # Whoever has hung up meanwhile has cancelled its future; what was taken stays theirs.
            if not answer.done():
                answer.set_result(outcomes)


class MallCounter:
    """The mall as one organization sees it."""

    def __init__(self, desk: MallDesk, organization: int, intake: Intake) -> None:
        """`intake`: what moves points beside the lane, for deeds that come one at a time."""
        self._desk = desk
        self._organization = organization
        self._intake = intake
        self._turn = Lock()

    async def submit(self, wish: Wish) -> Taken:
        """What became of a wish. Raises RegularsErrors, among them Overloaded."""
        return await self._desk.submit(self._organization, wish)

    def is_sold_out(self, sale_id: int, member_id: int) -> bool:
        """Whether a member can be told at once that nothing is left of a sale."""
        return self._desk.is_sold_out(self._organization, sale_id, member_id)

    def look_again(self, sale_id: int | None) -> None:
        """There may be something left of a sale after all: pieces came back, or more were added."""
        if sale_id is not None:
            self._desk.look_again(self._organization, sale_id)

    def take_many(self, tx: Tx, arrivals: Sequence[Arrival], now: datetime) -> Sequence[Any]:
        """Decide and record events within the transaction; any thread may."""
        with self._turn:
            return self._intake.take_many_within(tx, arrivals, now)
