"""The best use of offers: exact where they are few, bounded and honest where they are many."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.orders.baskets import cart, carts, line, offer, offers_of, ready, rooms_of, single

from regulars.domain.limits.limits import Key, Room
from regulars.domain.orders.applying import Candidate, apply
from regulars.domain.orders.carts import Cart
from regulars.domain.orders.offers import Offer
from regulars.domain.orders.solving import EXACT, MOST_TRIED, solve
from regulars.domain.programs.model import Pick

SHARED = rooms_of(single("shared", most=2))


def prices_of(goods: Cart) -> list[int]:
    return [one.price for one in goods.lines] + [goods.delivery]


def is_allowed(chosen: tuple[Candidate, ...], rooms: dict[Key, Room]) -> bool:
    groups = [one.offer.group for one in chosen if one.offer.group is not None]
    if len(groups) > len(set(groups)):
        return False
    wanted: dict[Key, int] = {}
    for one in chosen:
        for key, amount in one.needs:
            wanted[key] = wanted.get(key, 0) + amount
    return all(room.fits(wanted.get(key, 0)) for key, room in rooms.items())


def best_of_all(found: list[Candidate], goods: Cart, rooms: dict[Key, Room]) -> int:
    """By trying every choice; what competes with nothing is in each of them."""
    crowded = {
        key
        for key, room in rooms.items()
        if not room.fits(sum(dict(one.needs).get(key, 0) for one in found))
    }
    groups = [one.offer.group for one in found]
    free = [
        one
        for one in found
        if (one.offer.group is None or groups.count(one.offer.group) == 1)
        and not any(key in crowded for key, _ in one.needs)
    ]
    rest = [one for one in found if one not in free]
    return max(
        apply([*free, *chosen], prices_of(goods)).off
        for size in range(len(rest) + 1)
        for chosen in combinations(rest, size)
        if is_allowed((*free, *chosen), rooms)
    )


@settings(max_examples=300)
@given(carts(), offers_of())
def test_up_to_eight_offers_no_choice_is_better(goods: Cart, offers: list[Offer]) -> None:
    found = ready(offers, goods)
    solution = solve(found, prices_of(goods), SHARED)
    assert solution.applied.off == best_of_all(found, goods, SHARED)
    assert solution.gap_minor == 0
    used = tuple(one for one, _ in solution.applied.parts)
    assert is_allowed(used, SHARED)
    assert min(solution.applied.prices) >= 0
    assert solution.applied.off + sum(solution.applied.prices) == sum(prices_of(goods))
    told = {id(one) for one in used} | {id(one) for one, _, _ in solution.lost}
    assert told == set(map(id, found)), "each offer is used, or its reason is told"


@settings(max_examples=40, deadline=None)
@given(carts(), offers_of(most=13))
def test_beyond_the_gap_is_never_too_small(goods: Cart, offers: list[Offer]) -> None:
    found = ready(offers, goods)
    solution = solve(found, prices_of(goods), SHARED)
    best = best_of_all(found, goods, SHARED)
    assert solution.applied.off <= best <= solution.applied.off + solution.gap_minor


def test_work_is_bounded_however_many_offers_compete() -> None:
    goods = cart(*(line(1_000 + place * 7, "ABC"[place % 3]) for place in range(12)))
    crowd = [
        offer(
            f"coupon:{n}",
            "percentage" if n % 2 else "amount",
            percent=5 + n % 40,
            amount=100 + 13 * n,
            group=f"g{n % 12}",
            category="ABC"[n % 3],
        )
        for n in range(60)
    ]
    solution = solve(ready(crowd, goods), prices_of(goods), {})
    assert solution.tried <= MOST_TRIED + len(crowd) + 1
    assert solution.applied.off > 0


def test_eight_in_one_group_are_all_tried() -> None:
    goods = cart(line(10_000))
    group = [offer(f"coupon:{n}", amount=100 * (n + 1), group="one") for n in range(EXACT)]
    solution = solve(ready(group, goods), prices_of(goods), {})
    assert [one.offer.ref for one, _ in solution.applied.parts] == [f"coupon:{EXACT - 1}"]
    assert {code for _, code, _ in solution.lost} == {"stacking"}


def test_two_small_coupons_are_better_than_one_that_excludes_them() -> None:
    limit = single("shared", most=2)
    pair = [offer(f"coupon:{n}", amount=300, limits=(limit,)) for n in "ab"]
    big = offer("coupon:big", amount=500, limits=(limit, limit))
    goods = cart(line(10_000))
    solution = solve(ready([big, *pair], goods), prices_of(goods), rooms_of(limit))
    assert [one.offer.ref for one, _ in solution.applied.parts] == ["coupon:a", "coupon:b"]


def test_in_a_group_by_priority_the_highest_is_used_though_another_gives_more() -> None:
    goods = cart(line(10_000))
    found = [
        offer("benefit:low", amount=500, group="g", pick=Pick.PRIORITY, priority=1),
        offer("benefit:high", amount=100, group="g", pick=Pick.PRIORITY, priority=2),
    ]
    solution = solve(ready(found, goods), prices_of(goods), {})
    assert solution.applied.off == 100
    assert [(one.offer.ref, code) for one, code, _ in solution.lost] == [
        ("benefit:low", "stacking")
    ]


def test_of_two_that_give_the_same_no_coupon_is_spent() -> None:
    goods = cart(line(10_000))
    found = [
        offer("coupon:a", amount=500, group="g", is_automatic=False),
        offer("benefit:b", amount=500, group="g"),
    ]
    for order in (found, found[::-1]):
        solution = solve(ready(order, goods), prices_of(goods), {})
        assert [one.offer.ref for one, _ in solution.applied.parts] == ["benefit:b"]


@given(carts(), offers_of(most=5), st.integers(1, 500))
def test_one_more_offer_never_costs_the_member_more_than_roundings(
    goods: Cart, offers: list[Offer], amount: int
) -> None:
    before = solve(ready(offers, goods), prices_of(goods), SHARED).applied.off
    more = [*offers, offer("coupon:more", amount=amount)]
    after = solve(ready(more, goods), prices_of(goods), SHARED).applied.off
    assert after >= before - len(prices_of(goods)) * len(more)
