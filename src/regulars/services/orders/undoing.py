"""Orders that are cancelled, and goods that come back: money, points and offers with them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import EventConflict, RegularsError
from regulars.domain.events import Event, Return, ReturnedLine
from regulars.domain.ids import ORDER, MemberRef, encode, write_ref
from regulars.domain.limits.limits import Owner
from regulars.domain.operations import HoldRelease, PointsRestore, type_of
from regulars.domain.orders.marks import digest_of
from regulars.domain.orders.policies import may_cancel
from regulars.domain.orders.quotes import Quote
from regulars.domain.orders.returning import Back, take_back
from regulars.domain.orders.states import (
    BOUGHT,
    CancelTooLate,
    OrderClosed,
    OrderNotFound,
    OrderState,
    state_at,
)
from regulars.services.orders.asking import SOURCE, Cancelling, Done, House, Returning, Taken
from regulars.services.orders.confirming import cart_in, done_again
from regulars.services.orders.opening import operation, quote_in, step_of
from regulars.storage import audit, organizations
from regulars.storage.coupons import uses as coupon_uses
from regulars.storage.database import Tx
from regulars.storage.limits import reservations
from regulars.storage.orders import orders, steps
from regulars.storage.orders.orders import Order
from regulars.storage.orders.steps import Returned

_encode = msgspec.json.Encoder().encode
_back_in = msgspec.json.Decoder(Back).decode


def cancel(tx: Tx, house: House, asked: Cancelling, now: datetime) -> Done:
    """Give back what an open order holds; of one that was confirmed not long ago, by the policy
    of the organization, all that it did. Safe to repeat.

    Raises OrderNotFound, OrderClosed, CancelTooLate."""
    organization = house.organization
    order = _locked(tx, organization, asked.number)
    state = state_at(order.state, order.expires_at, now)
    if state is OrderState.CANCELLED:
        return done_again(tx, organization, order)
    if state in {OrderState.RETURNED, OrderState.RETURNED_IN_PART}:
        raise OrderClosed("Goods of this order came back already; take back the rest of them.")
    back = None
    made = quote_in(order.quote)
    if state is OrderState.CONFIRMED:
        assert order.confirmed_at is not None
        policy = organizations.settings(tx, organization).orders
        if not may_cancel(policy, order.confirmed_at, now):
            raise CancelTooLate
        back = take_back(cart_in(order.cart), made, (), before={})
        _undo(tx, house, order, back, name="cancel", actor=asked.by.actor, now=now)
        reservations.restore(tx, organization, [(Owner.ORDER, order.id)], now)
        coupon_uses.take_back(tx, organization, Owner.ORDER, order.id, now)
    elif state is OrderState.OPEN:
        _release(tx, house, order, now)
    order.state = OrderState.TIMED_OUT if state is OrderState.TIMED_OUT else OrderState.CANCELLED
    order.closed_at = order.expires_at if state is OrderState.TIMED_OUT else now
    orders.settle(tx, organization, [order])
    what = order.state.value
    facts = {"reason": asked.reason} if asked.reason else {}
    steps.add(tx, organization, [step_of(order, what, asked.by.actor, now, **facts)])
    deed = Deed(f"order.{what}", f"order:{order.id}", order.member_id, asked.reason)
    audit.record(tx, asked.by, [deed], now)
    return Done(order=order, quote=made, back=back)


def cancel_all(
    house: House, tx: Tx, members: Sequence[int], *, by: By, reason: str, now: datetime
) -> int:
    """Cancel the orders that these members, who are one person, have open; how many."""
    numbers = orders.open_of(tx, house.organization, members, now)
    for number in numbers:
        cancel(tx, house, Cancelling(number=number, by=by, reason=reason), now)
    return len(numbers)


def give_back(tx: Tx, house: House, asked: Returning, now: datetime) -> Done:
    """Take goods back. Safe to repeat under the same number. Raises OrderNotFound, OrderClosed,
    AlreadyReturned, InvalidInput, EventConflict for the number of another return."""
    organization = house.organization
    order = _locked(tx, organization, asked.number)
    earlier = steps.returns(tx, organization, order.id)
    digest = digest_of(asked.lines, asked.with_delivery)
    made = quote_in(order.quote)
    for one in earlier:
        if one.external_id == asked.external_id:
            if one.digest != digest:
                raise EventConflict("Another return has this number. Give a new one a new number.")
            return Done(
                order=order,
                quote=made,
                is_repeat=True,
                back=_back_in(one.answer),
                return_id=one.external_id,
            )
    state = state_at(order.state, order.expires_at, now)
    if state not in BOUGHT and state is not OrderState.RETURNED:
        raise OrderClosed(f"Nothing was bought by this order: it is {state.value}.")
    before = _back_in(earlier[-1].answer).after if earlier else {}
    back = take_back(
        cart_in(order.cart), made, asked.lines, before=before, with_delivery=asked.with_delivery
    )
    event = _undo(
        tx, house, order, back, name=f"return:{asked.external_id}", actor=asked.by.actor, now=now
    )
    usable = restored(tx, organization, order, made, back.restored)
    if usable:
        reservations.restore(tx, organization, [(Owner.ORDER, order.id)], now, only=usable)
        coupon_uses.take_back(tx, organization, Owner.ORDER, order.id, now, only=back.restored)
    order.state = OrderState.RETURNED if back.is_whole else OrderState.RETURNED_IN_PART
    order.closed_at = now if back.is_whole else None
    orders.settle(tx, organization, [order])
    lines = [(one.line, one.quantity) for one in back.lines]
    steps.add_return(
        tx,
        organization,
        Returned(
            order.id, asked.external_id, digest, _encode(lines).decode(), back.money, back.points,
            event.event_id, _encode(back).decode(), now, asked.by.actor,
        ),
    )  # fmt: skip
    facts: dict[str, object] = {"money": back.money, "points": back.points, "lines": lines}
    if asked.reason:
        facts["reason"] = asked.reason
    steps.add(tx, organization, [step_of(order, "returned", asked.by.actor, now, **facts)])
    deed = Deed("order.returned", f"order:{order.id}", order.member_id, asked.reason)
    audit.record(tx, asked.by, [deed], now)
    return Done(order=order, quote=made, back=back, return_id=asked.external_id)


def restored(
    tx: Tx, organization: int, order: Order, made: Quote, refs: Collection[str]
) -> list[int]:
    """The numbers of the reservations that these offers had made for the order. Those of the last
    revision stand in the order in which its quote takes them."""
    if not any(part.ref in refs for part in made.takes):
        return []
    found = [
        one
        for one in reservations.of(tx, organization, [(Owner.ORDER, order.id)])
        if one.state in {"captured", "restored"}
    ]
    return [one.id for one, part in zip(found, made.takes, strict=True) if part.ref in refs]


def _locked(tx: Tx, organization: int, number: int) -> Order:
    order = orders.lock(tx, organization, [number]).get(number)
    if order is None:
        raise OrderNotFound
    return order


def _release(tx: Tx, house: House, order: Order, now: datetime) -> None:
    if order.hold_id is not None:
        data = HoldRelease(hold=order.hold_id)
        _taken(house.take(tx, [operation(order, "release", data, now)], now))
    reservations.release(tx, house.organization, [(Owner.ORDER, order.id)], now)


def _undo(
    tx: Tx,
    house: House,
    order: Order,
    back: Back,
    *,
    name: str,
    actor: str,
    now: datetime,
) -> Taken:
    """Record the return, and give points back; what the return did."""
    who = write_ref(MemberRef(order.member_id))
    lines = tuple(ReturnedLine(one.line, one.quantity) for one in back.lines)
    data = Return(purchase_id=order.external_id, purchase_source=order.source, lines=lines)
    # A till's number for a return is its own within the order alone.
    key = f"{encode(ORDER, order.id)}:{name}"
    arrivals: list[Arrival] = [arrive(Event(key, SOURCE, "return", who, now, now, data), actor)]
    if back.points and order.hold_id is not None:
        again = PointsRestore(hold=order.hold_id, amount=back.points)
        arrivals.append(
            arrive(Event(f"{key}:points", SOURCE, type_of[PointsRestore], who, now, now, again))
        )
    return _taken(house.take(tx, arrivals, now))[0]


def _taken(outcomes: Sequence[Taken | RegularsError]) -> list[Taken]:
    """What the engine did. Raises what it refused, and then the transaction is rolled back."""
    done: list[Taken] = []
    for outcome in outcomes:
        if isinstance(outcome, RegularsError):
            raise outcome
        done.append(outcome)
    return done
