"""What comes to the endpoints of OAuth and what they answer, apart from any web framework."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Request

from regulars.domain.access import organization_in
from regulars.domain.applications import CLIENT_PREFIX

MOST_VALUE = 4_096
UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `pairs`: of the query or the form, as they were sent. `uri`: by our public
    address. `authorization`: the header."""

    method: str
    uri: str
    pairs: Sequence[tuple[str, str]] = field(repr=False)
    authorization: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: a document, or where to go on. Never kept by anybody."""

    status: int
    body: dict[str, Any] = field(repr=False)
    location: str | None = field(default=None, repr=False)
    challenge: str | None = None


class Payload:
    """The parameters of a request, as Authlib asks for them."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.data: dict[str, str] = {}
        self.datalist: dict[str, list[str]] = {}
        for name, value in pairs:
            if value:
                self.data.setdefault(name, value)
                self.datalist.setdefault(name, []).append(value)

    client_id = property(lambda self: self.data.get("client_id"))
    response_type = property(lambda self: self.data.get("response_type"))
    grant_type = property(lambda self: self.data.get("grant_type"))
    redirect_uri = property(lambda self: self.data.get("redirect_uri"))
    scope = property(lambda self: self.data.get("scope"))
    state = property(lambda self: self.data.get("state"))


class Request(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """A request in Authlib's form. Raises InsecureTransportError unless we are reached by https or
    on this machine."""

    def __init__(self, asked: Asked) -> None:
        headers = {} if asked.authorization is None else {"Authorization": asked.authorization}
        super().__init__(asked.method, asked.uri, headers=headers)
        self.payload = Payload(asked.pairs)

    @property
    def form(self) -> dict[str, str]:
        """The parameters, each once."""
        data: dict[str, str] = self.payload.data
        return data

    @property
    def args(self) -> dict[str, str]:
        """The same: which of the two a parameter stands in is settled before."""
        return self.form


def checked(asked: Asked) -> None:
    """Refuse what is no well-formed request at all, before anything is looked up.

    Raises InvalidRequestError for parameters that are repeated or endless, and for an application
    that names or proves itself in two ways; InvalidClientError for credentials that are none.
    """
    names = [name for name, value in asked.pairs if value]
    if len(names) != len(set(names)):
        raise InvalidRequestError("A parameter is given more than once.")
    if any(len(value) > MOST_VALUE or "\0" in value for _, value in asked.pairs):
        raise InvalidRequestError("A parameter is too long, or holds what no text holds.")
    if asked.authorization is None:
        return
    told = dict(asked.pairs)
    if told.get("client_secret"):
        raise InvalidRequestError("Prove who you are in one way, not in two.")
    client_id = basic_of(asked.authorization)
    if client_id is None:
        raise InvalidClientError(
            "The Authorization header holds no credentials.", status_code=UNAUTHORIZED
        )
    if told.get("client_id") not in (None, "", client_id):
        raise InvalidRequestError("client_id differs from the one in the Authorization header.")


def basic_of(authorization: str) -> str | None:
    """The application's id in an Authorization header; None for one that cannot be read."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = b64decode(encoded.strip(), validate=True).decode()
    except (Base64Error, ValueError):
        return None
    client_id, colon, _ = text.partition(":")
    return unquote_plus(client_id) if colon and "\0" not in text else None


def organization_of(asked: Asked) -> int | None:
    """The organization of the application that asks, as its id says; None for no id of ours."""
    named = dict(asked.pairs).get("client_id") or ""
    if asked.authorization is not None:
        named = basic_of(asked.authorization) or ""
    return organization_in(named) if named.startswith(CLIENT_PREFIX) else None
