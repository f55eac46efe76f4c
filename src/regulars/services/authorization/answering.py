"""The endpoints of the authorization server, each in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidScopeError,
    OAuth2Error,
)

from regulars.domain.access import Access, Kind, Scope
from regulars.domain.applications import MAY_HAVE, AuthMethod, GrantType, grantable
from regulars.domain.audit import By, Deed
from regulars.domain.errors import NotAuthenticated
from regulars.services.authorization.grants import ANY, WITH_SECRET, server
from regulars.services.authorization.inspecting import (
    INTROSPECTION,
    REVOCATION,
    Introspection,
    Revocation,
)
from regulars.services.authorization.models import Person, read_scopes
from regulars.services.authorization.requests import (
    UNAUTHORIZED,
    Answered,
    Asked,
    Request,
    checked,
    organization_of,
)
from regulars.services.authorization.server import At, Server
from regulars.services.authorization.signing import TokenBook
from regulars.storage import audit, authorizations
from regulars.storage.clients import Client
from regulars.storage.database import RACES, Database, Tx

BAD_REQUEST = 400
AUTHORIZE, TOKEN, REVOKE, INTROSPECT = (
    "/oauth/authorize",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/introspect",
)
JWKS = "/.well-known/jwks.json"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a person is asked. `scopes`: what of the wish they can grant; None when nobody has
    signed in who could."""

    client: Client
    redirect_uri: str
    scopes: frozenset[Scope] | None


def token(db: Database, tokens: TokenBook, asked: Asked, *, now: datetime, trace: str) -> Answered:
    """POST to the token endpoint."""
    return _answer(db, tokens, asked, "token", now=now, trace=trace)


def revoke(db: Database, tokens: TokenBook, asked: Asked, *, now: datetime, trace: str) -> Answered:
    """POST to the revocation endpoint."""
    return _answer(db, tokens, asked, REVOCATION, now=now, trace=trace)


def introspect(
    db: Database, tokens: TokenBook, asked: Asked, *, now: datetime, trace: str
) -> Answered:
    """POST to the introspection endpoint."""
    return _answer(db, tokens, asked, INTROSPECTION, now=now, trace=trace)


def consent(
    db: Database, tokens: TokenBook, asked: Asked, person: Access | None, *, now: datetime
) -> Asking | Answered:
    """What to ask a person, or where to send them with a refusal; a refusal without an address is
    shown to them instead."""
    organization = organization_of(asked)
    if organization is None:
        return _refused(InvalidClientError("client_id is missing, or none of ours."))
    with db.transaction(organization) as tx:
        serving = server(At(tx, organization, tokens, now))
        try:
            return _wish(serving, asked, person)[1]
        except OAuth2Error as error:
            return serving.handle_error_response(None, error)  # type: ignore[no-any-return]


def decide(
    db: Database,
    tokens: TokenBook,
    asked: Asked,
    person: Access,
    *,
    is_allowed: bool,
    by: By,
    now: datetime,
) -> Answered:
    """Send a person back to the application, with a code or with their refusal.

    Raises NotAuthenticated for whoever has not signed in here in person.
    """
    organization = organization_of(asked)
    if organization is None or organization != person.organization:
        return _refused(InvalidClientError("client_id is missing, or of another organization."))

    def work(tx: Tx) -> Answered:
        at = At(tx, organization, tokens, now, by.trace)
        serving = server(at)
        try:
            grant, asking = _wish(serving, asked, person)
            if asking.scopes is None:
                raise NotAuthenticated("Sign in yourself; then it is yours to decide.")
            user = None
            if is_allowed:
                user = _granted(at, asking.client, person, asking.scopes, by)
        except OAuth2Error as error:
            return serving.handle_error_response(None, error)  # type: ignore[no-any-return]
        answered = serving.create_authorization_response(grant.request, user, grant)
        assert isinstance(answered, Answered)
        return answered

    return db.retrying(organization, work, retry_on=RACES)


def metadata(issuer: str) -> dict[str, Any]:
    """What RFC 8414 has an authorization server tell of itself."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "revocation_endpoint": issuer + REVOKE,
        "introspection_endpoint": issuer + INTROSPECT,
        "jwks_uri": issuer + JWKS,
        "scopes_supported": sorted(MAY_HAVE),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [kind.value for kind in GrantType],
        "token_endpoint_auth_methods_supported": [method.value for method in AuthMethod],
        "revocation_endpoint_auth_methods_supported": ANY,
        "introspection_endpoint_auth_methods_supported": WITH_SECRET,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": ["en", "zh-CN"],
    }


def _answer(
    db: Database, tokens: TokenBook, asked: Asked, what: str, *, now: datetime, trace: str
) -> Answered:
    try:
        checked(asked)
        organization = organization_of(asked)
        if organization is None:
            raise InvalidClientError("Which application is asking?", status_code=UNAUTHORIZED)
        tokens.ready()
        with db.transaction(organization) as tx:
            serving = server(At(tx, organization, tokens, now, trace))
            serving.register_endpoint(Revocation)
            serving.register_endpoint(Introspection)
            if what == "token":
                answered = _token(serving, asked)
            else:
                answered = serving.create_endpoint_response(what, asked)
            assert isinstance(answered, Answered)
            return answered
    except OAuth2Error as error:
        return _refused(error)


def _token(serving: Server, asked: Asked) -> object:
    """A refusal leaves the transaction in order, too: what was noticed on the way is kept."""
    try:
        return serving.create_token_response(asked)
    except OAuth2Error as error:
        return serving.handle_error_response(None, error)


def _wish(serving: Server, asked: Asked, person: Access | None) -> tuple[Any, Asking]:
    """What the application wants of the person. Raises OAuth2Error, which leads back to the
    application once that and the address are known."""
    checked(asked)
    request = Request(asked)
    grant = serving.get_consent_grant(request, person)
    client: Client = request.client.client
    uri: str = request.payload.redirect_uri
    if person is None or person.organization != client.organization or not _may_grant(person):
        return grant, Asking(client, uri, None)
    offered = grantable(person, read_scopes(request.scope) or frozenset())
    if not offered:
        error = InvalidScopeError(
            "Nothing of this can be granted by whoever has signed in.", redirect_uri=uri
        )
        error.state = request.payload.state
        raise error
    return grant, Asking(client, uri, offered)


def _may_grant(person: Access) -> bool:
    """Only somebody who has signed in here themselves: no application gives to another."""
    return (
        person.kind in {Kind.MEMBER, Kind.STAFF}
        and person.session_id is not None
        and person.client_id is None
    )


def _granted(at: At, client: Client, person: Access, scopes: frozenset[Scope], by: By) -> Person:
    """Note what a person granted."""
    is_member = person.kind is Kind.MEMBER
    number = authorizations.grant(
        at.tx,
        at.organization,
        client_number=client.id,
        member_id=person.member_id if is_member else None,
        staff_id=None if is_member else person.number,
        scopes=scopes,
        at=at.now,
    )
    after = {"client": client.client_id, "scopes": sorted(scopes)}
    deed = Deed("grant.given", f"grant:{number}", member_id=person.member_id, after=after)
    audit.record(at.tx, by, [deed], at.now)
    grant = authorizations.get_grant(at.tx, at.organization, number)
    assert grant is not None, "it was just given"
    return Person(grant, scopes, 0)


def _refused(error: OAuth2Error) -> Answered:
    """A refusal that leads nowhere."""
    error.redirect_uri = None
    status, body, headers = error()
    challenge = dict(headers).get("WWW-Authenticate")
    return Answered(status, dict(body), None, challenge)
