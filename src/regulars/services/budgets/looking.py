"""How the budgets of the program in force stand."""

from datetime import datetime

from regulars.domain.budgets.gauges import Gauge, gauges
from regulars.domain.programs.model import Program
from regulars.storage.budgets import uses
from regulars.storage.database import Database
from regulars.storage.programs import Versions


def standing(db: Database, versions: Versions, now: datetime) -> tuple[Program, list[Gauge]]:
    """The program in force and its budgets. Raises NoProgramInForce."""
    with db.snapshot(versions.organization) as tx:
        plan = versions.read(tx).in_force(now)
        found = uses.read(tx, versions.organization, plan, now)
    return plan.program, gauges(plan, found, now)
