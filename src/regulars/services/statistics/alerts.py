"""What somebody should look at now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.budgets.gauges import alerts as budget_alerts
from regulars.domain.budgets.gauges import gauges
from regulars.domain.errors import NoProgramInForce
from regulars.domain.plans import Timetable
from regulars.domain.programs.model import CurrencyKind, Program
from regulars.domain.programs.pieces import Text
from regulars.domain.statistics.alerts import (
    JUMP_DAYS,
    SURGE_DAYS,
    Alert,
    jumps,
    surges,
    waits,
)
from regulars.storage.budgets import uses
from regulars.storage.database import Database
from regulars.storage.programs import Versions
from regulars.storage.statistics import progress, waiting


@dataclass(frozen=True, slots=True)
class Found:
    """Alerts, what presses most first, and the names of the rules and currencies they are about."""

    alerts: list[Alert]
    names: dict[str, Text]


def alerts(db: Database, versions: Versions, now: datetime) -> Found:
    """All of them. Without a program in force only what waits."""
    organization = versions.organization
    with db.snapshot(organization) as tx:
        known = progress.read(tx, organization)
        table = versions.read(tx)
        try:
            plan = table.in_force(now)
            program = plan.program
        except NoProgramInForce:
            found = waiting.count(tx, organization, known, now)
            return Found([one for one in waits(found, now) if one.code != "worker_away"], {})
        told = list(waits(waiting.count(tx, organization, known, now), now))
        told += budget_alerts(gauges(plan, uses.read(tx, organization, plan, now), now))
        if known is None or not known.is_complete:
            return Found(told, _names(table, program))
        today = now.astimezone(program.zone).date()
        # One day more than looked back on, as yesterday is looked at too.
        given = waiting.by_rule(tx, organization, today, SURGE_DAYS + 2)
        points = waiting.outstanding(tx, organization, today - timedelta(days=JUMP_DAYS))
    spendable = {
        code for code, one in program.currencies.items() if one.kind is CurrencyKind.SPENDABLE
    }
    told += surges(given, today)
    told += jumps({code: of for code, of in points.items() if code in spendable})
    return Found(told, _names(table, program))


def _names(table: Timetable, program: Program) -> dict[str, Text]:
    """By the ids of rules and budgets and the codes of currencies."""
    names = {rule.id: rule.name for plan in table.plans for rule in plan.program.rules}
    names |= {one.id: one.name for one in program.budgets}
    return names | {code: one.name for code, one in program.currencies.items()}
