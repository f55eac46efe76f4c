"""The examples of a program: a member, events, and what must come out of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.events import BUILT_IN
from regulars.domain.programs.custom_types import RESERVED_PREFIX, schema_validator
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Program
from regulars.domain.programs.report import Report, suggestion
from regulars.domain.programs.values import moment


@dataclass(frozen=True, slots=True)
class Start:
    """The member before the first event. None: the lowest tier; enrolled at the first event.

    `cards`: paid cards that are held, by code, each with its end.
    """

    tier: str | None = None
    attributes: Mapping[str, bool | int | str] = field(default_factory=dict)
    enrolled_at: datetime | None = None
    purchases: int = 0
    cards: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come out; None says nothing about it.

    `earn` is by currency, all rules together, and currencies not named must earn nothing. `rules`
    and `reasons` are by rule and say nothing about others. `refused` is the code of a refusal.
    """

    earn: Mapping[str, int] | None = None
    rules: Mapping[str, int] | None = None
    reasons: Mapping[str, str] | None = None
    tier: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """An event as it is sent, and what is expected; `pointer` is its place in the document."""

    id: str
    type: str
    time: datetime
    data: Mapping[str, Any]
    expect: Expectation
    pointer: Path


@dataclass(frozen=True, slots=True)
class Example:
    """One member and the events that are decided on the member, one after the other."""

    name: str
    member: Start
    steps: tuple[Step, ...]


def check_examples(
    report: Report, raw: list[dict[str, Any]], program: Program
) -> tuple[Example, ...]:
    """The examples; reports what the program does not know and data of the wrong shape."""
    return tuple(
        Example(
            name=one["name"],
            member=_start(report, ("examples", place, "member"), one.get("member", {}), program),
            steps=_steps(report, ("examples", place, "events"), one["events"], program),
        )
        for place, one in enumerate(raw)
    )


def _start(report: Report, path: Path, raw: dict[str, Any], program: Program) -> Start:
    tier = raw.get("tier")
    _check_tier(report, (*path, "tier"), tier, program)
    attributes = raw.get("attributes", {})
    for name, value in attributes.items():
        kind = program.attributes.get(name)
        if kind is None:
            report.error(
                "unknown_attribute",
                (*path, "attributes", name),
                f"There is no member attribute {name}.{suggestion(name, program.attributes)}",
            )
        elif type(value) is not {"bool": bool, "int": int, "string": str}[kind]:
            report.error("example_data", (*path, "attributes", name), f"{name} is of kind {kind}.")
    return Start(
        tier=tier,
        attributes=attributes,
        enrolled_at=moment(
            report, (*path, "enrolled_at"), raw.get("enrolled_at"), zone=program.zone
        ),
        purchases=raw.get("purchases", 0),
        cards=_cards(report, (*path, "cards"), raw.get("cards", {}), program),
    )


def _cards(
    report: Report, path: Path, raw: dict[str, str], program: Program
) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for code, text in raw.items():
        if code not in program.cards:
            hint = suggestion(code, program.cards)
            report.error("unknown_card", (*path, code), f"There is no paid card {code}.{hint}")
        until = moment(report, (*path, code), text, zone=program.zone)
        assert until is not None
        found[code] = until
    return found


def _steps(
    report: Report, path: Path, raw: list[dict[str, Any]], program: Program
) -> tuple[Step, ...]:
    steps: list[Step] = []
    for place, one in enumerate(raw):
        at: Path = (*path, place)
        step_id = one.get("id", f"step-{place + 1}")
        if any(step.id == step_id for step in steps):
            report.error("duplicate_id", (*at, "id"), f"{step_id} is here twice.")
        time = moment(report, (*at, "time"), one["time"], zone=program.zone)
        assert time is not None
        data = one.get("data", {})
        _check_data(report, (*at, "data"), one["type"], data, program=program)
        steps.append(
            Step(
                id=step_id,
                type=one["type"],
                time=time,
                data=data,
                expect=_expectation(report, (*at, "expect"), one["expect"], program),
                pointer=at,
            )
        )
    return tuple(steps)


def _check_data(
    report: Report, path: Path, code: str, data: dict[str, Any], *, program: Program
) -> None:
    if code in BUILT_IN:
        try:
            msgspec.convert(data, BUILT_IN[code])
        except msgspec.ValidationError as error:
            report.error("example_data", path, f"This is no {code}: {error}.")
        return
    if code.startswith(RESERVED_PREFIX):
        return  # What the product records stands above this floor; it is checked when it is played.
    custom = program.custom_types.get(code)
    if custom is None:
        known = set(BUILT_IN) | set(program.custom_types)
        report.error(
            "unknown_event_type",
            (*path[:-1], "type"),
            f"There is no event type {code}.{suggestion(code, known)}",
        )
    elif not report.has_errors:
        for fault in schema_validator(custom.schema).iter_errors(data):
            where = (*path, *fault.instance_path)
            report.error("example_data", where, f"This is no {code}: {fault.message}.")


def _expectation(report: Report, path: Path, raw: dict[str, Any], program: Program) -> Expectation:
    if "refused" in raw and len(raw) > 1:
        report.error(
            "example_data", (*path, "refused"), "What is refused gives nothing: remove the rest."
        )
    _check_tier(report, (*path, "tier"), raw.get("tier"), program)
    rules = {rule.id for rule in program.rules}
    for name, known, what in (
        ("earn", program.currencies.keys(), "currency"),
        ("rules", rules, "rule"),
        ("reasons", rules, "rule"),
    ):
        for code in raw.get(name, {}):
            if code not in known:
                report.error(
                    f"unknown_{what}",
                    (*path, name, code),
                    f"There is no {what} {code}.{suggestion(code, known)}",
                )
    return Expectation(
        earn=raw.get("earn"),
        rules=raw.get("rules"),
        reasons=raw.get("reasons"),
        tier=raw.get("tier"),
        refused=raw.get("refused"),
    )


def _check_tier(report: Report, path: Path, code: str | None, program: Program) -> None:
    known = [tier.code for tier in program.ladder.tiers] if program.ladder else []
    if code is not None and code not in known:
        report.error("unknown_tier", path, f"There is no tier {code}.{suggestion(code, known)}")
