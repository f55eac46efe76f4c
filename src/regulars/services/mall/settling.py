"""What becomes of a redemption: paid, moved on, cancelled; points and stock come back whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.errors import RegularsError
from regulars.domain.ids import REDEMPTION, encode
from regulars.domain.limits.limits import Owner
from regulars.domain.mall.fulfilment import (
    Redemption,
    RedemptionState,
    after_payment,
    demand_cancellable,
    demand_step,
    left_by_the_erased,
)
from regulars.domain.mall.refusals import RedemptionNotFound, RedemptionStateWrong
from regulars.domain.mall.rewards import stock_limit
from regulars.domain.notices.kinds import NoticeKind
from regulars.domain.operations import HoldCapture, HoldRelease, Operation, PointsRestore
from regulars.services.mall.handing_out import hand_out
from regulars.services.mall.redeeming import TakeMany, arrival_of
from regulars.services.mall.restocking import tell_waiting
from regulars.services.mall.telling import tell
from regulars.storage import audit
from regulars.storage.database import RACES, Database, Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.mall import redemptions, rewards
from regulars.storage.merging import members as merging
from regulars.storage.programs import Versions

S = RedemptionState
TOLD = {
    S.PLACED: NoticeKind.REDEMPTION_PLACED,
    S.PACKED: NoticeKind.REDEMPTION_PACKED,
    S.SHIPPED: NoticeKind.REDEMPTION_SHIPPED,
    S.READY: NoticeKind.REDEMPTION_READY,
    S.CANCELLED: NoticeKind.REDEMPTION_CANCELLED,
}
"""The states of which the member hears by a notice."""

FORGETS = frozenset({S.DELIVERED, S.CANCELLED, S.TIMED_OUT})
"""Once it is there, or will never be, nobody needs to know where it was sent."""

MOST_TIMED_OUT = 500


@dataclass(frozen=True, slots=True)
class Counter:
    """What it takes to move redemptions on."""

    db: Database
    versions: Versions
    take_many: TakeMany

    @property
    def organization(self) -> int:
        """Whose redemptions."""
        return self.versions.organization


def pay(counter: Counter, number: int, *, reference: str, by: By, now: datetime) -> Redemption:
    """The shop reports that the money is there: points and pieces that were held are taken for
    good. Safe to repeat. Raises RedemptionNotFound, RedemptionStateWrong once the time is over."""

    def work(tx: Tx) -> Redemption:
        one = _lock(tx, counter, number)
        is_paid = one.state not in {S.AWAITING_PAYMENT, S.CANCELLED, S.TIMED_OUT}
        if is_paid and one.pay_by is not None and one.payment_reference == reference:
            return one
        if one.state_at(now) is not S.AWAITING_PAYMENT:
            state = one.state_at(now).value
            raise RedemptionStateWrong(f"It is {state}: there is nothing to be paid.")
        if one.hold_id is not None:
            _engine(tx, counter, one, "capture", HoldCapture(hold=one.hold_id), by=by, now=now)
        reservations.capture(tx, counter.organization, [(Owner.REDEMPTION, one.id)], now)
        reward = rewards.get(tx, counter.organization, [one.reward_id])[one.reward_id]
        after = replace(
            one, state=after_payment(reward.kind), payment_reference=reference, changed_at=now
        )
        if after.state is S.FULFILLED:
            program = counter.versions.read(tx).in_force(now).program
            given = hand_out(tx, counter.organization, program, reward, after, by=by.actor)
            after = replace(after, given=given)
        return _move(tx, counter, after, by=by, reason="", action="redemption.paid")

    return counter.db.retrying(counter.organization, work, retry_on=RACES)


def step(
    counter: Counter,
    number: int,
    to: RedemptionState,
    *,
    carrier: str,
    tracking: str,
    by: By,
    now: datetime,
) -> Redemption:
    """Staff move it on. Safe to repeat. Raises RedemptionNotFound, RedemptionStateWrong."""

    def work(tx: Tx) -> Redemption:
        one = _lock(tx, counter, number)
        if one.state is to:
            return one
        demand_step(one, to, now)
        after = replace(
            one,
            state=to,
            carrier=carrier or one.carrier,
            tracking=tracking or one.tracking,
            changed_at=now,
        )
        return _move(tx, counter, after, by=by, reason="", action="redemption.moved")

    return counter.db.retrying(counter.organization, work, retry_on=RACES)


def cancel(
    counter: Counter,
    number: int,
    *,
    reason: str,
    by: By,
    now: datetime,
    member_id: int | None = None,
) -> Redemption:
    """Call it off: points and pieces come back. `member_id`: who calls off their own. Safe to
    repeat. Raises RedemptionNotFound, RedemptionStateWrong."""

    def work(tx: Tx) -> Redemption:
        one = _lock(tx, counter, number)
        if member_id is not None:
            demand_own(tx, counter.organization, one, member_id)
        if one.state is S.CANCELLED:
            return one
        demand_cancellable(one, now, by_member=member_id is not None)
        return _call_off(tx, counter, one, reason=reason, by=by, now=now)

    return counter.db.retrying(counter.organization, work, retry_on=RACES)


def end_all(
    counter: Counter, tx: Tx, members: Sequence[int], *, by: By, reason: str, now: datetime
) -> int:
    """End what these members, who are one person and are being erased, have open; how many. What
    has not left is called off: points and pieces come back. What is on its way is done with."""
    ended = 0
    for number in redemptions.open_of(tx, counter.organization, members):
        one = _lock(tx, counter, number)
        to = left_by_the_erased(one, now)
        if to is None:
            continue
        ended += 1
        if to is S.CANCELLED:
            _call_off(tx, counter, one, reason=reason, by=by, now=now)
        else:
            after = replace(one, state=to, changed_at=now)
            _move(tx, counter, after, by=by, reason=reason, action="redemption.moved")
    return ended


def time_out(db: Database, organization: int, now: datetime) -> int:
    """Close what was not paid in time, and tell who waits for it; how many. Nobody depends on it:
    what timed out is free at once. Safe to repeat."""
    with db.transaction(organization) as tx:
        numbers = redemptions.unpaid(tx, organization, now, MOST_TIMED_OUT)
        for number in numbers:
            one = redemptions.get(tx, organization, number)
            assert one is not None
            assert one.pay_by is not None
            after = replace(one, state=S.TIMED_OUT, changed_at=one.pay_by)
            redemptions.move(tx, organization, after, by="system", reason="", forget=True)
            _tell_of_stock(tx, organization, one, now)
    return len(numbers)


def demand_own(tx: Tx, organization: int, one: Redemption, member_id: int) -> None:
    """Raises RedemptionNotFound for what is another member's."""
    if one.member_id not in merging.all_of(tx, organization, member_id):
        raise RedemptionNotFound


def _lock(tx: Tx, counter: Counter, number: int) -> Redemption:
    found = redemptions.lock(tx, counter.organization, number)
    if found is None:
        raise RedemptionNotFound
    return found


def _call_off(
    tx: Tx, counter: Counter, one: Redemption, *, reason: str, by: By, now: datetime
) -> Redemption:
    _give_back(tx, counter, one, by=by, now=now)
    after = replace(one, state=S.CANCELLED, changed_at=now)
    done = _move(tx, counter, after, by=by, reason=reason, action="redemption.cancelled")
    _tell_of_stock(tx, counter.organization, one, now)
    return done


def _give_back(tx: Tx, counter: Counter, one: Redemption, *, by: By, now: datetime) -> None:
    """Points first, for members are locked before limits."""
    owners = [(Owner.REDEMPTION, one.id)]
    if one.state is S.AWAITING_PAYMENT:
        if one.hold_id is not None:
            _engine(tx, counter, one, "release", HoldRelease(hold=one.hold_id), by=by, now=now)
        reservations.release(tx, counter.organization, owners, now)
        return
    if one.hold_id is not None:
        _engine(tx, counter, one, "restore", PointsRestore(hold=one.hold_id), by=by, now=now)
    reservations.restore(tx, counter.organization, owners, now)


def _engine(
    tx: Tx, counter: Counter, one: Redemption, deed: str, data: Operation, *, by: By, now: datetime
) -> None:
    arrival = arrival_of(one.id, one.member_id, deed, data, by=by.actor, now=now)
    for outcome in counter.take_many(tx, [arrival], now):
        if isinstance(outcome, RegularsError):
            raise outcome


def _move(
    tx: Tx, counter: Counter, after: Redemption, *, by: By, reason: str, action: str
) -> Redemption:
    organization, at = counter.organization, after.changed_at
    redemptions.move(
        tx, organization, after, by=by.actor, reason=reason, forget=after.state in FORGETS
    )
    name = encode(REDEMPTION, after.id)
    deed = Deed(
        action, f"redemption:{name}", after.member_id, reason, after={"state": after.state.value}
    )
    audit.record(tx, by, [deed], at)
    kind = TOLD.get(after.state)
    if kind is not None:
        params = {"redemption": name, "state": after.state.value}
        tell(tx, organization, [after.member_id], kind=kind, params=params, now=at)
    return replace(after, has_address=after.has_address and after.state not in FORGETS)


def _tell_of_stock(tx: Tx, organization: int, one: Redemption, now: datetime) -> None:
    """Pieces came back: who waits for them hears of it."""
    variant = rewards.any_variants(tx, organization, [one.variant_id])[one.variant_id]
    limit = stock_limit(variant)
    left = quotas.read(tx, organization, [limit], now)[limit.key].left
    tell_waiting(tx, organization, one.reward_id, one.variant_id, left=left, now=now)
