"""The endpoints of OAuth leave no secret lying about, and let no flood in."""

import logging
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from tests.api.applying import bearer, call, enrolled, own_token, registered, service, signed_in
from tests.api.conftest import Shop

from regulars.api import authorizing, oauth
from regulars.services.authorization import answering
from regulars.services.authorization.requests import Asked
from regulars.services.authorization.signing import TokenBook


def test_no_secret_code_or_token_is_logged_or_stored(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session, mini, itself = signed_in(shop, enrolled(shop)), registered(shop), service(shop)
    code = mini.ask(session).told["code"]
    first = mini.exchange(code).json()
    second = mini.refresh(first["refresh_token"]).json()
    mini.refresh(first["refresh_token"])
    mini.exchange(code)
    mini.post("/oauth/introspect", token=second["access_token"])
    mini.post("/oauth/revoke", token=second["refresh_token"])
    secrets = [
        code, mini.secret, itself.secret, mini.verifier, session, own_token(itself),
        *(each[name] for each in (first, second) for name in ("access_token", "refresh_token")),
    ]  # fmt: skip

    with shop.db.transaction(1) as tx:
        names = [name for (name,) in tx.execute("select tablename from pg_tables "
                                                "where schemaname = 'public'")]  # fmt: skip
        stored = "".join(
            str(tx.execute(f"select t::text from {name} as t".encode()).fetchall())
            for name in names
        )
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    for secret in secrets:
        assert secret
        assert secret not in logged
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_no_refusal_repeats_what_was_sent(shop: Shop) -> None:
    mini = registered(shop)
    canary = "canary13579"
    for sent in (
        {"grant_type": canary},
        {"grant_type": "refresh_token", "refresh_token": canary},
        {"grant_type": "authorization_code", "code": canary, "redirect_uri": canary},
        {"grant_type": "client_credentials", "scope": canary},
        {"grant_type": "authorization_code", "client_secret": canary},
    ):
        assert canary not in mini.token(**sent).text
    for place in (mini.wish() | {name: canary} for name in mini.wish() if name != "state"):
        answer = call(shop, "GET", "/oauth/authorize", {}, params=place)
        assert canary not in answer.text.replace(answer.headers.get("location", "none"), "")


def test_one_address_floods_no_open_endpoint(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "PER_MINUTE", 3)
    monkeypatch.setattr(authorizing, "PER_MINUTE", 3)
    for method, path in (
        ("POST", answering.TOKEN),
        ("POST", answering.REVOKE),
        ("POST", answering.INTROSPECT),
        ("GET", answering.AUTHORIZE),
    ):
        answers = [call(shop, method, path, {}) for _ in range(4)]
        assert [answer.status_code == 429 for answer in answers] == [False, False, False, True]
        assert answers[-1].json()["code"] == "too_many_requests"
        assert "retry-after" in answers[-1].headers
        assert answers[0].headers["ratelimit-remaining"] == "2"


def test_without_https_there_is_no_oauth_but_on_this_machine(shop: Shop) -> None:
    house = shop.client._application._house
    assert house is not None
    book = TokenBook(shop.db, house.runtime.cabinet, "http://shop.example", clock=shop.clock)
    asked = Asked(
        "POST",
        "http://shop.example/oauth/token",
        [("grant_type", "client_credentials"), ("client_id", service(shop).client_id)],
    )
    for endpoint in (answering.token, answering.revoke, answering.introspect):
        answered = endpoint(shop.db, book, asked, now=shop.clock(), trace="")
        assert answered.body["error"] == "insecure_transport"
    told = answering.consent(shop.db, book, replace(asked, method="GET"), None, now=shop.clock())
    assert isinstance(told, answering.Answered)
    assert told.location is None


def test_of_two_who_refresh_at_once_none_keeps_what_they_got(shop: Shop) -> None:
    mini = registered(shop)
    token = mini.tokens(signed_in(shop, enrolled(shop)))["refresh_token"]
    answers: list[Any] = []
    threads = [Thread(target=lambda: answers.append(mini.refresh(token))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    good = [answer.json() for answer in answers if answer.status_code == 200]
    shop.look_again()

    assert len(good) == 1
    assert shop.client.get("/v1/me", headers=bearer(good[0]["access_token"])).status_code == 401
    assert mini.refresh(good[0]["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_member_who_says_yes_twice_at_once_has_granted_once(shop: Shop) -> None:
    mini, session = registered(shop), signed_in(shop, enrolled(shop))
    tried: list[Any] = []
    threads = [Thread(target=lambda: tried.append(mini.ask(session))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({one.told["code"] for one in tried}) == 4
    with shop.db.transaction(1) as tx:
        assert tx.execute("select count(*) from client_grant").fetchone() == (1,)
