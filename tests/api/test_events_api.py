"""Sending events over HTTP, and looking at them."""

import json
from typing import Any

from tests.api.conftest import Shop

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
LINES = {"Content-Type": "application/x-ndjson"}


def test_an_event_is_decided_and_its_points_are_explained(shop: Shop) -> None:
    answer = shop.send(shop.event("p1", total=1250))

    assert answer.status_code == 201
    told = answer.json()
    assert told["earned"] == {"points": 12, "idle": 5}
    assert told["status"] == "decided"
    assert told["program_version"] == 1
    assert told["event"].startswith("evt_")
    assert told["member"].startswith("mem_")
    assert [lot["amount"] for lot in told["lots"]] == [12, 5]
    assert told["lots"][0]["expires_at"] == "2027-03-04T00:59:00Z"
    by_rule = {line["rule"]: line for line in told["explanation"]}
    assert by_rule["base"]["applied"] is True
    assert by_rule["weekend"] == {
        "rule": "weekend",
        "points": 0,
        "applied": False,
        "reason": "schedule",
        "detail": "The rule was not running at the time of the event.",
    }


def test_a_repeat_gets_the_first_answer_with_200(shop: Shop) -> None:
    event = shop.event("p1", total=1250)
    first = shop.send(event).json()
    shop.clock.pass_(days=40)

    again = shop.send(event)

    assert again.status_code == 200
    assert again.json() == first | {"repeat": True}
    assert shop.events_written() == 1


def test_the_same_id_with_other_content_is_a_conflict(shop: Shop) -> None:
    shop.send(shop.event("p1", total=1250))

    answer = shop.send(shop.event("p1", total=1251))

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "event_conflict"
    assert answer.json()["type"] == "/docs/problems#event_conflict"


def test_a_return_before_its_purchase_waits_and_is_decided_with_it(shop: Shop) -> None:
    back = shop.event("r1", "return", purchase_id="p1")
    waits = shop.send(back)
    shop.send(shop.event("p1", total=1000))

    assert waits.status_code == 202
    assert waits.json()["status"] == "waiting"
    told = shop.get("/v1/events", source="till", id="r1").json()
    assert told["status"] == "decided"
    assert told["taken_back"] == {"points": 10, "idle": 5}
    assert shop.balance()["available"] == 0


def test_a_batch_answers_each_event_for_itself(shop: Shop) -> None:
    events = [shop.event("p1", total=100), {"id": 7}, shop.event("p2", total=-1), "no event"]

    answer = shop.client.post("/v1/events", content=json.dumps(events), headers=BATCH)

    assert answer.status_code == 200
    items = answer.json()
    assert [item["status"] for item in items] == [201, 422, 422, 422]
    assert items[0]["answer"]["earned"]["points"] == 1
    assert items[2]["problem"]["errors"][0]["pointer"] == "/data/total"
    assert shop.events_written() == 1


def test_a_batch_of_the_same_event_twice_decides_it_once(shop: Shop) -> None:
    events = [shop.event("p1", total=100)] * 2

    items = shop.client.post("/v1/events", content=json.dumps(events), headers=BATCH).json()

    assert [item["status"] for item in items] == [201, 200]
    assert shop.balance()["available"] == 1


def test_a_batch_holds_at_most_500_events(shop: Shop) -> None:
    most = [shop.event(f"p{number}", total=100) for number in range(500)]

    fits = shop.client.post("/v1/events", content=json.dumps(most), headers=BATCH)
    over = shop.client.post("/v1/events", content=json.dumps([*most, most[0]]), headers=BATCH)

    assert {item["status"] for item in fits.json()} == {201}
    assert over.status_code == 413
    assert shop.balance()["available"] == 500


def test_lines_are_answered_in_their_order_and_a_bad_one_alone(shop: Shop) -> None:
    lines: list[Any] = [shop.event(f"p{number}", total=100) for number in range(1200)]
    text = [json.dumps(line).encode() for line in lines]
    text[700] = b"{broken"
    text.insert(3, b"   ")

    answer = shop.client.post("/v1/events", content=b"\n".join(text), headers=LINES)

    items = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert len(items) == 1200
    assert [item["status"] for item in items].count(201) == 1199
    assert items[700]["problem"]["code"] == "malformed"
    assert [item["answer"]["id"] for item in items[701:]] == [line["id"] for line in lines[701:]]
    assert shop.balance()["available"] == 1199


def test_a_line_without_end_ends_the_stream_after_the_lines_before_it(shop: Shop) -> None:
    good = json.dumps(shop.event("p1", total=100)).encode()

    answer = shop.client.post("/v1/events", content=good + b"\n" + b"x" * 300_000, headers=LINES)

    items = [json.loads(line) for line in answer.text.splitlines()]
    assert [item["status"] for item in items] == [201, 413]


def test_reasons_are_told_in_the_language_that_is_asked_for(shop: Shop) -> None:
    told = shop.send(
        shop.event("p1", total=100), **{"Accept-Language": "fr;q=0.2, zh-Hans;q=0.9, en;q=0.5"}
    ).json()

    assert told["explanation"][0]["detail"] == "规则已全额适用。"


def test_a_preview_tells_what_would_happen_and_writes_nothing(shop: Shop) -> None:
    event = shop.event("p1", total=1250)

    told = shop.client.post("/v1/events:preview", json=event)

    assert told.status_code == 200
    assert told.json()["earned"] == {"points": 12, "idle": 5}
    assert told.json()["event"] is None
    assert shop.events_written() == 0
    assert shop.get("/v1/members/card:1").status_code == 404
    shop.send(event)
    assert shop.client.post("/v1/events:preview", json=event).json()["repeat"] is True


def test_an_event_is_found_by_our_id_and_by_its_senders(shop: Shop) -> None:
    sent = shop.event("p1", total=1250)
    ours = shop.send(sent).json()["event"]

    told = shop.client.get(f"/v1/events/{ours}", headers={"Accept-Language": "zh-CN"})

    assert told.status_code == 200
    assert (
        told.json()
        == shop.client.get(
            "/v1/events",
            params={"source": "till", "id": "p1"},
            headers={"Accept-Language": "zh-CN"},
        ).json()
    )
    assert told.json()["data"] == sent["data"]
    base = told.json()["explanation"][0]
    assert base["name"] == "一元一分"
    assert base["says"]
    assert base["detail"] == "规则已全额适用。"


def test_an_event_nobody_sent_is_not_found(shop: Shop) -> None:
    for path in ("/v1/events/evt_0000000000000", "/v1/events/mem_1", "/v1/events?source=a&id=b"):
        answer = shop.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "event_not_found"


def test_without_a_program_events_are_refused_with_the_reason(bare: Shop) -> None:
    answer = bare.send(bare.event("p1", total=100))

    assert answer.status_code == 422
    assert answer.json()["code"] == "no_program_in_force"
