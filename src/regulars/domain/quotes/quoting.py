"""quote(plan, member, cart, ...) -> Quote: what a cart costs this member, why, and what it earns.

Pure: the same member, cart, offers and rooms at the same instant give the same quote, and nothing
that is given is changed. First offers, then points, which pay like money; what is earned is decided
by the engine itself, on the purchase that the order would become.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.amounts import Rounding, allocate, rounded
from regulars.domain.burning import spendable
from regulars.domain.decisions import World, decide
from regulars.domain.events import Event
from regulars.domain.expiry import release, settle
from regulars.domain.ledger import Book, Moves
from regulars.domain.limits.limits import Key, Room
from regulars.domain.members import Member
from regulars.domain.orders.applying import Candidate
from regulars.domain.orders.carts import Cart, check_cart
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.points import chosen, currency_of, usable
from regulars.domain.orders.purchases import purchase_of
from regulars.domain.orders.quotes import (
    AppliedOffer,
    LinePrice,
    PointsQuote,
    Quote,
    RefusedOffer,
    Take,
)
from regulars.domain.orders.solving import Solution, solve
from regulars.domain.plans import Plan
from regulars.domain.programs.till_terms import TillTerms
from regulars.domain.quotes.screening import basket_of, refusal, screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """What a member can use. `rooms`: of the limits of `offers`, locked or as they were read; one
    that is missing is untouched. `asked`: refs of the offers asked for by code or by choice.
    `own_holds`: numbers of points held for this very order, which count as free. `left`: what is
    left of the program's budgets, by name; those not named are whole."""

    book: Book
    offers: Sequence[Offer] = ()
    rooms: Mapping[Key, Room]
    asked: Collection[str] = frozenset()
    own_holds: Collection[int] = ()
    left: Mapping[str, int] | None = None


def quote(plan: Plan, member: Member, cart: Cart, wallet: Wallet, at: datetime) -> Quote:
    """The cart's price at `at`.

    Raises InvalidInput for a cart that is not fit, or points that cannot be spent on it;
    InsufficientPoints for more than are there; NotAllowed for points that are not for paying.
    """
    check_cart(cart, money=plan.program.money)
    basket = basket_of(plan, member, cart, at)
    full = basket.prices
    candidates, refused = screen(wallet.offers, basket, wallet.rooms, wallet.asked)
    solution = solve(candidates, full, wallet.rooms)
    priced = _price(cart, full, solution)
    points, terms = _pay_with_points(plan, member, cart, wallet, at=at, payable=priced.payable)
    made = _told(plan, cart, priced, solution=solution, refused=refused, points=points)
    return _with_earnings(plan, member, cart, made, wallet=wallet, terms=terms, at=at)


@dataclass(frozen=True, slots=True)
class _Priced:
    """Prices after offers, before points: `tax` by place, as belongs to `net`."""

    full: Sequence[int]
    net: Sequence[int]
    tax: Sequence[int]
    discounts: Sequence[list[tuple[str, int]]]
    total: int
    payable: int


def _price(cart: Cart, full: Sequence[int], solution: Solution) -> _Priced:
    net = solution.applied.prices
    taxes = [line.tax for line in cart.lines] + [0]
    tax = [
        rounded(tax * left, price, Rounding.HALF_UP) if tax and left < price else tax
        for tax, left, price in zip(taxes, net, full, strict=True)
    ]
    discounts: list[list[tuple[str, int]]] = [[] for _ in full]
    for found, parts in solution.applied.parts:
        for place, part in parts:
            discounts[place].append((found.offer.ref, part))
    on_top = cart.prices == "tax_exclusive"
    total = sum(full) + (sum(taxes) if on_top else 0)
    return _Priced(full, net, tax, discounts, total, sum(net) + (sum(tax) if on_top else 0))


def _pay_with_points(
    plan: Plan, member: Member, cart: Cart, wallet: Wallet, *, at: datetime, payable: int
) -> tuple[PointsQuote | None, TillTerms | None]:
    """What points may and do pay; None where the program knows of no such thing."""
    code = currency_of(plan.program, cart.points)
    if code is None:
        return None, None
    currency = plan.program.currencies[code]
    assert currency.at_till is not None
    assert currency.cash_value is not None
    moves = Moves(member.id)
    settle(plan.program, member, wallet.book, at, moves)
    closed = {id(hold) for hold, _ in moves.closed_holds}
    for hold in wallet.book.holds:
        if hold.id in wallet.own_holds and hold.is_open and id(hold) not in closed:
            release(
                plan.program, member, wallet.book, hold=hold, at=at, moves=moves, state="released"
            )
    there = usable(
        code,
        currency.at_till,
        currency.cash_value,
        available=spendable(member, wallet.book, code, at=at, moves=moves),
        to_pay=payable,
    )
    used = chosen(cart.points, there) if cart.points is not None else 0
    told = PointsQuote(
        currency=code,
        least=there.least,
        most=there.most,
        step=there.step,
        available=there.available,
        most_value=there.value(there.most),
        used=used,
        value=there.value(used),
    )
    return told, currency.at_till


def _told(
    plan: Plan,
    cart: Cart,
    priced: _Priced,
    *,
    solution: Solution,
    refused: list[RefusedOffer],
    points: PointsQuote | None,
) -> Quote:
    on_top = cart.prices == "tax_exclusive"
    owed = [net + (tax if on_top else 0) for net, tax in zip(priced.net, priced.tax, strict=True)]
    value, used = (points.value, points.used) if points is not None else (0, 0)
    by_points = allocate(value, owed) if value else [0] * len(owed)
    counts = allocate(used, by_points) if value else [0] * len(owed)
    prices = [
        LinePrice(full, net, discounts, tax, paid, count)
        for full, net, discounts, tax, paid, count in zip(
            priced.full, priced.net, priced.discounts, priced.tax, by_points, counts, strict=True
        )
    ]
    applied, takes = _applied(solution)
    refused = refused + [
        refusal(
            found.offer, code, {} if winner is None else {"used": winner.offer.ref}, found.alone
        )
        for found, code, winner in solution.lost
    ]
    return Quote(
        currency=cart.currency,
        version=plan.version,
        tax_on_top=on_top,
        lines=prices[:-1],
        delivery=prices[-1],
        total=priced.total,
        discount=priced.total - priced.payable,
        payable=priced.payable,
        to_pay=priced.payable - value,
        tax=sum(priced.tax),
        applied=applied,
        refused=refused,
        points=points,
        takes=takes,
        gap_minor=solution.gap_minor,
        tried=solution.tried,
    )


def _applied(solution: Solution) -> tuple[list[AppliedOffer], list[Take]]:
    told: list[AppliedOffer] = []
    takes: list[Take] = []
    used: Iterable[tuple[Candidate, list[tuple[int, int]]]] = [
        *solution.applied.parts,
        *((found, []) for found in solution.beside),
    ]
    for found, parts in used:
        offer = found.offer
        off = sum(part for _, part in parts)
        told.append(
            AppliedOffer(
                ref=offer.ref,
                kind=offer.kind.value,
                name=dict(offer.name),
                off=off,
                lines=[place for place, _ in parts],
                gift=offer.gift,
                is_restored=offer.is_restored,
                is_automatic=offer.is_automatic,
                cap=offer.cap if offer.cap is not None and off >= offer.cap.left else None,
            )
        )
        takes += [Take(offer.ref, limit, 1) for limit in offer.limits]
        takes += [Take(offer.ref, limit, off) for limit in offer.budgets if off]
    return told, takes


def _with_earnings(
    plan: Plan,
    member: Member,
    cart: Cart,
    made: Quote,
    *,
    wallet: Wallet,
    terms: TillTerms | None,
    at: datetime,
) -> Quote:
    """With what the engine would give for the purchase."""
    bought = purchase_of(cart, made, terms)
    event = Event("", "", "purchase", "", at, at, bought)
    left = {**plan.budgets, **(wallet.left or {})}
    decision = decide(plan, member, event, World(left, wallet.book))
    explanation = decision.explanation
    return replace(made, earns=dict(explanation.earned), rules=list(explanation.rules))
