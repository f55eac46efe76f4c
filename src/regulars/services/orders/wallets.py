"""All that members can use on their carts, read in a constant number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.benefits import offers as benefit_offers
from regulars.domain.benefits.grants import Grant
from regulars.domain.benefits.held import held
from regulars.domain.benefits.views import view_of
from regulars.domain.budgets.funding import funded
from regulars.domain.budgets.sums import keys_for, left_of
from regulars.domain.coupons.offers import offer_of
from regulars.domain.limits.limits import Key, Limit, Room
from regulars.domain.members import Member
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.periods import Local
from regulars.domain.plans import Plan
from regulars.domain.programs.benefits import Benefit
from regulars.domain.quotes.discounts import cap_at, capped, counted_in, first_counted
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
    """A member with a cart. `own_holds`: points held for this very order; `own_discounts`: what
    capped benefits take off in it already, by benefit and period, in minor units."""

    member: Member
    cart: Cart
    own_holds: tuple[int, ...] = ()
    own_discounts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """The offers of one customer, which of them were asked for, and which are capped by what the
    customer brought in. `limits`: those of which it is not known yet how much is left; of the
    others `rooms` says it, or nobody has taken of them."""

    offers: dict[str, Offer] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    rooms: dict[Key, Room] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    capped: list[tuple[str, Benefit]] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew."""
        self.offers.clear()
        self.limits.clear()
        self.asked.clear()
        self.capped.clear()


def wallets(
    tx: Tx, organization: int, plan: Plan, customers: Sequence[Customer], at: datetime
) -> list[Wallet]:
    """What each customer can use, in their order. Nothing of it is locked."""
    ids = list(dict.fromkeys(one.member.id for one in customers))
    found = [_Found() for _ in customers]
    given = ask_open(tx, organization, ids, at) if plan.program.benefits else dict
    add_coupons = _coupons(tx, organization, plan, customers, found=found, at=at)
    books = ledger.ask_books(tx, organization, ids)
    left = _left(tx, organization, plan, at)
    # What they have by what they are needs no answer, so its limits are asked for with the rest.
    for customer, into in zip(customers, found, strict=True):
        _add_benefits(plan, customer, (), into, at)
    read = quotas.ask(tx, organization, [limit for one in found for limit in one.limits], at)
    grants = given()
    for customer, into in zip(customers, found, strict=True):
        if customer.member.id in grants:
            into.forget()
            _add_benefits(plan, customer, grants[customer.member.id], into, at)
    add_coupons()
    capped_offers = _capped(plan, customers, found, at)
    rooms = read()
    rooms |= quotas.read(tx, organization, _unread(rooms, found, capped_offers), at)
    for one in found:
        rooms |= one.rooms
    _hold_to_caps(tx, organization, plan, capped_offers, rooms=rooms, at=at)
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


def _add_benefits(
    plan: Plan, customer: Customer, grants: Iterable[Grant], into: _Found, at: datetime
) -> None:
    """What a member has by what they are, and what they were given."""
    for one in held(plan, customer.member, grants, at):
        offer = benefit_offers.offer_of(one, plan.program)
        if offer is None:
            continue
        source = f"benefit:{one.benefit.id}"
        offer = funded(offer, plan.program, source=source, at=at)
        into.offers[offer.ref] = offer
        into.limits += (*offer.limits, *offer.budgets)
        if one.benefit.share is not None:
            into.capped.append((offer.ref, one.benefit))
        if offer.ref in customer.cart.codes:
            into.asked.add(offer.ref)


@dataclass(frozen=True, slots=True)
class _Capped:
    """An offer that is capped by what its customer brought in. `counted`: where that is counted."""

    customer: Customer
    into: _Found
    ref: str
    benefit: Benefit
    counted: Limit


def _capped(
    plan: Plan, customers: Sequence[Customer], found: Sequence[_Found], at: datetime
) -> list[_Capped]:
    local = Local(at, plan.program.zone)
    return [
        _Capped(customer, into, ref, benefit, counted_in(benefit, customer.member.id, local))
        for customer, into in zip(customers, found, strict=True)
        for ref, benefit in into.capped
    ]


def _unread(
    rooms: Mapping[Key, Room], found: Sequence[_Found], capped_offers: Sequence[_Capped]
) -> list[Limit]:
    """The limits that could not be asked for at first."""
    return [
        *(one.counted for one in capped_offers),
        *(limit for one in found for limit in one.limits if limit.key not in rooms),
    ]


def _hold_to_caps(
    tx: Tx,
    organization: int,
    plan: Plan,
    wanted: Sequence[_Capped],
    *,
    rooms: dict[Key, Room],
    at: datetime,
) -> None:
    """What was taken off for each before, looked up once for all, limits what is taken off now."""
    program, local = plan.program, Local(at, plan.program.zone)
    since = [
        replace(one.counted, period=first_counted(one.benefit, program, local)) for one in wanted
    ]
    given = quotas.taken(tx, organization, since, at)
    for one, before in zip(wanted, given, strict=True):
        own = one.customer.own_discounts
        state = one.customer.member.state
        cap = cap_at(
            one.benefit,
            program,
            metrics=state.metrics,
            assets=state.assets,
            given=before - sum(own.get(one.benefit.id, {}).values()),
            local=local,
        )
        room = rooms[one.counted.key]
        today = room.used + room.reserved - own.get(one.benefit.id, {}).get(room.limit.period, 0)
        # Two ways to have one benefit share what is left of it.
        room.limit = replace(one.counted, most=today + cap.left)
        one.into.offers[one.ref] = capped(one.into.offers[one.ref], cap, room.limit)


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
            offer = funded(offer, program, source=source, at=at)
            into.offers[offer.ref] = offer
            uses, *others = offer.limits
            counted = there.counted.get(coupon.coupon.id)
            if counted is not None:
                number, used, reserved = counted
                into.rooms[uses.key] = Room(number, uses, used, reserved)
            if others or offer.budgets:
                into.limits += (*others, *offer.budgets)
        for place, (_code, named) in enumerate(asked):
            if named is None:
                unknown = _unknown(place)
                into.offers[unknown.ref] = unknown
                continue
            offer = offer_of(named, program, member_id=member.id, view=view, at=at)
            source = f"coupon:{named.template.code}"
            offer = funded(offer, program, source=source, at=at)
            into.offers[offer.ref] = offer
            into.limits += (*offer.limits, *offer.budgets)
            into.asked.add(offer.ref)


def _unknown(place: int) -> Offer:
    return Offer(
        ref=f"code:{place}",
        name={"en": "Coupon code", "zh-CN": "优惠码"},
        kind=OfferKind.OTHER,
        is_automatic=False,
        why_not=UNKNOWN,
    )
