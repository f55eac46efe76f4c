"""Staff come in: by password, with a one-time code where they have set it up, and out again."""

from contextlib import suppress
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Request, Response

from regulars.api.callers import cookie_name, trace_of
from regulars.api.contract import declared, respond
from regulars.api.cookies import clear_session, set_session
from regulars.api.doors import refuse_other_pages
from regulars.api.hashing import in_turn
from regulars.api.limits import address_of
from regulars.api.mailing import after_the_answer
from regulars.api.reading import body_of
from regulars.api.staff_shapes import (
    AcceptanceIn,
    CodeIn,
    DoneAnswer,
    MeAnswer,
    ResetFinishIn,
    ResetIn,
    SignInIn,
    StaffAnswer,
    tell_me,
    tell_person,
)
from regulars.api.state import AccessBy, House, HouseBy
from regulars.domain.access import Scope, organization_in, scopes_of
from regulars.domain.audit import By
from regulars.domain.devices import device_words
from regulars.domain.errors import (
    CrossSite,
    InvalidInput,
    LinkRefused,
    Malformed,
    NotYourRole,
    OrganizationNotFound,
    OrganizationSuspended,
    Overloaded,
    SecondFactorNeeded,
    SessionNotFound,
    SignInRefused,
    StaffNotFound,
    TooLarge,
)
from regulars.domain.staffing import person
from regulars.services import organizations, password_resets, sessions, sign_ins, staff
from regulars.services.sign_ins import NOBODY, Attempt, SignedIn

router = APIRouter(prefix="/v1/staff", tags=["staff"])

ACCEPTED = 202
ANSWERED = (Malformed, TooLarge, CrossSite, Overloaded)


def organization_called(house: House, code: str) -> int | None:
    """The organization with this code; without a code, that of the deployment; None for no such."""
    runtime = house.runtime
    try:
        return organizations.by_code(runtime.db, code or runtime.settings.organization).id
    except OrganizationNotFound:
        return None


def count_try(request: Request, house: House, what: str) -> str:
    """The caller's network address, with one request counted for it.

    Raises TooManyRequests, CrossSite.
    """
    settings = house.runtime.settings
    house.limits.take_of_address(request, settings, what)
    refuse_other_pages(request, house)
    return address_of(request, settings)


def signed_in(house: House, organization: int, made: SignedIn) -> Response:
    """The answer that begins a session in the browser."""
    runtime = house.runtime
    found = staff.get(runtime.db, runtime.cabinet, organization, made.staff_id)
    scopes = scopes_of(found.staff.roles) | {Scope.STAFF_SELF}
    answer = respond(
        tell_me(found, session_id=made.session_id, is_strong=made.is_strong, scopes=scopes)
    )
    answer.headers["cache-control"] = "no-store"
    set_session(
        answer, runtime.settings, made.secret, now=runtime.clock(), expires_at=made.expires_at
    )
    return answer


@router.post(
    "/sign-in",
    **declared(
        MeAnswer,
        scope=None,
        body=SignInIn,
        example={"organization": "default", "email": "ada@shop.example", "password": "…"},
        refusals=(*ANSWERED, SignInRefused, SecondFactorNeeded, OrganizationSuspended),
    ),
)
async def sign_in_staff(
    request: Request, house: HouseBy, body: Annotated[SignInIn, Depends(body_of(SignInIn))]
) -> Response:
    """Begin a session; the answer sets its cookie. `second_factor_needed` asks for `totp` too."""
    address = count_try(request, house, "staff sign-in")
    runtime = house.runtime
    attempt = Attempt(
        body.email,
        body.password,
        body.totp,
        address,
        device_words(request.headers.get("user-agent", "")),
        request.cookies.get(cookie_name(runtime.settings)),
    )

    def work() -> Response:
        organization = organization_called(house, body.organization)
        made = sign_ins.sign_in(
            runtime.db,
            runtime.cabinet,
            organization,
            attempt,
            trace=trace_of(request),
            now=runtime.clock(),
        )
        assert organization is not None
        return signed_in(house, organization, made)

    return await in_turn(work)


@router.post(
    "/me/second-factor",
    **declared(
        MeAnswer,
        scope=Scope.STAFF_SELF,
        body=CodeIn,
        example={"code": "492039"},
        refusals=(
            Malformed,
            TooLarge,
            NotYourRole,
            SignInRefused,
            SecondFactorNeeded,
            SessionNotFound,
            StaffNotFound,
            CrossSite,
        ),
    ),
)
async def show_second_factor(
    request: Request,
    house: HouseBy,
    access: AccessBy,
    body: Annotated[CodeIn, Depends(body_of(CodeIn))],
) -> Response:
    """Show a one-time code once more. A new session, with the same end, takes this one's place."""

    def work() -> Response:
        runtime = house.runtime
        made = sign_ins.strengthen(
            runtime.db,
            runtime.cabinet,
            access,
            body.code,
            trace=trace_of(request),
            now=runtime.clock(),
        )
        return signed_in(house, access.organization, made)

    return await anyio.to_thread.run_sync(work)


@router.post("/sign-out", **declared(DoneAnswer, scope=Scope.STAFF_SELF, refusals=(NotYourRole,)))
def sign_out_staff(request: Request, house: HouseBy, access: AccessBy) -> Response:
    """End this session. Safe to repeat."""
    person(access)
    runtime = house.runtime
    # Ended a moment ago, it may still be believed here for a second.
    with suppress(SessionNotFound):
        sessions.end_own(
            runtime.db,
            access,
            by=By(access.organization, access.actor, trace_of(request)),
            now=runtime.clock(),
            only=access.session_id,
        )
    answer = respond(DoneAnswer())
    clear_session(answer, runtime.settings)
    return answer


@router.post(
    "/invitations:accept",
    **declared(
        StaffAnswer,
        scope=None,
        body=AcceptanceIn,
        example={"token": "rgi_1_…", "name": "Ada Lovelace", "password": "…"},
        refusals=(*ANSWERED, LinkRefused),
    ),
)
async def accept_invitation(
    request: Request, house: HouseBy, body: Annotated[AcceptanceIn, Depends(body_of(AcceptanceIn))]
) -> Response:
    """Take an invitation, with a name and a password. Then sign in."""
    count_try(request, house, "staff invitation")
    runtime = house.runtime
    organization = _organization_of(house, body.token)
    made = await in_turn(
        lambda: staff.accept(
            runtime.db,
            runtime.cabinet,
            organization,
            body.token,
            name=body.name,
            password=body.password,
            trace=trace_of(request),
            now=runtime.clock(),
        )
    )
    return respond(tell_person(made))


@router.post(
    "/password-reset",
    **declared(
        DoneAnswer,
        scope=None,
        status=ACCEPTED,
        body=ResetIn,
        example={"organization": "default", "email": "ada@shop.example"},
        refusals=ANSWERED,
    ),
)
async def request_password_reset(
    request: Request, house: HouseBy, body: Annotated[ResetIn, Depends(body_of(ResetIn))]
) -> Response:
    """Ask for a letter with the way to a new password. The answer is the same for any address."""
    address = count_try(request, house, "staff password reset")
    runtime = house.runtime
    answer = respond(DoneAnswer(), ACCEPTED)

    def work() -> None:
        organization = organization_called(house, body.organization)
        if organization is None:
            raise InvalidInput("Name the organization by its code.")
        password_resets.count(
            runtime.db,
            runtime.cabinet,
            organization,
            body.email,
            address=address,
            now=runtime.clock(),
        )
        answer.background = after_the_answer(
            runtime,
            organization,
            lambda: password_resets.request(
                runtime.db,
                runtime.cabinet,
                organization,
                body.email,
                by=By(organization, NOBODY, trace_of(request)),
                public_url=runtime.settings.public_url,
                now=runtime.clock(),
            ),
        )

    await anyio.to_thread.run_sync(work)
    return answer


@router.post(
    "/password-reset:finish",
    **declared(
        DoneAnswer,
        scope=None,
        body=ResetFinishIn,
        example={"token": "rgi_1_…", "password": "…"},
        refusals=(*ANSWERED, LinkRefused),
    ),
)
async def finish_password_reset(
    request: Request,
    house: HouseBy,
    body: Annotated[ResetFinishIn, Depends(body_of(ResetFinishIn))],
) -> Response:
    """Set the new password. All sessions end."""
    count_try(request, house, "staff password reset")
    runtime = house.runtime
    organization = _organization_of(house, body.token)
    await in_turn(
        lambda: password_resets.finish(
            runtime.db,
            runtime.cabinet,
            organization,
            body.token,
            body.password,
            trace=trace_of(request),
            now=runtime.clock(),
        )
    )
    return respond(DoneAnswer())


def _organization_of(house: House, token: str) -> int:
    """The organization that a token names. Raises LinkRefused."""
    named = organization_in(token)
    if named is None or named not in organizations.active(house.runtime.db):
        raise LinkRefused
    return named
