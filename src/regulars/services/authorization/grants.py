"""The ways to a token: by a code that a person granted, by a refresh token, for oneself."""

import secrets
from hashlib import sha256
from hmac import compare_digest

from authlib.common.encoding import urlsafe_b64encode
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc7636 import CodeChallenge

from regulars.domain.access import scopes_of
from regulars.domain.applications import (
    CODE_LIFETIME,
    CODE_PREFIX,
    OF_A_MEMBER,
    REFRESH_PREFIX,
    AuthMethod,
)
from regulars.domain.audit import By, Deed
from regulars.services.authorization.models import (
    Applicant,
    AuthorizationCode,
    Person,
    RefreshToken,
    hash_of,
)
from regulars.services.authorization.requests import Request
from regulars.services.authorization.server import SECRET_BYTES, At, Server
from regulars.storage import audit, authorizations, credentials
from regulars.storage.authorizations import Grant

WITH_SECRET = [AuthMethod.BASIC.value, AuthMethod.POST.value]
ANY = [*WITH_SECRET, AuthMethod.NONE.value]


class ByCode(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    """A person says yes, and the application exchanges the code for tokens, once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ANY
    server: Server

    @staticmethod
    def validate_authorization_redirect_uri(request: Request, client: Applicant) -> str:
        """The address, when this very one is registered. Raises InvalidRequestError, which leads
        nowhere."""
        uri: str | None = request.payload.redirect_uri
        if not uri or not client.check_redirect_uri(uri):
            raise InvalidRequestError("redirect_uri is missing, or not one that is registered.")
        return uri

    def generate_authorization_code(self) -> str:
        """A code that cannot be guessed."""
        random = secrets.token_urlsafe(SECRET_BYTES)
        return f"{CODE_PREFIX}{self.server.at.organization}_{random}"

    def save_authorization_code(self, code: str, request: Request) -> None:
        """Note the code with all that it is bound to."""
        at, person = self.server.at, request.user
        authorizations.insert_code(
            at.tx,
            at.organization,
            code_hash=hash_of(code),
            client_number=request.client.client.id,
            grant_id=person.grant.id,
            scopes=person.scopes,
            redirect_uri=request.payload.redirect_uri,
            challenge=request.payload.data["code_challenge"],
            now=at.now,
            expires_at=at.now + CODE_LIFETIME,
        )

    def query_authorization_code(self, code: str, client: Applicant) -> AuthorizationCode | None:
        """The code, which is used up from now on, whatever becomes of this try. One that comes
        again was stolen, from us or from the application: its tokens are revoked."""
        at = self.server.at
        found = None
        if code.startswith(CODE_PREFIX):
            found = authorizations.take_code(
                at.tx, at.organization, hash_of(code), client.client.id
            )
        if found is None:
            return None
        if found.used_at is not None:
            revoke_family(at, found.id, found.grant_id, client.client.id)
            return None
        authorizations.use_code(at.tx, at.organization, found.id, at.now)
        return AuthorizationCode(found) if at.now < found.expires_at else None

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """It is kept, so that its repetition is noticed."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> Person | None:
        """Who granted it; None when they are gone or have taken it back."""
        code = authorization_code.code
        return person_of(self.server.at, code.grant_id, code.id)


class ByRefreshToken(RefreshTokenGrant):  # type: ignore[misc]  # Authlib has no types
    """A refresh token is exchanged for another one and an access token."""

    TOKEN_ENDPOINT_AUTH_METHODS = ANY
    INCLUDE_NEW_REFRESH_TOKEN = True
    server: Server

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshToken | None:
        """The token, if it still serves. One that was used before is in two hands: the whole
        family is revoked."""
        at, client = self.server.at, self.request.client.client
        found = find_refresh(at, refresh_token)
        if found is None or found.refresh.client_number != client.id:
            return None
        if found.refresh.rotated_at is not None and found.refresh.revoked_at is None:
            revoke_family(at, found.refresh.family, found.refresh.grant_id, client.id)
        return found if found.is_live and found.person is not None else None

    def authenticate_user(self, refresh_token: RefreshToken) -> Person | None:
        """Who granted it."""
        return refresh_token.person

    def revoke_old_credential(self, refresh_token: RefreshToken) -> None:
        """It has served."""
        at = self.server.at
        authorizations.rotate(at.tx, at.organization, refresh_token.refresh.id, at.now)


class ForItself(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """An application acts for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = WITH_SECRET


class Challenge(CodeChallenge):  # type: ignore[misc]  # Authlib has no types
    """PKCE for everybody, and by SHA-256 alone: also for applications that keep a secret."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012  # Authlib's own
    CODE_CHALLENGE_METHODS = {  # noqa: RUF012
        "S256": lambda verifier, challenge: compare_digest(_s256(verifier), challenge.encode())
    }

    def validate_code_challenge(self, grant: ByCode, redirect_uri: str | None) -> None:
        """Raises InvalidRequestError unless there is a challenge, and it says S256."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError(
                "PKCE is needed: send code_challenge and code_challenge_method=S256."
            )
        super().validate_code_challenge(grant, redirect_uri)


def server(at: At) -> Server:
    """A server with every way to a token."""
    made = Server(at)
    made.register_grant(ByCode, [Challenge(required=True)])
    made.register_grant(ByRefreshToken)
    made.register_grant(ForItself)
    return made


def find_refresh(at: At, text: str) -> RefreshToken | None:
    """A refresh token of the organization, used or not."""
    if not text.startswith(REFRESH_PREFIX):
        return None
    found = authorizations.take_refresh(at.tx, at.organization, hash_of(text))
    if found is None:
        return None
    is_live = found.rotated_at is None and found.revoked_at is None and at.now < found.expires_at
    return RefreshToken(found, is_live, person_of(at, found.grant_id, found.family))


def person_of(at: At, grant_id: int, family: int) -> Person | None:
    """Who granted this, and what of it still counts; None when they are gone or have withdrawn."""
    grant = authorizations.get_grant(at.tx, at.organization, grant_id)
    return None if grant is None else _person(at, grant, family)


def _person(at: At, grant: Grant, family: int) -> Person | None:
    if grant.member_id is not None:
        if not authorizations.has_member(at.tx, at.organization, grant.member_id):
            return None
        return Person(grant, grant.scopes & OF_A_MEMBER, family)
    assert grant.staff_id is not None, "somebody has granted it"
    roles = authorizations.staff_roles(at.tx, at.organization, grant.staff_id)
    if not roles:
        return None
    return Person(grant, (grant.scopes & scopes_of(roles)) - OF_A_MEMBER, family)


def revoke_family(at: At, family: int, grant_id: int, client_number: int) -> None:
    """Make every token that came of one authorization useless, for it was used by two."""
    authorizations.revoke_family(at.tx, at.organization, family, at.now)
    credentials.revoke(at.tx, at.organization, [f"family:{family}"], at.now)
    deed = Deed("grant.tokens_revoked", f"grant:{grant_id}", purpose="used twice")
    audit.record(at.tx, By(at.organization, f"client:{client_number}", at.trace), [deed], at.now)


def _s256(verifier: str) -> bytes:
    made: bytes = urlsafe_b64encode(sha256(verifier.encode("ascii")).digest())
    return made
