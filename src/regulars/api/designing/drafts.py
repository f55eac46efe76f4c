"""Drafts of the program over HTTP: kept revision by revision, changed by one person at a time."""

from datetime import datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Path, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.programs import DRAFT
from regulars.api.reading import MAX_DOCUMENT_BYTES, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.designing.refusals import DraftNotFound, MarkNeeded
from regulars.domain.errors import (
    CrossSite,
    InvalidInput,
    Malformed,
    NotAllowed,
    StaleMark,
    TooLarge,
    VersionNotFound,
)
from regulars.domain.ids import DRAFT as KIND
from regulars.domain.ids import decode, encode
from regulars.domain.names import outside
from regulars.services.designing import drafts
from regulars.storage.designing.drafts import Draft, Revision

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])

CREATED = 201
MAX_REVISION = 2**31 - 1
WRITING = (Malformed, TooLarge, CrossSite)

Name = Annotated[str, Meta(min_length=1, max_length=drafts.MAX_NAME)]
Text = Annotated[str, Meta(max_length=1_000_000)]


class NewDraftIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A draft to begin, with `document` or with the text of `from_version`; with neither, with that
    of the newest version. With a document, `from_version` is the version that it changes."""

    name: Name
    document: Text | None = None
    from_version: Annotated[int, Meta(ge=1, le=MAX_REVISION)] | None = None


class DraftChangeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a draft says from now on. The text is kept as it is, whether or not it is a program."""

    name: Name
    document: Text


class DraftAnswer(Struct, frozen=True):
    """A draft. `base_version`: the version that it was begun from. `changed_by`: such as staff:12.
    `is_published_as`: the newest version that was published from it."""

    draft: str
    name: str
    document: str
    base_version: int | None
    revision: int
    changed_by: str
    changed_at: Instant
    created_at: Instant
    is_published_as: int | None


class DraftHeadAnswer(Struct, frozen=True):
    """A draft without its text."""

    draft: str
    name: str
    base_version: int | None
    revision: int
    changed_by: str
    changed_at: Instant
    created_at: Instant
    is_published_as: int | None


class DraftsAnswer(Struct, frozen=True):
    """A page of drafts, those that were changed last first."""

    items: list[DraftHeadAnswer]
    next: str | None


class RevisionHeadAnswer(Struct, frozen=True):
    """What a draft said once, without the text."""

    revision: int
    name: str
    changed_by: str
    changed_at: Instant


class RevisionsAnswer(Struct, frozen=True):
    """A page of revisions, newest first."""

    draft: str
    items: list[RevisionHeadAnswer]
    next: str | None


class RevisionAnswer(Struct, frozen=True):
    """What a draft said in one revision."""

    draft: str
    revision: int
    name: str
    document: str
    changed_by: str
    changed_at: Instant


def draft_number(
    draft: Annotated[str, Path(description="A draft's id (dft_…)", examples=["dft_2v9c3n5x7k1qd"])],
) -> int:
    """The row number of the draft in the path; 0, which none has, for what is no such id."""
    return decode(KIND, draft) or 0


def _revision_changed(
    if_match: Annotated[
        str | None,
        Header(max_length=200, description="The ETag of the draft as it was read; * overwrites"),
    ] = None,
) -> int | None:
    """The revision in an If-Match header; None for "*". Raises MarkNeeded, InvalidInput."""
    if if_match is None or not if_match.strip():
        raise MarkNeeded
    text = if_match.strip()
    if text == "*":
        return None
    number = text.removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdecimal() or int(number[:12]) > MAX_REVISION:
        raise InvalidInput("If-Match carries the ETag of a draft, as it was read.")
    return int(number)


NumberIn = Annotated[int, Depends(draft_number)]
RevisionIn = Annotated[int | None, Depends(_revision_changed)]
Wanted = Annotated[int, Path(ge=1, le=MAX_REVISION, description="Counts from 1")]


def tell(found: Draft, status: int = 200) -> Response:
    """A draft, with its mark."""
    answer = DraftAnswer(
        draft=encode(KIND, found.id),
        name=found.name,
        document=found.document or "",
        base_version=found.base_version,
        revision=found.revision,
        changed_by=outside(found.changed_by),
        changed_at=found.changed_at,
        created_at=found.created_at,
        is_published_as=found.published_as,
    )
    return respond(answer, status, {"etag": f'"{found.revision}"'})


def _head(found: Draft) -> DraftHeadAnswer:
    return DraftHeadAnswer(
        draft=encode(KIND, found.id),
        name=found.name,
        base_version=found.base_version,
        revision=found.revision,
        changed_by=outside(found.changed_by),
        changed_at=found.changed_at,
        created_at=found.created_at,
        is_published_as=found.published_as,
    )


@router.get("", **declared(DraftsAnswer, scope=Scope.PROGRAM_READ))
def list_drafts(served: ServedBy, page: Paged) -> Response:
    """Drafts without their texts."""
    before = page.start(tuple[datetime, int])
    found = drafts.listed(served.db, served.organization, before=before, limit=page.limit + 1)
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.changed_at, last.id)
    return page.respond(DraftsAnswer([_head(one) for one in shown], following), following)


@router.post(
    "",
    **declared(
        DraftAnswer,
        scope=Scope.PROGRAM_DRAFT,
        status=CREATED,
        body=NewDraftIn,
        example={"name": "Spring", **DRAFT},
        refusals=(*WRITING, VersionNotFound, NotAllowed),
    ),
)
async def create_draft(
    body: Annotated[NewDraftIn, Depends(body_of(NewDraftIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
    by: ByIn,
) -> Response:
    """Begin a draft."""

    def work() -> Draft:
        return drafts.create(
            served.db,
            served.organization,
            name=body.name,
            document=body.document,
            from_version=body.from_version,
            by=by,
            now=served.runtime.clock(),
        )

    return tell(await anyio.to_thread.run_sync(work), CREATED)


@router.get(
    "/{draft}", **declared(DraftAnswer, scope=Scope.PROGRAM_READ, refusals=(DraftNotFound,))
)
def get_draft(served: ServedBy, number: NumberIn) -> Response:
    """A draft with its text. Its ETag stands for the revision."""
    return tell(drafts.get(served.db, served.organization, number))


@router.put(
    "/{draft}",
    **declared(
        DraftAnswer,
        scope=Scope.PROGRAM_DRAFT,
        body=DraftChangeIn,
        example={"name": "Spring", **DRAFT},
        refusals=(*WRITING, DraftNotFound, MarkNeeded, StaleMark),
    ),
)
async def change_draft(
    *,
    body: Annotated[DraftChangeIn, Depends(body_of(DraftChangeIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
    number: NumberIn,
    revision: RevisionIn,
    by: ByIn,
) -> Response:
    """Let it say something else: only if nobody changed it since it was read."""

    def work() -> Draft:
        return drafts.change(
            served.db,
            served.organization,
            number,
            name=body.name,
            document=body.document,
            revision=revision,
            by=by,
            now=served.runtime.clock(),
        )

    return tell(await anyio.to_thread.run_sync(work))


@router.delete(
    "/{draft}",
    **declared(DraftHeadAnswer, scope=Scope.PROGRAM_DRAFT, refusals=(CrossSite, DraftNotFound)),
)
def delete_draft(served: ServedBy, number: NumberIn, by: ByIn) -> Response:
    """Take it away, with all that it said; the answer is what it was."""
    found = drafts.delete(served.db, served.organization, number, by=by, now=served.runtime.clock())
    return respond(_head(found))


@router.get(
    "/{draft}/revisions",
    **declared(RevisionsAnswer, scope=Scope.PROGRAM_READ, refusals=(DraftNotFound,)),
)
def list_draft_revisions(served: ServedBy, number: NumberIn, page: Paged) -> Response:
    """What it said before, without the texts."""
    (before,) = page.start(tuple[int]) or (None,)
    found = drafts.revisions(
        served.db, served.organization, number, before=before, limit=page.limit + 1
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.revision)
    items = [
        RevisionHeadAnswer(one.revision, one.name, outside(one.changed_by), one.changed_at)
        for one in shown
    ]
    return page.respond(RevisionsAnswer(encode(KIND, number), items, following), following)


@router.get(
    "/{draft}/revisions/{revision}",
    **declared(RevisionAnswer, scope=Scope.PROGRAM_READ, refusals=(DraftNotFound,)),
)
def get_draft_revision(served: ServedBy, number: NumberIn, revision: Wanted) -> Response:
    """What it said in one revision, with the text."""
    found: Revision = drafts.revision(served.db, served.organization, number, revision)
    return respond(
        RevisionAnswer(
            encode(KIND, number),
            found.revision,
            found.name,
            found.document or "",
            outside(found.changed_by),
            found.changed_at,
        )
    )
