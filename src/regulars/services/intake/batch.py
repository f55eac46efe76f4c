"""One batch of events under way: what is known of the world, and what is to be written."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from regulars.domain.budgets.refilling import keys_of
from regulars.domain.budgets.sums import keys_for
from regulars.domain.coupons.rationing import Ration
from regulars.domain.coupons.templates import Template
from regulars.domain.decisions import Decision, needs_book
from regulars.domain.envelopes import Arrival, data_of
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event, Purchase, Return
from regulars.domain.explanations import Explanation
from regulars.domain.ids import EMAIL, PHONE, MemberRef, parse_ref
from regulars.domain.ledger import Book, Lot
from regulars.domain.members import Member, State
from regulars.domain.operations import Operation, PointsRestore, PointsTransfer
from regulars.domain.plans import Timetable
from regulars.domain.reversals import Bought
from regulars.storage import events, ledger, members, programs
from regulars.storage.database import Later, Tx
from regulars.storage.events import Key, Recorded
from regulars.storage.locked import Locked


class Receipt(Struct, frozen=True):
    """What became of an event. `is_repeat`: it was recorded before, and this is its first answer.

    `status`: "decided"; "waiting" for a return whose purchase has not come yet; "refused" for one
    that waited and could not be honoured.
    """

    event_id: int
    member_id: int
    status: str
    version: int
    explanation: Explanation
    is_repeat: bool = False


Outcome = Receipt | RegularsError


@dataclass(slots=True)
class Batch:
    """Read by `open_batch`, filled while deciding, written by `writing.write`.

    `newcomers`: members not yet stored, written only if something was decided for them.
    `captured`: the holds out of which points are to be given back.
    `used`: what this batch gave under each budgeted rule. `templates`: of coupons that decisions
    give, by code; None for what is none. `rations`: what is left of those templates that have an
    end, by their numbers.
    """

    tx: Tx
    organization: int
    now: datetime
    table: Timetable
    members: dict[MemberRef, Member]
    newcomers: dict[int, MemberRef]
    recorded: dict[Key, Recorded] = field(default_factory=dict)
    bought: dict[Key, tuple[int, Bought]] = field(default_factory=dict)
    waiting: dict[Key, list[Recorded]] = field(default_factory=dict)
    books: dict[int, Book] = field(default_factory=dict)
    captured: frozenset[int] = frozenset()
    budgets: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    fresh: list[Recorded] = field(default_factory=list)
    late: list[Recorded] = field(default_factory=list)
    decided: list[tuple[Recorded, Decision]] = field(default_factory=list)
    touched: dict[int, Member] = field(default_factory=dict)
    returned: dict[int, dict[int, int]] = field(default_factory=dict)
    new_lots: dict[int, list[Lot]] = field(default_factory=dict)
    templates: dict[str, Template | None] = field(default_factory=dict)
    rations: dict[int, Ration] = field(default_factory=dict)

    def book_of(self, member: Member) -> Book:
        """The member's open lots and holds, with what this batch has already brought."""
        book = self.books.get(member.id)
        if book is None:
            # Of a newcomer nothing is stored yet.
            book = (
                Book()
                if member.id in self.newcomers
                else ledger.books(self.tx, self.organization, [member.id], hold_ids=self.captured)[
                    member.id
                ]
            )
            book.lots += self.new_lots.get(member.id, [])
            self.books[member.id] = book
        return book


def purchase_key(event: Event) -> Key:
    """The purchase that a return names: its source is the return's own unless it says otherwise."""
    data: Return = event.data
    return data.purchase_source or event.source, data.purchase_id


def open_batch(
    tx: Tx,
    organization: int,
    arrivals: Sequence[Arrival],
    *,
    now: datetime,
    known: Timetable,
    given: Locked | None = None,
) -> Batch:
    """Lock the members and read what deciding `arrivals` takes, set-wise, in one round trip; one
    or two more where lots, budgets or newcomers are needed. `given`: all members that the arrivals
    name, where `tx` has them already and the events were named just now."""
    keys = [(arrival.event.source, arrival.event.id) for arrival in arrivals]
    refs = list(dict.fromkeys([*(arrival.ref for arrival in arrivals), *_recipients(arrivals)]))
    bought = [
        purchase_key(arrival.event)
        for arrival in arrivals
        if isinstance(arrival.event.data, Return)
    ]
    bringing = [
        key
        for arrival, key in zip(arrivals, keys, strict=True)
        if isinstance(arrival.event.data, Purchase)
    ]
    newest: Later[int] | None = None
    locked: Later[dict[MemberRef, Member]] = dict
    recorded: Later[dict[Key, Recorded]] = dict
    if given is None:
        newest = programs.ask_newest(tx, organization)
        locked = members.lock_named(tx, organization, refs)
        # Asked after the lock, so that what others recorded while we waited is seen.
        recorded = events.ask(tx, organization, keys)
    purchases = events.ask_purchases(tx, organization, list(dict.fromkeys(bought)))
    waiting = events.ask_waiting(tx, organization, bringing)
    budgets = programs.ask_budgets(tx, organization, _budgeted(known, arrivals))
    there = given.newest if given is not None else newest and newest()
    table = programs.timetable(tx, organization, known, there=there)
    batch = Batch(tx, organization, now, table, locked(), {}, recorded(), waiting=waiting())
    if given is not None:
        batch.members = {ref: member for ref, (member, _) in given.members.items()}
        batch.books = {member.id: book for member, book in given.members.values()}
    for purchase, returned, owner in purchases():
        batch.bought[purchase.key] = (owner, _bought(batch, purchase, returned))
    for ref, member in _newcomers(tx, arrivals, batch.members).items():
        batch.members[ref] = member
        batch.newcomers[member.id] = ref
    fresh = [
        arrival for arrival, key in zip(arrivals, keys, strict=True) if key not in batch.recorded
    ]
    batch.captured = frozenset(
        arrival.event.data.hold
        for arrival in fresh
        if isinstance(arrival.event.data, PointsRestore)
    )
    _read_books(batch, fresh)
    batch.budgets = budgets()
    missing = (_budgeted(table, fresh) | _refilled(batch, fresh)) - batch.budgets.keys()
    if missing:
        batch.budgets |= programs.begin_budgets(tx, organization, sorted(missing))
    return batch


def _budgeted(table: Timetable, arrivals: Sequence[Arrival]) -> set[str]:
    """The rules with a budget that may give something for one of these events.

    Whoever locks a budget keeps all other batches from it until the commit, so a rule that is out
    of season is left alone.
    """
    if not any(known.budgets or known.purses for known in table.plans):
        return set()
    found: set[str] = set()
    for arrival in arrivals:
        event = arrival.event
        try:
            plan = table.in_force(event.time)
        except RegularsError:
            continue  # Refused when its turn comes, with the reason.
        found |= keys_for(plan, event.type, event.time)
    return found


def _refilled(batch: Batch, arrivals: Sequence[Arrival]) -> set[str]:
    """The budgets that returns among these events may refill."""
    if not any(known.budgets or known.purses for known in batch.table.plans):
        return set()
    found: set[str] = set()
    for arrival in arrivals:
        if isinstance(arrival.event.data, Return):
            known = batch.bought.get(purchase_key(arrival.event))
            found |= set() if known is None else keys_of(known[1])
    return found


def _recipients(arrivals: Sequence[Arrival]) -> list[MemberRef]:
    """Members to whom points are given. They are locked too: what they may spend changes."""
    return [
        parse_ref(arrival.event.data.to, pointer="/to")
        for arrival in arrivals
        if isinstance(arrival.event.data, PointsTransfer)
    ]


def _newcomers(
    tx: Tx, arrivals: Sequence[Arrival], found: Container[MemberRef]
) -> dict[MemberRef, Member]:
    """Members for references that nobody has yet; enrolled at their earliest event."""
    first: dict[MemberRef, datetime] = {}
    for arrival in arrivals:
        ref = arrival.ref
        if ref in found or ref.id is not None or isinstance(arrival.event.data, Operation):
            continue
        if ref.system in {PHONE, EMAIL}:
            continue  # Nobody becomes a member because somebody typed a number.
        first[ref] = min(arrival.event.time, first.get(ref, arrival.event.time))
    if not first:
        return {}
    ids = members.new_ids(tx, len(first))
    return {
        ref: Member(number, at, State(), is_new=True)
        for (ref, at), number in zip(first.items(), ids, strict=True)
    }


def _bought(batch: Batch, event: Recorded, returned: dict[int, int]) -> Bought:
    explanation = events.decode_explanation(event.decision)
    return Bought(
        event_id=event.id,
        event=event_of(event),
        plan=batch.table.version(event.version),
        tier=explanation.tier,
        given=explanation.rules,
        returned=returned,
        scoped=explanation.lines,
        granted=explanation.granted,
    )


def event_of(recorded: Recorded) -> Event:
    """A stored event as it was taken in. Its subject is not kept; the member is known."""
    return Event(
        recorded.external_id,
        recorded.source,
        recorded.type,
        "",
        recorded.occurred_at,
        recorded.received_at,
        data_of(recorded.type, recorded.payload),
    )


def _read_books(batch: Batch, fresh: Sequence[Arrival]) -> None:
    """The lots and holds of all members for whom some event will need them, in two statements."""
    needy: set[int] = set()
    for arrival in fresh:
        member = batch.members.get(arrival.ref)
        if member is None or member.is_new:
            continue
        try:
            plan = batch.table.in_force(arrival.event.time)
        except RegularsError:
            continue  # Refused when its turn comes, with the reason.
        if member.id not in batch.books and needs_book(plan, member, arrival.event):
            needy.add(member.id)
    if not needy:
        return
    purchases = [bought.event_id for _, bought in batch.bought.values()]
    batch.books = ledger.books(
        batch.tx, batch.organization, sorted(needy), purchases, batch.captured
    )


def recipient_of(batch: Batch, event: Event) -> Member | None:
    """The member to whom a transfer gives points; None where there is none."""
    member = batch.members.get(parse_ref(event.data.to, pointer="/to"))
    if member is None or (member.is_new and member.id not in batch.touched) or member.is_erased:
        return None
    return member


def with_recipient(batch: Batch, event: Event) -> Event:
    """A transfer with its recipient's number filled in; other events as they are."""
    data = event.data
    if not isinstance(data, PointsTransfer):
        return event
    recipient = recipient_of(batch, event)
    return replace(event, data=replace(data, to_id=recipient.id if recipient else 0))
