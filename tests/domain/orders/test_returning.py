"""What comes back of an order: by line and quantity, and in any cut it sums to the whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.orders.baskets import cart, carts, line, offer, offers_of, quoted, wish

from regulars.domain.errors import AlreadyReturned, InvalidInput
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.returning import Back, take_back


@settings(max_examples=150)
@given(carts(), offers_of(most=5), st.integers(0, 2_000), st.data())
def test_returns_in_any_cut_sum_to_the_whole(
    goods: Cart, offers: list[Offer], has: int, data: st.DataObject
) -> None:
    asked = Cart(currency="CNY", lines=goods.lines, delivery=goods.delivery, points=wish())
    told = quoted(asked, offers, has=has)
    whole = take_back(asked, told, [], before={})
    assert whole.is_whole
    assert whole.money == told.to_pay
    assert whole.points == (told.points.used if told.points else 0)
    backs: list[Back] = []
    before: dict[int, int] = {}
    left = {place: one.quantity for place, one in enumerate(asked.lines)}
    while any(left.values()):
        place = data.draw(st.sampled_from([place for place, count in left.items() if count]))
        quantity = data.draw(st.integers(1, left[place]))
        back = take_back(asked, told, [(place, quantity)], before=before)
        left[place] -= quantity
        before = back.after
        backs.append(back)
        assert back.money >= 0
        assert back.points >= 0
        assert back.is_whole is not any(left.values())
    assert sum(one.money for one in backs) == whole.money
    assert sum(one.points for one in backs) == whole.points
    restored = [ref for one in backs for ref in one.restored]
    assert sorted(restored) == sorted(whole.restored), "each offer comes back once"
    with pytest.raises(AlreadyReturned):
        take_back(asked, told, [], before=before)


def test_an_offer_comes_back_with_the_last_line_that_it_made_cheaper() -> None:
    goods = cart(line(500, "A"), line(500, "B", quantity=2))
    told = quoted(goods, [offer("coupon:b", amount=50, category="B")])
    first = take_back(goods, told, [(1, 1)], before={})
    assert (first.restored, first.money) == ([], 225)
    second = take_back(goods, told, [(1, 1)], before=first.after)
    assert second.restored == ["coupon:b"]
    assert not second.is_whole


def test_a_gift_comes_back_with_everything_and_what_is_not_restored_stays_used() -> None:
    goods = cart(line(500), line(500))
    offers = [
        offer("benefit:gift", "gift"),
        offer("coupon:once", amount=10, is_restored=False),
    ]
    told = quoted(goods, offers)
    first = take_back(goods, told, [(0, None)], before={})
    assert first.restored == []
    assert take_back(goods, told, [], before=first.after).restored == ["benefit:gift"]


def test_the_delivery_comes_back_with_all_of_it_where_that_is_wanted() -> None:
    goods = cart(line(500), delivery=200)
    told = quoted(goods)
    assert take_back(goods, told, [], before={}).money == 700
    assert take_back(goods, told, [], before={}, with_delivery=False).money == 500


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ([(0, 3)], AlreadyReturned),
        ([(0, 1), (0, 2)], AlreadyReturned),
        ([(1, 1)], InvalidInput),
        ([(-1, 1)], InvalidInput),
        ([(0, 0)], InvalidInput),
        ([(0, -1)], InvalidInput),
    ],
)
def test_more_than_was_bought_never_comes_back(
    asked: list[tuple[int, int]], refusal: type[Exception]
) -> None:
    goods = cart(line(500, quantity=2))
    with pytest.raises(refusal):
        take_back(goods, quoted(goods), asked, before={})
