"""Orders in full and in brief, as the API tells them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.api.orders.shapes import (
    ListedOrder,
    OrderAnswer,
    OrderFindingAnswer,
    OrderHeldAnswer,
    OrderStepAnswer,
    tell_back,
    tell_quote,
)
from regulars.domain.ids import EVENT, HOLD, MEMBER, ORDER, encode
from regulars.domain.orders.quotes import Quote
from regulars.domain.orders.states import state_at
from regulars.services.orders.asking import Done
from regulars.services.orders.confirming import cart_in
from regulars.services.orders.looking import Whole
from regulars.services.orders.opening import quote_in
from regulars.storage.limits.reservations import Reservation
from regulars.storage.orders.orders import Order
from regulars.storage.orders.steps import Step

_findings = msgspec.json.Decoder(list[OrderFindingAnswer])
_facts = msgspec.json.Decoder(dict[str, Any])


def tell_done(done: Done, language: str, now: datetime) -> OrderAnswer:
    """What became of something that was asked of an order."""
    order, earned = done.order, None
    if done.explanation is not None and order.event_id is not None and done.back is None:
        earned = dict(done.explanation.earned)
    returned = None if done.back is None else done.back.after
    told = _tell(order, done.quote, language, now, returned=returned)
    came_back = None
    if done.back is not None:
        came_back = tell_back(done.return_id, done.back, order.closed_at or now)
    return msgspec.structs.replace(told, repeat=done.is_repeat, earned=earned, came_back=came_back)


def tell_whole(found: Whole, language: str, now: datetime) -> OrderAnswer:
    """An order with all that happened to it."""
    order = found.order
    returned = found.returns[-1][2].after if found.returns else None
    made = quote_in(order.quote)
    told = _tell(order, made, language, now, returned=returned)
    return msgspec.structs.replace(
        told,
        held=_held(made, found.reserved),
        earned=found.earned,
        returns=[tell_back(name, back, at) for name, at, back in found.returns],
        steps=[_step(one) for one in found.steps],
    )


def tell_listed(order: Order, now: datetime) -> ListedOrder:
    """An order in a list."""
    return ListedOrder(
        order=encode(ORDER, order.id),
        id=order.external_id,
        source=order.source,
        member=encode(MEMBER, order.member_id),
        state=state_at(order.state, order.expires_at, now).value,
        currency=order.currency,
        total=order.total,
        discount=order.discount,
        payable=order.payable,
        points_currency=order.points_currency if order.points else None,
        points=order.points,
        to_pay=order.payable - order.points_value,
        store=order.store,
        channel=order.channel,
        opened_at=order.opened_at,
        expires_at=order.expires_at,
        confirmed_at=order.confirmed_at,
        closed_at=order.closed_at,
    )


def _tell(
    order: Order, made: Quote, language: str, now: datetime, *, returned: dict[int, int] | None
) -> OrderAnswer:
    return OrderAnswer(
        order=encode(ORDER, order.id),
        id=order.external_id,
        source=order.source,
        member=encode(MEMBER, order.member_id),
        state=state_at(order.state, order.expires_at, now).value,
        revision=order.revision,
        repeat=False,
        price=tell_quote(made, cart_in(order.cart).lines, language, returned),
        store=order.store,
        channel=order.channel,
        held=[OrderHeldAnswer(one.ref, one.limit.kind.value, one.amount) for one in made.takes],
        hold=None if order.hold_id is None else encode(HOLD, order.hold_id),
        opened_at=order.opened_at,
        expires_at=order.expires_at,
        confirmed_at=order.confirmed_at,
        closed_at=order.closed_at,
        event=None if order.event_id is None else encode(EVENT, order.event_id),
        earned=None,
        came_back=None,
        returns=[],
        report=_findings.decode(order.report) if order.report else [],
        steps=[],
    )


def _held(made: Quote, reserved: Sequence[Reservation]) -> list[OrderHeldAnswer]:
    """What is reserved, with what became of it: the newest rows are those of the present quote."""
    rows = list(reserved)[-len(made.takes) :] if made.takes else []
    if len(rows) < len(made.takes):
        return [OrderHeldAnswer(one.ref, one.limit.kind.value, one.amount) for one in made.takes]
    return [
        OrderHeldAnswer(one.ref, one.limit.kind.value, one.amount, row.state)
        for one, row in zip(made.takes, rows, strict=True)
    ]


def _step(one: Step) -> OrderStepAnswer:
    return OrderStepAnswer(
        one.at, one.what, one.actor, _facts.decode(one.facts) if one.facts else {}
    )
