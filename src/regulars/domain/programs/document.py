"""Reads a program document: the text a person wrote becomes the program the engine uses."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from regulars.domain.events import BUILT_IN
from regulars.domain.programs.budgets import read_budgets
from regulars.domain.programs.cards import read_cards
from regulars.domain.programs.currencies import read_conversions, read_currencies
from regulars.domain.programs.custom_types import read_custom_types
from regulars.domain.programs.examples import Example, check_examples
from regulars.domain.programs.fields import is_field_name
from regulars.domain.programs.findings import Path
from regulars.domain.programs.ladders import read_ladder
from regulars.domain.programs.model import Pick, Program, ReturnPolicy, WhenSpent
from regulars.domain.programs.playing import read_badges
from regulars.domain.programs.reading_benefits import grantable, read_benefits
from regulars.domain.programs.reading_lifecycle import read_lifecycle
from regulars.domain.programs.report import Report
from regulars.domain.programs.rules import Surroundings, read_rules
from regulars.domain.programs.shape import check_shape
from regulars.domain.programs.source import open_document

_SMALL = """
regulars: 1
program: small
name: {en: Small}
time_zone: UTC
money: EUR
currencies: {points: {kind: spendable, name: {en: Points}}}
rules:
  - id: base
    name: {en: Base}
    on: purchase
    earn: {currency: points, points: 1}
    when: member.purchases == 0
"""


def get_ready() -> None:
    """Build what reads documents, their check and the grammar of conditions, which the first one
    would wait for: a fifth of a second."""
    read(_SMALL)


def read(text: str) -> Program:
    """The program of a YAML or JSON document. Raises ProgramInvalid with every error found."""
    report = Report(open_document(text))
    program, _ = build(report)
    report.refuse_errors()
    assert program is not None
    return program


def read_examples(text: str) -> tuple[Example, ...]:
    """The examples of a document. Raises ProgramInvalid as `read` does."""
    report = Report(open_document(text))
    _, examples = build(report)
    report.refuse_errors()
    return examples


def build(report: Report) -> tuple[Program | None, tuple[Example, ...]]:
    """The program and its examples; None where the document has another shape altogether.

    Everything wrong is in the report afterwards, and then the program is not to be used.
    """
    check_shape(report)
    if report.has_errors:
        return None, ()
    raw = report.source.value
    zone = _zone(report, raw["time_zone"])
    currencies = read_currencies(report, raw["currencies"], money=raw["money"])
    custom_types = read_custom_types(report, raw.get("event_types", {}))
    attributes = raw.get("members", {}).get("attributes", {})
    _check_names(report, ("members", "attributes"), attributes)
    around = Surroundings(
        zone=zone,
        money=raw["money"],
        currencies=currencies,
        attributes=attributes,
        event_attributes=_event_attributes(report, raw.get("event_attributes", {})),
        custom_types=custom_types,
        stacking={code: Pick(one) for code, one in raw.get("stacking", {}).items()},
        ladder=read_ladder(
            report,
            raw.get("tiers"),
            currencies=currencies,
            types=set(BUILT_IN) | set(custom_types),
        ),
        badges=frozenset(raw.get("badges", {})),
        benefits=grantable(raw.get("benefits", [])),
        lifecycle=read_lifecycle(report, raw.get("lifecycle"), set(BUILT_IN) | set(custom_types)),
        cards=read_cards(report, raw.get("cards", {}), money=raw["money"], currencies=currencies),
    )
    rules = read_rules(report, raw["rules"], around)
    benefits = read_benefits(report, raw.get("benefits", []), around, {rule.id for rule in rules})
    program = Program(
        code=raw["program"],
        name=raw["name"],
        zone=zone,
        money=raw["money"],
        currencies=currencies,
        rules=rules,
        enroll_unknown=raw.get("members", {}).get("unknown", "enroll") == "enroll",
        attributes=attributes,
        event_attributes=around.event_attributes,
        custom_types=custom_types,
        conversions=read_conversions(report, raw.get("conversions", []), currencies),
        stacking=around.stacking,
        ladder=around.ladder,
        returns=ReturnPolicy(
            spent=WhenSpent(raw.get("returns", {}).get("spent", "negative")),
            keep_tier=raw.get("returns", {}).get("tier") == "keep",
        ),
        cards=around.cards,
        benefits=benefits,
        lifecycle=around.lifecycle,
        badges=read_badges(raw.get("badges", {})),
        budgets=read_budgets(
            report,
            raw.get("budgets", []),
            money=raw["money"],
            currencies=list(currencies),
            rules=[rule.id for rule in rules] + [one.id for one in benefits],
            benefits=[one.id for one in benefits],
        ),
    )
    return program, check_examples(report, raw.get("examples", []), program)


def _zone(report: Report, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        report.error(
            "unknown_zone",
            ("time_zone",),
            f"There is no time zone {name}. Write one such as Asia/Shanghai.",
        )
        return ZoneInfo("UTC")


def _check_names(report: Report, path: Path, declared: Mapping[str, Any]) -> None:
    for name in declared:
        if not is_field_name(name):
            report.error(
                "reserved_word",
                (*path, name),
                f"{name} has a meaning in conditions already: choose another name.",
            )


def _event_attributes(
    report: Report, raw: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Mapping[str, str]]:
    for code, declared in raw.items():
        if code not in BUILT_IN:
            report.error(
                "unknown_event_type",
                ("event_attributes", code),
                f"{code} is no built-in event type; its data is in its schema.",
            )
        _check_names(report, ("event_attributes", code), declared)
    return raw
