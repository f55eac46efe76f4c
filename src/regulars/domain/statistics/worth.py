"""What outstanding points are worth: those that are expected to be redeemed, in money."""

from dataclasses import dataclass

from regulars.domain.amounts import Money, Rate, Rounding, rounded
from regulars.domain.programs.model import Program


@dataclass(frozen=True, slots=True)
class CurrencyLiability:
    """One currency's total. `value` is of the points expected to be redeemed, rounded up; None for
    a currency without a cash value. `breakage` is the points expected to lapse, rounded down."""

    currency: str
    outstanding: int
    breakage: int
    expected: int
    value: Money | None


def liability_of(program: Program, code: str, points: int) -> CurrencyLiability:
    """What `points` of the currency come to under `program`."""
    known = program.currencies[code]
    breakage = max(points, 0) * known.breakage.num // known.breakage.den
    expected = points - breakage
    return CurrencyLiability(
        code, points, breakage, expected, _value(known.cash_value, expected, program.money)
    )


def _value(worth: Rate | None, points: int, money: str) -> Money | None:
    if worth is None:
        return None
    minor = rounded(abs(points) * worth.num, worth.den, Rounding.UP)
    return Money(minor if points >= 0 else -minor, money)
