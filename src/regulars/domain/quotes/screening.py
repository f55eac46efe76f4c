"""Which offers could apply to a cart, and for each of the others the first reason why not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.benefits.views import view_of
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.earning import Sight
from regulars.domain.events import Event, Line, Purchase
from regulars.domain.limits.limits import Key, Room
from regulars.domain.members import Member
from regulars.domain.orders.applying import CHEAPENS, Candidate, candidate, room_of
from regulars.domain.orders.carts import Cart, receipt_lines
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.orders.quotes import RefusedOffer
from regulars.domain.plans import Plan
from regulars.domain.quotes.discounts import params_of
from regulars.domain.tiers import tier_of

REASONS = (
    "expired", "channel", "store", "condition", "condition_error", "lines", "threshold", "limit",
    "budget", "not_asked", "share", "nothing", "stacking",
)  # fmt: skip
"""Why an offer is not used, in the order in which they are asked. `threshold` tells `least` and
`have` in minor units, `limit` its `kind`, `share` the share and its window, `stacking` the offer
that is used instead. Whoever makes offers may give further reasons that are known beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """A cart as offers look at it. `prices`: of the lines and then of the delivery."""

    cart: Cart
    lines: Sequence[Line]
    prices: Sequence[int]
    sight: Sight
    at: datetime


def basket_of(plan: Plan, member: Member, cart: Cart, at: datetime) -> Basket:
    """The member's cart at its full prices, as offers look at it."""
    lines = receipt_lines(cart)
    seen = Event("", "", "purchase", "", at, at, receipt_of(cart, lines))
    tier = tier_of(plan.program, member, at)
    sight = Sight(plan, seen, view_of(plan.program, member, tier=tier, at=at))
    prices = [line.amount for line in lines] + [cart.delivery]
    return Basket(cart=cart, lines=lines, prices=prices, sight=sight, at=at)


def screen(
    offers: Iterable[Offer], basket: Basket, rooms: Mapping[Key, Room], asked: Collection[str]
) -> tuple[list[Candidate], list[RefusedOffer]]:
    """The offers that could be used, ready to be applied; and those that cannot."""
    candidates: list[Candidate] = []
    refused: list[RefusedOffer] = []
    scopes: dict[object, tuple[tuple[int, ...], int]] = {}
    for offer in offers:
        code = offer.why_not or _out_of_place(offer, basket) or _condition(offer, basket)
        if code:
            refused.append(refusal(offer, code))
            continue
        cheapens = offer.kind in CHEAPENS and offer.kind is not OfferKind.FREE_DELIVERY
        # Many offers are of the same goods: each kind of goods is looked up once.
        goods = (offer.in_scope, id(offer.line_test), cheapens)
        known = scopes.get(goods)
        if known is None:
            places = places_of(offer, basket, cheapens=cheapens)
            known = scopes[goods] = places, sum([basket.lines[place].amount for place in places])
        places, have = known
        if not places:
            refused.append(refusal(offer, "lines"))
            continue
        if have < offer.threshold:
            refused.append(refusal(offer, "threshold", {"least": offer.threshold, "have": have}))
            continue
        found = candidate(offer, basket.prices, basket.lines, places)
        told = _too_small(found, rooms) or _unwanted(found, basket, asked)
        if told is None:
            candidates.append(found)
        else:
            refused.append(told)
    return candidates, refused


def refusal(
    offer: Offer, code: str, params: Mapping[str, str | int] | None = None, alone: int = 0
) -> RefusedOffer:
    """What is told of an offer that is not used."""
    return RefusedOffer(
        offer.ref, offer.kind._value_, dict(offer.name), code, dict(params) if params else {}, alone
    )


def _out_of_place(offer: Offer, basket: Basket) -> str:
    if offer.expires_at is not None and offer.expires_at <= basket.at:
        return "expired"
    if offer.channels and basket.cart.channel not in offer.channels:
        return "channel"
    if offer.stores and basket.cart.store not in offer.stores:
        return "store"
    return ""


def _condition(offer: Offer, basket: Basket) -> str:
    if offer.test is None:
        return ""
    try:
        return "" if basket.sight.holds(offer.test) else "condition"
    except EvaluationError:
        return "condition_error"


def places_of(offer: Offer, basket: Basket, *, cheapens: bool) -> tuple[int, ...]:
    """The lines in the offer's scope; without the fixed ones, where it takes something off."""
    is_fixed = [line.is_fixed for line in basket.cart.lines]
    return tuple(
        place
        for place, line in enumerate(basket.lines)
        if not (cheapens and is_fixed[place])
        and (offer.in_scope is None or offer.in_scope(line))
        and _line_holds(offer, basket.sight, line)
    )


def _line_holds(offer: Offer, sight: Sight, line: Line) -> bool:
    if offer.line_test is None:
        return True
    try:
        return sight.holds(offer.line_test, line)
    except EvaluationError:
        return False


def _too_small(found: Candidate, rooms: Mapping[Key, Room]) -> RefusedOffer | None:
    """Refused, where a limit or a budget has no room for it even by itself."""
    offer = found.offer
    needs = found.needs
    if len(needs) == 1 and not offer.budgets:
        key, amount = needs[0]
        room = rooms.get(key)
        left = offer.limits[0].most if room is None else room.left
        if left is None or left >= amount:
            return None
    wanted = dict(needs)
    for limits, code in ((offer.limits, "limit"), (offer.budgets, "budget")):
        for limit in limits:
            left = room_of(rooms, limit)
            if left is not None and left < wanted[limit.key]:
                return refusal(offer, code, {"kind": limit.kind.value}, found.alone)
    return None


def _unwanted(found: Candidate, basket: Basket, asked: Collection[str]) -> RefusedOffer | None:
    offer = found.offer
    if not offer.is_automatic and offer.ref not in asked and not basket.cart.best_coupons:
        return refusal(offer, "not_asked", alone=found.alone)
    if offer.cap is not None and not offer.cap.left:
        return refusal(offer, "share", params_of(offer.cap))
    if offer.kind in CHEAPENS and not found.alone:
        return refusal(offer, "nothing")
    return None


def receipt_of(cart: Cart, lines: tuple[Line, ...]) -> Purchase:
    """The cart as conditions see it: a purchase at full prices."""
    return Purchase(
        currency=cart.currency,
        lines=lines,
        store=cart.store,
        channel=cart.channel,
        attributes=cart.attributes,
    )
