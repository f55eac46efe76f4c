"""Files of events over HTTP: sent, mapped, tried out, started, paused, followed."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path as FilePath
from typing import Annotated, Any

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from regulars.api import bodies
from regulars.api.answers import answer_of
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.imports.shapes import (
    ImportAnswer,
    ImportPage,
    ImportTryIn,
    MappingIn,
    OpenedImportAnswer,
    TriedAnswer,
    TriedEventAnswer,
    TriedPage,
    number_of,
    tell_import,
    tell_opened,
)
from regulars.api.paging import Paged, write_cursor
from regulars.api.problems import UnsupportedMediaType, problem_of
from regulars.api.reading import Language, body_of
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.envelopes import Arrival
from regulars.domain.errors import (
    FileRefused,
    ImportNotFound,
    ImportStateWrong,
    Malformed,
    NoProgramInForce,
    RegularsError,
    TooLarge,
    TooManyImports,
)
from regulars.domain.imports.states import Wish
from regulars.domain.imports.targets import fields_of
from regulars.domain.programs.model import Program
from regulars.services.importing import trying, uploads
from regulars.services.importing.files import ARRIVING, folder_of, new_name
from regulars.services.importing.trying import Tried
from regulars.services.importing.uploads import MAX_NAME, Opened, Shelf

router = APIRouter(prefix="/v1/imports", tags=["imports"])

CREATED = 201
FILE = "application/octet-stream"
TYPES = frozenset(
    {FILE, "text/csv", "application/x-ndjson", "application/vnd.apache.parquet", "application/gzip"}
)
WRITE_BYTES = 1 << 20
SPARE_BYTES = 256 * 1024 * 1024
"""Of the disk that stay free, whatever is sent."""

MANAGE = Scope.IMPORTS_WRITE
ImportId = Annotated[
    str, Path(description="An import's id (imp_…)", examples=["imp_2v9c3n5x7k1qd"])
]
FINDING = (ImportNotFound,)
MOVING = (ImportNotFound, ImportStateWrong)

_uploaded = declared(
    OpenedImportAnswer,
    scope=MANAGE,
    status=CREATED,
    refusals=(
        Malformed, TooLarge, UnsupportedMediaType, FileRefused, TooManyImports, ImportNotFound,
    ),
)  # fmt: skip
_uploaded["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {FILE: {"schema": {"type": "string", "format": "binary"}}},
}


@router.post("", **_uploaded)
async def upload_import(
    request: Request,
    served: ServedBy,
    by: ByIn,
    name: Annotated[str, Query(max_length=MAX_NAME, description="What the file is called")] = "",
    corrects: Annotated[
        str | None, Query(description="The import of which this file holds corrected rows")
    ] = None,
) -> Response:
    """Send a file as it is: CSV, NDJSON or Parquet, the first two also compressed by gzip. What it
    is, is seen by what is in it. Nothing is imported before it is started."""
    limit = served.runtime.settings.import_megabytes * 1_000_000
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in TYPES:
        raise UnsupportedMediaType(f"Send {' or '.join(sorted(TYPES))}.")
    length = request.headers.get("content-length")
    bodies.announced(None if length is None else length.encode("latin-1"), limit)
    shelf = shelf_of(served)
    folder = await anyio.to_thread.run_sync(folder_of, shelf.data, shelf.organization)
    arrived = folder / (new_name() + ARRIVING)
    try:
        await _receive(bodies.rest(request.receive), arrived, limit)
    except BaseException:
        arrived.unlink(missing_ok=True)
        raise
    program = await anyio.to_thread.run_sync(program_of, served)
    now = served.runtime.clock()
    opened = await anyio.to_thread.run_sync(
        lambda: uploads.take_over(
            shelf,
            arrived,
            name="".join(letter for letter in name if letter.isprintable()),
            corrects=None if corrects is None else number_of(corrects),
            program=program,
            by=by,
            now=now,
        )
    )
    return respond(_tell(opened, program), CREATED)


async def _receive(parts: AsyncIterator[bytes], place: FilePath, limit: int) -> None:
    """Write a body to a file, some of it at a time. Raises TooLarge, Malformed."""
    size, waiting = 0, bytearray()
    free = await anyio.to_thread.run_sync(lambda: shutil.disk_usage(place.parent).free)
    most = min(limit, max(free - SPARE_BYTES, 0))
    async with await anyio.open_file(place, "wb") as file:
        place.chmod(0o600)
        try:
            async for part in parts:
                size += len(part)
                if size > most:
                    words = f"A file is at most {limit // 1_000_000} MB."
                    raise TooLarge(words if size > limit else "There is no room for this file.")
                waiting += part
                if len(waiting) >= WRITE_BYTES:
                    await file.write(bytes(waiting))
                    waiting.clear()
        except bodies.HungUpError as error:
            raise Malformed("The request ended before its body did.") from error
        await file.write(bytes(waiting))


@router.get("", **declared(ImportPage, scope=MANAGE))
def list_imports(served: ServedBy, page: Paged) -> Response:
    """Every import, newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    found, last = page.cut(uploads.listed(shelf_of(served), before=before, limit=page.limit + 1))
    following = None if last is None else write_cursor(last.id)
    return page.respond(ImportPage([tell_import(one) for one in found], following), following)


@router.get("/{import_id}", **declared(ImportAnswer, scope=MANAGE, refusals=FINDING))
def get_import(served: ServedBy, import_id: ImportId) -> Response:
    """How far an import has come."""
    return respond(tell_import(uploads.get(shelf_of(served), number_of(import_id))))


@router.get(
    "/{import_id}/top",
    **declared(OpenedImportAnswer, scope=MANAGE, refusals=(*MOVING, FileRefused)),
)
def open_import(served: ServedBy, import_id: ImportId) -> Response:
    """The first rows of the file, how they are probably meant, and what they can be mapped to."""
    program = program_of(served)
    opened = uploads.opened(shelf_of(served), number_of(import_id), program)
    return respond(_tell(opened, program))


@router.post(
    "/{import_id}:preview",
    **declared(
        TriedPage,
        scope=MANAGE,
        body=ImportTryIn,
        example={"records": 20},
        refusals=(Malformed, TooLarge, *MOVING),
    ),
)
def preview_import(
    served: ServedBy,
    language: Language,
    import_id: ImportId,
    body: Annotated[ImportTryIn, Depends(body_of(ImportTryIn))],
) -> Response:
    """The first records as events, or why they are none; and what the first few would earn. Each is
    decided by itself, as if it were the next. Nothing is written."""
    now = served.runtime.clock()
    found = trying.tried(
        shelf_of(served),
        number_of(import_id),
        body.mapping,
        count=body.records,
        veil=served.runtime.veil(served.organization),
        now=now,
    )
    left = body.decide
    items = []
    for one in found:
        told = _tried(served, one, language, is_decided=left > 0)
        left -= told.event is not None
        items.append(told)
    wrong = sum(1 for one in items if one.problem is not None)
    return respond(TriedPage(items, len(items) - wrong, wrong))


@router.post(
    "/{import_id}:start",
    **declared(
        ImportAnswer,
        scope=MANAGE,
        body=MappingIn,
        example={
            "mapping": {
                "id": "{receipt}",
                "subject": "card:{card}",
                "time": {"column": "at", "zone": "Asia/Shanghai"},
                "data": {"currency": "CNY", "total": {"column": "paid", "as": "money"}},
            }
        },
        refusals=(Malformed, TooLarge, NoProgramInForce, *MOVING),
    ),
)
def start_import(
    served: ServedBy,
    by: ByIn,
    import_id: ImportId,
    body: Annotated[MappingIn, Depends(body_of(MappingIn))],
) -> Response:
    """Let the worker take the file in. Safe to repeat: an event is recorded once, by its source and
    id, whatever is imported again."""
    job = uploads.start(
        shelf_of(served),
        number_of(import_id),
        body.mapping,
        has_program=program_of(served) is not None,
        by=by,
        now=served.runtime.clock(),
    )
    return respond(tell_import(job))


@router.post("/{import_id}:pause", **declared(ImportAnswer, scope=MANAGE, refusals=MOVING))
def pause_import(served: ServedBy, by: ByIn, import_id: ImportId) -> Response:
    """Stop after the batch under way. What is taken in stays."""
    return _wished(served, import_id, Wish.PAUSE, by)


@router.post("/{import_id}:resume", **declared(ImportAnswer, scope=MANAGE, refusals=MOVING))
def resume_import(served: ServedBy, by: ByIn, import_id: ImportId) -> Response:
    """Go on where it was."""
    return _wished(served, import_id, Wish.RESUME, by)


@router.post("/{import_id}:cancel", **declared(ImportAnswer, scope=MANAGE, refusals=MOVING))
def cancel_import(served: ServedBy, by: ByIn, import_id: ImportId) -> Response:
    """End it for good, and take the file away. What is taken in stays."""
    return _wished(served, import_id, Wish.CANCEL, by)


def _wished(served: Served, import_id: str, asked: Wish, by: Any) -> Response:
    now = served.runtime.clock()
    return respond(
        tell_import(uploads.wish(shelf_of(served), number_of(import_id), asked, by=by, now=now))
    )


def shelf_of(served: Served) -> Shelf:
    """Where the imports of the caller's organization are."""
    return Shelf(served.db, served.runtime.settings.data, served.organization)


def program_of(served: Served) -> Program | None:
    """The program in force, or the newest where none is yet; None before the first."""
    with served.db.transaction(served.organization) as tx:
        table = served.versions.read(tx)
    try:
        return table.in_force(served.runtime.clock()).program
    except NoProgramInForce:
        return table.plans[-1].program if table.plans else None


def _tell(opened: Opened, program: Program | None) -> OpenedImportAnswer:
    stored = json.loads(opened.job.mapping) if opened.job.mapping else None
    about = None if program is None else (program.money, program.zone.key)
    return tell_opened(opened, stored, fields_of(program), about)


def _tried(served: Served, one: Tried, language: str, *, is_decided: bool) -> TriedAnswer:
    if isinstance(one.event, RegularsError):
        return TriedAnswer(one.row, one.rows, None, problem_of(one.event), None)
    arrival: Arrival = one.event
    event = TriedEventAnswer(
        arrival.event.id,
        arrival.event.source,
        arrival.event.type,
        arrival.event.subject,
        arrival.event.time,
        msgspec.json.decode(arrival.payload),
    )
    if not is_decided:
        return TriedAnswer(one.row, one.rows, event, None, None)
    try:
        receipt = served.previews.preview(arrival, served.runtime.clock())
    except RegularsError as refusal:
        return TriedAnswer(one.row, one.rows, None, problem_of(refusal), None)
    decision = answer_of(receipt, arrival, language)
    if not receipt.is_repeat:
        decision = msgspec.structs.replace(decision, event=None, member=None, hold=None)
    return TriedAnswer(one.row, one.rows, event, None, decision)
