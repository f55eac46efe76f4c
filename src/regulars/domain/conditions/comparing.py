"""Checks comparisons and `in`, where Python's idea of equality and that of CEL part ways."""

from regulars.domain.conditions.functions import COMPARED, NUMBERS, ORDERED
from regulars.domain.conditions.resolving import require
from regulars.domain.conditions.typed import Typed
from regulars.domain.conditions.types import (
    ANYTHING,
    BOOL,
    DOUBLE,
    NULL,
    STRING,
    ListOf,
    MapOf,
    Nullable,
    Type,
    common,
    plain,
)
from regulars.domain.errors import ConditionInvalid


def comparison(operator: str, left: Typed, right: Typed, *, offset: int) -> Typed:
    """`left operator right`. Raises ConditionInvalid if the two cannot be compared."""
    op = COMPARED[operator]
    if op in {"eq", "ne"}:
        return _equality(operator, left, right, offset=offset)
    wanted, other = plain(left.type), plain(right.type)
    mixed = wanted in NUMBERS and other in NUMBERS
    if wanted not in ORDERED or not (wanted == other or mixed):
        raise _incomparable(operator, left, right, offset=offset)
    sides = (require(left, wanted, what="This"), require(right, other, what="This"))
    return Typed(op, BOOL, sides, None, offset)


def _equality(operator: str, left: Typed, right: Typed, *, offset: int) -> Typed:
    op = COMPARED[operator]
    types = (left.type, right.type)
    if NULL in types:
        for side in (left, right):
            if side.type != NULL and not isinstance(side.type, Nullable):
                raise ConditionInvalid(
                    "This is never null. Ask has(…) whether a field is there.", offset=side.offset
                )
        return Typed(op, BOOL, (left, right), None, offset)
    joint = common(plain(left.type), plain(right.type))
    if isinstance(joint, ListOf):
        return _lists_equal(op, left, right, joint, offset=offset)
    mixed = plain(left.type) in NUMBERS and plain(right.type) in NUMBERS
    if not mixed and (joint is None or joint not in ORDERED):
        raise _incomparable(operator, left, right, offset=offset)
    return Typed(op, BOOL, (left, right), None, offset)


def _lists_equal(op: str, left: Typed, right: Typed, joint: ListOf, *, offset: int) -> Typed:
    if plain(joint.element) not in {*ORDERED, ANYTHING, NULL}:
        raise ConditionInvalid("Only lists of plain values can be compared.", offset=offset)
    sides = tuple(require(side, plain(side.type), what="This") for side in (left, right))
    if plain(joint.element) == DOUBLE:
        same = Typed("same_doubles", BOOL, sides, None, offset)
    else:
        same = Typed("same_lists", BOOL, sides, None, offset)
    return same if op == "eq" else Typed("not", BOOL, (same,), None, offset)


def membership(left: Typed, right: Typed, *, offset: int) -> Typed:
    """`left in right`. Raises ConditionInvalid if `right` cannot hold such a value."""
    holder = right.type
    if isinstance(holder, MapOf):
        key = require(left, STRING, what="A key")
        return Typed("in_map", BOOL, (key, right), None, offset)
    if not isinstance(holder, ListOf):
        raise ConditionInvalid(
            f"in needs a list or a map behind it, but this is {holder}.", offset=right.offset
        )
    element, value = plain(holder.element), plain(left.type)
    if ANYTHING not in {element, value} and NULL not in {element, value} and element != value:
        raise ConditionInvalid(f"A value of type {value} is never in a {holder}.", offset=offset)
    if value not in {*ORDERED, NULL}:
        raise ConditionInvalid(f"in cannot look for a value of type {value}.", offset=left.offset)
    op = "in_doubles" if value == DOUBLE else "in_list"
    return Typed(op, BOOL, (left, right), None, offset)


def element_of(holder: ListOf, operand: Typed) -> Type:
    """The type of the entries. Raises ConditionInvalid for `[]`, which has none to speak about."""
    if holder.element == ANYTHING:
        raise ConditionInvalid("This list is always empty.", offset=operand.offset)
    return holder.element


def _incomparable(operator: str, left: Typed, right: Typed, *, offset: int) -> ConditionInvalid:
    return ConditionInvalid(
        f"{operator} cannot compare {left.type} with {right.type}.", offset=offset
    )
