"""One box that finds members: by what they are, and on record where it is personal."""

import json
from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.conftest import cabinet

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.rosters import activity

PROFILES = {
    "card:1": {"name": "王小明", "phone": "13800138000", "email": "ming@example.com"},
    "card:2": {"name": "王小明", "phone": "13900139000"},
    "card:3": {"name": "José Li", "email": "jose@example.com"},
}


@pytest.fixture
def known(shop: Shop) -> Shop:
    """Three members of whom something is known, and one of whom nothing is."""
    for ref, profile in PROFILES.items():
        shop.buy(1000, subject=ref)
        assert shop.client.patch(f"/v1/members/{ref}/profile", json=profile).status_code == 200
    shop.buy(1000, subject="card:4")
    return shop


def search(shop: Shop, text: str, **headers: Any) -> Any:
    answer = shop.client.post("/v1/members:search", json={"text": text}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(shop: Shop, text: str) -> list[tuple[str, str]]:
    """By what, and with which card."""
    return [
        (one["by"], one["member"]["identities"][0]["external_id"])
        for one in search(shop, text)["items"]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("card:4", [("reference", "4")]),
        ("4", [("external_id", "4")]),
        ("138 0013 8000", [("phone", "1")]),
        ("+8613800138000", [("phone", "1")]),
        ("Ming@Example.com", [("email", "1")]),
        ("王小明", [("name", "2"), ("name", "1")]),
        ("王小", [("name", "2"), ("name", "1")]),
        ("jose", [("name", "3")]),
        ("Li José", [("name", "3")]),
        ("jos li", [("name", "3")]),
        ("李小明", []),
        ("nobody@example.com", []),
        ("13700137000", []),
    ],
)
def test_members_are_found_by_whatever_is_typed(
    known: Shop, text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(known, text) == expected


def test_a_member_is_found_by_our_own_id_and_shown_masked(known: Shop) -> None:
    number = known.get("/v1/members/card:1").json()["member"]
    (one,) = search(known, number)["items"]
    assert (one["by"], one["profile"]["name"], one["member"]["status"]) == ("id", "王*", "active")


def test_a_name_that_changed_is_found_anew_and_no_more_by_the_old_one(known: Shop) -> None:
    known.client.patch("/v1/members/card:3/profile", json={"name": "Joseph Lin"})
    assert found(known, "josé li") == []
    assert found(known, "joseph") == [("name", "3")]
    known.client.patch("/v1/members/card:3/profile", json={"name": None})
    assert found(known, "joseph") == []


def test_nobody_is_found_by_name_once_they_were_erased(known: Shop) -> None:
    why = {"reason": "Asked for it by letter"}
    assert known.client.request("DELETE", "/v1/members/card:1", json=why).status_code == 200
    assert found(known, "王小明") == [("name", "2")]
    with known.db.transaction(DEFAULT_ORGANIZATION) as tx:
        left = tx.execute(
            "select count(*) from name_token join member on member.id = member_id"
            " where erased_at is not null"
        ).fetchone()
    assert left == (0,)


def test_the_survivor_of_a_merge_is_found_by_both_cards_and_by_one_name(known: Shop) -> None:
    body = {"duplicate": "card:2", "reason": "Showed both cards"}
    assert known.client.post("/v1/members/card:1/merge", json=body).status_code == 200
    assert [by for by, _ in found(known, "王小明")] == ["name"]
    assert found(known, "13900139000") == found(known, "13800138000") == [("phone", "1")]


def test_names_of_before_the_index_are_made_findable(known: Shop) -> None:
    with known.db.transaction(DEFAULT_ORGANIZATION) as tx:
        tx.execute("delete from name_token")
        tx.execute("update vault set is_named = false")
    assert found(known, "王小明") == []

    assert activity.index_names(known.db, cabinet(), DEFAULT_ORGANIZATION) == 3

    assert activity.index_names(known.db, cabinet(), DEFAULT_ORGANIZATION) == 0
    assert found(known, "王小明") == [("name", "2"), ("name", "1")]


def test_what_was_looked_for_is_on_record_without_the_words(known: Shop) -> None:
    for text in ("王小明", "13800138000", "nobody@example.com", "4"):
        search(known, text)
    items = known.get("/v1/audit", limit=50).json()["items"]
    told = [(one["action"], one["after"].get("by")) for one in items]
    assert told.count(("member.found", "name")) == 2
    assert told.count(("member.found", "phone")) == 1
    assert told.count(("member.sought", "email")) == 1
    assert ("profile.seen", None) in told
    text = json.dumps(items, ensure_ascii=False)
    assert not any(word in text for word in ("王小明", "13800138000", "nobody"))


def test_who_may_not_see_profiles_finds_by_ids_alone_and_sees_none(known: Shop) -> None:
    headers = {"Authorization": f"Bearer {known.secret(Scope.MEMBERS_READ)}"}
    (one,) = search(known, "card:1", **headers)["items"]
    assert one["profile"] is None
    for text in ("13800138000", "王小明"):
        assert search(known, text, **headers)["items"] == []
    refused = known.client.post(
        "/v1/members:search", json={"text": "ming@example.com"}, headers=headers
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")


def test_nobody_goes_through_a_list_of_numbers(known: Shop) -> None:
    statuses = {
        known.client.post("/v1/members:search", json={"text": str(place)}).status_code
        for place in range(125)
    }
    assert statuses == {200, 429}


@pytest.mark.parametrize("text", ["", " ", "。", "王", "x" * 251])
def test_what_means_nothing_is_refused(known: Shop, text: str) -> None:
    answer = known.client.post("/v1/members:search", json={"text": text})
    assert answer.status_code in {200, 422}
    if text == "王":
        assert answer.json()["items"] == []
    else:
        assert answer.status_code == 422
