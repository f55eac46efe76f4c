"""The list of members: filtered, sorted, page by page, and never counted."""

from datetime import timedelta
from typing import Any

import pytest
from tests.api.conftest import Shop

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.rosters import activity


def listed(shop: Shop, **params: Any) -> list[str]:
    """The cards of those who are listed, over all pages of two."""
    cards: list[str] = []
    cursor = None
    for _ in range(20):
        more = {"cursor": cursor} if cursor else {}
        answer = shop.get("/v1/members", limit=2, **params, **more)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        cards += [one["identities"][0]["external_id"] for one in told["items"]]
        cursor = told["next"]
        if cursor is None:
            return cards
    raise AssertionError("the pages never end")


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    """Five members: a day apart, each richer than the one before; the last is gold."""
    for place in range(1, 6):
        city = {
            "attributes": {"city": "Shanghai" if place % 2 else "Beijing", "birth_month": place}
        }
        shop.buy(1000 * place if place < 5 else 200_000, subject=f"card:{place}")
        assert shop.client.patch(f"/v1/members/card:{place}", json=city).status_code == 200
        shop.clock.pass_(days=1)
    activity.keep_up(shop.db, DEFAULT_ORGANIZATION)
    return shop


@pytest.mark.parametrize(
    ("params", "cards"),
    [
        ({}, "12345"),
        ({"sort": "-number"}, "54321"),
        ({"sort": "enrolled"}, "12345"),
        ({"sort": "-enrolled"}, "54321"),
        ({"sort": "active"}, "12345"),
        ({"sort": "-active"}, "54321"),
        ({"sort": "balance", "currency": "points"}, "12345"),
        ({"sort": "-balance", "currency": "points"}, "54321"),
        ({"tier": "gold"}, "5"),
        ({"tier": "green"}, "1234"),
        ({"tier": ["green", "gold"]}, "12345"),
        ({"enrolled_from": "2026-03-06T00:00:00Z"}, "345"),
        ({"enrolled_to": "2026-03-06T00:00:00Z"}, "12"),
        ({"active_from": "2026-03-05", "active_to": "2026-03-06"}, "23"),
        ({"currency": "points", "balance_from": 20, "balance_to": 40}, "23"),
        ({"condition": 'member.tier == "gold"'}, "5"),
        ({"condition": 'member.attributes.city == "Beijing"'}, "24"),
        ({"condition": 'member.attributes.city == "Beijing" && member.purchases > 1'}, ""),
        ({"condition": "member.attributes.birth_month >= 4"}, "45"),
        ({"condition": 'member.enrolled_at > timestamp("2026-03-06T00:00:00Z")'}, "345"),
        ({"condition": "has(member.attributes.newsletter)"}, ""),
        ({"condition": 'member.tier == "green"', "sort": "-enrolled"}, "4321"),
        ({"status": "active"}, "12345"),
        ({"status": "frozen"}, ""),
    ],
)
def test_members_are_found_by_what_is_asked(
    crowd: Shop, params: dict[str, Any], cards: str
) -> None:
    assert "".join(listed(crowd, **params)) == cards


def test_who_is_frozen_restricted_merged_or_erased_is_found_as_such(crowd: Shop) -> None:
    why = {"reason": "Looked into"}
    crowd.client.post("/v1/members/card:1/freeze", json={"frozen": True, **why})
    crowd.client.post("/v1/members/card:2/restriction", json={"restricted": True, **why})
    crowd.client.post("/v1/members/card:4/merge", json={"duplicate": "card:3", **why})
    crowd.client.request("DELETE", "/v1/members/card:5", json=why)

    assert listed(crowd, status="frozen") == ["1"]
    assert listed(crowd, status="restricted") == ["2"]
    assert listed(crowd, status="active") == ["3"]
    for status in ("merged", "erased"):
        (one,) = crowd.get("/v1/members", status=status).json()["items"]
        assert (one["status"], one["identities"]) == (status, [])
    assert listed(crowd) == ["1", "2", "3"], "one card of two leads on: card 3 is card 4 now"


def test_a_list_says_about_how_many_there_are(crowd: Shop) -> None:
    whole = crowd.get("/v1/members").json()
    assert (whole["about"], whole["exact"]) == (5, True)
    part = crowd.get("/v1/members", limit=2).json()
    assert (part["about"], part["exact"]) == (5, True)
    whatever = crowd.get("/v1/members", limit=2, condition="member.purchases > 0").json()
    assert (whatever["about"], whatever["exact"]) == (None, False)


def test_a_member_in_the_list_tells_the_last_day_and_what_is_there(crowd: Shop) -> None:
    (told,) = crowd.get("/v1/members", tier="gold").json()["items"]
    assert told["last_active"] == "2026-03-08"
    assert told["balances"] == {"points": 4000, "idle": 5}


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"condition": "member.secret == 1"}, 422, "condition_invalid"),
        ({"condition": 'member.tier == "gold" &&'}, 422, "condition_invalid"),
        ({"condition": "event.type == 'purchase'"}, 422, "condition_invalid"),
        ({"condition": "member.tier"}, 422, "condition_invalid"),
        ({"condition": "x" * 4001}, 422, "invalid_input"),
        ({"sort": "name"}, 422, "invalid_input"),
        ({"balance_from": 3}, 422, "invalid_input"),
        ({"active_from": "yesterday"}, 422, "invalid_input"),
        ({"enrolled_from": "2026-03-01"}, 422, "invalid_input"),
        ({"cursor": "bm90"}, 422, "invalid_input"),
        ({"status": "lost"}, 422, "invalid_input"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    crowd: Shop, params: dict[str, Any], status: int, code: str
) -> None:
    answer = crowd.get("/v1/members", **params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_who_may_not_read_the_ledger_neither_sees_nor_sorts_by_balances(crowd: Shop) -> None:
    secret = {"Authorization": f"Bearer {crowd.secret(Scope.MEMBERS_READ)}"}
    told = crowd.client.get("/v1/members", headers=secret).json()["items"][0]
    assert (told["balances"], told["identities"]) == ({}, [])
    sorted_ = {"sort": "-balance", "currency": "points"}
    assert crowd.client.get("/v1/members", params=sorted_, headers=secret).status_code == 403


def test_a_value_of_another_kind_than_is_declared_today_is_no_value(crowd: Shop) -> None:
    with crowd.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("""update member set attributes = '{"birth_month":"May"}' where id % 2 = 0""")
    assert len(listed(crowd, condition="member.attributes.birth_month > 0")) in {2, 3}


def test_the_fields_of_a_condition_are_told_with_the_tiers(crowd: Shop) -> None:
    items = {one["name"]: one for one in crowd.get("/v1/members:fields").json()["items"]}
    assert items["member.tier"]["values"] == ["green", "gold"]
    assert items["member.attributes.city"] == {
        "name": "member.attributes.city", "type": "string", "label": "city", "optional": True,
        "values": [],
    }  # fmt: skip


def test_activity_keeps_up_with_events_and_counts_no_review(crowd: Shop) -> None:
    crowd.clock.pass_(days=3)
    crowd.buy(100, subject="card:1", time=(crowd.clock() - timedelta(hours=1)).isoformat())
    adjusted = {"currency": "points", "amount": 5, "reason": "Goodwill for a wait"}
    crowd.do("/v1/members/card:2/adjustments", adjusted)
    assert activity.keep_up(crowd.db, DEFAULT_ORGANIZATION) > 0
    days = {
        one["identities"][0]["external_id"]: one["last_active"]
        for one in crowd.get("/v1/members").json()["items"]
    }
    assert (days["1"], days["2"]) == ("2026-03-12", "2026-03-05")
