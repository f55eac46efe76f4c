"""Where a member is signed in, for the service desk: listed, and ended when a phone is lost."""

from fastapi import APIRouter, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.own_account import SessionIn
from regulars.api.reading import RefIn
from regulars.api.staff_shapes import DoneAnswer, SessionsAnswer, tell_sessions
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import MemberNotFound, SessionNotFound
from regulars.services import sessions

router = APIRouter(prefix="/v1/members/{ref}/sessions", tags=["members"])


@router.get(
    "",
    **declared(SessionsAnswer, scope=Scope.MEMBERS_MANAGE, refusals=(MemberNotFound,)),
)
def list_member_sessions(ref: RefIn, served: ServedBy, access: AccessBy) -> Response:
    """Where the member is signed in, the latest first."""
    found = sessions.of_member(served.db, served.organization, ref, served.runtime.clock())
    return respond(tell_sessions(found, access))


@router.delete(
    "",
    **declared(DoneAnswer, scope=Scope.MEMBERS_MANAGE, refusals=(MemberNotFound,)),
)
def end_member_sessions(ref: RefIn, served: ServedBy, by: ByIn) -> Response:
    """Sign the member out everywhere, within a second."""
    now = served.runtime.clock()
    sessions.end_of_member(served.db, served.organization, ref, by=by, now=now)
    return respond(DoneAnswer())


@router.delete(
    "/{session}",
    **declared(DoneAnswer, scope=Scope.MEMBERS_MANAGE, refusals=(MemberNotFound, SessionNotFound)),
)
def end_member_session(ref: RefIn, session: SessionIn, served: ServedBy, by: ByIn) -> Response:
    """End one of the member's sessions, within a second."""
    now = served.runtime.clock()
    sessions.end_of_member(served.db, served.organization, ref, by=by, now=now, only=session)
    return respond(DoneAnswer())
