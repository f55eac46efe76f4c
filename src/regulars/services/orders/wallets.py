"""All that members can use on their carts, read in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domain.benefits import offers as benefit_offers
from regulars.domain.benefits.held import held
from regulars.domain.benefits.views import view_of
from regulars.domain.budgets.funding import funded
from regulars.domain.budgets.sums import keys_for, left_of
from regulars.domain.coupons.offers import offer_of
from regulars.domain.members import Member
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.plans import Plan
from regulars.domain.quotes.quoting import Wallet
from regulars.domain.tiers import tier_of
from regulars.storage import ledger, programs
from regulars.storage.benefits.grants import ask_open
from regulars.storage.coupons import wallet as coupon_wallets
from regulars.storage.database import Later, Tx
from regulars.storage.limits import quotas

UNKNOWN = "unknown_code"
"""Why a code does nothing that is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A member with a cart. `own_holds`: points held for this very order."""

    member: Member
    cart: Cart
    own_holds: tuple[int, ...] = ()


@dataclass(slots=True)
class _Found:
    """The offers of one customer, and which of them were asked for."""

    offers: dict[str, Offer] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


def wallets(
    tx: Tx, organization: int, plan: Plan, customers: Sequence[Customer], at: datetime
) -> list[Wallet]:
    """What each customer can use, in their order. Nothing of it is locked."""
    ids = list(dict.fromkeys(one.member.id for one in customers))
    found = [_Found() for _ in customers]
    asked = (
        _benefits(tx, organization, plan, customers, found=found, at=at),
        _coupons(tx, organization, plan, customers, found=found, at=at),
    )
    books = ledger.ask_books(tx, organization, ids)
    left = _left(tx, organization, plan, at)
    for add in asked:
        add()
    limits = [
        limit
        for one in found
        for offer in one.offers.values()
        for limit in (*offer.limits, *offer.budgets)
    ]
    rooms = quotas.read(tx, organization, limits, at)
    book_of, still = books(), left()
    return [
        Wallet(
            book=book_of[customer.member.id],
            offers=list(one.offers.values()),
            rooms=rooms,
            asked=one.asked,
            own_holds=customer.own_holds,
            left=still,
        )
        for customer, one in zip(customers, found, strict=True)
    ]


def _benefits(
    tx: Tx,
    organization: int,
    plan: Plan,
    customers: Sequence[Customer],
    *,
    found: Sequence[_Found],
    at: datetime,
) -> Later[None]:
    """What members have by what they are, and what they were given."""
    if not plan.program.benefits:
        return lambda: None
    given = ask_open(tx, organization, {one.member.id for one in customers}, at)

    def add() -> None:
        there = given()
        for customer, into in zip(customers, found, strict=True):
            member = customer.member
            for one in held(plan, member, there.get(member.id, ()), at):
                offer = benefit_offers.offer_of(one, plan.program)
                if offer is not None:
                    source = f"benefit:{one.benefit.id}"
                    into.offers[offer.ref] = funded(offer, plan.program, source=source, at=at)
                    if offer.ref in customer.cart.codes:
                        into.asked.add(offer.ref)

    return add


def _left(tx: Tx, organization: int, plan: Plan, at: datetime) -> Later[dict[str, int]]:
    """What is left of the budgets in points."""
    wanted = keys_for(plan, "purchase", at)
    if not wanted:
        return dict
    used = programs.ask_used(tx, organization, sorted(wanted))
    return lambda: left_of(plan, used(), at)


def _coupons(
    tx: Tx,
    organization: int,
    plan: Plan,
    customers: Sequence[Customer],
    *,
    found: Sequence[_Found],
    at: datetime,
) -> Later[None]:
    """The members' own coupons, and those that were asked for by code. To be added after what
    benefits they have, which may be asked for by a code as well."""
    ids = [one.member.id for one in customers]
    codes = {code for one in customers for code in one.cart.codes}
    there = coupon_wallets.ask(tx, organization, ids, codes, at)
    return lambda: _add_coupons(plan, customers, found, there(), at)


def _add_coupons(
    plan: Plan,
    customers: Sequence[Customer],
    found: Sequence[_Found],
    there: coupon_wallets.Wallets,
    at: datetime,
) -> None:
    program = plan.program
    for customer, into in zip(customers, found, strict=True):
        member = customer.member
        own = there.of.get(member.id, [])
        asked = [
            (code, there.by_code.get(code))
            for code in customer.cart.codes
            if code not in into.offers
        ]
        if not own and not asked:
            continue
        view = view_of(program, member, tier=tier_of(program, member, at), at=at)
        for coupon in own:
            offer = offer_of(coupon, program, member_id=member.id, view=view, at=at)
            source = f"coupon:{coupon.template.code}"
            into.offers[offer.ref] = funded(offer, program, source=source, at=at)
        for place, (_code, named) in enumerate(asked):
            if named is None:
                unknown = _unknown(place)
                into.offers[unknown.ref] = unknown
                continue
            offer = offer_of(named, program, member_id=member.id, view=view, at=at)
            source = f"coupon:{named.template.code}"
            into.offers[offer.ref] = funded(offer, program, source=source, at=at)
            into.asked.add(offer.ref)


def _unknown(place: int) -> Offer:
    return Offer(
        ref=f"code:{place}",
        name={"en": "Coupon code", "zh-CN": "优惠码"},
        kind=OfferKind.OTHER,
        is_automatic=False,
        why_not=UNKNOWN,
    )
