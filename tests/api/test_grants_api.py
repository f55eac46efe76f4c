"""A member allows an application something, it calls for them, and the member takes it back."""

from tests.api.applying import (
    ISSUER,
    bearer,
    enrolled,
    registered,
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
