"""What imports have rejected: looked at, downloaded, corrected and tried again."""

import json
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from regulars.api.callers import ByIn
from regulars.api.contract import ALWAYS, declared, demand, refused_with, respond, security
from regulars.api.imports.shapes import (
    CorrectedAnswer,
    CorrectedPage,
    CorrectionsIn,
    RejectedAnswer,
    RejectedPage,
    RejectFaultAnswer,
    number_of,
    tell_import,
)
from regulars.api.imports.uploads import MANAGE, MOVING, ImportId, shelf_of
from regulars.api.paging import Paged, write_cursor
from regulars.api.problems import problem_of
from regulars.api.reading import body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import (
    Fault,
    ImportNotFound,
    InvalidInput,
    Malformed,
    Overloaded,
    RegularsError,
    TooLarge,
)
from regulars.domain.ids import REJECTED, decode, encode
from regulars.domain.imports.columns import column_at
from regulars.services.importing import rejects, uploads
from regulars.services.importing.rejects import Row
from regulars.services.intake.batch import Outcome

router = APIRouter(prefix="/v1/imports", tags=["imports"])


@router.get(
    "/{import_id}/rejected",
    **declared(RejectedPage, scope=MANAGE, refusals=(ImportNotFound,)),
)
def list_rejected(served: ServedBy, by: ByIn, page: Paged, import_id: ImportId) -> Response:
    """The records that an import rejected, with their cells and the reason. That you looked is on
    record. They are kept for a while only; see the retention of `rejected_imports`."""
    shelf, number = shelf_of(served), number_of(import_id)
    job = uploads.get(shelf, number)
    found, last = page.cut(
        rejects.page(
            shelf,
            served.runtime.cabinet,
            number,
            after=page.start(tuple[int, int]),
            limit=page.limit + 1,
            by=by,
            now=served.runtime.clock(),
        )
    )
    following = None if last is None else write_cursor(last.row, last.id)
    mapping = json.loads(job.mapping) if job.mapping else {}
    told = [_tell(one, mapping) for one in found]
    return page.respond(RejectedPage(json.loads(job.columns), told, following), following)


@router.get(
    "/{import_id}/rejected.csv",
    dependencies=[Depends(demand(MANAGE))],
    response_class=StreamingResponse,
    openapi_extra={"security": security(MANAGE)},
    responses={
        200: {"description": "The rows, with where and why", "content": {"text/csv": {}}},
        **refused_with(*ALWAYS, ImportNotFound),
    },
)
def download_rejected(served: ServedBy, by: ByIn, import_id: ImportId) -> StreamingResponse:
    """The rejected rows as CSV, with three columns more: row, code and reason. Correct them, and
    send the file again with `corrects`."""
    shelf, number = shelf_of(served), number_of(import_id)
    uploads.get(shelf, number)
    pieces = rejects.as_csv(
        shelf, served.runtime.cabinet, number, by=by, now=served.runtime.clock()
    )
    named = {"content-disposition": f'attachment; filename="{import_id}-rejected.csv"'}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=named)


@router.post(
    "/{import_id}/rejected:retry",
    **declared(
        CorrectedPage,
        scope=MANAGE,
        body=CorrectionsIn,
        example={"records": [{"id": "rej_2v9c3n5x7k1qd", "rows": [["481", "4711", "12.50"]]}]},
        refusals=(Malformed, TooLarge, Overloaded, *MOVING),
    ),
)
async def retry_rejected(
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    import_id: ImportId,
    body: Annotated[CorrectionsIn, Depends(body_of(CorrectionsIn, 4 * 1024 * 1024))],
) -> Response:
    """Try rejected records again, at once, with corrected cells or as they are. Those that are
    taken in are rejected no more; safe to repeat."""
    shelf, number, cabinet = shelf_of(served), number_of(import_id), served.runtime.cabinet
    asked = {decode(REJECTED, one.id): one.rows for one in body.records}
    wanted = {one: rows for one, rows in asked.items() if one is not None}
    if len(wanted) != len(body.records):
        raise InvalidInput(
            "Name each rejected record once, by its id.", faults=[Fault("/records", "no such id")]
        )
    now = served.runtime.clock()
    read = await anyio.to_thread.run_sync(
        lambda: rejects.read_again(
            shelf,
            cabinet,
            number,
            wanted,
            sent_by=access.actor,
            veil=served.runtime.veil(served.organization),
            now=now,
        )
    )
    arrivals = [one for one in read.values() if isinstance(one, Arrival)]
    outcomes = iter(await served.desk.submit(arrivals) if arrivals else ())
    results: dict[int, Outcome] = {
        one: next(outcomes) if isinstance(found, Arrival) else found for one, found in read.items()
    }
    plain = {
        one: found if isinstance(found, RegularsError) else found.is_repeat
        for one, found in results.items()
    }
    await anyio.to_thread.run_sync(
        lambda: rejects.settle(shelf, cabinet, number, wanted, plain, by=by, now=now)
    )
    job = await anyio.to_thread.run_sync(uploads.get, shelf, number)
    told = [_result(one.id, results.get(decode(REJECTED, one.id) or 0)) for one in body.records]
    return respond(CorrectedPage(told, tell_import(job)))


def _result(name: str, outcome: Outcome | None) -> CorrectedAnswer:
    if outcome is None:
        return CorrectedAnswer(name, "gone", None)
    if isinstance(outcome, RegularsError):
        return CorrectedAnswer(name, "rejected", problem_of(outcome))
    return CorrectedAnswer(name, "repeated" if outcome.is_repeat else outcome.status, None)


def _tell(one: Row, mapping: dict[str, object]) -> RejectedAnswer:
    faults = [
        RejectFaultAnswer(pointer, detail, code, column_at(mapping, pointer))
        for pointer, detail, code in one.told.faults
    ]
    return RejectedAnswer(
        encode(REJECTED, one.id), one.row, one.code, one.told.detail, faults, one.told.rows
    )
