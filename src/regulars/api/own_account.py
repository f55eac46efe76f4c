"""What staff see of themselves, and do to their own sign-in."""

from io import BytesIO
from typing import Annotated

import anyio.to_thread
import segno
from fastapi import APIRouter, Depends, Path, Request, Response

from regulars.api.callers import ByIn, trace_of
from regulars.api.contract import declared, respond
from regulars.api.hashing import in_turn
from regulars.api.mailing import handing_over
from regulars.api.reading import body_of
from regulars.api.staff_shapes import (
    CodeIn,
    DoneAnswer,
    MeAnswer,
    NewPasswordIn,
    PasswordIn,
    RecoveryCodesAnswer,
    SeedAnswer,
    SessionsAnswer,
    tell_me,
    tell_sessions,
)
from regulars.api.state import AccessBy, HouseBy, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.errors import (
    CrossSite,
    Malformed,
    NotYourRole,
    Overloaded,
    SecondFactorNeeded,
    SessionNotFound,
    SignInRefused,
    StaffNotFound,
    TooLarge,
)
from regulars.domain.ids import SESSION, decode
from regulars.domain.staffing import person
from regulars.services import sessions, staff, staff_accounts
from regulars.services.staff_accounts import Account

router = APIRouter(prefix="/v1/staff/me", tags=["staff"])

REFUSALS = (CrossSite, NotYourRole, StaffNotFound)
WRITTEN = (*REFUSALS, Malformed, TooLarge, SignInRefused)
SECRET = {"cache-control": "no-store"}
QR_SCALE = 4


def _account(request: Request, house: HouseBy, access: AccessBy) -> Account:
    runtime = house.runtime
    return Account(
        runtime.db,
        runtime.cabinet,
        access,
        trace_of(request),
        runtime.clock(),
        runtime.settings.public_url,
    )


def _caller(access: AccessBy) -> Access:
    """The caller, who is a person. Raises NotYourRole."""
    person(access)
    return access


AccountBy = Annotated[Account, Depends(_account)]
CallerBy = Annotated[Access, Depends(_caller)]


def session_number(
    session: Annotated[str, Path(description="A session's id (ses_…)", examples=["ses_2v9c3n5x7"])],
) -> int:
    """The row number of the session in the path; 0, which none has, for what is no session id."""
    return decode(SESSION, session) or 0


SessionIn = Annotated[int, Depends(session_number)]


@router.get("", **declared(MeAnswer, scope=Scope.STAFF_SELF, refusals=REFUSALS))
def get_me(served: ServedBy, access: CallerBy) -> Response:
    """Who one is, and what one may do."""
    found = staff.get(served.db, served.runtime.cabinet, access.organization, access.number)
    return respond(
        tell_me(
            found,
            session_id=access.session_id or 0,
            is_strong=access.is_strong,
            scopes=access.scopes,
        )
    )


@router.get("/sessions", **declared(SessionsAnswer, scope=Scope.STAFF_SELF, refusals=REFUSALS))
def list_own_sessions(served: ServedBy, access: CallerBy) -> Response:
    """Where one is signed in."""
    found = sessions.own(served.db, access, served.runtime.clock())
    return respond(tell_sessions(found, access))


@router.delete(
    "/sessions/{session}",
    **declared(DoneAnswer, scope=Scope.STAFF_SELF, refusals=(*REFUSALS, SessionNotFound)),
)
def end_own_session(served: ServedBy, access: CallerBy, session: SessionIn, by: ByIn) -> Response:
    """End one of one's sessions, within a second."""
    sessions.end_own(served.db, access, by=by, now=served.runtime.clock(), only=session)
    return respond(DoneAnswer())


@router.post(
    "/totp",
    **declared(
        SeedAnswer,
        scope=Scope.STAFF_SELF,
        body=PasswordIn,
        example={"password": "…"},
        refusals=(*WRITTEN, Overloaded),
    ),
)
async def begin_totp(
    account: AccountBy, body: Annotated[PasswordIn, Depends(body_of(PasswordIn))]
) -> Response:
    """Begin to set up one-time codes: the secret for the authenticator app, told this once."""
    made = await in_turn(lambda: staff_accounts.begin_totp(account, body.password))
    picture = BytesIO()
    segno.make(made.link, error="m").save(picture, kind="svg", scale=QR_SCALE, xmldecl=False)
    svg = picture.getvalue().decode()
    return respond(SeedAnswer(made.secret, made.link, svg), headers=SECRET)


@router.post(
    "/totp:confirm",
    **declared(
        RecoveryCodesAnswer,
        scope=Scope.STAFF_SELF,
        body=CodeIn,
        example={"code": "492039"},
        refusals=WRITTEN,
    ),
)
async def confirm_totp(
    account: AccountBy, body: Annotated[CodeIn, Depends(body_of(CodeIn))]
) -> Response:
    """Show the first code: from now on one is asked for. Answers the recovery codes, this once."""
    codes = await anyio.to_thread.run_sync(staff_accounts.confirm_totp, account, body.code)
    return respond(RecoveryCodesAnswer(codes), headers=SECRET)


@router.post(
    "/totp:remove",
    **declared(
        DoneAnswer,
        scope=Scope.STAFF_SELF,
        body=PasswordIn,
        example={"password": "…"},
        refusals=(*WRITTEN, SecondFactorNeeded, Overloaded),
    ),
)
async def remove_totp(
    account: AccountBy, body: Annotated[PasswordIn, Depends(body_of(PasswordIn))]
) -> Response:
    """Ask for one-time codes no more. Needs one, shown of late, and the password."""
    await in_turn(lambda: staff_accounts.end_totp(account, body.password))
    return respond(DoneAnswer())


@router.post(
    "/recovery-codes",
    **declared(
        RecoveryCodesAnswer,
        scope=Scope.STAFF_SELF,
        refusals=(*REFUSALS, SecondFactorNeeded),
    ),
)
def renew_recovery_codes(account: AccountBy) -> Response:
    """New recovery codes in the place of the old. Needs a one-time code, shown of late."""
    return respond(RecoveryCodesAnswer(staff_accounts.renew_codes(account)), headers=SECRET)


@router.post(
    "/password",
    **declared(
        DoneAnswer,
        scope=Scope.STAFF_SELF,
        body=NewPasswordIn,
        example={"old": "…", "new": "…"},
        refusals=(*WRITTEN, Overloaded),
    ),
)
async def change_password(
    account: AccountBy,
    house: HouseBy,
    body: Annotated[NewPasswordIn, Depends(body_of(NewPasswordIn))],
) -> Response:
    """Choose another password. All other sessions end, and a letter tells of it."""
    letter = await in_turn(lambda: staff_accounts.change_password(account, body.old, body.new))
    answer = respond(DoneAnswer())
    answer.background = handing_over(house.runtime, account.organization, letter)
    return answer
