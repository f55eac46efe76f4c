"""A diff is empty exactly when nothing changed, and says in words what did."""

import json
from dataclasses import fields
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.domain.programs.documents import SMALL, changed, program

from regulars.domain.errors import ProgramInvalid
from regulars.domain.programs.diff import PROGRAM_FIELDS, diff
from regulars.domain.programs.diff_rules import RULE_FIELDS
from regulars.domain.programs.diff_tiers import LADDER_FIELDS
from regulars.domain.programs.document import read
from regulars.domain.programs.model import Ladder, Program, Rule
from regulars.domain.programs.source import open_document


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key != "examples"}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return float(value) if isinstance(value, Fraction) else value


DOCUMENTS = [
    json.dumps(plain(open_document(path.read_text(encoding="utf-8")).value))
    for path in sorted(Path("examples").glob("*.yaml"))
] + [json.dumps(SMALL)]

TEXTS = [
    "en",
    "points",
    "best",
    "priority",
    "all",
    "P6M",
    "purchase",
    "visit",
    "gold",
    "up",
    "year",
]


def other(value: Any, draw: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + draw(st.sampled_from([1, 2, 0.5, -1, 100]))
    if isinstance(value, list) and len(value) > 1:
        return draw(st.permutations(value))
    if isinstance(value, dict):
        return value
    return draw(st.sampled_from([*TEXTS, f"{value}x", "2026-03-01", "line.amount > 7"]))


@cache
def original(text: str) -> Program:
    return read(text)


@st.composite
def pairs(draw: Any) -> tuple[Program, Program]:
    """Two programs: one of the documents, and the same with up to three edits anywhere."""
    text = draw(st.sampled_from(DOCUMENTS))
    document = json.loads(text)
    for _ in range(draw(st.integers(0, 3))):
        target: Any = document
        while True:
            keys = list(target) if isinstance(target, dict) else list(range(len(target)))
            key = draw(st.sampled_from(keys))
            if isinstance(target[key], dict | list) and target[key] and draw(st.integers(0, 9)):
                target = target[key]
                continue
            if draw(st.integers(0, 2)):
                target[key] = other(target[key], draw)
            else:
                del target[key]
            break
        assume(document)
    try:
        return original(text), read(json.dumps(document))
    except ProgramInvalid:
        assume(False)
        raise


# Many a random change leaves no valid program.
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(pairs())
def test_a_diff_is_empty_exactly_when_the_programs_are_equal(pair: tuple[Program, Program]) -> None:
    old, new = pair

    forth, back = diff(old, new), diff(new, old)

    assert (forth == []) is (old == new)
    assert (back == []) is (old == new)
    assert all(sentence.strip() for sentence in forth)
    assert len(set(forth)) == len(forth)


@given(st.sampled_from(DOCUMENTS), st.sampled_from(DOCUMENTS))
def test_any_two_programs_can_be_compared(one: str, other_one: str) -> None:
    assert (diff(original(one), original(other_one)) == []) is (one == other_one)


def test_no_field_is_forgotten() -> None:
    assert PROGRAM_FIELDS.keys() == {field.name for field in fields(Program)}
    assert RULE_FIELDS.keys() == {field.name for field in fields(Rule)}
    assert LADDER_FIELDS.keys() == {field.name for field in fields(Ladder)}


CAP = ("rules/0/caps", [{"per": "day", "points": 200}])


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            CAP,
            ("rules/0/caps", [{"per": "day", "points": 300}]),
            "Rule “Base”: cap a day raised from 200 points to 300 points",
        ),
        (
            CAP,
            ("rules/0/caps", [{"per": "day", "points": 100}]),
            "Rule “Base”: cap a day lowered from 200 points to 100 points",
        ),
        (CAP, None, "Rule “Base”: cap a day removed: it was 200 points"),
        (
            None,
            ("rules/0/caps", [{"per": "week", "times": 3}]),
            "Rule “Base”: cap a week (events) added: 3 times",
        ),
        (
            None,
            ("rules/0/earn/rate", 2),
            "Rule “Base”: what it gives changed from 1 point per 1.00 CNY to 2 points per 1.00 CNY",
        ),
        (
            None,
            ("rules/0/rounding", "up"),
            "Rule “Base”: rounding changed from down to up",
        ),
        (
            None,
            ("rules/0/when", "order.total > 5"),
            "Rule “Base”: condition added: order.total > 5",
        ),
        (None, ("rules/0/lines", {"skus": ["a"]}), "Rule “Base”: articles added: a"),
        (
            None,
            ("rules/0/schedule", {"weekdays": ["sat"], "birth_month": True}),
            "Rule “Base”: weekdays added: Saturdays",
        ),
        (
            None,
            ("rules/0/audience", {"tiers": ["gold"]}),
            "Rule “Base”: now for gold members",
        ),
        (
            ("rules/0/budget", 5),
            ("rules/0/budget", 9),
            "Rule “Base”: budget raised from 5 points to 9 points",
        ),
        (
            None,
            ("rules/0/name/en", "Basic"),
            "Rule “Basic”: name (en) changed from “Base” to “Basic”",
        ),
        (
            None,
            ("rules/3", {"id": "x", "on": "visit", "earn": {"currency": "points", "points": 9}}),
            "New rule “x” (x): 9 points for each visit",
        ),
        (
            ("rules/3", {"id": "x", "on": "visit", "earn": {"currency": "points", "points": 9}}),
            None,
            "Rule “x” (x) removed: it gave 9 points for each visit",
        ),
        (
            None,
            ("tiers/ladder/2", {"id": "top", "name": {"en": "Top"}, "entry": {"grown": 90}}),
            "New tier “Top” (top) above gold from grown ≥ 90, kept from grown ≥ 90",
        ),
        (
            None,
            ("tiers/ladder/1/entry", {"grown": 60}),
            "Tier “Gold”: entry changed from grown ≥ 50 to grown ≥ 60",
        ),
        (
            None,
            ("tiers/valid", {"for": "P12M"}),
            "How long a tier is held changed from for ever to 12 months",
        ),
        (
            None,
            ("currencies/points/expiry", {"end_of": "year"}),
            "Currency “Points”: expiry changed from never to at the end of the year",
        ),
        (
            None,
            ("currencies/points/cash_value", {"points": 100, "amount": 1}),
            "Currency “Points”: cash value added: 1.00 CNY per 100 points",
        ),
        (None, ("money", "JPY"), "Money changed from CNY to JPY"),
        (None, ("members/unknown", "refuse"), "Events of unknown persons are now refused"),
        (None, ("stacking/extra", "all"), "Stacking group extra added: all"),
        (None, ("returns/tier", "keep"), "A return no longer takes a tier back"),
        (
            None,
            ("event_types/bottle_returned/schema/required", []),
            "Event type bottle_returned: schema changed to",
        ),
        (None, ("event_attributes/visit", {"sun": "bool"}), "Attribute of visit sun added: bool"),
    ],
)
def test_a_change_is_told_in_words(
    before: tuple[str, Any] | None, after: tuple[str, Any] | None, sentence: str
) -> None:
    old = program(*([before] if before else []))
    new = program(*([after] if after else []))

    assert any(told.startswith(sentence) for told in diff(old, new)), diff(old, new)


def test_rules_in_another_order_are_told() -> None:
    swapped = [SMALL["rules"][place] for place in (1, 0, 2)]

    assert diff(program(), read(changed(("rules", swapped)))) == [
        "Rules are now in the order double, base, grow"
    ]
