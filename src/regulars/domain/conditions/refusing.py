"""Says why a condition that is right in itself cannot choose an audience."""

from regulars.domain.conditions.typed import Typed
from regulars.domain.errors import ConditionInvalid

_INSTEAD = {
    "matches": "matches() cannot choose an audience. Use startsWith, endsWith or contains.",
    "root": "An audience is chosen by its members alone: only member and now are known.",
    "filter": "filter() cannot choose an audience. Use exists or all.",
    "map": "map() cannot choose an audience. Use exists or all.",
    "list": "Only constants can stand in a list that chooses an audience.",
    "if": "A choice that may be null cannot be compared in an audience.",
}


def refusal(typed: Typed, detail: str = "") -> ConditionInvalid:
    """The error for the operation `typed`."""
    default = _INSTEAD.get(typed.op, "This cannot choose an audience.")
    return ConditionInvalid(detail or default, offset=typed.offset)
