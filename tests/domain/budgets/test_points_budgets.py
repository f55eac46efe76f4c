"""Budgets in points that rules share, and caps by what a member brought in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    Life,
    at,
    bought,
    brought_back,
    fixed_rule,
    metric,
    points,
    program,
    rate_rule,
    rung,
    span,
    visit,
)

from regulars.domain.amounts import Rate
from regulars.domain.budgets.sums import keys_for, left_of, recalled, sums_of
from regulars.domain.decisions import World, decide
from regulars.domain.events import Event
from regulars.domain.explanations import Explanation
from regulars.domain.members import Member, State
from regulars.domain.periods import Local, Unit
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.budget_terms import Budget, ShareCap
from regulars.domain.programs.model import Ladder, Rule


def spring(most: int, *rules: str, **more: Any) -> Budget:
    more = {"currency": "points", "points": most, "rules": frozenset(rules)} | more
    return Budget(id="spring", name={"en": "Spring"}, is_everything=not rules, **more)


def planned(*rules: Rule, budgets: tuple[Budget, ...]) -> Plan:
    return plan(program(*rules, budgets=budgets))


def told(rules: Plan, event: Event, used: dict[str, int]) -> Explanation:
    member = Member(1, NOON, State())
    decision = decide(rules, member, event, World(left_of(rules, used, event.time)))
    for key, amount in decision.budgets.items():
        used[key] = used.get(key, 0) + amount
    return decision.explanation


TWO = (rate_rule("one", "1"), rate_rule("two", "2"))


def test_rules_share_a_budget_and_get_what_is_left() -> None:
    rules, used = planned(*TWO, budgets=(spring(250, "one", "two"),)), {}
    first = told(rules, bought("a", NOON, 60), used)
    assert first.rules == [("one", 60, ""), ("two", 120, "")]
    assert first.budgets == {"spring|": 180}
    second = told(rules, bought("b", NOON, 60), used)
    assert second.rules == [("one", 60, ""), ("two", 10, "budget")]
    assert told(rules, bought("c", NOON, 60), used).rules == [
        ("one", 0, "budget"),
        ("two", 0, "budget"),
    ]
    assert used == {"spring|": 250}


def test_a_budget_is_there_again_in_the_next_month_of_the_program_s_calendar() -> None:
    rules, used = planned(TWO[0], budgets=(spring(100, per=Unit.MONTH),)), {}
    late = at("2024-03-31T15:59")  # a minute before midnight in Shanghai
    assert told(rules, bought("a", late, 150), used).earned == {"points": 100}
    assert told(rules, bought("b", at("2024-03-31T16:00"), 150), used).earned == {"points": 100}
    assert used == {"spring|2024-03-01": 100, "spring|2024-04-01": 100}


def test_each_budget_needs_room_and_the_tightest_decides() -> None:
    wide = spring(1_000, "one")
    tight = Budget(id="all", name={"en": "All"}, currency="points", points=30, is_everything=True)
    rules, used = planned(*TWO, budgets=(wide, tight)), {}
    assert told(rules, bought("a", NOON, 20), used).rules == [
        ("one", 20, ""),
        ("two", 10, "budget"),
    ]
    assert used == {"spring|": 20, "all|": 30}


def test_only_what_may_be_given_is_locked() -> None:
    rules = planned(rate_rule("one"), fixed_rule("visit", 5, on=frozenset({"visit"})),
                    budgets=(spring(9, "one"),))  # fmt: skip
    assert keys_for(rules, "purchase", NOON) == {"spring|"}
    assert keys_for(rules, "visit", NOON) == set()


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=12),
    st.integers(1, 400),
    st.integers(1, 400),
    st.integers(1, 400),
)
def test_no_budget_is_ever_overrun_and_each_decision_can_be_made_again(
    amounts: list[int], own: int, shared: int, everything: int
) -> None:
    rules = planned(
        rate_rule("one", "1", budget=own),
        rate_rule("two", "2"),
        budgets=(
            spring(shared, "one", "two"),
            Budget(
                id="all", name={"en": "x"}, currency="points", points=everything, is_everything=True
            ),
        ),
    )
    used: dict[str, int] = {}
    for number, amount in enumerate(amounts):
        event = bought(f"e{number}", NOON, amount)
        first = told(rules, event, used)
        cut = {code: points for code, points, reason in first.rules if reason == "budget"}
        left = recalled(rules, cut, first.budgets, NOON)
        again = decide(rules, Member(1, NOON, State()), event, World(left)).explanation
        assert again == first
        assert sums_of(rules, first.rules, Local(NOON, rules.program.zone))[2] == first.budgets
    assert used.get("one", 0) <= own
    assert used.get("spring|", 0) <= shared
    assert used.get("all|", 0) <= everything


# Caps by contribution.


def giving(window: str = "lifetime", *, percent: int = 10, **more: Any) -> Life:
    """50 points a visit, as long as these are worth no more than a share of what was spent."""
    ladder = Ladder(
        (rung("member", {}), rung("gold", {"spend": 10**9})),
        {"spend": metric("spend", window, **more)},
    )
    rule = fixed_rule(
        "visit", 50, on=frozenset({"visit"}), share=ShareCap(Rate.of(percent, 100), "spend")
    )
    currency = points(cash_value=Rate(1, 1))
    return Life(program(rate_rule(rate="0"), rule, currencies=(currency,), ladder=ladder))


def given_by_visits(life: Life) -> int:
    return sum(
        amount for one in life.told.values() for rule, amount, _ in one.rules if rule == "visit"
    )


def test_a_rule_gives_no_more_than_its_share_of_what_was_spent() -> None:
    life = giving()
    assert life.do(visit("v1", NOON)).rules == [("visit", 0, "share")]
    life.do(bought("p", NOON, 700))
    assert life.do(visit("v2", NOON)).rules == [("visit", 50, "")]
    assert life.do(visit("v3", NOON)).rules == [("visit", 20, "share")]
    life.do(bought("p2", NOON, 300))
    assert life.do(visit("v4", NOON)).rules == [("visit", 30, "share")]


def test_what_came_back_was_not_spent() -> None:
    life = giving()
    life.do(bought("p", NOON, 1_000))
    life.do(brought_back("r", NOON, "p", amount=600))
    assert life.do(visit("v", NOON)).rules == [("visit", 40, "share")]


@pytest.mark.parametrize(
    ("window", "more", "later"),
    [
        ("calendar_year", {}, "2025-01-02T04:00"),
        ("rolling", {"span": "P30D"}, "2024-05-04T04:00"),
    ],
)
def test_the_window_of_the_metric_counts(window: str, more: dict[str, str], later: str) -> None:
    life = giving(window, **more)
    life.do(bought("p", NOON, 400))
    assert life.do(visit("v1", NOON)).rules == [("visit", 40, "share")]
    assert life.do(visit("v2", at(later))).rules == [("visit", 0, "share")]
    life.do(bought("p2", at(later), 300))
    assert life.do(visit("v3", at(later))).rules == [("visit", 30, "share")]


def test_a_purchase_counts_for_its_own_points() -> None:
    ladder = Ladder((rung("member", {}),), {"spend": metric("spend", "lifetime")})
    rule = rate_rule("base", "1", share=ShareCap(Rate.of(1, 10), "spend"))
    currency = points(cash_value=Rate(1, 2))
    life = Life(program(rule, currencies=(currency,), ladder=ladder))
    assert life.do(bought("p", NOON, 100)).rules == [("base", 20, "share")]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 400), st.integers(0, 20)), max_size=15))
def test_the_share_is_never_passed(acts: list[tuple[bool, int, int]]) -> None:
    life, now, spent = giving(percent=7), NOON, 0
    for number, (is_visit, amount, days) in enumerate(acts):
        now += span(f"P{days}D").days * (at("2024-01-02") - at("2024-01-01"))
        if is_visit:
            life.do(visit(f"v{number}", now))
        else:
            life.do(bought(f"p{number}", now, amount))
            spent += amount
        assert given_by_visits(life) * 100 <= spent * 7
