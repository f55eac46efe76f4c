"""How many requests a caller may make in a minute, and what it is told of that."""

from pathlib import Path

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from tests.api.conftest import Shop

from regulars.api.limits import MOST_WINDOWS, WINDOW_S, Limits, address_of
from regulars.domain.access import Access, Kind, Scope
from regulars.domain.errors import TooManyRequests
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import keys
from regulars.settings import Settings


def limited(shop: Shop, rate: int, *scopes: Scope) -> dict[str, str]:
    made = keys.create(
        shop.db, DEFAULT_ORGANIZATION, name="slow", scopes=frozenset(scopes), rate=rate,
        now=shop.clock(),
    )  # fmt: skip
    return {"Authorization": f"Bearer {made.secret}"}


def access(number: int = 1, *, rate: int = 3, kind: Kind = Kind.KEY) -> Access:
    return Access(1, kind, number, "x", frozenset(), rate=rate)


def test_beyond_its_rate_a_key_is_told_to_wait(shop: Shop) -> None:
    headers = limited(shop, 3, Scope.PROGRAM_READ)

    answers = [shop.client.get("/v1/programs/current", headers=headers) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert 0 < int(refused.headers["retry-after"]) <= WINDOW_S
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]


def test_the_intake_counts_as_well_and_together_with_the_rest(shop: Shop) -> None:
    headers = limited(shop, 3, Scope.EVENTS_WRITE, Scope.PROGRAM_READ)

    shop.client.get("/v1/programs/current", headers=headers)
    taken = [
        shop.client.post("/v1/events", json=shop.event(f"p{n}", total=100), headers=headers)
        for n in range(3)
    ]

    assert [answer.status_code for answer in taken] == [201, 201, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in taken] == ["1", "0", "0"]
    assert "retry-after" in taken[-1].headers
    assert shop.events_written() == 2


def test_a_stream_and_a_batch_are_told_their_limit_too(shop: Shop) -> None:
    headers = limited(shop, 10, Scope.EVENTS_WRITE)
    for kind, body in (
        ("application/cloudevents-batch+json", b"[]"),
        ("application/x-ndjson", b"\n"),
        ("text/plain", b"x"),
    ):
        answer = shop.client.post(
            "/v1/events", content=body, headers=headers | {"Content-Type": kind}
        )
        assert answer.headers["ratelimit-limit"] == "10", kind


def test_a_refusal_for_another_reason_tells_the_limit_too(shop: Shop) -> None:
    headers = limited(shop, 10, Scope.PROGRAM_READ)

    answer = shop.client.get("/v1/members/card:1", headers=headers)

    assert answer.status_code == 403
    assert answer.headers["ratelimit-remaining"] == "9"


def test_a_key_without_a_rate_is_told_of_none(shop: Shop) -> None:
    answer = shop.client.get("/v1/programs/current", headers=limited(shop, 0, Scope.PROGRAM_READ))

    assert "ratelimit-limit" not in answer.headers


def test_after_the_window_there_is_a_new_one() -> None:
    now = [0.0]
    limits = Limits(tick=lambda: now[0])
    windows = [limits.take(access()) for _ in range(4)]
    assert windows[-1] is not None
    with pytest.raises(TooManyRequests):
        limits.refuse_beyond(windows[-1])

    now[0] = WINDOW_S
    fresh = limits.take(access())

    assert fresh is not None
    limits.refuse_beyond(fresh)
    assert fresh.used == 1


def test_no_caller_counts_for_another() -> None:
    limits = Limits()
    callers = [
        access(1),
        access(2),
        access(1, kind=Kind.CLIENT),
        access(1, kind=Kind.STAFF),
        access(1, kind=Kind.MEMBER),
    ]
    windows = [limits.take(caller) for caller in callers]
    assert all(window is not None and window.used == 1 for window in windows)


def test_whoever_an_application_acts_for_it_is_one_application() -> None:
    limits = Limits()
    limits.take(Access(1, Kind.CLIENT, 5, "x", frozenset(), rate=9))
    for member in (1, 2):
        last = limits.take(Access(1, Kind.MEMBER, member, "x", frozenset(), client_id=5, rate=9))
    assert last is not None
    assert last.used == 3


def test_callers_without_end_do_not_fill_the_memory() -> None:
    now = [0.0]
    limits = Limits(tick=lambda: now[0])
    for number in range(MOST_WINDOWS + 10):
        limits.take(access(number))
    assert len(limits._windows) <= MOST_WINDOWS
    now[0] = WINDOW_S / 2
    limits.take(access(0))
    now[0] = WINDOW_S + 1
    for number in range(MOST_WINDOWS):
        limits.take(access(number + 2 * MOST_WINDOWS))
    assert len(limits._windows) <= MOST_WINDOWS


@pytest.mark.parametrize(
    ("at", "forwarded", "trusted", "counts"),
    [
        ("203.0.113.9", "", (), "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.2", "192.0.2.66, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.2", "192.0.2.66, 198.51.100.1, 10.0.0.3", ("10.0.0.0/8",), "198.51.100.1"),
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.2", "unknown", ("10.0.0.0/8",), "10.0.0.2"),
        ("10.0.0.2", "198.51.100.1, <b>", ("10.0.0.0/8",), "10.0.0.2"),
        ("10.0.0.2", "", ("10.0.0.0/8",), "10.0.0.2"),
        ("::ffff:203.0.113.9", "", (), "203.0.113.9"),
        ("2001:db8:1:2:3::9", "", (), "2001:db8:1:2::/64"),
        ("", "", (), "unknown"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    at: str, forwarded: str, trusted: tuple[str, ...], counts: str
) -> None:
    settings = Settings(data=Path("/nowhere"), trusted_proxies=trusted)
    assert address_of(asked_from(at, forwarded), settings) == counts


@given(st.text(max_size=60))
def test_no_forwarded_header_makes_it_fail(forwarded: str) -> None:
    settings = Settings(data=Path("/nowhere"), trusted_proxies=("10.0.0.0/8",))
    assert address_of(asked_from("10.0.0.2", forwarded), settings)


def asked_from(at: str, forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode("latin-1", "replace"))] if forwarded else []
    return Request({"type": "http", "client": (at, 1) if at else None, "headers": headers})
