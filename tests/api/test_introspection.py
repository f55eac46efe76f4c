"""Who is told what of a token, and who can give one back."""

import pytest
from tests.api.applying import (
    ISSUER,
    Mini,
    bearer,
    browser,
    call,
    enrolled,
    from_page,
    own_token,
    registered,
    service,
    signed_in,
)
from tests.api.conftest import Shop

from regulars.domain.access import Scope

INACTIVE = {"active": False}


@pytest.fixture
def session(shop: Shop) -> str:
    return signed_in(shop, enrolled(shop))


@pytest.fixture
def mini(shop: Shop) -> Mini:
    return registered(shop)


def asked(mini: Mini, token: str, **more: str) -> object:
    answer = mini.post("/oauth/introspect", token=token, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_an_application_is_told_of_its_own_tokens(shop: Shop, mini: Mini, session: str) -> None:
    tokens = mini.tokens(session)
    me = shop.client.get("/v1/me", headers=bearer(tokens["access_token"])).json()["member"]

    access, refresh = asked(mini, tokens["access_token"]), asked(mini, tokens["refresh_token"])

    for told in (access, refresh):
        assert isinstance(told, dict)
        assert (told["active"], told["sub"], told["scope"]) == (True, me, "self:read")
        assert (told["client_id"], told["iss"]) == (mini.client_id, ISSUER)
    shop.clock.pass_(minutes=10)
    assert asked(mini, tokens["access_token"]) == INACTIVE
    shop.clock.pass_(days=30)
    assert asked(mini, tokens["refresh_token"]) == INACTIVE


def test_of_anothers_tokens_only_one_with_the_scope_is_told_and_never_of_refresh_tokens(
    shop: Shop, mini: Mini, session: str
) -> None:
    tokens = mini.tokens(session)
    stranger, inspector = registered(shop), service(shop, "tokens:inspect")

    assert asked(stranger, tokens["access_token"]) == INACTIVE
    assert asked(inspector, tokens["access_token"]) != INACTIVE
    assert asked(inspector, tokens["refresh_token"]) == INACTIVE


def test_what_is_no_token_is_not_active(shop: Shop, mini: Mini) -> None:
    for token in ("x", "a.b.c", "rgr_1_x", "rgr_x", shop.secret(Scope.MEMBERS_READ), "\u00e4"):
        assert asked(mini, token, token_type_hint="whatever") == INACTIVE
    assert mini.post("/oauth/introspect").json()["error"] == "invalid_request"


def test_an_application_without_a_secret_asks_nothing(shop: Shop, session: str) -> None:
    mini = registered(shop, token_endpoint_auth_method="none")
    token = mini.tokens(session)["access_token"]
    answer = mini.post("/oauth/introspect", token=token)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_what_was_taken_back_is_not_active(shop: Shop, mini: Mini, session: str) -> None:
    tokens = mini.tokens(session)
    grant = call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"][0]["grant"]
    call(shop, "DELETE", f"/v1/me/grants/{grant}", from_page(session))

    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert asked(mini, token) == INACTIVE


def test_an_access_token_is_given_back_alone(shop: Shop, mini: Mini, session: str) -> None:
    one, other = mini.tokens(session), mini.tokens(session)

    given = mini.post("/oauth/revoke", token=one["access_token"], token_type_hint="refresh_token")
    shop.look_again()

    assert given.status_code == 200
    assert shop.client.get("/v1/me", headers=bearer(one["access_token"])).status_code == 401
    assert shop.client.get("/v1/me", headers=bearer(other["access_token"])).status_code == 200
    assert mini.refresh(one["refresh_token"]).status_code == 200


def test_with_a_refresh_token_goes_all_that_came_with_it(
    shop: Shop, mini: Mini, session: str
) -> None:
    one = mini.tokens(session)
    two = mini.refresh(one["refresh_token"]).json()

    mini.post("/oauth/revoke", token=two["refresh_token"])
    mini.post("/oauth/revoke", token=two["refresh_token"])
    shop.look_again()

    assert mini.refresh(two["refresh_token"]).json()["error"] == "invalid_grant"
    for tokens in (one, two):
        assert shop.client.get("/v1/me", headers=bearer(tokens["access_token"])).status_code == 401


def test_nobody_gives_back_what_is_anothers(shop: Shop, mini: Mini, session: str) -> None:
    tokens = mini.tokens(session)
    stranger = registered(shop)
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert stranger.post("/oauth/revoke", token=token).json()["error"] == "invalid_grant"
    shop.look_again()

    assert shop.client.get("/v1/me", headers=bearer(tokens["access_token"])).status_code == 200
    assert mini.refresh(tokens["refresh_token"]).status_code == 200


def test_whoever_gives_back_what_is_no_token_hears_that_all_is_well(mini: Mini) -> None:
    for token in ("x", "rgr_1_x", "a.b.c"):
        assert mini.post("/oauth/revoke", token=token).status_code == 200
    assert mini.post("/oauth/revoke").json()["error"] == "invalid_request"


def test_an_application_that_acts_for_itself_gives_its_token_back(shop: Shop) -> None:
    mini = service(shop)
    token = own_token(mini)
    mini.post("/oauth/revoke", token=token)
    shop.look_again()
    assert shop.client.get("/v1/members", headers=bearer(token)).status_code == 401
    assert shop.client.get("/v1/members", headers=bearer(own_token(mini))).status_code == 200
