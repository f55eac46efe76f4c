"""Budgets as the operator sees them: used, left, when they run out; and alerts at thresholds."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.orders.till import PROGRAM, Till, cart, line, publish

from regulars.services.verification.verifying import verify

BUDGETS = """
budgets:
  - id: whole_program
    name: {en: Whole program, zh-CN: 整个计划}
    per: month
    points: {currency: points, most: 1000}
    money: 25.00
"""


@pytest.fixture
def till(bare: Shop) -> Till:
    # A quota for each member would end before the budget does.
    publish(bare, PROGRAM.replace("    quota: {uses: 3, per: month}\n", "") + BUDGETS)
    return Till(bare)


def budgets(shop: Shop, **headers: str) -> dict[str, Any]:
    answer = shop.client.get("/v1/budgets", headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["measure"]: one for one in answer.json()["items"]}


def alerts(shop: Shop) -> dict[str, tuple[str, int]]:
    found = shop.client.get("/v1/overview/alerts").json()["items"]
    return {one["subject"]: (one["code"], one["count"]) for one in found if "budget" in one["code"]}


def test_points_that_are_given_are_taken_of_their_budget(till: Till) -> None:
    shop = till.shop
    assert alerts(shop) == {}
    shop.buy(30_000)
    points = budgets(shop)["points"]
    assert (points["used"], points["left"], points["percent"]) == (300, 700, 30)
    assert (points["per"], points["since"]) == ("month", "2026-02-28T16:00:00Z")
    assert points["covers"] == []
    # 300 in three and a half days, with 27 to go.
    assert points["expected"] == 1_000
    assert points["runs_out_at"] < points["until"]
    shop.buy(20_000)
    assert alerts(shop) == {"whole_program": ("budget_half", 50)}
    shop.buy(40_000)
    assert alerts(shop) == {"whole_program": ("budget_low", 90)}
    shop.buy(40_000)
    assert shop.balance()["available"] == 1_000
    assert alerts(shop) == {"whole_program": ("budget_spent", 100)}
    name = budgets(shop, **{"Accept-Language": "zh-CN"})["points"]["name"]
    assert name == "整个计划"
    shop.clock.pass_(days=30)
    assert budgets(shop)["points"]["used"] == 0


def test_discounts_are_reserved_taken_and_given_back(till: Till) -> None:
    shop = till.shop
    for who in ("card:1", "card:2", "card:3"):
        shop.buy(100, who)
    first = till.opened("A-1", cart=cart(line(10_000)))
    assert first["price"]["discount"] == 1_000
    money = budgets(shop)["money"]
    assert (money["reserved"], money["used"], money["left"]) == (1_000, 0, 1_500)
    till.done(first["order"], "confirm")
    second = till.opened("A-2", "card:2", cart=cart(line(15_000)))
    assert budgets(shop)["money"]["left"] == 0
    third = till.opened("A-3", "card:3", cart=cart(line(10_000)))
    assert third["price"]["discount"] == 0
    assert [one["reason"] for one in third["price"]["not_applied"]] == ["budget"]
    till.done(second["order"], "cancel")
    assert budgets(shop)["money"]["left"] == 1_500
    till.done(first["order"], "returns", id="R-1")
    money = budgets(shop)["money"]
    assert (money["reserved"], money["used"], money["left"]) == (0, 0, 2_500)


def test_a_rule_s_own_budget_is_told_too(bare: Shop) -> None:
    rule = "    earn: {currency: points, rate: 1, per: 1.00}\n"
    publish(bare, PROGRAM.replace(rule, rule + "    budget: 100\n"))
    bare.buy(4_000)
    found = budgets(bare)["points"]
    assert (found["budget"], found["is_own"], found["used"], found["left"]) == (
        "base", True, 40, 60,
    )  # fmt: skip
    assert found["covers"] == [{"kind": "rule", "id": "base", "name": "One point a yuan"}]


def test_a_program_without_budgets_has_none(bare: Shop) -> None:
    assert bare.client.get("/v1/budgets").json()["code"] == "no_program_in_force"
    publish(bare)
    assert bare.client.get("/v1/budgets").json() == {"items": []}


def test_points_that_come_back_can_be_given_again(till: Till) -> None:
    shop = till.shop
    shop.buy(1)
    opened = till.opened(cart=cart(line(30_000), line(10_000)))
    till.done(opened["order"], "confirm")
    before = budgets(shop)["points"]["used"]
    assert before > 300
    till.done(opened["order"], "returns", id="R-1", lines=[{"line": 1}])
    assert 0 < budgets(shop)["points"]["used"] < before
    till.done(opened["order"], "returns", id="R-2")
    assert budgets(shop)["points"]["used"] == 0
    # The rest of the month's budget is whole again.
    shop.buy(200_000)
    assert budgets(shop)["points"]["used"] == 1_000
    assert verify(shop.db, 1).is_clean
