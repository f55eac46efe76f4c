"""How the program does: figures of a span of days, what to look at, what shops took in all."""

from datetime import date
from typing import Annotated, NamedTuple

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.overview.shapes import AlertsAnswer, OverviewAnswer, TakingsAnswer, TakingsIn
from regulars.api.overview.telling import tell_alerts, tell_overview
from regulars.api.reading import Language, body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    CrossSite,
    Fault,
    InvalidInput,
    Malformed,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.statistics.spans import DEFAULT_DAYS, MOST_DAYS
from regulars.services.statistics import alerts, overview

router = APIRouter(prefix="/v1", tags=["overview"])

DayText = Annotated[str | None, Query(max_length=20, json_schema_extra={"format": "date"})]


def _day(text: str, pointer: str) -> date:
    """A day as it is asked for. Raises InvalidInput."""
    try:
        return msgspec.convert(text, date)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            "A day is written year first, such as 2026-03-01.", faults=[Fault(pointer, "no day")]
        ) from error


class Asked(NamedTuple):
    """Which days, and which part of what happened."""

    first: date | None
    last: date | None
    days: int
    segment: str | None


def _asked(
    first: Annotated[DayText, Query(alias="from")] = None,
    last: Annotated[DayText, Query(alias="to")] = None,
    days: Annotated[
        int,
        Query(ge=1, le=MOST_DAYS, description="How many, where no first day is given"),
    ] = DEFAULT_DAYS,
    segment: Annotated[
        str | None,
        Query(max_length=200, description="new, established, or tier: and the code of a tier"),
    ] = None,
) -> Asked:
    return Asked(
        None if not first else _day(first, "/query/from"),
        None if not last else _day(last, "/query/to"),
        days,
        segment,
    )


AskedIn = Annotated[Asked, Depends(_asked)]


@router.get(
    "/overview",
    **declared(OverviewAnswer, scope=Scope.MEMBERS_READ, refusals=(NoProgramInForce,)),
)
def get_overview(
    served: ServedBy, access: AccessBy, language: Language, asked: AskedIn
) -> Response:
    """Figures of business days in the program's zone, beside as many days before: by default of the
    28 days that end today. What lies after today is cut off."""
    found = overview.overview(
        served.db,
        served.versions,
        first=asked.first,
        last=asked.last,
        days=asked.days,
        segment=asked.segment,
        now=served.runtime.clock(),
    )
    may = access.may(Scope.LEDGER_READ)
    return respond(tell_overview(found, language, may_read_ledger=may))


@router.get("/overview/alerts", **declared(AlertsAnswer, scope=Scope.MEMBERS_READ))
def get_alerts(served: ServedBy, language: Language) -> Response:
    """What somebody should look at now, what presses most first."""
    found = alerts.alerts(served.db, served.versions, served.runtime.clock())
    return respond(tell_alerts(found, language))


@router.put(
    "/takings/{day}",
    **declared(
        TakingsAnswer,
        scope=Scope.EVENTS_WRITE,
        body=TakingsIn,
        refusals=(CrossSite, Malformed, TooLarge, NoProgramInForce),
        example={"amount": 1_250_000, "purchases": 310},
    ),
)
def put_takings(
    day: Annotated[str, Path(max_length=20, json_schema_extra={"format": "date"})],
    body: Annotated[TakingsIn, Depends(body_of(TakingsIn))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Report what the shops took on a business day, of members and others: by it the overview tells
    sales without members. A later report of the same day takes the place of an earlier."""
    told = _day(day, "/path/day")
    overview.report_takings(
        served.db,
        served.versions,
        told,
        amount=body.amount,
        purchases=body.purchases,
        by=by,
        now=served.runtime.clock(),
    )
    return respond(TakingsAnswer(told, body.amount, body.purchases))
