"""Members sign in by third parties: sent there, and back; and which third parties those are."""

from secrets import token_urlsafe
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from msgspec import Meta, Struct
from starlette.responses import RedirectResponse

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, refused_with, respond
from regulars.api.cookies import (
    clear_login,
    login_cookie_name,
    set_login,
    set_member_session,
    set_ticket,
)
from regulars.api.doors import At, circumstances, door, home
from regulars.api.me import signed_in_member
from regulars.api.reading import body_of
from regulars.api.sign_in import AT_A_DOOR
from regulars.api.staff_shapes import DoneAnswer
from regulars.api.state import AccessBy, HouseBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    AddressRefused,
    ClaimsRefused,
    FarSideFailed,
    InternalFault,
    InvalidInput,
    Malformed,
    ProviderNotFound,
    TooLarge,
)
from regulars.domain.return_paths import DEFAULT, return_path
from regulars.domain.sign_in import LOGIN_LIFETIME
from regulars.services.signing_in import providers
from regulars.services.signing_in.entering import Ticket
from regulars.services.signing_in.house import Circumstances, SignedIn
from regulars.services.signing_in.providers import Arrived, Options, Way
from regulars.settings import Settings
from regulars.storage.member_providers import MemberProvider

router = APIRouter(prefix="/v1", tags=["sign-in"])

SEE_OTHER = 303
MIN_SECRET = 43
MAX_NAME = 60
SIGN_IN = "sign_in"
"""The parameter by which the page that one comes back to is told what came of it."""

ProviderCode = Annotated[
    str,
    Path(pattern="^[a-z][a-z0-9_-]{0,29}$", description="A provider's code", examples=["wechat"]),
]


class ProviderShown(Struct, frozen=True):
    """A third party by which members sign in."""

    code: str
    kind: str
    name: str


class ProvidersShown(Struct, frozen=True):
    """All of them, for the page on which one signs in."""

    items: list[ProviderShown]


class ProviderIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A third party, and what it knows us by. `issuer`: for oidc, exactly as it writes itself."""

    kind: Literal["oidc", "wechat"]
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    client_id: Annotated[str, Meta(min_length=1, max_length=300)]
    client_secret: Annotated[str, Meta(max_length=1000)] = ""
    issuer: Annotated[str, Meta(max_length=500)] = ""
    options: Options = Options()

    def __repr__(self) -> str:
        return f"ProviderIn of {self.kind}"


class ProviderAnswer(Struct, frozen=True):
    """A third party as it was set; never its secret. `redirect_uri`: register it there."""

    code: str
    kind: str
    name: str
    client_id: str
    issuer: str
    redirect_uri: str
    options: Options
    changed_at: Instant


class ProvidersAnswer(Struct, frozen=True):
    """All of them."""

    items: list[ProviderAnswer]


@router.get("/sign-in/providers", **declared(ProvidersShown, scope=None, refusals=AT_A_DOOR))
async def list_sign_in_providers(
    request: Request,
    house: HouseBy,
    organization: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """By which third parties members may sign in."""
    served = await door(request, house, organization)
    found = await anyio.to_thread.run_sync(providers.listed, home(served))
    return respond(ProvidersShown([ProviderShown(one.code, one.kind, one.name) for one in found]))


REDIRECTS: dict[int | str, dict[str, Any]] = {SEE_OTHER: {"description": "Go there."}}


@router.get(
    "/sign-in/providers/{code}/start",
    status_code=SEE_OTHER,
    response_class=Response,
    responses=REDIRECTS
    | refused_with(
        *AT_A_DOOR, InvalidInput, ProviderNotFound, AddressRefused, FarSideFailed, InternalFault
    ),
)
async def start_sign_in(
    request: Request,
    house: HouseBy,
    code: ProviderCode,
    organization: Annotated[str | None, Query(max_length=40)] = None,
    return_to: Annotated[
        str, Query(max_length=500, description="A path of ours, where it ends")
    ] = DEFAULT,
) -> Response:
    """Go to the third party's page."""
    settings = house.runtime.settings
    path = return_path(return_to)
    served = await door(request, house, organization)
    kept = request.cookies.get(login_cookie_name(settings), "")
    browser = kept if len(kept) >= MIN_SECRET else token_urlsafe(32)
    way = Way(browser, _redirect_uri(settings, code), path)
    at = circumstances(request, house)
    page = await anyio.to_thread.run_sync(
        providers.begin, home(served), house.providers, code, way, at
    )
    response = RedirectResponse(page, SEE_OTHER)
    set_login(response, settings, browser, lifetime=LOGIN_LIFETIME)
    return response


@router.get(
    "/sign-in/providers/{code}/callback",
    status_code=SEE_OTHER,
    response_class=Response,
    responses=REDIRECTS
    | refused_with(
        *AT_A_DOOR,
        InvalidInput,
        ClaimsRefused,
        ProviderNotFound,
        AddressRefused,
        FarSideFailed,
        InternalFault,
    ),
)
async def finish_sign_in(request: Request, house: HouseBy, code: ProviderCode) -> Response:
    """Come back from the third party's page. The page that one asked to return to is told by
    `sign_in`: done, enrol (with a ticket in a cookie), or refused."""
    settings = house.runtime.settings
    number = providers.organization_of(request.query_params.get("state", ""))
    browser = request.cookies.get(login_cookie_name(settings))
    if number is None or browser is None:
        raise ClaimsRefused("This sign-in was begun elsewhere, or too long ago. Begin again.")
    served = await door(request, house, number)
    at = circumstances(request, house)
    query = dict(request.query_params)

    def finish() -> Arrived:
        return providers.finish(home(served), house.providers, code, query, browser=browser, at=at)

    return _arrived(await anyio.to_thread.run_sync(finish), settings, at)


class LinkedAnswer(Struct, frozen=True):
    """The codes of the third parties by which this member signs in."""

    items: list[str]


@router.get("/me/providers", **declared(LinkedAnswer, scope=Scope.SELF_READ))
def list_my_providers(served: ServedBy, access: AccessBy) -> Response:
    """By which third parties the member signs in."""
    return respond(LinkedAnswer(providers.linked(home(served), signed_in_member(access))))


@router.delete(
    "/me/providers/{code}",
    **declared(DoneAnswer, scope=Scope.SELF_WRITE, refusals=(ProviderNotFound,)),
)
def unlink_my_provider(served: ServedBy, access: AccessBy, code: ProviderCode, at: At) -> Response:
    """Let a third party no longer sign the member in."""
    providers.unlink(home(served), signed_in_member(access), code, at)
    return respond(DoneAnswer())


Manager = Scope.ORGANIZATION_MANAGE


@router.get("/member-providers", **declared(ProvidersAnswer, scope=Manager))
def list_member_providers(served: ServedBy) -> Response:
    """The third parties by which members sign in, as they are set."""
    settings = served.runtime.settings
    found = providers.listed(home(served))
    return respond(ProvidersAnswer([_tell(one, settings) for one in found]))


@router.put(
    "/member-providers/{code}",
    **declared(
        ProviderAnswer,
        scope=Manager,
        body=ProviderIn,
        example={"kind": "wechat", "name": "微信", "client_id": "wx0", "client_secret": "…"},
        refusals=(Malformed, TooLarge, AddressRefused, FarSideFailed),
    ),
)
async def set_member_provider(
    served: ServedBy,
    house: HouseBy,
    by: ByIn,
    code: ProviderCode,
    body: Annotated[ProviderIn, Depends(body_of(ProviderIn))],
) -> Response:
    """Set a third party by which members sign in."""
    provider = MemberProvider(
        code,
        body.kind,
        body.name,
        body.issuer,
        body.client_id,
        msgspec.json.encode(body.options).decode(),
        served.runtime.clock(),
        body.client_secret,
    )

    def put() -> MemberProvider:
        return providers.put(home(served), provider, body.options, house.providers.http, by=by)

    kept = await anyio.to_thread.run_sync(put)
    return respond(_tell(kept, served.runtime.settings))


@router.delete(
    "/member-providers/{code}",
    **declared(DoneAnswer, scope=Manager, refusals=(ProviderNotFound,)),
)
def remove_member_provider(served: ServedBy, by: ByIn, code: ProviderCode, at: At) -> Response:
    """Let a third party sign nobody in any more."""
    providers.remove(home(served), code, by=by, at=at)
    return respond(DoneAnswer())


def _redirect_uri(settings: Settings, code: str) -> str:
    return f"{settings.public_url}/v1/sign-in/providers/{code}/callback"


def _arrived(arrived: Arrived, settings: Settings, at: Circumstances) -> Response:
    who = arrived.who
    word = "refused"
    if isinstance(who, SignedIn):
        word = "done"
    elif isinstance(who, Ticket):
        word = "enrol"
    response = RedirectResponse(_with(arrived.return_path, word), SEE_OTHER)
    clear_login(response, settings)
    if isinstance(who, SignedIn):
        set_member_session(response, settings, who.secret, now=at.now, expires_at=who.expires_at)
    elif isinstance(who, Ticket):
        set_ticket(response, settings, who.secret, now=at.now, expires_at=who.expires_at)
    return response


def _with(path: str, word: str) -> str:
    """The path with one parameter more, before its fragment."""
    before, mark, fragment = path.partition("#")
    joint = "&" if "?" in before else "?"
    return f"{before}{joint}{urlencode({SIGN_IN: word})}{mark}{fragment}"


def _tell(one: MemberProvider, settings: Settings) -> ProviderAnswer:
    return ProviderAnswer(
        one.code,
        one.kind,
        one.name,
        one.client_id,
        one.issuer,
        _redirect_uri(settings, one.code),
        msgspec.json.decode(one.options, type=Options),
        one.changed_at,
    )
