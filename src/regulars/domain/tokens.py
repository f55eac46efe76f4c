"""Access tokens: what stands in one (RFC 9068), and what its bearer may do for it."""

from datetime import UTC, datetime

from msgspec import Struct

from regulars.domain.access import (
    NOT_FOR_APPLICATIONS,
    SUSPENDED,
    Access,
    Credential,
    Kind,
    Scope,
)
from regulars.domain.applications import OF_A_MEMBER
from regulars.domain.ids import MEMBER, decode

TYPE = "at+jwt"
ALGORITHM = "ES256"
CLOCKS_APART_S = 30
"""By how much the clocks of two of our processes may differ."""

KNOWN_SCOPES = {scope.value: scope for scope in Scope}


class Claims(Struct, frozen=True, kw_only=True):
    """What an access token says. Instants are seconds since 1970.

    `client`, `epoch`: the application's row, and how often its rights had been lessened. `grant`,
    `family`: what a person granted, and the authorization that the token comes from; `member` or
    `staff`: that person. Without them the application acts for itself.
    """

    iss: str
    aud: str
    sub: str
    client_id: str
    scope: str
    org: int
    jti: str
    iat: int
    nbf: int
    exp: int
    client: int
    epoch: int
    rate: int = 0
    grant: int | None = None
    family: int | None = None
    member: str | None = None
    staff: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Under any of these the token may be revoked."""
        own = [
            f"client:{self.client}",
            epoch_name(self.client, self.epoch),
            f"jti:{self.jti}",
            SUSPENDED,
        ]
        if self.grant is not None:
            own += [f"grant:{self.grant}", f"family:{self.family}"]
        if self.member is not None:
            own.append(f"member:{decode(MEMBER, self.member)}")
        if self.staff is not None:
            own.append(f"staff:{self.staff}")
        return tuple(own)


def epoch_name(client: int, epoch: int) -> str:
    """The name of what an application was given before its rights were lessened."""
    return f"client:{client}/{epoch}"


def credential_of(claims: Claims) -> Credential | None:
    """What a token that was found to be ours stands for; None for one that makes no sense."""
    access = _access(claims)
    if access is None or not access.scopes:
        return None
    return Credential(access, claims.names, datetime.fromtimestamp(claims.exp, UTC))


def _access(claims: Claims) -> Access | None:
    """A person's token does nothing that only another kind of person grants."""
    told = frozenset(KNOWN_SCOPES[name] for name in claims.scope.split() if name in KNOWN_SCOPES)
    for_applications = told - NOT_FOR_APPLICATIONS
    if claims.member is not None:
        member_id = decode(MEMBER, claims.member)
        if member_id is None or claims.staff is not None or claims.grant is None:
            return None
        return Access(
            claims.org,
            Kind.MEMBER,
            member_id,
            claims.client_id,
            told & OF_A_MEMBER,
            member_id=member_id,
            client_id=claims.client,
            rate=claims.rate,
        )
    if claims.staff is not None:
        if claims.grant is None:
            return None
        return Access(
            claims.org,
            Kind.STAFF,
            claims.staff,
            claims.client_id,
            for_applications,
            client_id=claims.client,
            rate=claims.rate,
        )
    return Access(
        claims.org,
        Kind.CLIENT,
        claims.client,
        claims.client_id,
        for_applications,
        rate=claims.rate,
    )
