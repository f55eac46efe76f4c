"""Taking what is asked of orders: openings and confirmations in batches, the rest one by one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from regulars.domain.errors import InternalFault, RegularsError
from regulars.domain.limits.refusals import LimitReached, ReservationLost
from regulars.services.orders import confirming, opening, reporting, requoting, undoing
from regulars.services.orders.asking import (
    Cancelling,
    Confirming,
    Done,
    House,
    Opening,
    Outcome,
    Reporting,
    Returning,
    TakeMany,
    Work,
)
from regulars.services.orders.confirming import RefusedByEngine
from regulars.services.orders.opening import Again
from regulars.storage.database import RACES, Database, Tx, is_unreachable
from regulars.storage.numbers import Numbers
from regulars.storage.programs import Versions

MOST_TOGETHER = 500
FEW = 16
"""So few openings ask the database for so little that most of it is asking."""

MOST_ROUNDS = 8
"""How often an opening is quoted anew because others were faster."""

Result = TypeVar("Result")
Asked = TypeVar("Asked")


class Orders:
    """Deals with the orders of one organization. One thread at a time uses it."""

    def __init__(self, db: Database, organization: int, take: TakeMany) -> None:
        """`take`: the engine, as `Intake.take_many_within`."""
        self._house = House(db, Versions(organization), take)
        self._numbers = Numbers("order_id_seq")

    def take_in(self, items: Sequence[Work], now: datetime) -> list[Outcome]:
        """Do what is asked; one outcome for each, in their order. Durable on return.

        Safe to repeat. Raises what the driver raises when the database cannot be reached.
        """
        assert len(items) <= MOST_TOGETHER
        outcomes: dict[int, Outcome] = {}
        openings = {place: one for place, one in enumerate(items) if isinstance(one, Opening)}
        confirmings = {place: one for place, one in enumerate(items) if isinstance(one, Confirming)}
        outcomes |= self._confirm(confirmings, now)
        outcomes |= self._open(openings, now)
        for place, one in enumerate(items):
            if isinstance(one, Cancelling):
                outcomes[place] = self._alone(undoing.cancel, one, now)
            elif isinstance(one, Returning):
                outcomes[place] = self._alone(undoing.give_back, one, now)
            elif isinstance(one, Reporting):
                outcomes[place] = self._alone(self._report, one, now)
        return [outcomes[place] for place in range(len(items))]

    def _report(self, tx: Tx, house: House, asked: Reporting, now: datetime) -> Done:
        return reporting.report(tx, house, asked, now, next(self._numbers.draw(tx, 1)))

    def _open(self, asked: dict[int, Opening], now: datetime) -> dict[int, Outcome]:
        """Round by round: who lost a race for something quotes anew with the next."""
        outcomes: dict[int, Outcome] = {}
        left = dict(asked)
        for _ in range(MOST_ROUNDS):
            if not left:
                break
            places = list(left)
            found = self._together(list(left.values()), now)
            left = {}
            for place, outcome in zip(places, found, strict=True):
                if outcome is Again.NEXT:
                    left[place] = asked[place]
                elif outcome is Again.REOPEN:
                    outcomes[place] = self._alone(requoting.reopen, asked[place], now)
                else:
                    assert not isinstance(outcome, Again)
                    outcomes[place] = outcome
        for place in left:
            outcomes[place] = LimitReached("Too many want the same at this moment; try again.")
        return outcomes

    def _together(self, asked: Sequence[Opening], now: datetime) -> list[Outcome | Again]:
        def work(tx: Tx) -> list[Outcome | Again]:
            numbers = self._numbers.draw(tx, len(asked))
            return opening.open_many(tx, self._house, asked, now, numbers)

        try:
            return self._run(work, in_pipeline=True, gathered=len(asked) <= FEW)
        except RegularsError as refusal:
            if len(asked) == 1:
                return [refusal]
        except Exception as error:
            if is_unreachable(error):
                raise
            if len(asked) == 1:
                return [_fault(error)]
        half = len(asked) // 2
        return self._together(asked[:half], now) + self._together(asked[half:], now)

    def _confirm(self, asked: dict[int, Confirming], now: datetime) -> dict[int, Outcome]:
        """An order that is named twice is confirmed with the first, and found so by the second."""
        outcomes: dict[int, Outcome] = {}
        left = dict(asked)
        while left:
            named: dict[int, int] = {}
            for place, one in left.items():
                named.setdefault(one.number, place)
            batch = list(named.values())
            found = self._captured([left.pop(place) for place in batch], now)
            outcomes |= dict(zip(batch, found, strict=True))
        return outcomes

    def _captured(self, asked: Sequence[Confirming], now: datetime) -> list[Outcome]:
        if not asked:
            return []
        try:
            return self._run(
                lambda tx: confirming.confirm_many(tx, self._house, asked, now), in_pipeline=True
            )
        except RefusedByEngine as refused:
            rest = [one for place, one in enumerate(asked) if place not in refused.refusals]
            others = iter(self._captured(rest, now))
            return [
                refused.refusals[place] if place in refused.refusals else next(others)
                for place in range(len(asked))
            ]
        except ReservationLost as refusal:
            if len(asked) == 1:
                return [refusal]
        except Exception as error:
            if is_unreachable(error):
                raise
            if len(asked) == 1:
                return [_fault(error)]
        half = len(asked) // 2
        return self._captured(asked[:half], now) + self._captured(asked[half:], now)

    def _alone(
        self, work: Callable[[Tx, House, Asked, datetime], Done], asked: Asked, now: datetime
    ) -> Outcome:
        try:
            return self._run(lambda tx: work(tx, self._house, asked, now))
        except RegularsError as refusal:
            return refusal
        except Exception as error:
            if is_unreachable(error):
                raise
            return _fault(error)

    def _run(
        self,
        work: Callable[[Tx], Result],
        *,
        in_pipeline: bool = False,
        gathered: bool = False,
    ) -> Result:
        house = self._house
        return house.db.retrying(
            house.organization, work, retry_on=RACES, in_pipeline=in_pipeline, gathered=gathered
        )


def _fault(error: Exception) -> RegularsError:
    if isinstance(error, RegularsError):
        return error
    fault = InternalFault()
    fault.__cause__ = error
    return fault
