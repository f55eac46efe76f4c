"""A client library that we did not write goes all the way with a served process: from registration
through consent to calls, new tokens, and the end."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidGrantError
from requests_oauthlib import OAuth2Session
from tests.api.conftest import PROGRAM
from tests.serving import serving

from regulars.domain.access import Kind
from regulars.domain.ids import MEMBER, encode
from regulars.runtime import DEFAULT_ORGANIZATION, system_clock
from regulars.storage import sessions
from regulars.storage.database import Database

BACK = "http://127.0.0.1:9/back"
PATIENCE_S = 30.0
TIMEOUT_S = 30.0


@dataclass
class World:
    """A server, whoever runs it, and a member who has signed in."""

    address: str
    key: str
    session: str
    member: str

    def told(self) -> dict[str, Any]:
        """What the server says of itself: all that an application is given."""
        place = f"{self.address}/.well-known/oauth-authorization-server"
        found: dict[str, Any] = requests.get(place, timeout=TIMEOUT_S).json()
        return found

    def register(self, **fields: Any) -> dict[str, Any]:
        """What whoever runs the server does for an application."""
        body = {"client_name": "Coffee Club", "redirect_uris": [BACK], "scope": "self:read"}
        answer = requests.post(
            f"{self.address}/v1/clients",
            json=body | fields,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=TIMEOUT_S,
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def browser(self) -> requests.Session:
        """The member's."""
        browser = requests.Session()
        browser.cookies.set("regulars_session", self.session)
        return browser

    def allow(self, url: str) -> str:
        """What the member does: open the page, press the button; where they are sent to."""
        browser = self.browser()
        page = browser.get(url, timeout=TIMEOUT_S)
        assert page.status_code == 200, page.text
        action = re.findall(r'<form method="post" action="([^"]*)"', page.text)[0]
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
        sent = {unescape(name): unescape(value) for name, value in fields} | {"decision": "allow"}
        answer = browser.post(
            unescape(action), data=sent, headers={"Origin": self.address},
            allow_redirects=False, timeout=TIMEOUT_S,
        )  # fmt: skip
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


@dataclass
class Place:
    """A server and the database under it."""

    address: str
    key: str
    db: Database


@pytest.fixture(scope="module")
def place(server_url: str, template: str) -> Iterator[Place]:
    dsn: list[str] = []

    def prepare(db: Database) -> None:
        with db.transaction(DEFAULT_ORGANIZATION) as tx:
            dsn.append(tx.info.dsn)

    with (
        serving(server_url, template, PROGRAM, prepare) as (address, key),
        closing(Database(dsn[0], pool_size=1)) as db,
    ):
        yield Place(address, key, db)


@pytest.fixture
def world(place: Place, monkeypatch: pytest.MonkeyPatch) -> World:
    """With a member whom no test before has known."""
    # The library wants https, but for this.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    now, secret = system_clock(), sessions.new_secret(DEFAULT_ORGANIZATION)
    with place.db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute(
            "insert into member (organization_id, enrolled_at) values (%s, %s) returning id",
            [DEFAULT_ORGANIZATION, now],
        ).fetchone()
        assert row is not None
        sessions.begin(
            tx, DEFAULT_ORGANIZATION, kind=Kind.MEMBER, subject_id=row[0], device="test",
            secret_hash=sessions.hash_of(secret), at=now, expires_at=now + timedelta(hours=1),
        )  # fmt: skip
    return World(place.address, place.key, secret, encode(MEMBER, row[0]))


@pytest.mark.parametrize("has_secret", [True, False], ids=["confidential", "public"])
def test_a_mini_app_is_allowed_reads_refreshes_and_is_taken_back(
    world: World, has_secret: bool
) -> None:
    told = world.told()
    made = world.register(
        grant_types=["authorization_code", "refresh_token"],
        token_endpoint_auth_method="client_secret_basic" if has_secret else "none",
    )
    secret = made.get("client_secret")
    proof: dict[str, Any] = {"auth": (made["client_id"], secret)} if has_secret else {}
    app = OAuth2Session(made["client_id"], redirect_uri=BACK, scope=["self:read"], pkce="S256")

    url, state = app.authorization_url(told["authorization_endpoint"])
    location = world.allow(url)
    token = app.fetch_token(
        told["token_endpoint"],
        authorization_response=location,
        client_secret=secret,
        include_client_id=not has_secret,
        timeout=TIMEOUT_S,
    )

    assert f"state={state}" in location
    assert app.get(f"{world.address}/v1/me", timeout=TIMEOUT_S).json()["member"] == world.member
    first = dict(token)
    second = app.refresh_token(
        told["token_endpoint"], timeout=TIMEOUT_S, client_id=made["client_id"], **proof
    )
    assert second["refresh_token"] != first["refresh_token"]
    assert app.get(f"{world.address}/v1/me/balances", timeout=TIMEOUT_S).ok

    grants = world.browser().get(f"{world.address}/v1/me/grants", timeout=TIMEOUT_S).json()
    assert [one["client_name"] for one in grants["items"]] == ["Coffee Club"]
    world.browser().delete(
        f"{world.address}/v1/me/grants/{grants['items'][0]['grant']}",
        headers={"Origin": world.address},
        timeout=TIMEOUT_S,
    )
    until_refused(app, f"{world.address}/v1/me")
    with pytest.raises(InvalidGrantError):
        app.refresh_token(
            told["token_endpoint"], timeout=TIMEOUT_S, client_id=made["client_id"], **proof
        )


def test_a_token_that_is_given_back_is_refused(world: World) -> None:
    told = world.told()
    made = world.register(
        redirect_uris=[], grant_types=["client_credentials"], scope="members:read"
    )
    auth = (made["client_id"], made["client_secret"])
    app = OAuth2Session(client=BackendApplicationClient(made["client_id"], scope=["members:read"]))
    token = app.fetch_token(told["token_endpoint"], auth=auth, timeout=TIMEOUT_S)["access_token"]
    assert app.get(f"{world.address}/v1/members", timeout=TIMEOUT_S).ok

    def introspected() -> dict[str, Any]:
        answer = requests.post(
            told["introspection_endpoint"], data={"token": token}, auth=auth, timeout=TIMEOUT_S
        )
        found: dict[str, Any] = answer.json()
        return found

    before = introspected()
    url, headers, body = app._client.prepare_token_revocation_request(
        told["revocation_endpoint"], token, "access_token"
    )
    assert requests.post(url, data=body, headers=headers, auth=auth, timeout=TIMEOUT_S).ok

    assert (before["active"], before["scope"]) == (True, "members:read")
    assert introspected() == {"active": False}
    until_refused(app, f"{world.address}/v1/members")


def test_another_server_can_verify_our_tokens_by_what_we_publish(world: World) -> None:
    told = world.told()
    made = world.register(
        redirect_uris=[], grant_types=["client_credentials"], scope="members:read"
    )
    app = OAuth2Session(client=BackendApplicationClient(made["client_id"]))
    token = app.fetch_token(
        told["token_endpoint"], auth=(made["client_id"], made["client_secret"]), timeout=TIMEOUT_S
    )

    keys = KeySet.import_key_set(requests.get(told["jwks_uri"], timeout=TIMEOUT_S).json())
    found = jwt.decode(token["access_token"], keys, algorithms=["ES256"])

    assert found.header["typ"] == "at+jwt"
    assert found.claims["iss"] == told["issuer"] == world.address
    assert found.claims["client_id"] == made["client_id"]


def test_a_wrong_secret_is_told_as_the_library_expects(world: World) -> None:
    made = world.register(
        redirect_uris=[], grant_types=["client_credentials"], scope="members:read"
    )
    app = OAuth2Session(client=BackendApplicationClient(made["client_id"]))
    with pytest.raises(InvalidClientError):
        app.fetch_token(
            world.told()["token_endpoint"], auth=(made["client_id"], "wrong"), timeout=TIMEOUT_S
        )


def until_refused(app: OAuth2Session, url: str) -> None:
    """What was revoked is soon refused."""
    until = time.monotonic() + PATIENCE_S
    while app.get(url, timeout=TIMEOUT_S).status_code != 401:
        assert time.monotonic() < until, "it is still believed"
        time.sleep(0.05)
