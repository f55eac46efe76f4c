"""Verifications of the ledger and exports of records: started, followed, fetched."""

import re
from typing import Annotated, Any, Literal

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import StreamingResponse
from msgspec import Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import ACCEPTED, declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import body_of
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import Malformed, TooLarge
from regulars.domain.finance.jobs import (
    Claim,
    ExportOrder,
    ExportResult,
    Job,
    Kind,
    State,
    VerificationOrder,
    VerificationResult,
)
from regulars.domain.finance.refusals import FileNotReady, RunNotFound, RunsBusy
from regulars.domain.ids import (
    EVENT,
    EXPORT,
    HOLD,
    LOT,
    MEMBER,
    TRANSFER,
    VERIFICATION,
    decode,
    encode,
)
from regulars.domain.names import outside
from regulars.gateways.files.writing import MEDIA
from regulars.services.finance import jobs

router = APIRouter(prefix="/v1", tags=["ledger"])

RUNNER = "regulars.worker.jobs"
_NUMBERED = {"member": MEMBER, "event": EVENT, "transfer": TRANSFER, "lot": LOT, "hold": HOLD}
_NAMED = re.compile(rf"\b({'|'.join(_NUMBERED)}) (\d+)\b")


class ProgressAnswer(Struct, frozen=True):
    """How far it is: `done` of `total`; 0 of 0 while that is not known."""

    done: int
    total: int


class VerificationAnswer(Struct, frozen=True):
    """A verification of the ledger. `by`: such as staff:12, cli:ann or system. `replay`: whether
    every event is decided again. `result` is there when it is done, `refusal` when it failed."""

    verification: str
    state: State
    replay: bool
    by: str
    asked_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    progress: ProgressAnswer
    result: VerificationResult | None
    refusal: str | None


class VerificationPage(Struct, frozen=True):
    """Verifications, newest first."""

    items: list[VerificationAnswer]
    next: str | None


class ExportIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is exported, and how it is written. Members go by pseudonyms."""

    what: Literal["members", "events", "transfers", "lots", "cloudevents"]
    form: Literal["csv", "ndjson", "parquet"] = "csv"


class ExportAnswer(Struct, frozen=True):
    """An export. Its file can be fetched when it is done, until `expires_at`."""

    export: str
    state: State
    what: str
    form: str
    by: str
    asked_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    expires_at: Instant | None
    progress: ProgressAnswer
    result: ExportResult | None
    refusal: str | None


class ExportPage(Struct, frozen=True):
    """Exports, newest first."""

    items: list[ExportAnswer]
    next: str | None


def _number(kind: str, text: str) -> int:
    return decode(kind, text) or 0


VerificationIn = Annotated[
    str, Path(description="A verification's id (ver_…)", examples=["ver_2v9c3n5x7k1qd"])
]
ExportPath = Annotated[
    str, Path(description="An export's id (exp_…)", examples=["exp_2v9c3n5x7k1qd"])
]


@router.get("/verifications", **declared(VerificationPage, scope=Scope.LEDGER_READ))
def list_verifications(served: ServedBy, page: Paged) -> Response:
    """Verifications of the ledger, newest first: by people, by the command line, by night."""
    found, following = _listed(served, page, Kind.VERIFICATION)
    items = [tell_verification(one) for one in found]
    return page.respond(VerificationPage(items, following), following)


@router.post(
    "/verifications",
    **declared(
        VerificationAnswer,
        scope=Scope.LEDGER_VERIFY,
        status=ACCEPTED,
        again=200,
        body=VerificationOrder,
        example={"replay": True},
        refusals=(Malformed, TooLarge),
    ),
)
async def start_verification(
    served: ServedBy,
    by: ByIn,
    body: Annotated[VerificationOrder, Depends(body_of(VerificationOrder))],
) -> Response:
    """Prove the ledger, in a process of its own. While one is under way, that one is answered."""

    def start() -> Response:
        now = served.runtime.clock()
        job, is_new = jobs.verify(served.db, served.organization, body, by=by, now=now)
        _launch(served)
        return respond(tell_verification(job), ACCEPTED if is_new else 200)

    return await anyio.to_thread.run_sync(start)


@router.get(
    "/verifications/{verification}",
    **declared(VerificationAnswer, scope=Scope.LEDGER_READ, refusals=(RunNotFound,)),
)
def get_verification(served: ServedBy, verification: VerificationIn) -> Response:
    """One verification: how far it is, or what it found."""
    number = _number(VERIFICATION, verification)
    return respond(
        tell_verification(jobs.get(served.db, served.organization, Kind.VERIFICATION, number))
    )


@router.get("/exports", **declared(ExportPage, scope=Scope.EXPORTS_READ))
def list_exports(served: ServedBy, page: Paged) -> Response:
    """Exports, newest first."""
    found, following = _listed(served, page, Kind.EXPORT)
    return page.respond(ExportPage([tell_export(one) for one in found], following), following)


@router.post(
    "/exports",
    **declared(
        ExportAnswer,
        scope=Scope.EXPORTS_READ,
        status=ACCEPTED,
        again=200,
        body=ExportIn,
        example={"what": "transfers", "form": "parquet"},
        refusals=(Malformed, TooLarge, RunsBusy),
    ),
)
async def make_export(
    served: ServedBy, by: ByIn, body: Annotated[ExportIn, Depends(body_of(ExportIn))]
) -> Response:
    """Write all records of a kind, in a process of its own. While the same is under way, that one
    is answered."""
    order = ExportOrder(body.what, body.form)

    def start() -> Response:
        now = served.runtime.clock()
        job, is_new = jobs.export(served.db, served.organization, order, by=by, now=now)
        _launch(served)
        return respond(tell_export(job), ACCEPTED if is_new else 200)

    return await anyio.to_thread.run_sync(start)


@router.get(
    "/exports/{export}", **declared(ExportAnswer, scope=Scope.EXPORTS_READ, refusals=(RunNotFound,))
)
def get_export(served: ServedBy, export: ExportPath) -> Response:
    """One export: how far it is."""
    number = _number(EXPORT, export)
    return respond(tell_export(jobs.get(served.db, served.organization, Kind.EXPORT, number)))


def _file() -> dict[str, Any]:
    made = declared(ExportAnswer, scope=Scope.EXPORTS_READ, refusals=(RunNotFound, FileNotReady))
    content = {
        media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media in MEDIA.values()
    }
    made["responses"][200] = {"description": "The file", "content": content}
    return made


@router.get("/exports/{export}/file", **_file())
def fetch_export(served: ServedBy, by: ByIn, export: ExportPath) -> StreamingResponse:
    """The file of an export that is done. It is put on record."""
    number = _number(EXPORT, export)
    now = served.runtime.clock()
    job, parts = jobs.fetch(served.db, served.organization, number, by=by, now=now)
    order = msgspec.json.decode(job.request, type=ExportOrder)
    name = f"{order.what}-{job.asked_at:%Y-%m-%d}.{order.form}"
    headers = {**NOT_STORED, "content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=MEDIA[order.form], headers=headers)


def _listed(served: Served, page: Paged, kind: Kind) -> tuple[list[Job], str | None]:
    (before,) = page.start(tuple[int]) or (None,)
    found = jobs.listed(served.db, served.organization, kind, before=before, limit=page.limit + 1)
    shown, last = page.cut(found)
    return list(shown), None if last is None else write_cursor(last.id)


def _launch(served: Served) -> None:
    served.runtime.launch(RUNNER, [str(served.organization)])


def tell_verification(job: Job) -> VerificationAnswer:
    """One verification; rows by the ids that they have outside."""
    order = msgspec.json.decode(job.request, type=VerificationOrder)
    result = None
    if job.state is State.DONE:
        found = msgspec.json.decode(job.result, type=VerificationResult)
        result = VerificationResult(
            found.clean, found.replayed, found.events,
            [Claim(one.claim, list(map(_outside, one.offenders))) for one in found.proofs],
            found.sums,
        )  # fmt: skip
    return VerificationAnswer(
        verification=encode(VERIFICATION, job.id),
        state=job.state,
        replay=order.replay,
        by=outside(job.asked_by),
        asked_at=job.asked_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        progress=ProgressAnswer(job.done, job.total),
        result=result,
        refusal=job.refusal or None,
    )


def tell_export(job: Job) -> ExportAnswer:
    """One export."""
    order = msgspec.json.decode(job.request, type=ExportOrder)
    done = job.state is State.DONE
    return ExportAnswer(
        export=encode(EXPORT, job.id),
        state=job.state,
        what=order.what,
        form=order.form,
        by=outside(job.asked_by),
        asked_at=job.asked_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        expires_at=job.expires_at,
        progress=ProgressAnswer(job.done, job.total),
        result=msgspec.json.decode(job.result, type=ExportResult) if done else None,
        refusal=job.refusal or None,
    )


def _outside(words: str) -> str:
    """The same with ids that lead to pages, where it names rows by our numbers."""
    return _NAMED.sub(
        lambda found: f"{found[1]} {encode(_NUMBERED[found[1]], int(found[2]))}", words
    )
