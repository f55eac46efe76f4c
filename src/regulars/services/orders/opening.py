"""Opening orders: all that wait are quoted one after the other and held in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import msgspec

from regulars.domain.envelopes import Arrival, arrive
from regulars.domain.errors import Fault, MemberNotFound, RegularsError
from regulars.domain.events import Event
from regulars.domain.ids import ORDER, MemberRef, encode, write_ref
from regulars.domain.ledger import Book
from regulars.domain.limits.limits import Holding, Key, Owner, Room, take
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.members import Member
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.operations import HoldOpening, Operation, type_of
from regulars.domain.orders.marks import fault_of, lost, mark_of, without_codes
from regulars.domain.orders.quotes import Quote
from regulars.domain.orders.states import (
    OfferLost,
    OrderClosed,
    OrderState,
    QuoteChanged,
    state_at,
)
from regulars.domain.plans import Plan
from regulars.domain.quotes.quoting import Wallet, quote
from regulars.services.orders.asking import SOURCE, Done, House, Opening, Outcome
from regulars.services.orders.wallets import Customer, wallets
from regulars.storage import members
from regulars.storage.database import Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.locked import Locked
from regulars.storage.orders import orders, steps
from regulars.storage.orders.orders import Order
from regulars.storage.orders.steps import Step

_encode = msgspec.json.Encoder().encode
quote_in = msgspec.json.Decoder(Quote).decode


class Again(Enum):
    """What has no outcome yet. NEXT: somebody was faster, it is quoted anew with the next batch;
    REOPEN: the order is there, and asks for something else."""

    NEXT = 1
    REOPEN = 2


@dataclass(slots=True)
class Ready:
    """An opening that was quoted; `parts` are taken for it."""

    place: int
    asked: Opening
    member: Member
    book: Book
    quote: Quote
    order: Order
    parts: list[tuple[Room, int]] = field(default_factory=list)


def open_many(
    tx: Tx, house: House, asked: Sequence[Opening], now: datetime, numbers: Iterator[int]
) -> list[Outcome | Again]:
    """Open orders, each under a number of its own; what is refused changes nothing. Of one member
    or one number the first is served, the others come with the next batch."""
    known = orders.lock_named(tx, house.organization, [one.key for one in asked])
    refs = list(dict.fromkeys(one.ref for one in asked))
    found = members.lock_named(tx, house.organization, refs)
    versions = house.versions.ask(tx)
    there, people = known(), found()
    table = versions()
    plan = table.in_force(now)
    outcomes: list[Outcome | Again] = [Again.NEXT] * len(asked)
    served: set[int | tuple[str, str]] = set()
    fresh: list[tuple[int, Customer]] = []
    for place, one in enumerate(asked):
        before, member = there.get(one.key), people.get(one.ref)
        if before is not None:
            outcomes[place] = again(before, one, now)
        elif member is None or member.is_erased:
            outcomes[place] = MemberNotFound(faults=[Fault("/member", "unknown")])
        elif not served & {member.id, one.key}:
            served |= {member.id, one.key}
            fresh.append((place, Customer(member=member, cart=one.cart)))
    ready: list[Ready] = []
    customers = [customer for _, customer in fresh]
    held = wallets(tx, house.organization, plan, customers, now) if customers else []
    for (place, customer), wallet in zip(fresh, held, strict=True):
        made = quote_for(plan, asked[place], customer, wallet, now)
        if isinstance(made, RegularsError):
            outcomes[place] = made
        else:
            order = order_of(next(numbers), asked[place], customer.member, made, now)
            ready.append(Ready(place, asked[place], customer.member, wallet.book, made, order))
    if ready:
        _hold(tx, house, ready, now, outcomes, newest=table.newest)
    return outcomes


def again(before: Order, asked: Opening, now: datetime) -> Outcome | Again:
    """The answer to an opening of an order that is there."""
    state = state_at(before.state, before.expires_at, now)
    if state is OrderState.OPEN and before.digest == asked.digest:
        return Done(order=before, quote=quote_in(before.quote), is_repeat=True)
    if state in {OrderState.OPEN, OrderState.TIMED_OUT}:
        return Again.REOPEN
    return OrderClosed(f"This order is {state.value}; a new one needs a number of its own.")


def quote_for(
    plan: Plan, asked: Opening, customer: Customer, wallet: Wallet, now: datetime
) -> Quote | RegularsError:
    """The quote at which the order may be opened, or why it may not."""
    try:
        made = quote(plan, customer.member, customer.cart, wallet, now)
    except RegularsError as refusal:
        return refusal
    mark = mark_of(made)
    gone = lost(made, wallet.asked)
    if asked.accept is not None:
        if asked.accept != mark:
            return QuoteChanged(
                f"The order would not cost what you accepted. The fresh quote is {mark}: ask for "
                "it with POST /v1/orders:quote, and open with it if it is accepted.",
                faults=[Fault("/accept", mark, code="fresh_quote"), *map(fault_of, gone)],
            )
    elif gone:
        return OfferLost(
            f"{len(gone)} of the codes cannot be used any more. Nothing was held. Without them the "
            f"quote is {mark}: open with it as `accept`, or leave the codes out.",
            faults=[*map(fault_of, gone), Fault("/accept", mark, code="fresh_quote")],
        )
    if customer.member.is_frozen and (made.takes or (made.points and made.points.used)):
        return MemberFrozen()
    return made


def order_of(number: int, asked: Opening, member: Member, made: Quote, now: datetime) -> Order:
    """A new order at this quote."""
    points = made.points
    return Order(
        id=number,
        member_id=member.id,
        source=asked.source,
        external_id=asked.external_id,
        state=OrderState.OPEN,
        revision=1,
        digest=asked.digest,
        version=made.version,
        currency=made.currency,
        total=made.total,
        discount=made.discount,
        payable=made.payable,
        points_currency="" if points is None else points.currency,
        points=0 if points is None else points.used,
        points_value=0 if points is None else points.value,
        hold_id=None,
        event_id=None,
        store=asked.cart.store,
        channel=asked.cart.channel,
        cart=_encode(without_codes(asked.cart)).decode(),
        quote=_encode(made).decode(),
        confirmation="",
        report="",
        opened_at=now,
        expires_at=now + timedelta(seconds=asked.seconds),
        confirmed_at=None,
        closed_at=None,
        opened_by=asked.by.actor,
    )


def _hold(
    tx: Tx,
    house: House,
    ready: Sequence[Ready],
    now: datetime,
    outcomes: list[Outcome | Again],
    *,
    newest: int,
) -> None:
    """Take what each wants, in their order, and write the orders of those who got all of it."""
    organization = house.organization
    limits = {part.limit.key: part.limit for one in ready for part in one.quote.takes}
    rooms = quotas.lock(tx, organization, limits.values(), now)
    fitting: list[Ready] = []
    for one in ready:
        try:
            one.parts = taken_parts(one.quote, rooms)
        except OfferLost as refusal:
            outcomes[one.place] = refusal
        except LimitReached:
            continue  # Nobody asked for it by name: what is left is quoted anew.
        else:
            fitting.append(one)
    held = _hold_points(tx, house, fitting, now, outcomes, newest=newest)
    reservations.hold(tx, organization, [part for one in held for part in holdings(one)], now)
    if not held:
        return
    orders.insert(tx, organization, [one.order for one in held])
    opened = [step_of(one.order, "opened", one.asked.by.actor, now) for one in held]
    steps.add(tx, organization, opened)
    for one in held:
        outcomes[one.place] = Done(order=one.order, quote=one.quote)


def taken_parts(made: Quote, rooms: Mapping[Key, Room]) -> list[tuple[Room, int]]:
    """What the quote takes of each limit, all or nothing. Raises OfferLost where something is gone
    that was asked for by name, LimitReached for anything else."""
    try:
        return take(rooms, [(part.limit, part.amount) for part in made.takes])
    except LimitReached as refusal:
        named = {offer.ref for offer in made.applied if not offer.is_automatic}
        gone = {part.ref for part in made.takes if not rooms[part.limit.key].fits(part.amount)}
        if not gone & named:
            raise
        raise OfferLost(
            "Somebody was faster with the last of what this order asks for. Nothing was held.",
            faults=[
                Fault("/cart/codes", f"{ref} is gone", code="limit") for ref in sorted(gone & named)
            ],
        ) from refusal


def holdings(one: Ready) -> list[Holding]:
    """What is reserved for the order until it times out."""
    return [
        Holding(
            room=room,
            amount=amount,
            owner=Owner.ORDER,
            owner_id=one.order.id,
            member_id=one.member.id,
            expires_at=one.order.expires_at,
            by=one.asked.by.actor,
        )
        for room, amount in one.parts
    ]


def _hold_points(
    tx: Tx,
    house: House,
    ready: Sequence[Ready],
    now: datetime,
    outcomes: list[Outcome | Again],
    *,
    newest: int,
) -> list[Ready]:
    paying = [one for one in ready if one.order.points]
    arrivals = [hold_arrival(one.order, one.asked.seconds, now) for one in paying]
    whole = {MemberRef(one.member.id): (one.member, one.book) for one in paying}
    taken = house.take(tx, arrivals, now, Locked(whole, newest)) if arrivals else []
    refused: set[int] = set()
    for one, what in zip(paying, taken, strict=True):
        if isinstance(what, RegularsError):
            outcomes[one.place] = what
            refused.add(one.place)
        else:
            one.order.hold_id = what.explanation.hold
    return [one for one in ready if one.place not in refused]


def hold_arrival(order: Order, seconds: int, now: datetime) -> Arrival:
    """The points of an order, to be held."""
    data = HoldOpening(currency=order.points_currency, amount=order.points, seconds=seconds)
    return operation(order, "hold", data, now)


def operation(order: Order, what: str, data: Operation, now: datetime) -> Arrival:
    """An operation for an order in its present revision."""
    name = f"{what}:{encode(ORDER, order.id)}:{order.revision}"
    ref = write_ref(MemberRef(order.member_id))
    return arrive(Event(name, SOURCE, type_of[type(data)], ref, now, now, data))


def step_of(order: Order, what: str, actor: str, now: datetime, **facts: object) -> Step:
    """Something that happened to an order."""
    told = {"revision": order.revision, "payable": order.payable, **facts}
    return Step(order.id, now, what, actor, _encode(told).decode())
