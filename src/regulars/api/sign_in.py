"""Members sign in: a code is sent, and comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.cookies import clear_ticket, set_member_session, ticket_cookie_name
from regulars.api.doors import circumstances, door, home
from regulars.api.mailing import handing_over
from regulars.api.reading import body_of
from regulars.api.state import HouseBy, Served
from regulars.domain import enrolments
from regulars.domain.consents import TERMS, words_version
from regulars.domain.errors import (
    CrossSite,
    IdentityTaken,
    Malformed,
    OrganizationNotFound,
    OrganizationSuspended,
    TooLarge,
    TooManyRequests,
)
from regulars.domain.ids import MEMBER, encode
from regulars.domain.programs.phrases import name_in
from regulars.domain.sign_in import Purpose, address_asked
from regulars.domain.sign_in_refusals import CodeRefused, TicketRefused
from regulars.domain.throttling import CODE_LIFETIME
from regulars.services.signing_in import codes, entering
from regulars.services.signing_in.house import Circumstances, SignedIn

router = APIRouter(prefix="/v1/sign-in", tags=["sign-in"])

ACCEPTED = 202
AT_A_DOOR = (
    Malformed,
    TooLarge,
    CrossSite,
    OrganizationNotFound,
    OrganizationSuspended,
    TooManyRequests,
)
"""What every open route of an organization may answer."""

Code = Annotated[str, Meta(min_length=1, max_length=20, examples=["482913"])]
Organization = Annotated[str, Meta(min_length=1, max_length=40, examples=["default"])]
Phone = Annotated[str, Meta(max_length=60, examples=["+8613800138000"])]
Email = Annotated[str, Meta(max_length=300, examples=["mei@example.com"])]
Language = Annotated[str, Meta(max_length=40, examples=["zh-CN"])]
TicketText = Annotated[str, Meta(max_length=100)]


class CodeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a code is to be sent: a phone, or an e-mail address.

    `purpose` guardian: to a parent or guardian, who gives it to the child.
    """

    phone: Phone | None = None
    email: Email | None = None
    organization: Organization | None = None
    language: Language | None = None
    purpose: Annotated[str, Meta(pattern="^(sign_in|guardian)$")] = "sign_in"


class CodeSent(Struct, frozen=True):
    """The same for every address, known or not."""

    expires_in_seconds: int


class CodeBack(Struct, frozen=True, forbid_unknown_fields=True):
    """A code that came back. `join_provider`: whoever proves the address is also whom a third
    party vouched for in this browser; from now on the third party signs them in, too."""

    code: Code
    phone: Phone | None = None
    email: Email | None = None
    organization: Organization | None = None
    language: Language | None = None
    join_provider: bool = False


class AskedConsent(Struct, frozen=True):
    """What an applicant is asked to agree to. `text_version` is sent back with the yes or no: it
    tells which words were shown."""

    purpose: str
    words: str
    required: bool
    text_version: str


class AskedConsents(Struct, frozen=True):
    """All that people are asked. Below `guarded_until` years of age a parent or guardian agrees."""

    items: list[AskedConsent]
    guarded_until: int


class SignInAnswer(Struct, frozen=True):
    """What a code led to.

    `status`: signed_in, with the session in a cookie; enrol, with a ticket for POST /v1/enrolments;
    held, with a ticket that tells how the enrolment stands.
    """

    status: str
    expires_at: Instant
    member: str | None = None
    ticket: str | None = None
    consents: Sequence[AskedConsent] = ()


@router.post(
    "/codes",
    **declared(
        CodeSent,
        scope=None,
        status=ACCEPTED,
        body=CodeAsked,
        example={"phone": "+8613800138000", "language": "zh-CN"},
        refusals=AT_A_DOOR,
    ),
)
async def send_code(
    request: Request,
    house: HouseBy,
    body: Annotated[CodeAsked, Depends(body_of(CodeAsked))],
) -> Response:
    """Have a code sent. The answer is the same whether or not the address is a member's."""
    kind, text = address_asked(body.phone, body.email)
    served = await door(request, house, body.organization)
    at = circumstances(request, house, body.language)
    letter = await anyio.to_thread.run_sync(
        codes.ask, home(served), kind, text, Purpose(body.purpose), at
    )
    response = respond(CodeSent(int(CODE_LIFETIME.total_seconds())), ACCEPTED)
    response.background = handing_over(house.runtime, served.organization, letter)
    return response


@router.post(
    "/codes/verify",
    **declared(
        SignInAnswer,
        scope=None,
        body=CodeBack,
        example={"phone": "+8613800138000", "code": "482913"},
        refusals=(*AT_A_DOOR, CodeRefused, TicketRefused, IdentityTaken),
    ),
)
async def verify_code(
    request: Request,
    house: HouseBy,
    body: Annotated[CodeBack, Depends(body_of(CodeBack))],
) -> Response:
    """Send a code back. Members are signed in; others get a ticket to enrol with."""
    kind, text = address_asked(body.phone, body.email)
    served = await door(request, house, body.organization)
    at = circumstances(request, house, body.language)
    settings = house.runtime.settings
    kept = request.cookies.get(ticket_cookie_name(settings))
    if body.join_provider and kept is None:
        raise TicketRefused
    ticket = kept if body.join_provider else None

    def verify() -> SignedIn | entering.Ticket:
        return entering.verify(home(served), kind, text, body.code, at, ticket=ticket)

    outcome = await anyio.to_thread.run_sync(verify)
    if isinstance(outcome, SignedIn):
        response = signed_in(served, outcome, at.now)
    else:
        asked = await anyio.to_thread.run_sync(consents_asked, served, at)
        response = respond(_ticket(outcome, asked))
    if kept is not None:
        # It served; or it is somebody else's who was at this browser before.
        clear_ticket(response, settings)
    return response


def signed_in(served: Served, who: SignedIn, now: datetime) -> Response:
    """The answer to whoever is signed in, with the session in its cookie."""
    answer = SignInAnswer("signed_in", who.expires_at, encode(MEMBER, who.member_id))
    response = respond(answer)
    set_member_session(
        response, served.runtime.settings, who.secret, now=now, expires_at=who.expires_at
    )
    return response


@router.get("/consents", **declared(AskedConsents, scope=None, refusals=AT_A_DOOR))
async def get_asked_consents(
    request: Request,
    house: HouseBy,
    organization: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """What people are asked to agree to, in words, whether they enrol or are members already."""
    served = await door(request, house, organization)
    at = circumstances(request, house)
    asked = await anyio.to_thread.run_sync(consents_asked, served, at)
    policy = await anyio.to_thread.run_sync(entering.policy, home(served))
    return respond(AskedConsents(asked, policy.guarded_until))


def consents_asked(served: Served, at: Circumstances) -> list[AskedConsent]:
    """What the organization asks its applicants."""
    policy = entering.policy(home(served))
    return [
        AskedConsent(
            code,
            name_in(at.language, words),
            code == TERMS,
            words_version(at.language, name_in(at.language, words)),
        )
        for code, words in enrolments.asked(policy).items()
    ]


def _ticket(ticket: entering.Ticket, asked: Sequence[AskedConsent]) -> SignInAnswer:
    if ticket.state == "held":
        return SignInAnswer("held", ticket.expires_at, ticket=ticket.secret)
    return SignInAnswer("enrol", ticket.expires_at, ticket=ticket.secret, consents=asked)
