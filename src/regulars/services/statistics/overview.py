"""How the program does over a span of days, beside the equally long one before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regulars.domain.audit import By, Deed
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.plans import Timetable
from regulars.domain.programs.model import CurrencyKind, Program, Rule
from regulars.domain.statistics.reports import Report, Sum, report
from regulars.domain.statistics.spans import DEFAULT_DAYS, Segment, Span, segment_of, span_of
from regulars.domain.statistics.worth import CurrencyLiability, liability_of
from regulars.storage import audit
from regulars.storage.database import Database, Tx
from regulars.storage.programs import Versions
from regulars.storage.statistics import progress, reading
from regulars.storage.statistics.progress import Progress
from regulars.storage.statistics.summing import Cut

FRESH = timedelta(seconds=15)
"""While the worker was there so lately, its sums do."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A report with what it takes to read it. `as_of`: up to when everything received is in it.
    `is_complete`: whether all days have been summed, so that what runs up over time is right."""

    program: Program
    span: Span
    segment: Segment
    as_of: datetime
    is_complete: bool
    report: Report
    liability: dict[str, CurrencyLiability]
    known_rules: dict[str, Rule]


def overview(
    db: Database,
    versions: Versions,
    *,
    first: date | None = None,
    last: date | None = None,
    days: int = DEFAULT_DAYS,
    segment: str | None = None,
    now: datetime,
) -> Overview:
    """The report on the days from `first` to `last`, or on the `days` that end with `last`, as of
    one instant.

    Days are summed by the worker moments after something happened; of today what came since is
    summed here. Raises InvalidInput, NoProgramInForce.
    """
    organization = versions.organization
    with db.snapshot(organization) as tx:
        table = versions.read(tx)
        plan = table.in_force(now)
        program, cut = plan.program, Cut(plan.program.zone, plan.bottom)
        span = span_of(first, last, today=cut.day_of(now), days=days)
        tiers = program.ladder.tiers if program.ladder else ()
        asked = segment_of(segment, frozenset(tier.code for tier in tiers))
        known = progress.read(tx, organization)
        sums, as_of = _sums(tx, organization, cut, span, known=known, now=now)
        takings = reading.takings(tx, organization, span.before.first, span.last)
    spendable = [
        code for code, one in program.currencies.items() if one.kind is CurrencyKind.SPENDABLE
    ]
    made = report(sums, span, asked, currencies=spendable, takings=takings)
    liability = {
        code: liability_of(program, code, made.days[-1].points[code].outstanding)
        for code in spendable
    }
    is_complete = known is not None and known.is_complete and known.zone == str(cut.zone)
    return Overview(program, span, asked, as_of, is_complete, made, liability, rules_of(table))


def rules_of(table: Timetable) -> dict[str, Rule]:
    """Every rule there ever was, as it stands in the newest version that has it."""
    return {rule.id: rule for plan in table.plans for rule in plan.program.rules}


def _sums(
    tx: Tx, organization: int, cut: Cut, span: Span, *, known: Progress | None, now: datetime
) -> tuple[list[Sum], datetime]:
    """The sums, and up to when everything is in them."""
    sums = reading.within(tx, organization, span)
    today = cut.day_of(now)
    if known is None:
        return reading.without_day(sums, today) + _live(tx, organization, cut, span, today), now
    if (
        today not in span
        or now - known.looked_at <= FRESH
        or not progress.has_heard(tx, organization, known)
    ):
        return sums, known.looked_at
    return reading.without_day(sums, today) + _live(tx, organization, cut, span, today), now


def _live(tx: Tx, organization: int, cut: Cut, span: Span, today: date) -> list[Sum]:
    return reading.live(tx, organization, cut, today) if today in span else []


def report_takings(
    db: Database,
    versions: Versions,
    day: date,
    *,
    amount: int,
    purchases: int,
    by: By,
    now: datetime,
) -> None:
    """Note what was taken in all on a business day. Safe to repeat; a later report takes the place
    of an earlier. Raises InvalidInput for a day to come, NoProgramInForce."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        plan = versions.read(tx).in_force(now)
        if day > now.astimezone(plan.program.zone).date():
            raise InvalidInput(
                "This day is yet to come.", faults=[Fault("/path/day", "in the future")]
            )
        reading.report_takings(tx, organization, day, amount=amount, purchases=purchases, at=now)
        after = {"amount": amount, "purchases": purchases}
        deed = Deed("takings.reported", target=day.isoformat(), after=after)
        audit.record(tx, by, [deed], now)
