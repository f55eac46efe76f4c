"""Selling a term of a paid card: tried, bought, renewed; paid in money at the shop or in points."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Literal
from uuid import UUID

import msgspec

from regulars.domain.audit import By, Deed
from regulars.domain.errors import IdempotencyKeyReused, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.members import Member
from regulars.domain.memberships.memberships import Membership, Term, TermKind
from regulars.domain.memberships.refusals import CardNotSold, PaymentKnown
from regulars.domain.operations import CardChange, HoldCapture, HoldOpening
from regulars.domain.plans import Plan
from regulars.domain.programs.paid_cards import PaidCard
from regulars.services.memberships.house import (
    Circle,
    House,
    change,
    follow,
    locked,
    moved_to,
    record,
)
from regulars.storage import audit, members
from regulars.storage.database import RACES, Tx
from regulars.storage.memberships import memberships
from regulars.storage.memberships.memberships import NewTerm

HOLD_SECONDS = 60
"""The points of a price are held and spent in one transaction; this is only the hold's own form."""

ACTIONS = {
    TermKind.TRIAL: "membership.tried",
    TermKind.PURCHASE: "membership.bought",
    TermKind.RENEWAL: "membership.renewed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What is asked for. `by`: how it is paid. `payment`: the shop's number of the payment, for
    money. `paid`: minor units, where it was less than the price. `renews` None: as it was."""

    pay: Literal["money", "points", "trial"]
    payment: str = ""
    paid: int | None = None
    renews: bool | None = None


@dataclass(frozen=True, slots=True)
class Sold:
    """A membership and the term that was sold of it. `is_repeat`: it was sold before."""

    membership: Membership
    term: Term
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class _Deal:
    """One sale under way. `circle` None: the membership begins."""

    house: House
    tx: Tx
    plan: Plan
    card: PaidCard
    sale: Sale
    kind: TermKind
    by: By
    key: str
    now: datetime
    digest: str


def begin(
    house: House, ref: MemberRef, card: str, sale: Sale, *, key: str, by: By, now: datetime
) -> Sold:
    """Let the member try or buy a card. Who buys while trying goes on without a gap. Safe to repeat
    under the same key.

    Raises MemberNotFound, CardNotSold, CardHeld, TrialUsed, PaymentKnown, InsufficientPoints,
    MemberFrozen, NotAllowed, InvalidInput, IdempotencyKeyReused, NoProgramInForce.
    """

    def work(tx: Tx) -> Sold:
        organization = house.organization
        member = members.lock_living(tx, organization, ref)
        digest = _digest(member.id, card, sale)
        known = _asked_before(house, tx, by, key, digest)
        if known is not None:
            return known
        kind = TermKind.TRIAL if sale.pay == "trial" else TermKind.PURCHASE
        plan = house.versions.read(tx).in_force(now)
        deal = _Deal(house, tx, plan, _sold(plan, card, sale), sale, kind, by, key, now, digest)
        return _begin(deal, member)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def renew(house: House, number: int, sale: Sale, *, key: str, by: By, now: datetime) -> Sold:
    """Sell one term more, which begins where the last one ends. Safe to repeat under the same key.

    Raises MembershipNotFound, MembershipOver and what `begin` raises.
    """

    def work(tx: Tx) -> Sold:
        circle = locked(house, tx, number, now=None)
        membership = circle.membership
        digest = _digest(membership.member_id, f"renew:{number}", sale)
        known = _asked_before(house, tx, by, key, digest)
        if known is not None:
            return known
        circle = locked(house, tx, number, now=now)
        plan = house.versions.read(tx).in_force(now)
        kind = TermKind.PURCHASE if membership.kind == "trial" else TermKind.RENEWAL
        card = _sold(plan, membership.card, sale)
        deal = _Deal(house, tx, plan, card, sale, kind, by, key, now, digest)
        return _extend(deal, circle)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def _begin(deal: _Deal, member: Member) -> Sold:
    house, tx, now = deal.house, deal.tx, deal.now
    live = next(
        (
            one
            for one in memberships.of_members(tx, house.organization, [member.id])
            if one.card == deal.card.code and one.is_live(now)
        ),
        None,
    )
    if live is not None and live.kind == "trial" and deal.kind is TermKind.PURCHASE:
        return _extend(deal, Circle(live, ()))
    number = memberships.next_id(tx)
    deed: Literal["begin", "trial"] = "trial" if deal.kind is TermKind.TRIAL else "begin"
    data = CardChange(card=deal.card.code, deed=deed, membership=number)
    receipt = change(house, tx, member.id, data, key=str(number), now=now)
    until, ends_at = moved_to(receipt.explanation)
    fresh = Membership(
        number,
        member.id,
        deal.card.code,
        "trial" if deal.kind is TermKind.TRIAL else "paid",
        now,
        until,
        ends_at,
        renews=bool(deal.sale.renews),
    )
    memberships.insert(tx, house.organization, fresh)
    return _sell(deal, fresh, start=now, event_id=receipt.event_id)


def _extend(deal: _Deal, circle: Circle) -> Sold:
    house, tx, membership = deal.house, deal.tx, circle.membership
    deed: Literal["begin", "renew"] = "begin" if membership.kind == "trial" else "renew"
    data = CardChange(card=membership.card, deed=deed, membership=membership.id)
    key = f"{membership.id}:{deal.by.actor}:{deal.key}"
    receipt = change(house, tx, membership.member_id, data, key=key, now=deal.now)
    until, ends_at = moved_to(receipt.explanation)
    memberships.extend(
        tx,
        house.organization,
        membership.id,
        until=until,
        ends_at=ends_at,
        renews=deal.sale.renews,
    )
    follow(house, tx, circle, until=until, key=key, now=deal.now)
    return _sell(deal, membership, start=membership.until, event_id=receipt.event_id)


def _sell(deal: _Deal, membership: Membership, *, start: datetime, event_id: int) -> Sold:
    """Take the price, write the term and put it on record."""
    house, tx, now = deal.house, deal.tx, deal.now
    organization = house.organization
    price, points, hold_id = 0, ("", 0), None
    if deal.sale.pay == "money":
        price = _price(deal, organization)
    elif deal.sale.pay == "points":
        assert deal.card.points is not None
        points = deal.card.points
        hold_id = _spend(deal, membership, *points)
    current = memberships.get(tx, organization, membership.id)
    assert current is not None
    term = NewTerm(
        membership_id=membership.id,
        kind=deal.kind,
        starts_at=start,
        ends_at=current.until,
        version=deal.plan.version,
        money=deal.plan.program.money,
        price=price,
        points_currency=points[0],
        points=points[1],
        hold_id=hold_id,
        payment=deal.sale.payment,
        event_id=event_id,
        by=deal.by.actor,
        key=deal.key,
        digest=deal.digest,
    )
    number = memberships.insert_term(tx, organization, term, now)
    after: dict[str, object] = {
        "card": membership.card, "until": current.until.isoformat(), "price": price,
        "points": points[1],
    }  # fmt: skip
    target = f"membership:{membership.id}"
    deed = Deed(ACTIONS[deal.kind], target, membership.member_id, after=after)
    audit.record(tx, deal.by, [deed], now)
    return _told(house, tx, membership.id, number)


def _price(deal: _Deal, organization: int) -> int:
    """What was paid in money. Raises PaymentKnown, InvalidInput."""
    price = deal.card.price
    assert price is not None
    if memberships.is_paid_by(deal.tx, organization, deal.sale.payment):
        raise PaymentKnown
    paid = price if deal.sale.paid is None else deal.sale.paid
    if paid > price:
        raise InvalidInput(
            f"The card costs {price} minor units; more cannot have been paid for it."
        )
    return paid


def _spend(deal: _Deal, membership: Membership, currency: str, amount: int) -> int:
    """Take the points by a hold, which can be given back in part; its number."""
    opening = HoldOpening(currency=currency, amount=amount, seconds=HOLD_SECONDS)
    key = f"{membership.id}:{deal.by.actor}:{deal.key}"
    member_id, house = membership.member_id, deal.house
    receipt = record(house, deal.tx, member_id, opening, key=f"price:{key}", now=deal.now)
    hold = receipt.explanation.hold
    capture = HoldCapture(hold=hold)
    record(house, deal.tx, member_id, capture, key=f"paid:{key}", now=deal.now)
    return hold


def _sold(plan: Plan, code: str, sale: Sale) -> PaidCard:
    """The card, if it can be had in this way. Raises CardNotSold, InvalidInput."""
    card = plan.program.cards.get(code)
    if card is None:
        raise CardNotSold(f"The program in force sells no card {code!r}.")
    if sale.pay == "points" and card.points is None:
        raise CardNotSold("This card is not sold for points.")
    if sale.pay == "money" and card.price is None:
        raise CardNotSold("This card is not sold for money.")
    if sale.pay == "trial" and card.trial is None:
        raise CardNotSold("This card cannot be tried.")
    if (sale.pay == "money") != bool(sale.payment):
        raise InvalidInput(
            "A payment belongs to a term that is paid for in money, and to no other."
        )
    if sale.paid is not None and sale.pay != "money":
        raise InvalidInput("Only what is paid for in money may cost less.")
    return card


def _asked_before(house: House, tx: Tx, by: By, key: str, digest: str) -> Sold | None:
    known = memberships.asked(tx, house.organization, by.actor, key)
    if known is None:
        return None
    term, membership, asked = known
    if asked != digest:
        raise IdempotencyKeyReused
    sold = _told(house, tx, membership, term)
    return Sold(sold.membership, sold.term, is_repeat=True)


def _told(house: House, tx: Tx, membership: int, term: int) -> Sold:
    found = memberships.get(tx, house.organization, membership)
    assert found is not None
    terms = memberships.terms(tx, house.organization, [membership])[membership]
    return Sold(found, next(one for one in terms if one.id == term))


def _digest(member_id: int, what: str, sale: Sale) -> str:
    """Tells this wish from any other under the same key."""
    raw = msgspec.json.encode([member_id, what, msgspec.to_builtins(sale)])
    return str(UUID(bytes=blake2b(raw, digest_size=16).digest()))
