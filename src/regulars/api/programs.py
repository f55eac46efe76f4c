"""Program versions: read, compared, checked, published; and what the points are worth."""

from dataclasses import astuple
from datetime import datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from regulars.api import approving, shapes
from regulars.api.approving import ApprovalAnswer, Publication
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.reading import MAX_DOCUMENT_BYTES, AsOf, Language, body_of, in_utc
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.api.telling import tell_program, tell_version
from regulars.domain.access import Access, Scope
from regulars.domain.amounts import Money
from regulars.domain.approvals import is_exempt
from regulars.domain.audit import By
from regulars.domain.designing.refusals import DraftNotFound
from regulars.domain.errors import (
    CrossSite,
    Malformed,
    NoProgramInForce,
    ProgramInvalid,
    TooLarge,
    VersionConflict,
    VersionNotFound,
)
from regulars.domain.ids import DRAFT as DRAFT_ID
from regulars.domain.ids import decode
from regulars.domain.programs.document import read
from regulars.services import liability, programs
from regulars.services.designing import drafts
from regulars.storage.programs import Published

router = APIRouter(prefix="/v1", tags=["programs"])

CREATED = 201
MAX_NOTE = 500

Document = Annotated[str, Meta(min_length=1, max_length=1_000_000)]
Version = Annotated[int, Query(ge=1, le=2**31 - 1)]


class DraftIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A program document, in YAML or JSON, as text."""

    document: Document


class PublicationIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A version to publish. `in_force_from`: now when left out. `draft`: the id of the one that it
    comes from, which is then marked."""

    document: Document
    in_force_from: Annotated[datetime, Meta(tz=True)] | None = None
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""
    draft: Annotated[str, Meta(max_length=20)] = ""


class RestorationIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier version to publish again. `in_force_from`: now when left out."""

    in_force_from: Annotated[datetime, Meta(tz=True)] | None = None
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


DRAFT = {"document": "regulars: 1\nprogram: coffee\n…"}


@router.get(
    "/programs/current",
    **declared(shapes.ProgramAnswer, scope=Scope.PROGRAM_READ, refusals=(NoProgramInForce,)),
)
def get_current_program(served: ServedBy, language: Language) -> Response:
    """The version in force now, with its rules in words."""
    now = served.runtime.clock()
    found = [one for one in _versions(served) if one.in_force_from <= now]
    if not found:
        raise NoProgramInForce("No version of the program is in force yet.")
    newest = max(found, key=lambda one: one.in_force_from)
    return respond(tell_program(newest, read(newest.document), language))


@router.get("/programs/versions", **declared(shapes.VersionsAnswer, scope=Scope.PROGRAM_READ))
def list_versions(served: ServedBy) -> Response:
    """Every version, in the order in which they were published."""
    return respond(shapes.VersionsAnswer([tell_version(one) for one in _versions(served)]))


@router.get(
    "/programs/versions/{version}",
    **declared(shapes.ProgramAnswer, scope=Scope.PROGRAM_READ, refusals=(VersionNotFound,)),
)
def get_version(version: int, served: ServedBy, language: Language) -> Response:
    """One version, with its text and its rules in words."""
    found = _version(served, version)
    return respond(tell_program(found, read(found.document), language))


@router.get(
    "/programs/diff",
    **declared(shapes.DiffAnswer, scope=Scope.PROGRAM_READ, refusals=(VersionNotFound,)),
)
def compare_versions(
    old: Annotated[Version, Query(alias="from")],
    new: Annotated[Version, Query(alias="to")],
    served: ServedBy,
    language: Language,
) -> Response:
    """What differs between two versions, a sentence each."""
    before, after = (_version(served, number).document for number in (old, new))
    return respond(shapes.DiffAnswer(old, new, programs.diff(before, after, language)))


@router.post(
    "/programs:lint",
    **declared(
        shapes.LintAnswer,
        scope=Scope.PROGRAM_READ,
        body=DraftIn,
        example=DRAFT,
        refusals=(Malformed, TooLarge, ProgramInvalid),
    ),
)
async def lint_program(
    body: Annotated[DraftIn, Depends(body_of(DraftIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
) -> Response:
    """Everything wrong or doubtful about a draft, each finding at its line and column; coupons that
    its rules give and that are not given out at present, too."""
    findings = await anyio.to_thread.run_sync(
        programs.lint_here, served.db, served.organization, body.document
    )
    return respond(
        shapes.LintAnswer(
            not programs.has_errors(findings),
            [
                shapes.FindingAnswer(
                    found.severity.value,
                    found.code,
                    found.pointer,
                    found.line,
                    found.column,
                    found.message,
                )
                for found in findings
            ],
        )
    )


@router.post(
    "/programs:publish",
    **declared(
        shapes.VersionAnswer,
        scope=Scope.PROGRAM_PUBLISH,
        status=CREATED,
        body=PublicationIn,
        example=DRAFT | {"in_force_from": "2026-04-01T00:00:00+08:00", "note": "Spring rules"},
        waits=ApprovalAnswer,
        refusals=(
            Malformed, TooLarge, DraftNotFound, ProgramInvalid, VersionConflict,
            *approving.REFUSALS,
        ),
    ),
)  # fmt: skip
async def publish_program(
    body: Annotated[PublicationIn, Depends(body_of(PublicationIn, MAX_DOCUMENT_BYTES))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Publish a version: its errors are looked for and its examples played first.

    Staff show their second factor, and a second person approves it (202), as the organization's
    settings say. What was published is never changed. Sent twice, the second is refused: its
    instant is taken.
    """
    if body.draft:
        number = decode(DRAFT_ID, body.draft) or 0
        await anyio.to_thread.run_sync(drafts.get, served.db, served.organization, number)
    return await _publish(body, served, access, by)


@router.post(
    "/programs/versions/{version}:restore",
    **declared(
        shapes.VersionAnswer,
        scope=Scope.PROGRAM_PUBLISH,
        status=CREATED,
        body=RestorationIn,
        example={"note": "Back to the rules of winter"},
        waits=ApprovalAnswer,
        refusals=(
            Malformed, TooLarge, CrossSite, VersionNotFound, ProgramInvalid, VersionConflict,
            *approving.REFUSALS,
        ),
    ),
)  # fmt: skip
async def restore_version(
    *,
    version: int,
    body: Annotated[RestorationIn, Depends(body_of(RestorationIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
) -> Response:
    """Publish the document of an earlier version again, as a new version; approved like any."""
    earlier = await anyio.to_thread.run_sync(_version, served, version)
    note = body.note or f"Restores version {version}"
    wanted = PublicationIn(earlier.document, body.in_force_from, note)
    return await _publish(wanted, served, access, by)


async def _publish(body: PublicationIn, served: Served, access: Access, by: By) -> Response:
    """The new version, or the request that waits for a second person."""
    now = served.runtime.clock()
    since = now
    if body.in_force_from is not None:
        since = in_utc(body.in_force_from, "/in_force_from")

    if not is_exempt(access):
        await anyio.to_thread.run_sync(programs.check, body.document, body.note)
        later = None if body.in_force_from is None else since
        wanted = Publication(body.document, later, body.note, body.draft)
        wait = await approving.waiting(served, access, by, approving.publication(wanted))
        if wait is not None:
            return wait

    def publish() -> Published:
        return programs.publish(
            served.db,
            served.organization,
            body.document,
            in_force_from=since,
            now=now,
            note=body.note,
            by=by,
            draft=decode(DRAFT_ID, body.draft),
        )

    return respond(tell_version(await anyio.to_thread.run_sync(publish)), CREATED)


@router.get(
    "/liability",
    **declared(shapes.LiabilityAnswer, scope=Scope.LEDGER_READ, refusals=(NoProgramInForce,)),
)
def get_liability(served: ServedBy, at: AsOf) -> Response:
    """What members could still redeem at an instant, and what that is worth."""
    found = liability.statement(served.db, served.organization, at)
    return respond(
        shapes.LiabilityAnswer(
            found.as_of,
            [
                shapes.CurrencyLiabilityAnswer(
                    total.currency,
                    total.outstanding,
                    total.breakage,
                    total.expected,
                    _money(total.value),
                )
                for total in found.totals
            ],
            [shapes.OutstandingAnswer(*astuple(row)) for row in found.rows],
        )
    )


def _money(value: Money | None) -> shapes.MoneyAnswer | None:
    return None if value is None else shapes.MoneyAnswer(value.minor, value.currency)


def _versions(served: Served) -> list[Published]:
    return programs.versions(served.db, served.organization)


def _version(served: Served, number: int) -> Published:
    for known in _versions(served):
        if known.version == number:
            return known
    raise VersionNotFound(f"There is no version {number} of the program.")
