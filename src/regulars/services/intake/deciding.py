"""Deciding the events of a batch one after the other, each seeing what those before it changed."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from regulars.domain.budgets.sums import keys_for, left_of
from regulars.domain.decisions import Decision, World, advance, decide, needs_book
from regulars.domain.envelopes import Arrival, arrive, check_against
from regulars.domain.errors import (
    EventConflict,
    Fault,
    InvalidInput,
    MemberNotFound,
    RegularsError,
)
from regulars.domain.events import OCCASION, Event, Purchase, Return
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef
from regulars.domain.lifecycle.occasions import MOST_FOLLOWING, reached
from regulars.domain.members import Member
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.operations import SPENDING, PointsTransfer, Review
from regulars.domain.plans import Plan
from regulars.domain.reversals import Bought
from regulars.services.intake.batch import (
    Batch,
    Outcome,
    Receipt,
    event_of,
    purchase_key,
    with_recipient,
)
from regulars.services.intake.withholding import missed
from regulars.storage import members, programs
from regulars.storage.events import Recorded, decode_explanation, encode_explanation
from regulars.storage.overtaking import Overtaken

Numbers = tuple[Iterator[int], Iterator[int], Iterator[int]]
"""Where row numbers come from: events, lots, holds."""


def settle_one(batch: Batch, arrival: Arrival, numbers: Numbers) -> Outcome:
    """Decide one event, or find what was decided when it came before."""
    event = arrival.event
    known = batch.recorded.get((event.source, event.id))
    if known is not None:
        return _again(known, arrival)
    try:
        return _first_time(batch, arrival, numbers)
    except RegularsError as refusal:
        return refusal


def _again(known: Recorded, arrival: Arrival) -> Outcome:
    if known.digest != arrival.digest:
        return EventConflict(
            f"Event {known.external_id!r} from {known.source!r} was recorded before with other "
            "content. Give a new fact a new id; to correct a purchase, return it."
        )
    return receipt_of(known, is_repeat=True)


def receipt_of(recorded: Recorded, *, is_repeat: bool) -> Receipt:
    """The answer to an event that is recorded."""
    explanation = decode_explanation(recorded.decision)
    return Receipt(
        recorded.id,
        recorded.member_id,
        recorded.status,
        recorded.version,
        explanation,
        is_repeat,
    )


def _first_time(batch: Batch, arrival: Arrival, numbers: Numbers) -> Outcome:
    event = with_recipient(batch, arrival.event)
    plan = batch.table.in_force(event.time)
    check_against(plan.program, event)
    member = _member(batch, arrival, plan)
    bought = None
    if isinstance(event.data, Return):
        bought = _purchase(batch, event, member, arrival.ref)
        if bought is None:
            return _wait(batch, arrival, plan, member=member, numbers=numbers)
    decision = _decide(batch, plan, member, event=event, bought=bought)
    recorded = _record(batch, arrival, member, version=plan.version, number=next(numbers[0]))
    if isinstance(event.data, PointsTransfer):
        recorded.payload = msgspec.json.encode(event.data).decode()
    _carry(batch, recorded, decision, member=member, numbers=numbers)
    _note_returned(batch, bought, decision)
    if isinstance(event.data, Purchase):
        batch.bought[recorded.key] = (
            member.id,
            _bought(recorded, event, plan, decision.explanation),
        )
        _decide_waiting(batch, recorded, numbers)
    if decision.explanation.occasions:
        _follow_up(batch, recorded, decision.explanation, numbers)
    return Receipt(recorded.id, member.id, "decided", plan.version, decision.explanation)


def _member(batch: Batch, arrival: Arrival, plan: Plan) -> Member:
    member = batch.members.get(arrival.ref)
    if isinstance(arrival.event.data, PointsTransfer):
        to = with_recipient(batch, arrival.event).data.to_id
        if not to:
            raise MemberNotFound(
                "There is no such member to give points to.", faults=[Fault("/to", "unknown")]
            )
    if member is None or (
        member.is_new and member.id not in batch.touched and not plan.program.enroll_unknown
    ):
        raise MemberNotFound(
            f"There is no member {arrival.event.subject!r}.",
            faults=[Fault("/subject", "unknown member")],
        )
    if member.is_erased and not isinstance(arrival.event.data, Review):
        raise MemberNotFound("This member was erased; what they had lapses in its time.")
    if member.is_frozen and isinstance(arrival.event.data, SPENDING):
        raise MemberFrozen
    return member


def _look_again_for(batch: Batch, ref: MemberRef | None, member: Member) -> None:
    """Names are looked up before purchases. A member who was enrolled in between is a stranger to
    us, and their purchase is known already. Raises Overtaken: the batch begins anew."""
    if ref is None or member.id not in batch.newcomers:
        return
    if members.resolve(batch.tx, batch.organization, [ref]):
        raise Overtaken


def _purchase(
    batch: Batch, event: Event, member: Member, ref: MemberRef | None = None
) -> Bought | None:
    """`ref`: who brought it, where that was looked up in this batch."""
    found = batch.bought.get(purchase_key(event))
    if found is None:
        source, purchase_id = purchase_key(event)
        other = batch.recorded.get((source, purchase_id))
        if other is not None and other.type != "purchase":
            raise InvalidInput(
                f"Event {purchase_id!r} is a {other.type}; only purchases are returned.",
                faults=[Fault("/data/purchase_id", "not a purchase")],
            )
        return None
    owner, bought = found
    if owner != member.id:
        _look_again_for(batch, ref, member)
        raise InvalidInput(
            "This purchase belongs to another member.",
            faults=[Fault("/data/purchase_id", "another member's purchase")],
        )
    return bought


def _decide(
    batch: Batch, plan: Plan, member: Member, *, event: Event, bought: Bought | None
) -> Decision:
    book = None
    if member.id in batch.books or needs_book(plan, member, event):
        book = batch.book_of(member)
    left = left_of(plan, batch.budgets, event.time)
    return decide(plan, member, event, World(left, book, bought))


def _record(
    batch: Batch, arrival: Arrival, member: Member, *, version: int, number: int
) -> Recorded:
    event = arrival.event
    recorded = Recorded(
        id=number,
        member_id=member.id,
        seq=member.state.seq + 1,
        version=version,
        occurred_at=event.time,
        received_at=event.received_at,
        status="decided",
        digest=arrival.digest,
        source=event.source,
        external_id=event.id,
        type=event.type,
        payload=arrival.payload,
        decision="",
        sent_by=arrival.sent_by,
    )
    batch.fresh.append(recorded)
    batch.recorded[recorded.key] = recorded
    return recorded


def _carry(
    batch: Batch, recorded: Recorded, decision: Decision, *, member: Member, numbers: Numbers
) -> None:
    """Number the decision's rows, and let the events that follow in the batch see its effects."""
    moves = decision.moves
    for lot in moves.lots:
        lot.id = next(numbers[1])
        lot.event_id = recorded.id
        batch.new_lots.setdefault(lot.member_id, []).append(lot)
        if lot.member_id != member.id:
            known = batch.members.values()
            lot.after_seq = next(one.state.seq for one in known if one.id == lot.member_id)
            if lot.member_id in batch.books:
                batch.books[lot.member_id].lots.append(lot)
    for hold in moves.opened_holds:
        hold.id = next(numbers[2])
        decision.explanation = replace(decision.explanation, hold=hold.id)
    if decision.explanation.granted:
        told = decision.explanation
        decision.explanation = replace(told, missed=missed(batch, recorded.member_id, told))
    recorded.decision = encode_explanation(decision.explanation).decode()
    advance(member, batch.books.get(member.id), decision)
    batch.touched[member.id] = member
    batch.decided.append((recorded, decision))
    for rule, points in decision.budgets.items():
        batch.budgets[rule] = batch.budgets.get(rule, 0) + points
        batch.used[rule] = batch.used.get(rule, 0) + points


def _bought(recorded: Recorded, event: Event, plan: Plan, explanation: Explanation) -> Bought:
    return Bought(
        event_id=recorded.id,
        event=event,
        plan=plan,
        tier=explanation.tier,
        given=explanation.rules,
        returned={},
        scoped=explanation.lines,
        granted=explanation.granted,
    )


def _wait(
    batch: Batch, arrival: Arrival, plan: Plan, *, member: Member, numbers: Numbers
) -> Receipt:
    """Keep a return whose purchase has not come yet; the purchase's arrival decides it."""
    recorded = _record(batch, arrival, member, version=plan.version, number=next(numbers[0]))
    recorded.status, recorded.seq, recorded.decision = "waiting", 0, "{}"
    batch.touched[member.id] = member
    batch.waiting.setdefault(purchase_key(arrival.event), []).append(recorded)
    return Receipt(recorded.id, member.id, "waiting", plan.version, Explanation())


def _decide_waiting(batch: Batch, purchase: Recorded, numbers: Numbers) -> None:
    """Now that a purchase is decided, decide the returns that came before it."""
    owner, _ = batch.bought[purchase.key]
    for waiting in batch.waiting.pop(purchase.key, []):
        member = batch.touched[owner]
        event = event_of(waiting)
        try:
            if waiting.member_id != owner:
                raise InvalidInput("This purchase belongs to another member.")
            plan = batch.table.in_force(event.time)
            bought = _purchase(batch, event, member)
            decision = _decide(batch, plan, member, event=event, bought=bought)
        except RegularsError as refusal:
            waiting.status = "refused"
            waiting.decision = encode_explanation(
                Explanation(refused=f"{refusal.code}: {refusal.detail}")
            ).decode()
        else:
            waiting.status, waiting.seq = "decided", member.state.seq + 1
            waiting.version = plan.version
            _carry(batch, waiting, decision, member=member, numbers=numbers)
            _note_returned(batch, bought, decision)
            if decision.explanation.occasions:
                _follow_up(batch, waiting, decision.explanation, numbers)
        if not any(fresh is waiting for fresh in batch.fresh):
            batch.late.append(waiting)


def _follow_up(
    batch: Batch, cause: Recorded, told: Explanation, numbers: Numbers, depth: int = 0
) -> None:
    """What an event reached is an event of its own, recorded right after it."""
    member = batch.touched[cause.member_id]
    for occasion in told.occasions if depth < MOST_FOLLOWING else ():
        event = reached(member.id, cause.seq, occasion, cause.occurred_at, batch.now)
        plan = batch.table.in_force(event.time)
        _lock_budgets(batch, plan, event.time)
        decision = _decide(batch, plan, member, event=event, bought=None)
        recorded = _record(
            batch, arrive(event), member, version=plan.version, number=next(numbers[0])
        )
        _carry(batch, recorded, decision, member=member, numbers=numbers)
        _follow_up(batch, recorded, decision.explanation, numbers, depth + 1)


def _lock_budgets(batch: Batch, plan: Plan, at: datetime) -> None:
    """Budgets of rules on occasions, which nobody knew beforehand would be needed."""
    missing = keys_for(plan, OCCASION, at) - batch.budgets.keys()
    if missing:
        batch.budgets |= programs.begin_budgets(batch.tx, batch.organization, sorted(missing))


def _note_returned(batch: Batch, bought: Bought | None, decision: Decision) -> None:
    """Remember how much of a purchase has come back."""
    if bought is not None and decision.returned is not None:
        bought.returned = decision.returned
        batch.returned[bought.event_id] = decision.returned
