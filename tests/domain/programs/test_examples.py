"""A document's examples are read whole, and what they name must exist."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.domain.programs.documents import changed, faults

from regulars.domain.programs.document import read_examples

STEP: dict[str, Any] = {
    "id": "first",
    "type": "purchase",
    "time": "2026-03-01T12:00:00+08:00",
    "data": {"currency": "CNY", "total": 1250},
    "expect": {"earn": {"points": 12}, "rules": {"base": 12}, "reasons": {"double": "nothing"}},
}
MEMBER = {
    "tier": "gold",
    "attributes": {"vip": True, "birth_month": 5},
    "enrolled_at": "2025-01-01",
    "purchases": 4,
}


def document(step: dict[str, Any] | None = None, member: dict[str, Any] | None = None) -> str:
    example = {"name": "One", "events": [STEP | (step or {})], "member": MEMBER | (member or {})}
    return changed(("examples", [example]))


def test_an_example_says_where_the_member_starts_and_what_must_come_out() -> None:
    (example,) = read_examples(document())

    assert example.name == "One"
    assert example.member.tier == "gold"
    assert example.member.attributes == {"vip": True, "birth_month": 5}
    assert example.member.enrolled_at == datetime(2024, 12, 31, 16, tzinfo=UTC)
    assert example.member.purchases == 4
    (step,) = example.steps
    assert (step.id, step.type) == ("first", "purchase")
    assert step.time == datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert step.data == {"currency": "CNY", "total": 1250}
    assert step.expect.earn == {"points": 12}
    assert step.expect.rules == {"base": 12}
    assert step.expect.reasons == {"double": "nothing"}
    assert step.expect.tier is None
    assert step.expect.refused is None


def test_steps_without_an_id_are_counted() -> None:
    step = {key: value for key, value in STEP.items() if key != "id"}
    text = changed(("examples", [{"name": "Two", "events": [step, step]}]))

    assert [one.id for one in read_examples(text)[0].steps] == ["step-1", "step-2"]


AT = "/examples/0/events/0"


@pytest.mark.parametrize(
    ("step", "member", "code", "pointer"),
    [
        ({"type": "purchse"}, {}, "unknown_event_type", f"{AT}/type"),
        ({"data": {"currency": "CNY", "totl": 5}}, {}, "example_data", f"{AT}/data"),
        ({"data": {"currency": "CNY", "total": 0.5}}, {}, "example_data", f"{AT}/data"),
        ({"time": "2026-02-30T00:00:00Z"}, {}, "not_a_moment", f"{AT}/time"),
        ({"expect": {"earn": {"pints": 1}}}, {}, "unknown_currency", f"{AT}/expect/earn/pints"),
        ({"expect": {"rules": {"bas": 1}}}, {}, "unknown_rule", f"{AT}/expect/rules/bas"),
        ({"expect": {"reasons": {"bas": "cap"}}}, {}, "unknown_rule", f"{AT}/expect/reasons/bas"),
        ({"expect": {"tier": "god"}}, {}, "unknown_tier", f"{AT}/expect/tier"),
        (
            {"expect": {"refused": "not_allowed", "tier": "gold"}},
            {},
            "example_data",
            f"{AT}/expect/refused",
        ),
        ({}, {"tier": "god"}, "unknown_tier", "/examples/0/member/tier"),
        ({}, {"attributes": {"x": 1}}, "unknown_attribute", "/examples/0/member/attributes/x"),
        ({}, {"attributes": {"vip": 1}}, "example_data", "/examples/0/member/attributes/vip"),
        (
            {"type": "bottle_returned", "data": {"deposit": "much"}},
            {},
            "example_data",
            f"{AT}/data/deposit",
        ),
    ],
)
def test_what_an_example_gets_wrong_is_told(
    step: dict[str, Any], member: dict[str, Any], code: str, pointer: str
) -> None:
    (fault,) = faults(document(step, member))

    assert (fault.code, fault.pointer) == (code, pointer)


def test_a_reason_that_there_is_not_is_no_shape() -> None:
    (fault,) = faults(document({"expect": {"reasons": {"base": "weather"}}}))

    assert fault.code == "not_a_choice"
