"""One of two lives that a member could have had: the same acts, decided by another program."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from regulars.domain.budgets.sums import recalled
from regulars.domain.decisions import Decision, World, advance, decide
from regulars.domain.designing.tallies import Sums, Tally
from regulars.domain.envelopes import EARLIEST
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event, Purchase, Return
from regulars.domain.explanations import Given
from regulars.domain.ledger import Book, Hold, Lot
from regulars.domain.members import Member, State
from regulars.domain.operations import MergeIn, Review, type_of
from regulars.domain.plans import Plan
from regulars.domain.reversals import Bought

LOTS_AN_EVENT = 1_000
"""Lots are numbered in the order of the events that brought them, whichever program decides."""

ENOUGH = 2**62
"""Left of a budget that is not used up."""

SOURCE = "regulars.simulation"


class Entry(Struct, gc=False):
    """A recorded event. `version` decided it then, and `given` is what the rules gave. `hold`: the
    number of the hold that it opened. `cut`: what each rule gave whose budget ended with it;
    `took`: what was taken of budgets that several rules share."""

    number: int
    seq: int
    version: int
    event: Event
    given: Sequence[Given] = ()
    hold: int = 0
    cut: Mapping[str, int] = {}
    took: Mapping[str, int] = {}


class Life(Struct, gc=False):
    """All of one member that is replayed: acts in the order in which they were decided, the points
    that other members gave them, and the lives of those who were merged into them."""

    member_id: int
    enrolled_at: datetime
    entries: Sequence[Entry]
    given: Sequence[Lot] = ()
    merged: Mapping[int, "Life"] = {}


Plans = Callable[[Entry], Plan]
"""Which plan decides an event."""

Budgets = Callable[[Plan, Entry], Mapping[str, int]]
"""What is left of each budgeted rule when an event is decided."""


def as_recorded(plan: Plan, entry: Entry) -> Mapping[str, int]:
    """What was left of each budget then: where it cut, what was given; elsewhere, enough."""
    return recalled(plan, entry.cut, entry.took, entry.event.time)


NOBODY = Life(0, EARLIEST, ())


class Side:
    """One member under one choice of plans, act by act. What happens is counted in `tally`."""

    __slots__ = ("_budgets", "_merged", "_plans", "book", "bought", "given", "member", "tally")

    def __init__(self, life: Life, plans: Plans, budgets: Budgets, tally: Tally) -> None:
        self.member = Member(life.member_id, life.enrolled_at, State())
        self.book = Book()
        self.tally = tally
        self._plans = plans
        self._budgets = budgets
        self.bought: dict[tuple[str, str], Bought] = {}
        self.given = list(life.given)
        self._merged = life.merged

    def parted(self, plans: Plans, budgets: Budgets, sums: Sums) -> "Side":
        """The same member from here on under other plans; neither sees what the other does."""
        other = Side(NOBODY, plans, budgets, self.tally.parted(sums))
        other.member = replace(self.member)
        other.book = _copied(self.book)
        other.bought = {key: replace(bought) for key, bought in self.bought.items()}
        other.given = list(self.given)
        other._merged = self._merged
        return other

    def resume(self, member: Member, book: Book) -> None:
        """Go on from what is on record after all that the member did, without replaying it."""
        self.member, self.book, self.given = member, book, []

    def take(self, entry: Entry) -> None:
        """Decide one event as if it happened under this side's plan. What cannot be is left out,
        and counted."""
        if self.given:
            self._receive(entry.seq)
        event = entry.event
        plan = self._plans(entry)
        bought = None
        if isinstance(event.data, Return):
            data: Return = event.data
            bought = self.bought.get((data.purchase_source or event.source, data.purchase_id))
            if bought is None:
                return
        world = World(self._budgets(plan, entry), self.book, bought)
        try:
            decision = decide(plan, self.member, event, world)
        except RegularsError as refusal:
            self.tally.refuse(event, refusal.code)
            return
        self._carry(entry, plan, decision, bought)
        self.tally.count(entry.number, event, decision)

    def _carry(self, entry: Entry, plan: Plan, decision: Decision, bought: Bought | None) -> None:
        event = entry.event
        for place, lot in enumerate(decision.moves.lots):
            lot.id, lot.event_id = entry.number * LOTS_AN_EVENT + place, entry.number
        for hold in decision.moves.opened_holds:
            hold.id = entry.hold
        advance(self.member, self.book, decision)
        if bought is not None and decision.returned is not None:
            bought.returned = decision.returned
        if isinstance(event.data, MergeIn) and event.data.source in self._merged:
            self._inherit(self._merged[event.data.source])
        if isinstance(event.data, Purchase):
            told = decision.explanation
            self.bought[event.source, event.id] = Bought(
                event_id=entry.number,
                event=event,
                plan=plan,
                tier=told.tier,
                given=told.rules,
                returned={},
                scoped=told.lines,
                granted=told.granted,
            )

    def _inherit(self, life: Life) -> None:
        """What a duplicate had bought can come back from now on, as this member's."""
        other = Side(life, self._plans, self._budgets, self.tally.unheard())
        for entry in life.entries:
            other.take(entry)
        self.bought |= other.bought
        self.book.holds += [hold for hold in other.book.holds if hold.captured]
        self.book.others += [*other.book.others, *other.book.lots]

    def _receive(self, before: int) -> None:
        """Put points that other members gave into the book when their turn has come. They are
        those that were really given, whatever the other member would have had."""
        for given in self.given:
            if (given.after_seq or 0) < before:
                own = replace(given, remaining=given.amount, expired=0)
                # One gift may be several lots, which a hold tells apart by their numbers.
                same = sum(lot.event_id == given.event_id for lot in self.book.lots)
                own.id = given.event_id * LOTS_AN_EVENT + same
                self.book.lots.append(own)
                self.tally.receive(given)
        self.given = [lot for lot in self.given if (lot.after_seq or 0) >= before]

    def end(self, at: datetime, plan: Plan) -> str:
        """Bring everything up to `at`: points that lapsed, tiers that ended. The tier then held."""
        self._receive(self.member.state.seq + 1)
        event = Event("", SOURCE, type_of[Review], "", at, at, Review())
        world = World(plan.budgets, self.book)
        decision = decide(plan, self.member, event, world)
        advance(self.member, self.book, decision)
        self.tally.count(0, event, decision)
        tier = self.member.state.tier
        return tier.tier if tier is not None and plan.program.ladder is not None else plan.bottom


def _copied(book: Book) -> Book:
    lots: list[Lot] = [replace(lot) for lot in book.lots]
    holds: list[Hold] = [replace(hold) for hold in book.holds]
    return Book(lots, holds)
