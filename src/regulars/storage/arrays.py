"""Columns of values as single texts, the cheapest way for many rows to travel to PostgreSQL."""

from collections.abc import Iterable
from datetime import datetime

from regulars.domain.errors import InvalidInput

JSON_SEAM = "\x01"
MOST_WRITTEN = 10_000
# An event's instant is written some four times in a batch: as its own, its transfer's, its lot's.
_written: dict[datetime, str] = {}


def int_array(values: Iterable[int | None]) -> str:
    """A PostgreSQL array literal, for `%s::bigint[]`; None becomes null."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def text_array(values: Iterable[str | None]) -> str:
    """A PostgreSQL array literal, for `%s::text[]`; None becomes null.

    Raises InvalidInput for what PostgreSQL cannot store: the NUL character, half a surrogate pair.
    """
    items = list(values)
    if not items:
        return "{}"
    try:
        text = "\0".join(items)  # type: ignore[arg-type]  # a None among them is answered below
    except TypeError:
        return "{" + ",".join(map(_quoted, items)) + "}"
    if text.count("\0") != len(items) - 1:
        raise InvalidInput("A text may not contain the NUL character.")
    _refuse_surrogates(text)
    # The escapes are done over all items at once: NUL, which no item contains, marks the seams.
    return '{"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","') + '"}'


def json_texts(values: Iterable[str]) -> str:
    """JSON texts for `string_to_array(%s, E'\\x01')`, where a `text[]` is asked for.

    JSON writes control characters as escapes, so one of them can stand between the texts: nothing
    has to be quoted here and unquoted there, which for texts full of quotation marks is much.
    """
    items = list(values)
    text = JSON_SEAM.join(items)
    assert text.count(JSON_SEAM) == max(len(items) - 1, 0), "this is not JSON"
    return text


def time_array(values: Iterable[datetime | None]) -> str:
    """A PostgreSQL array literal, for `%s::timestamptz[]`; the instants are aware."""
    return "{" + ",".join(map(_instant, values)) + "}"


def _instant(value: datetime | None) -> str:
    if value is None:
        return "NULL"
    known = _written.get(value)
    if known is None:
        assert value.tzinfo is not None, "an instant without a zone is no instant"
        if len(_written) >= MOST_WRITTEN:
            _written.clear()
        known = _written[value] = value.isoformat()
    return known


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    if "\0" in value:
        raise InvalidInput("A text may not contain the NUL character.")
    _refuse_surrogates(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _refuse_surrogates(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("A text contains half a surrogate pair.") from error
