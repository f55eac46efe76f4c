"""Each thing that can be wrong in a document is told by its code, at its place."""

from typing import Any

import pytest
from tests.domain.programs.documents import changed, faults

RULE = {"id": "more", "on": "purchase", "earn": {"currency": "points", "points": 1}}


def rule(**more: Any) -> tuple[str, Any]:
    """A further rule, as an edit."""
    return ("rules/3", RULE | more)


POINTS = "currencies/points"
WRONG: list[tuple[str, str, list[tuple[str, Any]]]] = [
    ("unknown_zone", "/time_zone", [("time_zone", "Asia/Shanghigh")]),
    ("unknown_zone", "/time_zone", [("time_zone", "../../etc/passwd")]),
    ("not_exact", "/rules/0/earn/per", [("rules/0/earn/per", 1), ("money", "CNY")]),
    ("unknown_currency", "/rules/0/earn/currency", [("rules/0/earn/currency", "pionts")]),
    ("unknown_event_type", "/rules/0/on", [("rules/0/on", "purchse")]),
    ("unknown_event_type", "/rules/2/on/1", [("rules/2/on", ["visit", "bottle"])]),
    ("return_earns", "/rules/0/on", [("rules/0/on", "return")]),
    ("no_amount", "/rules/0/earn/rate", [("rules/0/on", ["purchase", "visit"])]),
    ("duplicate_id", "/rules/1/id", [("rules/1/id", "base")]),
    ("no_multiple", "/rules/1/earn/multiply", [("rules/1/earn/multiply", 1)]),
    ("unknown_rule", "/rules/1/earn/of/0", [("rules/1/earn/of", ["bass"])]),
    ("multiplied_multiplier", "/rules/1/earn/of/0", [("rules/1/earn/of", ["double"])]),
    ("other_currency", "/rules/1/earn/of/0", [("rules/1/earn/of", ["grow"])]),
    ("unknown_group", "/rules/3/stacking/group", [rule(stacking={"group": "prom"})]),
    (
        "mixed_group",
        "/rules/3/stacking/group",
        [("rules/1/stacking", {"group": "promo"}), rule(stacking={"group": "promo"})],
    ),
    ("unknown_tier", "/rules/3/audience/tiers/0", [rule(audience={"tiers": ["godl"]})]),
    ("purchases_only", "/rules/3/lines", [rule(on="visit", lines={"skus": ["a"]})]),
    ("purchases_only", "/rules/3/payment", [rule(on="visit", payment=["cash"])]),
    ("duplicate_id", "/rules/3/caps/1/per", [rule(caps=[{"per": "day", "times": 1}] * 2)]),
    (
        "empty_span",
        "/rules/3/schedule/until",
        [rule(schedule={"from": "2026-01-02", "until": "2026-01-02"})],
    ),
    ("empty_span", "/rules/3/schedule/hours/0", [rule(schedule={"hours": ["22:00-02:00"]})]),
    ("not_a_day", "/rules/3/schedule/dates/0", [rule(schedule={"dates": ["2026-02-30"]})]),
    ("not_a_moment", "/rules/3/schedule/from", [rule(schedule={"from": "2026-02-03T25:00:00Z"})]),
    (
        "no_birth_month",
        "/rules/3/schedule/birth_month",
        [rule(schedule={"birth_month": True}), ("members/attributes", {"vip": "bool"})],
    ),
    ("condition_invalid", "/rules/3/when", [rule(when="order.totl > 5")]),
    ("condition_invalid", "/rules/3/when", [rule(when="order.total")]),
    ("condition_invalid", "/rules/3/when", [rule(on="visit", when="order.total > 5")]),
    ("condition_invalid", "/rules/3/audience/where", [rule(audience={"where": "order.total > 5"})]),
    ("condition_invalid", "/rules/3/lines/where", [rule(lines={"where": "line.amount > "})]),
    (
        "status_currency",
        "/currencies/growth/expiry",
        [("currencies/growth/expiry", {"after": "P1Y"})],
    ),
    ("status_currency", "/currencies/growth/pending", [("currencies/growth/pending", "P1D")]),
    (
        "status_currency",
        "/currencies/growth/transferable",
        [("currencies/growth/transferable", True)],
    ),
    (
        "status_currency",
        "/currencies/growth/cash_value",
        [("currencies/growth/cash_value", {"points": 1, "amount": 1})],
    ),
    ("not_a_duration", f"/{POINTS}/pending", [(f"{POINTS}/pending", "P0D")]),
    (
        "unknown_currency",
        "/conversions/0/to",
        [("conversions", [{"from": "points", "to": "miles", "take": 5, "give": 1}])],
    ),
    (
        "status_currency",
        "/conversions/0/to",
        [("conversions", [{"from": "points", "to": "growth", "take": 5, "give": 1}])],
    ),
    (
        "same_currency",
        "/conversions/0",
        [("conversions", [{"from": "points", "to": "points", "take": 5, "give": 1}])],
    ),
    ("unknown_metric", "/tiers/ladder/1/entry/grwn", [("tiers/ladder/1/entry", {"grwn": 5})]),
    (
        "unknown_metric",
        "/tiers/ladder/1/keep/any/0/x",
        [("tiers/ladder/1/keep", {"any": [{"x": 5}]})],
    ),
    ("no_entry", "/tiers/ladder/2", [("tiers/ladder/2", {"id": "top", "name": {"en": "Top"}})]),
    ("first_tier", "/tiers/ladder/0/entry", [("tiers/ladder/0/entry", {"grown": 1})]),
    ("duplicate_id", "/tiers/ladder/1/id", [("tiers/ladder/1/id", "basic")]),
    (
        "unknown_currency",
        "/tiers/metrics/grown/currency",
        [("tiers/metrics/grown/currency", "groth")],
    ),
    (
        "unknown_event_type",
        "/tiers/metrics/many/count/0",
        [("tiers/metrics/many", {"count": ["visits"], "window": "lifetime"})],
    ),
    ("reserved_word", "/members/attributes/class", [("members/attributes/class", "bool")]),
    ("reserved_word", "/event_attributes/visit/for", [("event_attributes/visit", {"for": "int"})]),
    (
        "unknown_event_type",
        "/event_attributes/bottle_returned",
        [("event_attributes/bottle_returned", {"size": "int"})],
    ),
    (
        "built_in_type",
        "/event_types/visit",
        [("event_types/visit", {"schema": {"type": "object"}})],
    ),
    (
        "built_in_type",
        "/event_types/regulars.mine",
        [("event_types/regulars.mine", {"schema": {"type": "object"}})],
    ),
]


@pytest.mark.parametrize(("code", "pointer", "edits"), WRONG)
def test_what_is_wrong_is_told_by_code_and_place(
    code: str, pointer: str, edits: list[tuple[str, Any]]
) -> None:
    text = changed(*edits)
    if code == "not_exact":
        text = text.replace('"per": 1', '"per": 1.005')

    found = faults(text)

    assert [(fault.code, fault.pointer) for fault in found][:1] == [(code, pointer)]
    assert len(found) == 1


SCHEMA = "event_types/bottle_returned/schema"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (f"{SCHEMA}/type", "array"),
        (f"{SCHEMA}/type", "objekt"),
        (f"{SCHEMA}/properties/kind/pattern", "(a"),
        (f"{SCHEMA}/properties/kind/pattern", "a" * 300),
        (f"{SCHEMA}/properties/kind/$ref", "https://example.com/kind.json"),
        (f"{SCHEMA}/properties/kind/$ref", "#/nowhere"),
        (f"{SCHEMA}/properties/kind/$dynamicRef", "#kind"),
        (f"{SCHEMA}/$id", "https://example.com/bottle.json"),
        (f"{SCHEMA}/$schema", "http://json-schema.org/draft-04/schema"),
        (f"{SCHEMA}/properties/kind/type", "text"),
        (f"{SCHEMA}/required", "deposit"),
        (f"{SCHEMA}/patternProperties", {"[": {"type": "string"}}),
    ],
)
def test_the_schema_of_an_event_type_must_be_one_and_stand_alone(place: str, value: Any) -> None:
    found = faults(changed((place, value)))

    assert {fault.code for fault in found} == {"event_schema"}
    assert all(fault.pointer.startswith("/event_types/bottle_returned/schema") for fault in found)


@pytest.mark.parametrize("declared", [{"type": "string"}, {"type": "integer"}, {"minimum": 0}, 5])
def test_an_amount_is_a_whole_number_that_is_never_negative(declared: Any) -> None:
    found = faults(changed((f"{SCHEMA}/properties/deposit", declared)))

    assert "amount_property" in {fault.code for fault in found}
