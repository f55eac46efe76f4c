"""The points liability statement: what members may still redeem, and what that is worth."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.amounts import Money, Rate, Rounding, rounded
from regulars.domain.plans import Timetable
from regulars.domain.programs.model import CurrencyKind, Program
from regulars.storage import liabilities, programs
from regulars.storage.database import Database
from regulars.storage.liabilities import Outstanding


@dataclass(frozen=True, slots=True)
class CurrencyLiability:
    """One currency's total. `value` is of the points expected to be redeemed, rounded up; None for
    a currency without a cash value. `breakage` is the points expected to lapse, rounded down."""

    currency: str
    outstanding: int
    breakage: int
    expected: int
    value: Money | None


@dataclass(frozen=True, slots=True)
class Statement:
    """As of an instant: totals by currency, and the rows they are the sums of."""

    as_of: datetime
    totals: tuple[CurrencyLiability, ...]
    rows: tuple[Outstanding, ...]


def statement(db: Database, organization: int, as_of: datetime) -> Statement:
    """The liability at `as_of` under the program then in force. Raises NoProgramInForce."""
    with db.snapshot(organization) as tx:
        table = programs.timetable(tx, organization, Timetable())
        plan = table.in_force(as_of)
        rows = liabilities.outstanding(
            tx, organization, as_of, zone=str(plan.program.zone), bottom=plan.bottom
        )
    spendable = [
        known for known in plan.program.currencies.values() if known.kind is CurrencyKind.SPENDABLE
    ]
    totals = tuple(_total(plan.program, known.code, rows) for known in spendable)
    return Statement(as_of, totals, tuple(rows))


def _total(program: Program, code: str, rows: list[Outstanding]) -> CurrencyLiability:
    known = program.currencies[code]
    points = sum(row.points for row in rows if row.currency == code)
    positive = max(points, 0)
    breakage = positive * known.breakage.num // known.breakage.den
    expected = points - breakage
    return CurrencyLiability(
        code, points, breakage, expected, _value(known.cash_value, expected, program.money)
    )


def _value(worth: Rate | None, points: int, money: str) -> Money | None:
    if worth is None:
        return None
    minor = rounded(abs(points) * worth.num, worth.den, Rounding.UP)
    return Money(minor if points >= 0 else -minor, money)
