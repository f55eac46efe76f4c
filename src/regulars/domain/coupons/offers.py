"""A coupon as an order sees it: an offer like all others."""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.coupons.ready import READY, Ready, is_for, ready
from regulars.domain.coupons.standing import WHY, Standing, standing, valid_until
from regulars.domain.coupons.templates import Coupon, Give, Template
from regulars.domain.ids import COUPON, TEMPLATE, encode
from regulars.domain.limits.limits import Limit, LimitKind
from regulars.domain.members import MemberView
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.programs.model import Pick, Program

KINDS: dict[Give, OfferKind] = {
    Give.AMOUNT: OfferKind.AMOUNT,
    Give.PERCENTAGE: OfferKind.PERCENTAGE,
    Give.FREE_ITEM: OfferKind.FREE_ITEM,
    Give.FREE_DELIVERY: OfferKind.FREE_DELIVERY,
    Give.GIFT: OfferKind.GIFT,
}
PREFIX = "coupon:"
"""Begins the reference of every offer that comes from a coupon."""


# Neither this nor a benefit's is frozen: a whole wallet of them is made for each cart.
@dataclass(slots=True)
class Held:
    """A coupon with its template: in somebody's wallet, or asked for by its code. `coupon.id` 0:
    the word for all. `is_asked`: its code was given."""

    coupon: Coupon
    template: Template
    is_asked: bool = False


def offer_of(
    held: Held, program: Program, *, member_id: int, view: MemberView, at: datetime
) -> Offer:
    """The offer that this coupon is for this member at this instant. What is left of its limits is
    not looked at: whoever takes them finds that."""
    made, sample = _sampled(held.template, program)
    return replace(
        sample,
        ref=ref_of(held),
        limits=limits_of(held, member_id),
        is_automatic=sample.is_automatic and not held.is_asked,
        expires_at=valid_until(held.coupon, held.template),
        why_not=why_not(held, made, program, member_id=member_id, view=view, at=at),
    )


def _sampled(template: Template, program: Program) -> tuple[Ready, Offer]:
    """The template made ready, and what the offers of all its coupons have in common; remembered
    for as long as both are the same objects."""
    known = _samples.get(id(template))
    if known is not None and known[0] is template and known[1] is program:
        return known[2], known[3]
    made = ready(template, program)
    sample = _sample(template, made)
    if len(_samples) >= READY:
        _samples.clear()
    _samples[id(template)] = template, program, made, sample
    return made, sample


_samples: dict[int, tuple[Template, Program, Ready, Offer]] = {}


def _sample(template: Template, made: Ready) -> Offer:
    terms = made.terms
    return Offer(
        ref="",
        name=template.name,
        kind=KINDS[terms.give],
        rate=made.rate,
        amount=terms.amount or 0,
        quantity=terms.quantity,
        ceiling=terms.ceiling,
        in_scope=made.in_scope,
        threshold=terms.threshold,
        channels=frozenset(terms.channels),
        stores=frozenset(terms.stores),
        group=terms.group or None,
        pick=Pick(terms.pick),
        priority=terms.priority,
        is_automatic=terms.is_automatic,
        gift={"what": terms.gift} if terms.gift else None,
        is_restored=terms.is_restored,
    )


def why_not(
    held: Held,
    made: Ready,
    program: Program,
    *,
    member_id: int,
    view: MemberView,
    at: datetime,
) -> str:
    """The first reason for which this member cannot use the coupon, whatever is bought."""
    stands = standing(held.coupon, held.template, at)
    if stands is not Standing.USABLE:
        return WHY[stands]
    if held.coupon.member_id not in {None, member_id}:
        return "other_member"
    if made.terms.currency != program.money:
        return "currency"
    return is_for(made, view, at)


def ref_of(held: Held) -> str:
    """How an offer names the coupon: coupon:cpn_…, or coupon:ctp_… for the word for all."""
    if held.coupon.id:
        return PREFIX + encode(COUPON, held.coupon.id)
    return PREFIX + encode(TEMPLATE, held.template.id)


def limits_of(held: Held, member_id: int) -> tuple[Limit, ...]:
    """All that one use takes one of: the code's own uses, those of all codes, the member's."""
    terms, subject = held.template.terms, str(held.template.id)
    found: list[Limit] = []
    if held.coupon.id:
        found.append(Limit(LimitKind.COUPON, str(held.coupon.id), most=terms.uses))
    if terms.total is not None:
        found.append(Limit(LimitKind.TEMPLATE, subject, most=terms.total))
    per_member = terms.per_member
    if per_member is None and not held.coupon.id:
        # A word that anybody can say is used once by each, unless it says otherwise.
        per_member = terms.uses
    if per_member is not None:
        found.append(Limit(LimitKind.TEMPLATE, subject, member_id, most=per_member))
    return tuple(found)


def claim_limits(template: Template, member_id: int) -> tuple[Limit, ...]:
    """All that one claim of a template takes one of."""
    claim, subject = template.terms.claim, str(template.id)
    if claim is None:
        return (Limit(LimitKind.CLAIM, subject, member_id, most=1),)
    own = Limit(LimitKind.CLAIM, subject, member_id, most=claim.per_member)
    if claim.total is None:
        return (own,)
    return (Limit(LimitKind.CLAIM, subject, most=claim.total), own)
