"""Trying a draft: its own examples, and one event on a member as they are now. Writes nothing."""

from dataclasses import dataclass, replace

from regulars.domain.budgets.sums import keys_for, left_of
from regulars.domain.decisions import World, decide, needs_book
from regulars.domain.envelopes import Arrival, check_against
from regulars.domain.errors import Fault, InvalidInput, MemberNotFound, RegularsError
from regulars.domain.events import Return
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef
from regulars.domain.ledger import Book
from regulars.domain.members import Member, State
from regulars.domain.operations import MemberChange, Operation, checked_attributes
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.document import read
from regulars.domain.programs.examples import Start
from regulars.domain.programs.model import Program
from regulars.domain.reversals import Bought
from regulars.domain.trials import started
from regulars.storage import events, ledger, members, programs
from regulars.storage.database import Database, Tx
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of an event. `status`: "decided", or "waiting" for a return whose purchase
    is not known."""

    status: str
    explanation: Explanation


def try_event(
    db: Database,
    versions: Versions,
    document: str,
    arrival: Arrival,
    *,
    ref: MemberRef | None = None,
    start: Start | None = None,
) -> Tried:
    """What `arrival` would come to under a draft.

    `ref`: for this member, as they are now; else for one who begins as `start` says, or is new.
    Raises ProgramInvalid, MemberNotFound, UnknownEventType, and what refuses the event.
    """
    drafted = plan(read(document))
    try:
        check_against(drafted.program, arrival.event)
    except RegularsError as refusal:
        raise within_event(refusal) from refusal
    with db.snapshot(versions.organization) as tx:
        member = _member(tx, versions.organization, drafted, arrival, ref=ref, start=start)
        world = _world(tx, versions, drafted, arrival, member)
    if world is None:
        return Tried("waiting", Explanation())
    decision = decide(drafted, member, arrival.event, world)
    return Tried("decided", decision.explanation)


def within_event(refusal: RegularsError) -> RegularsError:
    """The same refusal, with pointers from outside the event that was to be tried."""
    faults = [replace(fault, pointer=f"/event{fault.pointer}") for fault in refusal.faults]
    return type(refusal)(refusal.detail, faults=faults)


def _member(
    tx: Tx,
    organization: int,
    drafted: Plan,
    arrival: Arrival,
    *,
    ref: MemberRef | None,
    start: Start | None,
) -> Member:
    if ref is not None:
        found = members.must_get(tx, organization, ref)
        if found.is_erased:
            raise MemberNotFound("This member was erased.")
        return found
    if start is not None:
        _check(drafted.program, start)
        return started(drafted, start, arrival.event.time)
    return Member(0, arrival.event.time, State(), is_new=True)


def _check(program: Program, start: Start) -> None:
    """Raises InvalidInput for what the program does not know of a member."""
    tiers = [tier.code for tier in program.ladder.tiers] if program.ladder else []
    if start.tier is not None and start.tier not in tiers:
        raise InvalidInput(
            f"This program has no such tier. Known: {', '.join(tiers) or 'none'}.",
            faults=[Fault("/somebody/tier", "unknown tier")],
        )
    checked_attributes(program, MemberChange(attributes=dict(start.attributes)))


def _world(
    tx: Tx, versions: Versions, drafted: Plan, arrival: Arrival, member: Member
) -> World | None:
    """What the decision looks at besides; None for a return whose purchase is not known."""
    event, organization = arrival.event, versions.organization
    if isinstance(event.data, Operation):
        raise InvalidInput("Only events that senders may send can be tried.")
    wanted = sorted(keys_for(drafted, event.type, event.time))
    used = programs.read_budgets(tx, organization, wanted)
    left = left_of(drafted, used, event.time)
    bought = None
    if isinstance(event.data, Return):
        bought = _bought(tx, versions, arrival, member)
        if bought is None:
            return None
    book = None
    if needs_book(drafted, member, event):
        purchases = [] if bought is None else [bought.event_id]
        book = ledger.books(tx, organization, [member.id], purchases)[member.id]
    return World(left, book or Book(), bought)


def _bought(tx: Tx, versions: Versions, arrival: Arrival, member: Member) -> Bought | None:
    """The purchase that a return names, as it was really decided."""
    event = arrival.event
    data: Return = event.data
    key = (data.purchase_source or event.source, data.purchase_id)
    found = events.ask_purchases(tx, versions.organization, [key])()
    if not found:
        return None
    purchase, returned, owner = found[0]
    if owner != member.id:
        raise InvalidInput(
            "This purchase belongs to another member.",
            faults=[Fault("/event/data/purchase_id", "another member's purchase")],
        )
    told = events.decode_explanation(purchase.decision)
    return Bought(
        event_id=purchase.id,
        event=events.event_of(purchase),
        plan=versions.read(tx).version(purchase.version),
        tier=told.tier,
        given=told.rules,
        returned=returned,
        scoped=told.lines,
        granted=told.granted,
    )
