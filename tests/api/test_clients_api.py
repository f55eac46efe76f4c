"""Applications are registered, changed, given new secrets and shut out, over HTTP."""

from typing import Any

import httpx
import pytest
from tests.api.applying import (
    BACK,
    Mini,
    bearer,
    browser,
    call,
    elsewhere,
    enrolled,
    own_token,
    registered,
    service,
    signed_in,
)
from tests.api.conftest import Shop

from regulars.domain.access import Access, Kind, Scope
from regulars.domain.audit import By
from regulars.services import applications, organizations

GOOD = {"client_name": "x", "scope": "self:read", "redirect_uris": [BACK]}


def test_the_secret_is_told_once_and_kept_nowhere(shop: Shop) -> None:
    mini = registered(shop)
    assert mini.secret is not None
    listed = shop.get("/v1/clients").text + shop.get(f"/v1/clients/{mini.client_id}").text
    with shop.db.transaction(1) as tx:
        stored = str(tx.execute("select client::text from client").fetchall())
        stored += str(tx.execute("select audit::text from audit").fetchall())

    assert mini.client_id in listed
    assert mini.secret not in listed + stored
    assert "secret" not in listed.replace("client_secret_basic", "")


def test_an_application_is_told_of_in_the_words_of_rfc_7591(shop: Shop) -> None:
    mini = registered(shop)
    told = shop.get(f"/v1/clients/{mini.client_id}").json()
    assert told["client_name"] == "Mini <b>app</b>"
    assert told["redirect_uris"] == [BACK]
    assert told["grant_types"] == ["authorization_code", "refresh_token"]
    assert told["response_types"] == ["code"]
    assert told["scope"] == "self:read self:write"
    assert told["token_endpoint_auth_method"] == "client_secret_basic"
    assert told["created_by"].startswith("key:")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"client_name": "  x"}, "/client_name"),
        ({"client_name": "a\u202eb"}, "/client_name"),
        ({"scope": "admin"}, "/scope"),
        ({"scope": "staff:manage"}, "/scope"),
        ({"scope": "clients:manage"}, "/scope"),
        ({"scope": "approvals:decide"}, "/scope"),
        ({"scope": "staff:self"}, "/scope"),
        ({"scope": "deployment:manage"}, "/scope"),
        ({"scope": "self:everything"}, "/scopes/0"),
        ({"redirect_uris": []}, "/redirect_uris"),
        ({"redirect_uris": [BACK] * 21}, "/redirect_uris"),
        ({"redirect_uris": [BACK, "http://mini.example/back"]}, "/redirect_uris/1"),
        ({"redirect_uris": ["https://mini.example/back#x"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https://a:b@mini.example/"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https://mini.example:99999/"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https:///back"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["app.example:/back"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https://mini.example/ b"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https://mini.example/\n"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https://mini.example;x/"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["https://*.example/"]}, "/redirect_uris/0"),
        ({"redirect_uris": ["http://127.0.0.1.evil.example/"]}, "/redirect_uris/0"),
        ({"grant_types": ["refresh_token"]}, "/grant_types"),
        ({"grant_types": ["password"]}, ""),
        ({"grant_types": ["client_credentials"]}, "/redirect_uris"),
        ({"grant_types": ["client_credentials"], "redirect_uris": []}, "/scope"),
        (
            {"grant_types": ["authorization_code", "client_credentials"],
             "token_endpoint_auth_method": "none"},
            "/token_endpoint_auth_method",
        ),
        ({"token_endpoint_auth_method": "private_key_jwt"}, ""),
        ({"rate_per_minute": -1}, ""),
        ({"created_by": "me"}, ""),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(
    shop: Shop, fields: dict[str, Any], pointer: str
) -> None:
    answer = shop.client.post("/v1/clients", json=GOOD | fields)

    assert answer.status_code in {400, 422}
    if pointer:
        assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]
    assert shop.get("/v1/clients").json()["items"] == []


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:8000/back",
        "http://localhost/back",
        "http://[::1]:9/x",
        "https://a.example",
    ],
)
def test_ones_own_machine_needs_no_https(shop: Shop, uri: str) -> None:
    assert registered(shop, redirect_uris=[uri]).client_id


def test_a_new_secret_holds_beside_the_old_one_for_a_day(shop: Shop) -> None:
    mini = service(shop)
    old = mini.secret
    new = shop.client.post(f"/v1/clients/{mini.client_id}/secret", json={}).json()["client_secret"]

    for secret in (old, new):
        own_token(Mini(shop, mini.client_id, secret))
    shop.clock.pass_(days=1)
    assert (
        "access_token"
        in Mini(shop, mini.client_id, new).token(grant_type="client_credentials").json()
    )
    answer = mini.token(grant_type="client_credentials")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_secret_that_leaked_is_useless_at_once(shop: Shop) -> None:
    mini = service(shop)
    shop.client.post(f"/v1/clients/{mini.client_id}/secret", json={"at_once": True})
    assert mini.token(grant_type="client_credentials").status_code == 401


def test_an_application_that_is_shut_out_is_out_for_good(shop: Shop) -> None:
    session, mini = signed_in(shop, enrolled(shop)), registered(shop)
    tokens, code = mini.tokens(session), mini.ask(session).told["code"]

    shop.client.request("DELETE", f"/v1/clients/{mini.client_id}")
    shop.client.request("DELETE", f"/v1/clients/{mini.client_id}")
    shop.look_again()

    assert shop.client.get("/v1/me", headers=bearer(tokens["access_token"])).status_code == 401
    assert mini.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert mini.exchange(code).json()["error"] == "invalid_client"
    assert mini.look(session).answer.status_code == 400
    assert call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"] == []
    renewed = shop.client.post(f"/v1/clients/{mini.client_id}/secret", json={})
    assert renewed.status_code == 422
    assert shop.get(f"/v1/clients/{mini.client_id}").json()["disabled_at"]


def test_rights_that_are_taken_away_are_gone_from_tokens_too(shop: Shop) -> None:
    mini = service(shop, "members:read ledger:read")
    before = own_token(mini)
    path = f"/v1/clients/{mini.client_id}"

    shop.client.patch(path, json={"client_name": "Renamed"})
    shop.look_again()
    assert shop.client.get("/v1/members", headers=bearer(before)).status_code == 200
    shop.client.patch(path, json={"scope": "members:read"})
    shop.look_again()

    assert shop.client.get("/v1/members", headers=bearer(before)).status_code == 401
    after = own_token(mini)
    assert shop.client.get("/v1/members", headers=bearer(after)).status_code == 200
    assert shop.client.get("/v1/liability", headers=bearer(after)).status_code == 403


def test_a_refresh_token_gives_only_what_is_still_registered(shop: Shop) -> None:
    session, mini = signed_in(shop, enrolled(shop)), registered(shop)
    tokens = mini.tokens(session, scope="self:read self:write")
    shop.client.patch(f"/v1/clients/{mini.client_id}", json={"scope": "self:read"})

    assert mini.refresh(tokens["refresh_token"]).json()["scope"] == "self:read"


def test_staff_give_no_more_than_they_may_do_themselves(shop: Shop) -> None:
    """As if a role had clients:manage and little else."""
    giver = Access(
        1, Kind.STAFF, 1, "x", frozenset({Scope.CLIENTS_MANAGE, Scope.MEMBERS_READ}), session_id=1
    )
    secret = shop.secret(*giver.scopes)

    def tried(scope: str) -> httpx.Response:
        body = GOOD | {"scope": scope, "grant_types": ["authorization_code"]}
        return shop.client.post("/v1/clients", json=body, headers=bearer(secret))

    assert tried("members:read self:read").status_code == 201
    assert tried("members:read ledger:write").json()["code"] == "not_your_role"
    mini = registered(shop, scope="self:read members:read")
    path = f"/v1/clients/{mini.client_id}"
    more = shop.client.patch(
        path, json={"scope": "self:read members:read ledger:write"}, headers=bearer(secret)
    )
    assert more.json()["code"] == "not_your_role"
    key = shop.client.post(
        "/v1/keys", json={"name": "k", "scopes": ["ledger:write"]}, headers=bearer(secret)
    )
    assert key.json()["code"] == "not_your_role"


@pytest.mark.parametrize("scope", ["admin", "clients:manage", "staff:manage", "self:read"])
def test_no_key_is_made_over_http_that_could_make_more(shop: Shop, scope: str) -> None:
    answer = shop.client.post("/v1/keys", json={"name": "k", "scopes": [scope]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_of_a_key_is_told_when_it_was_last_used(shop: Shop) -> None:
    made = shop.client.post("/v1/keys", json={"name": "till 7", "scopes": ["members:read"]}).json()

    def told() -> str | None:
        used: str | None = shop.get("/v1/keys").json()["items"][-1].get("last_used_at")
        return used

    def now() -> str:
        return shop.clock().isoformat().replace("+00:00", "Z")

    def use() -> None:
        headers = bearer(made["secret"])
        assert shop.client.get("/v1/members", headers=headers).status_code == 200

    assert told() is None
    use()
    first = told()
    assert first == now()
    shop.clock.pass_(minutes=1)
    use()
    assert told() == first
    shop.clock.pass_(minutes=5)
    use()
    assert told() == now()


def test_keys_are_made_listed_and_revoked_over_http(shop: Shop) -> None:
    made = shop.client.post(
        "/v1/keys", json={"name": "till 7", "scopes": ["members:read"], "rate_per_minute": 2}
    ).json()
    headers = bearer(made["secret"])
    first = shop.client.get("/v1/members", headers=headers)
    listed = shop.get("/v1/keys")
    gone = shop.client.request("DELETE", f"/v1/keys/{made['key']}")
    shop.look_again()

    assert (first.status_code, first.headers["ratelimit-limit"]) == (200, "2")
    assert made["secret"] not in listed.text
    assert listed.json()["items"][-1]["name"] == "till 7"
    assert gone.json()["revoked_at"]
    assert shop.client.get("/v1/members", headers=headers).status_code == 401
    assert shop.client.request("DELETE", "/v1/keys/99").json()["code"] == "key_not_found"


def test_nothing_of_another_organization_is_seen_or_changed(shop: Shop) -> None:
    other = elsewhere(shop)
    wanted = applications.get(shop.db, 1, registered(shop).client_id).registration
    theirs = applications.register(
        shop.db, other, wanted, giver=None, by=By(other, "cli:test"), now=shop.clock()
    ).client.client_id
    path = f"/v1/clients/{theirs}"

    tried = [
        shop.get(path),
        shop.client.patch(path, json={"client_name": "mine"}),
        shop.client.post(f"{path}/secret", json={}),
        shop.client.request("DELETE", path),
    ]

    assert {answer.json()["code"] for answer in tried} == {"application_not_found"}
    assert theirs not in shop.get("/v1/clients").text
    assert applications.get(shop.db, other, theirs).disabled_at is None


def test_lists_of_applications_come_in_pages(shop: Shop) -> None:
    made = [registered(shop).client_id for _ in range(3)]
    first = shop.get("/v1/clients", limit=2).json()
    second = shop.get("/v1/clients", limit=2, cursor=first["next"]).json()
    assert [one["client_id"] for one in first["items"] + second["items"]] == made
    assert second["next"] is None


def test_a_suspended_organizations_applications_are_out(shop: Shop) -> None:
    mini = service(shop)
    token = own_token(mini)
    organizations.suspend(shop.db, 1, by=By(1, "cli:test"), now=shop.clock())
    shop.look_again()

    assert shop.client.get("/v1/members", headers=bearer(token)).status_code == 401
    assert mini.token(grant_type="client_credentials").status_code == 401
