"""Compiles a checked condition about a member to a parameterised SQL boolean."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.domain.conditions.typed import Typed
from regulars.domain.errors import ConditionInvalid


@dataclass(frozen=True, slots=True)
class SqlCondition:
    """`text` is true, false or NULL for a row; NULL is CEL's error and matches nothing."""

    text: str
    params: Mapping[str, object]


def compile_sql(typed: Typed) -> SqlCondition:
    """Raises ConditionInvalid at the first operation that SQL cannot say."""
    raise ConditionInvalid("not yet", offset=typed.offset)
