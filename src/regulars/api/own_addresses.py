"""The phone and e-mail address of a member: changed by proving the new one with a code."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.contract import ACCEPTED, declared, respond
from regulars.api.doors import At, home
from regulars.api.mailing import handing_over
from regulars.api.me import signed_in_member
from regulars.api.profiles import ProfileAnswer, in_full, vault_of
from regulars.api.reading import body_of
from regulars.api.sign_in import Code, CodeSent
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    IdentityTaken,
    Malformed,
    MemberNotFound,
    SecondFactorNeeded,
    TooLarge,
    TooManyRequests,
)
from regulars.domain.personal import MAX_EMAIL, MAX_PHONE
from regulars.domain.sign_in import address_asked
from regulars.domain.sign_in_refusals import CodeRefused
from regulars.domain.throttling import CODE_LIFETIME
from regulars.services import profiles
from regulars.services.signing_in import moving

router = APIRouter(prefix="/v1/me/addresses", tags=["me"])

Phone = Annotated[str, Meta(max_length=MAX_PHONE)]
Email = Annotated[str, Meta(max_length=MAX_EMAIL)]


class AddressIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A new phone or e-mail address, one of the two."""

    phone: Phone | None = None
    email: Email | None = None


class ProvenIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The same with the code that was sent there."""

    code: Code
    phone: Phone | None = None
    email: Email | None = None


@router.post(
    "/codes",
    **declared(
        CodeSent,
        scope=Scope.SELF_WRITE,
        status=ACCEPTED,
        body=AddressIn,
        example={"phone": "139 0013 9000"},
        refusals=(Malformed, TooLarge, SecondFactorNeeded, TooManyRequests),
    ),
)
async def send_to_new_address(
    served: ServedBy,
    access: AccessBy,
    at: At,
    body: Annotated[AddressIn, Depends(body_of(AddressIn))],
) -> Response:
    """Have a code sent to a new phone or e-mail address. It takes a session in which a code or a
    passkey was shown just now; the answer is the same whoever has the address."""
    signed_in_member(access)
    kind, text = address_asked(body.phone, body.email)
    letter = await anyio.to_thread.run_sync(moving.ask, home(served), access, kind, text, at)
    response = respond(CodeSent(int(CODE_LIFETIME.total_seconds())), ACCEPTED)
    response.background = handing_over(served.runtime, served.organization, letter)
    return response


@router.post(
    "",
    **declared(
        ProfileAnswer,
        scope=Scope.SELF_WRITE,
        body=ProvenIn,
        example={"phone": "139 0013 9000", "code": "482913"},
        refusals=(
            Malformed,
            TooLarge,
            MemberNotFound,
            SecondFactorNeeded,
            CodeRefused,
            IdentityTaken,
            TooManyRequests,
        ),
    ),
)
async def take_new_address(
    served: ServedBy,
    access: AccessBy,
    at: At,
    body: Annotated[ProvenIn, Depends(body_of(ProvenIn))],
) -> Response:
    """Send that code back: from then on the member is found by the new address, and not by the one
    before."""
    number = signed_in_member(access)
    kind, text = address_asked(body.phone, body.email)

    def move() -> profiles.Shown:
        moving.move(home(served), access, kind, text, code=body.code, at=at)
        return profiles.own_profile(vault_of(served), number)

    return in_full(await anyio.to_thread.run_sync(move))
