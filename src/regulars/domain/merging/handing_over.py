"""Two members turn out to be one: what the duplicate leaves, and what the survivor gets of it.

Each side is an operation of its own, recorded in its own member's history with all that it takes,
so that replaying either gives its ledger. Between the two the points stand in transit; both are
written in one transaction, and what went out is what comes in.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.estates.legacies import Buckets, Legacy, MergedLot
from regulars.domain.expiry import pay_debt, settle
from regulars.domain.ledger import Account, Book, Lot, Moves, owed_by, spending_order
from regulars.domain.lifecycle.tagging import joined_tags
from regulars.domain.members import Held, Member, State, TierState
from regulars.domain.memberships.holding import held
from regulars.domain.merging.refusals import MergeRefused
from regulars.domain.operations import MergeIn, MergeOut
from regulars.domain.play.streaks import united
from regulars.domain.programs.model import Program
from regulars.domain.tiers import MAX_BEFORE, reviewed, rung_of

CODE = "merge"
"""What the transfers of a merge are called."""

_AVAILABLE, _PENDING, _TRANSIT = Account.AVAILABLE, Account.PENDING, Account.TRANSIT


def left_by(
    program: Program, member: Member, book: Book, *, balances: dict[str, int], at: datetime
) -> Legacy:
    """What `member` leaves at `at`: lots in spending order, debts, everything that is counted, and
    the tier with the reviews made that are due. Raises MergeRefused while a hold is open."""
    moves = Moves(member.id)
    settle(program, member, book, at, moves)
    state = member.state
    owed = {code: owed_by(state.owed, moves, code) for code in {**state.owed, **moves.owed}}
    return Legacy(
        lots=hand_over(member, book, MergeOut(into=0, balances=balances), at=at, moves=moves),
        balances=balances,
        owed={code: amount for code, amount in sorted(owed.items()) if amount > 0},
        counts=state.counts,
        metrics=_listed(state.metrics),
        counters=_listed(state.counters),
        active_until=state.active_until,
        assets=state.assets,
        tier=reviewed(program, state, member.enrolled_at, at).tier,
        cards=held(state.cards, at),
        tried=state.tried,
        left_family_at=state.left_family_at,
        streaks=state.streaks,
        badges=state.badges,
        tags=state.tags,
        clock=state.clock,
        attributes=member.attributes,
    )


def hand_over(
    member: Member, book: Book, data: MergeOut, *, at: datetime, moves: Moves
) -> list[MergedLot]:
    """Put all that the member has in transit, and take the debts off. `settle` has been called.

    Raises MergeRefused while a hold is open.
    """
    closed = {id(hold) for hold, _ in moves.closed_holds}
    if any(hold.is_open and id(hold) not in closed for hold in book.holds):
        raise MergeRefused(
            "Points of the duplicate are held for a purchase under way. Capture or release the "
            "hold first, or wait until it times out."
        )
    for code in sorted({**member.state.owed, **moves.owed}):
        amount = owed_by(member.state.owed, moves, code)
        if amount > 0:
            moves.post(code, CODE, debit=_TRANSIT, credit=Account.OWED, amount=amount, at=at)
            moves.owe(code, -amount)
    for code, amount in sorted(data.balances.items()):
        moves.post(code, CODE, debit=_AVAILABLE, credit=_TRANSIT, amount=amount, at=at)
    given: list[MergedLot] = []
    for lot in spending_order(book.lots):
        amount = moves.left(lot)
        if amount <= 0:
            continue
        _take_out(lot, amount, at=at, moves=moves)
        given.append(
            MergedLot(
                currency=lot.currency,
                amount=amount,
                available_at=lot.available_at,
                expires_at=lot.expires_at,
                origin=lot.origin_event_id or lot.event_id,
            )
        )
    return given


def _take_out(lot: Lot, amount: int, *, at: datetime, moves: Moves) -> None:
    if lot.available_at <= at:
        moves.post(lot.currency, CODE, debit=_AVAILABLE, credit=_TRANSIT, amount=amount, at=at)
    else:
        moves.post(lot.currency, CODE, debit=_PENDING, credit=_TRANSIT, amount=amount, at=at)
        # What was to mature here no longer does: undo it on the day it would have.
        moves.post(
            lot.currency,
            "mature",
            debit=_AVAILABLE,
            credit=_PENDING,
            amount=amount,
            at=lot.available_at,
        )
    moves.use(lot, amount, at)


def take_over(
    program: Program, member: Member, book: Book, data: MergeIn, *, at: datetime, moves: Moves
) -> None:
    """Bring in what was in transit: each lot with its own terms, and the debts, which are paid at
    once as far as there is something to pay them with. `settle` has been called."""
    legacy = data.legacy
    for code, amount in sorted(legacy.owed.items()):
        moves.post(code, CODE, debit=Account.OWED, credit=_TRANSIT, amount=amount, at=at)
        moves.owe(code, amount)
    for code, amount in sorted(legacy.balances.items()):
        moves.post(code, CODE, debit=_TRANSIT, credit=_AVAILABLE, amount=amount, at=at)
    for given in legacy.lots:
        moves.lots.append(_bring_in(member, given, at=at, moves=moves))
    ripe = [lot for lot in (*book.lots, *moves.lots) if lot.available_at <= at]
    for lot in spending_order(ripe):
        pay_debt(program, member, lot, at=at, moves=moves)


def _bring_in(member: Member, given: MergedLot, *, at: datetime, moves: Moves) -> Lot:
    code, amount = given.currency, given.amount
    if given.available_at <= at:
        moves.post(code, CODE, debit=_TRANSIT, credit=_AVAILABLE, amount=amount, at=at)
    else:
        ripe_at = given.available_at
        moves.post(code, CODE, debit=_TRANSIT, credit=_PENDING, amount=amount, at=at)
        moves.post(code, "mature", debit=_PENDING, credit=_AVAILABLE, amount=amount, at=ripe_at)
    return Lot(
        member_id=member.id,
        currency=code,
        amount=amount,
        remaining=amount,
        available_at=given.available_at,
        expires_at=given.expires_at,
        origin_event_id=given.origin,
    )


def joined(state: State, legacy: Legacy, *, clock: datetime) -> State:
    """The survivor's state with what the duplicate's had counted; seq and debts as they are.

    Amounts add up, of instants the later one counts.
    """
    ends = {**legacy.active_until, **state.active_until}
    assets = [one for one in (state.assets, legacy.assets) if one is not None]
    return replace(
        state,
        clock=max(clock, legacy.clock or clock),
        counts=_sum(state.counts, legacy.counts),
        metrics=_joined(state.metrics, legacy.metrics),
        counters=_joined(state.counters, legacy.counters),
        active_until={
            code: max(until, legacy.active_until.get(code, until)) for code, until in ends.items()
        },
        assets=max(assets) if assets else None,
        streaks={
            rule: united(state.streaks.get(rule, []), legacy.streaks.get(rule, []))
            for rule in {**state.streaks, **legacy.streaks}
        },
        tags=joined_tags(state.tags, legacy.tags),
        badges={code: min(state.badges.get(code, at), at) for code, at in legacy.badges.items()}
        | {code: at for code, at in state.badges.items() if code not in legacy.badges},
    )


def better(program: Program, own: TierState, other: TierState | None) -> TierState:
    """The higher of two tiers that are held; of the same, the one that is held longer. Nobody loses
    by being one person. What was held before stays known, for returns that undo a step."""
    ladder = program.ladder
    assert ladder is not None, "there are tiers"
    if other is None or _rank(own, program) >= _rank(other, program):
        return own
    held = Held(own.tier, own.since, own.until, own.by_entry)
    before = (*own.before, held)[-MAX_BEFORE:]
    return replace(other, before=before, review_at=own.review_at or other.review_at)


def _rank(tier: TierState, program: Program) -> tuple[int, bool, float]:
    assert program.ladder is not None
    until = tier.grace_until or tier.until
    return (
        rung_of(program.ladder, tier.tier),
        until is None,
        until.timestamp() if until is not None else 0.0,
    )


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {code: one.get(code, 0) + other.get(code, 0) for code in {**one, **other}}


def _listed(counted: Mapping[str, dict[int, int]]) -> Buckets:
    return {code: sorted(buckets.items()) for code, buckets in sorted(counted.items())}


def _joined(own: Mapping[str, dict[int, int]], other: Buckets) -> dict[str, dict[int, int]]:
    found = {code: dict(buckets) for code, buckets in own.items()}
    for code, pairs in other.items():
        buckets = found.setdefault(code, {})
        for bucket, amount in pairs:
            buckets[bucket] = buckets.get(bucket, 0) + amount
        # The eldest first, as counting expects them.
        found[code] = dict(sorted(buckets.items()))
    return found
