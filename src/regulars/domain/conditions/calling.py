"""Checks the calls of functions and methods."""

from collections.abc import Callable
from datetime import datetime, timedelta

from regulars.domain.conditions.functions import (
    FUNCTIONS,
    INSTANT_GETTERS,
    KNOWN_FUNCTIONS,
    KNOWN_METHODS,
    LENGTH_GETTERS,
    METHODS,
)
from regulars.domain.conditions.patterns import pattern_fault
from regulars.domain.conditions.resolving import nearest, require, resolve
from regulars.domain.conditions.typed import Getter, Typed
from regulars.domain.conditions.types import (
    BOOL,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    ListOf,
    MapOf,
    Type,
    plain,
)
from regulars.domain.conditions.values import (
    EvaluationError,
    instant_of_text,
    is_too_fine,
    length_of_text,
)
from regulars.domain.conditions.zones import zone_named
from regulars.domain.errors import ConditionInvalid

_SIZED = "size() takes a text, a list or a map"


def call_function(name: str, arguments: tuple[Typed, ...], *, offset: int) -> Typed:
    """`name(arguments)`. Raises ConditionInvalid if no such function takes such arguments."""
    if name == "size":
        return _size(arguments, offset=offset)
    if name == "matches":
        return _matches(arguments, offset=offset)
    overloads = FUNCTIONS.get(name)
    if overloads is None:
        if name in KNOWN_METHODS:
            hint = f" Write it behind a value: x.{name}(…)."
        else:
            hint = nearest(name, KNOWN_FUNCTIONS)
        raise ConditionInvalid(f"There is no function {name}().{hint}", offset=offset)
    found = resolve(overloads, arguments, offset=offset)
    if found is None:
        raise _unfit(name, arguments, offset=offset)
    return _folded(found)


def call_method(name: str, arguments: tuple[Typed, ...], *, offset: int) -> Typed:
    """`target.name(arguments)`; `arguments` begins with the target. Raises ConditionInvalid."""
    if name == "size":
        return _size(arguments, offset=offset)
    if name == "matches":
        return _matches(arguments, offset=offset)
    target = plain(arguments[0].type)
    if target == TIMESTAMP and name in INSTANT_GETTERS:
        return _instant_getter(name, arguments, offset=offset)
    if target == DURATION and name in LENGTH_GETTERS and len(arguments) == 1:
        owner = require(arguments[0], DURATION, what=f"The target of {name}()")
        return Typed("length_getter", INT, (owner,), name, offset)
    overloads = METHODS.get(name)
    if overloads is None:
        if name in INSTANT_GETTERS:
            raise _unfit(name, arguments, offset=offset)
        hint = f" Write {name}(x)." if name in FUNCTIONS else nearest(name, KNOWN_METHODS)
        raise ConditionInvalid(f"There is no function .{name}().{hint}", offset=offset)
    found = resolve(overloads, arguments, offset=offset)
    if found is None:
        raise _unfit(name, arguments, offset=offset)
    return found


def _unfit(name: str, arguments: tuple[Typed, ...], *, offset: int) -> ConditionInvalid:
    given = ", ".join(str(argument.type) for argument in arguments) or "nothing"
    return ConditionInvalid(f"{name}() cannot be used with {given}.", offset=offset)


def _size(arguments: tuple[Typed, ...], *, offset: int) -> Typed:
    if len(arguments) != 1:
        raise ConditionInvalid(f"{_SIZED}, and nothing else.", offset=offset)
    wanted: Type = plain(arguments[0].type)
    if wanted != STRING and not isinstance(wanted, ListOf | MapOf):
        raise ConditionInvalid(f"{_SIZED}, but this is {wanted}.", offset=arguments[0].offset)
    op = {ListOf: "size_list", MapOf: "size_map"}.get(type(wanted), "size_text")
    return Typed(op, INT, (require(arguments[0], wanted, what="It"),), offset=offset)


def _matches(arguments: tuple[Typed, ...], *, offset: int) -> Typed:
    if len(arguments) != 2:  # noqa: PLR2004
        raise ConditionInvalid('matches() takes one pattern, as in x.matches("^A").', offset=offset)
    text = require(arguments[0], STRING, what="What matches() looks at")
    pattern = require(arguments[1], STRING, what="The pattern of matches()")
    if pattern.op != "const" or not isinstance(pattern.detail, str):
        raise ConditionInvalid(
            "A pattern must be written out, not computed.", offset=pattern.offset
        )
    fault = pattern_fault(pattern.detail)
    if fault is not None:
        raise ConditionInvalid(fault, offset=pattern.offset)
    return Typed("matches", BOOL, (text,), pattern.detail, offset)


def _instant_getter(name: str, arguments: tuple[Typed, ...], *, offset: int) -> Typed:
    if len(arguments) > 2:  # noqa: PLR2004
        raise ConditionInvalid(f"{name}() takes at most a time zone.", offset=offset)
    at = require(arguments[0], TIMESTAMP, what=f"The target of {name}()")
    zone_name = "UTC"
    if len(arguments) > 1:
        given = require(arguments[1], STRING, what="A time zone")
        if given.op != "const" or not isinstance(given.detail, str):
            raise ConditionInvalid(
                "A time zone must be written out, not computed.", offset=given.offset
            )
        zone_name = given.detail
    zone = zone_named(zone_name)
    if zone is None:
        raise ConditionInvalid(
            f"There is no time zone {zone_name}. Write one such as Asia/Shanghai or +08:00.",
            offset=arguments[-1].offset,
        )
    return Typed("instant_getter", INT, (at,), Getter(name, zone), offset)


def _folded(found: Typed) -> Typed:
    """A timestamp or duration that is written out becomes a constant."""
    argument = found.args[0]
    text = argument.detail
    if argument.op != "const" or not isinstance(text, str):
        return found
    readers: dict[str, Callable[[object], datetime | timedelta]] = {
        "instant_of_text": instant_of_text,
        "length_of_text": length_of_text,
    }
    reader = readers.get(found.op)
    if reader is None:
        return found
    try:
        value = reader(text)
    except EvaluationError as error:
        example = {
            "instant_of_text": "timestamps look like 2026-12-31T00:00:00+08:00",
            "length_of_text": "durations look like 1h30m; a day is 24h, the most is 87660000h",
        }[found.op]
        raise ConditionInvalid(
            f"{text} is not a {found.type}: {example}.", offset=argument.offset
        ) from error
    if is_too_fine(text):
        raise ConditionInvalid(
            f"{text} is finer than a microsecond, and nothing here is measured so finely.",
            offset=argument.offset,
        )
    return Typed("const", found.type, (), value, found.offset)
