"""How many points may be spent on an order, and what they are worth there.

`points` of them are worth points x cash value, rounded down to the minor unit.
"""

from dataclasses import dataclass

from regulars.domain.amounts import Rate, Rounding, rounded
from regulars.domain.errors import Fault, InsufficientPoints, InvalidInput, NotAllowed
from regulars.domain.orders.carts import PointsWish
from regulars.domain.programs.model import Program
from regulars.domain.programs.till_terms import TillTerms


@dataclass(frozen=True, slots=True)
class Usable:
    """What a member may choose from: any number of points from `least` to `most` that is a
    multiple of `step`; `most` 0: none. `available`: what they have to spend. `worth`: of one
    point, in minor units."""

    currency: str
    least: int
    most: int
    step: int
    available: int
    worth: Rate

    def value(self, points: int) -> int:
        """What so many points pay, in minor units."""
        return rounded(points * self.worth.num, self.worth.den, Rounding.DOWN)


def usable(currency: str, terms: TillTerms, worth: Rate, *, available: int, to_pay: int) -> Usable:
    """What may be spent on an order of which `to_pay` minor units are to be paid."""
    coverable = rounded(to_pay * terms.share.num, terms.share.den, Rounding.DOWN)
    most = available if terms.most is None else min(available, terms.most)
    most = min(most, ((coverable + 1) * worth.den - 1) // worth.num) if worth.num else 0
    most -= most % terms.step
    # Of two numbers that pay the same the smaller.
    pays = most * worth.num // worth.den
    most = _stepped(rounded(pays * worth.den, max(worth.num, 1), Rounding.UP), terms.step)
    # Fewer than that are worth nothing.
    least = _stepped(max(terms.least, -(-worth.den // max(worth.num, 1))), terms.step)
    return Usable(currency, least, most if most >= least else 0, terms.step, available, worth)


def _stepped(points: int, step: int) -> int:
    """The next multiple of `step`."""
    return -(-points // step) * step


def chosen(wish: PointsWish, there: Usable) -> int:
    """How many points the wish comes to. Raises InsufficientPoints, InvalidInput."""
    if wish.amount is None:
        return there.most
    if not wish.amount:
        return 0
    if wish.amount > there.available:
        raise InsufficientPoints(
            f"There are not so many points to spend: {there.available} are available."
        )
    if not there.least <= wish.amount <= there.most or wish.amount % there.step:
        detail = (
            f"from {there.least} to {there.most}, in steps of {there.step}"
            if there.most
            else "none on this order"
        )
        raise InvalidInput(
            f"So many points cannot be spent here; possible: {detail}.",
            faults=[Fault("/cart/points/amount", f"possible: {detail}")],
        )
    return wish.amount


def currency_of(program: Program, wish: PointsWish | None) -> str | None:
    """The currency that can be spent at the till; None where there is none and none is asked for.

    Raises NotAllowed, InvalidInput where several can and none is named.
    """
    codes = [
        code
        for code, known in program.currencies.items()
        if known.at_till is not None and known.cash_value is not None
    ]
    if wish is None:
        return codes[0] if len(codes) == 1 else None
    if wish.currency is not None:
        if wish.currency not in codes:
            raise NotAllowed("The program does not let members pay with these points.")
        return wish.currency
    if not codes:
        raise NotAllowed("The program does not let members pay with points.")
    if len(codes) > 1:
        raise InvalidInput(
            "Several kinds of points can be spent here: say which.",
            faults=[Fault("/cart/points/currency", f"one of {', '.join(codes)}")],
        )
    return codes[0]
