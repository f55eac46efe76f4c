"""The quantities the program counts in: whole points, whole minor units of money, exact rates."""

from dataclasses import dataclass
from enum import StrEnum
from math import gcd
from typing import NewType

Points = NewType("Points", int)
"""Whole points of some currency. There are no fractions of a point anywhere in the system."""

MAX_AMOUNT = 10**15
"""The largest amount of points or minor units in one input; far below what a bigint holds."""

# ISO 4217 exponents that are not 2.
_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = dict.fromkeys(_NO_PLACES.split(), 0) | dict.fromkeys(_THREE_PLACES.split(), 3)


def exponent(currency: str) -> int:
    """How many decimal places one unit of `currency` (ISO 4217) has: 2 for CNY, 0 for JPY."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor unit of one currency: Money(1999, "EUR") is 19.99 euro."""

    minor: int
    currency: str


class Rounding(StrEnum):
    """What happens to a part of a point."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Rate:
    """An exact ratio in lowest terms, such as 1.2 points per yuan: Rate.of(12, 1000) per fen."""

    num: int
    den: int

    def __post_init__(self) -> None:
        assert self.num >= 0
        assert self.den > 0

    @classmethod
    def of(cls, num: int, den: int) -> "Rate":
        """The ratio num/den in lowest terms; den may not be 0."""
        if den < 0:
            num, den = -num, -den
        shared = gcd(num, den) or 1
        return cls(num // shared, den // shared)

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read a decimal such as "1.2" exactly. Raises ValueError."""
        whole, _, part = text.strip().partition(".")
        if not (whole + part).isdecimal() or not (whole + part).isascii():
            message = f"{text!r} is not a plain decimal number"
            raise ValueError(message)
        return cls.of(int(whole + part), 10 ** len(part))

    def times(self, other: "Rate") -> "Rate":
        """The product of two ratios."""
        return Rate.of(self.num * other.num, self.den * other.den)

    def __str__(self) -> str:
        """As a decimal where that is exact, else as a fraction."""
        places = next((n for n in range(13) if 10**n % self.den == 0), None)
        if places is None:
            return f"{self.num}/{self.den}"
        digits = str(self.num * (10**places // self.den)).rjust(places + 1, "0")
        return digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"


_DOWN = Rounding.DOWN


def rounded(num: int, den: int, rounding: Rounding) -> int:
    """num/den as a whole number; num and den are not negative."""
    if rounding is _DOWN:
        return num // den
    if rounding is Rounding.UP:
        return -(-num // den)
    return (2 * num + den) // (2 * den)


def allocate(total: int, weights: list[int]) -> list[int]:
    """Split `total` in proportion to `weights`, to the unit, by largest remainder.

    Ties go to the earlier place. All weights zero: the first place takes everything.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares
