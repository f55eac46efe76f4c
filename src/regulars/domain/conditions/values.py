"""What compiled conditions compute with: 64-bit whole numbers, instants and durations as in CEL."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from regulars.domain.conditions.syntax import INT_MAX, INT_MIN

Value = TypeVar("Value")

MAX_DURATION = timedelta(seconds=315_576_000_000, microseconds=999_999)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_INT = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]{1,30})[ \t\n\v\f\r]*")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:[Zz]|([+-][0-9]{2}:[0-9]{2}))"
)
_DURATION = re.compile(r"([+-]?)((?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:h|ms|us|ns|m|s))+|0)")
_TERM = re.compile(r"([0-9]*)(?:\.([0-9]*))?(h|ms|us|ns|m|s)")
_NANOSECONDS = {
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}


class EvaluationError(Exception):
    """The condition has no value for these inputs; `reason` says why in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def int64(value: int) -> int:
    """`value`, if 64 bits hold it."""
    if INT_MIN <= value <= INT_MAX:
        return value
    raise EvaluationError("integer overflow")


def divide(left: int, right: int) -> int:
    """The quotient, cut towards zero."""
    if right == 0:
        raise EvaluationError("divide by zero")
    quotient = abs(left) // abs(right)
    return int64(quotient if (left < 0) == (right < 0) else -quotient)


def remainder(left: int, right: int) -> int:
    """What division leaves; its sign is that of `left`."""
    if right == 0:
        raise EvaluationError("modulus by zero")
    if left == INT_MIN and right == -1:
        raise EvaluationError("integer overflow")
    rest = abs(left) % abs(right)
    return rest if left >= 0 else -rest


def divide_doubles(left: float, right: float) -> float:
    """The IEEE 754 quotient: division by zero is infinite, or not a number."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def not_null(value: Value | None) -> Value:
    """`value`, if it is not null."""
    if value is None:
        raise EvaluationError("no such overload: null")
    return value


def present(value: object, name: str) -> object:
    """`value` of the optional attribute `name`, if it is there."""
    if value is None:
        raise EvaluationError(f"no such key: {name}")
    return value


def item(record: Mapping[str, object], key: str) -> object:
    """The value under `key`."""
    try:
        return record[key]
    except KeyError:
        raise EvaluationError(f"no such key: {key}") from None


def entry(entries: Sequence[object], index: int) -> object:
    """The entry at `index`, counted from 0."""
    if 0 <= index < len(entries):
        return entries[index]
    raise EvaluationError(f"no such entry: {index}")


def among_doubles(value: float | None, entries: Sequence[float | None]) -> bool:
    """Whether one entry equals `value`; what is not a number equals nothing, not even itself."""
    return any(value == other for other in entries)


def same_doubles(left: Sequence[float | None], right: Sequence[float | None]) -> bool:
    """Whether the entries are equal one by one."""
    return len(left) == len(right) and all(a == b for a, b in zip(left, right, strict=True))


def instant(value: object) -> datetime:
    """A timestamp that arrived as such or as RFC 3339 text; parts of a microsecond are dropped."""
    return value if isinstance(value, datetime) else instant_of_text(value)


def instant_or_null(value: object) -> datetime | None:
    """The same, where null may stand instead."""
    return None if value is None else instant(value)


def instant_of_text(text: object) -> datetime:
    """The instant that an RFC 3339 text names, in UTC."""
    match = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise EvaluationError("not a timestamp")
    day, clock, fraction, offset = match.groups()
    parts = (day, "T", clock, ".", (fraction or "0")[:6].ljust(6, "0"), offset or "+00:00")
    try:
        return datetime.fromisoformat("".join(parts)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise EvaluationError("not a timestamp") from None


def instant_of_seconds(seconds: int) -> datetime:
    """The instant so many seconds after the beginning of 1970."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise EvaluationError("timestamp overflow") from None


def seconds_of(at: datetime) -> int:
    """Whole seconds since the beginning of 1970, cut down."""
    return (at - _EPOCH) // timedelta(seconds=1)


def length(value: object) -> timedelta:
    """A duration that arrived as such or as text."""
    return value if isinstance(value, timedelta) else length_of_text(value)


def length_or_null(value: object) -> timedelta | None:
    """The same, where null may stand instead."""
    return None if value is None else length(value)


def length_of_text(text: object) -> timedelta:
    """The duration that a text such as `1h30m` names; parts of a microsecond are dropped."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise EvaluationError("not a duration")
    sign, terms = match.groups()
    microseconds = _nanoseconds(terms) // 1000
    if microseconds > MAX_DURATION // _MICROSECOND:
        raise EvaluationError("duration overflow")
    return timedelta(microseconds=-microseconds if sign == "-" else microseconds)


def is_too_fine(text: str) -> bool:
    """Whether a text that names an instant or a duration says more than whole microseconds."""
    match = _INSTANT.fullmatch(text)
    if match is not None:
        return len((match.group(3) or "").rstrip("0")) > 6  # noqa: PLR2004 - digits of a microsecond
    return _nanoseconds(text.lstrip("+-")) % 1000 != 0


def _nanoseconds(terms: str) -> int:
    total = 0
    for count, fraction, unit in _TERM.findall(terms):
        size = _NANOSECONDS[unit]
        total += int(count or 0) * size + int(fraction or 0) * size // 10 ** len(fraction)
    return total


def later(at: datetime, by: timedelta) -> datetime:
    """`at` moved by a duration, which may be negative."""
    try:
        return at + by
    except OverflowError:
        raise EvaluationError("timestamp overflow") from None


def earlier(at: datetime, by: timedelta) -> datetime:
    """`at` moved back by a duration, which may be negative."""
    return later(at, -by)


def bounded(span: timedelta) -> timedelta:
    """`span`, if CEL can express it."""
    if -MAX_DURATION <= span <= MAX_DURATION:
        return span
    raise EvaluationError("duration overflow")


def whole(span: timedelta, unit_microseconds: int) -> int:
    """How many whole units a duration has, cut towards zero."""
    count = abs(span) // _MICROSECOND // unit_microseconds
    return count if span >= timedelta(0) else -count


def milliseconds_part(span: timedelta) -> int:
    """The milliseconds beyond the whole seconds of a duration, with its sign."""
    part = abs(span).microseconds // 1000
    return part if span >= timedelta(0) else -part


def int_of_text(text: str) -> int:
    """The decimal number in `text`."""
    match = _INT.fullmatch(text)
    if match is None:
        raise EvaluationError("not an int")
    return int64(int(match.group(1)))


def int_of_double(value: float) -> int:
    """`value` cut towards zero."""
    if -(2.0**63) < value < 2.0**63:
        return int(value)
    raise EvaluationError("double out of int range")


def double_of_text(text: str) -> float:
    """The decimal number in `text`."""
    if _DOUBLE.fullmatch(text) is None:
        raise EvaluationError("not a double")
    return float(text)


def text_of_instant(at: datetime) -> str:
    """RFC 3339 in UTC, with as many of three or six decimals as needed."""
    clock = at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
    return f"{clock}{_fraction(at.microsecond)}Z"


def text_of_length(span: timedelta) -> str:
    """Seconds, with as many of three or six decimals as needed, and `s`."""
    seconds, microseconds = divmod(abs(span) // _MICROSECOND, 1_000_000)
    sign = "-" if span < timedelta(0) else ""
    return f"{sign}{seconds}{_fraction(microseconds)}s"


def _fraction(microseconds: int) -> str:
    if microseconds == 0:
        return ""
    milliseconds, rest = divmod(microseconds, 1000)
    return f".{microseconds:06d}" if rest else f".{milliseconds:03d}"
