"""An order that is open, or was, and is sent with another content: quoted and held anew, at once.

What it held before counts as free; when the new content is refused, it keeps all that it held.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import Fault, MemberNotFound, RegularsError
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Key, LimitKind, Owner, Room
from regulars.domain.operations import HoldRelease
from regulars.domain.orders.states import OrderState, state_at
from regulars.services.orders.asking import Done, House, Opening
from regulars.services.orders.opening import (
    Again,
    Ready,
    again,
    hold_arrival,
    holdings,
    operation,
    order_of,
    quote_for,
    step_of,
    taken_parts,
)
from regulars.services.orders.wallets import Customer, wallets
from regulars.storage import members
from regulars.storage.database import Tx
from regulars.storage.limits import quotas, reservations
from regulars.storage.limits.reservations import Reservation
from regulars.storage.orders import orders, steps
from regulars.storage.orders.orders import Order


def reopen(tx: Tx, house: House, asked: Opening, now: datetime) -> Done:
    """Give the order its new content, in one transaction. Raises RegularsErrors, and then `tx` has
    to be rolled back."""
    organization = house.organization
    before = orders.lock_named(tx, organization, [asked.key])()[asked.key]
    known = again(before, asked, now)
    if isinstance(known, RegularsError):
        raise known
    if not isinstance(known, Again):
        return known
    refs = list(dict.fromkeys([asked.ref, MemberRef(before.member_id)]))
    member = members.lock_named(tx, organization, refs)().get(asked.ref)
    if member is None or member.is_erased:
        raise MemberNotFound(faults=[Fault("/member", "unknown")])
    plan = house.versions.read(tx).in_force(now)
    own = _own(tx, organization, before, now)
    was_open = state_at(before.state, before.expires_at, now) is OrderState.OPEN
    holds = (before.hold_id,) if was_open and before.hold_id is not None else ()
    customer = Customer(
        member=member, cart=asked.cart, own_holds=holds, own_discounts=_discounts(own, member.id)
    )
    (wallet,) = wallets(tx, organization, plan, [customer], now)
    _free(wallet.rooms, own)
    made = quote_for(plan, asked, customer, wallet, now)
    if isinstance(made, RegularsError):
        raise made
    order = _again_as(before, order_of(before.id, asked, member, made, now))
    one = Ready(0, asked, member, wallet.book, made, order)
    rooms = _locked(tx, organization, one, own, now)
    one.parts = taken_parts(made, rooms)
    _move_points(tx, house, before, one, holds=holds, now=now)
    reservations.hold(tx, organization, holdings(one), now)
    orders.requote(tx, organization, order)
    facts = {"before": before.payable}
    steps.add(tx, organization, [step_of(order, "requoted", asked.by.actor, now, **facts)])
    return Done(order=order, quote=made)


def _own(tx: Tx, organization: int, before: Order, now: datetime) -> list[Reservation]:
    """What the order still holds of limits."""
    found = reservations.of(tx, organization, [(Owner.ORDER, before.id)])
    return [
        one
        for one in found
        if one.state == "open" and one.expires_at is not None and one.expires_at > now
    ]


def _key(one: Reservation) -> Key:
    return one.kind.value, one.subject, one.limited_member, one.period


def _discounts(own: Sequence[Reservation], member_id: int) -> dict[str, dict[str, int]]:
    """What capped benefits of the member take off in the order, by benefit and period."""
    found: dict[str, dict[str, int]] = {}
    for one in own:
        if one.kind is LimitKind.CONTRIBUTION and one.limited_member == member_id:
            by_period = found.setdefault(one.subject, {})
            by_period[one.period] = by_period.get(one.period, 0) + one.amount
    return found


def _free(rooms: Mapping[Key, Room], own: Sequence[Reservation]) -> None:
    for one in own:
        room = rooms.get(_key(one))
        if room is not None:
            room.reserved -= one.amount


def _locked(
    tx: Tx, organization: int, one: Ready, own: Sequence[Reservation], now: datetime
) -> dict[Key, Room]:
    """The rooms that the new content takes of, locked, with what the old one held given back."""
    limits = {part.limit.key: part.limit for part in one.quote.takes}
    rooms = quotas.lock(tx, organization, limits.values(), now)
    given = reservations.release(tx, organization, [(Owner.ORDER, one.order.id)], now)
    _free(rooms, [each for each in given if each.id in {known.id for known in own}])
    return rooms


def _again_as(before: Order, fresh: Order) -> Order:
    return replace(
        fresh,
        revision=before.revision + 1,
        opened_at=before.opened_at,
        opened_by=before.opened_by,
    )


def _move_points(
    tx: Tx, house: House, before: Order, one: Ready, *, holds: Sequence[int], now: datetime
) -> None:
    """Release the points that the old content held and hold those of the new one."""
    arrivals: list[Arrival] = [
        operation(before, "release", HoldRelease(hold=hold), now) for hold in holds
    ]
    if one.order.points:
        arrivals.append(hold_arrival(one.order, one.asked.seconds, now))
    for what in house.take(tx, arrivals, now) if arrivals else ():
        if isinstance(what, RegularsError):
            raise what
        if what.explanation.hold:
            one.order.hold_id = what.explanation.hold
