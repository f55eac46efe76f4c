"""What a careful colleague would say is said, once, with its place; and nothing is said in vain."""

from typing import Any

import pytest
from tests.domain.programs.documents import SMALL, changed

from regulars.domain.errors import ProgramInvalid
from regulars.domain.programs.findings import Finding, Severity
from regulars.domain.programs.lint import lint

CLEAN: dict[str, Any] = SMALL | {
    "members": {"attributes": {"birth_month": "int"}},
    "event_attributes": {},
    "currencies": {
        "points": {
            "kind": "spendable",
            "name": {"en": "Points", "zh-CN": "积分"},
            "cash_value": {"points": 100, "amount": 1},
        },
        "growth": SMALL["currencies"]["growth"],
    },
    "rules": [
        *SMALL["rules"],
        {
            "id": "birthday",
            "name": {"en": "Birthday", "zh-CN": "生日"},
            "on": "purchase",
            "earn": {"currency": "points", "multiply": 2},
            "schedule": {"birth_month": True},
            "stacking": {"group": "promo"},
        },
    ],
    "budgets": [
        {
            "id": "all",
            "name": {"en": "All", "zh-CN": "全部"},
            "points": {"currency": "points", "most": 10**9},
        }
    ],
    "examples": [
        {
            "name": "A visit",
            "events": [
                {"type": "visit", "time": "2026-01-01T00:00:00Z", "expect": {"earn": {"growth": 5}}}
            ],
        }
    ],
}
NAMES = {"en": "More", "zh-CN": "更多"}


def rule(**more: Any) -> tuple[str, Any]:
    plain = {"id": "more", "name": NAMES, "on": "purchase"}
    return ("rules/4", plain | {"earn": {"currency": "points", "points": 1}} | more)


def found(*edits: tuple[str, Any]) -> list[Finding]:
    return lint(changed(*edits, of=CLEAN))


def test_nothing_is_said_about_a_good_program() -> None:
    assert found() == []


BY_RATE = {"currency": "points", "rate": 1, "per": 1}
GOLD = "tiers/ladder/1"
WARNINGS: list[tuple[str, str, list[tuple[str, Any]]]] = [
    ("no_examples", "", [("examples", [])]),
    ("no_name", "/rules/4", [("rules/4", {**rule()[1], "name": {"en": "x"}} | {"name": None})]),
    ("missing_translation", "/rules/0/name", [("rules/0/name", {"en": "Base"})]),
    ("missing_translation", "/tiers/ladder/1/name", [(f"{GOLD}/name", {"en": "Gold"})]),
    (
        "never_applies",
        "/rules/4/schedule",
        [rule(schedule={"dates": ["2026-05-02"], "weekdays": ["mon"]})],
    ),
    (
        "never_applies",
        "/rules/4/schedule",
        [rule(schedule={"dates": ["2026-05-02"], "until": "2026-05-02"})],
    ),
    (
        "never_applies",
        "/rules/4/schedule",
        [rule(schedule={"from": "2026-01-05", "until": "2026-01-07", "weekdays": ["sat"]})],
    ),
    (
        "never_applies",
        "/rules/4/schedule",
        [
            rule(
                schedule={
                    "from": "2026-01-05T12:00:00+08:00",
                    "until": "2026-01-05T20:00:00+08:00",
                    "hours": ["08:00-12:00", "20:00-24:00"],
                }
            )
        ],
    ),
    ("never_applies", "/rules/4/when", [rule(when="order.total > 100 && order.total <= 100")]),
    ("never_applies", "/rules/4/when", [rule(when="100 < order.total && order.total == 50")]),
    (
        "never_applies",
        "/rules/4/when",
        [rule(when='order.currency == "CNY" && order.currency == "USD"')],
    ),
    ("never_applies", "/rules/4/when", [rule(when="false")]),
    ("never_applies", "/rules/4/when", [rule(when="order.total > 5 && 1 > 2")]),
    ("never_applies", "/rules/4/when", [rule(when="order.total != order.total")]),
    ("always_true", "/rules/4/when", [rule(when="order.total > 5 || true")]),
    ("always_true", "/rules/4/when", [rule(when="!(1 == 2)")]),
    (
        "never_applies",
        "/rules/4/audience/tiers",
        [
            rule(audience={"tiers": ["gold"]}),
            ("rules/2/earn/currency", "points"),
        ],
    ),
    ("unknown_tier", "/rules/4/audience/where", [rule(audience={"where": 'member.tier == "god"'})]),
    ("may_be_absent", "/rules/4/when", [rule(when='order.channel == "app"')]),
    ("may_be_absent", "/rules/4/lines/where", [rule(lines={"where": 'line.sku == "app"'})]),
    (
        "lines_of_purchases",
        "/rules/4/lines",
        [rule(on=["purchase", "visit"], lines={"skus": ["a"]})],
    ),
    ("budget_without_cap", "/rules/4/budget", [rule(budget=50)]),
    ("cap_without_effect", "/rules/4/caps/0", [rule(caps=[{"per": "event", "times": 2}])]),
    (
        "cap_below_points",
        "/rules/4/caps/0",
        [rule(caps=[{"per": "day", "points": 4}], earn={"currency": "points", "points": 5})],
    ),
    (
        "multiplies_nothing",
        "/rules/4/earn",
        [rule(earn={"currency": "growth", "multiply": 2})],
    ),
    (
        "multiplies_nothing",
        "/rules/4/earn",
        [rule(on="card_payment", earn={"currency": "points", "multiply": 2, "of": ["base"]})],
    ),
    (
        "multiplies_nothing",
        "/rules/4/earn",
        [
            ("rules/0/lines", {"except": {"categories": ["fuel"]}}),
            rule(earn={"currency": "points", "multiply": 2}, lines={"categories": ["fuel"]}),
        ],
    ),
    (
        "equal_priority",
        "/rules/4/stacking",
        [
            ("stacking", {"promo": "priority"}),
            rule(earn={"currency": "points", "multiply": 3}, stacking={"group": "promo"}),
        ],
    ),
    ("gives_back_much", "/rules/0/earn", [("rules/0/earn/rate", 15)]),
    ("gives_back_much", "/rules/4/earn", [rule(earn={"currency": "points", "multiply": 25})]),
    (
        "never_earned",
        "/currencies/miles",
        [
            (
                "currencies/miles",
                {"kind": "spendable", "name": NAMES, "cash_value": {"points": 1, "amount": 1}},
            )
        ],
    ),
    ("status_not_counted", "/currencies/growth", [("tiers/metrics/grown", {"assets": True})]),
    (
        "expiry_before_pending",
        "/currencies/points/expiry",
        [("currencies/points/pending", "P31D"), ("currencies/points/expiry", {"after": "P1M"})],
    ),
    (
        "expiry_before_pending",
        "/currencies/points/expiry",
        [("currencies/points/pending", "P14D"), ("currencies/points/expiry", {"end_of": "month"})],
    ),
    (
        "unreachable_tier",
        "/tiers/ladder/1/entry",
        [("rules/2/earn/currency", "points")],
    ),
    (
        "entry_below",
        "/tiers/ladder/2/entry",
        [("tiers/ladder/2", {"id": "top", "name": NAMES, "entry": {"grown": 50}})],
    ),
    (
        "keep_above_entry",
        "/tiers/ladder/1/keep",
        [(f"{GOLD}/keep", {"grown": 51}), ("tiers/valid", {"for": "P1Y"})],
    ),
    ("keep_never_asked", "/tiers/ladder/1/keep", [(f"{GOLD}/keep", {"grown": 20})]),
    ("keep_never_asked", "/tiers/grace", [("tiers/grace", "P30D")]),
    ("unused_metric", "/tiers/metrics/x", [("tiers/metrics/x", {"assets": True})]),
    ("unused_attribute", "/members/attributes/vip", [("members/attributes/vip", "bool")]),
    (
        "unused_attribute",
        "/event_attributes/purchase/weather",
        [("event_attributes/purchase", {"weather": "string"})],
    ),
    ("unused_event_type", "/event_types/bottle_returned", [("rules/2/on", "visit")]),
    ("unknown_money", "/money", [("money", "RMB")]),
    ("unused_group", "/stacking/other", [("stacking/other", "best")]),
]


@pytest.mark.parametrize(("code", "pointer", "edits"), WARNINGS)
def test_a_warning_is_given_with_its_code_and_place(
    code: str, pointer: str, edits: list[tuple[str, Any]]
) -> None:
    edits = [
        (place, {key: inner for key, inner in value.items() if inner is not None})
        if isinstance(value, dict)
        else (place, value)
        for place, value in edits
    ]

    told = found(*edits)

    assert (code, pointer) in {(one.code, one.pointer) for one in told}
    assert all(one.severity is Severity.WARNING for one in told)
    assert all(one.line >= 1 and one.column >= 1 and one.message[-1] in ".?" for one in told)
    assert len(told) <= 3


@pytest.mark.parametrize(
    "edits",
    [
        [rule(when='has(order.channel) && order.channel == "app"')],
        [rule(when="order.total > 100 && order.total < 102")],
        [rule(when="order.total == 5 || order.total == 6")],
        [rule(audience={"where": 'member.tier == "gold"'})],
        [rule(schedule={"dates": ["2026-05-02"], "weekdays": ["sat"]})],
        [rule(schedule={"from": "2026-01-05", "until": "2026-01-12", "weekdays": ["sun"]})],
        [rule(budget=50, caps=[{"per": "day", "times": 1}])],
        [
            ("members/attributes/vip", "bool"),
            rule(audience={"where": "has(member.attributes.vip)"}),
        ],
        [
            ("event_attributes/purchase", {"weather": "string"}),
            rule(when="has(order.attributes.weather)"),
        ],
        [("tiers/ladder/2", {"id": "top", "name": NAMES, "entry": {"grown": 51}})],
        [("rules/0/earn/rate", 6)],
        [
            ("currencies/points/pending", "P14D"),
            ("currencies/points/expiry", {"end_of": "year", "after": "P1M"}),
        ],
    ],
)
def test_what_is_meant_is_not_warned_about(edits: list[tuple[str, Any]]) -> None:
    assert found(*edits) == []


def test_rules_for_different_goods_do_not_add_up() -> None:
    each = [
        {"id": f"r{n}", "name": NAMES, "on": "purchase", "earn": BY_RATE | {"rate": 8},
         "lines": {"categories": [f"c{n}"]}}
        for n in range(5)
    ]  # fmt: skip
    rules = [*CLEAN["rules"][2:3], *each]

    codes = [one.code for one in found(("rules", rules), ("stacking", {}), ("members", {}))]
    assert codes == []


def test_a_circle_of_conversions_that_makes_points_is_told() -> None:
    coins = {"kind": "spendable", "name": NAMES, "cash_value": {"points": 100, "amount": 1}}
    there = {"from": "points", "to": "coins", "take": 1, "give": 1}
    back = {"from": "coins", "to": "points", "take": 2, "give": 3}

    told = found(("currencies/coins", coins), ("conversions", [there, back]))

    assert [one.code for one in told] == ["conversion_circle", "conversion_gains"]
    assert "1.5 times" in told[0].message


def test_a_document_with_errors_is_told_only_those() -> None:
    told = found(("rules/0/earn/currency", "pionts"), ("examples", []))

    assert [(one.severity, one.code) for one in told] == [(Severity.ERROR, "unknown_currency")]


def test_what_is_no_document_at_all_is_refused() -> None:
    with pytest.raises(ProgramInvalid):
        lint("{")


def test_many_conversions_that_gain_are_told_once_and_soon() -> None:
    currency = {"kind": "spendable", "name": NAMES}
    more = {f"c{n}": currency for n in range(40)}
    around = [
        {"from": f"c{n}", "to": f"c{(n + step) % 40}", "take": 1, "give": 10**12}
        for n in range(40)
        for step in (1, 3, 7)
    ]

    told = found(("currencies", CLEAN["currencies"] | more), ("conversions", around))

    assert [one.code for one in told].count("conversion_circle") == 1


def test_a_long_way_round_without_gain_is_not_told() -> None:
    currency = {"kind": "spendable", "name": NAMES}
    more = {f"c{n}": currency for n in range(20)}
    around = [
        {"from": f"c{n}", "to": f"c{(n + 1) % 20}", "take": n + 2, "give": n + 1 if n else 2}
        for n in range(20)
    ]

    told = found(("currencies", CLEAN["currencies"] | more), ("conversions", around))

    assert "conversion_circle" not in {one.code for one in told}
