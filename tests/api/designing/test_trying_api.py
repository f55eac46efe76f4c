"""Trying drafts over HTTP: schema, fields, examples, one event. Nothing is ever written."""

from datetime import timedelta
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from tests.api.conftest import PROGRAM, Shop

from regulars.domain.access import Scope

DOUBLED = PROGRAM.replace("rate: 1, per: 1.00", "rate: 2, per: 1.00")
CUSTOM = (
    PROGRAM
    + """
event_types:
  stamp:
    name: {en: Stamp, zh-CN: 盖章}
    amount: worth
    schema:
      type: object
      required: [worth]
      properties:
        worth: {type: integer, minimum: 0}
        colour: {type: string, enum: [red, blue]}
examples:
  - name: A purchase earns
    events:
      - type: purchase
        time: 2026-03-04T10:00:00+08:00
        data: {currency: CNY, total: 1000}
        expect: {earn: {points: 10, idle: 5}}
      - type: purchase
        time: 2026-03-04T10:05:00+08:00
        data: {currency: CNY, total: 1000}
        expect: {earn: {points: 11, idle: 5}, tier: green}
"""
)


def try_(shop: Shop, document: str, event: Any, **more: Any) -> httpx.Response:
    body = {"document": document, "event": event} | more
    return shop.client.post("/v1/programs:try", json=body)


def test_the_schema_accepts_a_program_that_can_be_published(shop: Shop) -> None:
    schema = shop.get("/v1/programs/schema").json()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    document = yaml.load(PROGRAM, yaml.BaseLoader)
    assert set(document) <= set(schema["properties"])
    assert all("description" in one or "$ref" in one for one in schema["properties"].values())


def test_an_editor_learns_what_conditions_may_name(shop: Shop) -> None:
    told = shop.client.post(
        "/v1/programs:fields", json={"document": CUSTOM}, headers={"Accept-Language": "zh-CN"}
    ).json()

    types = {one["type"]: one for one in told["event_types"]}
    purchase = {one["name"]: one for one in types["purchase"]["fields"]}
    stamp = {one["name"]: one for one in types["stamp"]["fields"]}
    assert purchase["order.total"]["money"]
    assert purchase["order.total"]["label"] == "总额"
    assert purchase["line.category"]["line"]
    assert purchase["member.attributes.birth_month"]["optional"]
    assert purchase["member.tier"]["values"] == [
        {"value": "green", "label": "绿卡"},
        {"value": "gold", "label": "金卡"},
    ]
    assert (stamp["event.data.worth"]["type"], stamp["event.data.worth"]["money"]) == ("int", True)
    assert [one["value"] for one in stamp["event.data.colour"]["values"]] == ["red", "blue"]
    assert types["stamp"]["custom"]
    assert "order.total" not in stamp
    assert {"has", "matches", "getDate"} <= {one["name"] for one in told["functions"]}


def test_every_field_that_is_told_can_be_named_in_a_condition(shop: Shop) -> None:
    told = shop.client.post("/v1/programs:fields", json={"document": CUSTOM}).json()
    base = yaml.load(CUSTOM, yaml.BaseLoader) | {"examples": []}
    rules = [
        {
            "id": f"r{place}",
            "name": {"en": "x"},
            "on": kind["type"],
            "earn": {"currency": "points", "points": 1},
            **(
                {"lines": {"where": f"string({field['name']}) != ''"}}
                if field["line"]
                else {"when": f"size([{field['name']}]) == 1"}
            ),
        }
        for kind in told["event_types"]
        for place, field in enumerate(kind["fields"])
        if field["line"] is False and field["optional"] is False
    ]
    for place, rule in enumerate(rules):
        rule["id"] = f"rule_{place}"
    text = yaml.safe_dump(base | {"rules": rules[:200]}, allow_unicode=True)
    text = text.replace("regulars: '1'", "regulars: 1")

    findings = shop.client.post("/v1/programs:lint", json={"document": text}).json()["findings"]

    assert [one for one in findings if one["code"] == "condition_invalid"] == []


def test_examples_tell_what_was_expected_and_what_came(shop: Shop) -> None:
    told = shop.client.post("/v1/programs:test", json={"document": CUSTOM}).json()

    assert not told["passed"]
    first, second = told["items"][0]["steps"]
    assert (first["passed"], second["passed"]) == (True, False)
    assert second["expected"]["earned"] == {"points": 11, "idle": 5}
    assert second["got"]["earned"] == {"points": 10, "idle": 5}
    assert second["got"]["tier"] == "green"
    assert second["words"] == ["earned 10 points, not 11"]
    chinese = shop.client.post(
        "/v1/programs:test", json={"document": CUSTOM}, headers={"Accept-Language": "zh-CN"}
    ).json()
    assert chinese["items"][0]["steps"][1]["words"] == ["获得10 points，而非11"]
    assert CUSTOM.splitlines()[second["line"] - 1].strip().startswith("- type: purchase")
    assert {one["rule"] for one in second["got"]["explanation"]} == {"base", "idle", "weekend"}


def test_what_is_no_program_is_told_by_line(shop: Shop) -> None:
    for path in ("programs:test", "programs:fields"):
        answer = shop.client.post(f"/v1/{path}", json={"document": "rules: ["})
        assert (answer.status_code, answer.json()["code"]) == (422, "program_invalid")
        assert answer.json()["errors"][0]["line"] >= 1


def test_an_event_is_tried_under_the_draft_and_nothing_is_written(shop: Shop) -> None:
    before = shop.events_written()

    now = shop.send(shop.event("p1", total=1000)).json()
    told = try_(shop, DOUBLED, shop.event("p2", total=1000)).json()

    assert now["earned"]["points"] == 10
    assert told["earned"]["points"] == 20
    assert told["program_version"] == 0
    assert (told["event"], told["member"]) == (None, None)
    assert [one["rule"] for one in told["explanation"] if one["applied"]] == ["base", "idle"]
    assert shop.events_written() == before + 1


def test_a_member_is_tried_as_they_are_now(shop: Shop) -> None:
    shop.buy(100_000)
    event = shop.event("p2", total=1000)

    member = try_(shop, DOUBLED, event, member="card:1").json()
    stranger = try_(shop, DOUBLED, event).json()

    assert member["tier"]["before"] == "gold"
    assert stranger["tier"]["before"] == "green"
    assert try_(shop, DOUBLED, event, member="card:9").json()["code"] == "member_not_found"


def test_a_return_is_tried_on_the_purchase_as_it_was_decided(shop: Shop) -> None:
    shop.send(shop.event("p1", total=1000))
    event = shop.event("r1", kind="return", purchase_id="p1")

    told = try_(shop, DOUBLED, event, member="card:1").json()
    unknown = try_(shop, DOUBLED, event).json()

    assert told["taken_back"] == {"points": 10, "idle": 5}
    assert unknown["code"] == "invalid_input"
    missing = shop.event("r2", kind="return", purchase_id="nothing")
    assert try_(shop, DOUBLED, missing, member="card:1").json()["status"] == "waiting"
    assert shop.balance()["available"] == 10


def test_somebody_who_does_not_exist_can_be_tried(shop: Shop) -> None:
    event = shop.event("p1", total=1000)

    told = try_(shop, DOUBLED, event, somebody={"tier": "gold", "purchases": 3}).json()

    assert told["tier"]["before"] == "gold"
    refused = try_(shop, DOUBLED, event, somebody={"tier": "black"}).json()
    assert refused["errors"][0]["pointer"] == "/somebody/tier"
    assert try_(shop, DOUBLED, event, somebody={"attributes": {"x": 1}}).status_code == 422
    both = try_(shop, DOUBLED, event, somebody={}, member="card:1")
    assert both.json()["errors"][0]["pointer"] == "/somebody"


def test_next_saturday_can_be_tried_today(shop: Shop) -> None:
    saturday = (shop.clock() + timedelta(days=3)).isoformat()

    told = try_(shop, PROGRAM, shop.event("p1", total=1000, time=saturday)).json()

    assert told["earned"]["points"] == 20


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        ({"total": -1}, "/event/data/total"),
        ({"total": 10, "time": "yesterday"}, "/event/time"),
        ({"total": 10, "currency": "USD"}, "/event/data/currency"),
    ],
)
def test_what_is_wrong_with_the_event_is_pointed_at(
    shop: Shop, event: dict[str, Any], pointer: str
) -> None:
    answer = try_(shop, PROGRAM, shop.event("p1", **event))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_who_looks_at_a_member_has_to_be_allowed_to(shop: Shop) -> None:
    shop.buy(1000)
    headers = {"Authorization": f"Bearer {shop.secret(Scope.PROGRAM_DRAFT)}"}
    body = {"document": PROGRAM, "event": shop.event("p1", total=1), "member": "card:1"}

    refused = shop.client.post("/v1/programs:try", json=body, headers=headers)

    assert refused.json()["code"] == "missing_scope"


def test_a_draft_is_compared_with_the_version_in_force(shop: Shop) -> None:
    def compare(language: str, **body: Any) -> Any:
        headers = {"Accept-Language": language}
        return shop.client.post("/v1/programs:diff", json=body, headers=headers).json()

    told = compare("en", document=DOUBLED)

    assert told["against"] == 1
    (change,) = told["items"]
    assert (change["kind"], change["section"]) == ("changed", "rules")
    assert change["pointer"] == "/rules/0/earn"
    assert "2 points per 1.00 CNY" in change["words"]
    chinese = compare("zh-CN", document=DOUBLED)["items"][0]["words"]
    assert chinese == "规则“一元一分”：给分方式由每1.00 CNY得1积分改为每1.00 CNY得2积分"
    assert compare("en", document=PROGRAM)["items"] == []
    shop.client.post("/v1/programs:publish", json={"document": DOUBLED})
    assert compare("en", document=DOUBLED, against=1)["items"] == told["items"]
    assert compare("en", document=DOUBLED)["against"] == 2
    assert compare("en", document=DOUBLED, against=9)["code"] == "version_not_found"


def test_without_a_version_there_is_nothing_to_compare_with(bare: Shop) -> None:
    answer = bare.client.post("/v1/programs:diff", json={"document": PROGRAM})

    assert answer.json()["code"] == "no_program_in_force"
