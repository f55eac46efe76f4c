"""How a column writes its instants: found out from some of its cells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

PATTERNS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H时%M分", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y%m%d%H%M%S", "%Y%m%d%H%M",
    "%Y%m%d %H:%M:%S", "%Y%m%d %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M",
)  # fmt: skip
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%m/%d/%Y",
    "%d/%m/%Y", "%d-%m-%Y",
)  # fmt: skip
ENOUGH, WHOLE = 6, 10
"""Six cells of ten have to fit a way of writing; the others are rejected when they are imported."""
DAY_LETTERS = 11
"""2026-03-01, or 2026年03月01日."""

_RIVALS = (("%m/%d/%Y", "%d/%m/%Y"),)
_UNIX = re.compile(r"\d{9,10}(?:\.\d+)?")
_UNIX_MS = re.compile(r"\d{12,13}")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A way of writing instants. `format`: None is ISO 8601, else as in a mapping. `is_day`: the
    time of day is not told. `is_ambiguous`: days and months could be the other way round."""

    format: str | None
    has_zone: bool = False
    is_day: bool = False
    is_ambiguous: bool = False


def mostly(cells: Sequence[str], fits: Callable[[str], object]) -> bool:
    """Whether enough of the cells fit for the rest to be mistakes."""
    return sum(1 for cell in cells if fits(cell)) * WHOLE >= len(cells) * ENOUGH > 0


def stamp_of(cells: Sequence[str]) -> Stamp | None:
    """How these cells are written, but for some mistakes; None where no one way fits."""
    if mostly(cells, _UNIX.fullmatch):
        return Stamp("unix", has_zone=True)
    if mostly(cells, _UNIX_MS.fullmatch) and not mostly(cells, _minutes):
        return Stamp("unix_ms", has_zone=True)
    if mostly(cells, _iso):
        read = [at for cell in cells if (at := _iso(cell)) is not None]
        has_zone = all(at.tzinfo is not None for at in read)
        is_day = mostly(cells, lambda cell: len(cell.strip()) <= DAY_LETTERS)
        return Stamp(None, has_zone=has_zone, is_day=is_day)
    for pattern in (*PATTERNS, *DAYS):
        if mostly(cells, partial(_fits, pattern)):
            return Stamp(
                pattern, is_day=pattern in DAYS, is_ambiguous=_is_ambiguous(cells, pattern)
            )
    return None


def _is_ambiguous(cells: Sequence[str], pattern: str) -> bool:
    for one, other in _RIVALS:
        swapped = pattern.replace(one, other) if one in pattern else pattern.replace(other, one)
        if swapped != pattern and all(map(partial(_fits, swapped), cells)):
            return True
    return False


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _minutes(text: str) -> bool:
    return _fits("%Y%m%d%H%M", text)


def _fits(pattern: str, text: str) -> bool:
    try:
        datetime.strptime(text.strip(), pattern)  # noqa: DTZ007  # only whether it can be read
    except ValueError:
        return False
    return True
