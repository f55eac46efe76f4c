"""The shape of a condition: nodes that know where they stand, and how large they may be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal as OneOf

MAX_TEXT_CHARACTERS = 4_000
MAX_DEPTH = 32
MAX_NODES = 300
MAX_LIST_ENTRIES = 200

INT_MIN = -(2**63)
INT_MAX = 2**63 - 1

MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})

type_of_literal = OneOf["bool", "int", "double", "string", "null"]


def _offset() -> int:
    # Where a node stands is no part of what it means: equal conditions compare equal.
    offset: int = field(default=0, compare=False, kw_only=True)
    return offset


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `kind` keeps `true` and `1` apart, which Python holds to be equal."""

    kind: type_of_literal
    value: bool | int | float | str | None
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Name:
    """A root such as `member`, or the variable of a macro."""

    name: str
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`, or `has(operand.field)` where `presence` is set."""

    operand: "Expr"
    field: str
    presence: bool = False
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Index:
    """`operand[key]`."""

    operand: "Expr"
    key: "Expr"
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class ListOfItems:
    """`[a, b, c]`."""

    items: tuple["Expr", ...]
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`, or `target.function(arguments)`."""

    function: str
    target: "Expr | None"
    arguments: tuple["Expr", ...]
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Unary:
    """`!operand` or `-operand`. `is_bracketed`: it was written in brackets of its own."""

    operator: str
    operand: "Expr"
    offset: int = _offset()
    is_bracketed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison, `in`, or arithmetic."""

    operator: str
    left: "Expr"
    right: "Expr"
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Logic:
    """`&&` or `||` over at least two operands, none of which is a Logic of the same operator."""

    operator: str
    operands: tuple["Expr", ...]
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Conditional:
    """`test ? yes : no`."""

    test: "Expr"
    yes: "Expr"
    no: "Expr"
    offset: int = _offset()


@dataclass(frozen=True, slots=True)
class Macro:
    """`source.kind(variable, predicate)`; `map` has a `result` and may have a predicate too."""

    kind: str
    source: "Expr"
    variable: str
    predicate: "Expr | None" = None
    result: "Expr | None" = None
    offset: int = _offset()


Expr = (
    Literal
    | Name
    | Select
    | Index
    | ListOfItems
    | Call
    | Unary
    | Binary
    | Logic
    | Conditional
    | Macro
)


def children(expr: Expr) -> tuple[Expr, ...]:  # noqa: PLR0911 - one line for each kind of node
    """The nodes directly under this one, in the order of the text."""
    match expr:
        case Literal() | Name():
            return ()
        case Select(operand) | Unary(_, operand):
            return (operand,)
        case Index(operand, key):
            return (operand, key)
        case ListOfItems(items):
            return items
        case Call(_, target, arguments):
            return arguments if target is None else (target, *arguments)
        case Binary(_, left, right):
            return (left, right)
        case Logic(_, operands):
            return operands
        case Conditional(test, yes, no):
            return (test, yes, no)
        case Macro(_, source, _, predicate, result):
            return tuple(part for part in (source, predicate, result) if part is not None)


def walk(expr: Expr) -> Iterator[tuple[Expr, int]]:
    """Every node with its depth, the root at depth 1. Does not recurse, however deep the tree."""
    waiting = [(expr, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(children(node)))


def joined(operator: str, operands: tuple[Expr, ...], *, offset: int = 0) -> Logic:
    """`&&` or `||` over `operands`, with those that are such chains themselves taken apart."""
    flat: list[Expr] = []
    for operand in operands:
        if isinstance(operand, Logic) and operand.operator == operator:
            flat.extend(operand.operands)
        else:
            flat.append(operand)
    return Logic(operator, tuple(flat), offset=offset)
