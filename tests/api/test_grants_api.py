"""A member allows an application something, it calls for them, and the member takes it back."""

import re
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from tests.api.applying import (
    ISSUER,
    bearer,
    browser,
    call,
    enrolled,
    from_page,
    registered,
    service,
    signed_in,
)
from tests.api.conftest import Shop


def test_an_application_reads_for_the_member_who_allowed_it(shop: Shop) -> None:
    member = enrolled(shop)
    shop.buy(5000, subject="card:7")
    session = signed_in(shop, member)
    mini = registered(shop)

    page = mini.look(session)
    tried = mini.ask(session)
    answer = mini.exchange(tried.told["code"])

    assert page.answer.status_code == 200
    assert "Mini &lt;b&gt;app&lt;/b&gt;" in page.answer.text
    assert "See your points" in page.answer.text
    assert (tried.answer.status_code, tried.place) == (303, "https://mini.example/back")
    assert tried.told["from"] == "club"
    assert tried.told["state"] == "s t&te"
    assert tried.told["iss"] == ISSUER
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert tokens["scope"] == "self:read"
    for path in ("/v1/me", "/v1/me/tier", "/v1/me/balances", "/v1/me/timeline"):
        read = shop.client.get(path, headers=bearer(tokens["access_token"]))
        assert read.status_code == 200, read.text
    assert read.json()["items"][0]["type"] == "purchase"


def test_a_refresh_token_is_exchanged_for_another(shop: Shop) -> None:
    mini = registered(shop)
    first = mini.tokens(signed_in(shop, enrolled(shop)))
    shop.clock.pass_(minutes=11)
    assert reads(shop, first["access_token"]) == 401

    second = mini.refresh(first["refresh_token"]).json()
    third = mini.refresh(second["refresh_token"]).json()

    assert len({one["refresh_token"] for one in (first, second, third)}) == 3
    assert reads(shop, third["access_token"]) == 200


def test_less_may_be_asked_for_when_refreshing_and_the_rest_is_not_lost(shop: Shop) -> None:
    mini = registered(shop)
    tokens = mini.tokens(signed_in(shop, enrolled(shop)), scope="self:read self:write")

    less = mini.refresh(tokens["refresh_token"], scope="self:read").json()
    all_ = mini.refresh(less["refresh_token"]).json()

    assert (less["scope"], all_["scope"]) == ("self:read", "self:read self:write")


def test_a_member_sees_whom_they_have_allowed_what_and_takes_it_back(shop: Shop) -> None:
    session = signed_in(shop, enrolled(shop))
    mini = registered(shop, client_name="Coffee Club")
    tokens = mini.tokens(session)

    listed = call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"]
    gone = call(shop, "DELETE", f"/v1/me/grants/{listed[0]['grant']}", from_page(session))
    shop.look_again()

    assert [(one["client_name"], one["scopes"]) for one in listed] == [
        ("Coffee Club", ["self:read"])
    ]
    assert listed[0]["allows"] == ["See your points, your tier and what you have bought."]
    assert gone.status_code == 200
    assert reads(shop, tokens["access_token"]) == 401
    assert mini.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"] == []
    again = call(shop, "DELETE", f"/v1/me/grants/{listed[0]['grant']}", from_page(session))
    assert again.json()["code"] == "grant_not_found"


def test_what_was_taken_back_can_be_allowed_again_at_once(shop: Shop) -> None:
    session = signed_in(shop, enrolled(shop))
    mini = registered(shop)
    mini.tokens(session)
    grant = call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"][0]["grant"]
    call(shop, "DELETE", f"/v1/me/grants/{grant}", from_page(session))
    shop.look_again()

    tokens = mini.tokens(session)

    assert reads(shop, tokens["access_token"]) == 200


def test_a_code_that_was_granted_is_useless_once_the_grant_is_taken_back(shop: Shop) -> None:
    session = signed_in(shop, enrolled(shop))
    mini = registered(shop)
    code = mini.ask(session).told["code"]
    grant = call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"][0]["grant"]
    call(shop, "DELETE", f"/v1/me/grants/{grant}", from_page(session))

    assert mini.exchange(code).json()["error"] == "invalid_grant"


def test_a_member_who_says_no_gives_nothing(shop: Shop) -> None:
    session = signed_in(shop, enrolled(shop))

    tried = registered(shop).ask(session, "deny")

    assert tried.place == "https://mini.example/back"
    assert tried.told["error"] == "access_denied"
    assert (tried.told["state"], tried.told["iss"]) == ("s t&te", ISSUER)
    assert "code" not in tried.told
    assert call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"] == []


def test_a_public_application_does_it_without_a_secret(shop: Shop) -> None:
    mini = registered(shop, token_endpoint_auth_method="none")
    assert mini.secret is None

    tokens = mini.tokens(signed_in(shop, enrolled(shop)))

    assert reads(shop, tokens["access_token"]) == 200
    assert mini.refresh(tokens["refresh_token"]).status_code == 200


def test_an_application_acts_for_itself(shop: Shop) -> None:
    mini = service(shop, "members:read ledger:read")
    answer = mini.token(grant_type="client_credentials", scope="members:read")
    token = answer.json()["access_token"]
    enrolled(shop)

    assert "refresh_token" not in answer.json()
    assert answer.json()["scope"] == "members:read"
    read = shop.client.get("/v1/members/card:7", headers=bearer(token))
    beyond = shop.client.get("/v1/members/card:7/balances", headers=bearer(token))
    assert (read.status_code, beyond.status_code) == (200, 403)
    assert read.headers["ratelimit-limit"] == "6000"


def test_the_secret_in_the_form_is_as_good_for_whoever_registered_so(shop: Shop) -> None:
    mini = service(shop, token_endpoint_auth_method="client_secret_post")
    data = {"grant_type": "client_credentials", "client_id": mini.client_id}

    good = call(shop, "POST", "/oauth/token", {}, data=data | {"client_secret": mini.secret})
    otherwise = mini.token(grant_type="client_credentials")

    assert good.status_code == 200
    assert (otherwise.status_code, otherwise.json()["error"]) == (401, "invalid_client")


def test_what_an_application_is_allowed_more_is_added_to_what_it_was(shop: Shop) -> None:
    session = signed_in(shop, enrolled(shop))
    mini = registered(shop)
    mini.tokens(session, scope="self:read")

    mini.tokens(session, scope="self:write")

    items = call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"]
    assert [one["scopes"] for one in items] == [["self:read", "self:write"]]


def test_a_member_who_has_not_signed_in_comes_to_their_door_and_back(shop: Shop) -> None:
    tried = registered(shop).look(None, scope="self:read")

    door = urlsplit(tried.answer.headers["location"])
    back = parse_qs(door.query)["next"][0]
    again = call(shop, "GET", back, browser(signed_in(shop, enrolled(shop))))
    assert tried.answer.status_code == 303
    assert door.path == "/my/sign-in"
    assert back.startswith("/oauth/authorize?")
    assert again.status_code == 200
    assert "Allow" in again.text


def test_staff_who_have_not_signed_in_are_told_to(shop: Shop) -> None:
    tried = registered(shop, scope="members:read").look(None, scope="members:read")

    assert tried.answer.status_code == 401
    assert "Sign in first" in tried.answer.text


def test_the_page_speaks_chinese_to_whoever_likes_that(shop: Shop) -> None:
    session = signed_in(shop, enrolled(shop))
    mini = registered(shop)

    by_browser = mini.look(session, language="zh-CN,zh;q=0.9")
    by_application = mini.look(session, ui_locales="zh-CN")

    for tried in (by_browser, by_application):
        assert "查看您的积分、等级和消费记录。" in tried.answer.text
        assert 'lang="zh-CN"' in tried.answer.text


def test_who_granted_what_is_on_record(shop: Shop) -> None:
    member = enrolled(shop)
    session = signed_in(shop, member)
    mini = registered(shop)
    mini.tokens(session)

    with shop.db.transaction(1) as tx:
        rows = tx.execute(
            "select actor, action, member_id from audit where action like 'grant.%%' "
            "or action like 'client.%%' order by id"
        ).fetchall()

    assert [(row[0].partition(":")[0], *row[1:]) for row in rows] == [
        ("key", "client.registered", None),
        ("member", "grant.given", member),
    ]


def test_the_metadata_says_where_everything_is(shop: Shop) -> None:
    told = call(shop, "GET", "/.well-known/oauth-authorization-server", {}).json()

    AuthorizationServerMetadata(told).validate()
    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    for name, place in told.items():
        if name.endswith(("_endpoint", "_uri")):
            assert place.startswith(ISSUER)
            path = place.removeprefix(ISSUER)
            assert call(shop, "GET", path, {}).status_code in {200, 400, 405}, name


def reads(shop: Shop, token: str) -> int:
    """The status of a read with this token."""
    return shop.client.get("/v1/me", headers=bearer(token)).status_code


def test_what_is_the_members_in_person_no_application_does(shop: Shop) -> None:
    mini = registered(shop)
    token = mini.tokens(signed_in(shop, enrolled(shop)), scope="self:read self:write")
    headers = bearer(token["access_token"])
    open_to_it = {
        *("/v1/me", "/v1/me/balances", "/v1/me/tier", "/v1/me/timeline"),
        *("/v1/me/history", "/v1/me/changes", "/v1/me/notices", "/v1/me/coupons"),
        *("/v1/me/claimable", "/v1/me/check-ins", "/v1/me/play", "/v1/me/draws"),
        "/v1/me/leaderboards",
    }
    # One of those draws, and pictures, which are the same for everybody.
    of_these = ("/v1/me/draws/{draw}", "/v1/me/rewards/{reward}/pictures/")
    tried = 0
    for path, operations in shop.get("/openapi.json").json()["paths"].items():
        for method, operation in operations.items():
            scopes = operation.get("security", [{}])[0].get("apiKey", [""])
            if not scopes[0].startswith("self:"):
                continue
            if method == "get" and (path in open_to_it or path.startswith(of_these)):
                continue
            tried += 1
            sent = {} if method in {"get", "delete"} else {"json": {}}
            filled = re.sub(r"\{\w+\}", "1", path)
            answer = shop.client.request(method.upper(), filled, headers=headers, **sent)
            # A body that is wrong is refused before anybody asks who sent it.
            assert answer.status_code in {403, 422}, (method, path)
    assert tried >= 2
    assert {shop.client.get(path, headers=headers).status_code for path in open_to_it} == {200}
