"""Taking in events: a batch at a time, one transaction, each event decided once.

Whatever is retried, raced or killed, an event is decided exactly once: the members of a batch are
locked in id order, what was recorded before is found under the lock, and everything the batch
decided is written set-wise and committed together. A bad event is refused alone.
"""

from collections.abc import Sequence
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.deeds import deed_of
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import InternalFault, RegularsError
from regulars.domain.plans import Timetable
from regulars.services.intake.batch import Batch, Outcome, Receipt, open_batch
from regulars.services.intake.deciding import settle_one
from regulars.services.intake.writing import write
from regulars.storage import audit
from regulars.storage.database import RACES, Database, Tx, is_unreachable
from regulars.storage.locked import Locked
from regulars.storage.numbers import Numbers

MAX_BATCH = 1_000
LOTS_AN_EVENT = 4
"""Row numbers reserved ahead for each event; an event that needs more draws on its neighbours'."""


class Intake:
    """Takes in batches for one organization. One thread at a time uses it.

    Keeps nothing between batches but the compiled program versions and reserved row numbers.
    """

    def __init__(self, db: Database, organization: int) -> None:
        self._db = db
        self._organization = organization
        self._table = Timetable()
        self._events = Numbers("event_id_seq")
        self._lots = Numbers("lot_id_seq")
        self._holds = Numbers("hold_id_seq")

    def take_in(self, arrivals: Sequence[Arrival], now: datetime) -> list[Outcome]:
        """Decide and record `arrivals`; one outcome for each, in their order. Durable on return.

        Safe to repeat. When something unforeseen fails, the batch is halved until the event at
        fault is alone; its outcome is then an InternalFault with the failure as its cause.
        Raises what the driver raises when the database cannot be reached.
        """
        assert len(arrivals) <= MAX_BATCH
        try:
            return self._db.retrying(
                self._organization,
                lambda tx: self._run(tx, arrivals, now),
                retry_on=RACES,
                in_pipeline=True,
            )
        except Exception as error:
            if is_unreachable(error):
                raise
            if len(arrivals) == 1:
                return [_fault(error)]
        half = len(arrivals) // 2
        return self.take_in(arrivals[:half], now) + self.take_in(arrivals[half:], now)

    def preview(self, arrival: Arrival, now: datetime) -> Receipt:
        """What `take_in` would decide. Nothing is written. Raises RegularsErrors."""
        with self._db.pipeline(self._organization) as tx:
            _, outcomes = self._decide(tx, [arrival], now)
            tx.rollback()
        if isinstance(outcomes[0], RegularsError):
            raise outcomes[0]
        return outcomes[0]

    def take_within(self, tx: Tx, arrival: Arrival, now: datetime) -> Receipt:
        """Decide and record one event together with whatever else `tx` does. Raises RegularsErrors;
        then `tx` has to be rolled back."""
        outcome = self._run(tx, [arrival], now)[0]
        if isinstance(outcome, RegularsError):
            raise outcome
        return outcome

    def take_many_within(
        self, tx: Tx, arrivals: Sequence[Arrival], now: datetime, locked: Locked | None = None
    ) -> list[Outcome]:
        """Decide and record several events together with whatever else `tx` does; what is refused
        is refused alone and changes nothing, so `tx` may go on. Locks their members, but for those
        whom `tx` has `locked` and read already, all of them or none; events that come with them
        bear names that nobody has used before."""
        assert len(arrivals) <= MAX_BATCH
        return self._run(tx, arrivals, now, locked)

    def _run(
        self, tx: Tx, arrivals: Sequence[Arrival], now: datetime, locked: Locked | None = None
    ) -> list[Outcome]:
        batch, outcomes = self._decide(tx, arrivals, now, locked)
        write(batch)
        _record(batch, arrivals)
        return outcomes

    def _decide(
        self, tx: Tx, arrivals: Sequence[Arrival], now: datetime, locked: Locked | None = None
    ) -> tuple[Batch, list[Outcome]]:
        batch = open_batch(
            tx, self._organization, arrivals, now=now, known=self._table, given=locked
        )
        self._table = batch.table
        count = len(arrivals)
        numbers = (
            self._events.draw(tx, count),
            self._lots.draw(tx, count * LOTS_AN_EVENT),
            self._holds.draw(tx, count),
        )
        return batch, [settle_one(batch, arrival, numbers) for arrival in arrivals]


def _record(batch: Batch, arrivals: Sequence[Arrival]) -> None:
    """Put on record who asked for the operations that were carried out just now."""
    asked = [arrival for arrival in arrivals if arrival.by is not None]
    if not asked:
        return
    fresh = {recorded.key: recorded for recorded in batch.fresh}
    done: list[tuple[By, Deed]] = []
    for arrival in asked:
        event = arrival.event
        recorded = fresh.pop((event.source, event.id), None)
        if recorded is not None and arrival.by is not None:
            deed = deed_of(event.data, event_id=recorded.id, member_id=recorded.member_id)
            done.append((arrival.by, deed))
    audit.record_each(batch.tx, batch.organization, done, batch.now)


def _fault(error: Exception) -> RegularsError:
    if isinstance(error, RegularsError):
        return error
    fault = InternalFault()
    fault.__cause__ = error
    return fault
