"""Why an act earned what it earned, as a member reads it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from regulars.domain.decisions import World, decide
from regulars.domain.envelopes import data_of
from regulars.domain.events import Event
from regulars.domain.member_words.awards import Award, award
from regulars.domain.members import Member, State
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.document import read

EXAMPLES = Path(__file__).parents[3] / "examples"
WEDNESDAY = datetime(2026, 3, 4, 15, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 15, tzinfo=UTC)

FRESH = """
regulars: 1
program: fresh
name: {en: Fresh}
time_zone: Asia/Shanghai
money: CNY
members: {unknown: enroll, attributes: {birth_month: int}}
currencies:
  points: {kind: spendable, name: {en: Points, zh-CN: 积分}}
rules:
  - id: fresh
    name: {en: Fresh food}
    on: purchase
    earn: {currency: points, rate: 3, per: 10.00}
    lines: {categories: [fresh food]}
  - id: birthday
    name: {en: Birthday}
    on: purchase
    earn: {currency: points, multiply: 2}
    schedule: {birth_month: true}
"""


@pytest.fixture(scope="module")
def grocery() -> Plan:
    return plan(read((EXAMPLES / "grocery.yaml").read_text()), 1)


def told(
    program: Plan,
    data: dict[str, Any],
    *,
    lang: str = "en",
    at: datetime = WEDNESDAY,
    kind: str = "purchase",
    **attributes: bool | int | str,
) -> Award:
    """The award for one act of a member."""
    if kind == "purchase":
        data = {"currency": program.program.money} | data
    payload = msgspec.json.encode(data).decode()
    event = Event("1", "till", kind, "", at, at, data_of(kind, payload))
    member = Member(1, datetime(2020, 1, 1, tzinfo=UTC), State(), attributes)
    decision = decide(program, member, event, World())
    return award(program, event, decision.explanation, lang)


def test_a_reason_names_rate_goods_and_what_doubled_it() -> None:
    fresh = plan(read(FRESH), 1)
    basket = {"lines": [{"amount": 5_000, "category": "fresh food"}]}

    english = told(fresh, basket, birth_month=3)
    chinese = told(fresh, basket, birth_month=3, lang="zh-CN")

    assert english.reason == "3 points per 10 yuan on fresh food, doubled in your birthday month."
    assert chinese.reason == "每10元得3积分，限fresh food，生日当月双倍。"
    assert [part.points for part in english.parts] == [15, 15]


def test_a_part_of_the_receipt_is_told_with_the_whole(grocery: Plan) -> None:
    lines = [{"amount": 1_250, "category": "PRODUCE"}, {"amount": 3_000, "category": "FUEL"}]

    assert told(grocery, {"lines": lines}).reason == "1 point per $1 on $12.50 of $42.50."


def test_only_goods_that_were_bought_are_named(grocery: Plan) -> None:
    lines = [{"amount": 1_000, "category": "PRODUCE"}, {"amount": 500, "category": "GROCERY"}]

    reason = told(grocery, {"lines": lines}, at=SATURDAY).reason

    assert reason == "1 point per $1, doubled on produce on Saturdays and Sundays."


def test_what_multiplies_several_rules_is_told_once(grocery: Plan) -> None:
    lines = [{"amount": 2_000, "category": "GROCERY", "brand": "Private"}]

    reason = told(grocery, {"lines": lines}, birth_month=3).reason

    assert reason == (
        "1 point per $1; 1 point per $2 on Private brand; all of it doubled in your birthday month."
    )


def test_a_limit_that_was_reached_is_told(grocery: Plan) -> None:
    reason = told(grocery, {"total": 100_000}, birth_month=3).reason

    assert "doubled in your birthday month (the limit was reached: at most 500 points a month)" in (
        reason
    )


def test_nothing_has_a_reason_too(grocery: Plan) -> None:
    fuel = told(grocery, {"lines": [{"amount": 3_000, "category": "FUEL"}]})
    chinese = told(grocery, {"lines": [{"amount": 3_000, "category": "FUEL"}]}, lang="zh-CN")
    unheard = told(grocery, {}, kind="location")

    assert fuel.reason == "No points this time. No line of the receipt is one that the rule counts."
    assert chinese.reason == "本次没有积分。小票中没有符合规则的商品行。"
    assert fuel.parts == unheard.parts == ()
    assert unheard.reason == ""


def test_a_fixed_award_says_for_what(grocery: Plan) -> None:
    assert told(grocery, {}, kind="visit").reason == "5 points for this visit."
    assert told(grocery, {}, kind="visit", lang="zh-CN").reason == "本次到店得5积分。"


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("name", ["grocery", "coffee", "fashion", "airline_bank"])
def test_the_parts_add_up_to_what_was_earned(name: str, lang: str) -> None:
    program = plan(read((EXAMPLES / f"{name}.yaml").read_text()), 1)
    for total in (0, 99, 12_345, 1_000_000):
        payload = msgspec.json.encode({"currency": program.program.money, "total": total}).decode()
        event = Event("1", "t", "purchase", "", SATURDAY, SATURDAY, data_of("purchase", payload))
        member = Member(1, datetime(2020, 1, 1, tzinfo=UTC), State(), {})
        explained = decide(program, member, event, World()).explanation

        parts = award(program, event, explained, lang).parts

        sums: dict[str, int] = {}
        for part in parts:
            sums[part.currency] = sums.get(part.currency, 0) + part.points
            assert part.says.endswith("." if lang == "en" else "。")
        assert sums == explained.earned
