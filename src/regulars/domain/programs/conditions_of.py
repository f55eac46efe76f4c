"""All conditions of a program, parsed and checked again, with the places where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from regulars.domain.conditions.checking import CheckedCondition, check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import Expr
from regulars.domain.conditions.types import Fields
from regulars.domain.programs.fields import audience_fields, rule_fields
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Program, Rule


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition of a rule: its place, its syntax, and what it reads."""

    path: Path
    rule: Rule
    expr: Expr
    checked: CheckedCondition


def conditions_of(program: Program) -> Iterator[Stated]:
    """Every condition of every rule; the program must be valid."""
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
