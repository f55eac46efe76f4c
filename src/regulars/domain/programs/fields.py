"""What the conditions of a program may look at: the event, the member, the order, a line, now."""

from collections.abc import Iterable, Mapping
from functools import cache
from keyword import iskeyword
from typing import Any

from msgspec import Struct, inspect

from regulars.domain.conditions.building import RESERVED
from regulars.domain.conditions.types import (
    BOOL,
    INT,
    STRING,
    TIMESTAMP,
    Access,
    Field,
    Fields,
    ListOf,
    Nullable,
    Record,
    Type,
)
from regulars.domain.events import BUILT_IN, Line
from regulars.domain.programs.model import CustomType
from regulars.domain.programs.reading_effects import OCCASION

MAX_SCHEMA_DEPTH = 5

_KINDS: dict[str, Type] = {"bool": BOOL, "int": INT, "string": STRING}
_JSON_KINDS: dict[str, Type] = {"boolean": BOOL, "integer": INT, "string": STRING}


def is_field_name(name: str) -> bool:
    """Whether a condition can name it: a plain word that CEL and Python leave free."""
    return (
        name.isidentifier()
        and name.isascii()
        and not iskeyword(name)
        and not name.startswith("__")
        and name not in RESERVED
        and name not in {"in", "true", "false", "null"}
    )


def attribute_record(name: str, declared: Mapping[str, str]) -> Record:
    """Declared attributes, each of which may be absent; `declared` is name to bool, int, string."""
    return Record(
        name=name,
        fields={
            code: Field(_KINDS[kind], optional=True)
            for code, kind in declared.items()
            if is_field_name(code)
        },
        access=Access.ITEM,
    )


def member_record(attributes: Mapping[str, str]) -> Record:
    """A member as the engine shows one to conditions."""
    return Record(
        name="member",
        fields={
            "tier": Field(STRING),
            "enrolled_at": Field(TIMESTAMP),
            "purchases": Field(INT),
            "cards": Field(ListOf(STRING)),
            "stage": Field(STRING),
            "tags": Field(ListOf(STRING)),
            "attributes": Field(attribute_record("member.attributes", attributes)),
        },
    )


def order_record(attributes: Mapping[str, str]) -> Record:
    """A purchase as the engine shows one to conditions; `total` is in minor units."""
    return Record(
        name="order",
        fields={
            "total": Field(INT),
            "currency": Field(STRING),
            "store": Field(STRING, optional=True),
            "channel": Field(STRING, optional=True),
            "line_count": Field(INT),
            "payment_methods": Field(ListOf(STRING)),
            "attributes": Field(attribute_record("order.attributes", attributes)),
        },
    )


def audience_fields(attributes: Mapping[str, str]) -> Fields:
    """What a rule's `audience.where` may look at."""
    return Fields(member=member_record(attributes))


def rule_fields(
    types: Iterable[str],
    *,
    attributes: Mapping[str, str],
    event_attributes: Mapping[str, Mapping[str, str]],
    custom_types: Mapping[str, CustomType],
    with_line: bool = False,
) -> Fields:
    """What `when` (and with a line `lines.where`) may look at in a rule on these event types.

    Of several types what they have in common; the order only where there are only purchases.
    """
    known = sorted(set(types))
    records = [_data(code, event_attributes, custom_types) for code in known]
    fields: dict[str, Field] = {
        "type": Field(STRING),
        "source": Field(STRING),
        "time": Field(TIMESTAMP),
    }
    shared = records[0] if records else None
    for other in records[1:]:
        shared = _common(shared, other) if shared else None
    if shared:
        fields["data"] = Field(shared)
    only_purchases = known == ["purchase"]
    purchase_attributes = event_attributes.get("purchase", {})
    return Fields(
        event=Record(name="event", fields=fields),
        member=member_record(attributes),
        order=order_record(purchase_attributes) if only_purchases else None,
        line=_struct(Line, "line") if with_line else None,
    )


def _data(
    code: str,
    event_attributes: Mapping[str, Mapping[str, str]],
    custom_types: Mapping[str, CustomType],
) -> Record:
    if code in custom_types:
        return _json_record(custom_types[code].schema, "event.data", 0)
    if code == OCCASION:
        return Record(name="event.data", fields={"occasion": Field(STRING)})
    built_in = _struct(BUILT_IN[code], "event.data")
    declared = attribute_record("event.data.attributes", event_attributes.get(code, {}))
    return Record(name="event.data", fields={**built_in.fields, "attributes": Field(declared)})


def _common(one: Record, other: Record) -> Record | None:
    """The fields that both have with the same type; None where they are read differently."""
    if one.access is not other.access:
        return None
    fields: dict[str, Field] = {}
    for name in one.fields.keys() & other.fields.keys():
        left, right = one.fields[name], other.fields[name]
        inner: Type | None = left.type if left.type == right.type else None
        if isinstance(left.type, Record) and isinstance(right.type, Record):
            inner = _common(left.type, right.type)
        if inner is not None:
            fields[name] = Field(inner, optional=left.optional or right.optional)
    return Record(name=one.name, fields=dict(sorted(fields.items())), access=one.access)


@cache
def _struct(kind: type[Struct], name: str) -> Record:
    """A msgspec struct; fields that may be None are optional, those without a CEL type left out."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    fields: dict[str, Field] = {}
    for one in info.fields:
        inner, optional = _without_none(one.type)
        type_ = _struct_type(inner, f"{name}.{one.name}")
        if type_ is not None:
            fields[one.name] = Field(type_, optional=optional)
    return Record(name=name, fields=fields)


def _without_none(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    if isinstance(kind, inspect.UnionType):
        others = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        if len(others) == 1:
            return others[0], True
    return kind, False


def _struct_type(kind: inspect.Type, name: str) -> Type | None:
    match kind:
        case inspect.BoolType():
            return BOOL
        case inspect.IntType():
            return INT
        case inspect.StrType():
            return STRING
        case inspect.StructType(cls=inner):
            return _struct(inner, name)
        case inspect.VarTupleType(item_type=item):
            element = _struct_type(item, name)
            return None if element is None else ListOf(element)
        case _:
            return None


def _json_record(schema: Mapping[str, Any], name: str, depth: int) -> Record:
    """The properties of a JSON Schema object that have one plain type."""
    fields: dict[str, Field] = {}
    required = schema.get("required", [])
    for code, inner in schema.get("properties", {}).items():
        type_ = _json_type(inner, f"{name}.{code}", depth) if isinstance(inner, dict) else None
        if type_ is not None and is_field_name(code):
            fields[code] = Field(type_, optional=code not in required)
    return Record(name=name, fields=fields, access=Access.ITEM)


def _json_type(schema: Mapping[str, Any], name: str, depth: int) -> Type | None:
    kind = schema.get("type")
    if isinstance(kind, list):
        others = [one for one in kind if one != "null"]
        if len(others) != 1:
            return None
        inner = _json_type({**schema, "type": others[0]}, name, depth)
        return inner if len(others) == len(kind) else _nullable(inner)
    if kind == "array" and isinstance(schema.get("items"), dict):
        element = _json_type(schema["items"], name, depth)
        return None if element is None else ListOf(element)
    if kind == "object" and depth < MAX_SCHEMA_DEPTH:
        return _json_record(schema, name, depth + 1)
    return _JSON_KINDS.get(str(kind))


def _nullable(inner: Type | None) -> Type | None:
    # A record that may be null has no fields that are always there.
    return None if inner is None or isinstance(inner, Record | ListOf) else Nullable(inner)
