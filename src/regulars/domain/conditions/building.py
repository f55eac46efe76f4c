"""Turns what the grammar recognises into syntax nodes, one method for each rule of the grammar."""

from dataclasses import replace
from typing import Any

from lark import Token, Transformer

from regulars.domain.conditions.literals import read_double, read_int, read_text
from regulars.domain.conditions.syntax import (
    MACROS,
    Binary,
    Call,
    Conditional,
    Expr,
    Index,
    ListOfItems,
    Literal,
    Macro,
    Name,
    Select,
    Unary,
    joined,
)
from regulars.domain.errors import ConditionInvalid

RESERVED = frozenset(
    {
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "in"),
        *("let", "loop", "package", "namespace", "return", "var", "void", "while"),
    }
)

# What a rule of the grammar recognised: tokens, and what the rules inside it were built into.
Parts = list[Any]


def _at(token: Token) -> int:
    return token.start_pos or 0


def _only(_builder: object, parts: Parts) -> Any:
    return parts[0]


def _pair(_builder: object, parts: Parts) -> Parts:
    """The left operand and the operator; the rule around joins them with the right operand."""
    return parts


def _chain(_builder: object, parts: Parts) -> Expr:
    first: Expr = parts[0]
    if len(parts) == 1:
        return first
    _, operator, right = parts
    return joined(str(operator), (first, right), offset=_at(operator))


def _binary(_builder: object, parts: Parts) -> Expr:
    if len(parts) == 1:
        only: Expr = parts[0]
        return only
    (left, operator), right = parts
    return Binary(str(operator), left, right, offset=_at(operator))


def _is_minus(expr: Expr) -> bool:
    return isinstance(expr, Unary) and expr.operator == "-" and not expr.is_bracketed


class SyntaxBuilder(Transformer[Token, Expr]):
    """Called by the parser as it recognises each rule, innermost first: nothing recurses."""

    conditionalor = _chain
    conditionaland = _chain
    relation = addition = multiplication = _binary
    relation_lt = relation_le = relation_gt = relation_ge = _pair
    relation_eq = relation_ne = relation_in = _pair
    addition_add = addition_sub = _pair
    multiplication_mul = multiplication_div = multiplication_mod = _pair
    unary_not = unary_neg = _only
    member = primary = _only

    def expr(self, parts: Parts) -> Expr:
        """Either one operand or `test ? yes : no`."""
        first: Expr = parts[0]
        if len(parts) == 1:
            return first
        test, mark, yes, _, no = parts
        return Conditional(test, yes, no, offset=_at(mark))

    def unary(self, parts: Parts) -> Expr:
        """`!x`, `-x`; a minus before a number is part of the number, and two in a row are none:
        unlike `-(-x)`, `--x` cannot overflow."""
        if len(parts) == 1:
            only: Expr = parts[0]
            return only
        operator, operand = parts
        where = _at(operator)
        if operator == "-" and _is_minus(operand):
            within: Expr = operand.operand
            return within
        if operator == "-" and isinstance(operand, Literal):
            value = operand.value
            if operand.kind == "int" and isinstance(value, int) and value > 0:
                return Literal("int", -value, offset=where)
            if operand.kind == "double" and isinstance(value, float) and value > 0:
                return Literal("double", -value, offset=where)
        return Unary(str(operator), operand, offset=where)

    def literal(self, parts: Parts) -> Expr:
        """A constant. Raises ConditionInvalid for the kinds that members and events never hold."""
        written: Token = parts[0]
        where = _at(written)
        match written.type:
            case "INT_LIT":
                return read_int(written, offset=where)
            case "FLOAT_LIT":
                return read_double(written, offset=where)
            case "STRING_LIT" | "MLSTRING_LIT":
                return read_text(written, offset=where)
            case "BOOL_LIT":
                return Literal("bool", written == "true", offset=where)
            case "NULL_LIT":
                return Literal("null", None, offset=where)
            case "UINT_LIT":
                raise ConditionInvalid("Write whole numbers without u.", offset=where)
            case _:
                raise ConditionInvalid("Byte strings cannot be used here.", offset=where)

    def ident(self, parts: Parts) -> Expr:
        """A name standing alone."""
        token: Token = parts[0]
        _refuse_reserved(token)
        return Name(str(token), offset=_at(token))

    def dot_ident(self, parts: Parts) -> Expr:
        """`.name`: CEL's way out of a name space, which there is none of here."""
        raise ConditionInvalid("A name cannot begin with a point.", offset=_at(parts[0]))

    dot_ident_arg = dot_ident

    def ident_arg(self, parts: Parts) -> Expr:
        """`function(…)`, or the macro `has(…)`."""
        name: Token = parts[0]
        _refuse_reserved(name)
        arguments: tuple[Expr, ...] = parts[2] if len(parts) == 4 else ()  # noqa: PLR2004
        if name == "has":
            return _presence(name, arguments)
        return Call(str(name), None, arguments, offset=_at(name))

    def paren_expr(self, parts: Parts) -> Expr:
        """Brackets only group; the tree keeps what they said."""
        inner: Expr = parts[1]
        return replace(inner, is_bracketed=True) if isinstance(inner, Unary) else inner

    def list_lit(self, parts: Parts) -> Expr:
        """`[a, b]`."""
        items = parts[1] if len(parts) == 3 else ()  # noqa: PLR2004
        return ListOfItems(items, offset=_at(parts[0]))

    def exprlist(self, parts: Parts) -> tuple[Expr, ...]:
        """Every other part is a comma."""
        return tuple(parts[::2])

    def map_lit(self, parts: Parts) -> Expr:
        """`{…}`."""
        raise ConditionInvalid("A map cannot be written in a condition.", offset=_at(parts[0]))

    def mapinits(self, parts: Parts) -> Parts:
        """Refused one level up, by map_lit."""
        return parts

    def fieldinits(self, parts: Parts) -> Parts:
        """Refused one level up, by member_object."""
        return parts

    def member_object(self, parts: Parts) -> Expr:
        """`Type{…}`."""
        raise ConditionInvalid("A record cannot be written in a condition.", offset=_at(parts[1]))

    def member_dot(self, parts: Parts) -> Expr:
        """`operand.field`."""
        operand, _, name = parts
        return Select(operand, str(name), offset=_at(name))

    def member_dot_arg(self, parts: Parts) -> Expr:
        """`target.function(…)`, or a macro over a list."""
        target, _, name = parts[:3]
        arguments: tuple[Expr, ...] = parts[4] if len(parts) == 6 else ()  # noqa: PLR2004
        if name in MACROS:
            return _macro(target, name, arguments)
        return Call(str(name), target, arguments, offset=_at(name))

    def member_index(self, parts: Parts) -> Expr:
        """`operand[key]`."""
        operand, bracket, key, _ = parts
        return Index(operand, key, offset=_at(bracket))


def _refuse_reserved(name: Token) -> None:
    if name in RESERVED:
        raise ConditionInvalid(f"{name} is a reserved word of CEL.", offset=_at(name))


def _presence(name: Token, arguments: tuple[Expr, ...]) -> Expr:
    if len(arguments) != 1 or not isinstance(arguments[0], Select) or arguments[0].presence:
        raise ConditionInvalid("has() takes one field, as in has(member.tier).", offset=_at(name))
    return Select(arguments[0].operand, arguments[0].field, presence=True, offset=_at(name))


def _macro(source: Expr, name: Token, arguments: tuple[Expr, ...]) -> Expr:
    kind, where = str(name), _at(name)
    allowed = (2, 3) if kind == "map" else (2,)
    if len(arguments) not in allowed or not isinstance(arguments[0], Name):
        raise ConditionInvalid(
            f"{kind}() takes a variable and an expression, as in {kind}(x, x > 0).", offset=where
        )
    variable = arguments[0].name
    if kind == "map":
        predicate = arguments[1] if len(arguments) == max(allowed) else None
        return Macro(kind, source, variable, predicate, arguments[-1], offset=where)
    return Macro(kind, source, variable, arguments[1], offset=where)
