"""What coupons give for a cart, and of each that gives nothing, the first reason why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from regulars.domain.budgets.funding import funded
from regulars.domain.coupons.offers import Held, offer_of, ref_of
from regulars.domain.earning import Sight
from regulars.domain.events import Event
from regulars.domain.limits.limits import Key, Limit, Room
from regulars.domain.members import Member, MemberView
from regulars.domain.orders.carts import Cart, check_cart, receipt_lines
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.solving import solve
from regulars.domain.plans import Plan
from regulars.domain.quotes.screening import Basket, receipt_of, screen


class Finding(Struct, frozen=True, omit_defaults=True):
    """What one coupon does for a cart. `code`: as it was asked for. `discount`: minor units;
    `alone`: what it would take off by itself. `why`: the code of the reason why it is not used, and
    `params` what the words of that need."""

    code: str
    ref: str = ""
    is_used: bool = False
    discount: int = 0
    alone: int = 0
    why: str = ""
    params: dict[str, str | int] = {}


@dataclass(frozen=True, slots=True)
class Qualified:
    """A cart with coupons. `findings`: of what was asked for, in order; `others`: of the member's
    other coupons, each by itself. `takes`: what using them takes of which limits; of budgets in
    money, minor units."""

    total: int
    discount: int
    findings: Sequence[Finding]
    others: Sequence[Finding] = ()
    takes: Sequence[tuple[Limit, int]] = ()
    used: Sequence[Held] = field(default=())

    @property
    def payable(self) -> int:
        """What is left to pay, minor units."""
        return self.total - self.discount


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: coupons by the codes that were typed, None for a code that names none; and
    the member's `others`. `unknown`: the reasons for which codes name none."""

    by_code: Mapping[str, Held]
    unknown: Mapping[str, str]
    others: Sequence[Held] = ()


def offers(
    plan: Plan, member: Member, view: MemberView, asked: Asked, at: datetime
) -> dict[str, Offer]:
    """The offers of all these coupons, by their refs, with the budgets that pay for them."""
    program = plan.program
    found = [
        funded(
            offer_of(held, program, member_id=member.id, view=view, at=at),
            program, source=f"coupon:{held.template.code}", at=at,
        )
        for held in (*asked.by_code.values(), *asked.others)
    ]  # fmt: skip
    return {offer.ref: offer for offer in found}


def qualify(
    plan: Plan, member: Member, view: MemberView, cart: Cart, asked: Asked,
    *, rooms: Mapping[Key, Room], at: datetime,
) -> Qualified:  # fmt: skip
    """What the coupons give for the cart at `at`, with no offer beside. Raises InvalidInput."""
    check_cart(cart, money=plan.program.money)
    lines = receipt_lines(cart)
    prices = [line.amount for line in lines] + [cart.delivery]
    seen = Event("", "", "purchase", "", at, at, receipt_of(cart, lines))
    basket = Basket(cart=cart, lines=lines, prices=prices, sight=Sight(plan, seen, view), at=at)
    known = offers(plan, member, view, asked, at)
    by_code = {code: ref_of(held) for code, held in asked.by_code.items()}
    refs = set(by_code.values())
    candidates, refused = screen(
        [offer for ref, offer in known.items() if ref in refs], basket, rooms, refs
    )
    solution = solve(candidates, prices, rooms)
    told = {one.ref: Finding("", one.ref, why=one.code, params=one.params, alone=one.alone)
            for one in refused}  # fmt: skip
    for found, why, winner in solution.lost:
        params: dict[str, str | int] = {} if winner is None else {"used": winner.offer.ref}
        ref = found.offer.ref
        told[ref] = Finding("", ref, why=why, params=params, alone=found.alone)
    used = [(found, sum(part for _, part in parts)) for found, parts in solution.applied.parts]
    used += [(found, 0) for found in solution.beside]
    for found, off in used:
        ref = found.offer.ref
        told[ref] = Finding("", ref, is_used=True, discount=off, alone=found.alone)
    findings = [
        _named(code, told[by_code[code]]) if code in by_code
        else Finding(code, why=asked.unknown[code])
        for code in (*asked.by_code, *asked.unknown)
    ]  # fmt: skip
    names = {found.offer.ref for found, _ in used}
    return Qualified(
        total=sum(prices),
        discount=solution.applied.off,
        findings=findings,
        others=[_alone(held, known, basket, rooms) for held in asked.others],
        takes=[
            *((limit, 1) for found, _ in used for limit in found.offer.limits),
            *((limit, off) for found, off in used for limit in found.offer.budgets if off),
        ],
        used=[held for code, held in asked.by_code.items() if by_code[code] in names],
    )


def _named(code: str, one: Finding) -> Finding:
    return Finding(code, one.ref, one.is_used, one.discount, one.alone, one.why, one.params)


def _alone(
    held: Held, known: Mapping[str, Offer], basket: Basket, rooms: Mapping[Key, Room]
) -> Finding:
    """What a coupon that was not asked for would do by itself."""
    offer = known[ref_of(held)]
    candidates, refused = screen([offer], basket, rooms, {offer.ref})
    if candidates:
        return Finding(held.coupon.code, offer.ref, alone=candidates[0].alone)
    one = refused[0]
    return Finding(held.coupon.code, offer.ref, why=one.code, params=one.params)
