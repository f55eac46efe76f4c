"""Replaying members' lives twice, under the program in force and under a draft, page by page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from msgspec import Struct

from regulars.domain.designing.rolls import Roll, recency_of, tenure_of
from regulars.domain.designing.sides import ENOUGH, Entry, Life, Side, as_recorded
from regulars.domain.designing.simulations import AS_DECIDED
from regulars.domain.designing.tallies import Flow, Sums, Tally, Window, window
from regulars.domain.envelopes import data_of
from regulars.domain.events import Event, Purchase
from regulars.domain.explanations import Given
from regulars.domain.ledger import Book
from regulars.domain.members import Member
from regulars.domain.plans import Plan, Timetable, plan
from regulars.domain.programs.document import read
from regulars.storage import ledger, members, programs
from regulars.storage.database import Database, Tx
from regulars.storage.designing import lives
from regulars.storage.designing.lives import Act

LAST = 2**63 - 1

Cuts = Mapping[str, tuple[int, int]]
"""By rule with a budget that is used up: the block of events in which that happens, and what is
left of it there."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be replayed; the same in each process that takes a share of it.

    `against`: the version with which the draft is compared, or AS_DECIDED. `width`: how many event
    numbers make a block. `pages`: the last member of each page but the last.
    """

    organization: int
    document: str
    against: int
    from_: datetime
    until: datetime
    width: int
    pages: tuple[int, ...]
    in_force_cuts: Cuts = field(default_factory=dict)
    draft_cuts: Cuts = field(default_factory=dict)

    def page(self, place: int) -> tuple[int, int] | None:
        """(after, upto): the members of a page; None beyond the last."""
        if place > len(self.pages):
            return None
        ends = (0, *self.pages, LAST)
        return ends[place], ends[place + 1]


@dataclass(frozen=True, slots=True)
class Share:
    """What some of the members came to."""

    in_force: Sums
    draft: Sums
    roll: Roll


@dataclass(frozen=True, slots=True)
class Turns:
    """How processes share the work. `take`: the place of the next page, each given out once.
    `told`: so many more events are replayed; it raises when nobody wants the result any more."""

    take: Callable[[], int]
    told: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which plan decides what: each event of the window by `fixed`, or by its own version."""

    by_version: Mapping[int, Plan]
    fixed: Plan | None
    last: Plan
    from_: datetime
    width: int
    cuts: Cuts

    def plan(self, entry: Entry) -> Plan:
        """The plan that decides `entry`."""
        if self.fixed is None or entry.event.time < self.from_:
            return self.by_version[entry.version]
        return self.fixed

    def budgets(self, plan: Plan, entry: Entry) -> Mapping[str, int]:
        """What is left of each budgeted rule."""
        if not plan.budgets and not plan.purses:
            return plan.budgets
        if self.fixed is None or entry.event.time < self.from_:
            return as_recorded(plan, entry)
        block = entry.number // self.width
        left: dict[str, int] = {}
        for rule in {*plan.budgets, *self.cuts}:
            at, rest = self.cuts.get(rule, (ENOUGH, 0))
            left[rule] = ENOUGH if block < at else rest if block == at else 0
        return left


@dataclass(frozen=True, slots=True)
class Comparison:
    """An order with everything compiled."""

    order: Order
    window: Window
    in_force: Choice
    draft: Choice

    def nothing_yet(self) -> Share:
        """To be filled, page by page."""
        plans = [*self.in_force.by_version.values(), self.draft.last]
        currencies = {code: None for one in plans for code in one.program.currencies}
        ladders = [one.program.ladder for one in (self.draft.last, *plans)]
        tiers = {tier.code: None for one in ladders if one for tier in one.tiers}
        return Share(Sums(), Sums(), Roll(tuple(currencies), tuple({"": None, **tiers})))


def compare(order: Order, table: Timetable) -> Comparison:
    """Compile what is compared. Raises ProgramInvalid, NoProgramInForce."""
    by_version = {one.version: one for one in table.plans}
    draft = plan(read(order.document))
    is_fixed = order.against != AS_DECIDED
    last = table.version(order.against) if is_fixed else table.in_force(order.until)

    def choice(fixed: Plan | None, last: Plan, cuts: Cuts) -> Choice:
        return Choice(by_version, fixed, last, order.from_, order.width, cuts)

    return Comparison(
        order,
        window(order.from_, order.until, draft.program.zone),
        choice(last if is_fixed else None, last, order.in_force_cuts),
        choice(draft, draft, order.draft_cuts),
    )


class Recalled(Struct, gc=False):
    """One member: what they did and, from the record, what came of it."""

    life: Life
    member: Member
    book: Book
    flows: dict[Flow, int]


class _Told(Struct):
    """Of a decision on record what a replay looks at."""

    rules: list[Given] = []
    hold: int = 0
    budgets: dict[str, int] = {}


_decode_told = msgspec.json.Decoder(_Told).decode


def replay(db: Database, order: Order, turns: Turns) -> Share:
    """Replay pages for as long as there are any to take. Memory is bounded by a page's events and
    some dozen bytes for each member."""
    with db.snapshot(order.organization) as tx:
        table = programs.timetable(tx, order.organization, Timetable())
    comparison = compare(order, table)
    share = comparison.nothing_yet()
    while (page := order.page(turns.take())) is not None:
        # Each page is read as of one instant, and none holds the database back for long.
        with db.snapshot(order.organization) as tx:
            found = _read(tx, comparison, *page)
        for one in found:
            _live(comparison, one, share)
            turns.told(len(one.life.entries))
    return share


def _read(tx: Tx, comparison: Comparison, after: int, upto: int) -> list[Recalled]:
    order = comparison.order
    organization = order.organization
    ids = lives.numbers(tx, organization, after=after, upto=upto, until=order.until)
    if not ids:
        return []
    others = lives.merged(tx, organization, ids)
    known = members.read(tx, organization, {*ids, *others})
    all_ids = sorted(known)
    entries: dict[int, list[Entry]] = {}
    for act in lives.acts(tx, organization, all_ids, order.until):
        entries.setdefault(act.member_id, []).append(_entry(act))
    given = lives.given(tx, organization, all_ids)
    books = ledger.books(tx, organization, ids)
    flows = lives.flows(tx, organization, ids, comparison.window.starts)
    made = {
        number: Life(
            number,
            known[number].enrolled_at,
            entries.get(number, ()),
            given.get(number, ()),
            {},
        )
        for number in all_ids
    }
    # Of a chain of merges all point at the last survivor, and each may ask for the one before it.
    merged: dict[int, dict[int, Life]] = {}
    for other, into in others.items():
        merged.setdefault(into, {})[other] = made[other]
    for into, lives_of in merged.items():
        for number in (into, *lives_of):
            made[number].merged = lives_of
    return [Recalled(made[number], known[number], books[number], flows[number]) for number in ids]


def _entry(act: Act) -> Entry:
    event = Event(
        act.external_id,
        act.source,
        act.type,
        "",
        act.occurred_at,
        act.received_at,
        data_of(act.type, act.payload),
    )
    told = _decode_told(act.decision)
    cut: dict[str, int] = {}
    if '"budget"' in act.decision:
        cut = {rule: points for rule, points, reason in told.rules if reason == "budget"}
    return Entry(act.id, act.seq, act.version, event, told.rules, told.hold, cut, told.budgets)


def _live(comparison: Comparison, one: Recalled, share: Share) -> None:
    """One member, twice; what came of it goes into `share`."""
    order, life = comparison.order, one.life
    spend, bought_at = _spent(life, order.from_)
    if _is_on_record(comparison, one):
        first, second = _recalled(comparison, one, share)
    else:
        first, second = _replayed(comparison, life, share)
    now, then = comparison.in_force.last, comparison.draft.last
    tiers = first.end(order.until, now), second.end(order.until, then)
    changes = second.tally.kept()
    for code, points in first.tally.kept().items():
        changes[code] = changes.get(code, 0) - points
    first.tally.close()
    second.tally.close()
    share.roll.add(
        changes,
        spend=spend,
        tiers=tiers,
        tenure=tenure_of(life.enrolled_at, order.until, then.program.zone),
        recency=recency_of(bought_at, order.until),
    )


def _is_on_record(comparison: Comparison, one: Recalled) -> bool:
    """Whether what really came of it is what the program in force comes to: nothing happened to
    the member since the window, and that program decided everything in it."""
    order, entries = comparison.order, one.life.entries
    if len(entries) != one.member.state.seq:
        return False
    if any(lot.available_at >= order.until for lot in one.life.given):
        return False
    fixed = comparison.in_force.fixed
    return fixed is None or all(
        entry.version == fixed.version or entry.event.time < order.from_ for entry in entries
    )


def _recalled(comparison: Comparison, one: Recalled, share: Share) -> tuple[Side, Side]:
    """The one side from the record, which a replay would only find again; the other replayed."""
    order, life, now, then = comparison.order, one.life, comparison.in_force, comparison.draft
    tally = Tally(share.in_force, comparison.window, order.width)
    tally.recall(one.flows)
    first = Side(life, now.plan, now.budgets, tally)
    first.resume(one.member, one.book)
    second = Side(life, then.plan, then.budgets, Tally(share.draft, comparison.window, order.width))
    budgets = now.last.budgets.keys()
    for entry in life.entries:
        tally.told(entry.number, entry.event, entry.given, budgets)
        second.take(entry)
    return first, second


def _replayed(comparison: Comparison, life: Life, share: Share) -> tuple[Side, Side]:
    """Both sides replayed; before the window they are the same."""
    order, now, then = comparison.order, comparison.in_force, comparison.draft
    tally = Tally(share.in_force, comparison.window, order.width)
    first = Side(life, now.plan, now.budgets, tally)
    second: Side | None = None
    for entry in life.entries:
        if second is None and entry.event.time >= order.from_:
            second = first.parted(then.plan, then.budgets, share.draft)
        first.take(entry)
        if second is not None:
            second.take(entry)
    return first, second or first.parted(then.plan, then.budgets, share.draft)


def _spent(life: Life, from_: datetime) -> tuple[int, datetime | None]:
    """What was paid since `from_`, in minor units, and when something was bought last."""
    spend, bought_at = 0, None
    for entry in life.entries:
        event = entry.event
        if isinstance(event.data, Purchase):
            if bought_at is None or event.time > bought_at:
                bought_at = event.time
            if event.time >= from_:
                spend += _paid(event.data)
    return spend, bought_at


def _paid(purchase: Purchase) -> int:
    """What was paid, in minor units."""
    if purchase.total is not None:
        return purchase.total
    return sum([line.amount for line in purchase.lines])
