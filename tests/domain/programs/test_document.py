"""A document becomes the program that it says, and everything wrong in it is told at its place."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.programs.documents import changed, faults, program

from regulars.domain.amounts import Rate, Rounding
from regulars.domain.errors import ProgramInvalid
from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.document import read
from regulars.domain.programs.model import (
    CapPer,
    CurrencyKind,
    EarnKind,
    Expiry,
    ExpiryKind,
    MetricSource,
    StepDown,
    WhenSpent,
    WindowKind,
)

RULE = {"id": "more", "on": "purchase", "earn": {"currency": "points", "points": 1}}


def rule(**more: Any) -> tuple[str, Any]:
    """A further rule, as an edit."""
    return ("rules/3", RULE | more)


def test_the_small_document_is_a_valid_program() -> None:
    small = program()

    assert small.code == "small"
    assert small.zone.key == "Asia/Shanghai"
    assert small.enroll_unknown
    assert small.currencies["growth"].kind is CurrencyKind.STATUS
    assert small.custom_types["bottle_returned"].amount == "deposit"
    assert [rule.earn.kind for rule in small.rules] == [
        EarnKind.RATE,
        EarnKind.MULTIPLY,
        EarnKind.FIXED,
    ]


@pytest.mark.parametrize(
    ("rate", "per", "money", "expected"),
    [
        ("1", "1.00", "USD", Rate(1, 100)),
        ("1.2", "1.00", "CNY", Rate.of(12, 1000)),
        ("3", "10", "USD", Rate.of(3, 1000)),
        ("0.5", "100", "JPY", Rate.of(1, 200)),
        ("1", "0.005", "KWD", Rate.of(1, 5)),
        ("0.000001", "0.01", "USD", Rate.of(1, 10**6)),
    ],
)
def test_a_rate_is_exact_points_per_minor_unit(
    rate: str, per: str, money: str, expected: Rate
) -> None:
    text = changed(("money", money)).replace(
        '"rate": 1,\n    "per": 1', f'"rate": {rate},\n    "per": {per}'
    )

    assert read(text).rules[0].earn.rate == expected


def test_a_rule_says_everything_it_can_say() -> None:
    found = program(
        ("members/attributes/vip", "bool"),
        rule(
            rounding="half_up",
            on="purchase",
            lines={
                "categories": ["a"],
                "skus": ["s"],
                "except": {"brands": ["b"]},
                "where": "line.amount > 5",
            },
            schedule={
                "from": "2026-01-01",
                "until": "2026-07-01T00:00:00Z",
                "weekdays": ["sat", "sun"],
                "hours": ["08:00-11:30", "22:00-24:00"],
                "dates": ["2026-05-02"],
                "birth_month": True,
            },
            audience={"tiers": ["gold"], "where": "member.purchases > 3"},
            when="order.total >= 100",
            payment=["card"],
            caps=[{"per": "month", "points": 10}, {"per": "day", "times": 2}],
            budget=1000,
            stacking={"group": "promo", "priority": 7},
        ),
    ).rules[3]

    assert found.earn.rounding is Rounding.HALF_UP
    assert found.lines is not None
    assert found.lines.categories == {"a"}
    assert found.lines.except_brands == {"b"}
    assert found.lines.condition is not None
    assert found.schedule is not None
    assert found.schedule.starts_at == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert found.schedule.ends_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert found.schedule.weekdays == {5, 6}
    assert found.schedule.hours == ((480, 690), (1320, 1440))
    assert found.schedule.dates == {date(2026, 5, 2)}
    assert found.schedule.birth_month
    assert found.tiers == {"gold"}
    assert found.audience is not None
    assert found.condition is not None
    assert found.payment_methods == {"card"}
    assert [(cap.per, cap.points, cap.times) for cap in found.caps] == [
        (CapPer.MONTH, 10, None),
        (CapPer.DAY, None, 2),
    ]
    assert (found.budget, found.group, found.priority) == (1000, "promo", 7)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("never", Expiry(ExpiryKind.NEVER)),
        ({"after": "P12M"}, Expiry(ExpiryKind.AFTER, Duration(months=12))),
        ({"end_of": "year"}, Expiry(ExpiryKind.END_OF, Duration(), Unit.YEAR)),
        (
            {"end_of": "month", "after": "P36M"},
            Expiry(ExpiryKind.END_OF, Duration(months=36), Unit.MONTH),
        ),
        ({"inactive": "P1Y6M"}, Expiry(ExpiryKind.INACTIVE, Duration(months=18))),
    ],
)
def test_points_lapse_as_the_document_says(raw: object, expected: Expiry) -> None:
    assert program(("currencies/points/expiry", raw)).currencies["points"].expiry == expected


def test_a_ladder_is_read_and_keep_is_entry_where_it_is_not_given() -> None:
    ladder = program(
        ("tiers/metrics/bought", {"spend": True, "window": "calendar_year"}),
        ("tiers/metrics/visits", {"count": ["visit"], "window": {"rolling": "P90D"}}),
        ("tiers/metrics/assets", {"assets": True}),
        ("tiers/upgrade", {"at_end_of": "quarter"}),
        ("tiers/valid", {"until_end_of": "year", "after": "P1Y"}),
        ("tiers/grace", "P30D"),
        ("tiers/step_down", "qualified"),
        ("tiers/ladder/1/entry", {"any": [{"grown": 5, "visits": 2}, {"bought": 9}]}),
        ("returns", {"spent": "waive", "tier": "keep"}),
    )

    assert ladder.returns.spent is WhenSpent.WAIVE
    assert ladder.returns.keep_tier
    found = ladder.ladder
    assert found is not None
    assert found.metrics["bought"].source is MetricSource.SPEND
    assert found.metrics["visits"].window is WindowKind.ROLLING
    assert found.metrics["visits"].span == Duration(days=90)
    assert found.metrics["assets"].source is MetricSource.ASSETS
    assert found.review is Unit.QUARTER
    assert (found.valid, found.valid_until) == (Duration(months=12), Unit.YEAR)
    assert found.step_down is StepDown.QUALIFIED
    assert found.tiers[1].entry == ({"grown": 5, "visits": 2}, {"bought": 9})
    assert found.tiers[1].keep == found.tiers[1].entry
    assert found.tiers[0].keep == ()


def test_everything_wrong_is_told_at_once_in_the_order_of_the_text() -> None:
    found = faults(
        changed(
            ("time_zone", "Mars/Base"),
            ("rules/0/earn/currency", "gold"),
            ("rules/1/earn/multiply", 1),
            ("tiers/ladder/1/entry", {"spend": 1}),
        )
    )

    assert [fault.code for fault in found] == [
        "unknown_zone",
        "unknown_currency",
        "no_multiple",
        "unknown_metric",
    ]
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)


def test_a_condition_is_told_at_the_very_word_that_is_wrong() -> None:
    text = changed(rule(when='event.data.channel == "app" && order.totl >= 5'))

    (fault,) = faults(text)

    line = text.split("\n")[(fault.line or 0) - 1]
    assert line[(fault.column or 0) - 1 :].startswith("totl")
    assert "total" in fault.detail


def test_the_error_itself_says_how_many_there_are_and_which_is_first() -> None:
    with pytest.raises(ProgramInvalid, match=r"one error\. Line 8: There is no time zone Mars"):
        read(changed(("time_zone", "Mars")))


edited = st.sampled_from(
    [
        "regulars", "program", "name", "time_zone", "money", "currencies", "rules", "on", "earn",
        "points", "rate", "id", "tiers", "ladder", "entry", "where", "when", "schedule", "1", "{",
        "}", "[", "]", ",", ":", '"', "null", "true", "-1", "0.5", "\n", " ", "*a", "&a ", "\t",
        "é", "\u2028", "99999999999999999999", "line.amount > 3", "- ", "'", "|", "\x00", "\ud800",
    ]
)  # fmt: skip


@given(st.data())
def test_whatever_is_written_is_read_or_refused(data: st.DataObject) -> None:
    text = changed(rule(when="order.total > 3", schedule={"from": "2026-01-01"}))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(edited) + text[end:]

    faults(text)


values = st.sampled_from(
    [None, True, 0, -1, 10**17, "", "x", "P1D", "2026-01-01", [], {}, [{}], {"a": 1}, "points"]
)


@given(st.data())
def test_any_value_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    document = json.loads(
        changed(
            rule(
                schedule={"from": "2026-01-01", "hours": ["08:00-09:00"]},
                audience={"tiers": ["gold"]},
                caps=[{"per": "day", "points": 5}],
                lines={"categories": ["a"], "except": {"skus": ["b"]}},
                stacking={"group": "promo"},
            )
        )
    )
    target: Any = document
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        inner = target[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            target = inner
            continue
        target[key] = data.draw(values)
        break

    faults(json.dumps(document))
