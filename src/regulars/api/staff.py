"""People who manage the staff: who is on it, what they are, and where they are signed in."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.mailing import handing_over
from regulars.api.own_account import SessionIn
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import body_of
from regulars.api.staff_shapes import (
    DoneAnswer,
    InvitationIn,
    RolesIn,
    SessionsAnswer,
    StaffAnswer,
    StaffListAnswer,
    tell_person,
    tell_sessions,
)
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope, parse_roles
from regulars.domain.errors import (
    CrossSite,
    LastOwner,
    Malformed,
    NotYourRole,
    SessionNotFound,
    StaffExists,
    StaffNotFound,
    TooLarge,
)
from regulars.domain.ids import STAFF, decode
from regulars.domain.staffing import managing
from regulars.services import sessions, staff
from regulars.services.staff import Desk, Person

router = APIRouter(prefix="/v1/staff", tags=["staff"])

CREATED = 201
REFUSALS = (CrossSite, NotYourRole, StaffNotFound)
WRITTEN = (Malformed, TooLarge, *REFUSALS)


def staff_number(
    staff: Annotated[
        str, Path(description="Somebody's id (stf_…)", examples=["stf_2v9c3n5x7k1qd"])
    ],
) -> int:
    """The row number of the person in the path; 0, which nobody has, for what is no such id."""
    return decode(STAFF, staff) or 0


def _desk(served: ServedBy, access: AccessBy, by: ByIn) -> Desk:
    """Raises NotYourRole for whoever is no person: applications never manage staff."""
    managing(access)
    runtime = served.runtime
    return Desk(
        runtime.db, runtime.cabinet, access, by, runtime.clock(), runtime.settings.public_url
    )


StaffIn = Annotated[int, Depends(staff_number)]
DeskBy = Annotated[Desk, Depends(_desk)]


@router.get("", **declared(StaffListAnswer, scope=Scope.STAFF_MANAGE, refusals=REFUSALS))
def list_staff(desk: DeskBy, page: Paged) -> Response:
    """Everybody on the staff, in the order in which they came."""
    (after,) = page.start(tuple[int]) or (0,)
    found = staff.listed(
        desk.db, desk.cabinet, desk.organization, after=after, limit=page.limit + 1
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.staff.id)
    return page.respond(StaffListAnswer([tell_person(one) for one in shown], following), following)


@router.post(
    "",
    **declared(
        StaffAnswer,
        scope=Scope.STAFF_MANAGE,
        status=CREATED,
        again=200,
        body=InvitationIn,
        example={"email": "ada@shop.example", "roles": ["service_agent"], "language": "en"},
        refusals=(*WRITTEN, StaffExists),
    ),
)
async def invite_staff(
    desk: DeskBy, served: ServedBy, body: Annotated[InvitationIn, Depends(body_of(InvitationIn))]
) -> Response:
    """Put somebody on the staff and send them an invitation. Sent again, it answers the same."""
    roles = parse_roles(body.roles)
    made, is_new = await anyio.to_thread.run_sync(
        lambda: staff.invite(desk, body.email, roles, body.language)
    )
    return _with_letter(served, made, CREATED if is_new else 200)


@router.get("/{staff}", **declared(StaffAnswer, scope=Scope.STAFF_MANAGE, refusals=REFUSALS))
def get_staff(desk: DeskBy, number: StaffIn) -> Response:
    """Somebody on the staff."""
    return respond(tell_person(staff.get(desk.db, desk.cabinet, desk.organization, number)))


@router.post(
    "/{staff}/invitation", **declared(StaffAnswer, scope=Scope.STAFF_MANAGE, refusals=REFUSALS)
)
def resend_invitation(desk: DeskBy, served: ServedBy, number: StaffIn) -> Response:
    """Send the invitation again; the link before no longer counts."""
    return _with_letter(served, staff.resend(desk, number), 200)


@router.put(
    "/{staff}/roles",
    **declared(
        StaffAnswer,
        scope=Scope.STAFF_MANAGE,
        body=RolesIn,
        example={"roles": ["finance", "analyst"]},
        refusals=(*WRITTEN, LastOwner),
    ),
)
async def set_staff_roles(
    desk: DeskBy, number: StaffIn, body: Annotated[RolesIn, Depends(body_of(RolesIn))]
) -> Response:
    """Make somebody something else. Their sessions end. Nobody does that to themselves."""
    roles = parse_roles(body.roles)
    return respond(
        tell_person(await anyio.to_thread.run_sync(staff.set_roles, desk, number, roles))
    )


@router.post(
    "/{staff}/suspend",
    **declared(StaffAnswer, scope=Scope.STAFF_MANAGE, refusals=(*REFUSALS, LastOwner)),
)
def suspend_staff(desk: DeskBy, number: StaffIn) -> Response:
    """Keep somebody out, within a second and everywhere. Safe to repeat."""
    return respond(tell_person(staff.suspend(desk, number)))


@router.post(
    "/{staff}/resume", **declared(StaffAnswer, scope=Scope.STAFF_MANAGE, refusals=REFUSALS)
)
def resume_staff(desk: DeskBy, number: StaffIn) -> Response:
    """Let somebody in again; they sign in anew. Safe to repeat."""
    return respond(tell_person(staff.resume(desk, number)))


@router.get(
    "/{staff}/sessions",
    **declared(SessionsAnswer, scope=Scope.STAFF_MANAGE, refusals=REFUSALS),
)
def list_staff_sessions(desk: DeskBy, number: StaffIn) -> Response:
    """Where somebody is signed in."""
    found = sessions.of_staff(desk.db, desk.giver, number, desk.now)
    return respond(tell_sessions(found, desk.giver))


@router.delete(
    "/{staff}/sessions", **declared(DoneAnswer, scope=Scope.STAFF_MANAGE, refusals=REFUSALS)
)
def end_staff_sessions(desk: DeskBy, number: StaffIn) -> Response:
    """End all of somebody's sessions, within a second."""
    sessions.end_of_staff(desk.db, desk.giver, number, by=desk.by, now=desk.now)
    return respond(DoneAnswer())


@router.delete(
    "/{staff}/sessions/{session}",
    **declared(DoneAnswer, scope=Scope.STAFF_MANAGE, refusals=(*REFUSALS, SessionNotFound)),
)
def end_staff_session(desk: DeskBy, number: StaffIn, session: SessionIn) -> Response:
    """End one of somebody's sessions, within a second."""
    sessions.end_of_staff(desk.db, desk.giver, number, by=desk.by, now=desk.now, only=session)
    return respond(DoneAnswer())


def _with_letter(served: Served, made: Person, status: int) -> Response:
    answer = respond(tell_person(made), status)
    answer.background = handing_over(served.runtime, served.organization, made.letter)
    return answer
