"""Applications: how one is registered, where it may send people back to, what it may ask for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from regulars.domain.access import NOT_FOR_APPLICATIONS, Access, Kind, Scope
from regulars.domain.errors import Fault, InvalidInput, NotYourRole

DEFAULT_RATE = 6_000
"""Requests a minute of an application or an API key that was not given another rate."""
MOST_RATE = 10_000_000
MAX_NAME = 100
MAX_REDIRECTS = 20
MAX_REDIRECT = 500

CODE_LIFETIME = timedelta(seconds=60)
ACCESS_LIFETIME = timedelta(minutes=10)
REFRESH_LIFETIME = timedelta(days=30)
"""From its last use on: an application that is used stays connected."""
OLD_SECRET_LIFETIME = timedelta(hours=24)
"""How long the secret before still holds after a new one was made."""

CLIENT_PREFIX = "rgc_"
SECRET_PREFIX = "rgk_"  # noqa: S105  # how secrets begin
CODE_PREFIX = "rga_"
REFRESH_PREFIX = "rgr_"
"""Each begins with what it is and its organization, so that one that leaked is recognised."""

OF_A_MEMBER = frozenset({Scope.SELF_READ, Scope.SELF_WRITE})
"""What only a member can grant, each for themselves."""

MAY_HAVE = frozenset(Scope) - NOT_FOR_APPLICATIONS | OF_A_MEMBER
"""What an application may be registered for."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PLACE = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
"""A host and perhaps a port, and nothing around them: what is behind a bracket is passed over by
those who take an address apart."""

_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&()*+,;=%]+")
"""What an address is written with. Neither quotes nor blanks, which could end it early."""


class AuthMethod(StrEnum):
    """How an application proves at our endpoints that it is itself, as RFC 7591 calls it."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    NONE = "none"


class GrantType(StrEnum):
    """Ways to a token, as RFC 7591 calls them."""

    CLIENT_CREDENTIALS = "client_credentials"
    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  # a name, not a secret


@dataclass(frozen=True, slots=True)
class Registration:
    """What an application is registered with. `rate`: requests a minute, 0 for no limit."""

    name: str
    redirect_uris: tuple[str, ...]
    grant_types: frozenset[GrantType]
    scopes: frozenset[Scope]
    auth_method: AuthMethod
    rate: int = DEFAULT_RATE


def check(wanted: Registration) -> None:
    """Raises InvalidInput, with a fault for each thing that cannot be."""
    faults = [
        *_name_faults(wanted.name),
        *_grant_faults(wanted),
        *_redirect_faults(wanted),
        *_scope_faults(wanted),
    ]
    if not 0 <= wanted.rate <= MOST_RATE:
        faults.append(Fault("/rate", f"not from 0 to {MOST_RATE}"))
    if faults:
        raise InvalidInput(
            "The application cannot be registered like this; see the errors.", faults=faults
        )


def check_gift(giver: Access, scopes: Iterable[Scope]) -> None:
    """Raises NotYourRole unless the giver may do all of it; what is a member's to grant apart."""
    beyond = sorted(one for one in scopes if one not in OF_A_MEMBER and not giver.may(one))
    if beyond:
        raise NotYourRole(
            f"You can give only what you may do yourself; this carries {', '.join(beyond)}."
        )


def grantable(person: Access, asked: Iterable[Scope]) -> frozenset[Scope]:
    """The part of what is asked for that a person who has signed in can grant."""
    if person.kind is Kind.MEMBER:
        return OF_A_MEMBER.intersection(asked)
    return frozenset(one for one in asked if one not in OF_A_MEMBER and person.may(one))


def redirect_fault(uri: str) -> str:
    """What is wrong with an address to send people back to; "" for nothing.

    By https, or by http to the machine itself; nothing that could be read in two ways.
    """
    if len(uri) > MAX_REDIRECT or not _PLAIN.fullmatch(uri):
        return "no address, or one with a fragment or characters that have to be escaped"
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018  # raises for what is no port
    except ValueError:
        return "no address"
    if "@" in parts.netloc:
        return "with a user or password"
    if not _PLACE.fullmatch(parts.netloc):
        return "without a host"
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return ""
    return "neither https nor this machine itself"


def origin_of(uri: str) -> str:
    """Scheme, host and port of an address that is registered."""
    parts: SplitResult = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _name_faults(name: str) -> list[Fault]:
    if 0 < len(name) <= MAX_NAME and name.isprintable() and name == name.strip():
        return []
    return [Fault("/client_name", f"not 1 to {MAX_NAME} visible characters")]


def _grant_faults(wanted: Registration) -> list[Fault]:
    grants = wanted.grant_types
    if not grants:
        return [Fault("/grant_types", "none")]
    if grants == {GrantType.REFRESH_TOKEN}:
        return [Fault("/grant_types", "refresh_token goes with authorization_code")]
    is_alone = GrantType.CLIENT_CREDENTIALS in grants and GrantType.REFRESH_TOKEN in grants
    if is_alone and GrantType.AUTHORIZATION_CODE not in grants:
        return [Fault("/grant_types", "refresh_token goes with authorization_code")]
    if wanted.auth_method is AuthMethod.NONE and GrantType.CLIENT_CREDENTIALS in grants:
        return [Fault("/token_endpoint_auth_method", "client_credentials needs a secret")]
    return []


def _redirect_faults(wanted: Registration) -> list[Fault]:
    uris = wanted.redirect_uris
    if GrantType.AUTHORIZATION_CODE not in wanted.grant_types:
        return [Fault("/redirect_uris", "only with authorization_code")] if uris else []
    if not 0 < len(uris) <= MAX_REDIRECTS:
        return [Fault("/redirect_uris", f"not 1 to {MAX_REDIRECTS}")]
    told = [(place, redirect_fault(uri)) for place, uri in enumerate(uris)]
    return [Fault(f"/redirect_uris/{place}", fault) for place, fault in told if fault]


def _scope_faults(wanted: Registration) -> list[Fault]:
    if not wanted.scopes:
        return [Fault("/scope", "none")]
    faults = [
        Fault("/scope", f"{scope.value} is not for applications")
        for scope in sorted(wanted.scopes - MAY_HAVE)
    ]
    if wanted.scopes & OF_A_MEMBER and GrantType.AUTHORIZATION_CODE not in wanted.grant_types:
        faults.append(Fault("/scope", "what members grant comes by authorization_code"))
    return faults
