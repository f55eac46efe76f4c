"""From redeeming to having it: the states of a redemption, and who may move it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.mall.refusals import RedemptionStateWrong
from regulars.domain.mall.rewards import RewardKind, Way
from regulars.domain.periods import Duration


class RedemptionState(StrEnum):
    """Where a redemption stands. `fulfilled`: handed out at once."""

    AWAITING_PAYMENT = "awaiting_payment"
    PLACED = "placed"
    ACCEPTED = "accepted"
    PACKED = "packed"
    SHIPPED = "shipped"
    READY = "ready"
    DELIVERED = "delivered"
    PICKED_UP = "picked_up"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"


S = RedemptionState

OVER = frozenset({S.DELIVERED, S.PICKED_UP, S.FULFILLED, S.CANCELLED, S.TIMED_OUT})
"""Nothing comes after these, but what staff take back."""

BEFORE_PACKED = frozenset({S.AWAITING_PAYMENT, S.PLACED, S.ACCEPTED})
"""Until then the member may cancel."""

_ON_ITS_WAY = frozenset({S.PACKED, S.SHIPPED})

_FORWARD: dict[Way, Sequence[RedemptionState]] = {
    Way.ADDRESS: (S.PLACED, S.ACCEPTED, S.PACKED, S.SHIPPED, S.DELIVERED),
    Way.PICK_UP: (S.PLACED, S.ACCEPTED, S.PACKED, S.READY, S.PICKED_UP),
    Way.NONE: (),
}


class Delivery(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it goes and to whom: personal data."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    phone: Annotated[str, Meta(min_length=3, max_length=40)]
    address: Annotated[str, Meta(min_length=5, max_length=300)]

    def __repr__(self) -> str:
        return "Delivery(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """What a member took out of the mall. `has_address`: it is kept, sealed."""

    id: int
    member_id: int
    reward_id: int
    variant_id: int
    sale_id: int | None
    quantity: int
    currency: str
    points: int
    cash_minor: int
    cash_currency: str
    state: RedemptionState
    way: Way
    place: str
    has_address: bool
    code: str
    hold_id: int | None
    given: str
    carrier: str
    tracking: str
    payment_reference: str
    pay_by: datetime | None
    placed_at: datetime
    changed_at: datetime
    request_key: str
    digest: str

    def state_at(self, at: datetime) -> RedemptionState:
        """What it is at `at`: one that was not paid in time is over, though no job has run."""
        if self.state is S.AWAITING_PAYMENT and self.pay_by is not None and self.pay_by <= at:
            return S.TIMED_OUT
        return self.state


def first_state(kind: RewardKind, cash_minor: int) -> RedemptionState:
    """Where a redemption begins."""
    if cash_minor:
        return S.AWAITING_PAYMENT
    return after_payment(kind)


def after_payment(kind: RewardKind) -> RedemptionState:
    """Where it stands once nothing is to be paid: only goods have to get there."""
    return S.PLACED if kind is RewardKind.GOODS else S.FULFILLED


def next_states(way: Way, state: RedemptionState) -> tuple[RedemptionState, ...]:
    """What may follow; steps may be left out, and none is gone back."""
    order = _FORWARD[way]
    return tuple(order[order.index(state) + 1 :]) if state in order else ()


def demand_step(redemption: Redemption, to: RedemptionState, at: datetime) -> None:
    """Raises RedemptionStateWrong."""
    state = redemption.state_at(at)
    if to not in next_states(redemption.way, state):
        raise RedemptionStateWrong(
            f"It is {state.value} and goes by {redemption.way.value}: it cannot become {to.value}."
        )


def demand_cancellable(redemption: Redemption, at: datetime, *, by_member: bool) -> None:
    """Raises RedemptionStateWrong. Members cancel until it is packed; staff until it is in the
    member's hands. What was handed out at once, such as a coupon, is not taken back here."""
    state = redemption.state_at(at)
    may = state in BEFORE_PACKED if by_member else state not in OVER
    if not may:
        raise RedemptionStateWrong(f"It is {state.value}: it cannot be cancelled any more.")


def left_by_the_erased(redemption: Redemption, at: datetime) -> RedemptionState | None:
    """Where a redemption ends whose member is erased; None: it is over already.

    A parcel that is packed bears its address and goes its way: nobody can follow it any more, so it
    counts as delivered. Everything else is still ours, and is cancelled: nobody will pick it up.
    """
    state = redemption.state_at(at)
    if state in OVER:
        return None
    if redemption.way is Way.ADDRESS and state in _ON_ITS_WAY:
        return S.DELIVERED
    return S.CANCELLED


def pay_until(minutes: int) -> Duration:
    """How long a redemption waits for its cash part."""
    return Duration(seconds=minutes * 60)
