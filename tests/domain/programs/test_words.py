"""Rules in words that members and operators read."""

from typing import Any

import pytest
from tests.domain.programs.documents import program

from regulars.domain.amounts import Rate
from regulars.domain.periods import Duration
from regulars.domain.programs.condition_words import condition_words
from regulars.domain.programs.phrases import language_of
from regulars.domain.programs.quantities import money_words, span_words
from regulars.domain.programs.rule_words import describe
from regulars.domain.programs.words import rate_words

SATURDAYS: dict[str, Any] = {
    "id": "more",
    "name": {"en": "More", "zh-CN": "更多"},
    "on": "purchase",
    "earn": {"currency": "points", "rate": 3, "per": 10},
    "lines": {"categories": ["PRODUCE"]},
    "schedule": {"weekdays": ["sat", "sun"]},
    "caps": [{"per": "day", "points": 200}],
}


def told(rule: dict[str, Any], lang: str = "en") -> str:
    read = program(("rules/3", rule))
    return describe(read.rules[3], read, lang)


def test_a_rate_is_told_with_its_scope_schedule_and_cap() -> None:
    assert told(SATURDAYS) == (
        "3 points per 10.00 CNY, on PRODUCE, Saturdays and Sundays, at most 200 points a day"
    )


def test_the_same_in_chinese() -> None:
    assert told(SATURDAYS, "zh-Hans-CN") == (
        "每10.00 CNY得3积分，限PRODUCE，周六和周日，每天最多200积分"
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"earn": {"currency": "points", "points": 1}}, "1 point for each purchase"),
        (
            {"on": ["visit", "check_in"], "earn": {"currency": "points", "points": 50}},
            "50 points for each check-in or visit",
        ),
        ({"on": "bottle_returned"}, "1 point per 1.00 CNY, for each bottle returned"),
        ({"earn": {"currency": "points", "multiply": 1.5}}, "1.5 times the points"),
        (
            {"earn": {"currency": "points", "multiply": 2, "of": ["base"]}},
            "2 times the points of “Base”",
        ),
        ({"rounding": "half_up"}, "1 point per 1.00 CNY, rounded to the nearest point"),
        (
            {"lines": {"brands": ["B"], "except": {"categories": ["X", "Y"]}}},
            "on brand B, except X or Y",
        ),
        (
            {"lines": {"where": "line.amount > 5"}},
            "on lines where the amount is more than 0.05 CNY",
        ),
        (
            {"schedule": {"from": "2026-01-01", "until": "2026-07-01"}},
            "from 2026-01-01, until the end of 2026-06-30",
        ),
        ({"schedule": {"until": "2026-07-01T09:30:00+08:00"}}, "until 2026-07-01 09:30"),
        ({"schedule": {"hours": ["08:00-11:30", "20:00-24:00"]}}, "08:00–11:30 and 20:00–24:00"),
        ({"schedule": {"dates": ["2026-05-02", "2026-05-01"]}}, "on 2026-05-01 and 2026-05-02"),
        ({"schedule": {"birth_month": True}}, "in your birthday month"),
        ({"audience": {"tiers": ["gold", "basic"]}}, "for Basic or Gold members"),
        (
            {"audience": {"where": "member.purchases > 3"}},
            "for members where the number of earlier purchases is more than 3",
        ),
        ({"payment": ["card", "app"]}, "if paid by app or card"),
        ({"when": "order.total > 5"}, "if the total is more than 0.05 CNY"),
        ({"caps": [{"per": "week", "times": 1}]}, "at most once a week"),
        ({"caps": [{"per": "period", "times": 3, "points": 9}]}, "9 points and 3 times in all"),
        ({"budget": 10000}, "as long as 10,000 points for all members together last"),
    ],
)
def test_each_part_of_a_rule_is_told(more: dict[str, Any], words: str) -> None:
    plain = {"id": "more", "on": "purchase", "earn": {"currency": "points", "rate": 1, "per": 1}}

    assert words in told(plain | more)
    assert told(plain | more, "zh-CN") != told(plain | more)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate.of(1, 100), "1 point per 1.00 CNY"),
        (Rate.of(12, 1000), "1.2 points per 1.00 CNY"),
        (Rate.of(1, 3000), "1 point per 30.00 CNY"),
        (Rate.of(1, 200), "1 point per 2.00 CNY"),
        (Rate.of(3, 1000), "3 points per 10.00 CNY"),
        (Rate.of(5, 300), "1 point per 0.60 CNY"),
        (Rate.of(2, 1), "200 points per 1.00 CNY"),
    ],
)
def test_a_rate_is_told_per_an_amount_people_use(rate: Rate, words: str) -> None:
    assert rate_words(rate, "points", program(), "en") == words


def test_money_and_spans_are_told_exactly() -> None:
    assert money_words(123456, "USD") == "1,234.56 USD"
    assert money_words(5, "USD") == "0.05 USD"
    assert money_words(1200, "JPY") == "1,200 JPY"
    assert money_words(1, "KWD") == "0.001 KWD"
    assert span_words(Duration(months=12, days=3)) == "12 months and 3 days"
    assert span_words(Duration(seconds=7200), "zh-CN") == "2小时"
    assert span_words(Duration(seconds=5400)) == "90 minutes"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("en", "en"), ("en-GB", "en"), ("zh", "zh-CN"), ("zh-TW", "zh-CN"), ("de", "en"), ("", "en")],
)
def test_the_nearest_language_is_spoken(wanted: str, spoken: str) -> None:
    assert language_of(wanted) == spoken


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("order.total >= 5000", "the total is at least 50.00 CNY"),
        (
            'has(order.channel) && order.channel == "app"',
            "the channel is “app”",
        ),
        (
            "order.line_count > 3 && (order.total < 100 || event.data.attributes.x)",
            "the number of lines is more than 3 and (the total is less than 1.00 CNY or x is yes)",
        ),
        (
            'has(event.data.card) && !(has(event.data.kind) && event.data.kind in ["a", "b"])',
            "the card is known and kind is not “a” or “b”",
        ),
        ("!has(order.store)", "the store is not known"),
        ("!member.attributes.vip", "vip is no"),
        ("member.attributes.vip == true", "vip is yes"),
        ('member.tier != "gold"', "the tier is not Gold"),
        ('now.getDate("Asia/Shanghai") == 18', "the day of the month is 18"),
        ("event.data.note == null", "event.data.note == null"),
        ("order.total % 100 == 0", "order.total % 100 == 0"),
        ("!(order.total % 100 == 0)", "!(order.total % 100 == 0)"),
        ('"card" in order.payment_methods', '"card" in order.payment_methods'),
        ("event.data.lines.exists(x, x.amount > 5)", "event.data.lines.exists(x, x.amount > 5)"),
    ],
)
def test_a_simple_condition_is_told_in_words_and_any_other_as_it_is(
    condition: str, words: str
) -> None:
    assert condition_words(condition, program(), "en") == words
