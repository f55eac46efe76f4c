"""What a cart costs, what was taken off by which offer, why others were not, and what it earns."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.builders import NOON, condition, points, program, rate_rule
from tests.domain.orders.baskets import (
    cart,
    carts,
    line,
    member,
    offer,
    offers_of,
    quoted,
    reasons,
    rooms_of,
    shop,
    single,
    wish,
)

from regulars.domain.amounts import Rate
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.errors import InsufficientPoints, InvalidInput, NotAllowed, RegularsError
from regulars.domain.ledger import Hold
from regulars.domain.limits.limits import Limit, LimitKind
from regulars.domain.orders.carts import Cart, CartLine, PointsWish
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.quotes import Quote
from regulars.domain.plans import plan
from regulars.domain.programs.till_terms import EarnOn, TillTerms
from regulars.domain.quotes.quoting import Wallet, quote


def balanced(told: Quote) -> None:
    """Every sum is the sum of its parts, and nothing is below zero."""
    places = [*told.lines, told.delivery]
    on_top = sum(one.tax for one in places) if told.tax_on_top else 0
    off = {one.ref: 0 for one in told.applied}
    for one in places:
        assert one.net == one.price - sum(part for _, part in one.discounts) >= 0
        owed = one.net + (one.tax if told.tax_on_top else 0)
        assert 0 <= one.by_points <= owed
        for ref, part in one.discounts:
            assert part > 0
            off[ref] += part
    assert off == {one.ref: one.off for one in told.applied}
    assert told.payable == sum(one.net for one in places) + on_top >= 0
    assert told.total == told.discount + told.payable
    points = told.points
    used, value = (points.used, points.value) if points else (0, 0)
    assert told.payable == told.to_pay + value
    assert value == sum(one.by_points for one in places)
    assert used == sum(one.points for one in places)
    assert told.to_pay >= 0


@settings(max_examples=150)
@given(
    carts(),
    offers_of(),
    st.sampled_from(["tax_inclusive", "tax_exclusive"]),
    st.integers(0, 3_000),
    st.integers(0, 20),
)
def test_every_sum_is_the_sum_of_its_parts(
    goods: Cart, offers: list[Offer], prices: Any, has: int, percent: int
) -> None:
    lines = tuple(
        CartLine(
            amount=one.price, quantity=one.quantity, category=one.category,
            tax=one.price * percent // 100,
        )
        for one in goods.lines
    )  # fmt: skip
    asked = Cart(currency="CNY", lines=lines, delivery=goods.delivery, prices=prices, points=wish())
    told = quoted(asked, offers, has=has)
    balanced(told)
    assert {one.ref for one in told.applied} | reasons(told).keys() == {one.ref for one in offers}


def test_remainders_go_to_the_largest_fractions_and_of_equal_ones_to_the_earlier_line() -> None:
    told = quoted(cart(line(100), line(100), line(100)), [offer("coupon:a", amount=100)])
    assert [one.discounts for one in told.lines] == [
        [("coupon:a", 34)],
        [("coupon:a", 33)],
        [("coupon:a", 33)],
    ]


def test_higher_priority_comes_first_and_the_next_looks_at_what_is_left() -> None:
    goods = cart(line(1_000))
    half = offer("benefit:half", "percentage", percent=50, priority=2)
    flat = offer("benefit:flat", amount=100, priority=1)
    assert quoted(goods, [flat, half]).payable == 400
    last = offer("benefit:half", "percentage", percent=50)
    assert quoted(goods, [flat, last]).payable == 450


def test_several_times_a_hundred_percent_leave_a_price_of_nothing() -> None:
    goods = cart(line(999), line(1), delivery=500)
    everything = [offer(f"coupon:{n}", "percentage", percent=100) for n in range(5)]
    told = quoted(goods, [*everything, offer("benefit:d", "free_delivery")])
    assert (told.payable, told.to_pay, told.earns) == (0, 0, {})
    assert [one.ref for one in told.applied] == ["coupon:0", "benefit:d"]
    assert set(reasons(told).values()) == {"nothing"}, "the others are not spent in vain"


def test_prices_of_nothing_take_no_offer() -> None:
    told = quoted(cart(line(0), line(0)), [offer("coupon:a", amount=10)])
    assert reasons(told) == {"coupon:a": "nothing"}
    assert told.payable == 0


def test_the_cheapest_pieces_are_free_by_their_price_before_discounts() -> None:
    goods = cart(line(900, quantity=3), line(500, quantity=1), line(200, "B"))
    told = quoted(goods, [offer("coupon:a", "free_item", quantity=4, category="A")])
    assert [one.net for one in told.lines] == [0, 0, 200]
    told = quoted(goods, [offer("coupon:a", "free_item", quantity=2, category="A")])
    assert [one.net for one in told.lines] == [300, 500, 200]


def test_nothing_is_taken_off_what_has_a_fixed_price() -> None:
    goods = cart(line(1_000, is_fixed=True), line(1_000))
    told = quoted(goods, [offer("coupon:a", "percentage", percent=50)])
    assert [one.net for one in told.lines] == [1_000, 500]


def test_a_percentage_is_rounded_to_the_nearest_halves_up_and_has_a_ceiling() -> None:
    assert quoted(cart(line(5)), [offer("coupon:a", "percentage", percent=10)]).discount == 1
    assert quoted(cart(line(4)), [offer("coupon:a", "percentage", percent=10)]).discount == 0
    capped = offer("coupon:a", "percentage", percent=50, ceiling=30)
    assert quoted(cart(line(1_000)), [capped]).discount == 30


def test_tax_goes_down_with_its_price() -> None:
    goods = Cart(
        currency="CNY",
        lines=(CartLine(amount=1_000, tax=130),),
        prices="tax_exclusive",
        delivery=0,
    )
    told = quoted(goods, [offer("coupon:a", "percentage", percent=50)])
    assert (told.total, told.payable, told.tax) == (1_130, 565, 65)
    assert quoted(goods).payable == 1_130


def _breaks(*_: Any) -> bool:
    raise EvaluationError("absent")


@pytest.mark.parametrize(
    ("given_offer", "reason"),
    [
        (offer("o", amount=1, why_not="frozen"), "frozen"),
        (offer("o", amount=1, expires_at=NOON), "expired"),
        (offer("o", amount=1, channels=frozenset({"app"})), "channel"),
        (offer("o", amount=1, stores=frozenset({"s9"})), "store"),
        (offer("o", amount=1, test=condition(lambda *_: False)), "condition"),
        (offer("o", amount=1, test=condition(_breaks)), "condition_error"),
        (offer("o", amount=1, category="Z"), "lines"),
        (offer("o", amount=1, line_test=condition(lambda *_: False)), "lines"),
        (offer("o", amount=1, threshold=1_001), "threshold"),
        (offer("o", amount=1, limits=(single("gone", most=0),)), "limit"),
        (offer("o", amount=9, budgets=(single("purse", most=8),)), "budget"),
        (offer("o", amount=1, is_automatic=False), "not_asked"),
        (offer("o", "free_delivery"), "nothing"),
    ],
)
def test_the_first_reason_why_not_is_told(given_offer: Offer, reason: str) -> None:
    told = quoted(cart(line(1_000), channel="shop", store="s1"), [given_offer], asked=[])
    assert reasons(told) == {"o": reason}
    assert told.payable == 1_000
    assert told.takes == []


def test_of_what_is_not_asked_for_it_is_told_what_it_would_give() -> None:
    coupon = offer("coupon:a", amount=250, is_automatic=False)
    told = quoted(cart(line(1_000)), [coupon], asked=[])
    assert [(one.code, one.alone) for one in told.refused] == [("not_asked", 250)]
    asked = quoted(cart(line(1_000), best_coupons=True), [coupon], asked=[])
    assert asked.discount == 250


def test_a_threshold_looks_at_prices_before_any_discount() -> None:
    goods = cart(line(1_000))
    first = offer("benefit:a", amount=500, priority=9)
    told = quoted(goods, [first, offer("coupon:b", amount=100, threshold=1_000)])
    assert told.discount == 600
    short = quoted(goods, [offer("coupon:b", amount=100, threshold=1_500)])
    assert short.refused[0].params == {"least": 1_500, "have": 1_000}


def test_two_coupons_of_one_limit_are_not_both_used() -> None:
    limit = Limit(LimitKind.TEMPLATE, "7", 1, most=1)
    pair = [offer(f"coupon:{n}", amount=100 + n, limits=(limit,)) for n in range(2)]
    told = quoted(cart(line(1_000)), pair, rooms=rooms_of(limit))
    assert [one.ref for one in told.applied] == ["coupon:1"]
    assert reasons(told) == {"coupon:0": "limit"}
    assert [(one.ref, one.limit, one.amount) for one in told.takes] == [("coupon:1", limit, 1)]


def test_a_discount_is_taken_of_its_budget_and_never_more_than_is_left() -> None:
    purse = Limit(LimitKind.BUDGET, "spring", most=150)
    pair = [offer(f"coupon:{n}", amount=100, budgets=(purse,)) for n in range(2)]
    told = quoted(cart(line(1_000)), pair, rooms=rooms_of(purse))
    assert told.discount == 100
    assert [(one.limit, one.amount) for one in told.takes] == [(purse, 100)]


def test_gifts_are_beside_the_price_and_take_their_limits() -> None:
    limit = single("cup")
    gift = offer("benefit:cup", "gift", gift={"what": "cup"}, limits=(limit,))
    told = quoted(cart(line(1_000)), [gift], rooms=rooms_of(limit))
    assert [(one.ref, one.off, one.gift) for one in told.applied] == [
        ("benefit:cup", 0, {"what": "cup"})
    ]
    assert [one.limit for one in told.takes] == [limit]


# Points.


def test_the_member_chooses_how_many_points_to_spend() -> None:
    goods = cart(line(700), line(300), points=wish(250))
    told = quoted(goods, has=2_000)
    assert told.points is not None
    assert (told.points.most, told.points.used, told.points.value) == (1_000, 250, 250)
    assert [one.by_points for one in told.lines] == [175, 75]
    assert told.to_pay == 750
    assert told.earns == {"points": 7}, "nothing is earned on what points pay"


def test_unless_the_program_gives_points_on_the_whole_price() -> None:
    rules = shop(earn_on=EarnOn.PRICE)
    told = quoted(cart(line(1_000), points=wish(250)), rules=rules, has=2_000)
    assert told.earns == {"points": 10}


def test_least_most_step_and_share_of_the_price_bound_the_points() -> None:
    rules = shop(least=150, most=900, step=100, share=Rate(1, 2))
    told = quoted(cart(line(1_500)), rules=rules, has=2_000).points
    assert told is not None
    assert (told.least, told.most, told.step) == (200, 700, 100)
    for amount in (100, 250, 800):
        with pytest.raises(InvalidInput):
            quoted(cart(line(1_500), points=wish(amount)), rules=rules, has=2_000)
    little = quoted(cart(line(300), points=wish()), rules=rules, has=2_000).points
    assert little is not None
    assert (little.most, little.used) == (0, 0)


@pytest.mark.parametrize(
    ("wished", "more", "refusal"),
    [
        (wish(600), {}, InsufficientPoints),
        (PointsWish(amount=5, currency="miles"), {}, NotAllowed),
        (wish(5), {"at_till": None}, NotAllowed),
    ],
)
def test_points_that_cannot_be_spent_are_refused(
    wished: PointsWish, more: dict[str, Any], refusal: type[RegularsError]
) -> None:
    with pytest.raises(refusal):
        quoted(cart(line(1_000), points=wished), rules=shop(**more), has=500)


@given(st.integers(1, 10**6), st.integers(1, 999), st.integers(1, 999), st.integers(0, 10**6))
def test_points_never_pay_more_than_is_to_be_paid(price: int, num: int, den: int, has: int) -> None:
    currency = points(cash_value=Rate.of(num, den), at_till=TillTerms())
    rules = plan(program(rate_rule(rate="0"), currencies=(currency,)))
    told = quoted(cart(line(price), points=wish()), rules=rules, has=has)
    balanced(told)
    assert told.points is not None
    if told.points.most:
        fewer = told.points.most - 1
        value = fewer * num // den
        assert value < told.points.value or told.points.most == told.points.least


# Carts that are not fit.


@pytest.mark.parametrize(
    "goods",
    [
        Cart(currency="EUR", lines=(line(1),)),
        cart(CartLine()),
        cart(CartLine(amount=1, unit_amount=1)),
        cart(CartLine(unit_amount=10**15, quantity=10)),
        cart(CartLine(amount=10, tax=11)),
        cart(line(10**15), line(10**15)),
        cart(line(1), codes=("A", "A")),
    ],
)
def test_a_cart_that_is_not_fit_is_refused(goods: Cart) -> None:
    with pytest.raises(InvalidInput):
        quoted(goods)


def test_a_thousand_lines_are_priced() -> None:
    goods = cart(*(line(100 + n, "ABC"[n % 3]) for n in range(1_000)))
    offers = [
        offer(f"benefit:{n}", "percentage", percent=n + 1, category="ABC"[n % 3], group=f"g{n % 3}")
        for n in range(9)
    ]
    told = quoted(goods, offers)
    balanced(told)
    assert [one.ref for one in told.applied] == ["benefit:6", "benefit:7", "benefit:8"]


def test_what_is_held_for_this_very_order_counts_as_there() -> None:
    who, book = member(100)
    book.lots[0].remaining = 40
    until = NOON + timedelta(hours=1)
    book.holds.append(
        Hold(id=9, member_id=1, currency="points", amount=60, expires_at=until, parts=[(1, 60)])
    )
    goods = cart(line(1_000))
    for own, available in ((set(), 40), ({9}, 100)):
        told = quote(shop(), who, goods, Wallet(book=book, rooms={}, own_holds=own), NOON)
        assert told.points is not None
        assert told.points.available == available
