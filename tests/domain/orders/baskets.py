"""Builders for tests of orders: carts, offers, rooms, and the members who use them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from tests.domain.builders import EN, NOON, points, program, rate_rule

from regulars.domain.amounts import Rate
from regulars.domain.ledger import Book, Lot
from regulars.domain.limits.limits import Key, Limit, LimitKind, Room
from regulars.domain.members import Member, State
from regulars.domain.orders.applying import Candidate, candidate
from regulars.domain.orders.carts import Cart, CartLine, PointsWish, receipt_lines
from regulars.domain.orders.offers import Offer, OfferKind
from regulars.domain.orders.quotes import Quote
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.model import Pick
from regulars.domain.programs.till_terms import TillTerms
from regulars.domain.quotes.quoting import Wallet, quote

SINCE = NOON.replace(year=2020)


def line(amount: int, category: str = "A", **more: Any) -> CartLine:
    return CartLine(amount=amount, category=category, **more)


def cart(*lines: CartLine, **more: Any) -> Cart:
    return Cart(currency="CNY", lines=lines, **more)


def offer(ref: str, kind: str = "amount", **more: Any) -> Offer:
    if "category" in more:
        wanted = more.pop("category")
        more["in_scope"] = lambda one: one.category == wanted
    if "percent" in more:
        more["rate"] = Rate.of(more.pop("percent"), 100)
    return Offer(ref=ref, name=EN, kind=OfferKind(kind), **more)


def single(subject: str, most: int = 1, **more: Any) -> Limit:
    return Limit(LimitKind.COUPON, subject, most=most, **more)


def rooms_of(*limits: Limit, used: int = 0) -> dict[Key, Room]:
    return {limit.key: Room(number, limit, used, 0) for number, limit in enumerate(limits, start=1)}


def shop(**terms: Any) -> Plan:
    """A point for each yuan; 100 points pay one yuan."""
    at_till = terms.pop("at_till") if "at_till" in terms else TillTerms(**terms)
    return plan(
        program(
            rate_rule(rate="0.01"),
            currencies=(points(cash_value=Rate(1, 1), at_till=at_till),),
        )
    )


def member(has: int = 0) -> tuple[Member, Book]:
    """A member with points."""
    lot = Lot(
        member_id=1,
        currency="points",
        amount=has,
        remaining=has,
        available_at=SINCE,
        expires_at=None,
        id=1,
    )
    return Member(1, SINCE, State()), Book([lot] if has else [])


def quoted(
    goods: Cart,
    offers: Sequence[Offer] = (),
    *,
    rules: Plan | None = None,
    has: int = 0,
    rooms: Mapping[Key, Room] | None = None,
    asked: Iterable[str] | None = None,
    **more: Any,
) -> Quote:
    """What a member with so many points is told. Every offer is asked for unless `asked` says."""
    who, book = member(has)
    wanted = {one.ref for one in offers} if asked is None else set(asked)
    wallet = Wallet(book=book, offers=offers, rooms=rooms or {}, asked=wanted, **more)
    return quote(rules or shop(), who, goods, wallet, NOON)


def reasons(told: Quote) -> dict[str, str]:
    return {one.ref: one.code for one in told.refused}


def wish(amount: int | None = None) -> PointsWish:
    return PointsWish(amount=amount)


def ready(offers: Iterable[Offer], goods: Cart) -> list[Candidate]:
    """All offers as candidates, over the lines in their scope; those without effect left out."""
    lines = receipt_lines(goods)
    prices = [one.amount for one in lines] + [goods.delivery]
    found = []
    for one in offers:
        places = tuple(
            place for place, each in enumerate(lines) if one.in_scope is None or one.in_scope(each)
        )
        if places and (made := candidate(one, prices, lines, places)).alone:
            found.append(made)
    return found


CATEGORIES = "ABC"
lines_of = st.lists(
    st.builds(
        line,
        st.integers(0, 5_000),
        st.sampled_from(CATEGORIES),
        quantity=st.integers(1, 5),
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    return cart(*draw(lines_of), delivery=draw(st.sampled_from([0, 0, 600])))


@st.composite
def offers_of(draw: st.DrawFn, most: int = 8) -> list[Offer]:
    """Offers that compete by groups and by limits that several share."""
    count = draw(st.integers(0, most))
    made = []
    for number in range(count):
        kind = draw(
            st.sampled_from(["amount", "amount", "percentage", "free_item", "free_delivery"])
        )
        group = draw(st.sampled_from([None, "g", "h"]))
        more: dict[str, Any] = {
            "priority": draw(st.integers(0, 2)),
            "group": group,
            "pick": Pick.BEST,
            "ceiling": draw(st.sampled_from([None, None, 300])),
            "limits": draw(st.sampled_from([(), (), (single("shared"),)])),
            "threshold": draw(st.sampled_from([0, 0, 1_000])),
        }
        if kind == "amount":
            more["amount"] = draw(st.integers(1, 3_000))
        if kind == "percentage":
            more["percent"] = draw(st.sampled_from([5, 10, 33, 50, 100]))
        if kind == "free_item":
            more["quantity"] = draw(st.integers(1, 3))
        if draw(st.booleans()):
            more["category"] = draw(st.sampled_from(CATEGORIES))
        made.append(offer(f"coupon:{number}", kind, **more))
    return made
