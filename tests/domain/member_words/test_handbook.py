"""The rules as the program writes them for its members."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.domain.member_words import phrases
from regulars.domain.member_words.handbook import Handbook, handbook
from regulars.domain.member_words.money import plain_money
from regulars.domain.programs.document import read

EXAMPLES = Path(__file__).parents[3] / "examples"
NOW = datetime(2026, 3, 4, tzinfo=UTC)


def written(name: str, lang: str = "en") -> Handbook:
    return handbook(read((EXAMPLES / f"{name}.yaml").read_text()), NOW, lang)


def test_every_rule_that_still_runs_is_told() -> None:
    program = read((EXAMPLES / "grocery.yaml").read_text())

    codes = [one.code for one in written("grocery").earning]

    # The one is over; the other is a surprise for those who have stayed away.
    untold = {"healthy_living", "come_again"}
    assert codes == [rule.id for rule in program.rules if rule.id not in untold]


def test_the_supermarkets_rules_in_english() -> None:
    told = written("grocery")

    says = {one.code: one.says[0] for one in told.earning}
    assert says["base"] == "1 point per $1, not on coupon, fuel, postal center or spirits."
    assert says["gold_bonus"] == (
        "All your points times 1.25, for Gold members, rounded to the nearest point."
    )
    assert told.notes == [
        "Of “Fresh weekend” and “Evening deli” the one counts that gives you most."
    ]
    assert told.currencies[0].says == [
        "You get $1 for 100 points.",
        "They lapse 12 months after you earned them.",
        "You can give them to other members.",
        "You can pay with them: at least 100, in steps of 100, at most 50% of the price.",
        "Points that come back to you after they had lapsed last for 30 days.",
    ]
    silver, gold = told.tiers[1:]
    assert silver.entry == "$1,000 spent in one calendar year."
    assert silver.keep == "To keep it: $800 spent in one calendar year."
    assert gold.brings == [
        "All your points times 1.25, rounded to the nearest point.",
        "Free delivery: free delivery, at most $5.99",
    ]
    assert told.tier_notes[1] == (
        "A tier is yours until the end of the year, 12 months after you reached it."
    )
    assert told.returns[1] == "If you have spent them already, your balance goes below zero."


def test_the_supermarkets_rules_in_chinese() -> None:
    told = written("grocery", "zh-CN")

    assert told.name == "绿色超市会员"
    assert told.tiers[1].entry == "一个自然年内消费满1,000美元。"
    assert told.currencies[0].says == [
        "100积分可抵1美元。",
        "获得后12个月失效。",
        "可以赠送给其他会员。",
        "可用于抵现：最少100分，以100分为单位，最多抵扣金额的50%。",
        "退还时已过期的积分可再使用30天。",
    ]
    assert told.notes == ["“生鲜周末”和“熟食晚市”同时满足时，取积分最多的一项。"]


@pytest.mark.parametrize("name", ["coffee", "fashion", "airline_bank", "grocery"])
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_no_condition_is_told_in_the_language_of_conditions(name: str, lang: str) -> None:
    told = written(name, lang)

    text = " ".join(says for one in told.earning for says in one.says)
    for mark in ("event.", "member.", "order.", "&&", "has(", "{"):
        assert mark not in text


def test_both_languages_have_the_same_turns_of_phrase() -> None:
    english, chinese = phrases._ENGLISH, phrases._CHINESE

    assert set(english) == set(chinese)


@pytest.mark.parametrize(
    ("minor", "currency", "english", "chinese"),
    [
        (1_000, "CNY", "10 yuan", "10元"),
        (1_250, "USD", "$12.50", "12.50美元"),
        (100_000_000, "JPY", "¥100,000,000", "100,000,000日元"),
        (5_000, "SEK", "50 SEK", "50 SEK"),
    ],
)
def test_money_is_written_as_people_say_it(
    minor: int, currency: str, english: str, chinese: str
) -> None:
    assert plain_money(minor, currency, "en") == english
    assert plain_money(minor, currency, "zh-CN") == chinese
