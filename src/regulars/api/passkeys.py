"""Passkeys: a member adds, lists, renames and removes them, and signs in with one."""

from secrets import token_urlsafe
from typing import Annotated, Any
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Request, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import origin_of
from regulars.api.contract import declared, respond
from regulars.api.cookies import login_cookie_name, set_login
from regulars.api.doors import At, circumstances, door, home
from regulars.api.me import signed_in_member
from regulars.api.reading import body_of
from regulars.api.sign_in import AT_A_DOOR, Organization, SignInAnswer, signed_in
from regulars.api.state import AccessBy, HouseBy, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.errors import Malformed, SecondFactorNeeded, TooLarge
from regulars.domain.ids import PASSKEY, decode, encode
from regulars.domain.sign_in import LOGIN_LIFETIME
from regulars.domain.sign_in_refusals import PasskeyExists, PasskeyNotFound, PasskeyRefused
from regulars.gateways.authenticators import Site
from regulars.services.signing_in import passkeys
from regulars.services.signing_in.passkeys import MAX_NAME, Browser
from regulars.settings import Settings
from regulars.storage.passkeys import Passkey

router = APIRouter(prefix="/v1", tags=["passkeys"])

CREATED = 201
SECRET_BYTES = 32
MIN_SECRET = 43
Credential = Annotated[dict[str, Any], Meta(max_length=20)]


class OptionsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose site it is."""

    organization: Organization | None = None


class PasskeyOptions(Struct, frozen=True):
    """`public_key` is what `navigator.credentials` takes, in WebAuthn's own JSON."""

    public_key: dict[str, Any]


class AssertionIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What the authenticator answered, as `PublicKeyCredential.toJSON()` writes it."""

    credential: Credential
    organization: Organization | None = None


class PasskeyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A passkey that was made, as `PublicKeyCredential.toJSON()` writes it, and its name."""

    credential: Credential
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]


class PasskeyName(Struct, frozen=True, forbid_unknown_fields=True):
    """What the member calls a passkey."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]


class PasskeyAnswer(Struct, frozen=True):
    """One passkey. `is_synced`: a copy of it was kept elsewhere when it was last used."""

    passkey: str
    name: str
    created_at: Instant
    used_at: Instant | None
    is_synced: bool
    transports: list[str]


class PasskeysAnswer(Struct, frozen=True):
    """The member's passkeys, oldest first."""

    items: list[PasskeyAnswer]


class RemovedAnswer(Struct, frozen=True):
    """A passkey that is gone."""

    passkey: str


def fresh_member(access: Access) -> int:
    """The member, who has shown just now that it is them: a session left open somewhere does not
    change the ways in. Raises MissingScope, SecondFactorNeeded."""
    number = signed_in_member(access)
    if not access.is_strong:
        raise SecondFactorNeeded("Show first that it is you: by a code or a passkey, just now.")
    return number


def browser_of(request: Request, settings: Settings) -> Browser:
    """The browser that asks, by its cookie; with a new secret where it has none."""
    kept = request.cookies.get(login_cookie_name(settings), "")
    secret = kept if len(kept) >= MIN_SECRET else token_urlsafe(SECRET_BYTES)
    host = urlsplit(settings.public_url).hostname or ""
    return Browser(Site(origin_of(settings), host), secret)


@router.post(
    "/sign-in/passkeys/options",
    **declared(PasskeyOptions, scope=None, body=OptionsIn, example={}, refusals=AT_A_DOOR),
)
async def ask_for_passkey(
    request: Request,
    house: HouseBy,
    body: Annotated[OptionsIn, Depends(body_of(OptionsIn))],
) -> Response:
    """What an authenticator is to be asked, so that a passkey signs somebody in."""
    served = await door(request, house, body.organization)
    browser = browser_of(request, house.runtime.settings)
    now = house.runtime.clock()
    options = await anyio.to_thread.run_sync(passkeys.ask_for_any, home(served), browser, now)
    return _options(options, browser, house.runtime.settings)


@router.post(
    "/sign-in/passkeys",
    **declared(
        SignInAnswer,
        scope=None,
        body=AssertionIn,
        example={"credential": {}},
        refusals=(*AT_A_DOOR, PasskeyRefused),
    ),
)
async def sign_in_with_passkey(
    request: Request,
    house: HouseBy,
    body: Annotated[AssertionIn, Depends(body_of(AssertionIn))],
) -> Response:
    """Sign in with the passkey that answered."""
    served = await door(request, house, body.organization)
    browser = browser_of(request, house.runtime.settings)
    at = circumstances(request, house)
    who = await anyio.to_thread.run_sync(
        passkeys.sign_in, home(served), browser, body.credential, at
    )
    return signed_in(served, who, at.now)


@router.post(
    "/me/passkeys/options",
    **declared(PasskeyOptions, scope=Scope.SELF_WRITE, refusals=(SecondFactorNeeded,)),
)
def ask_for_new_passkey(request: Request, served: ServedBy, access: AccessBy, at: At) -> Response:
    """What an authenticator is to be asked, so that it makes a passkey."""
    settings = served.runtime.settings
    browser = browser_of(request, settings)
    member_id = fresh_member(access)
    options = passkeys.ask_for_new(home(served), browser, member_id, at.now)
    return _options(options, browser, settings)


@router.post(
    "/me/passkeys",
    **declared(
        PasskeyAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        body=PasskeyIn,
        example={"credential": {}, "name": "My phone"},
        refusals=(Malformed, TooLarge, SecondFactorNeeded, PasskeyRefused, PasskeyExists),
    ),
)
async def add_passkey(
    request: Request,
    served: ServedBy,
    access: AccessBy,
    at: At,
    body: Annotated[PasskeyIn, Depends(body_of(PasskeyIn))],
) -> Response:
    """Keep a passkey that was made: from now on it signs the member in."""
    member_id = fresh_member(access)
    browser = browser_of(request, served.runtime.settings)

    def add() -> Passkey:
        return passkeys.add(
            home(served), browser, member_id, body.credential, name=body.name, at=at
        )

    return respond(_tell(await anyio.to_thread.run_sync(add)), CREATED)


@router.get("/me/passkeys", **declared(PasskeysAnswer, scope=Scope.SELF_READ))
def list_passkeys(served: ServedBy, access: AccessBy) -> Response:
    """The member's passkeys."""
    found = passkeys.listed(home(served), signed_in_member(access))
    return respond(PasskeysAnswer([_tell(one) for one in found]))


def _number(
    passkey: Annotated[str, Path(description="A passkey's id (pky_…)", examples=["pky_2v9c3n5x7"])],
) -> int:
    """The row number of the passkey in the path; 0, which none has, for what is no such id."""
    return decode(PASSKEY, passkey) or 0


PasskeyNumber = Annotated[int, Depends(_number)]


@router.patch(
    "/me/passkeys/{passkey}",
    **declared(
        PasskeyAnswer,
        scope=Scope.SELF_WRITE,
        body=PasskeyName,
        example={"name": "Work laptop"},
        refusals=(Malformed, TooLarge, PasskeyNotFound),
    ),
)
async def rename_passkey(
    served: ServedBy,
    access: AccessBy,
    at: At,
    number: PasskeyNumber,
    body: Annotated[PasskeyName, Depends(body_of(PasskeyName))],
) -> Response:
    """Call a passkey otherwise."""
    whose = signed_in_member(access)
    kept = await anyio.to_thread.run_sync(
        passkeys.rename, home(served), whose, number, body.name, at
    )
    return respond(_tell(kept))


@router.delete(
    "/me/passkeys/{passkey}",
    **declared(
        RemovedAnswer, scope=Scope.SELF_WRITE, refusals=(SecondFactorNeeded, PasskeyNotFound)
    ),
)
def remove_passkey(served: ServedBy, access: AccessBy, at: At, number: PasskeyNumber) -> Response:
    """Let a passkey sign nobody in any more."""
    passkeys.remove(home(served), fresh_member(access), number, at)
    return respond(RemovedAnswer(encode(PASSKEY, number)))


def _options(options: dict[str, Any], browser: Browser, settings: Settings) -> Response:
    response = respond(PasskeyOptions(options))
    set_login(response, settings, browser.secret, lifetime=LOGIN_LIFETIME)
    return response


def _tell(one: Passkey) -> PasskeyAnswer:
    return PasskeyAnswer(
        encode(PASSKEY, one.id),
        one.name,
        one.created_at,
        one.used_at,
        one.is_synced,
        list(one.transports),
    )
