"""A document of another shape is refused in words that say what to write instead."""

import pytest
from tests.domain.programs.documents import changed, faults

from regulars.domain.programs.schema import document_schema

CASES = [
    ("curencies", {}, "unknown_property", "curencies is not known here. Did you mean currencies?"),
    ("rules/0/earn/pre", 1, "unknown_property", "pre is not known here. Did you mean per?"),
    ("rules/0/rounding", "halfup", "not_a_choice", "Did you mean half_up?"),
    ("rules/0/rounding", "ceil", "not_a_choice", "Write one of down, half_up, up."),
    ("rules/0/id", "Base Rule", "not_well_formed", "small letters"),
    ("rules/0/id", 7, "not_of_type", "This must be a text; write it in quotes."),
    ("rules/0/earn", {"currency": "points"}, "not_valid", "Give one of: rate with per, points"),
    ("rules/0/earn", {"currency": "points", "rate": 1}, "not_valid", "per is missing here."),
    ("rules/0/earn/rate", -1, "not_valid", "This must be more than 0."),
    ("rules/0/earn/rate", "much", "not_of_type", "This must be a number."),
    ("rules/2/earn/points", True, "not_of_type", "This must be a whole number."),
    ("rules/0/caps", [{"per": "day"}], "not_valid", "Give points, times or both."),
    ("rules/0/caps", [{"points": 5}], "missing", "per is missing here."),
    ("rules/0/budget", 10**16, "not_valid", "This must be at most 1000000000000000."),
    ("rules/0/schedule", {}, "not_valid", "This is empty"),
    (
        "rules/0/schedule",
        {"hours": ["8-9"]},
        "not_well_formed",
        'Write hours such as "08:00-11:30"',
    ),
    ("rules/0/schedule", {"weekdays": ["sat", "sat"]}, "not_valid", "twice"),
    ("rules/0/on", 5, "not_a_choice", "Write an event type or a list of event types here."),
    ("rules/0/when", "", "not_valid", "This is empty"),
    ("rules/0/when", "x" * 5_000, "not_valid", "This has 5000 characters; at most 4000"),
    ("regulars", 2, "not_a_choice", "Write 1 here."),
    ("name", {"zh-CN": "x"}, "missing", "en is missing here."),
    ("name", "Small", "not_of_type", "This must be properties with values"),
    ("money", "RM", "not_well_formed", "three letters of ISO 4217"),
    ("members/unknown", "enrol", "not_a_choice", "Did you mean enroll?"),
    ("currencies/points/expiry", "later", "not_a_choice", "never or {after: P12M}"),
    ("currencies/points/expiry", {"after": "12 months"}, "not_well_formed", "such as P14D"),
    ("currencies/points/expiry", {"afer": "P1Y"}, "not_a_choice", "{after: P12M}"),
    ("currencies/points/breakage", 1, "not_valid", "This must be less than 1."),
    ("currencies/Points", {"kind": "spendable", "name": {"en": "x"}}, "not_well_formed", "small"),
    ("tiers/ladder", [], "not_valid", "This is empty"),
    ("tiers/metrics/grown", {"currency": "growth"}, "not_valid", "Give one of spend, count"),
    ("tiers/metrics/grown/window", "year", "not_a_choice", "calendar_year, lifetime or {rolling"),
    ("tiers/ladder/1/entry", {"any": []}, "not_valid", "This is empty"),
    ("tiers/ladder/1/entry", {"grown": 0}, "not_valid", "This must be at least 1."),
    ("tiers/valid", {"until_end_of": "week"}, "not_a_choice", "month, quarter, year"),
]


@pytest.mark.parametrize(("place", "value", "code", "words"), CASES)
def test_another_shape_is_told_with_what_to_write(
    place: str, value: object, code: str, words: str
) -> None:
    found = faults(changed((place, value)))

    assert code in {fault.code for fault in found}
    assert words in " ".join(fault.detail for fault in found)
    assert len(found) <= 2


def test_every_missing_property_is_told_once() -> None:
    found = faults('{"regulars": 1, "program": "x"}')

    assert sorted(fault.detail.split()[0] for fault in found) == [
        "currencies", "money", "name", "rules", "time_zone",
    ]  # fmt: skip


def test_a_text_that_ends_with_a_new_line_is_no_id() -> None:
    assert faults(changed(("rules/0/id", "base\n")))


@pytest.mark.parametrize("text", ["5", "[]", "'x'", "true", "0.5"])
def test_a_document_is_a_mapping(text: str) -> None:
    (fault,) = faults(text)

    assert (fault.code, fault.pointer, fault.line) == ("not_of_type", "", 1)


def test_limits_are_those_of_the_schema() -> None:
    rules = [
        {"id": f"r{n}", "on": "visit", "earn": {"currency": "points", "points": 1}}
        for n in range(501)
    ]
    limit = document_schema()["properties"]["rules"]["maxItems"]

    assert limit == 500
    assert not faults(changed(("rules", rules[:limit])))
    assert "at most 500" in faults(changed(("rules", rules)))[0].detail


def test_no_more_than_two_hundred_faults_are_told() -> None:
    rules = [{"id": f"R{n}"} for n in range(300)]

    assert len(faults(changed(("rules", rules)))) == 200
