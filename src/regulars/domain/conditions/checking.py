"""Checks a condition against the declared fields, and chooses what each operation means."""

from dataclasses import dataclass, replace

from regulars.domain.conditions.calling import call_function, call_method
from regulars.domain.conditions.comparing import comparison, element_of, membership
from regulars.domain.conditions.functions import ARITHMETIC, COMPARED, NEGATION
from regulars.domain.conditions.python import Evaluate, compile_python
from regulars.domain.conditions.resolving import accept, nearest, require, resolve
from regulars.domain.conditions.sql import SqlCondition, compile_sql
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
from regulars.domain.conditions.typed import FieldRead, Typed, operations
from regulars.domain.conditions.types import (
    ANYTHING,
    BOOL,
    DOUBLE,
    INT,
    NULL,
    ROOTS,
    STRING,
    Fields,
    ListOf,
    MapOf,
    Record,
    Type,
    common,
    plain,
)
from regulars.domain.errors import ConditionInvalid

_LITERAL_TYPES: dict[str, Type] = {
    "bool": BOOL,
    "int": INT,
    "double": DOUBLE,
    "string": STRING,
    "null": NULL,
}


@dataclass(frozen=True, slots=True)
class CheckedCondition:
    """A condition that fits the declared fields.

    `fields_used` holds the path of every field read, such as ("member", "tier"); the fields of
    the entries of a list follow the path of the list.
    """

    typed: Typed
    fields_used: frozenset[tuple[str, ...]]

    def python(self) -> Evaluate:
        """The condition as a function of event, member, order, line and now. Compile once."""
        return compile_python(self.typed)

    def sql(self) -> SqlCondition:
        """The condition over one member's row. Raises ConditionInvalid if SQL cannot say it."""
        return compile_sql(self.typed)


def check(expr: Expr, fields: Fields, *, expects: Type = BOOL) -> CheckedCondition:
    """Raises ConditionInvalid at the first name or type that does not fit."""
    typed = _Checker(fields).check(expr)
    accepted = accept(typed, expects)
    if accepted is None:
        raise ConditionInvalid(
            f"This must be {expects}, but it is {typed.type}.", offset=expr.offset
        )
    used = {
        operation.path
        for operation in operations(accepted)
        if operation.path and not isinstance(plain(operation.type), Record)
    }
    return CheckedCondition(accepted, frozenset(used))


class _Checker:
    """Holds the declared fields and the variables of the macros around the current place."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._variables: dict[str, Typed] = {}

    def check(self, expr: Expr) -> Typed:  # noqa: PLR0911 - one line for each kind of node
        match expr:
            case Literal(kind, value):
                return Typed("const", _LITERAL_TYPES[kind], (), value, expr.offset)
            case Name():
                return self._name(expr)
            case Select():
                return self._select(expr)
            case Index():
                return self._index(expr)
            case ListOfItems():
                return self._list(expr)
            case Call(function, None, arguments):
                return call_function(function, self._all(arguments), offset=expr.offset)
            case Call(function, target, arguments) if target is not None:
                # The pattern above took the calls without a target.
                every = self._all((target, *arguments))
                return call_method(function, every, offset=expr.offset)
            case Unary():
                return self._unary(expr)
            case Binary():
                return self._binary(expr)
            case Logic(operator, operands):
                op = "and" if operator == "&&" else "or"
                checked = tuple(
                    require(operand, BOOL, what=f"Each side of {operator}")
                    for operand in self._all(operands)
                )
                return Typed(op, BOOL, checked, None, expr.offset)
            case Conditional():
                return self._conditional(expr)
            case Macro():
                return self._macro(expr)
        raise AssertionError(expr)

    def _all(self, several: tuple[Expr, ...]) -> tuple[Typed, ...]:
        return tuple(self.check(one) for one in several)

    def _name(self, expr: Name) -> Typed:
        variable = self._variables.get(expr.name)
        if variable is not None:
            return replace(variable, offset=expr.offset)
        roots = self._fields.roots
        type_ = roots.get(expr.name)
        if type_ is not None:
            return Typed("root", type_, (), expr.name, expr.offset, (expr.name,))
        known = ", ".join((*roots, *self._variables))
        if expr.name in ROOTS:
            message = f"There is no {expr.name} here. Known here: {known}."
        else:
            hint = nearest(expr.name, (*roots, *self._variables)) or f" Known here: {known}."
            message = f"{expr.name} is unknown.{hint}"
        raise ConditionInvalid(message, offset=expr.offset)

    def _select(self, expr: Select) -> Typed:
        operand = self.check(expr.operand)
        if isinstance(operand.type, MapOf):
            key = Typed("const", STRING, (), expr.field, expr.offset)
            if expr.presence:
                return Typed("in_map", BOOL, (key, operand), None, expr.offset)
            return Typed("map_get", operand.type.value, (operand, key), None, expr.offset)
        record = operand.type
        if not isinstance(record, Record):
            raise ConditionInvalid(
                f".{expr.field} needs a record or a map before it, but this is {record}.",
                offset=expr.offset,
            )
        field = record.fields.get(expr.field)
        if field is None:
            hint = nearest(expr.field, record.fields)
            raise ConditionInvalid(
                f"{record.name} has no field {expr.field}.{hint}", offset=expr.offset
            )
        path = (*operand.path, expr.field) if operand.path else ()
        read = FieldRead(expr.field, record.access, field.optional, field.sql)
        if expr.presence:
            return Typed("has", BOOL, (operand,), read, expr.offset, path)
        return Typed("field", field.type, (operand,), read, expr.offset, path)

    def _index(self, expr: Index) -> Typed:
        operand, key = self.check(expr.operand), self.check(expr.key)
        holder = operand.type
        if isinstance(holder, ListOf):
            index = require(key, INT, what="The place in a list")
            entry = element_of(holder, operand)
            return Typed("list_get", entry, (operand, index), None, expr.offset, operand.path)
        if isinstance(holder, MapOf):
            name = require(key, STRING, what="The key of a map")
            return Typed("map_get", holder.value, (operand, name), None, expr.offset)
        raise ConditionInvalid(
            f"Only lists and maps have entries, but this is {holder}.", offset=expr.offset
        )

    def _list(self, expr: ListOfItems) -> Typed:
        items = self._all(expr.items)
        element: Type = ANYTHING
        for item in items:
            joint = common(element, item.type)
            if joint is None or isinstance(plain(joint), Record | MapOf):
                raise ConditionInvalid(
                    f"The entries of a list are of one type: {item.type} does not fit {element}.",
                    offset=item.offset,
                )
            element = joint
        return Typed("list", ListOf(element), items, None, expr.offset)

    def _unary(self, expr: Unary) -> Typed:
        operand = self.check(expr.operand)
        if expr.operator == "!":
            asserted = require(operand, BOOL, what="What ! turns round")
            return Typed("not", BOOL, (asserted,), None, expr.offset)
        found = resolve(NEGATION, (operand,), offset=expr.offset)
        if found is None:
            raise ConditionInvalid(
                f"A minus needs a number behind it, but this is {operand.type}.",
                offset=expr.offset,
            )
        return found

    def _binary(self, expr: Binary) -> Typed:
        left, right = self.check(expr.left), self.check(expr.right)
        if expr.operator in COMPARED:
            return comparison(expr.operator, left, right, offset=expr.offset)
        if expr.operator == "in":
            return membership(left, right, offset=expr.offset)
        if expr.operator == "+" and isinstance(left.type, ListOf):
            joint = common(left.type, right.type)
            if isinstance(joint, ListOf):
                return Typed("add_list", joint, (left, right), None, expr.offset)
        found = resolve(ARITHMETIC[expr.operator], (left, right), offset=expr.offset)
        if found is None:
            raise ConditionInvalid(
                f"{expr.operator} cannot be used between {left.type} and {right.type}.",
                offset=expr.offset,
            )
        return found

    def _conditional(self, expr: Conditional) -> Typed:
        test = require(self.check(expr.test), BOOL, what="What stands before ?")
        yes, no = self.check(expr.yes), self.check(expr.no)
        joint = common(yes.type, no.type)
        if joint is None or isinstance(joint, Record):
            raise ConditionInvalid(
                f"Both sides of : are of one type, but these are {yes.type} and {no.type}.",
                offset=expr.offset,
            )
        return Typed("if", joint, (test, yes, no), None, expr.offset)

    def _macro(self, expr: Macro) -> Typed:
        source = self.check(expr.source)
        element: Type
        if isinstance(source.type, ListOf):
            element, path = element_of(source.type, source), source.path
        elif isinstance(source.type, MapOf):
            element, path = STRING, ()
        else:
            raise ConditionInvalid(
                f"{expr.kind}() needs a list or a map before it, but this is {source.type}.",
                offset=expr.offset,
            )
        variable = Typed("variable", element, (), expr.variable, expr.offset, path)
        shadowed = dict(self._variables)
        self._variables[expr.variable] = variable
        predicate = Typed("const", BOOL, (), detail=True, offset=expr.offset)
        if expr.predicate is not None:
            what = f"What {expr.kind}() asks"
            predicate = require(self.check(expr.predicate), BOOL, what=what)
        result = variable if expr.result is None else self.check(expr.result)
        self._variables = shadowed
        args = (source, predicate, result)
        outcome: dict[str, Type] = {"filter": source.type, "map": ListOf(result.type)}
        if expr.kind == "filter" and isinstance(source.type, MapOf):
            outcome["filter"] = ListOf(STRING)
        kept = path if expr.kind == "filter" else ()
        return Typed(expr.kind, outcome.get(expr.kind, BOOL), args, None, expr.offset, kept)
