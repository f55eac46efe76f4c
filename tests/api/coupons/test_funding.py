"""What shops redeem is paid for by the budgets that name the coupon's template."""

from datetime import UTC, datetime

from tests.api.conftest import PROGRAM, Shop
from tests.api.coupons.counter import given, member, redeem, reserve, roll_back, template, why

from regulars.services import programs

BUDGET = """
budgets:
  - id: spring
    name: {en: Spring, zh-CN: 春季}
    coupons: [ten]
    money: 25.00
    per: month
"""


def test_coupons_of_a_shop_take_of_the_budget_and_give_it_back(bare: Shop) -> None:
    programs.publish(
        bare.db, 1, PROGRAM + BUDGET, in_force_from=datetime(2020, 1, 1, tzinfo=UTC),
        now=bare.clock(),
    )  # fmt: skip
    member(bare)
    made = template(bare)
    spent, first, second = (given(bare, made, "card:1")[0]["code"] for _ in range(3))
    assert redeem(bare, reserve(bare, spent).json()["use"]).status_code == 200
    use = reserve(bare, first).json()["use"]
    assert redeem(bare, use).status_code == 200
    assert why(bare, second) == "budget"
    assert reserve(bare, second).status_code == 409
    roll_back(bare, use)
    assert reserve(bare, second).status_code == 201
