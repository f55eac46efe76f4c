"""Who calls a route: by Authorization header or, from our own pages, by the session's cookie."""

import re
import secrets
from typing import Annotated

from fastapi import Depends, Request

from regulars.api.state import House, access_of
from regulars.domain.access import Access, Scope
from regulars.domain.audit import By, by
from regulars.domain.errors import CrossSite, NotAuthenticated
from regulars.settings import Settings

COOKIE = "regulars_session"
SECURE_COOKIE = "__Host-regulars_session"
"""By https the browser itself holds it to this host and keeps it off unencrypted ways."""

MEMBER_COOKIE = "regulars_member_session"
SECURE_MEMBER_COOKIE = "__Host-regulars_member_session"
"""Of members: who works here can look at their own card in the same browser, and stays at work."""

OF_MEMBERS = "/v1/me"
"""Where members call, and nobody else."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NO_TRACE = "0" * 32


def cookie_name(settings: Settings) -> str:
    """What the session's cookie is called here."""
    return SECURE_COOKIE if settings.is_public_by_tls else COOKIE


def member_cookie_name(settings: Settings) -> str:
    """What the cookie of a member's session is called here."""
    return SECURE_MEMBER_COOKIE if settings.is_public_by_tls else MEMBER_COOKIE


def session_secrets(
    request: Request, settings: Settings, *, members_first: bool
) -> tuple[str, ...]:
    """The secrets of the sessions that this browser has here, the one that is meant first."""
    names = [cookie_name(settings), member_cookie_name(settings)]
    if members_first:
        names.reverse()
    return tuple(request.cookies[name] for name in names if name in request.cookies)


def _session_secret(request: Request, settings: Settings) -> str | None:
    """The secret of the session by which this path is called."""
    path = request.url.path
    if path != OF_MEMBERS and not path.startswith(f"{OF_MEMBERS}/"):
        return request.cookies.get(cookie_name(settings))
    return next(iter(session_secrets(request, settings, members_first=True)), None)


async def recognise(request: Request, house: House, scope: Scope) -> Access:
    """The caller, who has `scope`. Raises NotAuthenticated, MissingScope, CrossSite."""
    access = await recognise_any(request, house)
    access.demand(scope)
    return access


async def recognise_any(request: Request, house: House) -> Access:
    """The caller, whatever it may do. Raises NotAuthenticated, CrossSite, TooManyRequests."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        access = await house.ring.recognise(authorization.encode("latin-1"))
    else:
        secret = _session_secret(request, house.runtime.settings)
        if secret is None:
            raise NotAuthenticated
        refuse_cross_site(request, house.runtime.settings)
        access = await house.ring.known(secret.encode("latin-1", "replace"))
    request.state.access = access
    window = house.limits.take(access)
    if window is not None:
        request.state.window = window
        house.limits.refuse_beyond(window)
    return access


def secret_in(request: Request, settings: Settings) -> bytes:
    """The secret of a caller who was recognised by this very request."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return authorization.encode("latin-1")[len("bearer ") :].strip()
    return (_session_secret(request, settings) or "").encode("latin-1", "replace")


def refuse_cross_site(request: Request, settings: Settings) -> None:
    """Raises CrossSite where another site's page makes a browser act with our cookie.

    Browsers tell the page's origin with everything but plain reading; what tells neither that
    nor its site is no browser of today, and has no business with a cookie.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    if origin is not None:
        if origin != origin_of(settings) and origin not in settings.allowed_origins:
            raise CrossSite
    elif request.headers.get("sec-fetch-site") != "same-origin":
        raise CrossSite


def origin_of(settings: Settings) -> str:
    """Our own origin, as browsers write it."""
    scheme, _, rest = settings.public_url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def trace_of(request: Request) -> str:
    """The trace id: the caller's, by W3C traceparent, or a new one for this request."""
    known = getattr(request.state, "trace", None)
    if known is None:
        match = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
        named = match[1] if match else _NO_TRACE
        known = request.state.trace = named if named != _NO_TRACE else secrets.token_hex(16)
    return str(known)


def by_of(request: Request) -> By:
    """The caller, for a record."""
    return by(access_of(request), trace_of(request))


ByIn = Annotated[By, Depends(by_of)]
