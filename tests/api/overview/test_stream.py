"""Decisions as they are made: who looks on sees each once, and nothing personal."""

import asyncio
from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.office import COOKIE, Office
from tests.api.office import office as office  # noqa: PLC0414  # the fixture
from tests.api.overview.listening import listening

from regulars.api.onlooking import hub
from regulars.api.overview import stream
from regulars.domain.access import Role, Scope
from regulars.services import keys
from regulars.storage.database import DEPLOYMENT


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds take a twentieth of one."""
    monkeypatch.setattr(hub, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(stream, "CHECK_S", 0.05)


def hub_of(shop: Shop) -> Any:
    application: Any = shop.client._application
    return application._house.onlookers


def test_a_decision_is_seen_with_its_reason_and_without_anything_personal(shop: Shop) -> None:
    with listening(shop.client, "language=zh-CN") as ear:
        assert (ear.status, ear.headers[b"content-type"]) == (
            200,
            b"text/event-stream; charset=utf-8",
        )
        bought = shop.buy(2_500, subject="card:secret-number")
        text = ear.wait_for("event: decision")

    (told,) = ear.decisions()
    assert told["event"] == bought["event"]
    assert told["member"] == bought["member"]
    assert told["earned"] == {"points": 25, "idle": 5}
    assert (told["rule"], told["name"], told["why"]) == ("base", "一元一分", "一元一分")
    assert "secret-number" not in text


def test_what_gave_nothing_says_why(shop: Shop) -> None:
    with listening(shop.client) as ear:
        shop.send(shop.event("v", "visit"))
        shop.send(shop.event("p", total=0, subject="card:5"))
        ear.wait_for('"type":"purchase"')
    visit, _ = ear.decisions()
    assert (visit["earned"], visit["rule"], visit["why"]) == ({}, None, "")


def test_all_listeners_share_one_look_and_each_sees_each_decision_once(shop: Shop) -> None:
    with listening(shop.client) as one, listening(shop.client) as other:
        assert len(hub_of(shop)._looks) == 1
        numbers = [shop.buy(100 * n)["event"] for n in range(1, 6)]
        one.wait_for(numbers[-1])
        other.wait_for(numbers[-1])
    assert [told["event"] for told in one.decisions()] == numbers
    assert [told["event"] for told in other.decisions()] == numbers
    assert hub_of(shop)._looks == {}
    assert hub_of(shop)._listeners == {}


def test_who_comes_again_goes_on_after_the_last_that_was_read(shop: Shop) -> None:
    with listening(shop.client) as ear:
        first = shop.buy(100)["event"]
        ear.wait_for(first)
    shop.clock.pass_(seconds=30)
    missed = shop.buy(200)["event"]

    with listening(shop.client, last_event_id=ear.marks()[-1]) as again:
        again.wait_for(missed)
    assert [told["event"] for told in again.decisions()] == [missed]


@pytest.mark.parametrize("mark", ["", "x", "1.2.3", "9" * 18 + ".1", "-1.5", "1.1"])
def test_a_mark_that_tells_nothing_is_as_none(shop: Shop, mark: str) -> None:
    event = shop.buy(100)["event"]
    with listening(shop.client, last_event_id=mark) as ear:
        assert ear.status == 200
        ear.wait_for(event)


def test_it_ends_when_somebody_signs_out(office: Office) -> None:
    browser = office.hire("ana@shop.example", Role.ANALYST)
    with listening(office.client, cookie=f"{COOKIE}={browser.cookie}") as ear:
        assert ear.status == 200
        ear.wait_for("retry")
        assert browser.post("/v1/staff/sign-out").status_code == 200
        look_again: Any = office.client._application
        look_again._house.ring._revocations.refresh()
        assert ear.wait_for_end().endswith("event: end\ndata: {}\n\n")


def test_it_needs_the_scope_and_a_credential(shop: Shop) -> None:
    secret = shop.secret(Scope.EVENTS_WRITE)
    with listening(shop.client, authorization=f"Bearer {secret}") as ear:
        assert ear.status == 403
    with listening(shop.client, authorization="Bearer rgl_1_wrong") as ear:
        assert ear.status == 401


def test_another_organization_hears_nothing(shop: Shop) -> None:
    with shop.db.transaction(DEPLOYMENT) as tx:
        row = tx.execute(
            "insert into organization (code, name) values ('b', 'B') returning id"
        ).fetchone()
    assert row is not None
    made = keys.create(
        shop.db, int(row[0]), name="b", scopes=frozenset({Scope.ADMIN}), now=shop.clock()
    )
    with (
        listening(shop.client, authorization=f"Bearer {made.secret}") as theirs,
        listening(shop.client) as ours,
    ):
        theirs.wait_for("retry")
        ours.wait_for("retry")
        shop.buy(100)
        ours.wait_for("event: decision")
        assert theirs.decisions() == []


def test_listeners_are_bounded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_OF_ONE", 2)
    with listening(shop.client), listening(shop.client), listening(shop.client) as third:
        assert third.status == 429
    monkeypatch.setattr(hub, "MOST_LISTENERS", 1)
    with listening(shop.client), listening(shop.client) as second:
        assert second.status == 503
    with listening(shop.client) as after:
        assert after.status == 200


def test_a_listener_who_does_not_read_misses_the_oldest() -> None:
    async def overheard() -> int:
        listener = hub.Listener()
        table: Any = None
        for number in range(hub.MOST_UNREAD + 10):
            event: Any = number
            listener.tell(hub.Decided([event], table))
        return len(await listener.heard(0.1))

    assert asyncio.run(overheard()) == hub.MOST_UNREAD


def test_a_quiet_stream_beats_and_a_long_one_ends(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_S", 0.05)
    monkeypatch.setattr(stream, "LONGEST_S", 0.4)
    with listening(shop.client) as ear:
        assert ": still here" in ear.wait_for_end()


def test_a_process_that_stops_ends_its_streams(shop: Shop) -> None:
    with listening(shop.client) as ear:
        hub_of(shop).close()
        ear.wait_for_end()


def test_who_asks_for_json_gets_the_newest(shop: Shop) -> None:
    numbers = [shop.buy(100)["event"] for _ in range(3)]
    answer = shop.get("/v1/decisions:stream")
    assert [one["event"] for one in answer.json()["items"]] == numbers
