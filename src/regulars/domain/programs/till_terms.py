"""How a program lets members pay with points: how many at a time, and how much of a price."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.amounts import Rate


class EarnOn(StrEnum):
    """On what a purchase earns of which a part was paid with points."""

    MONEY = "money"  # on the part that was paid with money
    PRICE = "price"  # on all of it


@dataclass(frozen=True, slots=True)
class TillTerms:
    """Points of one currency at the till: at least `least` and at most `most` an order, in steps
    of `step`, worth no more than `share` of what is to be paid."""

    least: int = 1
    most: int | None = None
    step: int = 1
    share: Rate = Rate(1, 1)
    earn_on: EarnOn = EarnOn.MONEY
