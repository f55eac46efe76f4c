"""All conditions of a program, parsed and checked again, with the places where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from regulars.domain.conditions.checking import CheckedCondition, check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import Expr
from regulars.domain.conditions.types import Fields
from regulars.domain.programs.fields import audience_fields, rule_fields
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import NO_POINTS, Program, Rule


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition of a rule, or of a benefit as if it were one: its place, its syntax, and what it
    reads."""

    path: Path
    rule: Rule
    expr: Expr
    checked: CheckedCondition


def conditions_of(program: Program) -> Iterator[Stated]:
    """Every condition of every rule and benefit; the program must be valid."""
    yield from _of_benefits(program)
    for place, rule in enumerate(program.rules):
        path: Path = ("rules", place)
        if rule.audience is not None:
            fields = audience_fields(program.attributes)
            yield _stated((*path, "audience", "where"), rule, rule.audience.text, fields)
        if rule.condition is not None:
            fields = fields_of(rule, program)
            yield _stated((*path, "when"), rule, rule.condition.text, fields)
        if rule.lines is not None and rule.lines.condition is not None:
            fields = rule_fields(
                {"purchase"},
                attributes=program.attributes,
                event_attributes=program.event_attributes,
                custom_types=program.custom_types,
                with_line=True,
            )
            yield _stated((*path, "lines", "where"), rule, rule.lines.condition.text, fields)


def _of_benefits(program: Program) -> Iterator[Stated]:
    for place, benefit in enumerate(program.benefits):
        path: Path = ("benefits", place)
        rule = Rule(benefit.id, benefit.name, frozenset({"purchase"}), NO_POINTS)
        if benefit.carriers is not None and benefit.carriers.where is not None:
            fields = audience_fields(program.attributes)
            yield _stated((*path, "for", "where"), rule, benefit.carriers.where.text, fields)
        if benefit.condition is not None:
            fields = fields_of(rule, program)
            yield _stated((*path, "when"), rule, benefit.condition.text, fields)
        if benefit.lines is not None and benefit.lines.condition is not None:
            fields = rule_fields(
                {"purchase"},
                attributes=program.attributes,
                event_attributes=program.event_attributes,
                custom_types=program.custom_types,
                with_line=True,
            )
            yield _stated((*path, "lines", "where"), rule, benefit.lines.condition.text, fields)


def fields_of(rule: Rule, program: Program) -> Fields:
    """What a rule's `when` may look at."""
    return rule_fields(
        rule.on,
        attributes=program.attributes,
        event_attributes=program.event_attributes,
        custom_types=program.custom_types,
    )


def _stated(path: Path, rule: Rule, text: str, fields: Fields) -> Stated:
    expr = parse(text)
    return Stated(path, rule, expr, check(expr, fields))
