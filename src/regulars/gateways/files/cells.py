"""From a cell of a table to a value of an event: text, whole numbers, money, truth, instants."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from regulars.domain.errors import Fault, InvalidInput
from regulars.gateways.files.mapping import Column, Time

Read = Callable[[Any], Any]
"""From a cell that is not empty to a value. Raises InvalidInput."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_DIGITS = 18
MOST_EXACT = 2**53
DUST = 1e-6
"""How far a binary fraction may be off, in minor units."""

TRUE = frozenset({"true", "t", "yes", "y", "1"})
FALSE = frozenset({"false", "f", "no", "n", "0"})
COLUMNS = "/columns/"
CODES = {"whole number": "not_whole", "amount of money": "not_money"}
SIGNS = "¥￥$€£ "
"""What may stand before an amount."""

_GROUPED = re.compile(r"[¥￥$€£ ]*\d{1,3}(?:,\d{3})+(?:\.\d+)?")
SCALE = {"unix": 1, "unix_ms": 1000}


def wrong(column: str, words: str, code: str) -> InvalidInput:
    """The refusal of a cell, which names its column: the fault points to it as /columns/…"""
    name = column.replace("~", "~0").replace("/", "~1")
    fault = Fault(f"{COLUMNS}{name}", words, code)
    return InvalidInput(f"Column {column} {words}.", faults=[fault])


def reader(column: Column) -> Read:
    """How to read the cells of `column`."""
    if column.kind == "integer":
        return lambda cell: _whole(column, cell)
    if column.kind == "money":
        return lambda cell: _minor(column, cell)
    if column.kind == "boolean":
        return lambda cell: _truth(column, cell)
    return text_of


def text_of(cell: Any) -> str:
    """A cell as text; whole numbers that a file keeps as fractions lose their zeros."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _whole(column: Column, cell: Any) -> int:
    if type(cell) is int:
        return cell
    return _scaled(column, cell, 0, "whole number")


def _minor(column: Column, cell: Any) -> int:
    return _scaled(column, cell, column.decimals, "amount of money")


def _scaled(column: Column, cell: Any, decimals: int, what: str) -> int:
    """`cell` times ten to the power of `decimals`, which must be whole."""
    if type(cell) is int:
        return int(cell * 10**decimals)
    if isinstance(cell, float):
        return _of_float(column, cell, decimals, what)
    text = text_of(cell).strip()
    if column.decimal == "," and isinstance(cell, str):
        text = text.replace(".", "").replace(",", ".")
    # The commonest writing is cut by hand, four times as fast as exact decimals.
    left, _, right = text.partition(".")
    if left.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS:
        right = right.rstrip("0")
        if (right.isdecimal() or not right) and len(right) <= decimals:
            return int(left + right.ljust(decimals, "0"))
    code = CODES[what]
    if column.decimal == "." and _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    try:
        value = Decimal(text.lstrip(SIGNS)).scaleb(decimals)
        whole = int(value)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise wrong(column.column, f"is no {what}: {text[:40]!r}", code) from error
    if whole != value or abs(whole) >= 10**MAX_DIGITS:
        words = f"is no {what} of at most {decimals} decimals: {text[:40]!r}"
        raise wrong(column.column, words, code)
    return whole


def _of_float(column: Column, cell: float, decimals: int, what: str) -> int:
    """A binary fraction stands for the decimal next to it; dust of sums such as 1e-15 is none."""
    scale = float(10**decimals)
    scaled = cell * scale
    if isfinite(scaled) and abs(scaled) < MOST_EXACT:
        nearest = round(scaled)
        if nearest / scale == cell or abs(scaled - nearest) < DUST:
            return nearest
    words = f"is no {what} of at most {decimals} decimals: {cell!r}"
    raise wrong(column.column, words, CODES[what])


def _truth(column: Column, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    text = text_of(cell).strip().lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise wrong(column.column, f"is neither yes nor no: {text[:40]!r}", "not_boolean")


def time_reader(time: Time) -> Callable[[Any], datetime]:
    """How to read the cells of the time column, as aware UTC. Raises InvalidInput."""
    zone: ZoneInfo | None = None
    if time.zone is not None:
        try:
            zone = ZoneInfo(time.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise InvalidInput(f"The mapping names no time zone: {time.zone!r}.") from error
    scale = SCALE.get(time.format or "")

    def read(cell: Any) -> datetime:
        try:
            if scale is not None:
                return EPOCH + timedelta(seconds=_scaled_time(cell) / scale)
            at = _parsed(cell, time.format)
            if at.tzinfo is None:
                if zone is None:
                    words = f"has no time zone: {cell!s}. Name one in the mapping"
                    raise wrong(time.column, words, "no_zone")
                # Of an hour that a clock change repeats, the first is meant.
                at = at.replace(tzinfo=zone)
            return at.astimezone(UTC)
        except (ValueError, OverflowError, TypeError) as error:
            raise wrong(time.column, f"is no time: {str(cell)[:40]!r}", "not_time") from error

    return read


def _scaled_time(cell: Any) -> float:
    return cell if isinstance(cell, int) else float(cell)


def _parsed(cell: Any, pattern: str | None) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  # the caller adds it
    text = text_of(cell).strip()
    if pattern is None:
        return datetime.fromisoformat(text)
    return datetime.strptime(text, pattern)  # noqa: DTZ007  # the caller adds the zone
