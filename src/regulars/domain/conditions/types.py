"""The types of a condition, and the declared fields that it may speak about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from keyword import iskeyword
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type without parts."""

    name: str

    def __str__(self) -> str:
        return self.name


BOOL = Scalar("bool")
INT = Scalar("int")
DOUBLE = Scalar("double")
STRING = Scalar("string")
TIMESTAMP = Scalar("timestamp")
DURATION = Scalar("duration")
NULL = Scalar("null")
ANYTHING = Scalar("anything")
"""The type of the entries of `[]`, of which there are none."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose entries are all of one type."""

    element: "Type"

    def __str__(self) -> str:
        return f"list of {self.element}"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from texts to values of one type."""

    value: "Type"

    def __str__(self) -> str:
        return f"map of {self.value}"


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value of `inner`, or null. Null equals only null; every other use of it is an error."""

    inner: "Type"

    def __str__(self) -> str:
        return f"{self.inner} or null"


class Access(Enum):
    """How compiled code reads a field of a record."""

    ATTRIBUTE = "o.x; None where an optional field is absent"
    ITEM = 'o["x"]; no such key where an optional field is absent'


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Named fields. `fields` is a mapping that is never changed after it was given here."""

    name: str
    fields: Mapping[str, "Field"]
    access: Access = Access.ATTRIBUTE

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))
        for name in self.fields:
            # Attribute names become part of compiled code.
            assert name.isidentifier(), name
            assert not iskeyword(name), name
            assert not name.startswith("__"), name
        if self.access is Access.ITEM:
            # Instants may arrive as text, which is read field by field.
            nested = [one.type for one in self.fields.values()]
            assert not any(_holds_instants(one) for one in nested), self.name

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.fields), self.access))


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field.

    A field that is not `optional` is always there, and a value always has its declared type: who
    accepts the data promises both. Instants are in UTC; where the record is read by item, they
    may be RFC 3339 texts instead, and durations CEL's texts. `sql` is an expression of the same
    type over one member's row, NULL where the field is absent or null; a duration is numeric
    microseconds, a list an array without NULLs, a map jsonb. Qualify its columns.
    """

    type: "Type"
    optional: bool = False
    sql: str | None = None

    def __post_init__(self) -> None:
        # NULL in the database could mean either.
        assert not (self.sql and self.optional and isinstance(self.type, Nullable))


Type = Scalar | ListOf | MapOf | Nullable | Record

ROOTS = ("event", "member", "order", "line", "now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The roots that a condition may speak about here; None where there is no such thing."""

    event: Record | None = None
    member: Record | None = None
    order: Record | None = None
    line: Record | None = None
    roots: Mapping[str, Type] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        given = {
            "event": self.event,
            "member": self.member,
            "order": self.order,
            "line": self.line,
            "now": TIMESTAMP,
        }
        known = {name: type_ for name, type_ in given.items() if type_ is not None}
        object.__setattr__(self, "roots", MappingProxyType(known))


def _holds_instants(type_: Type) -> bool:
    inner = plain(type_)
    if isinstance(inner, ListOf):
        return plain(inner.element) in {TIMESTAMP, DURATION} or _holds_instants(inner.element)
    if isinstance(inner, MapOf):
        return plain(inner.value) in {TIMESTAMP, DURATION} or _holds_instants(inner.value)
    return False


def plain(type_: Type) -> Type:
    """The type without "or null"."""
    return type_.inner if isinstance(type_, Nullable) else type_


def common(left: Type, right: Type) -> Type | None:
    """The narrowest type that holds the values of both; None where there is none."""
    if left == right:
        return left
    if ANYTHING in {left, right}:
        return right if left == ANYTHING else left
    if NULL in {left, right}:
        other = right if left == NULL else left
        return other if isinstance(other, Nullable) else Nullable(other)
    if isinstance(left, ListOf) and isinstance(right, ListOf):
        element = common(left.element, right.element)
        return None if element is None else ListOf(element)
    if isinstance(left, Nullable) or isinstance(right, Nullable):
        inner = common(plain(left), plain(right))
        return None if inner is None else Nullable(inner)
    return None
