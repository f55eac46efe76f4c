"""Orders as they are looked at: one in full, many by what they have in common, and a price asked
for without an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.errors import Fault, MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Owner
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.quotes import Quote
from regulars.domain.orders.returning import Back
from regulars.domain.orders.states import OrderNotFound
from regulars.domain.quotes.quoting import quote
from regulars.services.orders.wallets import Customer, wallets
from regulars.storage import events, members
from regulars.storage.database import Database
from regulars.storage.limits import reservations
from regulars.storage.limits.reservations import Reservation
from regulars.storage.merging.members import all_of
from regulars.storage.orders import orders, search, steps
from regulars.storage.orders.orders import Order
from regulars.storage.orders.search import Wanted
from regulars.storage.orders.steps import Step
from regulars.storage.programs import Versions

_back_in = msgspec.json.Decoder(Back).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An order with all that is known of it. `earned`: by its purchase, once it is confirmed."""

    order: Order
    steps: Sequence[Step]
    returns: Sequence[tuple[str, datetime, Back]]
    reserved: Sequence[Reservation]
    earned: dict[str, int] | None


def whole(db: Database, organization: int, number: int, *, member_id: int | None = None) -> Whole:
    """One order; with `member_id` only if it is theirs. Raises OrderNotFound."""
    with db.transaction(organization) as tx:
        order = orders.get(tx, organization, number)
        if order is None:
            raise OrderNotFound
        if member_id is not None and order.member_id not in all_of(tx, organization, member_id):
            raise OrderNotFound
        event = None
        if order.event_id is not None:
            event = events.get(tx, organization, order.event_id)
        return Whole(
            order=order,
            steps=steps.of(tx, organization, number),
            returns=[
                (one.external_id, one.returned_at, _back_in(one.answer))
                for one in steps.returns(tx, organization, number)
            ],
            reserved=reservations.of(tx, organization, [(Owner.ORDER, number)]),
            earned=(
                None if event is None else dict(events.decode_explanation(event.decision).earned)
            ),
        )


def found(
    db: Database,
    organization: int,
    wanted: Wanted,
    *,
    about: MemberRef | None,
    before: int | None,
    limit: int,
    now: datetime,
) -> list[Order]:
    """Orders as `wanted`, the newest first, before number `before`; of one member, and of whoever
    was merged into them, with `about`. Raises MemberNotFound."""
    with db.transaction(organization) as tx:
        people = None
        if about is not None:
            known = members.resolve(tx, organization, [about]).get(about)
            if known is None:
                raise MemberNotFound("There is no member of this reference.")
            people = list(all_of(tx, organization, known))
        return search.page(
            tx, organization, wanted, members=people, before=before, limit=limit, now=now
        )


def priced(db: Database, versions: Versions, ref: MemberRef, cart: Cart, now: datetime) -> Quote:
    """What the cart would cost the member. Nothing is held. Raises RegularsErrors."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        member = members.get(tx, organization, ref)
        if member is None or member.is_erased:
            raise MemberNotFound(faults=[Fault("/member", "unknown")])
        plan = versions.read(tx).in_force(now)
        (wallet,) = wallets(tx, organization, plan, [Customer(member=member, cart=cart)], now)
    return quote(plan, member, cart, wallet, now)
