"""The liability by the month in which points lapse, to the point and to the minor unit."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from regulars.domain.programs.model import CurrencyKind, Program
from regulars.domain.statistics.worth import CurrencyLiability, liability_of


class Part(Struct, frozen=True):
    """Points of one currency that are of a kind (available, pending, held, owed) and lapse in a
    month; None: never, or not by date. Owed points are below zero."""

    currency: str
    kind: str
    month: date | None
    points: int


class Line(Struct, frozen=True):
    """One month (None: what has none), or what is held or owed. `worth`: minor units of the points
    expected to be redeemed; None without a cash value."""

    kind: str
    month: date | None
    available: int
    pending: int
    points: int
    expected: int
    worth: int | None


class CurrencyMonths(Struct, frozen=True):
    """One currency: its total, and the lines that it is the sum of, in points and in money."""

    total: CurrencyLiability
    lines: list[Line]


LAPSING, HELD, OWED = "lapsing", "held", "owed"
_KINDS = {"available": LAPSING, "pending": LAPSING, "held": HELD, "owed": OWED}
_ORDER = [LAPSING, HELD, OWED]


def by_month(program: Program, parts: Iterable[Part]) -> list[CurrencyMonths]:
    """Each spendable currency of the program. What is rounded for the total is shared out so that
    the lines come to it: each line is what it adds to those before it."""
    gathered: dict[str, dict[tuple[str, date | None], list[Part]]] = {}
    for part in parts:
        key = (_KINDS[part.kind], part.month)
        gathered.setdefault(part.currency, {}).setdefault(key, []).append(part)
    return [
        _currency(program, known.code, gathered.get(known.code, {}))
        for known in program.currencies.values()
        if known.kind is CurrencyKind.SPENDABLE
    ]


def _currency(
    program: Program, code: str, gathered: dict[tuple[str, date | None], list[Part]]
) -> CurrencyMonths:
    lines: list[Line] = []
    total = liability_of(program, code, 0)
    for kind, month in sorted(gathered, key=_place):
        found = gathered[kind, month]
        points = sum(part.points for part in found)
        so_far = liability_of(program, code, total.outstanding + points)
        worth = None
        if so_far.value is not None and total.value is not None:
            worth = so_far.value.minor - total.value.minor
        lines.append(
            Line(
                kind=kind,
                month=month,
                available=sum(part.points for part in found if part.kind == "available"),
                pending=sum(part.points for part in found if part.kind == "pending"),
                points=points,
                expected=so_far.expected - total.expected,
                worth=worth,
            )
        )
        total = so_far
    return CurrencyMonths(total, lines)


def _place(key: tuple[str, date | None]) -> tuple[int, bool, date]:
    kind, month = key
    return _ORDER.index(kind), month is None, month or date.min
