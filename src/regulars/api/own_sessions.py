"""A member's own sessions: listed, ended, and made strong by a fresh code."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Struct

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.cookies import clear_member_session
from regulars.api.doors import At, home
from regulars.api.mailing import handing_over
from regulars.api.me import signed_in_member
from regulars.api.own_account import SessionIn
from regulars.api.reading import body_of
from regulars.api.sign_in import ACCEPTED, Code, CodeSent, SignInAnswer, signed_in
from regulars.api.staff_shapes import DoneAnswer, SessionsAnswer, tell_sessions
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    Malformed,
    MemberNotFound,
    SessionNotFound,
    TooLarge,
    TooManyRequests,
)
from regulars.domain.sign_in_refusals import AddressUnproven, CodeRefused
from regulars.domain.throttling import CODE_LIFETIME
from regulars.services import sessions
from regulars.services.signing_in import confirming

router = APIRouter(prefix="/v1/me", tags=["me"])


class ConfirmIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The code that was sent to the member's own address."""

    code: Code


@router.get("/sessions", **declared(SessionsAnswer, scope=Scope.SELF_READ))
def list_my_sessions(served: ServedBy, access: AccessBy) -> Response:
    """Where the member is signed in, the latest first."""
    signed_in_member(access)
    return respond(tell_sessions(sessions.own(served.db, access, served.runtime.clock()), access))


@router.delete(
    "/sessions/{session}",
    **declared(DoneAnswer, scope=Scope.SELF_WRITE, refusals=(SessionNotFound,)),
)
def end_my_session(served: ServedBy, access: AccessBy, session: SessionIn, by: ByIn) -> Response:
    """End one of the member's sessions, within a second."""
    signed_in_member(access)
    now = served.runtime.clock()
    sessions.end_own(served.db, access, by=by, now=now, only=session)
    return respond(DoneAnswer())


@router.delete("/sessions", **declared(DoneAnswer, scope=Scope.SELF_WRITE))
def end_my_sessions(served: ServedBy, access: AccessBy, by: ByIn) -> Response:
    """Sign out everywhere."""
    signed_in_member(access)
    sessions.end_own(served.db, access, by=by, now=served.runtime.clock())
    response = respond(DoneAnswer())
    clear_member_session(response, served.runtime.settings)
    return response


@router.post(
    "/sign-out", **declared(DoneAnswer, scope=Scope.SELF_WRITE, refusals=(SessionNotFound,))
)
def sign_out(served: ServedBy, access: AccessBy, by: ByIn) -> Response:
    """End this session."""
    signed_in_member(access)
    now = served.runtime.clock()
    sessions.end_own(served.db, access, by=by, now=now, only=access.session_id)
    response = respond(DoneAnswer())
    clear_member_session(response, served.runtime.settings)
    return response


@router.post(
    "/codes",
    **declared(
        CodeSent,
        scope=Scope.SELF_WRITE,
        status=ACCEPTED,
        refusals=(MemberNotFound, AddressUnproven, TooManyRequests),
    ),
)
def send_confirmation(served: ServedBy, access: AccessBy, at: At) -> Response:
    """Have a code sent to one's own address, to show once more who one is."""
    letter = confirming.ask(home(served), signed_in_member(access), at)
    response = respond(CodeSent(int(CODE_LIFETIME.total_seconds())), ACCEPTED)
    response.background = handing_over(served.runtime, served.organization, letter)
    return response


@router.post(
    "/codes/verify",
    **declared(
        SignInAnswer,
        scope=Scope.SELF_WRITE,
        body=ConfirmIn,
        example={"code": "482913"},
        refusals=(
            Malformed, TooLarge, MemberNotFound, AddressUnproven, CodeRefused, TooManyRequests,
        ),
    ),
)  # fmt: skip
async def confirm(
    served: ServedBy,
    access: AccessBy,
    at: At,
    body: Annotated[ConfirmIn, Depends(body_of(ConfirmIn))],
) -> Response:
    """Send that code back: the session goes on under a new secret, and is strong for a while."""
    signed_in_member(access)
    who = await anyio.to_thread.run_sync(confirming.confirm, home(served), access, body.code, at)
    return signed_in(served, who, at.now)
