"""The functions and operators that conditions know, by the types of their arguments."""

from dataclasses import dataclass

from regulars.domain.conditions.types import (
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    Type,
)


@dataclass(frozen=True, slots=True)
class Overload:
    """One meaning of a function. `params` begins with the target of a method."""

    op: str
    params: tuple[Type, ...]
    result: Type


ARITHMETIC: dict[str, tuple[Overload, ...]] = {
    "+": (
        Overload("add_int", (INT, INT), INT),
        Overload("add_double", (DOUBLE, DOUBLE), DOUBLE),
        Overload("concat", (STRING, STRING), STRING),
        Overload("later", (TIMESTAMP, DURATION), TIMESTAMP),
        Overload("later_flipped", (DURATION, TIMESTAMP), TIMESTAMP),
        Overload("add_duration", (DURATION, DURATION), DURATION),
    ),
    "-": (
        Overload("sub_int", (INT, INT), INT),
        Overload("sub_double", (DOUBLE, DOUBLE), DOUBLE),
        Overload("earlier", (TIMESTAMP, DURATION), TIMESTAMP),
        Overload("between", (TIMESTAMP, TIMESTAMP), DURATION),
        Overload("sub_duration", (DURATION, DURATION), DURATION),
    ),
    "*": (
        Overload("mul_int", (INT, INT), INT),
        Overload("mul_double", (DOUBLE, DOUBLE), DOUBLE),
    ),
    "/": (
        Overload("div_int", (INT, INT), INT),
        Overload("div_double", (DOUBLE, DOUBLE), DOUBLE),
    ),
    "%": (Overload("mod_int", (INT, INT), INT),),
}

NEGATION = (Overload("neg_int", (INT,), INT), Overload("neg_double", (DOUBLE,), DOUBLE))

COMPARED = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
ORDERED: frozenset[Type] = frozenset({BOOL, INT, DOUBLE, STRING, TIMESTAMP, DURATION})
NUMBERS: frozenset[Type] = frozenset({INT, DOUBLE})

METHODS: dict[str, tuple[Overload, ...]] = {
    "startsWith": (Overload("starts_with", (STRING, STRING), BOOL),),
    "endsWith": (Overload("ends_with", (STRING, STRING), BOOL),),
    "contains": (Overload("contains", (STRING, STRING), BOOL),),
}

FUNCTIONS: dict[str, tuple[Overload, ...]] = {
    "int": (
        Overload("same", (INT,), INT),
        Overload("int_of_double", (DOUBLE,), INT),
        Overload("int_of_text", (STRING,), INT),
        Overload("seconds_of", (TIMESTAMP,), INT),
    ),
    "double": (
        Overload("same", (DOUBLE,), DOUBLE),
        Overload("double_of_int", (INT,), DOUBLE),
        Overload("double_of_text", (STRING,), DOUBLE),
    ),
    "string": (
        Overload("same", (STRING,), STRING),
        Overload("text_of_int", (INT,), STRING),
        Overload("text_of_bool", (BOOL,), STRING),
        Overload("text_of_instant", (TIMESTAMP,), STRING),
        Overload("text_of_length", (DURATION,), STRING),
    ),
    "timestamp": (
        Overload("same", (TIMESTAMP,), TIMESTAMP),
        Overload("instant_of_text", (STRING,), TIMESTAMP),
        Overload("instant_of_seconds", (INT,), TIMESTAMP),
    ),
    "duration": (
        Overload("same", (DURATION,), DURATION),
        Overload("length_of_text", (STRING,), DURATION),
    ),
}

INSTANT_GETTERS = frozenset(
    {
        "getFullYear",
        "getMonth",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getHours",
        "getMinutes",
        "getSeconds",
        "getMilliseconds",
    }
)
LENGTH_GETTERS = frozenset({"getHours", "getMinutes", "getSeconds", "getMilliseconds"})

KNOWN_METHODS = frozenset({*METHODS, *INSTANT_GETTERS, "matches", "size"})
KNOWN_FUNCTIONS = frozenset({*FUNCTIONS, "matches", "size", "has"})
