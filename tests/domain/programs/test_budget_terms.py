"""Budgets and caps by contribution in a program document: read, checked, looked over, compared."""

from typing import Any

import pytest
from tests.domain.programs.documents import SMALL, changed, faults

from regulars.domain.amounts import Rate
from regulars.domain.periods import Unit
from regulars.domain.programs.budget_terms import Budget, ShareCap
from regulars.domain.programs.diff import diff
from regulars.domain.programs.document import read
from regulars.domain.programs.lint import lint

POINTS = {"currency": "points", "most": 500}
WORTH = ("currencies/points/cash_value", {"points": 100, "amount": 1})
METRIC = (
    "tiers",
    {
        "metrics": {
            "paid": {"spend": True, "window": "lifetime"},
            "visits": {"count": ["visit"], "window": "lifetime"},
        },
        "ladder": [{"id": "member", "name": {"en": "Member"}}],
    },
)


def budget(**parts: Any) -> tuple[str, Any]:
    return "budgets", [{"id": "spring", "name": {"en": "Spring"}, **parts}]


def test_a_budget_is_read() -> None:
    given = budget(per="month", points=POINTS, money=12.5)
    (found,) = read(changed(given)).budgets
    assert found == Budget(
        id="spring",
        name={"en": "Spring"},
        per=Unit.MONTH,
        currency="points",
        points=500,
        money=1_250,
        is_everything=True,
    )
    (named,) = read(changed(budget(points=POINTS, rules=["base"]))).budgets
    assert (named.covers_rule("base"), named.covers_rule("double")) == (True, False)


@pytest.mark.parametrize(
    ("parts", "code", "pointer"),
    [
        ({"points": POINTS, "rules": ["bass"]}, "unknown_rule", "/budgets/0/rules/0"),
        ({"money": 1, "benefits": ["no"]}, "unknown_benefit", "/budgets/0/benefits/0"),
        (
            {"points": {"currency": "stars", "most": 1}},
            "unknown_currency",
            "/budgets/0/points/currency",
        ),
        ({"money": 1, "rules": ["base"]}, "budget_for_nothing", "/budgets/0/money"),
        ({"points": POINTS, "coupons": ["c"]}, "budget_for_nothing", "/budgets/0/points"),
        ({"money": 0.001}, "not_exact", "/budgets/0/money"),
    ],
)
def test_what_is_wrong_with_a_budget_is_told(
    parts: dict[str, Any], code: str, pointer: str
) -> None:
    assert [(one.code, one.pointer) for one in faults(changed(budget(**parts)))] == [
        (code, pointer)
    ]


def test_a_budget_needs_points_or_money_and_an_id_of_its_own() -> None:
    assert faults(changed(budget()))
    twice = [{"id": "a", "money": 1}, {"id": "a", "money": 1}]
    assert [one.code for one in faults(changed(("budgets", twice)))] == ["duplicate_id"]


def test_a_cap_by_contribution_is_read_and_checked() -> None:
    cap = ("rules/0/share_of_contribution", {"at_most": 0.05, "metric": "paid"})
    rule = read(changed(cap, METRIC, WORTH)).rules[0]
    assert rule.share == ShareCap(Rate.of(1, 20), "paid")
    assert [one.code for one in faults(changed(cap, METRIC))] == ["no_cash_value"]
    assert [one.code for one in faults(changed(cap, WORTH))] == ["unknown_metric"]
    wrong = ("rules/0/share_of_contribution", {"at_most": 0.05, "metric": "visits"})
    assert [one.code for one in faults(changed(wrong, METRIC, WORTH))] == ["no_spending"]


def test_a_program_without_any_limit_is_warned_of() -> None:
    assert "no_limit" in {one.code for one in lint(changed(WORTH))}
    for edit in (
        budget(points=POINTS),
        ("rules/0/caps", [{"per": "day", "points": 1}]),
        ("rules/0/budget", 100),
    ):
        assert "no_limit" not in {one.code for one in lint(changed(WORTH, edit))}
    unused = budget(points={"currency": "growth", "most": 1}, rules=["base"])
    assert "budget_unused" in {one.code for one in lint(changed(unused))}


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ([], [budget(points=POINTS)], "New budget “Spring” (spring): 500 points in all"),
        ([budget(money=1)], [], "Budget “Spring” (spring) removed"),
        ([budget(money=1)], [budget(money=2)], "1.00 CNY in all"),
        ([budget(money=1)], [budget(money=1, per="month")], "1.00 CNY a month"),
        ([budget(points=POINTS)], [budget(points=POINTS, rules=["base"])], "rule:base"),
    ],
)
def test_what_changed_is_told(was: list[Any], now: list[Any], words: str) -> None:
    told = diff(read(changed(*was)), read(changed(*now)))
    assert len(told) == 1
    assert words in told[0]
    assert diff(read(changed(*was)), read(changed(*was))) == []
    assert diff(read(changed(*was)), read(changed(*now)), "zh-CN")


def test_nothing_of_it_is_in_a_program_without_it() -> None:
    program = read(changed(of=SMALL))
    assert program.budgets == ()
    assert all(rule.share is None for rule in program.rules)
