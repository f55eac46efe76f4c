"""decide(plan, member, event, world) -> Decision: pure and explained. Same input, same output.

The clock of a decision is the event's own time: what an act earns does not depend on when we
heard of it. Nothing given to `decide` is changed; `advance` carries a decision's effects over to
the member and the book, so that the next event of the same batch sees them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from regulars.domain.benefits.following import follow
from regulars.domain.benefits.views import view_of
from regulars.domain.budgets.refilling import refilled
from regulars.domain.budgets.sums import sums_of
from regulars.domain.burning import redeem
from regulars.domain.counting import count_in, count_out, with_counters
from regulars.domain.earning import COUNTED, Sight, earn, scoped_lines
from regulars.domain.events import Event, Return
from regulars.domain.expiry import extend_activity, new_lot, pay_debt, settle
from regulars.domain.explanations import Explanation, TierMove
from regulars.domain.ledger import Account, Book, Moves
from regulars.domain.lifecycle.lives import Look, look_at
from regulars.domain.members import Member, MemberView, State, TierState
from regulars.domain.memberships.carrying import carry_card
from regulars.domain.merging.handing_over import better, hand_over, joined, take_over
from regulars.domain.merging.joining_cards import take_over_cards
from regulars.domain.operations import (
    CardChange,
    HoldCapture,
    MergeIn,
    MergeOut,
    Occasion,
    Operation,
    Redemption,
    StreakMakeUp,
    carry_out,
)
from regulars.domain.periods import Local
from regulars.domain.plans import Plan
from regulars.domain.play.making_up import made_up
from regulars.domain.play.turns import play, uncount
from regulars.domain.reversals import Bought, share_of, take_back
from regulars.domain.standings import standing_of
from regulars.domain.tiers import (
    Climb,
    attuned,
    begin,
    due_at,
    stays,
    tier_at,
)

# Read once: a member of an enum takes four times as long to look up as a name of the module.
_ISSUED, _PENDING, _AVAILABLE = Account.ISSUED, Account.PENDING, Account.AVAILABLE

NO_BUDGETS: Mapping[str, int] = {}


@dataclass(slots=True)
class World:
    """What a decision may need beyond the member: loaded only where `needs_book` says so.

    `budgets`: what is left of each budgeted rule, and of the budgets that several share; such a
    one that is not named is whole. `bought`: the purchase that a return names.
    """

    budgets: Mapping[str, int] = field(default_factory=dict)
    book: Book | None = None
    bought: Bought | None = None


class Decision(Struct, gc=False):
    """Everything one event changes. `state` replaces the member's."""

    explanation: Explanation
    moves: Moves
    state: State
    attributes: dict[str, bool | int | str] | None = None
    budgets: dict[str, int] = {}
    returned: dict[int, int] | None = None


def needs_book(plan: Plan, member: Member, event: Event) -> bool:
    """Whether deciding `event` takes the member's open lots and holds."""
    if isinstance(event.data, Return | Operation) and not isinstance(event.data, Occasion):
        return True
    if member.state.owed:
        return True
    for currency in plan.inactive:
        until = member.state.active_until.get(currency.code)
        if until is not None and until <= event.time:
            return True
    return False


def decide(plan: Plan, member: Member, event: Event, world: World) -> Decision:
    """What `event` does for `member` under `plan`. Raises RegularsErrors for what is refused."""
    look = look_at(plan.program, member.state, event.time)
    decision = _decide(plan, member, event, world=world, look=look)
    if plan.follows or member.state.stage is not None or member.state.tags:
        decision.explanation = follow(
            plan,
            member,
            event,
            look,
            state=decision.state,
            attributes=decision.attributes,
            told=decision.explanation,
        )
    return decision


def _decide(plan: Plan, member: Member, event: Event, *, world: World, look: Look) -> Decision:
    moves = Moves(member.id)
    # Not merely where a book is at hand: what an event does must not depend on its neighbours in
    # the batch, for whose sake the book may have been read.
    if world.book is not None and needs_book(plan, member, event):
        settle(plan.program, member, world.book, _effective(member, event, world), moves)
    if isinstance(event.data, Return):
        return _take_return(plan, member, event, world=world, moves=moves)
    if isinstance(event.data, Operation) and not isinstance(event.data, Occasion):
        return _operate(plan, member, event, world=world, moves=moves)
    return _act(plan, member, event, world=world, moves=moves, look=look)


def _effective(member: Member, event: Event, world: World) -> datetime:
    """From when on what `event` takes is gone. A return takes what is there when it becomes known:
    not before its purchase, nor before the newest instant at which anything else was decided."""
    if world.bought is None:
        return event.time
    return max(_clock(member, event), world.bought.event.time)


def _act(
    plan: Plan, member: Member, event: Event, *, world: World, moves: Moves, look: Look
) -> Decision:
    """A member did something: rules, lots, metrics, tier."""
    program = plan.program
    climb, known = _reviewed(plan, member, event)
    tier = tier_at(known, event.time, plan.bottom)
    view = view_of(program, member, tier=tier, at=event.time, stage=look.stage())
    sight = Sight(plan, event, view, look.local)
    given, counted = earn(plan, member, sight, world.budgets)
    earned, budgets, shared = sums_of(plan, given, sight.local)
    lots = _credit(plan, member, event, earned=earned, moves=moves)
    clock = _clock(member, event)
    state = count_in(plan, member, event, sight=sight, earned=earned, clock=clock)
    if counted:
        state.counters = with_counters(state.counters, counted)
    if plan.inactive and not isinstance(event.data, Occasion):
        state.active_until = state.active_until | extend_activity(program, member, event.time)
    progress = play(state, sight.turns, given) if sight.turns else {}
    moved = _climbed(plan, sight, state=state, climb=climb, known=known)
    _settle_owed(state, moves)
    explanation = Explanation(
        rules=given,
        tier=tier,
        earned=earned,
        lots=lots,
        tiers=moved,
        lines=scoped_lines(plan, sight, given),
        progress=progress,
        budgets=shared,
    )
    return Decision(explanation, moves, state, budgets={**budgets, **shared})


def _reviewed(plan: Plan, member: Member, event: Event) -> tuple[Climb | None, TierState | None]:
    """The member's tier with every review made that was due by the event."""
    ladder = plan.program.ladder
    if ladder is None:
        return None, None
    tier = member.state.tier or begin(plan.program, member.enrolled_at)
    assert tier is not None
    tier = attuned(plan.program, tier, event.time)
    due = due_at(tier)
    if due is None or due > event.time:
        return None, tier
    standing = standing_of(plan.program, member.state)
    climb = Climb(plan.program, standing, tier, _clock(member, event))
    climb.review_until(event.time)
    return climb, climb.tier


def _clock(member: Member, event: Event) -> datetime:
    clock = member.state.clock
    return event.time if clock is None or clock < event.time else clock


def _credit(
    plan: Plan, member: Member, event: Event, *, earned: dict[str, int], moves: Moves
) -> list[tuple[str, int, datetime, datetime | None]]:
    """Post what was earned; one lot for each spendable currency."""
    told: list[tuple[str, int, datetime, datetime | None]] = []
    at = event.time
    for code, points in earned.items():
        if code not in plan.spendable:
            moves.post(code, "earn", debit=_ISSUED, credit=_AVAILABLE, amount=points, at=at)
            continue
        lot = new_lot(plan.program, member, code, amount=points, at=at)
        told.append((code, points, lot.available_at, lot.expires_at))
        moves.lots.append(lot)
        if lot.available_at == at:
            moves.post(code, "earn", debit=_ISSUED, credit=_AVAILABLE, amount=points, at=at)
            if member.state.owed:
                pay_debt(plan.program, member, lot, at=at, moves=moves)
        else:
            moves.post(code, "earn", debit=_ISSUED, credit=_PENDING, amount=points, at=at)
            matures = lot.available_at
            moves.post(code, "mature", debit=_PENDING, credit=_AVAILABLE, amount=points, at=matures)
    return told


def _climbed(
    plan: Plan,
    sight: Sight,
    *,
    state: State,
    climb: Climb | None,
    known: TierState | None,
) -> list[TierMove]:
    """Set the state's tier after the event; returns the moves made."""
    if known is None or plan.program.ladder is None:
        return []
    earlier = climb.moves if climb else []
    at = sight.local.at
    standing = standing_of(plan.program, state)
    if state.clock == at and stays(standing, known, sight.local):
        state.tier = known
        return earlier
    now = Climb(plan.program, standing, known, state.clock or at)
    if known.lapsed_at is not None:
        now.restore(at)
    now.rise(sight.local)
    state.tier = now.tier
    return earlier + now.moves


def _take_return(
    plan: Plan, member: Member, event: Event, *, world: World, moves: Moves
) -> Decision:
    """Something came back: its share of everything its purchase had earned goes back too."""
    bought, book, data = world.bought, world.book, event.data
    assert bought is not None
    assert book is not None
    at = _effective(member, event, world)
    share = share_of(bought, data)
    climb, known = _reviewed(plan, member, event)
    state = replace(member.state, seq=member.state.seq + 1, clock=_clock(member, event))
    state.counts = {**state.counts, "return": state.counts.get("return", 0) + 1}
    if share.is_whole and bought.plan.has_challenges:
        when = Local(bought.event.time, bought.plan.program.zone)
        for code, lost in uncount(bought.plan, bought.given, COUNTED, state, when).items():
            share.points[code] = share.points.get(code, 0) + lost
    owed, waived = take_back(bought, book, points=share.points, at=at, moves=moves)
    own, shared = refilled(bought, share, waived)
    count_out(plan, bought, member.state, state, share=share)
    tiers = climb.moves if climb else []
    if known is not None:
        now = Climb(plan.program, standing_of(plan.program, state), known, _clock(member, event))
        if not bought.plan.program.returns.keep_tier:
            now.undo(at, standing_of(plan.program, member.state))
        state.tier = now.tier
        tiers = tiers + now.moves
    _settle_owed(state, moves)
    explanation = Explanation(
        tier=known.tier if known else "",
        tiers=tiers,
        taken={code: points for code, points in share.points.items() if points},
        owed=owed,
        waived=waived,
        revoked=list(bought.granted) if share.is_whole else [],
        budgets=shared,
    )
    return Decision(explanation, moves, state, budgets=own | shared, returned=share.returned)


def _operate(plan: Plan, member: Member, event: Event, *, world: World, moves: Moves) -> Decision:
    """Something the product itself records."""
    assert world.book is not None
    climb, known = _reviewed(plan, member, event)
    if isinstance(event.data, MergeOut):
        hand_over(member, world.book, event.data, at=event.time, moves=moves)
        empty = State(seq=member.state.seq + 1, clock=_clock(member, event))
        told = Explanation(tier=known.tier if known else "", tiers=climb.moves if climb else [])
        return Decision(told, moves, empty, attributes={})
    if isinstance(event.data, StreakMakeUp):
        return _make_up(plan, member, event, world=world, moves=moves)
    if isinstance(event.data, MergeIn):
        return _join(plan, member, event, world=world, moves=moves)
    changed = carry_out(
        plan.program, member, world.book, data=event.data, at=event.time, moves=moves
    )
    state = replace(member.state, seq=member.state.seq + 1, clock=_clock(member, event))
    card_moves = []
    if isinstance(event.data, CardChange):
        card_moves.append(carry_card(plan.program, state, data=event.data, at=event.time))
    if plan.inactive and isinstance(event.data, Redemption | HoldCapture):
        state.active_until = state.active_until | extend_activity(plan.program, member, event.time)
    state.tier = known or state.tier
    _settle_owed(state, moves)
    attributes = None
    if changed:
        merged = {**member.attributes, **changed}
        attributes = {name: value for name, value in merged.items() if value is not None}
    explanation = Explanation(
        tier=known.tier if known else "", tiers=climb.moves if climb else [], cards=card_moves
    )
    return Decision(explanation, moves, state, attributes=attributes)


def _make_up(plan: Plan, member: Member, event: Event, *, world: World, moves: Moves) -> Decision:
    """A missed day of a streak is made up for; the streak may be complete with it."""
    assert world.book is not None
    data, at = event.data, event.time
    climb, known = _reviewed(plan, member, event)
    rule, turn = made_up(plan, member, rule=data.rule, day=data.day, at=at)
    assert rule.streak is not None
    assert rule.streak.make_up is not None
    code, price = rule.earn.currency, rule.streak.make_up.price
    if price:
        redeem(member, world.book, code, amount=price, at=at, moves=moves)
    points = 0 if turn.reason else rule.earn.points
    earned = {code: points} if points else {}
    lots = _credit(plan, member, event, earned=earned, moves=moves)
    tier = tier_at(known, at, plan.bottom)
    sight = Sight(plan, event, MemberView(tier, member.enrolled_at, 0, member.attributes))
    clock = _clock(member, event)
    state = count_in(plan, member, event, sight=sight, earned=earned, clock=clock)
    progress = play(state, [turn], [])
    moved = _climbed(plan, sight, state=state, climb=climb, known=known)
    _settle_owed(state, moves)
    given = [(rule.id, points, turn.reason)]
    told = Explanation(
        rules=given, tier=tier, earned=earned, lots=lots, tiers=moved, progress=progress
    )
    return Decision(told, moves, state)


def _join(plan: Plan, member: Member, event: Event, *, world: World, moves: Moves) -> Decision:
    """Another member turned out to be this one, and left all of theirs."""
    assert world.book is not None
    program, data = plan.program, event.data
    climb, known = _reviewed(plan, member, event)
    take_over(program, member, world.book, data, at=event.time, moves=moves)
    counted = replace(member.state, seq=member.state.seq + 1)
    state = joined(counted, data.legacy, clock=_clock(member, event))
    take_over_cards(state, data.legacy, event.time)
    tiers = climb.moves if climb else []
    if known is not None:
        held = better(program, known, data.legacy.tier)
        if held.tier != known.tier:
            tiers = [*tiers, TierMove(known.tier, held.tier, event.time, "merge", held.until)]
        standing = standing_of(program, state)
        now = Climb(program, standing, held, state.clock or event.time)
        now.rise(Local(event.time, program.zone))
        state.tier = now.tier
        tiers = tiers + now.moves
    _settle_owed(state, moves)
    told = Explanation(tier=known.tier if known else "", tiers=tiers)
    return Decision(told, moves, state, attributes={**data.legacy.attributes, **member.attributes})


def _settle_owed(state: State, moves: Moves) -> None:
    if moves.owed:
        owed = {**state.owed}
        for code, amount in moves.owed.items():
            owed[code] = owed.get(code, 0) + amount
        state.owed = {code: amount for code, amount in owed.items() if amount}


def advance(member: Member, book: Book | None, decision: Decision) -> None:
    """Carry `decision` over to `member` and `book`, for the next event of the same batch.

    Lots and holds in the decision must have got their ids before.
    """
    member.state = decision.state
    if decision.attributes is not None:
        member.attributes = decision.attributes
    moves = decision.moves
    for use in moves.uses:
        use.lot.remaining -= use.amount
        use.lot.expired += use.expired
    if book is None:
        return
    book.lots += [lot for lot in moves.lots if lot.member_id == member.id]
    book.holds += moves.opened_holds
    for hold, _state in moves.closed_holds:
        hold.is_open = False
        hold.captured = moves.captured.get(id(hold), 0)
    for hold, amount in moves.restored_holds:
        hold.restored += amount
