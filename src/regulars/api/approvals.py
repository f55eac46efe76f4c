"""What waits for a second person: looked at, approved, refused, taken back."""

from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec import Meta, Struct

from regulars.api.approving import ApprovalAnswer, carrying_out, tell_approval
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.approvals import MAX_NOTE
from regulars.domain.errors import (
    ApprovalDecided,
    ApprovalNotFound,
    CrossSite,
    InsufficientPoints,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    NotYourRole,
    ProgramInvalid,
    SamePerson,
    SecondFactorNeeded,
    TooLarge,
    VersionConflict,
)
from regulars.domain.ids import APPROVAL, decode
from regulars.domain.uses import refuse_personal
from regulars.services import approvals
from regulars.storage.approvals import Approval

router = APIRouter(prefix="/v1/approvals", tags=["approvals"])

DECISION = (
    Malformed, TooLarge, CrossSite, ApprovalNotFound, ApprovalDecided, NotYourRole, SamePerson,
    SecondFactorNeeded,
)  # fmt: skip
OF_THE_DEED = (
    InsufficientPoints, MemberNotFound, NoProgramInForce, NotAllowed, ProgramInvalid,
    VersionConflict,
)  # fmt: skip


class NoteIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why; kept with the request."""

    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


class ApprovalsAnswer(Struct, frozen=True):
    """A page of requests, newest first. `next`: the cursor of the following page."""

    items: list[ApprovalAnswer]
    next: str | None


def approval_number(
    approval: Annotated[
        str, Path(description="A request's id (apr_…)", examples=["apr_2v9c3n5x7k1qd"])
    ],
) -> int:
    """The row number of the request in the path; 0, which none has, for what is no such id."""
    return decode(APPROVAL, approval) or 0


def _note(body: Annotated[NoteIn, Depends(body_of(NoteIn))]) -> str:
    """Raises InvalidInput for a phone or an e-mail address in it: it is kept for good."""
    refuse_personal({"/note": body.note})
    return body.note


NumberIn = Annotated[int, Depends(approval_number)]
Note = Annotated[str, Depends(_note)]


@router.get("", **declared(ApprovalsAnswer, scope=Scope.APPROVALS_READ))
def list_approvals(
    served: ServedBy,
    page: Paged,
    state: Annotated[
        Literal["all", "waiting"], Query(description="`waiting`: only those that can be decided")
    ] = "all",
) -> Response:
    """Requests that a second person decides, or has decided."""
    (before,) = page.start(tuple[int]) or (None,)
    found = approvals.listed(
        served.db,
        served.organization,
        waiting=state == "waiting",
        before=before,
        limit=page.limit + 1,
        now=served.runtime.clock(),
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    told = [tell_approval(one, served) for one in shown]
    return page.respond(ApprovalsAnswer(told, following), following)


@router.get(
    "/{approval}",
    **declared(ApprovalAnswer, scope=Scope.APPROVALS_READ, refusals=(ApprovalNotFound,)),
)
def get_approval(served: ServedBy, number: NumberIn) -> Response:
    """One request, with all that it takes to decide."""
    found = approvals.get(served.db, served.organization, number)
    return respond(tell_approval(found, served, whole=True))


@router.post(
    "/{approval}/approve",
    **declared(
        ApprovalAnswer,
        scope=Scope.APPROVALS_DECIDE,
        body=NoteIn,
        example={"note": "Checked against the receipt"},
        refusals=(*DECISION, *OF_THE_DEED),
    ),
)
async def approve_request(
    served: ServedBy, access: AccessBy, by: ByIn, number: NumberIn, note: Note
) -> Response:
    """Approve what another person asked for, and do it: once, whoever else approves it too."""

    def work() -> Approval:
        return approvals.approve(
            served.db,
            access,
            number,
            note=note,
            by=by,
            now=served.runtime.clock(),
            carry_out=carrying_out(served, by),
        )

    return respond(tell_approval(await anyio.to_thread.run_sync(work), served))


@router.post(
    "/{approval}/refuse",
    **declared(
        ApprovalAnswer,
        scope=Scope.APPROVALS_DECIDE,
        body=NoteIn,
        example={"note": "No such receipt"},
        refusals=DECISION,
    ),
)
async def refuse_request(
    served: ServedBy, access: AccessBy, by: ByIn, number: NumberIn, note: Note
) -> Response:
    """Refuse it: nothing is done."""
    now = served.runtime.clock()
    found = await anyio.to_thread.run_sync(
        lambda: approvals.refuse(served.db, access, number, note=note, by=by, now=now)
    )
    return respond(tell_approval(found, served))


@router.post(
    "/{approval}/withdraw",
    **declared(
        ApprovalAnswer,
        scope=Scope.APPROVALS_READ,
        refusals=(CrossSite, ApprovalNotFound, ApprovalDecided, NotYourRole),
    ),
)
def withdraw_request(served: ServedBy, access: AccessBy, by: ByIn, number: NumberIn) -> Response:
    """Take back what one asked for, while it waits."""
    now = served.runtime.clock()
    return respond(
        tell_approval(approvals.withdraw(served.db, access, number, by=by, now=now), served)
    )
