"""Applications, codes and tokens as Authlib asks about them."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from regulars.domain.access import Scope
from regulars.domain.applications import OF_A_MEMBER, GrantType
from regulars.domain.tokens import KNOWN_SCOPES, Claims
from regulars.storage.authorizations import Code, Grant, Refresh
from regulars.storage.clients import Client


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. A plain hash serves: 256 random bits cannot be guessed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def scope_text(scopes: frozenset[Scope]) -> str:
    """Scopes as OAuth writes them."""
    return " ".join(sorted(scopes))


def read_scopes(text: str) -> frozenset[Scope] | None:
    """Scopes as OAuth writes them; None when one of them is none of ours."""
    names = text.split()
    if any(name not in KNOWN_SCOPES for name in names):
        return None
    return frozenset(KNOWN_SCOPES[name] for name in names)


@dataclass(frozen=True, slots=True)
class Applicant:
    """The application that asks."""

    client: Client
    now: datetime

    def get_client_id(self) -> str:
        """What it calls itself."""
        return self.client.client_id

    def get_default_redirect_uri(self) -> None:
        """Each request names its own."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What it asks for, or all that it may ask for; None when it asks for more."""
        if not scope:
            return scope_text(self.client.scopes)
        asked = read_scopes(scope)
        return scope_text(asked) if asked and asked <= self.client.scopes else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether this very address is registered: no prefix, no pattern, no other port."""
        return redirect_uri in self.client.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it is the secret, or the one before while that still holds."""
        told = hash_of(client_secret)
        current, old = self.client.secret_hash, self.client.old_secret_hash
        until = self.client.old_secret_until
        is_old = old is not None and until is not None and self.now < until
        # Both are compared, whatever the first comparison says.
        matches = [
            current is not None and compare_digest(told, current),
            is_old and old is not None and compare_digest(told, old),
        ]
        return any(matches)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Whether it has registered this way to prove itself."""
        return method == self.client.auth_method.value

    def check_response_type(self, response_type: str) -> bool:
        """Whether people are sent to us by it."""
        return response_type == "code" and self.check_grant_type(GrantType.AUTHORIZATION_CODE)

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it has registered this way to a token."""
        return grant_type in self.client.grant_types


@dataclass(frozen=True, slots=True)
class Person:
    """Who has granted something. `scopes`: what of it still counts. `family`: see Claims."""

    grant: Grant
    scopes: frozenset[Scope]
    family: int


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """A code that was handed in, and is used up by that."""

    code: Code
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        """What the verifier has to fit."""
        return self.code.challenge

    def get_redirect_uri(self) -> str:
        """Where it was sent to."""
        return self.code.redirect_uri

    def get_scope(self) -> str:
        """What the person granted."""
        return scope_text(self.code.scopes)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token. `is_live`: neither used, nor revoked, nor over."""

    refresh: Refresh
    is_live: bool
    person: Person | None = None

    def check_client(self, client: Applicant) -> bool:
        """Whether it was given to this application."""
        return client.client.id == self.refresh.client_number

    def get_scope(self) -> str:
        """What it was given for."""
        return scope_text(self.refresh.scopes)

    def is_expired(self) -> bool:
        """Whether it does not serve any more."""
        return not self.is_live

    def is_revoked(self) -> bool:
        """Whether the person or the application has taken it back."""
        return self.person is None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token that is ours and has not run out."""

    claims: Claims
    was_revoked: bool = field(default=False)

    def check_client(self, client: Applicant) -> bool:
        """Whether it was given to this application."""
        return client.client.id == self.claims.client

    def is_expired(self) -> bool:
        """Never: one that has run out is not read at all."""
        return False

    def is_revoked(self) -> bool:
        """Whether it was taken back before its time."""
        return self.was_revoked


def for_itself(client: Client) -> frozenset[Scope]:
    """What an application may do without a person."""
    return client.scopes - OF_A_MEMBER
