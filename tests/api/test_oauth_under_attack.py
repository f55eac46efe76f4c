"""Codes, tokens and secrets that are stolen, repeated, bent, or asked for by strangers."""

from threading import Thread
from typing import Any

import pytest
from tests.api.applying import (
    BACK,
    Mini,
    bearer,
    call,
    elsewhere,
    enrolled,
    registered,
    s256,
    service,
    signed_in,
)
from tests.api.conftest import Shop

from regulars.domain.audit import By
from regulars.services import applications


@pytest.fixture
def session(shop: Shop) -> str:
    return signed_in(shop, enrolled(shop))


@pytest.fixture
def mini(shop: Shop) -> Mini:
    return registered(shop)


def reads(shop: Shop, token: str) -> int:
    return shop.client.get("/v1/me", headers=bearer(token)).status_code


# --- codes


def test_a_code_serves_once_and_its_repetition_takes_everything_back(
    shop: Shop, mini: Mini, session: str
) -> None:
    code = mini.ask(session).told["code"]
    tokens = mini.exchange(code).json()

    again = mini.exchange(code)
    shop.look_again()

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert reads(shop, tokens["access_token"]) == 401
    assert mini.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    with shop.db.transaction(1) as tx:
        found = tx.execute("select actor from audit where action = 'grant.tokens_revoked'")
        assert [actor.partition(":")[0] for (actor,) in found] == ["client"]


def test_the_member_can_go_on_after_a_code_was_repeated(
    shop: Shop, mini: Mini, session: str
) -> None:
    code = mini.ask(session).told["code"]
    mini.exchange(code)
    mini.exchange(code)
    shop.look_again()

    assert reads(shop, mini.tokens(session)["access_token"]) == 200


def test_one_of_two_who_come_with_a_code_at_once_gets_tokens_and_not_for_long(
    shop: Shop, mini: Mini, session: str
) -> None:
    code = mini.ask(session).told["code"]
    answers: list[Any] = []
    threads = [Thread(target=lambda: answers.append(mini.exchange(code))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    good = [answer.json() for answer in answers if answer.status_code == 200]
    shop.look_again()

    assert len(good) == 1
    assert reads(shop, good[0]["access_token"]) == 401


def test_a_code_is_over_after_a_minute(shop: Shop, mini: Mini, session: str) -> None:
    code = mini.ask(session).told["code"]
    shop.clock.pass_(seconds=60)
    assert mini.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": s256("v" * 64)}, "invalid_grant"),
        ({"code_verifier": "v" * 42}, "invalid_request"),
        ({"code_verifier": "\u00e4" * 64}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "https://mini.example/back"}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example"}, "invalid_grant"),
    ],
    ids=str,
)
def test_a_code_without_all_that_it_is_bound_to_is_used_up_and_gives_nothing(
    mini: Mini, session: str, other: dict[str, str | None], error: str
) -> None:
    code = mini.ask(session).told["code"]

    tried = mini.exchange(code, **other)

    assert (tried.status_code, tried.json()["error"]) == (400, error)
    assert mini.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_is_worth_nothing_to_another_application(
    shop: Shop, mini: Mini, session: str
) -> None:
    code = mini.ask(session).told["code"]

    assert registered(shop).exchange(code).json()["error"] == "invalid_grant"
    assert registered(shop, token_endpoint_auth_method="none").exchange(code).status_code == 400
    assert mini.exchange(code).status_code == 200, "the stranger's try has spoilt nothing"


@pytest.mark.parametrize("code", ["", "rga_1_x", "rga_2_x", "x" * 4000, "' or 1=1", "rga_1_\x00"])
def test_what_is_no_code_gives_nothing(mini: Mini, code: str) -> None:
    answer = mini.exchange(code)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}


# --- refresh tokens


def test_a_refresh_token_that_comes_again_takes_the_whole_family_back(
    shop: Shop, mini: Mini, session: str
) -> None:
    first = mini.tokens(session)
    second = mini.refresh(first["refresh_token"]).json()

    stolen = mini.refresh(first["refresh_token"])
    shop.look_again()

    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert mini.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert reads(shop, second["access_token"]) == 401


def test_another_family_of_the_same_application_goes_on(
    shop: Shop, mini: Mini, session: str
) -> None:
    first, other = mini.tokens(session), mini.tokens(session)
    mini.refresh(first["refresh_token"])
    mini.refresh(first["refresh_token"])
    shop.look_again()

    assert reads(shop, other["access_token"]) == 200
    assert mini.refresh(other["refresh_token"]).status_code == 200


def test_a_refresh_token_is_over_after_thirty_days_without_use(
    shop: Shop, mini: Mini, session: str
) -> None:
    token = mini.tokens(session)["refresh_token"]
    shop.clock.pass_(days=30)
    assert mini.refresh(token).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("scope", ["self:read self:write", "members:read", "admin", "x", '"'])
def test_refreshing_gives_no_more_than_was_granted(mini: Mini, session: str, scope: str) -> None:
    token = mini.tokens(session)["refresh_token"]

    assert mini.refresh(token, scope=scope).json()["error"] == "invalid_scope"
    assert mini.refresh(token).status_code == 200


def test_a_refresh_token_is_worth_nothing_to_another_application(
    shop: Shop, mini: Mini, session: str
) -> None:
    token = mini.tokens(session)["refresh_token"]

    assert registered(shop).refresh(token).json()["error"] == "invalid_grant"
    assert mini.refresh(token).status_code == 200


def test_an_application_without_refresh_tokens_gets_none(shop: Shop, session: str) -> None:
    mini = registered(shop, grant_types=["authorization_code"])
    tokens = mini.tokens(session)
    assert "refresh_token" not in tokens


# --- who asks


def test_an_application_of_another_organization_is_a_stranger(
    shop: Shop, mini: Mini, session: str
) -> None:
    """With the code, the refresh token and the access token of one here in its hands."""
    other = elsewhere(shop)
    wanted = applications.get(shop.db, 1, mini.client_id).registration
    made = applications.register(
        shop.db, other, wanted, giver=None, by=By(other, "cli:test"), now=shop.clock()
    )
    stranger = Mini(shop, made.client.client_id, made.secret)
    code, tokens = mini.ask(session).told["code"], mini.tokens(session)

    assert stranger.exchange(code).json()["error"] == "invalid_grant"
    assert stranger.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    for token in (tokens["access_token"], tokens["refresh_token"]):
        told = stranger.post("/oauth/introspect", token=token)
        assert told.json() == {"active": False}
        assert stranger.post("/oauth/revoke", token=token).status_code == 200
    shop.look_again()
    assert reads(shop, tokens["access_token"]) == 200
    # Its own members are asked to sign in, and this session is none of them.
    assert stranger.look(session).place == "http://127.0.0.1:8321/my/sign-in"


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic ",
        "Basic ///",
        "Basic w6Q6",
        "Basic /////w==",
        "Bearer x",
        "Digest x",
        "Basic cmdjXzFfeDp5",
        "Basic cmdjXzFfeAA6eQ==",
    ],
)
def test_credentials_that_are_none_are_refused_as_such(shop: Shop, authorization: str) -> None:
    answer = call(
        shop, "POST", "/oauth/token", {"Authorization": authorization},
        data={"grant_type": "client_credentials"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_confidential_application_cannot_do_without_its_secret(
    shop: Shop, mini: Mini, session: str
) -> None:
    code = mini.ask(session).told["code"]
    for secret in (None, "wrong", "", "rgk_1_x"):
        bare = Mini(shop, mini.client_id, secret)
        assert bare.exchange(code).json()["error"] == "invalid_client"
        if secret:
            posted = call(
                shop, "POST", "/oauth/token", {},
                data={"client_id": mini.client_id, "client_secret": secret,
                      "grant_type": "authorization_code", "code": code,
                      "redirect_uri": BACK, "code_verifier": mini.verifier},
            )  # fmt: skip
            assert posted.json()["error"] == "invalid_client"
    assert mini.exchange(code).status_code == 200


def test_whoever_proves_themselves_twice_or_as_two_is_refused(shop: Shop, mini: Mini) -> None:
    assert mini.token(client_secret=mini.secret, grant_type="x").status_code == 400
    other = registered(shop)
    answer = mini.token(client_id=other.client_id, grant_type="client_credentials")
    assert answer.json()["error"] == "invalid_request"


def test_an_application_gets_tokens_only_in_its_own_ways(
    shop: Shop, mini: Mini, session: str
) -> None:
    itself = service(shop)
    assert mini.token(grant_type="client_credentials").json()["error"] == "unauthorized_client"
    assert itself.refresh("rgr_1_x").json()["error"] == "unauthorized_client"
    assert itself.exchange("rga_1_x").json()["error"] == "unauthorized_client"
    for grant_type in ("password", "implicit", 'x"\u00e4', ""):
        told = mini.token(grant_type=grant_type).json()["error"]
        assert told in {"unsupported_grant_type", "invalid_request"}
    public = registered(shop, token_endpoint_auth_method="none")
    assert public.token(grant_type="client_credentials").status_code >= 400


@pytest.mark.parametrize("scope", ["members:write", "members:read admin", "self:read", "x", '"'])
def test_an_application_gets_no_more_than_it_is_registered_for(shop: Shop, scope: str) -> None:
    answer = service(shop).token(grant_type="client_credentials", scope=scope)
    assert answer.json()["error"] == "invalid_scope"


def test_forms_that_are_none_or_endless_are_refused(shop: Shop) -> None:
    for content, kind in (
        (b"{}", "application/json"),
        (b"a=%zz", "application/x-www-form-urlencoded"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"a=1&" * 60, "application/x-www-form-urlencoded"),
        (b"a=" + b"1" * 40_000, "application/x-www-form-urlencoded"),
        (b"grant_type=%00", "application/x-www-form-urlencoded"),
        (b"grant_type=%ff", "application/x-www-form-urlencoded"),
    ):
        for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
            answer = call(shop, "POST", path, {"Content-Type": kind}, content=content)
            assert 400 <= answer.status_code < 500, (path, content[:20])
