"""A finished order that a till sends later: honoured as it was, and told what no longer held."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from msgspec.structs import replace

from regulars.domain.burning import spendable
from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import Fault, MemberNotFound, RegularsError
from regulars.domain.events import Event
from regulars.domain.expiry import settle
from regulars.domain.ids import MemberRef, write_ref
from regulars.domain.ledger import Moves
from regulars.domain.limits.limits import Holding, Owner, Room, take
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.members import Member
from regulars.domain.operations import HoldCapture, HoldOpening, HoldRelease
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.marks import without_codes
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.purchases import purchase_of
from regulars.domain.orders.quotes import AppliedOffer, Quote, Take
from regulars.domain.orders.reported import Finding, cart_of, check_sold, quote_of
from regulars.domain.orders.states import OrderClosed, OrderState, state_at
from regulars.domain.plans import Plan
from regulars.domain.quotes.honoured import honoured
from regulars.domain.quotes.quoting import Wallet
from regulars.services.orders.asking import Done, House, Reporting, Taken
from regulars.services.orders.confirming import Confirmation, done_again, terms_of
from regulars.services.orders.opening import operation, quote_in, step_of
from regulars.services.orders.wallets import Customer, wallets
from regulars.storage import members
from regulars.storage.coupons import uses as coupon_uses
from regulars.storage.database import Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.orders import orders, steps
from regulars.storage.orders.orders import Order

HOLD_SECONDS = 60
"""The points are captured in the transaction that holds them."""

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class _Taken:
    """What of the order's claims was there. `points`: that the member still had."""

    parts: list[tuple[Room, int]] = field(default_factory=list)
    takes: list[Take] = field(default_factory=list)
    applied: list[AppliedOffer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    points: int = 0


@dataclass(frozen=True, slots=True)
class _Sale:
    """What was sold to whom, under which program, and what the till says of it."""

    asked: Reporting
    plan: Plan
    member: Member
    cart: Cart


def report(tx: Tx, house: House, asked: Reporting, now: datetime, number: int) -> Done:
    """Record the order as the till sold it, and take what it used as far as that is there. Safe to
    repeat. Raises MemberNotFound, OrderClosed for a number that was used for another order, and
    what is wrong with the order itself."""
    organization = house.organization
    before = orders.lock_named(tx, organization, [asked.key])().get(asked.key)
    if before is not None:
        if before.digest == asked.digest and before.event_id is not None:
            return done_again(tx, organization, before)
        if state_at(before.state, before.expires_at, now) not in {
            OrderState.OPEN,
            OrderState.TIMED_OUT,
        }:
            raise OrderClosed(f"This order is {before.state.value}; it was another one.")
        number = before.id
        _let_go(tx, house, before, now)
    member = members.lock_named(tx, organization, [asked.ref])().get(asked.ref)
    if member is None or member.is_erased:
        raise MemberNotFound(faults=[Fault("/member", "unknown")])
    table = house.versions.read(tx)
    plan = table.in_force(asked.time)
    check_sold(asked.sold, money=plan.program.money)
    cart = cart_of(asked.sold)
    customer = Customer(member=member, cart=replace(cart, codes=asked.sold.codes))
    (wallet,) = wallets(tx, organization, plan, [customer], now)
    there = _claimed(tx, organization, _Sale(asked, plan, member, cart), wallet, now)
    _count_points(plan, member, asked, wallet, there=there, now=now)
    made = quote_of(asked.sold, plan.version, there.applied, points=there.points)
    made = replace(made, takes=there.takes)
    order = _order(number, asked, member, made, there, before=before, now=now)
    _spend(tx, house, order, there, now)
    bought = purchase_of(cart, made, terms_of(made, table), asked.payments)
    who = write_ref(MemberRef(member.id))
    event = Event(asked.external_id, asked.source, "purchase", who, asked.time, now, bought)
    (purchase,) = _taken(house.take(tx, [arrive(event, asked.by.actor)], now))
    order.event_id = purchase.event_id
    _write(tx, organization, order, asked, there, is_new=before is None, now=now)
    return Done(order=order, quote=made, explanation=purchase.explanation)


def _let_go(tx: Tx, house: House, before: Order, now: datetime) -> None:
    """What the order had held when the till was still there."""
    is_open = state_at(before.state, before.expires_at, now) is OrderState.OPEN
    if before.hold_id is not None and is_open:
        release = operation(before, "release", HoldRelease(hold=before.hold_id), now)
        _taken(house.take(tx, [release], now))
    reservations.release(tx, house.organization, [(Owner.ORDER, before.id)], now)


def _claimed(tx: Tx, organization: int, sale: _Sale, wallet: Wallet, now: datetime) -> _Taken:
    """Take what the till honoured, offer by offer."""
    told, asked = _Taken(), sale.asked
    known = {offer.ref: offer for offer in wallet.offers}
    named = [ref for ref in wallet.asked if ref in known]
    named += [ref for ref in asked.sold.offers if ref in known and ref not in wallet.asked]
    claimed: list[Offer] = []
    for ref in named:
        offer = known[ref]
        if offer.why_not:
            told.findings.append(Finding(offer.why_not, ref))
        else:
            claimed.append(offer)
    for ref in [*known, *asked.sold.offers]:
        if ref.startswith("code:") or ref not in known:
            told.findings.append(Finding("unknown_code", ref))
    counted = honoured(sale.plan, sale.member, asked.sold, sale.cart, claimed, at=asked.time)
    limits = {limit.key: limit for offer in claimed for limit in offer.limits}
    limits |= {limit.key: limit for limit, _ in counted.values()}
    rooms = quotas.lock(tx, organization, limits.values(), now)
    for offer in claimed:
        wanted = [(limit, 1) for limit in offer.limits]
        if offer.ref in counted:
            wanted.append(counted[offer.ref])
        try:
            told.parts += take(rooms, wanted)
            told.takes += [Take(offer.ref, limit, amount) for limit, amount in wanted]
        except LimitReached:
            # What it took off is counted all the same.
            wanted = wanted[len(offer.limits) :]
            told.parts += take(rooms, wanted)
            told.takes += [Take(offer.ref, limit, amount) for limit, amount in wanted]
            told.findings.append(Finding("limit", offer.ref, 1))
            continue
        told.findings += _beyond(offer, [off for _, off in wanted[len(offer.limits) :]])
        told.applied.append(
            AppliedOffer(
                ref=offer.ref,
                kind=offer.kind.value,
                name=dict(offer.name),
                is_restored=offer.is_restored,
                is_automatic=offer.is_automatic,
            )
        )
    return told


def _beyond(offer: Offer, off: Sequence[int]) -> list[Finding]:
    """What the offer took off beyond what the member had brought in; it was honoured."""
    more = sum(off) - (0 if offer.cap is None else offer.cap.left)
    return [] if offer.cap is None or more <= 0 else [Finding("share", offer.ref, more)]


def _count_points(
    plan: Plan, member: Member, asked: Reporting, wallet: Wallet, *, there: _Taken, now: datetime
) -> None:
    """How many of the points that the till took the member still has."""
    spent = asked.sold.points
    if spent is None:
        return
    if spent.currency in plan.spendable and not member.is_frozen:
        moves = Moves(member.id)
        settle(plan.program, member, wallet.book, now, moves)
        left = spendable(member, wallet.book, spent.currency, at=now, moves=moves)
        there.points = min(left, spent.amount)
    if there.points < spent.amount:
        code = "frozen" if member.is_frozen else "points_missing"
        there.findings.append(Finding(code, "points", spent.amount - there.points))


def _order(
    number: int,
    asked: Reporting,
    member: Member,
    made: Quote,
    there: _Taken,
    *,
    before: Order | None,
    now: datetime,
) -> Order:
    points = made.points
    return Order(
        id=number,
        member_id=member.id,
        source=asked.source,
        external_id=asked.external_id,
        state=OrderState.CONFIRMED,
        revision=1 if before is None else before.revision + 1,
        digest=asked.digest,
        version=made.version,
        currency=made.currency,
        total=made.total,
        discount=made.discount,
        payable=made.payable,
        points_currency="" if points is None else points.currency,
        points=there.points,
        points_value=0 if points is None else points.value,
        hold_id=None,
        event_id=None,
        store=asked.sold.store,
        channel=asked.sold.channel,
        cart=_encode(without_codes(cart_of(asked.sold))).decode(),
        quote=_encode(made).decode(),
        confirmation=_encode(Confirmation(asked.payments, asked.reference)).decode(),
        report=_encode(there.findings).decode(),
        opened_at=asked.time if before is None else before.opened_at,
        expires_at=now,
        confirmed_at=now,
        closed_at=None,
        opened_by=asked.by.actor if before is None else before.opened_by,
    )


def _spend(tx: Tx, house: House, order: Order, there: _Taken, now: datetime) -> None:
    if not there.points:
        return
    data = HoldOpening(currency=order.points_currency, amount=there.points, seconds=HOLD_SECONDS)
    (held,) = _taken(house.take(tx, [operation(order, "hold", data, now)], now))
    order.hold_id = held.explanation.hold
    capture: list[Arrival] = [operation(order, "capture", HoldCapture(hold=order.hold_id), now)]
    _taken(house.take(tx, capture, now))


def _write(
    tx: Tx,
    organization: int,
    order: Order,
    asked: Reporting,
    there: _Taken,
    *,
    is_new: bool,
    now: datetime,
) -> None:
    actor = asked.by.actor
    reservations.hold(
        tx,
        organization,
        [
            Holding(
                room=room,
                amount=amount,
                owner=Owner.ORDER,
                owner_id=order.id,
                member_id=order.member_id,
                expires_at=None,
                by=actor,
            )
            for room, amount in there.parts
        ],
        now,
    )
    redeemed = coupon_uses.by_order(order.id, order.member_id, quote_in(order.quote))
    coupon_uses.record(tx, organization, redeemed, now)
    if is_new:
        orders.insert(tx, organization, [order])
    else:
        orders.requote(tx, organization, order)
        orders.settle(tx, organization, [order])
    facts = {"findings": len(there.findings)}
    steps.add(tx, organization, [step_of(order, "reported", actor, now, **facts)])


def _taken(outcomes: Sequence[Taken | RegularsError]) -> list[Taken]:
    done: list[Taken] = []
    for outcome in outcomes:
        if isinstance(outcome, RegularsError):
            raise outcome
        done.append(outcome)
    return done
