"""Looks for what is declared and never used: attributes, event types, stacking groups."""

from collections.abc import Iterator

from regulars.domain.programs.conditions_of import Stated, conditions_of
from regulars.domain.programs.model import Program
from regulars.domain.programs.report import Report
from regulars.domain.programs.schedules import BIRTH_MONTH


def lint_usage(report: Report, program: Program) -> None:
    """Report declarations without use."""
    stated = list(conditions_of(program))
    _lint_attributes(report, program, stated)
    _lint_event_attributes(report, program, stated)
    types = {code for rule in program.rules for code in rule.on} | _counted_types(program)
    for code in program.custom_types:
        if code not in types:
            report.warn(
                "unused_event_type",
                ("event_types", code),
                f"No rule and no metric looks at {code}. Write a rule on it, or remove it.",
            )
    groups = {rule.group for rule in program.rules} | {one.group for one in program.benefits}
    for code in program.stacking:
        if code not in groups:
            report.warn(
                "unused_group", ("stacking", code), f"No rule is in the group {code}. Remove it."
            )


def _counted_types(program: Program) -> set[str]:
    metrics = program.ladder.metrics.values() if program.ladder else ()
    return {code for metric in metrics for code in metric.types}


def _lint_attributes(report: Report, program: Program, stated: list[Stated]) -> None:
    used = set(_attributes_read(stated, ("member",)))
    schedules = [rule.schedule for rule in program.rules]
    schedules += [benefit.schedule for benefit in program.benefits]
    celebrated = any("birthday" in rule.occasions for rule in program.rules)
    if celebrated or any(schedule and schedule.birth_month for schedule in schedules):
        used.add(BIRTH_MONTH)
    for name in program.attributes:
        if name not in used:
            report.warn(
                "unused_attribute",
                ("members", "attributes", name),
                f"No rule looks at {name}. Keep no more about members than is used.",
            )


def _lint_event_attributes(report: Report, program: Program, stated: list[Stated]) -> None:
    for code, declared in program.event_attributes.items():
        here = [one for one in stated if code in one.rule.on]
        used = set(_attributes_read(here, ("event", "data"), ("order",)))
        for name in declared:
            if name not in used:
                report.warn(
                    "unused_attribute",
                    ("event_attributes", code, name),
                    f"No rule looks at {name}. Use it in a condition, or remove it.",
                )


def _attributes_read(stated: list[Stated], *roots: tuple[str, ...]) -> Iterator[str]:
    for one in stated:
        for path in one.checked.fields_used:
            if any(path[:-1] == (*root, "attributes") for root in roots):
                yield path[-1]
