"""What a document changes in a published version, told in words."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.contract import declared, respond
from regulars.api.designing.trying import READING
from regulars.api.programs import DRAFT, Document
from regulars.api.reading import MAX_DOCUMENT_BYTES, Language, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import NoProgramInForce, VersionNotFound
from regulars.domain.programs.changes import Change
from regulars.domain.programs.findings import pointer_of
from regulars.services import programs

router = APIRouter(prefix="/v1", tags=["programs"])


class ComparisonIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A document to compare with a version; with the one in force now when that is left out."""

    document: Document
    against: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None


class ChangeAnswer(Struct, frozen=True):
    """One difference. `kind`: added, removed or changed. `pointer` leads into the newer document,
    for what was removed into the older; `section` is the part of it, such as rules."""

    kind: str
    section: str
    pointer: str
    words: str


class ChangesAnswer(Struct, frozen=True):
    """What a document changes in a version: nothing, when there is no item."""

    against: int
    items: list[ChangeAnswer]


@router.post(
    "/programs:diff",
    **declared(
        ChangesAnswer,
        scope=Scope.PROGRAM_READ,
        body=ComparisonIn,
        example=DRAFT,
        refusals=(*READING, VersionNotFound, NoProgramInForce),
    ),
)
async def diff_program(
    body: Annotated[ComparisonIn, Depends(body_of(ComparisonIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
    language: Language,
) -> Response:
    """What a document changes, a sentence each."""

    def work() -> tuple[int, list[Change]]:
        return programs.changes(
            served.db,
            served.organization,
            body.document,
            against=body.against,
            lang=language,
            now=served.runtime.clock(),
        )

    against, found = await anyio.to_thread.run_sync(work)
    items = [
        ChangeAnswer(one.kind.value, str(one.path[0]), pointer_of(one.path), one.words)
        for one in found
    ]
    return respond(ChangesAnswer(against, items))
