"""Why a rule gives nothing: the first reason in order; schedules and scopes to the instant."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    Life,
    at,
    bought,
    categories,
    condition,
    fixed_rule,
    given_by,
    ladder,
    lines,
    multiplier,
    program,
    rate_rule,
    reasons,
    rung,
    visit,
)

from regulars.domain.conditions.values import EvaluationError
from regulars.domain.events import Line, Payment
from regulars.domain.programs.pieces import LineScope, Schedule

# Reasons, in their order.


def failing(*_: Any) -> bool:
    raise EvaluationError("no such key")


def no(*_: Any) -> bool:
    return False


OBSTACLES: list[tuple[str, dict[str, Any]]] = [
    ("schedule", {"schedule": Schedule(starts_at=at("2030-01-01"))}),
    ("audience", {"audience": condition(no)}),
    ("payment", {"payment_methods": frozenset({"gift card"})}),
    ("condition", {"condition": condition(no)}),
    ("lines", {"lines": categories("absent")}),
]


@given(st.sets(st.sampled_from(range(len(OBSTACLES))), min_size=1))
def test_the_first_reason_in_order_is_told(obstacles: set[int]) -> None:
    more: dict[str, Any] = {}
    for place in obstacles:
        more |= OBSTACLES[place][1]
    expected = OBSTACLES[min(obstacles)][0]
    for rule in (rate_rule("x", **more), fixed_rule("x", 5, **more), multiplier("x", "2", **more)):
        life = Life(program(rate_rule(), rule))
        life.do(bought("p", NOON, lines(100)))
        assert reasons(life)["x"] == expected


def test_a_condition_that_cannot_be_worked_out_is_told_apart() -> None:
    made = (
        rate_rule("a", condition=condition(failing)),
        rate_rule("b", audience=condition(failing)),
        rate_rule("c", lines=LineScope(condition=condition(failing))),
        rate_rule("d", condition=condition(failing), payment_methods=frozenset({"card"})),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, lines(100)))
    assert reasons(life) == {
        "a": "condition_error",
        "b": "condition_error",
        "c": "lines",
        "d": "payment",
    }


def test_every_rule_for_the_type_is_told_exactly_once_and_no_other() -> None:
    made = (
        rate_rule("a"),
        fixed_rule("b", 5, on=frozenset({"visit"})),
        fixed_rule("c", 5, on=frozenset({"visit", "purchase"})),
        multiplier("d", "2"),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, 100))
    life.do(visit("v", NOON))
    assert [rule for rule, _, _ in life.told["p"].rules] == ["a", "c", "d"]
    assert life.told["v"].rules == [("b", 5, ""), ("c", 5, "")]


def test_a_type_without_rules_earns_nothing_and_is_no_fault() -> None:
    life = Life(program())
    assert life.do(visit("v", NOON)).rules == []


def test_conditions_see_the_event_the_member_the_order_and_the_line() -> None:
    seen: list[Any] = []

    def look(*what: Any) -> bool:
        seen.append(what)
        return True

    made = rate_rule(condition=condition(look), lines=LineScope(condition=condition(look)))
    life = Life(program(made), attributes={"vip": True})
    life.do(bought("p", NOON, lines(100), payments=(Payment("card", 100),), store="s1"))
    (happened, member, order, line, now), (*_, second, _) = seen[:2]
    assert (happened.id, member.attributes, member.purchases, line, now) == (
        "p",
        {"vip": True},
        0,
        None,
        NOON,
    )
    assert (order.total, order.line_count, order.payment_methods) == (100, 1, ["card"])
    assert (order.store, order.currency, second.amount) == ("s1", "CNY", 100)


def test_a_payment_method_among_several_is_enough() -> None:
    life = Life(program(rate_rule(payment_methods=frozenset({"card", "cash"}))))
    both = (Payment("gift", 50), Payment("card", 50))
    life.do(bought("p", NOON, 100, payments=both))
    assert given_by(life) == {"base": 100}


def test_tiers_of_a_rule_are_those_held_when_it_happened() -> None:
    made = (rate_rule(tiers=frozenset({"gold"})),)
    life = Life(program(*made, ladder=ladder(rung("gold", {"spend": 100}))))
    life.do(bought("p", NOON, 100))
    life.do(bought("q", NOON + timedelta(hours=1), 100))
    life.do(bought("late", NOON - timedelta(hours=1), 100))
    assert reasons(life) == {"base": "audience"}
    assert given_by(life, "q") == {"base": 100}
    assert reasons(life, "late") == {"base": "audience"}


# Schedules.


@pytest.mark.parametrize(
    ("schedule", "when", "applies"),
    [
        (Schedule(starts_at=NOON), "2024-03-04T04:00", True),
        (Schedule(starts_at=NOON), "2024-03-04T03:59:59", False),
        (Schedule(ends_at=NOON), "2024-03-04T04:00", False),
        (Schedule(ends_at=NOON), "2024-03-04T03:59:59.999999", True),
        (Schedule(weekdays=frozenset({0})), "2024-03-03T16:00", True),
        (Schedule(weekdays=frozenset({0})), "2024-03-03T15:59", False),
        (Schedule(hours=((720, 780),)), "2024-03-04T04:00", True),
        (Schedule(hours=((720, 780),)), "2024-03-04T05:00", False),
        (Schedule(hours=((0, 1), (720, 780))), "2024-03-04T04:59:59", True),
        (Schedule(dates=frozenset({date(2024, 2, 29)})), "2024-02-29T15:59", True),
        (Schedule(dates=frozenset({date(2024, 2, 29)})), "2024-02-29T16:00", False),
        (Schedule(birth_month=True), "2024-02-29T15:59", True),
        (Schedule(birth_month=True), "2024-02-29T16:00", False),
    ],
)
def test_a_schedule_is_read_on_the_wall_clock_of_the_program(
    schedule: Schedule, when: str, applies: bool
) -> None:
    life = Life(program(rate_rule(schedule=schedule)), attributes={"birth_month": 2})
    life.do(bought("p", at(when), 100))
    assert reasons(life) == {"base": "" if applies else "schedule"}


def test_without_a_known_birthday_no_month_is_the_birthdays() -> None:
    life = Life(program(rate_rule(schedule=Schedule(birth_month=True))))
    life.do(bought("p", NOON, 100))
    assert reasons(life) == {"base": "schedule"}


def test_a_multiplier_for_the_month_of_birth_waits_for_it() -> None:
    double = multiplier("double", "2", schedule=Schedule(birth_month=True))
    life = Life(program(rate_rule(), double), attributes={"birth_month": 3})
    life.do(bought("p", NOON, 100))
    life.do(bought("q", NOON + timedelta(days=31), 100))
    assert given_by(life) == {"base": 100, "double": 100}
    assert reasons(life, "q") == {"base": "", "double": "schedule"}


# Scopes.


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (LineScope(categories=frozenset({"A"})), 1),
        (LineScope(except_categories=frozenset({"A"})), 14),
        (LineScope(brands=frozenset({"x"})), 5),
        (LineScope(brands=frozenset({"x"}), except_categories=frozenset({"A"})), 4),
        (LineScope(skus=frozenset({"2", "3"})), 6),
        (LineScope(skus=frozenset({"2", "3"}), except_brands=frozenset({"x"})), 2),
        (LineScope(except_skus=frozenset({"2"})), 11),
        (LineScope(condition=condition(lambda *seen: seen[3].amount > 2)), 12),
    ],
)
def test_a_scope_chooses_lines_and_its_exceptions_win(scope: LineScope, expected: int) -> None:
    basket = (
        Line(1, sku="1", category="A", brand="x"),
        Line(4, sku="2", category="B", brand="x"),
        Line(2, sku="3", category="B", brand="y"),
        Line(8, sku="4", category=None),
    )
    life = Life(program(rate_rule(lines=scope), multiplier("double", "2", lines=scope)))
    life.do(bought("p", NOON, basket))
    assert given_by(life) == {"base": expected, "double": expected}


def test_a_purchase_without_lines_counts_in_full_where_only_exceptions_are_named() -> None:
    excepting = LineScope(except_categories=frozenset({"A"}))
    made = (
        rate_rule("all", lines=excepting),
        rate_rule("some", lines=categories("A")),
        multiplier("double", "2", of=["all"], lines=excepting),
        multiplier("triple", "3", of=["all"], lines=categories("A")),
    )
    life = Life(program(*made))
    life.do(bought("p", NOON, 100))
    assert given_by(life) == {"all": 100, "some": 0, "double": 100, "triple": 0}
    assert reasons(life)["some"] == reasons(life)["triple"] == "lines"


def test_what_has_no_lines_earns_nothing_by_a_rule_on_lines() -> None:
    made = (
        fixed_rule("some", 5, on=frozenset({"visit"}), lines=categories("A")),
        fixed_rule(
            "but", 5, on=frozenset({"visit"}), lines=LineScope(except_categories=frozenset({"A"}))
        ),
        fixed_rule("any", 5, on=frozenset({"visit"})),
    )
    life = Life(program(*made))
    life.do(visit("v", NOON))
    assert life.told["v"].rules == [("some", 0, "lines"), ("but", 0, "lines"), ("any", 5, "")]


def test_a_fixed_rule_gives_on_free_goods_too() -> None:
    life = Life(program(fixed_rule("gift", 5), rate_rule()))
    life.do(bought("p", NOON, lines(0)))
    assert life.told["p"].rules == [("gift", 5, ""), ("base", 0, "nothing")]
