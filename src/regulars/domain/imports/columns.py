"""From a place in an event back to the column of the file that the mapping has put there."""

import re
from typing import Any

COLUMNS = "/columns/"
_HOLE = re.compile(r"\{([^{}]+)\}")


def column_at(mapping: Any, pointer: str) -> str | None:
    """The column from which the value at a JSON pointer into the event comes; None for none.

    A pointer such as /columns/paid names it itself.
    """
    if pointer.startswith(COLUMNS):
        return pointer.removeprefix(COLUMNS).replace("~1", "/").replace("~0", "~")
    spec = mapping
    for step in pointer.split("/")[1:]:
        if isinstance(spec, list) and spec:
            spec = spec[0]
            if step.isdecimal():
                continue
        if not isinstance(spec, dict) or "column" in spec:
            break
        spec = spec.get(step)
    if isinstance(spec, dict):
        column = spec.get("column")
        return column if isinstance(column, str) else None
    found = _HOLE.search(spec) if isinstance(spec, str) else None
    return found[1] if found else None
