"""Confirming orders: all that wait are captured and become purchases in one transaction."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import Fault, InvalidInput, RegularsError
from regulars.domain.events import Event, Payment
from regulars.domain.explanations import Explanation
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.limits.limits import Owner
from regulars.domain.operations import HoldCapture
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.marks import mark_of
from regulars.domain.orders.purchases import purchase_of
from regulars.domain.orders.quotes import Quote
from regulars.domain.orders.states import (
    BOUGHT,
    OrderClosed,
    OrderNotFound,
    OrderState,
    OrderTimedOut,
    QuoteChanged,
    state_at,
)
from regulars.domain.plans import Timetable
from regulars.domain.programs.till_terms import TillTerms
from regulars.services.orders.asking import Confirming, Done, House, Outcome, Taken
from regulars.services.orders.opening import operation, quote_in, step_of
from regulars.storage import events
from regulars.storage.coupons import uses as coupon_uses
from regulars.storage.coupons.uses import by_order
from regulars.storage.database import Tx
from regulars.storage.limits import reservations
from regulars.storage.orders import orders, steps
from regulars.storage.orders.orders import Order

cart_in = msgspec.json.Decoder(Cart).decode


class Confirmation(Struct, frozen=True, omit_defaults=True):
    """What a till says when an order was paid; kept with it."""

    payments: tuple[Payment, ...] = ()
    reference: str | None = None


confirmation_in = msgspec.json.Decoder(Confirmation).decode
_encode = msgspec.json.Encoder().encode


class RefusedByEngine(Exception):
    """The engine refused a part of some orders of a batch: nothing of the batch may be committed.
    `refusals`: by place in the batch."""

    def __init__(self, refusals: dict[int, RegularsError]) -> None:
        self.refusals = refusals
        super().__init__(len(refusals))


def confirm_many(tx: Tx, house: House, asked: Sequence[Confirming], now: datetime) -> list[Outcome]:
    """Confirm orders, each named once. Raises RefusedByEngine, ReservationLost; then `tx` has to be
    rolled back."""
    organization = house.organization
    known = orders.lock(tx, organization, [one.number for one in asked])
    table = house.versions.read(tx)
    outcomes: list[Outcome | None] = []
    bought: list[tuple[int, Confirming, Order, Quote]] = []
    arrivals: list[Arrival] = []
    for place, one in enumerate(asked):
        order = known.get(one.number)
        known_outcome = _checked(tx, organization, order, one, now)
        outcomes.append(known_outcome)
        if known_outcome is not None:
            continue
        assert order is not None
        made = quote_in(order.quote)
        bought.append((place, one, order, made))
        arrivals += _arrivals(order, made, one, table, now)
    if bought:
        taken = house.take(tx, arrivals, now)
        for place, explanation in _carry(bought, arrivals, taken, now):
            _, one, order, made = next(each for each in bought if each[0] == place)
            outcomes[place] = Done(order=order, quote=made, explanation=explanation)
        _write(tx, organization, bought, now)
    return [outcome for outcome in outcomes if outcome is not None]


def _checked(
    tx: Tx, organization: int, order: Order | None, asked: Confirming, now: datetime
) -> Outcome | None:
    """What is known of the order without asking the engine; None: it may be confirmed."""
    if order is None:
        return OrderNotFound()
    state = state_at(order.state, order.expires_at, now)
    said = Confirmation(asked.payments, asked.reference)
    if state in BOUGHT or state is OrderState.RETURNED:
        if not order.confirmation or confirmation_in(order.confirmation) == said:
            return done_again(tx, organization, order)
        return OrderClosed("This order was confirmed before, with other payments.")
    if state is not OrderState.OPEN:
        is_late = state is OrderState.TIMED_OUT
        return OrderTimedOut() if is_late else OrderClosed(f"This order is {state.value}.")
    return _unfit(quote_in(order.quote), asked)


def _unfit(made: Quote, asked: Confirming) -> RegularsError | None:
    """What the till says that does not go with the quote."""
    if asked.accept is not None and asked.accept != mark_of(made):
        return QuoteChanged(
            "The order was quoted anew since. Look at it, and confirm what it costs now.",
            faults=[Fault("/accept", mark_of(made), code="fresh_quote")],
        )
    paid = sum(payment.amount for payment in asked.payments)
    if asked.payments and paid != made.to_pay:
        return InvalidInput(
            f"The payments come to {paid} minor units; {made.to_pay} are to be paid.",
            faults=[Fault("/payments", f"do not come to {made.to_pay}")],
        )
    return None


def done_again(tx: Tx, organization: int, order: Order) -> Done:
    """A confirmed order, with what its purchase did."""
    explanation = None
    if order.event_id is not None:
        event = events.get(tx, organization, order.event_id)
        if event is not None:
            explanation = events.decode_explanation(event.decision)
    return Done(order=order, quote=quote_in(order.quote), is_repeat=True, explanation=explanation)


def terms_of(made: Quote, table: Timetable) -> TillTerms | None:
    """How the points of a quote were spent, by the program that quoted it."""
    if made.points is None:
        return None
    currency = table.version(made.version).program.currencies.get(made.points.currency)
    return None if currency is None else currency.at_till


def _arrivals(
    order: Order, made: Quote, asked: Confirming, table: Timetable, now: datetime
) -> list[Arrival]:
    """The points first: when they are not there, there is no purchase."""
    found = []
    if order.hold_id is not None:
        found.append(operation(order, "capture", HoldCapture(hold=order.hold_id), now))
    bought = purchase_of(cart_in(order.cart), made, terms_of(made, table), asked.payments)
    who = write_ref(MemberRef(order.member_id))
    event = Event(order.external_id, order.source, "purchase", who, now, now, bought)
    found.append(arrive(event, asked.by.actor))
    return found


def _carry(
    bought: Sequence[tuple[int, Confirming, Order, Quote]],
    arrivals: Sequence[Arrival],
    taken: Sequence[Taken | RegularsError],
    now: datetime,
) -> list[tuple[int, Explanation]]:
    """Note in each order what the engine made of it. Raises RefusedByEngine."""
    refusals: dict[int, RegularsError] = {}
    told: list[tuple[int, Explanation]] = []
    at = 0
    for place, one, order, _ in bought:
        count = 1 if order.hold_id is None else 2
        for what in taken[at : at + count]:
            if isinstance(what, RegularsError):
                refusals.setdefault(place, what)
        purchase = taken[at + count - 1]
        at += count
        if isinstance(purchase, RegularsError):
            continue
        order.event_id = purchase.event_id
        order.state, order.confirmed_at = OrderState.CONFIRMED, now
        order.confirmation = _encode(Confirmation(one.payments, one.reference)).decode()
        told.append((place, purchase.explanation))
    assert at == len(arrivals)
    if refusals:
        raise RefusedByEngine(refusals)
    return told


def _write(
    tx: Tx,
    organization: int,
    bought: Sequence[tuple[int, Confirming, Order, Quote]],
    now: datetime,
) -> None:
    holding = [(Owner.ORDER, order.id) for _, _, order, made in bought if made.takes]
    if holding:
        reservations.capture(tx, organization, holding, now)
    redeemed = [
        row for _, _, order, made in bought for row in by_order(order.id, order.member_id, made)
    ]
    coupon_uses.record(tx, organization, redeemed, now)
    orders.settle(tx, organization, [order for _, _, order, _ in bought])
    steps.add(
        tx,
        organization,
        [step_of(order, "confirmed", one.by.actor, now) for _, one, order, _ in bought],
    )
