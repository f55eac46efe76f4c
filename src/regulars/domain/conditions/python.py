"""Compiles a checked condition to a Python function.

The source is put together from the templates here and from names of our own making: field names
come from the declaration, constants are passed by name, and no text of a user is ever part of it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from regulars.domain.conditions import values
from regulars.domain.conditions.patterns import matcher
from regulars.domain.conditions.typed import FieldRead, Getter, Typed, operations
from regulars.domain.conditions.types import (
    DURATION,
    ROOTS,
    TIMESTAMP,
    Access,
    Nullable,
    plain,
)
from regulars.domain.conditions.values import EvaluationError

__all__ = ["Evaluate", "EvaluationError", "compile_python"]

Evaluate = Callable[[object, object, object, object, datetime], Any]
"""Called with event, member, order, line and now. Raises EvaluationError."""

# Operations that always have a value when their arguments have one.
_SURE = {
    "not": "(not {0})",
    "eq": "({0} == {1})",
    "ne": "({0} != {1})",
    "lt": "({0} < {1})",
    "le": "({0} <= {1})",
    "gt": "({0} > {1})",
    "ge": "({0} >= {1})",
    "in_list": "({0} in {1})",
    "in_map": "({0} in {1})",
    "in_doubles": "among_doubles({0}, {1})",
    "same_lists": "(list({0}) == list({1}))",
    "same_doubles": "same_doubles({0}, {1})",
    "add_double": "({0} + {1})",
    "sub_double": "({0} - {1})",
    "mul_double": "({0} * {1})",
    "div_double": "divide_doubles({0}, {1})",
    "neg_double": "(-{0})",
    "add_list": "[*{0}, *{1}]",
    "concat": "({0} + {1})",
    "between": "({0} - {1})",
    "starts_with": "{0}.startswith({1})",
    "ends_with": "{0}.endswith({1})",
    "contains": "({1} in {0})",
    "size_text": "len({0})",
    "size_list": "len({0})",
    "size_map": "len({0})",
    "double_of_int": "float({0})",
    "text_of_int": "str({0})",
    "text_of_bool": '("true" if {0} else "false")',
    "text_of_instant": "text_of_instant({0})",
    "text_of_length": "text_of_length({0})",
    "seconds_of": "seconds_of({0})",
    "same": "{0}",
    "if": "({1} if {0} else {2})",
    "and": "",
    "or": "",
    "filter": "[v for v in {0} if {1}]",
    "map": "[{2} for v in {0} if {1}]",
    "all": "",
    "exists": "",
    "exists_one": "([{1} for v in {0}].count(True) == 1)",
}

# Operations that may raise EvaluationError themselves.
_UNSURE = {
    "not_null": "not_null({0})",
    "add_int": "int64({0} + {1})",
    "sub_int": "int64({0} - {1})",
    "mul_int": "int64({0} * {1})",
    "div_int": "divide({0}, {1})",
    "mod_int": "remainder({0}, {1})",
    "neg_int": "int64(-{0})",
    "later": "later({0}, {1})",
    "later_flipped": "later({1}, {0})",
    "earlier": "earlier({0}, {1})",
    "add_duration": "bounded({0} + {1})",
    "sub_duration": "bounded({0} - {1})",
    "map_get": "item({0}, {1})",
    "list_get": "entry({0}, {1})",
    "int_of_double": "int_of_double({0})",
    "int_of_text": "int_of_text({0})",
    "double_of_text": "double_of_text({0})",
    "instant_of_text": "instant_of_text({0})",
    "instant_of_seconds": "instant_of_seconds({0})",
    "length_of_text": "length_of_text({0})",
}

_INSTANT_PARTS = {
    "getFullYear": "{0}.year",
    "getMonth": "({0}.month - 1)",
    "getDate": "{0}.day",
    "getDayOfMonth": "({0}.day - 1)",
    "getDayOfWeek": "({0}.isoweekday() % 7)",
    "getDayOfYear": "({0}.timetuple().tm_yday - 1)",
    "getHours": "{0}.hour",
    "getMinutes": "{0}.minute",
    "getSeconds": "{0}.second",
    "getMilliseconds": "({0}.microsecond // 1000)",
}
_LENGTH_PARTS = {
    "getHours": "whole({0}, 3_600_000_000)",
    "getMinutes": "whole({0}, 60_000_000)",
    "getSeconds": "whole({0}, 1_000_000)",
    "getMilliseconds": "milliseconds_part({0})",
}

_HELPERS: tuple[Callable[..., object], ...] = (
    values.among_doubles,
    values.bounded,
    values.divide,
    values.divide_doubles,
    values.double_of_text,
    values.earlier,
    values.entry,
    values.instant,
    values.instant_of_seconds,
    values.instant_of_text,
    values.instant_or_null,
    values.int64,
    values.int_of_double,
    values.int_of_text,
    values.item,
    values.later,
    values.length,
    values.length_of_text,
    values.length_or_null,
    values.milliseconds_part,
    values.not_null,
    values.present,
    values.remainder,
    values.same_doubles,
    values.seconds_of,
    values.text_of_instant,
    values.text_of_length,
    values.whole,
)

_MAIN = """\
def condition(event, member, order, line, now):
    try:
        return {expression}
    except KeyError as error:
        raise EvaluationError("no such key: " + str(error.args[0])) from error
    except (TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise EvaluationError("a value is missing or not of its declared type") from error
"""


def compile_python(typed: Typed) -> Evaluate:
    """The function that `typed` says. Takes about a millisecond: compile once, call often."""
    compiler = _Compiler()
    main = _MAIN.format(expression=compiler.write(typed))
    source = "\n".join((*compiler.functions, main))
    namespace = compiler.namespace
    exec(compile(source, "<condition>", "exec"), namespace)  # noqa: S102 - written here, see above
    condition: Evaluate = namespace["condition"]
    return condition


def _fails(typed: Typed) -> bool:
    """Whether evaluating this may raise EvaluationError."""
    return any(_fails_itself(operation) for operation in operations(typed))


def _fails_itself(operation: Typed) -> bool:
    read = operation.detail
    if operation.op == "field" and isinstance(read, FieldRead):
        return read.optional or _arrives_as_text(operation, read)
    return operation.op in _UNSURE


def _arrives_as_text(operation: Typed, read: FieldRead) -> bool:
    return read.access is Access.ITEM and plain(operation.type) in {TIMESTAMP, DURATION}


class _Compiler:
    """Collects the helper functions and constants while the expression is written."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self.namespace: dict[str, Any] = {one.__name__: one for one in _HELPERS}
        self.namespace["EvaluationError"] = EvaluationError

    def write(self, typed: Typed) -> str:
        """An expression for `typed`, that binds as tightly as a call."""
        writer = getattr(self, f"_write_{typed.op}", None)
        if writer is not None:
            written: str = writer(typed)
            return written
        template = _SURE.get(typed.op) or _UNSURE[typed.op]
        return template.format(*(self.write(arg) for arg in typed.args))

    def _constant(self, value: object) -> str:
        name = f"k{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def _write_const(self, typed: Typed) -> str:
        value = typed.detail
        if value is None or isinstance(value, bool):
            return repr(value)
        if isinstance(value, int):
            return f"({value})"
        return self._constant(value)

    def _write_root(self, typed: Typed) -> str:
        assert typed.detail in ROOTS
        return str(typed.detail)

    def _write_variable(self, _: Typed) -> str:
        # Macros do not stand inside one another, so one name is enough.
        return "v"

    def _write_list(self, typed: Typed) -> str:
        return f"[{', '.join(self.write(arg) for arg in typed.args)}]"

    def _write_in_list(self, typed: Typed) -> str:
        value, holder = typed.args
        if holder.op == "list" and all(item.op == "const" for item in holder.args):
            known = self._constant(frozenset(item.detail for item in holder.args))
            return f"({self.write(value)} in {known})"
        return f"({self.write(value)} in {self.write(holder)})"

    def _write_field(self, typed: Typed) -> str:
        read, holder = typed.detail, self.write(typed.args[0])
        assert isinstance(read, FieldRead)
        if read.access is Access.ATTRIBUTE:
            found = f"{holder}.{read.name}"
            return f"present({found}, {self._constant(read.name)})" if read.optional else found
        key = self._constant(read.name)
        found = f"item({holder}, {key})" if read.optional else f"{holder}[{key}]"
        if not _arrives_as_text(typed, read):
            return found
        reader = "instant" if plain(typed.type) == TIMESTAMP else "length"
        suffix = "_or_null" if isinstance(typed.type, Nullable) else ""
        return f"{reader}{suffix}({found})"

    def _write_has(self, typed: Typed) -> str:
        read, holder = typed.detail, self.write(typed.args[0])
        assert isinstance(read, FieldRead)
        if read.access is Access.ITEM:
            return f"({self._constant(read.name)} in {holder})"
        if read.optional:
            return f"({holder}.{read.name} is not None)"
        # The field is always there, but what it belongs to may not be.
        return f"({holder} is not None)"

    def _write_matches(self, typed: Typed) -> str:
        assert isinstance(typed.detail, str)
        return f"{self._constant(matcher(typed.detail))}({self.write(typed.args[0])})"

    def _write_instant_getter(self, typed: Typed) -> str:
        getter, at = typed.detail, self.write(typed.args[0])
        assert isinstance(getter, Getter)
        if getter.zone is not UTC:
            at = f"{at}.astimezone({self._constant(getter.zone)})"
        return _INSTANT_PARTS[getter.name].format(at)

    def _write_length_getter(self, typed: Typed) -> str:
        return _LENGTH_PARTS[str(typed.detail)].format(self.write(typed.args[0]))

    def _write_and(self, typed: Typed) -> str:
        return self._logic(typed, joint=" and ", stop="not ", answer=False)

    def _write_or(self, typed: Typed) -> str:
        return self._logic(typed, joint=" or ", stop="", answer=True)

    def _logic(self, typed: Typed, *, joint: str, stop: str, answer: bool) -> str:
        """One operand may decide although another fails, so what cannot fail is asked first.

        With at most one operand that may fail, asked last, Python's own operators do just that.
        """
        sure = [self.write(arg) for arg in typed.args if not _fails(arg)]
        unsure = [self.write(arg) for arg in typed.args if _fails(arg)]
        if len(unsure) <= 1:
            return f"({joint.join((*sure, *unsure))})"
        body = [f"if {stop}({joint.join(sure)}): return {answer}"] if sure else []
        body.append("reason = None")
        for operand in unsure:
            body += _attempt(f"if {stop}{operand}: return {answer}")
        body += _finish(not answer)
        return self._function(typed, body)

    def _write_all(self, typed: Typed) -> str:
        return self._loop(typed, stop="not ", answer=False)

    def _write_exists(self, typed: Typed) -> str:
        return self._loop(typed, stop="", answer=True)

    def _loop(self, typed: Typed, *, stop: str, answer: bool) -> str:
        source, predicate, _ = typed.args
        step = f"if {stop}{self.write(predicate)}: return {answer}"
        attempt = _attempt(step) if _fails(predicate) else [step]
        body = ["reason = None", f"for v in {self.write(source)}:"]
        body += [f"    {row}" for row in attempt]
        body += _finish(not answer)
        return self._function(typed, body)

    def _function(self, typed: Typed, body: list[str]) -> str:
        """A call of a new function with this body; it sees the roots that `typed` reads."""
        used = operations(typed)
        names = {str(one.detail) for one in used if one.op == "root"}
        if _has_free_variable(typed):
            names.add("v")
        call = f"f{len(self.functions)}({', '.join(sorted(names))})"
        self.functions.append("\n".join((f"def {call}:", *(f"    {row}" for row in body))))
        return call


def _has_free_variable(typed: Typed) -> bool:
    """Whether this stands inside a macro and speaks about its variable."""
    if typed.op == "variable":
        return True
    if typed.op in {"all", "exists", "exists_one", "filter", "map"}:
        return _has_free_variable(typed.args[0])
    return any(_has_free_variable(arg) for arg in typed.args)


def _attempt(step: str) -> list[str]:
    return [
        "try:",
        f"    {step}",
        "except EvaluationError as error:",
        "    reason = error.reason",
    ]


def _finish(answer: bool) -> list[str]:  # noqa: FBT001 - written into the code, not asked here
    return ["if reason is not None: raise EvaluationError(reason)", f"return {answer}"]
