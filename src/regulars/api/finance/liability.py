"""The liability by the month in which points lapse, and what becomes of points."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.finance.runs import RUNNER
from regulars.api.reading import Language, instant
from regulars.api.shapes import MoneyAnswer
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import NoProgramInForce
from regulars.domain.finance.cohorts import CurrencyBreakage, Step
from regulars.domain.finance.expiring import CurrencyMonths
from regulars.domain.finance.refusals import NotWorkedOut
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.services.finance import liability

router = APIRouter(prefix="/v1/liability", tags=["ledger"])

MOST_MONTHS = 60


class LineAnswer(Struct, frozen=True):
    """A month in which points lapse (its first day; null: not by date). `kind`: lapsing, or held or
    owed, which no month has. `worth`: of the points expected to be redeemed."""

    kind: str
    month: date | None
    available: int
    pending: int
    points: int
    expected: int
    worth: MoneyAnswer | None


class CurrencyMonthsAnswer(Struct, frozen=True):
    """One currency: totals, and the lines that they are the sums of, to the minor unit."""

    currency: str
    name: str
    outstanding: int
    breakage: int
    expected: int
    worth: MoneyAnswer | None
    lines: list[LineAnswer]


class LiabilityMonthsAnswer(Struct, frozen=True):
    """What members could still redeem as of an instant, by the month in which it lapses."""

    as_of: Instant
    program_version: int
    time_zone: str
    currencies: list[CurrencyMonthsAnswer]


class CohortAnswer(Struct, frozen=True):
    """The points that came in a month, and what had become of them by the end of each later one.
    The last step is of the month that is not over yet."""

    month: date
    held: int
    steps: list[Step]


class CurrencyBreakageAnswer(Struct, frozen=True):
    """One currency. `expected_share`: of points that the program expects to lapse, from 0 to 1.
    `held`: how many of the redeemed are on hold. `curve`: all months together that are so old."""

    currency: str
    name: str
    expected_share: float
    held: int
    total: Step
    curve: list[Step]
    cohorts: list[CohortAnswer]


class BreakageAnswer(Struct, frozen=True):
    """What became of points, by the month they came in, as of an instant."""

    as_of: Instant
    currencies: list[CurrencyBreakageAnswer]


_AsOf = Annotated[
    str | None,
    Query(
        description="The instant asked about, RFC 3339 with a zone; now when left out",
        json_schema_extra={"format": "date-time"},
        examples=["2026-03-01T00:00:00Z"],
    ),
]


@router.get(
    "/by-month",
    **declared(LiabilityMonthsAnswer, scope=Scope.LEDGER_READ, refusals=(NoProgramInForce,)),
)
def get_liability_by_month(served: ServedBy, language: Language, as_of: _AsOf = None) -> Response:
    """The liability by the month in which points lapse. For another instant than now, every lot
    and its uses are read, which takes seconds where there are millions."""
    found = liability.months(
        served.db,
        served.versions,
        as_of=None if as_of is None else instant(as_of, "/query/as_of"),
        now=served.runtime.clock(),
    )
    program = found.plan.program
    told = [_tell_months(one, program, language) for one in found.currencies]
    zone = program.zone.key
    return respond(LiabilityMonthsAnswer(found.as_of, found.plan.version, zone, told))


@router.get(
    "/breakage",
    **declared(BreakageAnswer, scope=Scope.LEDGER_READ, refusals=(NoProgramInForce, NotWorkedOut)),
)
def get_breakage(
    served: ServedBy,
    language: Language,
    as_of: _AsOf = None,
    months: Annotated[
        int, Query(ge=1, le=MOST_MONTHS, description="How many cohorts and steps at most")
    ] = 24,
) -> Response:
    """Of the points of each month, how many were redeemed, lapsed or are left. Where there are
    very many lots, this is as of last night unless `as_of` says otherwise."""
    try:
        found = liability.broken(
            served.db,
            served.versions,
            as_of=None if as_of is None else instant(as_of, "/query/as_of"),
            now=served.runtime.clock(),
            most=months,
        )
    except NotWorkedOut:
        served.runtime.launch(RUNNER, [str(served.organization)])
        raise
    told = [_tell_breakage(one, found.plan.program, language) for one in found.currencies]
    return respond(BreakageAnswer(found.as_of, told))


def _tell_months(found: CurrencyMonths, program: Program, language: str) -> CurrencyMonthsAnswer:
    total = found.total

    def money(minor: int | None) -> MoneyAnswer | None:
        return None if minor is None else MoneyAnswer(minor, program.money)

    return CurrencyMonthsAnswer(
        currency=total.currency,
        name=name_in(language, program.currencies[total.currency].name),
        outstanding=total.outstanding,
        breakage=total.breakage,
        expected=total.expected,
        worth=money(None if total.value is None else total.value.minor),
        lines=[
            LineAnswer(
                kind=line.kind,
                month=line.month,
                available=line.available,
                pending=line.pending,
                points=line.points,
                expected=line.expected,
                worth=money(line.worth),
            )
            for line in found.lines
        ],
    )


def _tell_breakage(
    found: CurrencyBreakage, program: Program, language: str
) -> CurrencyBreakageAnswer:
    known = program.currencies.get(found.currency)
    return CurrencyBreakageAnswer(
        currency=found.currency,
        name=found.currency if known is None else name_in(language, known.name),
        expected_share=0.0 if known is None else known.breakage.num / known.breakage.den,
        held=found.held,
        total=found.total,
        curve=found.curve,
        cohorts=[CohortAnswer(one.month, one.held, one.steps) for one in found.cohorts],
    )
