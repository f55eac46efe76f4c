"""Authlib's authorization server over one transaction: who may have which token."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
)

from regulars.domain.access import Scope
from regulars.domain.applications import (
    ACCESS_LIFETIME,
    CLIENT_PREFIX,
    REFRESH_LIFETIME,
    REFRESH_PREFIX,
    GrantType,
)
from regulars.domain.ids import MEMBER, encode
from regulars.domain.tokens import Claims
from regulars.services.authorization.models import (
    Applicant,
    Person,
    for_itself,
    hash_of,
    read_scopes,
    scope_text,
)
from regulars.services.authorization.requests import Answered, Asked, Request
from regulars.services.authorization.signing import TokenBook
from regulars.storage import authorizations, clients
from regulars.storage.clients import Client
from regulars.storage.database import Tx

SECRET_BYTES = 32
JTI_BYTES = 16

# At its most talkative Authlib writes whole tokens into the log.
logging.getLogger("authlib").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class At:
    """Where and when a request is answered: one transaction of one organization."""

    tx: Tx
    organization: int
    tokens: TokenBook
    now: datetime
    trace: str = ""


class Server(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """Answers one request. What it is asked it finds in `at.tx`, and writes there."""

    def __init__(self, at: At) -> None:
        super().__init__(scopes_supported=[scope.value for scope in Scope])
        self.at = at
        self.register_token_generator("default", self.make_token)

    def query_client(self, client_id: str) -> Applicant | None:
        """The application of this id, unless it is shut out."""
        if not client_id.startswith(CLIENT_PREFIX):
            return None
        found = clients.find_live(self.at.tx, self.at.organization, client_id)
        return None if found is None else Applicant(found, self.at.now)

    def get_authorization_grant(self, request: Request) -> Any:
        """The grant for `response_type`. Raises OAuth2Error; it leads back to the application only
        when the application and the address are known."""
        if request.payload.response_type == "code":
            return super().get_authorization_grant(request)
        if any(len(values) > 1 for values in request.payload.datalist.values()):
            raise InvalidRequestError("A parameter is given more than once.")
        applicant = self.query_client(request.payload.client_id or "")
        uri = request.payload.redirect_uri
        is_known = applicant is not None and uri and applicant.check_redirect_uri(uri)
        raise OAuth2Error(
            "Only response_type=code is supported.",
            redirect_uri=uri if is_known else None,
            error="unsupported_response_type",
        )

    def get_token_grant(self, request: Request) -> Any:
        """The grant for `grant_type`. Raises OAuth2Error."""
        kinds = {kind.value for kind in GrantType}
        if request.payload.grant_type not in kinds:
            raise OAuth2Error(
                f"grant_type must be one of {', '.join(sorted(kinds))}.",
                error="unsupported_grant_type" if request.payload.grant_type else "invalid_request",
            )
        return super().get_token_grant(request)

    def make_token(
        self,
        *,
        client: Applicant,
        user: Person | None,
        scope: str | None,
        include_refresh_token: bool,
        **_: object,
    ) -> dict[str, Any]:
        """A token of no more than the application and the person may have. Raises
        InvalidScopeError."""
        may = for_itself(client.client) if user is None else user.scopes & client.client.scopes
        asked = may if not scope else read_scopes(scope)
        if user is not None and asked is not None:
            asked &= may
        if not asked or not asked <= may:
            raise InvalidScopeError()
        token = {
            "token_type": "Bearer",
            "access_token": self._signed(client.client, user, asked),
            "expires_in": int(ACCESS_LIFETIME.total_seconds()),
            "scope": scope_text(asked),
        }
        if include_refresh_token:
            random = secrets.token_urlsafe(SECRET_BYTES)
            token["refresh_token"] = f"{REFRESH_PREFIX}{self.at.organization}_{random}"
        return token

    def save_token(self, token: Mapping[str, Any], request: Request) -> None:
        """Note a refresh token; access tokens are known by their signature. A refresh token that
        follows another is for the same, also where less was asked for this time."""
        refresh_token = token.get("refresh_token")
        if refresh_token is None:
            return
        before = request.refresh_token
        scopes = read_scopes(token["scope"]) if before is None else before.refresh.scopes
        person: Person = request.user
        assert scopes, "what was granted is ours"
        authorizations.insert_refresh(
            self.at.tx,
            self.at.organization,
            token_hash=hash_of(refresh_token),
            client_number=request.client.client.id,
            grant_id=person.grant.id,
            family=person.family,
            scopes=scopes,
            at=self.at.now,
            expires_at=self.at.now + REFRESH_LIFETIME,
        )

    def _signed(self, client: Client, user: Person | None, scopes: frozenset[Scope]) -> str:
        began = int(self.at.now.timestamp())
        grant = None if user is None else user.grant
        member = None
        if grant is not None and grant.member_id is not None:
            member = encode(MEMBER, grant.member_id)
        staff = None if grant is None else grant.staff_id
        return self.at.tokens.sign(
            Claims(
                iss=self.at.tokens.issuer,
                aud=self.at.tokens.audience,
                sub=member or (client.client_id if staff is None else f"staff:{staff}"),
                client_id=client.client_id,
                scope=scope_text(scopes),
                org=self.at.organization,
                jti=secrets.token_urlsafe(JTI_BYTES),
                iat=began,
                nbf=began,
                exp=began + int(ACCESS_LIFETIME.total_seconds()),
                client=client.id,
                epoch=client.epoch,
                rate=client.rate,
                grant=None if grant is None else grant.id,
                family=None if user is None else user.family,
                member=member,
                staff=staff,
            )
        )

    def create_oauth2_request(self, request: Asked | Request) -> Request:
        """A request in Authlib's form."""
        return request if isinstance(request, Request) else Request(request)

    def handle_response(
        self, status: int, body: object, headers: Sequence[tuple[str, str]]
    ) -> Answered:
        """An answer in ours. Whoever is sent back is told by whom (RFC 9207)."""
        told = {name.lower(): value for name, value in headers}
        location = told.get("location")
        if location is not None:
            location = add_params_to_uri(location, [("iss", self.at.tokens.issuer)])
        return Answered(
            status,
            dict(body) if isinstance(body, Mapping) else {},
            location,
            told.get("www-authenticate"),
        )

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""
