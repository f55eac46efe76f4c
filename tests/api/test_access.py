"""Who may do what: every route refuses without a key, and keys do what their scopes say."""

import asyncio
import re
from typing import Any

import pytest
from fastapi.routing import APIRoute
from tests.api.conftest import Clock, Shop

from regulars.api.app import PARTS
from regulars.api.keyring import BLIND_S, FRESH_S, KeyRing, Revocations
from regulars.api.openapi import document
from regulars.domain.access import Access, Credential, Kind, Scope
from regulars.domain.errors import NotAuthenticated, Unready
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import keys

OPEN = {"/", "/docs", "/docs/problems", "/docs/assets/{name}", "/openapi.json",
        "/healthz", "/readyz", "/metrics",
        # Nobody has a credential yet who signs in, was invited, or forgot their password.
        "/v1/staff/sign-in", "/v1/staff/invitations:accept", "/v1/staff/password-reset",
        "/v1/staff/password-reset:finish", "/v1/staff/sign-in/{code}/start",
        "/v1/staff/sign-in/{code}/callback"}  # fmt: skip
# These ask for an application's own credentials or a browser's session, and refuse as RFCs say.
OAUTH = {"/.well-known/oauth-authorization-server", "/.well-known/jwks.json", "/oauth/consent.css",
         "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/introspect"}  # fmt: skip
OPEN |= OAUTH
# The two faces: files for whoever asks; what they show is asked for with a session.
FACES = {"/console", "/console/{path:path}", "/my", "/my/{path:path}"}
OPEN |= FACES
# Members who sign in, and those who become members: they show a code, a ticket or a passkey.
AT_THE_DOOR = {
    "POST /v1/sign-in/codes", "POST /v1/sign-in/codes/verify", "GET /v1/sign-in/providers",
    "GET /v1/sign-in/providers/{code}/start", "GET /v1/sign-in/providers/{code}/callback",
    "POST /v1/sign-in/passkeys/options", "POST /v1/sign-in/passkeys", "POST /v1/enrolments",
    "GET /v1/enrolments/status",
    # Whoever thinks of joining reads the rules first.
    "GET /v1/program/words", "GET /v1/sign-in/consents",
}  # fmt: skip
FILLED = {"ref": "card:1", "event": "evt_1", "hold": "hld_1", "version": "1", "name": "x"}


def filled(path: str) -> str:
    """The path with something in the place of each parameter."""
    return re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "x"), path)


def routes(shop: Shop) -> list[tuple[str, str]]:
    """Every method and path that the application answers, documented or not."""
    application: Any = shop.client._application
    app = application._app
    found = {
        (method, str(route.path))
        for part in PARTS
        for route in part.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }
    for path, operations in document(app)["paths"].items():
        found |= {(method.upper(), path) for method in operations}
    return sorted(found)


@pytest.mark.parametrize(
    "authorization", ["", "Bearer rgl_wrong", "Basic YTpi", "Bearer ", "Bearer é", "rgl_x"]
)
def test_every_route_refuses_whoever_has_no_key(shop: Shop, authorization: str) -> None:
    tried = 0
    for method, path in routes(shop):
        answer = shop.client.request(
            method,
            filled(path),
            headers={"Authorization": authorization.encode("latin-1")},
        )
        if path in OAUTH:
            assert answer.status_code in {200, 400, 401, 403}, path
        elif path in FACES:
            assert answer.status_code in {200, 308, 503}, path
        elif f"{method} {path}" in AT_THE_DOOR:
            assert answer.status_code in {200, 403, 404, 422}, (method, path)
        elif path in OPEN:
            assert answer.status_code in {200, 403, 404, 422}, path
        else:
            tried += 1
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["code"] == "not_authenticated"
    assert tried >= 25


def test_every_route_refuses_a_key_without_its_scope(shop: Shop) -> None:
    for method, path in routes(shop):
        if path in OPEN or f"{method} {path}" in AT_THE_DOOR:
            continue
        needed = document_scope(shop, method, path)
        others = [scope for scope in Scope if scope not in {needed, Scope.ADMIN}]
        secret = shop.secret(*others)

        answer = shop.client.request(
            method, filled(path), headers={"Authorization": f"Bearer {secret}"}
        )

        assert answer.status_code == 403, (method, path)
        assert needed in answer.json()["detail"]


def document_scope(shop: Shop, method: str, path: str) -> Scope:
    application: Any = shop.client._application
    security = document(application._app)["paths"][path][method.lower()]["security"]
    return Scope(security[0]["apiKey"][0])


def test_a_key_with_the_scope_passes(shop: Shop) -> None:
    secret = shop.secret(Scope.EVENTS_WRITE)

    sent = shop.send(shop.event("p1", total=100), Authorization=f"bearer {secret}")
    read = shop.client.get("/v1/members/card:1", headers={"Authorization": f"Bearer {secret}"})

    assert (sent.status_code, read.status_code) == (201, 403)


def test_the_keys_of_two_callers_do_not_meet(shop: Shop) -> None:
    shop.buy(5000)
    body = {"currency": "points", "amount": 10}
    for _ in range(2):
        secret = shop.secret(Scope.LEDGER_WRITE)
        answer = shop.client.post(
            "/v1/members/card:1/redemptions",
            json=body,
            headers={"Idempotency-Key": "k1", "Authorization": f"Bearer {secret}"},
        )
        assert answer.status_code == 201
    assert shop.balance()["available"] == 30


def test_the_secret_is_stored_nowhere(shop: Shop) -> None:
    secret = shop.secret(Scope.ADMIN)

    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        stored = tx.execute("select api_key::text from api_key").fetchall()

    assert secret not in str(stored)
    assert secret.removeprefix("rgl_").encode().hex() not in str(stored)
    assert len(secret) > 43


def test_a_revoked_key_is_useless_as_soon_as_the_process_has_looked() -> None:
    asked: list[str] = []
    revoked: set[tuple[int, str]] = set()
    now = [0.0]

    def find(secret: str) -> Credential | None:
        asked.append(secret)
        if secret != "rgl_1_one":
            return None
        return Credential(
            Access(1, Kind.KEY, 1, "one", frozenset({Scope.ADMIN})), ("key:1", "organization")
        )

    async def story() -> None:
        revocations = Revocations(lambda: frozenset(revoked), tick=lambda: now[0])
        revocations.refresh()
        ring = KeyRing({"rgl_": find}, revocations, clock=Clock(), tick=lambda: now[0])
        header = b"Bearer rgl_1_one"
        await asyncio.gather(*[ring.recognise(header) for _ in range(50)])
        assert len(asked) == 1
        revoked.add((2, "key:1"))
        revocations.refresh()
        assert (await ring.recognise(header)).name == "one"
        revoked.add((1, "key:1"))
        revocations.refresh()
        with pytest.raises(NotAuthenticated):
            await ring.recognise(header)
        revoked.clear()
        now[0] += BLIND_S + 1
        with pytest.raises(Unready):
            await ring.recognise(header)

    asyncio.run(story())


def test_a_secret_that_was_unknown_is_looked_up_again_after_some_seconds() -> None:
    asked: list[str] = []
    now = [0.0]

    async def story() -> None:
        revocations = Revocations(frozenset, tick=lambda: now[0])
        revocations.refresh()
        ring = KeyRing({"rgl_": asked.append}, revocations, clock=Clock(), tick=lambda: now[0])
        for wait_s in (0.0, 1.0, FRESH_S):
            now[0] += wait_s
            with pytest.raises(NotAuthenticated):
                await ring.recognise(b"Bearer rgl_1_two")

    asyncio.run(story())
    assert len(asked) == 2


def test_revoking_twice_keeps_the_first_instant(shop: Shop) -> None:
    made = keys.create(
        shop.db, DEFAULT_ORGANIZATION, name="x", scopes=frozenset({Scope.ADMIN}), now=shop.clock()
    )
    first = keys.revoke(shop.db, DEFAULT_ORGANIZATION, made.id, now=shop.clock())
    shop.clock.pass_(days=1)

    again = keys.revoke(shop.db, DEFAULT_ORGANIZATION, made.id, now=shop.clock())

    assert again == first
    assert keys.listed(shop.db, DEFAULT_ORGANIZATION)[-1] == first
    assert keys.find(shop.db, made.secret, shop.clock()) is None
