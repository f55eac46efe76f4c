"""What a condition may name, as an editor of conditions offers it: fields, values, functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regulars.domain.conditions.functions import FUNCTIONS, INSTANT_GETTERS, METHODS
from regulars.domain.conditions.types import (
    BOOL,
    INT,
    STRING,
    TIMESTAMP,
    Field,
    ListOf,
    Record,
    Type,
    plain,
)
from regulars.domain.events import BUILT_IN
from regulars.domain.programs.fields import rule_fields
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import field_phrase, name_in, type_words

_MONEY = frozenset({"total", "amount"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field can have."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Named:
    """One field. `name` as it is written in a condition, such as order.total. `type`: bool, int,
    string, timestamp, duration, or a list of one of these. `is_optional`: it may be absent, so that
    has(name) is asked first. `is_line`: only where a rule speaks about lines. `is_money`: in minor
    units of the program's money. `choices` is empty where any value goes."""

    name: str
    type: str
    label: str
    is_optional: bool = False
    is_line: bool = False
    is_money: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFields:
    """An event type, and what a rule on it may look at."""

    type: str
    label: str
    is_custom: bool
    fields: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """One meaning of a function: `target`.name(`arguments`), or name(`arguments`)."""

    name: str
    target: str | None
    arguments: tuple[str, ...]
    result: str


def fields_of(program: Program, lang: str) -> list[EventFields]:
    """For each event type what a condition of a rule on it may name. `lang`: one of LANGUAGES."""
    return [
        EventFields(
            code,
            type_words(lang, code, program.custom_types),
            code in program.custom_types,
            tuple(_fields(code, program, lang)),
        )
        for code in (*BUILT_IN, *sorted(program.custom_types))
    ]


def _fields(code: str, program: Program, lang: str) -> Iterator[Named]:
    known = rule_fields(
        [code],
        attributes=program.attributes,
        event_attributes=program.event_attributes,
        custom_types=program.custom_types,
        with_line=code == "purchase",
    )
    for root, type_ in known.roots.items():
        if root != "now":
            yield from _within(root, Field(type_), code, program, lang)
    yield Named("now", str(TIMESTAMP), _label("now", lang))


def _within(
    path: str, field: Field, code: str, program: Program, lang: str, *, optional: bool = False
) -> Iterator[Named]:
    """The field itself where it has a plain type, else those within it."""
    inner = plain(field.type)
    may_be_absent = optional or field.optional
    if isinstance(inner, Record):
        for name, one in inner.fields.items():
            yield from _within(f"{path}.{name}", one, code, program, lang, optional=may_be_absent)
        return
    if isinstance(inner, ListOf) and isinstance(inner.element, Record):
        return
    last = path.rpartition(".")[2]
    yield Named(
        name=path,
        type=str(inner),
        label=_label(last, lang),
        is_optional=may_be_absent or inner is not field.type,
        is_line=path.startswith("line."),
        is_money=_is_money(path, last, inner, code, program),
        choices=_choices(path, code, program, lang),
    )


def _label(name: str, lang: str) -> str:
    return field_phrase(lang, name)


def _is_money(path: str, last: str, inner: Type, code: str, program: Program) -> bool:
    if inner != INT or ".attributes." in path:
        return False
    custom = program.custom_types.get(code)
    if custom is not None and path.startswith("event.data."):
        return last == custom.amount
    return last in _MONEY


def _choices(path: str, code: str, program: Program, lang: str) -> tuple[Choice, ...]:
    if path == "member.tier" and program.ladder is not None:
        return tuple(Choice(tier.code, name_in(lang, tier.name)) for tier in program.ladder.tiers)
    if path == "event.type":
        return (Choice(code, type_words(lang, code, program.custom_types)),)
    if path in {"order.currency", "event.data.currency"}:
        return (Choice(program.money, program.money),)
    custom = program.custom_types.get(code)
    if custom is None or not path.startswith("event.data."):
        return ()
    listed = _schema_at(custom.schema, path.split(".")[2:]).get("enum", [])
    return tuple(Choice(one, one) for one in listed if isinstance(one, str))


def _schema_at(schema: Mapping[str, Any], path: list[str]) -> Mapping[str, Any]:
    """The schema of a property inside another; an empty one where it is not spelt out."""
    for name in path:
        inner = schema.get("properties", {}).get(name)
        if not isinstance(inner, dict):
            return {}
        schema = inner
    return schema


def functions() -> list[Function]:
    """What conditions can call, in the order of their names."""
    found = [
        Function("has", None, ("field",), str(BOOL)),
        Function("size", None, ("string or list",), str(INT)),
        Function("matches", str(STRING), (str(STRING),), str(BOOL)),
    ]
    for name, overloads in METHODS.items():
        found += [
            Function(name, str(one.params[0]), tuple(map(str, one.params[1:])), str(one.result))
            for one in overloads
        ]
    for name, overloads in FUNCTIONS.items():
        found += [
            Function(name, None, tuple(map(str, one.params)), str(one.result)) for one in overloads
        ]
    found += [Function(name, str(TIMESTAMP), ("time zone",), str(INT)) for name in INSTANT_GETTERS]
    return sorted(found, key=lambda one: (one.name, one.target or "", one.arguments))
