"""Applications: registered by staff, changed, given new secrets, shut out. The fields are called
as in RFC 7591."""

from dataclasses import replace
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Response
from msgspec import UNSET, Meta, Struct, UnsetType, structs

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import body_of
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope, parse_scopes
from regulars.domain.applications import (
    DEFAULT_RATE,
    MAX_NAME,
    MAX_REDIRECT,
    MAX_REDIRECTS,
    MOST_RATE,
    AuthMethod,
    GrantType,
    Registration,
)
from regulars.domain.errors import ApplicationNotFound, Malformed, NotYourRole, TooLarge
from regulars.services import applications
from regulars.services.applications import Registered
from regulars.storage.clients import Client

router = APIRouter(prefix="/v1/clients", tags=["applications"])

CREATED = 201
NO_STORE = {"cache-control": "no-store"}
MAX_SCOPES = 2_000

Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Redirect = Annotated[str, Meta(min_length=1, max_length=MAX_REDIRECT)]
Redirects = Annotated[list[Redirect], Meta(max_length=MAX_REDIRECTS)]
ScopeText = Annotated[str, Meta(min_length=1, max_length=MAX_SCOPES)]
Rate = Annotated[int, Meta(ge=0, le=MOST_RATE)]
ClientId = Annotated[
    str, Path(max_length=100, pattern=r"^[\x21-\x7e]+$", examples=["rgc_1_x7Qb3kfM1dWzR0aa"])
]


class ClientIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An application to register. `scope`: what it may ask for, with blanks between.
    `rate_per_minute`: requests, 0 for no limit."""

    client_name: Name
    scope: ScopeText
    redirect_uris: Redirects = []
    grant_types: Annotated[tuple[GrantType, ...], Meta(min_length=1, max_length=3)] = (
        GrantType.AUTHORIZATION_CODE,
    )
    token_endpoint_auth_method: AuthMethod = AuthMethod.BASIC
    rate_per_minute: Rate = DEFAULT_RATE


class ClientChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be otherwise; the rest stays."""

    client_name: Name | UnsetType = UNSET
    scope: ScopeText | UnsetType = UNSET
    redirect_uris: Redirects | UnsetType = UNSET
    rate_per_minute: Rate | UnsetType = UNSET


class RenewalIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`at_once`: the secret before does not hold any more, for when it has leaked."""

    at_once: bool = False


class ClientAnswer(Struct, frozen=True, omit_defaults=True):
    """An application. Its secret is told once, when it is made."""

    client_id: str
    client_id_issued_at: int
    client_name: str
    redirect_uris: list[str]
    grant_types: list[str]
    response_types: list[str]
    scope: str
    token_endpoint_auth_method: str
    rate_per_minute: int
    created_by: str
    disabled_at: Instant | None = None
    client_secret: str | None = None
    client_secret_expires_at: int | None = None
    old_secret_until: Instant | None = None


class ClientPage(Struct, frozen=True):
    """Applications in the order in which they came."""

    items: list[ClientAnswer]
    next: str | None


MANAGE = Scope.CLIENTS_MANAGE


@router.post(
    "",
    **declared(
        ClientAnswer,
        scope=MANAGE,
        status=CREATED,
        body=ClientIn,
        example={
            "client_name": "Coffee Club mini-app",
            "redirect_uris": ["https://mini.example/back"],
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": "self:read",
        },
        refusals=(Malformed, TooLarge, NotYourRole),
    ),
)
async def register_client(
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    body: Annotated[ClientIn, Depends(body_of(ClientIn))],
) -> Response:
    """Register an application, for no more than you may do yourself and what members grant
    (`self:read`, `self:write`). Its secret is in this answer alone."""
    wanted = Registration(
        body.client_name,
        tuple(body.redirect_uris),
        frozenset(body.grant_types),
        _scopes(body.scope),
        body.token_endpoint_auth_method,
        body.rate_per_minute,
    )
    now = served.runtime.clock()
    made = await anyio.to_thread.run_sync(
        lambda: applications.register(
            served.db, served.organization, wanted, giver=access, by=by, now=now
        )
    )
    return respond(_tell_new(made), CREATED, NO_STORE)


@router.get("", **declared(ClientPage, scope=MANAGE))
def list_clients(served: ServedBy, page: Paged) -> Response:
    """Every application, also those that were shut out."""
    (after,) = page.start(tuple[int]) or (0,)
    found, last = page.cut(
        applications.listed(served.db, served.organization, after=after, limit=page.limit + 1)
    )
    following = None if last is None else write_cursor(last.id)
    return page.respond(ClientPage([_tell(one) for one in found], following), following)


@router.get("/{client_id}", **declared(ClientAnswer, scope=MANAGE, refusals=(ApplicationNotFound,)))
def get_client(served: ServedBy, client_id: ClientId) -> Response:
    """One application."""
    return respond(_tell(applications.get(served.db, served.organization, client_id)))


@router.patch(
    "/{client_id}",
    **declared(
        ClientAnswer,
        scope=MANAGE,
        body=ClientChange,
        example={"scope": "self:read self:write"},
        refusals=(Malformed, TooLarge, NotYourRole, ApplicationNotFound),
    ),
)
async def change_client(
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    client_id: ClientId,
    body: Annotated[ClientChange, Depends(body_of(ClientChange))],
) -> Response:
    """Change an application. Where it may do less from now on, its tokens are useless within two
    seconds; its ways to tokens stay what they are."""
    now = served.runtime.clock()
    changed = await anyio.to_thread.run_sync(
        lambda: applications.change(
            served.db,
            served.organization,
            client_id,
            lambda before: _altered(before, body),
            giver=access,
            by=by,
            now=now,
        )
    )
    return respond(_tell(changed))


@router.post(
    "/{client_id}/secret",
    **declared(
        ClientAnswer,
        scope=MANAGE,
        body=RenewalIn,
        example={"at_once": False},
        refusals=(Malformed, TooLarge, ApplicationNotFound),
    ),
)
async def renew_client_secret(
    served: ServedBy,
    by: ByIn,
    client_id: ClientId,
    body: Annotated[RenewalIn, Depends(body_of(RenewalIn))],
) -> Response:
    """Give an application a new secret, which is in this answer alone. The one before holds for
    another day, unless it is to go at once."""
    now = served.runtime.clock()
    renewed = await anyio.to_thread.run_sync(
        lambda: applications.renew_secret(
            served.db, served.organization, client_id, by=by, now=now, at_once=body.at_once
        )
    )
    return respond(_tell_new(renewed), headers=NO_STORE)


@router.delete(
    "/{client_id}", **declared(ClientAnswer, scope=MANAGE, refusals=(ApplicationNotFound,))
)
async def disable_client(served: ServedBy, by: ByIn, client_id: ClientId) -> Response:
    """Shut an application out for good: its tokens are useless within two seconds. It stays in the
    list."""
    now = served.runtime.clock()
    disabled = await anyio.to_thread.run_sync(
        lambda: applications.disable(served.db, served.organization, client_id, by=by, now=now)
    )
    return respond(_tell(disabled))


def _altered(before: Registration, change: ClientChange) -> Registration:
    after = before
    if change.client_name is not UNSET:
        after = replace(after, name=change.client_name)
    if change.scope is not UNSET:
        after = replace(after, scopes=_scopes(change.scope))
    if change.redirect_uris is not UNSET:
        after = replace(after, redirect_uris=tuple(change.redirect_uris))
    if change.rate_per_minute is not UNSET:
        after = replace(after, rate=change.rate_per_minute)
    return after


def _scopes(text: str) -> frozenset[Scope]:
    return parse_scopes(text.split())


def _tell(client: Client) -> ClientAnswer:
    is_by_code = GrantType.AUTHORIZATION_CODE in client.grant_types
    return ClientAnswer(
        client.client_id,
        int(client.created_at.timestamp()),
        client.name,
        list(client.redirect_uris),
        sorted(client.grant_types),
        ["code"] if is_by_code else [],
        " ".join(sorted(client.scopes)),
        client.auth_method.value,
        client.rate,
        client.created_by,
        client.disabled_at,
    )


def _tell_new(made: Registered) -> ClientAnswer:
    """The answer with the secret, which does not run out by itself."""
    told = _tell(made.client)
    if made.secret is None:
        return told
    return structs.replace(
        told,
        client_secret=made.secret,
        client_secret_expires_at=0,
        old_secret_until=made.client.old_secret_until,
    )
