"""Returns: whatever the order and the cut, the parts add up to the whole, to the point."""

from collections import Counter
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    Life,
    after,
    bought,
    brought_back,
    fixed_rule,
    ladder,
    lines,
    metric,
    points,
    program,
    rate_rule,
    rung,
    span,
    status,
    visit,
)
from tests.domain.test_earning import BOTH, baskets, rules

from regulars.domain.amounts import Rounding
from regulars.domain.errors import AlreadyReturned, Fault, InvalidInput
from regulars.domain.events import Line
from regulars.domain.ledger import Account, Balance
from regulars.domain.operations import Adjustment, Redemption
from regulars.domain.plans import plan
from regulars.domain.programs.model import MetricSource, Program, WhenSpent
from regulars.domain.reversals import earned_by_line

LATER = NOON + timedelta(days=1)

WHOLE = (
    metric("spend", "lifetime"),
    metric("earned", "lifetime", source=MetricSource.CURRENCY, currency="points"),
    metric("grown", "lifetime", source=MetricSource.CURRENCY, currency="growth"),
    metric("baskets", "lifetime", source=MetricSource.COUNT, types=frozenset({"purchase"})),
)


def counted(life: Life) -> dict[str, int]:
    return {
        code: sum(buckets.values())
        for code, buckets in life.member.state.metrics.items()
        if buckets
    }


def rich(made: list[Any]) -> Program:
    rungs = ladder(rung("gold", {"spend": 10**9}), metrics=WHOLE)
    return program(*made, currencies=BOTH, ladder=rungs)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[tuple[Line, ...], list[tuple[int, int]]]:
    """A basket, and its pieces in some order: (line, quantity)."""
    basket = draw(baskets)
    pieces: list[tuple[int, int]] = []
    for place, one in enumerate(basket):
        left = one.quantity
        while left:
            piece = draw(st.integers(1, left))
            pieces.append((place, piece))
            left -= piece
    return basket, draw(st.permutations(pieces))


@settings(max_examples=150, deadline=None)
@given(rules(), cuts(), st.data())
def test_parts_in_any_order_take_back_exactly_what_was_given(
    made: list[Any], cut: tuple[tuple[Line, ...], list[tuple[int, int]]], data: st.DataObject
) -> None:
    basket, pieces = cut
    life = Life(rich(made))
    life.do(bought("other", NOON, basket))
    before = counted(life)
    told = life.do(bought("p", NOON, basket))
    taken: Counter[str] = Counter()
    number = 0
    while pieces:
        together = data.draw(st.integers(1, len(pieces)))
        number += 1
        back = life.do(brought_back(f"r{number}", LATER, "p", places=pieces[:together]))
        assert all(amount > 0 for amount in back.taken.values())
        assert not back.owed
        taken.update(back.taken)
        pieces = pieces[together:]
    assert dict(taken) == told.earned
    assert counted(life) == before
    assert life.account(Account.ISSUED) == -life.told["other"].earned.get("points", 0)
    with pytest.raises(AlreadyReturned):
        life.do(brought_back("again", LATER, "p"))


@given(rules(), baskets)
def test_every_line_has_its_part_of_what_was_earned(
    made: list[Any], basket: tuple[Line, ...]
) -> None:
    life = Life(rich(made))
    told = life.do(bought("p", NOON, basket))
    by_line = earned_by_line(life.bought["p"])
    assert {code: sum(parts) for code, parts in by_line.items()} == told.earned
    for place in range(len(basket)):
        mine = {code: parts[place] for code, parts in by_line.items() if parts[place]}
        one = Life(rich(made))
        one.do(bought("p", NOON, basket))
        assert one.do(brought_back("r", LATER, "p", places=[(place, None)])).taken == mine


@given(st.integers(1, 400), st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_a_purchase_without_lines_comes_back_by_amounts(total: int, parts: list[int]) -> None:
    rule = rate_rule("base", "0.3", rounding=Rounding.HALF_UP)
    life = Life(program(rule))
    earned = life.do(bought("p", NOON, total)).earned.get("points", 0)
    taken, left = 0, total
    for number, part in enumerate(parts):
        if part > left:
            with pytest.raises(AlreadyReturned):
                life.do(brought_back(f"r{number}", LATER, "p", amount=part))
            continue
        taken += life.do(brought_back(f"r{number}", LATER, "p", amount=part)).taken.get("points", 0)
        left -= part
        assert taken == earned * (total - left) // total
    if left:
        life.do(brought_back("rest", LATER, "p"))
    assert life.account(Account.ISSUED) == 0


def test_a_return_of_a_quantity_takes_its_floor_and_the_last_the_rest() -> None:
    life = Life(program(fixed_rule("gift", 10)))
    life.do(bought("p", NOON, lines((300, 3))))
    taken = [
        life.do(brought_back(f"r{n}", LATER, "p", places=[(0, 1)])).taken["points"]
        for n in range(3)
    ]
    assert list(accumulate(taken)) == [3, 6, 10]


# Refusals.


NO_AMOUNT = Fault("/data/amount", "not for a purchase with lines")
HAS_LINES = "This purchase has lines; say which lines come back instead of an amount."


def three_lines() -> Life:
    life = Life(program())
    life.do(bought("p", NOON, lines((10, 2), 20, 30)))
    life.do(bought("total", NOON, 50))
    return life


@pytest.mark.parametrize(
    ("purchase", "places", "amount", "fault", "words"),
    [
        (
            "p",
            [(3, 1)],
            None,
            Fault("/data/lines/0/line", "no such line"),
            "The purchase has 3 lines, counted from 0; there is no 3.",
        ),
        (
            "p",
            [(1, 1), (9, 1)],
            None,
            Fault("/data/lines/1/line", "no such line"),
            "The purchase has 3 lines, counted from 0; there is no 9.",
        ),
        ("p", [], 10, NO_AMOUNT, HAS_LINES),
        ("p", [(0, 1)], 10, NO_AMOUNT, HAS_LINES),
        (
            "total",
            [(0, 1)],
            None,
            Fault("/data/lines", "the purchase has no lines"),
            "This purchase was reported without lines; say the amount that comes back.",
        ),
    ],
)
def test_a_return_that_does_not_fit_its_purchase_is_refused_and_told_why(
    purchase: str, places: list[tuple[int, int]], amount: int | None, fault: Fault, words: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        three_lines().do(brought_back("r", LATER, purchase, places=places, amount=amount))
    assert refusal.value.faults == (fault,)
    assert refusal.value.detail == words


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ([(0, 3)], "Line 0: 3 asked to come back, 2 left."),
        ([(0, 2), (0, 1)], "Line 0: 1 asked to come back, 0 left."),
        ([(1, None), (1, None)], "Line 1: nothing more asked to come back, 0 left."),
        ([(0, 1), (0, None), (0, 1)], "Line 0: 1 asked to come back, 0 left."),
    ],
)
def test_no_more_comes_back_than_was_bought(
    places: list[tuple[int, int | None]], words: str
) -> None:
    life = three_lines()
    with pytest.raises(AlreadyReturned) as refusal:
        life.do(brought_back("r", LATER, "p", places=places))
    assert refusal.value.detail == words
    assert life.bought["p"].returned == {}
    life.do(brought_back("r", LATER, "p"))


def test_a_line_named_twice_comes_back_in_sum() -> None:
    life = three_lines()
    assert life.do(brought_back("r", LATER, "p", places=[(0, 1), (0, None)])).taken == {
        "points": 10
    }


def test_who_names_no_line_brings_back_all_that_is_left() -> None:
    life = three_lines()
    life.do(brought_back("r", LATER, "p", places=[(0, 1), (1, None)]))
    assert life.do(brought_back("s", LATER, "p")).taken == {"points": 35}
    assert life.bought["p"].returned == {0: 2, 1: 1, 2: 1}


def test_what_cost_nothing_takes_no_money_out_of_the_metrics() -> None:
    life = Life(program(fixed_rule("gift", 5), ladder=ladder(rung("gold", {"spend": 10**6}))))
    life.do(bought("p", NOON, 100))
    life.do(bought("free", NOON, 0))
    life.do(brought_back("r", LATER, "free"))
    assert counted(life) == {"spend": 100}


def test_nothing_paid_can_come_back_once() -> None:
    life = Life(program(fixed_rule("gift", 5)))
    life.do(bought("free", NOON, 0))
    assert life.do(brought_back("r", LATER, "free")).taken == {"points": 5}
    with pytest.raises(AlreadyReturned) as refusal:
        life.do(brought_back("s", LATER, "free"))
    assert refusal.value.detail == "Everything of this purchase came back before."


# Points that are no longer there.

POLICIES = list(WhenSpent)


@settings(deadline=None)
@given(
    st.sampled_from(POLICIES),
    st.sampled_from([points(), points(expiry=after("P3D")), points(pending=span("P2D"))]),
    st.integers(1, 100),
    st.lists(st.tuples(st.sampled_from(["spend", "earn", "back"]), st.integers(1, 60)), max_size=8),
)
def test_what_is_taken_comes_from_somewhere_and_debts_are_paid(
    spent: WhenSpent, currency: Any, paid: int, steps: list[tuple[str, int]]
) -> None:
    life = Life(program(currencies=(currency,), spent=spent))
    life.do(bought("p", NOON, paid))
    when, left = NOON, paid
    for number, (what, amount) in enumerate([*steps, ("back", 100)]):
        when += timedelta(hours=17)
        owed = life.member.state.owed.get("points", 0)
        available = life.balance(when).available
        if what == "spend" and amount <= available:
            life.operate(when, Redemption(currency="points", amount=amount))
        elif what == "earn":
            life.operate(when, Adjustment(currency="points", amount=amount, reason="gift"))
            assert life.balance(when).owed == max(owed - amount - available, 0)
        elif what == "back" and left:
            part = min(amount, left)
            left -= part
            mark = len(life.transfers)
            told = life.do(brought_back(f"r{number}", when, "p", amount=part))
            moved = [one for one in life.transfers[mark:] if one.code == "reverse"]
            assert told.taken == {"points": part}
            assert sum(one.amount for one in moved) == part
            short = told.owed.get("points", 0) + told.waived.get("points", 0)
            taken_from = Counter(one.debit for one in moved)
            assert all(one.credit is Account.ISSUED for one in moved)
            assert short == sum(
                one.amount for one in moved if one.debit in {Account.OWED, Account.WAIVED}
            )
            assert not told.owed or spent is not WhenSpent.WAIVE
            assert not told.waived or spent is WhenSpent.WAIVE
            # While anything can be had, nothing is owed.
            assert not short or life.balance(when).available == 0
            assert taken_from
    assert left == 0


@pytest.mark.parametrize("spent", [WhenSpent.NEGATIVE, WhenSpent.OWE])
def test_later_earnings_pay_what_is_owed(spent: WhenSpent) -> None:
    life = Life(program(spent=spent))
    life.do(bought("p", NOON, 100))
    life.operate(NOON, Redemption(currency="points", amount=90))
    told = life.do(brought_back("r", LATER, "p"))
    assert (told.taken, told.owed) == ({"points": 100}, {"points": 90})
    life.do(bought("q", LATER, 70))
    assert life.balance(LATER) == Balance(owed=20)
    life.do(bought("s", LATER, 70))
    assert life.balance(LATER) == Balance(available=50)
    assert life.member.state.owed == {}


def test_points_that_are_waived_are_never_asked_for_again() -> None:
    life = Life(program(spent=WhenSpent.WAIVE))
    life.do(bought("p", NOON, 100))
    life.operate(NOON, Redemption(currency="points", amount=90))
    told = life.do(brought_back("r", LATER, "p"))
    assert (told.taken, told.waived, told.owed) == ({"points": 100}, {"points": 90}, {})
    assert life.account(Account.WAIVED) == -90
    life.do(bought("q", LATER, 70))
    assert life.balance(LATER) == Balance(available=70)


def test_a_return_takes_the_own_lot_first_then_the_soonest_to_lapse() -> None:
    life = Life(program(currencies=(points(expiry=after("P10D")),)))
    life.do(bought("old", NOON - timedelta(days=3), 50))
    life.do(bought("p", NOON, 100))
    life.operate(NOON, Redemption(currency="points", amount=80))
    for number in (1, 2):
        life.do(bought(f"new{number}", NOON + timedelta(hours=number), 20))
    # Of `p` 70 are left; 30 more are missing.
    life.do(brought_back("r", LATER, "p"))
    assert [lot.remaining for lot, _ in life.lots] == [0, 0, 0, 10]
    assert life.member.state.owed == {}


def test_what_lapsed_before_it_came_back_is_no_debt() -> None:
    life = Life(program(currencies=(points(expiry=after("P10D")),)))
    life.do(bought("p", NOON, 100))
    life.operate(NOON, Redemption(currency="points", amount=40))
    told = life.do(brought_back("r", NOON + timedelta(days=20), "p"))
    assert told.owed == {"points": 40}
    assert life.account(Account.EXPIRED) == 0


def test_a_return_before_the_points_count_stops_them() -> None:
    life = Life(program(currencies=(points(pending=span("P7D")),)))
    life.do(bought("p", NOON, lines((100, 2))))
    life.do(brought_back("r", LATER, "p", places=[(0, 1)]))
    assert life.balance(LATER) == Balance(pending=50)
    week = NOON + timedelta(days=7)
    assert (life.account(Account.PENDING, when=LATER), life.account(Account.AVAILABLE)) == (50, 50)
    assert life.account(Account.PENDING, when=week) == 0
    ripe = [(one.code, one.debit, one.amount) for one in life.transfers if one.effective_at == week]
    assert ripe == [("mature", Account.PENDING, 100), ("mature", Account.AVAILABLE, 50)]
    life.do(brought_back("s", week + timedelta(days=1), "p"))
    assert life.account(Account.AVAILABLE) == 0


def test_a_return_at_the_instant_from_which_the_points_count_takes_them_as_they_are() -> None:
    life = Life(program(currencies=(points(pending=span("P7D")),)))
    life.do(bought("p", NOON, 100))
    mark = len(life.transfers)
    life.do(brought_back("r", NOON + timedelta(days=7), "p"))
    moved = [(one.code, one.debit, one.amount) for one in life.transfers[mark:]]
    assert moved == [("reverse", Account.AVAILABLE, 100)]


# Metrics and growth.


def test_a_return_takes_nothing_from_metrics_that_never_counted_it() -> None:
    old = Life(program(ladder=ladder(rung("gold", {"spend": 10**6}))))
    old.do(bought("p", NOON, 100))
    new = metric("baskets", "lifetime", source=MetricSource.COUNT, types=frozenset({"purchase"}))
    both = (metric(), new)
    old.plan = plan(program(ladder=ladder(rung("gold", {"spend": 10**6}), metrics=both)), 2)
    old.do(bought("q", NOON, 100))
    old.do(brought_back("r", LATER, "p"))
    assert counted(old) == {"spend": 100, "baskets": 1}


def test_growth_comes_back_too_and_is_never_owed() -> None:
    made = (rate_rule(), rate_rule("grow", "2", currency="growth"))
    life = Life(program(*made, currencies=(points(), status())))
    life.do(bought("p", NOON, lines((30, 3))))
    life.do(visit("v", NOON))
    told = life.do(brought_back("r", LATER, "p", places=[(0, 2)]))
    assert told.taken == {"points": 20, "growth": 40}
    assert life.account(Account.AVAILABLE, "growth") == 20
    assert life.member.state.counts == {"purchase": 1, "visit": 1, "return": 1}
