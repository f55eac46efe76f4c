"""Whatever is wrong with what was sent: a problem that says so, and nothing is written."""

import json
from typing import Any

import psycopg
import pytest
from tests.api.conftest import Shop

from regulars.api.pages import refusals
from regulars.api.problems import STATUS
from regulars.domain.envelopes import MAX_EVENT_BYTES

JSON = "application/json"
BATCH = "application/cloudevents-batch+json"


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def purchase(**change: Any) -> dict[str, Any]:
    """A good purchase, changed; None takes a field away."""
    event: dict[str, Any] = {
        "specversion": "1.0", "id": "p1", "source": "till", "type": "purchase",
        "subject": "card:1", "time": "2026-03-03T10:00:00Z",
        "data": {"currency": "CNY", "total": 100},
    }  # fmt: skip
    event |= change
    return {name: value for name, value in event.items() if value is not None}


def bought(**data: Any) -> dict[str, Any]:
    return purchase(data={"currency": "CNY", "total": 100} | data)


EVENTS: dict[str, tuple[Any, int, str]] = {
    "no JSON": (b"{", 400, "malformed"),
    "nothing": (b"", 400, "malformed"),
    "not UTF-8": (b'{"id": "\xff\xfe"}', 400, "malformed"),
    "half a surrogate pair": (purchase(id="\ud800"), 400, "malformed"),
    "a deep nest": (b'{"specversion":"1.0","data":' + b"[" * 100_000, 400, "malformed"),
    "deep data": (purchase(type="custom", data=nested(40)), 422, "invalid_input"),
    "too large": (bought(store="x" * MAX_EVENT_BYTES), 413, "too_large"),
    "an array": ([], 422, "invalid_input"),
    "a number": (7, 422, "invalid_input"),
    "no id": (purchase(id=None), 422, "invalid_input"),
    "an empty id": (purchase(id=""), 422, "invalid_input"),
    "a long id": (purchase(id="x" * 201), 422, "invalid_input"),
    "an id with NUL": (purchase(id="a\x00b"), 422, "invalid_input"),
    "an id that is a number": (purchase(id=5), 422, "invalid_input"),
    "another version": (purchase(specversion="0.3"), 422, "invalid_input"),
    "an unknown field": (purchase(colour="red"), 422, "invalid_input"),
    "no time": (purchase(time=None), 422, "invalid_input"),
    "a time without zone": (purchase(time="2026-03-03T10:00:00"), 422, "invalid_input"),
    "a time that is none": (purchase(time="yesterday"), 422, "invalid_input"),
    "the future": (purchase(time="2026-03-05T10:00:00Z"), 422, "invalid_input"),
    "the distant past": (purchase(time="1926-03-05T10:00:00Z"), 422, "invalid_input"),
    "the end of time": (purchase(time="9999-12-31T23:59:59-14:00"), 422, "invalid_input"),
    "no such type": (purchase(type="moon_landing", data={}), 422, "unknown_event_type"),
    "a type of ours": (purchase(type="regulars.adjustment"), 422, "invalid_input"),
    "a source of ours": (purchase(source="regulars.api:1"), 422, "invalid_input"),
    "a phone number": (purchase(subject="phone:13800138000"), 404, "member_not_found"),
    "an address": (purchase(subject="crm:ann@example.org"), 422, "invalid_input"),
    "no member id": (purchase(subject="mem_xyz"), 404, "member_not_found"),
    "a member nobody is": (purchase(subject="mem_0000000000000"), 404, "member_not_found"),
    "no data": (purchase(data=None), 422, "invalid_input"),
    "data that is a text": (purchase(data="x"), 422, "invalid_input"),
    "neither total nor lines": (purchase(data={"currency": "CNY"}), 422, "invalid_input"),
    "a negative amount": (bought(total=-1), 422, "invalid_input"),
    "a broken amount": (bought(total=1.5), 422, "invalid_input"),
    "an amount as a text": (bought(total="100"), 422, "invalid_input"),
    "an absurd amount": (bought(total=10**16), 422, "invalid_input"),
    "an amount beyond 64 bits": (bought(total=10**30), 422, "invalid_input"),
    "another currency": (bought(currency="USD"), 422, "invalid_input"),
    "no currency": (bought(currency="yuan"), 422, "invalid_input"),
    "a sum that is wrong": (bought(lines=[{"amount": 99}]), 422, "invalid_input"),
    "a negative quantity": (
        bought(total=None, lines=[{"amount": 1, "quantity": -1}]), 422, "invalid_input",
    ),
    "too many lines": (
        purchase(data={"currency": "CNY", "lines": [{"amount": 1}] * 1001}), 422, "invalid_input",
    ),
    "an unknown field in data": (bought(discount=5), 422, "invalid_input"),
    "an attribute nobody declared": (bought(attributes={"x": 1}), 422, "invalid_input"),
    "NUL in data": (bought(store="a\x00b"), 422, "invalid_input"),
    "a return that names nothing": (
        purchase(type="return", data={"purchase_id": ""}), 422, "invalid_input",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_a_bad_event_is_refused_and_not_written(shop: Shop, name: str) -> None:
    sent, status, code = EVENTS[name]
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    headers = {"Content-Type": "application/cloudevents+json"}

    alone = shop.client.post("/v1/events", content=body, headers=headers)
    previewed = shop.client.post("/v1/events:preview", content=body, headers=headers)

    for answer in (alone, previewed):
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["detail"]
    assert shop.events_written() == 0
    assert shop.get("/v1/members").json()["items"] == []


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "multipart/form-data"])
def test_another_content_type_is_refused(shop: Shop, kind: str) -> None:
    answer = shop.client.post("/v1/events", content=b"{}", headers={"Content-Type": kind})

    assert answer.status_code == 415


@pytest.mark.parametrize("body", [b"{}", b"[", b"[]", b"7", b"\xff", b'[{"id": NaN}]'])
def test_a_batch_that_is_none_is_refused_whole(shop: Shop, body: bytes) -> None:
    answer = shop.client.post("/v1/events", content=body, headers={"Content-Type": BATCH})

    assert answer.status_code in {400, 422}
    assert shop.events_written() == 0


def test_a_batch_beyond_8_mib_is_refused_before_it_is_read(shop: Shop) -> None:
    answer = shop.client.post(
        "/v1/events", content=b"[" + b" " * 8 * 1024 * 1024, headers={"Content-Type": BATCH}
    )

    assert answer.status_code == 413


WRITES: dict[str, tuple[str, Any, int]] = {
    "no JSON": ("redemptions", b"{", 400),
    "not UTF-8": ("redemptions", b'{"currency": "\xff"}', 400),
    "nothing": ("redemptions", b"", 422),
    "an array": ("redemptions", [], 422),
    "an unknown field": ("redemptions", {"currency": "points", "amount": 1, "x": 1}, 422),
    "no amount": ("redemptions", {"currency": "points"}, 422),
    "a zero amount": ("redemptions", {"currency": "points", "amount": 0}, 422),
    "a negative amount": ("redemptions", {"currency": "points", "amount": -5}, 422),
    "a broken amount": ("redemptions", {"currency": "points", "amount": 0.5}, 422),
    "an absurd amount": ("redemptions", {"currency": "points", "amount": 10**40}, 422),
    "too many points": ("redemptions", {"currency": "points", "amount": 51}, 409),
    "no such currency": ("redemptions", {"currency": "gold", "amount": 1}, 422),
    "NUL in a text": (
        "redemptions", {"currency": "points", "amount": 1, "reference": "\0"}, 422,
    ),
    "an adjustment without reason": ("adjustments", {"currency": "points", "amount": 1}, 422),
    "an adjustment of nothing": (
        "adjustments", {"currency": "points", "amount": 0, "reason": "because"}, 422,
    ),
    "a transfer to nobody": (
        "transfers", {"to": "card:9", "currency": "points", "amount": 1}, 404,
    ),
    "a transfer to oneself": (
        "transfers", {"to": "card:1", "currency": "points", "amount": 1}, 422,
    ),
    "a transfer to a phone": (
        "transfers", {"to": "phone:1", "currency": "points", "amount": 1}, 422,
    ),
    "a transfer that the program forbids": (
        "transfers", {"to": "card:2", "currency": "miles", "amount": 1}, 422,
    ),
    "a conversion nobody offers": (
        "conversions", {"source": "miles", "target": "points", "amount": 10}, 422,
    ),
    "a conversion of an odd amount": (
        "conversions", {"source": "points", "target": "miles", "amount": 11}, 422,
    ),
    "an endless hold": ("holds", {"currency": "points", "amount": 1, "seconds": 10**9}, 422),
    "a hold that is none": ("holds/hld_0/capture", {}, 404),
    "a release of nothing": ("holds/hld_0000000000000/release", {}, 404),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_a_bad_operation_is_refused_and_moves_nothing(shop: Shop, name: str) -> None:
    path, sent, status = WRITES[name]
    shop.buy(5000)
    shop.buy(100, subject="card:2")
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()

    answer = shop.client.post(
        f"/v1/members/card:1/{path}",
        content=body,
        headers={"Content-Type": JSON, "Idempotency-Key": "k1"},
    )

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert shop.events_written() == 2
    assert shop.balance()["available"] == 50


PARAMETERS = [
    ("/v1/members/card:1/balances", {"as_of": "yesterday"}),
    ("/v1/members/card:1/balances", {"as_of": "2026-03-01T00:00:00"}),
    ("/v1/members/card:1/balances", {"as_of": "0001-01-01T00:00:00+14:00"}),
    ("/v1/members/card:1/balances", {"as_of": "1772323200"}),
    ("/v1/members/card:1/lots", {"limit": "0"}),
    ("/v1/members/card:1/lots", {"limit": "201"}),
    ("/v1/members/card:1/lots", {"cursor": "WzEwLDEwXQ"}),
    ("/v1/members/card:1/timeline", {"limit": "many"}),
    ("/v1/members/card:1/timeline", {"cursor": "~"}),
    ("/v1/members/card:1/timeline", {"cursor": "é"}),
    ("/v1/members/card:1/transfers", {"cursor": "W10"}),
    ("/v1/members", {"cursor": "Wy0xXQ"}),
    ("/v1/members", {"cursor": "x" * 5000}),
    ("/v1/members", {"system": "card"}),
    ("/v1/members", {"system": "email", "external_id": "a@b.c"}),
    ("/v1/members/email:nobody", {}),
    ("/v1/members/card:\0", {}),
    ("/v1/programs/diff", {"from": "1"}),
    ("/v1/programs/diff", {"from": "0", "to": "1"}),
    ("/v1/programs/versions/one", {}),
    ("/v1/liability", {"as_of": "never"}),
]


@pytest.mark.parametrize(("path", "params"), PARAMETERS)
def test_a_bad_parameter_is_refused(shop: Shop, path: str, params: dict[str, str]) -> None:
    shop.buy(100)

    answer = shop.get(path.replace("\0", "%00"), **params)

    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "invalid_input"


def test_an_instant_before_anything_was_published_finds_nothing_had(shop: Shop) -> None:
    shop.buy(100)

    assert shop.balance(as_of="1970-01-01T00:00:00Z")["available"] == 0


def test_addresses_and_methods_that_do_not_exist_are_problems(shop: Shop) -> None:
    nowhere = shop.get("/v1/nowhere")
    wrong = shop.client.request("DELETE", "/v1/events")

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "route_not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


def test_every_refusal_has_a_status_and_an_entry_on_the_page(bare: Shop) -> None:
    page = bare.get("/docs/problems").text

    for kind in refusals():
        assert kind.code in STATUS, f"{kind.__name__} has no status"
        assert f'id="{kind.code}"' in page


def test_a_failure_of_ours_tells_its_name_and_nothing_else(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "a secret of ours"
        raise RuntimeError(message)

    monkeypatch.setattr("regulars.services.points.purse", fail)
    # The last thing that is written: all the rest is under way by then. The event brings a tier.
    monkeypatch.setattr("regulars.storage.tiers.insert", fail)

    read = shop.get("/v1/members/card:1/balances")
    sent = shop.send(shop.event("p1", total=100_000))

    for answer in (read, sent):
        assert answer.status_code == 500
        assert answer.json()["code"] == "internal"
        assert "secret" not in answer.text
        assert answer.json()["instance"] in caplog.text
    assert shop.events_written() == 0


def test_without_the_database_senders_are_told_to_come_back(shop: Shop) -> None:
    shop.send(shop.event("p1", total=100))
    away = psycopg.OperationalError("the connection is lost")
    runtime = shop.client._application._house.runtime  # type: ignore[union-attr]

    with pytest.MonkeyPatch.context() as patch:
        for way in ("transaction", "pipeline"):
            patch.setattr(type(runtime.db), way, _raising(away))
        answers = [
            shop.send(shop.event("p2", total=100)),
            shop.get("/v1/members/card:1/balances"),
            shop.get("/readyz"),
        ]

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert answers[0].json()["code"] == "unavailable"
    assert answers[0].headers["retry-after"] == "1"
    assert shop.send(shop.event("p2", total=100)).status_code == 201


def _raising(error: Exception) -> Any:
    def transaction(*_: object, **__: object) -> None:
        raise error

    return transaction
