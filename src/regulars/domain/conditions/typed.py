"""A checked condition: every operation chosen by the types of its arguments, ready to compile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from regulars.domain.conditions.types import Access, Type

Constant = bool | int | float | str | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class FieldRead:
    """Which declared field an operation reads, and how."""

    name: str
    access: Access
    optional: bool
    sql: str | None


@dataclass(frozen=True, slots=True)
class Getter:
    """Which part of an instant an operation takes; `zone` decides its calendar and clock."""

    name: str
    zone: tzinfo


Detail = Constant | FieldRead | Getter


@dataclass(frozen=True, slots=True)
class Typed:
    """One operation. `detail` is its constant value, the name it reads, or such.

    `path` leads from a root to the field read, () for anything that is not such a field.
    """

    op: str
    type: Type
    args: tuple["Typed", ...] = ()
    detail: Detail = None
    offset: int = 0
    path: tuple[str, ...] = ()


def operations(root: Typed) -> Iterator[Typed]:
    """Every operation, outermost first."""
    yield root
    for arg in root.args:
        yield from operations(arg)
