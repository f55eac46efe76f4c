"""Tokens handed back (RFC 7009), and asked about (RFC 7662)."""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from regulars.domain.access import Scope
from regulars.domain.applications import REFRESH_PREFIX
from regulars.domain.ids import MEMBER, encode
from regulars.services.authorization.grants import ANY, WITH_SECRET, find_refresh
from regulars.services.authorization.models import (
    AccessToken,
    Applicant,
    RefreshToken,
    scope_text,
)
from regulars.services.authorization.requests import Request
from regulars.services.authorization.server import At, Server
from regulars.storage import authorizations, credentials

REVOCATION, INTROSPECTION = "revocation", "introspection"


Token = AccessToken | RefreshToken


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # Authlib has no types
    """An application gives a token back."""

    ENDPOINT_NAME = REVOCATION
    CLIENT_AUTH_METHODS = ANY
    server: Server

    def check_params(self, request: Request, _client: Applicant) -> None:
        """Hints are not needed: a token says itself what it is. Raises InvalidRequestError."""
        _demand_token(request)

    def query_token(self, token_string: str, _hint: str | None) -> Token | None:
        """The token, if it is ours."""
        return find(self.server.at, token_string)

    def revoke_token(self, token: Token, _request: Request) -> None:
        """An access token goes alone; with a refresh token goes all that came with it."""
        at = self.server.at
        if isinstance(token, AccessToken):
            name = f"jti:{token.claims.jti}"
        else:
            name = f"family:{token.refresh.family}"
            authorizations.revoke_family(at.tx, at.organization, token.refresh.family, at.now)
        credentials.revoke(at.tx, at.organization, [name], at.now)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # Authlib has no types
    """An application asks about a token of its own, or with a scope for it about any."""

    ENDPOINT_NAME = INTROSPECTION
    CLIENT_AUTH_METHODS = WITH_SECRET
    server: Server

    def check_params(self, request: Request, _client: Applicant) -> None:
        """Raises InvalidRequestError."""
        _demand_token(request)

    def query_token(self, token_string: str, _hint: str | None) -> Token | None:
        """The token, if it is ours."""
        return find(self.server.at, token_string)

    def check_permission(self, token: Token, client: Applicant, _request: Request) -> bool:
        """Whether this application may know of the token. A refresh token is nobody else's
        business, whatever the scope."""
        if token.check_client(client):
            return True
        return isinstance(token, AccessToken) and Scope.TOKENS_INSPECT in client.client.scopes

    def introspect_token(self, token: Token) -> dict[str, Any]:
        """What is told of a token that holds."""
        if isinstance(token, AccessToken):
            claims = token.claims
            return {
                "active": True,
                "token_type": "Bearer",
                "scope": claims.scope,
                "client_id": claims.client_id,
                "sub": claims.sub,
                "iss": claims.iss,
                "aud": claims.aud,
                "iat": claims.iat,
                "nbf": claims.nbf,
                "exp": claims.exp,
                "jti": claims.jti,
            }
        person, refresh = token.person, token.refresh
        assert person is not None, "one that was taken back is not told of"
        grant = person.grant
        sub = f"staff:{grant.staff_id}"
        return {
            "active": True,
            "scope": scope_text(refresh.scopes),
            "client_id": grant.client_id,
            "sub": sub if grant.member_id is None else encode(MEMBER, grant.member_id),
            "iss": self.server.at.tokens.issuer,
            "iat": int(refresh.issued_at.timestamp()),
            "exp": int(refresh.expires_at.timestamp()),
        }


def find(at: At, text: str) -> Token | None:
    """A token of this organization, whichever it is."""
    if text.startswith(REFRESH_PREFIX):
        return find_refresh(at, text)
    claims = at.tokens.read(text, may_look=False)
    if claims is None or claims.org != at.organization:
        return None
    return AccessToken(
        claims, credentials.was_revoked(at.tx, at.organization, claims.names, at.now)
    )


def _demand_token(request: Request) -> None:
    if not request.form.get("token"):
        raise InvalidRequestError("The token is missing.")
