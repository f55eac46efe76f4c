"""The points liability statement: what members may still redeem, and what that is worth."""

from dataclasses import dataclass
from datetime import datetime

from regulars.domain.plans import Timetable
from regulars.domain.programs.model import CurrencyKind, Program
from regulars.domain.statistics.worth import CurrencyLiability, liability_of
from regulars.storage import liabilities, programs
from regulars.storage.database import Database
from regulars.storage.liabilities import Outstanding


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
    points = sum(row.points for row in rows if row.currency == code)
    return liability_of(program, code, points)
