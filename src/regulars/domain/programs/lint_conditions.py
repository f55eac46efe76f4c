"""Looks over conditions: always true, never true, contradictory, or reading what may be absent."""

from regulars.domain.conditions.syntax import (
    Binary,
    Expr,
    Literal,
    Logic,
    Name,
    Select,
    Unary,
    walk,
)
from regulars.domain.conditions.typed import FieldRead, operations
from regulars.domain.conditions.unparsing import unparse
from regulars.domain.programs.conditions_of import Stated, conditions_of
from regulars.domain.programs.model import Program
from regulars.domain.programs.report import Report, suggestion

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def lint_conditions(report: Report, program: Program) -> None:
    """Report conditions that do not decide anything, or cannot."""
    for stated in conditions_of(program):
        verdict = constant(stated.expr)
        if verdict is True:
            report.warn("always_true", stated.path, "This is always true: leave it out.")
        elif verdict is False or _contradicts(stated.expr):
            report.warn("never_applies", stated.path, "This is never true: the rule gives nothing.")
        _lint_absent(report, stated)
        _lint_tiers(report, stated, program)


def constant(expr: Expr) -> bool | None:  # noqa: PLR0911 - one line for each kind of node
    """True or False where the condition does not depend on anything it reads, else None."""
    match expr:
        case Literal(_, bool() as value):
            return value
        case Unary("!", operand):
            inner = constant(operand)
            return None if inner is None else not inner
        case Logic(operator, operands):
            decisive = operator == "||"
            verdicts = [constant(operand) for operand in operands]
            if decisive in verdicts:
                return decisive
            return None if None in verdicts else not decisive
        case Binary(operator, Literal(_, left), Literal(_, right)):
            return _compared(operator, left, right)
        case Binary("==" | "<=" | ">=", left, right) if unparse(left) == unparse(right):
            return True
        case Binary("!=" | "<" | ">", left, right) if unparse(left) == unparse(right):
            return False
        case _:
            return None


def _compared(operator: str, left: object, right: object) -> bool | None:
    if operator in {"==", "!="}:
        return (left == right) is (operator == "==")
    if isinstance(left, int) and isinstance(right, int):
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}.get(
            operator
        )
    return None


def _contradicts(expr: Expr) -> bool:
    """Whether comparisons joined by && leave no value for something they all speak about."""
    if not isinstance(expr, Logic) or expr.operator != "&&":
        return False
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    equal: dict[str, object] = {}
    for operand in expr.operands:
        found = _comparison(operand)
        if found is None:
            continue
        what, operator, value = found
        if operator == "==" and equal.setdefault(what, value) != value:
            return True
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        if operator in {">", ">=", "=="}:
            bound = value + (operator == ">")
            least[what] = max(least.get(what, bound), bound)
        if operator in {"<", "<=", "=="}:
            bound = value - (operator == "<")
            most[what] = min(most.get(what, bound), bound)
    return any(what in most and least[what] > most[what] for what in least)


def _comparison(expr: Expr) -> tuple[str, str, object] | None:
    """`field operator constant`, whichever way round it was written."""
    match expr:
        case Binary(operator, Select() | Name() as field, Literal(_, value)):
            return unparse(field), operator, value
        case Binary(operator, Literal(_, value), Select() | Name() as field):
            return unparse(field), _FLIPPED.get(operator, operator), value
        case _:
            return None


def _lint_absent(report: Report, stated: Stated) -> None:
    """A field that may be absent stops the rule; has() says what is meant then."""
    asked = {one.path for one in operations(stated.checked.typed) if one.op == "has"}
    for one in operations(stated.checked.typed):
        read = one.detail
        if one.op != "field" or not isinstance(read, FieldRead) or not read.optional:
            continue
        if one.path and one.path not in asked:
            name = ".".join(one.path)
            report.warn(
                "may_be_absent",
                stated.path,
                f"{name} may be absent, and then the rule gives nothing. Ask has({name}) first.",
                offset=one.offset,
            )
            asked.add(one.path)


def _lint_tiers(report: Report, stated: Stated, program: Program) -> None:
    known = [tier.code for tier in program.ladder.tiers] if program.ladder else []
    for node, _ in walk(stated.expr):
        found = _comparison(node)
        if found is None or found[0] != "member.tier" or found[2] in known:
            continue
        report.warn(
            "unknown_tier",
            stated.path,
            f"There is no tier {found[2]}.{suggestion(str(found[2]), known)}",
            offset=node.offset,
        )
