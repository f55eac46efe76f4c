"""What an application and its member do with the authorization server, for the tests."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from tests.api.conftest import Shop

from regulars.domain.access import Kind, Role
from regulars.domain.audit import By
from regulars.domain.ids import MEMBER, decode
from regulars.services import organizations
from regulars.storage import sessions, staff

ISSUER = "http://127.0.0.1:8321"
BACK = "https://mini.example/back?from=club"
BY_CODE = ("authorization_code", "refresh_token")


def enrolled(shop: Shop, ref: str = "card:7") -> int:
    """The number of a member who is there."""
    made = shop.client.post("/v1/members", json={"refs": [ref]})
    assert made.is_success, made.text
    number = decode(MEMBER, made.json()["member"])
    assert number is not None
    return number


def signed_in(shop: Shop, subject: int, kind: Kind = Kind.MEMBER, organization: int = 1) -> str:
    """The secret of a new session."""
    secret = f"{sessions.PREFIX}{organization}_{secrets.token_urlsafe(32)}"
    with shop.db.transaction(organization) as tx:
        sessions.begin(
            tx, organization, kind=kind, subject_id=subject,
            secret_hash=sessions.hash_of(secret), device="test", at=shop.clock(),
            expires_at=shop.clock() + timedelta(hours=12),
        )  # fmt: skip
    return secret


def colleague(shop: Shop, *roles: Role) -> tuple[int, str]:
    """Somebody on the staff: their number, and the secret of their session."""
    house = shop.client._application._house
    assert house is not None
    with shop.db.transaction(1) as tx:
        number = staff.insert(
            tx, house.runtime.cabinet.keys(tx, 1),
            staff.StaffProfile(email="ann@example.org", name="Ann"),
            roles=frozenset(roles), language="en", at=shop.clock(),
        )  # fmt: skip
    assert number is not None
    return number, signed_in(shop, number, Kind.STAFF)


def elsewhere(shop: Shop) -> int:
    """Another organization, with keys of its own."""
    made = organizations.create(
        shop.db, shop.client._application._house.runtime.cabinet,  # type: ignore[union-attr]
        code="other", name="Other", by=By(1, "cli:test"), now=shop.clock(),
    )  # fmt: skip
    return made.id


def s256(verifier: str) -> str:
    """The challenge that a verifier fits."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Tried:
    """Where a browser was sent to, and with what."""

    answer: httpx.Response
    place: str = ""
    told: dict[str, str] = field(default_factory=dict)


@dataclass
class Mini:
    """A registered application."""

    shop: Shop
    client_id: str
    secret: str | None
    verifier: str = "v" * 64

    def wish(self, **other: str | None) -> dict[str, str]:
        """The parameters of a good authorization request, apart from `other`."""
        wish = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "scope": "self:read",
            "state": "s t&te",
            "code_challenge": s256(self.verifier),
            "code_challenge_method": "S256",
        } | other
        return {name: value for name, value in wish.items() if value is not None}

    def look(self, session: str | None, language: str = "en", **other: str | None) -> Tried:
        """GET the consent page."""
        path = f"/oauth/authorize?{urlencode(self.wish(**other))}"
        headers = browser(session) | {"Accept-Language": language}
        return told(call(self.shop, "GET", path, headers))

    def ask(self, session: str | None, decision: str = "allow", **other: str | None) -> Tried:
        """POST the person's decision, as the page's form does."""
        sent = self.wish(**other) | {"decision": decision}
        return told(call(self.shop, "POST", "/oauth/authorize", from_page(session), data=sent))

    def token(self, **sent: str | None) -> httpx.Response:
        """POST to the token endpoint."""
        return self.post("/oauth/token", **sent)

    def exchange(self, code: str, **other: str | None) -> httpx.Response:
        """Exchange a code."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
        }
        return self.token(**(sent | other))

    def refresh(self, refresh_token: str, **other: str | None) -> httpx.Response:
        """Exchange a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **other)

    def post(self, path: str, **sent: str | None) -> httpx.Response:
        """POST a form, as the application itself."""
        data = {name: value for name, value in sent.items() if value is not None}
        if self.secret is None:
            return call(self.shop, "POST", path, {}, data={"client_id": self.client_id} | data)
        pair = httpx.BasicAuth(self.client_id, self.secret)
        return call(self.shop, "POST", path, {"Authorization": pair._auth_header}, data=data)

    def tokens(self, session: str, **other: str | None) -> dict[str, Any]:
        """All the way from the wish to the tokens."""
        tried = self.ask(session, **other)
        answer = self.exchange(tried.told["code"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def registered(shop: Shop, **fields: Any) -> Mini:
    """A new application, which members may allow to read."""
    body = {
        "client_name": "Mini <b>app</b>",
        "redirect_uris": [BACK],
        "grant_types": list(BY_CODE),
        "scope": "self:read self:write",
    } | fields
    made = shop.client.post("/v1/clients", json=body)
    assert made.status_code == 201, made.text
    return Mini(shop, made.json()["client_id"], made.json().get("client_secret"))


def service(shop: Shop, scope: str = "members:read", **fields: Any) -> Mini:
    """A new application that acts for itself."""
    return registered(
        shop, redirect_uris=[], grant_types=["client_credentials"], scope=scope, **fields
    )


def own_token(mini: Mini) -> str:
    """The access token of an application that acts for itself."""
    answer = mini.token(grant_type="client_credentials")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def browser(session: str | None) -> dict[str, str]:
    """The headers of a browser, which sends no Authorization."""
    return {} if session is None else {"Cookie": f"regulars_session={session}"}


def from_page(session: str | None) -> dict[str, str]:
    """The same, when a page of ours sends something."""
    return browser(session) | {"Origin": ISSUER}


def call(
    shop: Shop, method: str, path: str, headers: dict[str, str], **rest: Any
) -> httpx.Response:
    """A request with these headers alone: without the key that the shop's client sends."""
    client = shop.client

    async def go() -> httpx.Response:
        request = client._client.build_request(method, path, headers=headers, **rest)
        if "Authorization" not in headers:
            del request.headers["Authorization"]
        return await client._client.send(request)

    answer: httpx.Response = client._wait(go())
    assert answer.status_code < 500, answer.text
    return answer


def told(answer: httpx.Response) -> Tried:
    """Where an answer leads."""
    location = answer.headers.get("location", "")
    place, _, _ = location.partition("?")
    return Tried(answer, place, dict(parse_qsl(urlsplit(location).query)))


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}
