"""Turns the CEL texts of a document into functions, and tells where in it one is wrong."""

from typing import Any

from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.types import Fields
from regulars.domain.errors import ConditionInvalid
from regulars.domain.programs.findings import Path
from regulars.domain.programs.pieces import Condition
from regulars.domain.programs.report import Report


def compile_condition(
    report: Report, path: Path, text: str | None, fields: Fields
) -> Condition | None:
    """The condition, or None where there is none or it was reported as wrong."""
    if text is None:
        return None
    try:
        return Condition(text, check(parse(text), fields).python())
    except ConditionInvalid as error:
        report.error("condition_invalid", path, error.detail, offset=error.offset)
        return Condition(text, _never)


def _never(_event: Any, _member: Any, _order: Any, _line: Any, _now: Any) -> bool:
    return False
