"""What the columns of a file can be mapped to: the fields of every type of event."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from regulars.domain.events import BUILT_IN, Line
from regulars.domain.programs.model import Program

MONEY = frozenset({("purchase", "total"), ("line", "amount"), ("card_payment", "amount"),
                   ("asset_statement", "amount"), ("return", "amount")})  # fmt: skip
LEFT_OUT = frozenset({"lines", "payments", "attributes"})
"""What is no single value of a cell."""

_KINDS = {"integer": "integer", "boolean": "boolean", "string": "text"}


class Field(Struct, frozen=True):
    """A field of an event's data. `name`: as in `data`, or in each of its `lines`. `kind`: text,
    integer, boolean, or money, which a file tells in major units."""

    name: str
    kind: str
    is_needed: bool
    is_of_line: bool = False


def fields_of(program: Program | None) -> dict[str, list[Field]]:
    """The fields by event type, of the built-in types and of the program's own."""
    found = {code: list(_of_struct(code, kind)) for code, kind in BUILT_IN.items()}
    found["purchase"] += [
        Field(one.name, one.kind, one.is_needed, is_of_line=True)
        for one in _of_struct("line", Line)
    ]
    if program is None:
        return found
    for code, attributes in program.event_attributes.items():
        found.setdefault(code, []).extend(
            Field(f"attributes.{name}", {"int": "integer", "bool": "boolean"}.get(kind, "text"),
                  is_needed=False)
            for name, kind in attributes.items()
        )  # fmt: skip
    for code, custom in program.custom_types.items():
        needed = set(custom.schema.get("required", ()))
        properties = custom.schema.get("properties", {})
        found[code] = [
            Field(name, _KINDS.get(_type_in(told), "text"), name in needed)
            for name, told in properties.items()
        ]
    return found


def _of_struct(code: str, kind: type[Struct]) -> Iterator[Field]:
    for field in msgspec.structs.fields(kind):
        if field.name in LEFT_OUT:
            continue
        is_needed = field.required
        text = str(field.type)
        if (code, field.name) in MONEY:
            yield Field(field.name, "money", is_needed)
        elif "bool" in text:
            yield Field(field.name, "boolean", is_needed)
        elif "int" in text:
            yield Field(field.name, "integer", is_needed)
        else:
            yield Field(field.name, "text", is_needed)


def _type_in(told: object) -> str:
    return str(told.get("type", "")) if isinstance(told, dict) else ""
