"""The liability by the month in which points lapse; and breakage: what becomes of points."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from regulars.domain.audit import by_system
from regulars.domain.finance.cohorts import CurrencyBreakage, Flow, breakage
from regulars.domain.finance.expiring import CurrencyMonths, Part, by_month
from regulars.domain.finance.jobs import Kind, State
from regulars.domain.finance.refusals import NotWorkedOut
from regulars.domain.plans import Plan
from regulars.storage import liabilities, organizations, programs
from regulars.storage.database import Database, Tx
from regulars.storage.finance import cohorts, expiring, jobs
from regulars.storage.programs import Versions

FEW_LOTS = 400_000
"""So many are read through while somebody waits."""

FRESH = timedelta(hours=26)
"""Where there are more, what was worked out by night is told for so long."""

LOOKED_THROUGH = 5
"""Runs among which the last that was done is looked for."""


@dataclass(frozen=True, slots=True)
class Months:
    """As of an instant, under the program then in force."""

    as_of: datetime
    plan: Plan
    currencies: list[CurrencyMonths]


@dataclass(frozen=True, slots=True)
class Breakage:
    """As of an instant, beside the program then in force."""

    as_of: datetime
    plan: Plan
    currencies: list[CurrencyBreakage]


class Worked(Struct, frozen=True):
    """What is kept of working it out."""

    as_of: datetime
    flows: list[Flow]
    held: list[Flow]


def months(db: Database, versions: Versions, *, as_of: datetime | None, now: datetime) -> Months:
    """The liability by month; without `as_of`, at this moment, which is quicker. Raises
    NoProgramInForce."""
    at = now if as_of is None else as_of
    with db.snapshot(versions.organization) as tx:
        plan = versions.read(tx).in_force(at)
        zone = str(plan.program.zone)
        if as_of is None:
            parts = expiring.standing(tx, versions.organization, now, zone)
        else:
            rows = liabilities.outstanding(
                tx, versions.organization, at, zone=zone, bottom=plan.bottom
            )
            parts = [Part(row.currency, row.kind, row.month, row.points) for row in rows]
    return Months(at, plan, by_month(plan.program, parts))


def broken(
    db: Database, versions: Versions, *, as_of: datetime | None, now: datetime, most: int
) -> Breakage:
    """What became of points, month by month. Without `as_of`: now, or as it was last worked out
    where there are very many lots; once that is old, it is asked for anew. Raises NoProgramInForce,
    NotWorkedOut."""
    organization = versions.organization
    at = now if as_of is None else as_of
    with db.snapshot(organization) as tx:
        plan = versions.read(tx).in_force(at)
        zone = str(plan.program.zone)
        is_kept = as_of is None and cohorts.lots_about(tx) > FEW_LOTS
        worked = _kept(tx, organization) if is_kept else _work_out(tx, organization, at, zone)
    if worked is None or (is_kept and worked.as_of < now - FRESH):
        _ask(db, organization, now)
    if worked is None:
        raise NotWorkedOut
    last = month_of(worked.as_of, plan.program.zone)
    told = breakage(worked.flows, worked.held, last=last, most=most)
    return Breakage(worked.as_of, plan, told)


def work_out(db: Database, organization: int, now: datetime) -> Worked | None:
    """Read every lot and all that became of it; None without a program in force."""
    with db.snapshot(organization) as tx:
        document = programs.document(tx, organization, now)
        if document is None:
            return None
        return _work_out(tx, organization, now, str(programs.zone_of(document)))


def month_of(at: datetime, zone: ZoneInfo) -> date:
    """The first day of the month."""
    return at.astimezone(zone).date().replace(day=1)


def _work_out(tx: Tx, organization: int, at: datetime, zone: str) -> Worked:
    return Worked(
        at,
        cohorts.flows(tx, organization, at, zone),
        cohorts.held(tx, organization, at, zone),
    )


def _kept(tx: Tx, organization: int) -> Worked | None:
    for job in jobs.page(tx, organization, Kind.BREAKAGE, before=None, limit=LOOKED_THROUGH):
        if job.state is State.DONE:
            return msgspec.json.decode(job.result, type=Worked)
    return None


def _ask(db: Database, organization: int, now: datetime) -> None:
    with db.transaction(organization) as tx:
        organizations.lock(tx, organization)
        if not jobs.under_way(tx, organization, Kind.BREAKAGE):
            by = by_system(organization)
            jobs.put(tx, organization, Kind.BREAKAGE, "{}", by=by.actor, now=now)
