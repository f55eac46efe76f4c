"""Regular expressions for matches(): RE2, which answers in linear time whatever the pattern."""

from collections.abc import Callable

import re2

MAX_PATTERN_CHARACTERS = 200
_MAX_MEMORY_BYTES = 1 << 20


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with `pattern`, in a sentence; None if nothing is."""
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        return f"A pattern has at most {MAX_PATTERN_CHARACTERS} characters."
    try:
        _compiled(pattern)
    except re2.error as error:
        return f"RE2 cannot read this pattern: {error.args[0].decode()}."
    return None


def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text has a part that matches `pattern`, which has no fault."""
    search = _compiled(pattern).search
    return lambda text: search(text) is not None


def _compiled(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = _MAX_MEMORY_BYTES
    options.log_errors = False
    return re2.compile(pattern, options)
