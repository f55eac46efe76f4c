"""Writes a condition in its one canonical form, for diffs and builders."""

from regulars.domain.conditions.literals import written_text
from regulars.domain.conditions.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    Index,
    ListOfItems,
    Literal,
    Logic,
    Macro,
    Name,
    Select,
    Unary,
)

# How tightly each kind of expression binds; an operand that binds less needs brackets.
_CONDITIONAL, _OR, _AND, _RELATION, _SUM, _PRODUCT, _UNARY, _MEMBER = range(8)
_BINARY = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT}


def unparse(expr: Expr) -> str:
    """The text of `expr`: parse(unparse(expr)) == expr, for whatever parse() can give."""
    return _write(expr, _CONDITIONAL)


def _write(expr: Expr, least: int) -> str:
    text, strength = _text_and_strength(expr)
    return text if strength >= least else f"({text})"


def _text_and_strength(expr: Expr) -> tuple[str, int]:
    match expr:
        case Literal():
            return _literal(expr)
        case Unary(operator, operand):
            return _unary(operator, operand), _UNARY
        case Binary(operator, left, right):
            strength = _BINARY.get(operator, _RELATION)
            # Operators of one strength group to the left.
            return f"{_write(left, strength)} {operator} {_write(right, strength + 1)}", strength
        case Logic(operator, operands):
            strength = _AND if operator == "&&" else _OR
            parts = (_write(operand, strength + 1) for operand in operands)
            return f" {operator} ".join(parts), strength
        case Conditional(test, yes, no):
            choice = f"{_write(test, _OR)} ? {_write(yes, _OR)} : {_write(no, _CONDITIONAL)}"
            return choice, _CONDITIONAL
        case _:
            return _member(expr), _MEMBER


def _literal(literal: Literal) -> tuple[str, int]:
    value = literal.value
    if isinstance(value, str):
        return written_text(value), _MEMBER
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value], _MEMBER
    # `1.size()` would be read as the number `1.`: a number never stands before a point.
    return repr(value), _UNARY


def _unary(operator: str, operand: Expr) -> str:
    if operator == "-" and (
        isinstance(operand, Literal) or (isinstance(operand, Unary) and operand.operator == "-")
    ):
        # Without brackets the minus would become part of the number, or cancel the next.
        return f"-({_write(operand, _CONDITIONAL)})"
    return f"{operator}{_write(operand, _UNARY)}"


def _member(expr: Expr) -> str:
    match expr:
        case Name(name):
            return name
        case Select(operand, field, presence):
            path = f"{_write(operand, _MEMBER)}.{field}"
            return f"has({path})" if presence else path
        case Index(operand, key):
            return f"{_write(operand, _MEMBER)}[{_write(key, _CONDITIONAL)}]"
        case ListOfItems(items):
            return f"[{_several(items)}]"
        case Call(function, target, arguments):
            owner = "" if target is None else f"{_write(target, _MEMBER)}."
            return f"{owner}{function}({_several(arguments)})"
        case Macro(kind, source, variable, predicate, result):
            bodies = tuple(part for part in (predicate, result) if part is not None)
            return f"{_write(source, _MEMBER)}.{kind}({variable}, {_several(bodies)})"
        case _:
            raise AssertionError(expr)


def _several(parts: tuple[Expr, ...]) -> str:
    return ", ".join(_write(part, _CONDITIONAL) for part in parts)
