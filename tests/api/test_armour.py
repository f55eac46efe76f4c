"""What stands around every route: which requests come in, and what every answer carries."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import Clock, Shop
from tests.api.farside import Client
from tests.conftest import cabinet

from regulars.api import armour
from regulars.api.application import Application
from regulars.api.armour import host_in, is_address, served_names
from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION, Runtime
from regulars.services import keys
from regulars.settings import Settings
from regulars.storage.database import Database

OURS = "https://loyalty.example"
SHOP = "https://shop.example"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

PLACES = ["/", "/docs", "/docs/problems", "/openapi.json", "/healthz", "/metrics", "/nowhere",
          "/v1/members", "/v1/members/card:404", "/v1/audit", "/docs/assets/favicon.png",
          "/docs/assets/../../pyproject.toml"]  # fmt: skip


@pytest.fixture
def public(db: Database, db_url: str, clock: Clock) -> Iterator[Client]:
    """An application that browsers reach by https, and that one shop's pages may call."""
    settings = Settings(
        data=Path("/nowhere"), database_url=db_url, public_url=OURS, allowed_origins=(SHOP,),
        served_hosts=("loyalty.internal",),
    )  # fmt: skip
    runtime = Runtime(settings, Database(db_url, pool_size=2), cabinet(), clock=clock)
    made = keys.create(
        db, DEFAULT_ORGANIZATION, name="all", scopes=frozenset({Scope.ADMIN}), now=clock()
    )
    headers = {"Authorization": f"Bearer {made.secret}"}
    with Client(Application(lambda: runtime), headers) as client:
        yield client


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_carries_what_protects_whoever_gets_it(public: Client, path: str) -> None:
    answer = public.get(path)
    told = answer.headers

    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    assert told["cross-origin-opener-policy"] == "same-origin"
    assert told["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in told["permissions-policy"]
    assert told["strict-transport-security"] == "max-age=31536000"
    policy = told["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert ("script-src" in policy) == (path == "/docs")
    assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    is_asset = path.startswith("/docs/assets") and answer.status_code == 200
    assert told["cache-control"] == ("public, max-age=3600" if is_asset else "no-store")
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", told["traceparent"])
    for name in set(told) - {"vary"}:
        assert len(told.get_list(name)) == 1, name


def test_events_and_refusals_carry_it_too(shop: Shop) -> None:
    sent = shop.send(shop.event("p1", total=100))
    refused = shop.send({})
    unknown = shop.client.post("/v1/events", json={}, headers={"Authorization": "Bearer x"})
    for answer in (sent, refused, unknown):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in answer.headers  # By plain HTTP it means nothing.
        assert "traceparent" in answer.headers
    assert [one.status_code for one in (sent, refused, unknown)] == [201, 422, 401]


def test_the_inline_script_and_style_of_our_pages_are_the_ones_that_their_policy_names(
    shop: Shop,
) -> None:
    for path in ("/", "/docs", "/docs/problems"):
        answer = shop.get(path)
        policy = answer.headers["content-security-policy"]
        for kind in ("script", "style"):
            for text in re.findall(rf"<{kind}>(.*?)</{kind}>", answer.text, re.DOTALL):
                from regulars.api.pages import _hash

                assert f"'{_hash(text.encode())}'" in policy, (path, kind)
        assert not re.search(r"\son\w+=", answer.text), path


def test_the_trace_of_a_caller_is_told_back_and_a_bad_one_is_replaced(shop: Shop) -> None:
    def told(parent: str) -> str:
        return shop.client.get("/healthz", headers={"traceparent": parent}).headers["traceparent"]

    assert told(f"00-{TRACE}-00f067aa0ba902b7-01")[3:35] == TRACE
    for bad in ("", "00", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{TRACE.upper()}-x-01",
                f"00-{TRACE}-00f067aa0ba902b7-01\tx: y"):  # fmt: skip
        assert told(bad)[3:35] not in {TRACE, "0" * 32}
    assert told("") != told("")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("loyalty.example", 200), ("LOYALTY.example:443", 200), ("loyalty.internal", 200),
        ("localhost:8321", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("10.1.2.3:8321", 200),
        ("loyalty.example.", 200),
        ("evil.example", 421), ("loyalty.example.evil.example", 421), ("", 421),
        ("loyalty.example@evil.example", 421), ("loyalty.example, evil.example", 421),
        ("127.0.0.1.evil.example", 421), ("evil.example:127.0.0.1", 421), ("é", 421),
    ],
)  # fmt: skip
def test_only_names_that_are_ours_are_answered(public: Client, host: str, status: int) -> None:
    for path in ("/healthz", "/v1/members"):
        answer = public.get(path, headers={"Host": host.encode("latin-1")})
        assert answer.status_code == status, path
        if status == 421:
            assert answer.json()["code"] == "host_not_served"
            assert host not in answer.text or not host


def test_the_pages_of_an_allowed_origin_may_call_and_read(public: Client) -> None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": "PATCH",
             "Access-Control-Request-Headers": "authorization, if-match"}  # fmt: skip
    preflight = public.request("OPTIONS", "/v1/members/card:1", headers=asked)
    answer = public.get("/v1/members", headers={"Origin": SHOP})

    assert preflight.status_code == 204
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "if-match" in preflight.headers["access-control-allow-headers"]
    for one in (preflight, answer):
        assert one.headers["access-control-allow-origin"] == SHOP
        assert one.headers["access-control-allow-credentials"] == "true"
        assert "origin" in one.headers["vary"]
    assert "etag" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "*", SHOP + ".evil.example", "http://shop.example",
     SHOP + ":444", "https://SHOP.example", "https://evil.example/" + SHOP, SHOP + "/"],
)  # fmt: skip
def test_no_other_page_is_let_in_or_may_read(public: Client, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = public.request("OPTIONS", "/v1/events", headers=asked)
    answer = public.get("/v1/members", headers={"Origin": origin})

    assert (preflight.status_code, preflight.json()["code"]) == (403, "cross_site")
    for one in (preflight, answer):
        assert not [name for name in one.headers if name.startswith("access-control")]
        assert one.headers["vary"] == "origin", "a cache must not give it to the shop"


def test_where_no_origin_is_allowed_there_is_no_word_of_it(shop: Shop) -> None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
    preflight = shop.client.request("OPTIONS", "/v1/events", headers=asked)
    assert preflight.status_code == 403
    answer = shop.client.get("/v1/members", headers={"Origin": SHOP})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "PROPFIND", "DEBUG", "X"])
def test_methods_that_nothing_takes_are_refused(shop: Shop, method: str) -> None:
    answer = shop.client.request(method, "/v1/events")
    assert answer.status_code == 405


def test_an_address_may_be_so_long_and_no_longer(shop: Shop) -> None:
    path = "/v1/members"
    room = armour.MAX_URL - len(path)
    assert shop.client.get(f"{path}?{'x' * room}").status_code == 200
    answer = shop.client.get(f"{path}?{'x' * (room + 1)}")
    assert (answer.status_code, answer.json()["code"]) == (414, "uri_too_long")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "x"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/members"])
def test_compressed_bodies_are_not_unpacked(shop: Shop, coding: str, path: str) -> None:
    bomb = bytes.fromhex("1f8b08000000000002ff") + b"\x00" * 100
    answer = shop.client.post(
        path, content=bomb, headers={"Content-Encoding": coding, "Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    plain = shop.client.post(
        path, content=b"{}",
        headers={"Content-Encoding": "identity", "Content-Type": "application/json"},
    )  # fmt: skip
    assert plain.status_code == 422


def test_names_are_told_from_addresses() -> None:
    assert host_in("[2001:db8::1]:8321") == "2001:db8::1"
    assert host_in("Shop.Example:80") == "shop.example"
    assert is_address("::1")
    assert not is_address("1.2.3.4.5")
    names = served_names(Settings(data=Path("/x"), public_url="https://a.example:8443/base"))
    assert names == {"a.example", "localhost"}


def test_a_failure_of_ours_is_answered_and_says_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    application: Any = shop.client._application

    async def fail(*_: object) -> None:
        message = "the secret is alice@example.org"
        raise ValueError(message)

    monkeypatch.setattr(application._armour, "_inner", fail)
    answer = shop.get("/v1/members")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "alice" not in answer.text


@pytest.mark.parametrize("path", ["/v1/members/", "/v1//members", "/v1/members//", "/docs/"])
def test_nobody_is_sent_elsewhere_for_a_slash(shop: Shop, path: str) -> None:
    """A redirection would be to the name and the scheme that the caller came by, in the clear where
    a proxy ends TLS; clients send their keys along."""
    answer = shop.client.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers
