"""Conditions in plain words where they are simple enough, else as they are written."""

from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import (
    Binary,
    Call,
    Expr,
    ListOfItems,
    Literal,
    Logic,
    Name,
    Select,
    Unary,
)
from regulars.domain.conditions.unparsing import unparse
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import (
    comparison_phrase,
    field_phrase,
    listed,
    name_in,
    phrase,
)
from regulars.domain.programs.quantities import money_words

_MONEY = frozenset({"total", "amount"})


def condition_words(text: str, program: Program, lang: str) -> str:
    """`order.total >= 5000` as "the total is at least 50.00 CNY"; parts beyond that as CEL."""
    expr = _plainer(parse(text))
    if not isinstance(expr, Logic) or expr.operator != "&&":
        return _words(expr, program, lang)
    parts = [
        f"({_words(one, program, lang)})" if isinstance(one, Logic) else _words(one, program, lang)
        for one in expr.operands
    ]
    return listed(lang, parts, "also")


def _plainer(expr: Expr) -> Expr:
    """Without has(x) where x itself is spoken about next to it, which says no more to a reader."""
    if isinstance(expr, Unary) and expr.operator == "!":
        return Unary("!", _plainer(expr.operand))
    if not isinstance(expr, Logic):
        return expr
    operands = [_plainer(one) for one in expr.operands]
    if expr.operator == "&&":
        operands = [one for one in operands if not _is_implied(one, operands)]
    return operands[0] if len(operands) == 1 else Logic(expr.operator, tuple(operands))


def _is_implied(expr: Expr, others: list[Expr]) -> bool:
    if not isinstance(expr, Select) or not expr.presence:
        return False
    spoken = unparse(Select(expr.operand, expr.field))
    return any(spoken in unparse(other) for other in others if other is not expr)


def _words(expr: Expr, program: Program, lang: str) -> str:
    match expr:
        case Logic("||", operands):
            return listed(lang, [_words(one, program, lang) for one in operands], "or")
        case Select(_, field, presence):
            return phrase(lang, "known" if presence else "is_so", what=field_phrase(lang, field))
        case Unary("!", Select(_, field, presence)):
            name = "unknown" if presence else "is_not_so"
            return phrase(lang, name, what=field_phrase(lang, field))
        case Unary("!", Binary("in" | "==" as operator, left, right)):
            return _comparison(operator, left, right, program, lang, negated=True)
        case Binary(operator, left, right):
            return _comparison(operator, left, right, program, lang)
        case _:
            return unparse(expr)


def _comparison(
    operator: str, left: Expr, right: Expr, program: Program, lang: str, *, negated: bool = False
) -> str:
    field = _field(left)
    values = right.items if isinstance(right, ListOfItems) else (right,)
    literals = [one for one in values if isinstance(one, Literal) and one.value is not None]
    if field is None or not literals or len(literals) != len(values):
        plain = unparse(Binary(operator, left, right))
        return f"!({plain})" if negated else plain
    wording = {"in": "!=", "==": "!="}[operator] if negated else operator.replace("in", "==")
    value = listed(lang, [_value(field, one, program, lang) for one in literals], "or")
    return comparison_phrase(lang, wording, what=field_phrase(lang, field), value=value)


def _field(expr: Expr) -> str | None:
    """What is compared, where it can be named: a field, or the day of the month."""
    match expr:
        case Select(_, field, False):
            return field
        case Call("getDate", Name("now"), _):
            return "getDate"
        case _:
            return None


def _value(field: str, literal: Literal, program: Program, lang: str) -> str:
    plain = literal.value
    if isinstance(plain, bool):
        return phrase(lang, "yes" if plain else "no")
    if isinstance(plain, int):
        is_money = field in _MONEY and plain >= 0
        return money_words(plain, program.money) if is_money else f"{plain:,}"
    if field == "tier" and program.ladder is not None:
        names = {tier.code: name_in(lang, tier.name) for tier in program.ladder.tiers}
        return names.get(str(plain), str(plain))
    return phrase(lang, "quote", text=plain) if isinstance(plain, str) else str(plain)
