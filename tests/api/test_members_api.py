"""Members over HTTP."""

import pytest
from tests.api.conftest import Shop


def test_a_member_is_enrolled_under_all_their_references(shop: Shop) -> None:
    body = {"refs": ["card:7", "crm:C-9"], "attributes": {"birth_month": 5, "city": "上海"}}

    answer = shop.client.post("/v1/members", json=body)

    assert answer.status_code == 201, answer.text
    member = answer.json()
    assert member["attributes"] == {"birth_month": 5, "city": "上海"}
    assert member["tier"] == "green"
    assert member["enrolled_at"] == "2026-03-04T01:00:00Z"
    for ref in ("card:7", "crm:C-9", member["member"]):
        assert shop.get(f"/v1/members/{ref}").json() == member


def test_enrolling_twice_finds_the_same_member(shop: Shop) -> None:
    body = {"refs": ["card:7", "crm:9"], "attributes": {"birth_month": 5}}
    first = shop.client.post("/v1/members", json=body)
    shop.clock.pass_(seconds=5)

    again = shop.client.post("/v1/members", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert shop.events_written() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"refs": ["card:7"]}, "member_exists"),
        ({"refs": ["card:7", "crm:9", "app:1"]}, "identity_taken"),
        ({"refs": ["card:7", "card:8"]}, "identity_taken"),
        ({"refs": ["card:7", "crm:9"], "attributes": {"birth_month": 6}}, "member_exists"),
    ],
)
def test_enrolling_somebody_otherwise_is_a_conflict(shop: Shop, body: object, code: str) -> None:
    shop.client.post(
        "/v1/members", json={"refs": ["card:7", "crm:9"], "attributes": {"birth_month": 5}}
    )
    shop.client.post("/v1/members", json={"refs": ["card:8"]})

    answer = shop.client.post("/v1/members", json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"refs": []},
        {"refs": ["mem_0000000000000"]},
        {"refs": ["phone:138"]},
        {"refs": ["card:1"] * 51},
        {"refs": ["card:1"], "attributes": {"name": "Ann"}},
        {"refs": ["card:1"], "attributes": {"birth_month": "May"}},
        {"refs": ["card:1"], "attributes": {"birth_month": 1.5}},
        {"refs": ["card:1"], "enrolled_at": "2027-01-01T00:00:00Z"},
        {"refs": ["card:1"], "enrolled_at": "2025-01-01"},
        {"refs": ["card:1"], "name": "Ann"},
    ],
)
def test_a_member_who_cannot_be_enrolled_is_not_there(shop: Shop, body: object) -> None:
    answer = shop.client.post("/v1/members", json=body)

    assert answer.status_code in {404, 422}, answer.text
    assert shop.get("/v1/members").json()["items"] == []


def test_attributes_change_and_null_removes_one(shop: Shop) -> None:
    shop.client.post(
        "/v1/members", json={"refs": ["card:7"], "attributes": {"birth_month": 5, "city": "x"}}
    )

    answer = shop.client.patch(
        "/v1/members/card:7", json={"attributes": {"city": None, "newsletter": True}}
    )

    assert answer.status_code == 200
    assert answer.json()["attributes"] == {"birth_month": 5, "newsletter": True}
    assert answer.headers["etag"] == shop.get("/v1/members/card:7").headers["etag"]


def test_a_change_of_what_changed_meanwhile_is_refused(shop: Shop) -> None:
    shop.client.post("/v1/members", json={"refs": ["card:7"]})
    etag = shop.get("/v1/members/card:7").headers["etag"]
    first = shop.client.patch(
        "/v1/members/card:7", json={"attributes": {"birth_month": 5}}, headers={"If-Match": etag}
    )

    second = shop.client.patch(
        "/v1/members/card:7", json={"attributes": {"birth_month": 6}}, headers={"If-Match": etag}
    )

    assert first.status_code == 200
    assert first.headers["etag"] != etag
    assert (second.status_code, second.json()["code"]) == (412, "stale_mark")
    assert shop.get("/v1/members/card:7").json()["attributes"] == {"birth_month": 5}


def test_a_further_reference_leads_to_the_same_member(shop: Shop) -> None:
    shop.buy(100)

    for _ in range(2):
        answer = shop.client.post("/v1/members/card:1/identities", json={"ref": "app:5"})
        assert answer.status_code == 200

    assert shop.balance("app:5")["available"] == 1
    assert answer.json()["identities"] == [
        {"system": "app", "external_id": "5"},
        {"system": "card", "external_id": "1"},
    ]


def test_a_reference_of_somebody_else_is_not_taken_away(shop: Shop) -> None:
    shop.buy(100)
    shop.buy(100, subject="card:2")

    answer = shop.client.post("/v1/members/card:1/identities", json={"ref": "card:2"})

    assert (answer.status_code, answer.json()["code"]) == (409, "identity_taken")


def test_members_are_found_by_their_id_in_a_system(shop: Shop) -> None:
    shop.buy(100, subject="card:a/b")

    found = shop.get("/v1/members", system="card", external_id="a/b").json()
    nobody = shop.get("/v1/members", system="card", external_id="zz").json()

    assert len(found["items"]) == 1
    assert nobody["items"] == []
    assert shop.get(f"/v1/members/{found['items'][0]['member']}").status_code == 200


def test_pages_of_members_hold_everyone_once(shop: Shop) -> None:
    for number in range(7):
        shop.buy(100, subject=f"card:{number}")
    seen: list[str] = []
    path: str | None = "/v1/members?limit=3"
    sizes = []

    while path:
        page = shop.client.get(path)
        items = page.json()["items"]
        sizes.append(len(items))
        seen += [one["identities"][0]["external_id"] for one in items]
        path = page.headers["link"].split(";")[0].strip("<>") if "link" in page.headers else None

    assert sizes == [3, 3, 1]
    assert seen == [str(number) for number in range(7)]


def test_the_tier_tells_what_is_missing_and_how_it_came(shop: Shop) -> None:
    shop.buy(40_000)
    before = shop.get("/v1/members/card:1/tier").json()
    shop.buy(70_000)
    after = shop.client.get("/v1/members/card:1/tier", headers={"Accept-Language": "zh"}).json()

    assert before["tier"] == "green"
    assert before["metrics"] == {"spend": 40_000}
    assert before["to_next"] == [
        {
            "tier": "gold",
            "name": "Gold",
            "needs": [
                {
                    "metric": "spend",
                    "needed": 100_000,
                    "there": 40_000,
                    "missing": 60_000,
                    "says": "1,000 yuan spent in one calendar year",
                    "money": "CNY",
                }
            ],
        }
    ]
    assert (after["tier"], after["name"]) == ("gold", "金卡")
    assert after["to_next"] == []
    assert [(move["old"], move["new"]) for move in after["history"]] == [("green", "gold")]


def test_the_timeline_goes_back_page_by_page(shop: Shop) -> None:
    for number in range(5):
        shop.clock.pass_(hours=1)
        shop.send(shop.event(f"p{number}", total=100))
    shop.send(shop.event("v1", "visit"))

    first = shop.get("/v1/members/card:1/timeline", limit=4, type="purchase").json()
    rest = shop.get(
        "/v1/members/card:1/timeline", limit=4, type="purchase", cursor=first["next"]
    ).json()
    everything = shop.get("/v1/members/card:1/timeline").json()

    assert [one["id"] for one in first["items"]] == ["p4", "p3", "p2", "p1"]
    assert [one["id"] for one in rest["items"]] == ["p0"]
    assert rest["next"] is None
    assert len(everything["items"]) == 6
    assert first["items"][0]["earned"] == {"points": 1, "idle": 5}


def test_explanations_tell_every_rule_in_words(shop: Shop) -> None:
    shop.buy(100)

    told = shop.client.get(
        "/v1/members/card:1/explanations", headers={"Accept-Language": "zh-CN"}
    ).json()["items"][0]

    assert [line["name"] for line in told["explanation"]] == ["一元一分", "活跃积分", "周末双倍"]
    assert told["explanation"][2]["detail"] == "事件发生时该规则不在适用时间内。"


def test_nobody_is_not_found_anywhere(shop: Shop) -> None:
    for part in ("", "/balances", "/lots", "/holds", "/transfers", "/tier", "/timeline",
                 "/explanations"):  # fmt: skip
        for ref in ("card:9", "mem_0000000000000"):
            answer = shop.get(f"/v1/members/{ref}{part}")
            assert (answer.status_code, answer.json()["code"]) == (404, "member_not_found")
