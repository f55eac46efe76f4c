"""Enrolments: a member made of whoever proved an address; and the queue of those that are held."""

from collections.abc import Sequence
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import refuse_cross_site
from regulars.api.contract import declared, respond
from regulars.api.cookies import clear_ticket, set_member_session, ticket_cookie_name
from regulars.api.doors import circumstances, door, home
from regulars.api.operations import set_first_attributes
from regulars.api.reading import body_of
from regulars.api.sign_in import AT_A_DOOR, Language, TicketText
from regulars.api.state import House, HouseBy, Served
from regulars.domain.access import organization_in
from regulars.domain.enrolments import (
    MAX_CONSENTS,
    MAX_DEVICE,
    AboutMe,
    ConsentGiven,
    Form,
    Guardian,
)
from regulars.domain.errors import IdentityTaken, MemberExists
from regulars.domain.ids import MEMBER, encode
from regulars.domain.programs.schedules import BIRTH_MONTH
from regulars.domain.programs.welcome import Promise, Welcome, welcome
from regulars.domain.sign_in_refusals import (
    AddressUnproven,
    CodeRefused,
    ConsentNeeded,
    EnrolmentRefused,
    GuardianNeeded,
    TicketRefused,
)
from regulars.services.signing_in import enrolling
from regulars.services.signing_in.house import Circumstances, SignedIn

router = APIRouter(prefix="/v1/enrolments", tags=["enrolment"])

CREATED, ACCEPTED = 201, 202


class EnrolmentIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who becomes a member. `ticket`: from the code; left out where a cookie has it.

    `referrer`: the id of the member who recommended us. `device`: a random token that the app or
    page keeps on the device.
    """

    consents: Annotated[list[ConsentGiven], Meta(max_length=MAX_CONSENTS)]
    ticket: TicketText | None = None
    profile: AboutMe | None = None
    referrer: Annotated[str, Meta(max_length=40)] | None = None
    device: Annotated[str, Meta(min_length=1, max_length=MAX_DEVICE)] | None = None
    guardian: Guardian | None = None
    language: Language | None = None


class PromiseAnswer(Struct, frozen=True):
    """One way to earn, in plain words."""

    rule: str
    name: str
    words: str


class Benefits(Struct, frozen=True):
    """What a new member has from the first moment, and what comes next."""

    program: str
    tier: str
    tier_name: str
    next_tier: str
    next_tier_name: str
    next_needs: Sequence[str]
    earn: Sequence[PromiseAnswer]


class EnrolmentAnswer(Struct, frozen=True):
    """How an enrolment stands.

    `status`: admitted, with the session in a cookie; held, until a person has looked at it; for a
    ticket whose form has not come: pending; refused.
    """

    status: str
    member: str | None = None
    expires_at: Instant | None = None
    benefits: Benefits | None = None


@router.post(
    "",
    **declared(
        EnrolmentAnswer,
        scope=None,
        status=CREATED,
        again=ACCEPTED,
        body=EnrolmentIn,
        example={
            "ticket": "rgt_1_…",
            "consents": [{"purpose": "terms", "granted": True, "text_version": "2026-03"}],
            "profile": {"name": "王梅", "birthday": "1990-05-17"},
        },
        refusals=(
            *AT_A_DOOR,
            TicketRefused,
            AddressUnproven,
            ConsentNeeded,
            GuardianNeeded,
            CodeRefused,
            IdentityTaken,
            MemberExists,
            EnrolmentRefused,
        ),
    ),
)
async def enrol(
    request: Request,
    house: HouseBy,
    body: Annotated[EnrolmentIn, Depends(body_of(EnrolmentIn))],
) -> Response:
    """Become a member: 201, signed in, and told what one has from now on; or 202, held until a
    person has looked. Safe to repeat."""
    ticket = _ticket_in(request, house, body.ticket)
    served = await _door_of(request, house, ticket)
    at = circumstances(request, house, body.language)
    form = Form(
        consents=body.consents,
        profile=body.profile,
        referrer=body.referrer,
        device=body.device,
        guardian=body.guardian,
    )
    outcome = await anyio.to_thread.run_sync(
        enrolling.enrol, home(served), served.versions, ticket, form, at
    )
    if not isinstance(outcome, SignedIn):
        return respond(EnrolmentAnswer(outcome.state), ACCEPTED)
    if body.profile is not None and body.profile.birthday is not None:
        await set_birth_month(served, outcome.member_id, body.profile.birthday.month)
    return await _admitted(served, outcome, at)


@router.get(
    "/status",
    **declared(EnrolmentAnswer, scope=None, refusals=(*AT_A_DOOR, TicketRefused)),
)
async def get_enrolment_status(
    request: Request,
    house: HouseBy,
    enrolment_ticket: Annotated[
        str | None,
        Header(max_length=100, description="The ticket; left out where a cookie has it"),
    ] = None,
) -> Response:
    """How the enrolment of a ticket stands."""
    ticket = _ticket_in(request, house, enrolment_ticket)
    served = await _door_of(request, house, ticket)
    at = circumstances(request, house)
    found = await anyio.to_thread.run_sync(enrolling.standing, home(served), ticket, at)
    return respond(EnrolmentAnswer(found.state))


def _ticket_in(request: Request, house: House, told: str | None) -> str:
    """The ticket as it was sent, or that of the browser. Raises TicketRefused, CrossSite."""
    if told is not None:
        return told
    settings = house.runtime.settings
    kept = request.cookies.get(ticket_cookie_name(settings))
    if kept is None:
        raise TicketRefused
    refuse_cross_site(request, settings)
    return kept


async def _door_of(request: Request, house: House, ticket: str) -> Served:
    """The organization that a ticket names."""
    number = organization_in(ticket)
    if number is None:
        raise TicketRefused
    return await door(request, house, number)


async def set_birth_month(served: Served, member_id: int, month: int | None) -> None:
    """Let the program know the month of birth, where it asks for it: nothing more of the day."""
    if month is None:
        return
    program = await anyio.to_thread.run_sync(
        enrolling.program, served.db, served.versions, served.runtime.clock()
    )
    if program is not None and program.attributes.get(BIRTH_MONTH) == "int":
        await set_first_attributes(served, member_id, {BIRTH_MONTH: month})


async def _admitted(served: Served, who: SignedIn, at: Circumstances) -> Response:
    program = await anyio.to_thread.run_sync(enrolling.program, served.db, served.versions, at.now)
    told = None if program is None else _benefits(welcome(program, at.now, at.language))
    answer = EnrolmentAnswer("admitted", encode(MEMBER, who.member_id), who.expires_at, told)
    response = respond(answer, CREATED)
    settings = served.runtime.settings
    set_member_session(response, settings, who.secret, now=at.now, expires_at=who.expires_at)
    clear_ticket(response, settings)
    return response


def _benefits(told: Welcome) -> Benefits:
    return Benefits(
        told.program,
        told.tier,
        told.tier_name,
        told.next_tier,
        told.next_tier_name,
        told.next_needs,
        [_promise(one) for one in told.promises],
    )


def _promise(one: Promise) -> PromiseAnswer:
    return PromiseAnswer(one.rule, one.name, one.words)
