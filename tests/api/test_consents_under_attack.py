"""Nobody is tricked into allowing something, or sent where they should not go."""

import pytest
from tests.api.applying import (
    ISSUER,
    Mini,
    bearer,
    browser,
    call,
    elsewhere,
    enrolled,
    registered,
    signed_in,
)
from tests.api.conftest import Shop

from regulars.domain.access import Scope


@pytest.fixture
def session(shop: Shop) -> str:
    return signed_in(shop, enrolled(shop))


@pytest.fixture
def mini(shop: Shop) -> Mini:
    return registered(shop)


def reads(shop: Shop, token: str) -> int:
    return shop.client.get("/v1/me", headers=bearer(token)).status_code


# --- where people are sent to


@pytest.mark.parametrize(
    "uri",
    [
        "https://mini.example/back",
        "https://mini.example/back?from=club&more=1",
        "https://mini.example/back?from=club/",
        "https://mini.example/back?from=clubs",
        "https://mini.example:444/back?from=club",
        "https://mini.example/../back?from=club",
        "https://mini.example/back?from=club#fragment",
        "https://mini.example@evil.example/back?from=club",
        "https://evil.example/back?from=club",
        "https://mini.example.evil.example/back?from=club",
        "http://mini.example/back?from=club",
        "HTTPS://mini.example/back?from=club",
        "https://MINI.example/back?from=club",
        "//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://mini.example/back?from=club\r\nSet-Cookie: a=b",
        "https://mini.example/b\u00e4ck",
        '"><script>alert(1)</script>',
        "\\\\evil.example",
        None,
    ],
)
def test_nobody_is_sent_anywhere_that_is_not_registered_to_the_letter(
    mini: Mini, session: str, uri: str | None
) -> None:
    for tried in (mini.look(session, redirect_uri=uri), mini.ask(session, redirect_uri=uri)):
        assert tried.answer.status_code == 400
        assert tried.place == ""
        assert "evil" not in tried.answer.text
        assert "<script" not in tried.answer.text


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": "rgc_1_unknown"},
        {"client_id": "rgc_999_unknown"},
        {"client_id": "rgl_1_x"},
        {"client_id": "rgc_1_'; drop table client; --"},
        {"client_id": "rgc_1_\x00"},
        {"client_id": None},
    ],
    ids=str,
)
def test_an_unknown_application_sends_nobody_anywhere(
    mini: Mini, session: str, other: dict[str, str | None]
) -> None:
    for tried in (mini.look(session, **other), mini.ask(session, **other)):
        assert tried.answer.status_code == 400
        assert tried.place == ""


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": 'x"\u00e4'}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "self:read members:read"}, "invalid_scope"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": "self:everything"}, "invalid_scope"),
        ({"scope": 'x"\u00e4'}, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "\u00e4" * 43}, "invalid_request"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_goes_back_to_the_application_as_an_error(
    mini: Mini, session: str, other: dict[str, str | None], error: str
) -> None:
    for tried in (mini.look(session, **other), mini.ask(session, **other)):
        assert tried.place == "https://mini.example/back"
        assert tried.told["error"] == error
        assert (tried.told["state"], tried.told["iss"]) == ("s t&te", ISSUER)
        assert "code" not in tried.told


def test_what_is_given_twice_is_refused(shop: Shop, mini: Mini, session: str) -> None:
    for name in mini.wish():
        sent = [*mini.wish().items(), (name, "https://evil.example")]
        answer = call(shop, "GET", "/oauth/authorize", browser(session), params=sent)
        assert answer.status_code == 400, name
        assert "location" not in answer.headers


def test_what_an_application_tells_does_not_end_up_as_markup(
    shop: Shop, mini: Mini, session: str
) -> None:
    tried = mini.look(session, state='"><script>alert(1)</script>')

    assert tried.answer.status_code == 200
    assert "<script" not in tried.answer.text
    policy = tried.answer.headers["content-security-policy"]
    assert "script" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://mini.example" in policy
    assert tried.answer.headers["referrer-policy"] == "no-referrer"
    assert tried.answer.headers["cache-control"] == "no-store"


# --- whose word counts


def test_another_sites_page_decides_nothing(shop: Shop, mini: Mini, session: str) -> None:
    sent = mini.wish() | {"decision": "allow"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://mini.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ):
        answer = call(shop, "POST", "/oauth/authorize", browser(session) | headers, data=sent)
        assert answer.status_code == 403, headers
        assert answer.json()["code"] == "cross_site"
    assert call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"] == []


def test_looking_at_the_page_grants_nothing(shop: Shop, mini: Mini, session: str) -> None:
    mini.look(session, decision="allow")
    assert call(shop, "GET", "/v1/me/grants", browser(session)).json()["items"] == []


@pytest.mark.parametrize("decision", ["", "yes", "ALLOW"])
def test_only_a_clear_word_counts(mini: Mini, session: str, decision: str) -> None:
    assert mini.ask(session, decision).answer.status_code == 400


def test_an_application_does_not_allow_another_in_the_members_name(
    shop: Shop, mini: Mini, session: str
) -> None:
    mine = mini.tokens(session)["access_token"]

    by_header = call(
        shop, "POST", "/oauth/authorize", bearer(mine) | {"Origin": ISSUER},
        data=mini.wish() | {"decision": "allow"},
    )  # fmt: skip
    by_cookie = mini.ask(mine)

    assert (by_header.status_code, by_cookie.answer.status_code) == (401, 401)


def test_a_key_that_is_sent_as_a_cookie_grants_nothing(shop: Shop, mini: Mini) -> None:
    assert mini.ask(shop.secret(Scope.ADMIN)).answer.status_code == 401


def test_a_member_of_another_organization_grants_nothing_here(shop: Shop, mini: Mini) -> None:
    other = elsewhere(shop)
    with shop.db.transaction(other) as tx:
        row = tx.execute(
            "insert into member (organization_id, enrolled_at) values (%s, %s) returning id",
            [other, shop.clock()],
        ).fetchone()
    assert row is not None
    stranger = signed_in(shop, row[0], organization=other)

    assert mini.look(stranger).place.endswith("/my/sign-in")
    assert "code" not in mini.ask(stranger).told
