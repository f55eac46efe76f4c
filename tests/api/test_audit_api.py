"""The audit trail through the API: who did what is on record, found again, and whole."""

from typing import Any

from tests.api.conftest import PROGRAM, Shop

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage.database import Database

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def trail(shop: Shop, **wanted: Any) -> list[Any]:
    answer = shop.get("/v1/audit", **wanted)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_every_write_to_the_ledger_is_on_record_once(shop: Shop) -> None:
    member = shop.buy(5000)["member"]
    shop.buy(100, "card:2")
    points = {"currency": "points", "amount": 5}
    acts: list[tuple[str, Any]] = [
        ("adjustments", points | {"reason": "Forgotten at the till"}),
        ("redemptions", points),
        ("transfers", points | {"to": "card:2"}),
        ("conversions", {"source": "points", "target": "miles", "amount": 10}),
        ("holds", points),
    ]
    for path, body in acts:
        for _ in range(2):  # A retry is no second deed.
            answer = shop.do(f"/v1/members/card:1/{path}", body, key=path)
            assert answer.status_code == 201, answer.text
    hold = answer.json()["hold"]["hold"]
    assert shop.do(f"/v1/members/card:1/holds/{hold}/capture", {"amount": 3}).status_code == 201
    refused = shop.do("/v1/members/card:1/redemptions", points | {"amount": 10**6})
    assert refused.status_code == 409

    found = trail(shop, action="points.")[::-1]

    assert [(one["action"], one["after"]) for one in found] == [
        ("points.adjusted", {"currency": "points", "amount": 5}),
        ("points.redeemed", {"currency": "points", "amount": 5}),
        ("points.transferred", {"currency": "points", "amount": 5}),
        ("points.converted", {"from": "points", "to": "miles", "amount": 10}),
        ("points.held", {"currency": "points", "amount": 5, "seconds": 900}),
        ("points.captured", {"hold": hold, "amount": 3}),
    ]
    assert {one["member"] for one in found} == {member}
    assert {one["actor"] for one in found} == {"key:1"}
    assert {one["purpose"] for one in found} == {""}
    event = found[0]["target"].removeprefix("event:")
    told = shop.get(f"/v1/events/{event}").json()
    assert (told["type"], told["sent_by"]) == ("regulars.adjustment", "key:1")
    assert [one["entry"] for one in trail(shop, target=found[0]["target"])] == [found[0]["entry"]]


def test_an_event_says_who_sent_it(shop: Shop) -> None:
    event = shop.buy(100)["event"]
    assert shop.get(f"/v1/events/{event}").json()["sent_by"] == "key:1"


def test_members_programs_and_their_changes_are_on_record(shop: Shop) -> None:
    made = shop.client.post(
        "/v1/members", json={"refs": ["card:7", "crm:8"], "attributes": {"city": "Xi'an"}}
    )
    again = shop.client.post("/v1/members", json={"refs": ["card:7", "crm:8"]})
    shop.client.patch("/v1/members/card:7", json={"attributes": {"city": "Wuhan"}})
    for _ in range(2):
        shop.client.post("/v1/members/card:7/identities", json={"ref": "app:1"})
    shop.client.post("/v1/programs:publish", json={"document": PROGRAM})
    assert (made.status_code, again.status_code) == (201, 200)

    found = trail(shop, member="card:7")[::-1]
    published = trail(shop, action="program.")[0]

    assert [(one["action"], one["after"]) for one in found] == [
        ("member.enrolled", {"systems": ["card", "crm"]}),
        ("member.changed", {"attributes": ["city"]}),
        ("member.identified", {"systems": ["app"]}),
    ]
    assert (published["target"], published["before"]) == ("program:2", {"version": 1})
    assert "Wuhan" not in shop.get("/v1/audit").text


def test_a_deed_is_found_by_the_trace_of_its_request(shop: Shop) -> None:
    shop.client.post("/v1/members", json={"refs": ["card:7"]}, headers={"traceparent": PARENT})
    shop.client.post("/v1/members", json={"refs": ["card:8"]})

    assert [one["target"] for one in trail(shop, trace=TRACE)] == [trail(shop)[1]["target"]]


def test_pages_follow_each_other_without_gaps(shop: Shop) -> None:
    for number in range(7):
        shop.secret(Scope.EVENTS_WRITE)
        shop.clock.pass_(seconds=number)
    whole = [one["entry"] for one in trail(shop, action="key.")]

    paged: list[int] = []
    cursor: dict[str, Any] = {}
    while True:
        answer = shop.get("/v1/audit", action="key.", limit=3, **cursor).json()
        paged += [one["entry"] for one in answer["items"]]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}

    assert paged == whole == sorted(whole, reverse=True)
    assert len(whole) == 8
    middle = trail(shop, action="key.")[3]["at"]
    later = trail(shop, action="key.", **{"from": middle})
    earlier = trail(shop, action="key.", to=middle)
    assert len(later) + len(earlier) == 8
    assert all(one["at"] < middle for one in earlier)


def test_only_whoever_may_read_the_trail_does(shop: Shop) -> None:
    others = [scope for scope in Scope if scope not in {Scope.AUDIT_READ, Scope.ADMIN}]
    headers = {"Authorization": f"Bearer {shop.secret(*others)}"}
    for path in ("/v1/audit", "/v1/audit:verify"):
        assert shop.client.get(path, headers=headers).status_code == 403


def test_the_trail_is_whole_until_somebody_lays_hands_on_it(shop: Shop) -> None:
    shop.buy(5000)
    shop.do("/v1/members/card:1/redemptions", {"currency": "points", "amount": 5})

    verdict = shop.get("/v1/audit:verify").json()
    assert verdict["clean"]
    assert verdict["unsealed"] == 0
    assert shop.get("/v1/audit:verify", head=verdict["head"]).json()["clean"]
    seq, _, digest = verdict["head"].partition(":")
    other = f"{seq}:{digest[::-1]}"
    found = shop.get("/v1/audit:verify", head=other).json()
    assert [flaw["wrong"] for flaw in found["flaws"]] == ["other_head"]
    assert shop.get("/v1/audit:verify", head="x").status_code == 422


def test_a_deed_and_its_record_are_there_together_or_not_at_all(db: Database, shop: Shop) -> None:
    shop.buy(5000)
    before = len(trail(shop))
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute("select count(*) from transfer").fetchone()
    for body in ({"currency": "points", "amount": 51}, {"currency": "gold", "amount": 1}):
        assert shop.do("/v1/members/card:1/redemptions", body).status_code in {409, 422}

    assert len(trail(shop)) == before
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        assert tx.execute("select count(*) from transfer").fetchone() == row
