"""Replaying a member's events from nothing: the second witness to what the ledger says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.budgets.sums import recalled
from regulars.domain.decisions import Decision, World, advance, decide
from regulars.domain.envelopes import data_of
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event, Purchase, Return
from regulars.domain.explanations import Explanation
from regulars.domain.ledger import Book, Transfer
from regulars.domain.members import Member, State
from regulars.domain.operations import MergeIn
from regulars.domain.plans import Plan, Timetable
from regulars.domain.reversals import Bought
from regulars.storage.events import Recorded, decode_explanation
from regulars.storage.histories import History

NOBODY: Mapping[int, History] = {}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the replay and the record disagree."""

    member_id: int
    event_id: int | None
    words: str


class Replay:
    """One member's life again, event by event in the order in which they were decided."""

    def __init__(
        self, history: History, table: Timetable, merged: Mapping[int, History] = NOBODY
    ) -> None:
        """`merged`: the histories of those who were merged into this member, by their numbers."""
        self._history = history
        self._table = table
        self._merged = merged
        self._member = Member(history.member.id, history.member.enrolled_at, State())
        self._bought: dict[tuple[str, str], Bought] = {}
        self.book = Book()
        self._given = sorted(
            (lot for lots in history.lots.values() for lot in lots if lot.after_seq is not None),
            key=lambda lot: lot.id,
        )

    def differences(self) -> Iterator[Difference]:
        """Everything that does not come out as it is recorded; nothing, when all is well."""
        for recorded in self._history.events:
            self._receive(before=recorded.seq)
            try:
                decision = self._decide(recorded)
            except RegularsError as refusal:
                yield self._difference(recorded, f"is refused now: {refusal.detail}")
                return
            yield from self._compared(recorded, decision)
        self._receive(before=self._member.state.seq + 1)
        yield from self._ended()

    def bought(self) -> dict[tuple[str, str], Bought]:
        """The member's purchases with what came back of them, after replaying all."""
        for _ in self.differences():
            pass
        return self._bought

    def _receive(self, *, before: int) -> None:
        """Put points that other members gave into the book, when their turn has come: they are
        other members' events."""
        for given in self._given:
            if given.after_seq is not None and given.after_seq < before:
                self.book.lots.append(replace(given, remaining=given.amount, expired=0))
        self._given = [lot for lot in self._given if (lot.after_seq or 0) >= before]

    def _decide(self, recorded: Recorded) -> Decision:
        plan = self._table.version(recorded.version)
        event = Event(
            recorded.external_id,
            recorded.source,
            recorded.type,
            "",
            recorded.occurred_at,
            recorded.received_at,
            data_of(recorded.type, recorded.payload),
        )
        known = decode_explanation(recorded.decision)
        bought = self._purchase(event) if isinstance(event.data, Return) else None
        world = World(_budgets(plan, known, event.time), self.book, bought)
        decision = decide(plan, self._member, event, world)
        self._number(recorded, decision, known)
        advance(self._member, self.book, decision)
        if bought is not None and decision.returned is not None:
            bought.returned = decision.returned
        if isinstance(event.data, MergeIn):
            # What they had bought can come back from now on, as the survivor's.
            other = Replay(self._merged[event.data.source], self._table, self._merged)
            self._bought |= other.bought()
            self.book.holds += [hold for hold in other.book.holds if hold.captured]
            self.book.others += [*other.book.others, *other.book.lots]
        if isinstance(event.data, Purchase):
            self._bought[event.source, event.id] = Bought(
                event_id=recorded.id,
                event=event,
                plan=plan,
                tier=known.tier,
                given=decision.explanation.rules,
                returned={},
                scoped=known.lines,
                granted=known.granted,
            )
        return decision

    def _purchase(self, event: Event) -> Bought:
        data: Return = event.data
        return self._bought[data.purchase_source or event.source, data.purchase_id]

    def _number(self, recorded: Recorded, decision: Decision, known: Explanation) -> None:
        """Give the replayed rows the numbers of the recorded ones: lots of equal age are spent in
        the order of their numbers."""
        there = iter(self._history.lots.get(recorded.id, []))
        for lot in decision.moves.lots:
            lot.event_id = recorded.id
            if lot.member_id == self._member.id:
                match = next(there, None)
                lot.id = match.id if match else 0
        for hold in decision.moves.opened_holds:
            hold.id = known.hold

    def _compared(self, recorded: Recorded, decision: Decision) -> Iterator[Difference]:
        known = decode_explanation(recorded.decision)
        again = replace(decision.explanation, hold=known.hold, missed=known.missed)
        if again != known:
            yield self._difference(recorded, f"was explained as {known}, comes out as {again}")
        posted = _sorted(self._history.transfers.get(recorded.id, []))
        replayed = _sorted(
            one for one in decision.moves.transfers if one.member_id == self._member.id
        )
        if posted != replayed:
            yield self._difference(recorded, f"posted {posted}, comes out as {replayed}")

    def _ended(self) -> Iterator[Difference]:
        member = self._history.member
        if self._member.state != member.state:
            yield Difference(
                member.id, None, f"state is {member.state}, comes out as {self._member.state}"
            )
        if self._member.attributes != member.attributes:
            yield Difference(member.id, None, "attributes come out differently")
        left = {lot.id: (lot.remaining, lot.expired) for lot in self.book.lots}
        for lots in self._history.lots.values():
            for lot in lots:
                if left.get(lot.id) != (lot.remaining, lot.expired):
                    words = (
                        f"lot {lot.id} has {lot.remaining} left, comes out as {left.get(lot.id)}"
                    )
                    yield Difference(member.id, lot.event_id, words)

    def _difference(self, recorded: Recorded, words: str) -> Difference:
        return Difference(self._member.id, recorded.id, f"event {recorded.external_id!r} {words}")


def _budgets(plan: Plan, known: Explanation, at: datetime) -> dict[str, int]:
    cut = {rule_id: points for rule_id, points, reason in known.rules if reason == "budget"}
    return recalled(plan, cut, known.budgets, at)


def _sorted(transfers: Iterator[Transfer] | list[Transfer]) -> list[tuple[object, ...]]:
    return sorted(
        (one.currency, one.code, one.debit, one.credit, one.amount, one.effective_at)
        for one in transfers
    )
