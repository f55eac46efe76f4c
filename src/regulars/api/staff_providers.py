"""Staff sign in by their company's own identity provider: sent there, and back."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from msgspec import Meta, Struct
from starlette.responses import RedirectResponse

from regulars.api.answers import Instant
from regulars.api.callers import ByIn, cookie_name, trace_of
from regulars.api.contract import declared, refused_with, respond
from regulars.api.cookies import clear_login, login_cookie_name, set_login, set_session
from regulars.api.reading import body_of
from regulars.api.staff_shapes import DoneAnswer
from regulars.api.staff_sign_in import organization_called
from regulars.api.state import AccessBy, House, HouseBy, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.audit import By
from regulars.domain.devices import device_words
from regulars.domain.errors import (
    AddressRefused,
    ClaimsRefused,
    CrossSite,
    FarSideFailed,
    InternalFault,
    InvalidInput,
    Malformed,
    NotYourRole,
    ProviderNotFound,
    SecondFactorNeeded,
    TooLarge,
    TooManyRequests,
)
from regulars.domain.return_paths import DEFAULT, MOST_PATH, return_path, with_word
from regulars.domain.staffing import LOGIN_LIFETIME
from regulars.services import organizations, staff_providers
from regulars.services.staff_providers import MOST_DOMAINS, Entered, Lobby
from regulars.settings import Settings
from regulars.storage.staff_providers import StaffProvider

router = APIRouter(prefix="/v1", tags=["staff"])

SEE_OTHER = 303
BROWSER_BYTES = 32
WORD = "sign_in"
"""The parameter by which the page that one comes back to is told what came of it."""

MANAGED = (CrossSite, NotYourRole, SecondFactorNeeded)
REDIRECTS: dict[int | str, dict[str, Any]] = {
    SEE_OTHER: {"description": "Go there."},
    **refused_with(
        InvalidInput, ClaimsRefused, ProviderNotFound, AddressRefused, FarSideFailed,
        TooManyRequests, InternalFault,
    ),
}  # fmt: skip

CodeIn = Annotated[
    str,
    Path(pattern="^[a-z][a-z0-9_-]{0,29}$", description="A provider's code", examples=["company"]),
]


class StaffProviderIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A provider of OpenID Connect, and what it knows us by. `issuer` exactly as it writes itself.
    `mail_domains`: whose verified addresses are believed."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    issuer: Annotated[str, Meta(min_length=8, max_length=500)]
    client_id: Annotated[str, Meta(min_length=1, max_length=300)]
    mail_domains: Annotated[list[str], Meta(min_length=1, max_length=MOST_DOMAINS)]
    client_secret: Annotated[str, Meta(max_length=1000)] = ""

    def __repr__(self) -> str:
        return f"StaffProviderIn of {self.issuer}"


class StaffProviderAnswer(Struct, frozen=True):
    """A provider as it was set; never its secret. `redirect_uri`: register it there."""

    code: str
    name: str
    issuer: str
    client_id: str
    mail_domains: list[str]
    redirect_uri: str
    start: str
    set_at: Instant


class StaffProvidersAnswer(Struct, frozen=True):
    """All of them."""

    items: list[StaffProviderAnswer]


def _lobby(served: ServedBy, house: HouseBy) -> Lobby:
    return _lobby_of(house, served.organization)


def _lobby_of(house: House, organization: int) -> Lobby:
    runtime = house.runtime
    return Lobby(runtime.db, runtime.cabinet, house.providers.http, organization, runtime.clock())


@dataclass(frozen=True, slots=True)
class Manager:
    """Who sets providers."""

    access: Access
    by: By


def _manager(access: AccessBy, by: ByIn) -> Manager:
    return Manager(access, by)


LobbyBy = Annotated[Lobby, Depends(_lobby)]
ManagerBy = Annotated[Manager, Depends(_manager)]


@router.get(
    "/staff-providers",
    **declared(StaffProvidersAnswer, scope=Scope.ORGANIZATION_MANAGE),
)
def list_staff_providers(lobby: LobbyBy, served: ServedBy) -> Response:
    """The providers by which staff sign in."""
    settings = served.runtime.settings
    found = staff_providers.listed(lobby)
    return respond(StaffProvidersAnswer([_tell(one, settings) for one in found]))


@router.put(
    "/staff-providers/{code}",
    **declared(
        StaffProviderAnswer,
        scope=Scope.ORGANIZATION_MANAGE,
        body=StaffProviderIn,
        example={
            "name": "Company login",
            "issuer": "https://login.shop.example",
            "client_id": "regulars",
            "client_secret": "…",
            "mail_domains": ["shop.example"],
        },
        refusals=(*MANAGED, Malformed, TooLarge, AddressRefused, FarSideFailed),
    ),
)
async def set_staff_provider(
    lobby: LobbyBy,
    served: ServedBy,
    manager: ManagerBy,
    code: CodeIn,
    body: Annotated[StaffProviderIn, Depends(body_of(StaffProviderIn))],
) -> Response:
    """Set a provider by which staff sign in. Whoever holds it can be anybody in its domains: it
    takes a person with a second factor to set it."""
    provider = StaffProvider(
        code,
        body.name,
        body.issuer,
        body.client_id,
        body.client_secret,
        tuple(domain.lower() for domain in body.mail_domains),
        lobby.now,
    )
    kept = await anyio.to_thread.run_sync(
        lambda: staff_providers.put(lobby, manager.access, provider, by=manager.by)
    )
    return respond(_tell(kept, served.runtime.settings))


@router.delete(
    "/staff-providers/{code}",
    **declared(DoneAnswer, scope=Scope.ORGANIZATION_MANAGE, refusals=(*MANAGED, ProviderNotFound)),
)
def remove_staff_provider(lobby: LobbyBy, manager: ManagerBy, code: CodeIn) -> Response:
    """Let a provider sign nobody in any more. Sessions go on."""
    staff_providers.remove(lobby, manager.access, code, by=manager.by)
    return respond(DoneAnswer())


@router.get(
    "/staff/sign-in/{code}/start",
    status_code=SEE_OTHER,
    response_class=Response,
    responses=REDIRECTS,
)
async def start_staff_sign_in(
    request: Request,
    house: HouseBy,
    code: CodeIn,
    organization: Annotated[str, Query(max_length=40)] = "",
    return_to: Annotated[
        str, Query(max_length=MOST_PATH, description="A path of ours, where it ends")
    ] = DEFAULT,
) -> Response:
    """Go to the company's own sign-in page."""
    settings = house.runtime.settings
    house.limits.take_of_address(request, settings, "staff sign-in")
    path = return_path(return_to)
    browser = token_urlsafe(BROWSER_BYTES)

    def work() -> str:
        number = organization_called(house, organization)
        if number is None:
            raise ProviderNotFound
        return staff_providers.begin(
            _lobby_of(house, number),
            code,
            browser=browser,
            redirect_uri=_redirect_uri(settings, code),
            return_path=path,
        )

    response = RedirectResponse(await anyio.to_thread.run_sync(work), SEE_OTHER)
    set_login(response, settings, browser, lifetime=LOGIN_LIFETIME)
    return response


@router.get(
    "/staff/sign-in/{code}/callback",
    status_code=SEE_OTHER,
    response_class=Response,
    responses=REDIRECTS,
)
async def finish_staff_sign_in(request: Request, house: HouseBy, code: CodeIn) -> Response:
    """Come back from there. The page that one asked to return to is told by `sign_in`: done, or
    refused."""
    settings = house.runtime.settings
    house.limits.take_of_address(request, settings, "staff sign-in")
    query = dict(request.query_params)
    browser = request.cookies.get(login_cookie_name(settings), "")

    def work() -> Entered:
        number = staff_providers.organization_of(query.get("state", ""))
        if not browser or number is None or number not in organizations.active(house.runtime.db):
            raise ClaimsRefused("This sign-in was begun elsewhere, or too long ago. Begin again.")
        return staff_providers.finish(
            _lobby_of(house, number),
            code,
            query,
            browser=browser,
            session=request.cookies.get(cookie_name(settings)),
            redirect_uri=_redirect_uri(settings, code),
            device=device_words(request.headers.get("user-agent", "")),
            trace=trace_of(request),
        )

    entered = await anyio.to_thread.run_sync(work)
    word = "refused" if entered.secret is None else "done"
    response = RedirectResponse(with_word(entered.return_path, WORD, word), SEE_OTHER)
    clear_login(response, settings)
    if entered.secret is not None and entered.expires_at is not None:
        now = house.runtime.clock()
        set_session(response, settings, entered.secret, now=now, expires_at=entered.expires_at)
    return response


def _redirect_uri(settings: Settings, code: str) -> str:
    return f"{settings.public_url}/v1/staff/sign-in/{code}/callback"


def _tell(one: StaffProvider, settings: Settings) -> StaffProviderAnswer:
    return StaffProviderAnswer(
        one.code,
        one.name,
        one.issuer,
        one.client_id,
        list(one.mail_domains),
        _redirect_uri(settings, one.code),
        f"{settings.public_url}/v1/staff/sign-in/{one.code}/start",
        one.created_at,
    )
