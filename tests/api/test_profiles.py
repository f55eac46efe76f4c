"""Personal data over HTTP: masked for staff, opened for a purpose, corrected, and found."""

from typing import Any

import pytest
from tests.api.conftest import Shop

from regulars.domain.access import Scope
from regulars.domain.ids import MEMBER, decode
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.storage import members

MEI = {
    "name": "李美林", "phone": "138 0013 8000", "email": "Mei.Lin@Example.com",
    "birthday": "1994-05-17", "address": "上海市徐汇区天平路 100 号", "gender": "female",
    "language": "zh-cn", "wechat": "meilin_94",
}  # fmt: skip


def keep(shop: Shop, ref: str = "card:1", **profile: Any) -> Any:
    """A member with a profile; the answer to the change."""
    shop.client.post("/v1/members", json={"refs": [ref]})
    answer = shop.client.patch(f"/v1/members/{ref}/profile", json=profile or MEI)
    assert answer.status_code == 200, answer.text
    return answer


def unmask(shop: Shop, *fields: str, ref: str = "card:1", **more: Any) -> Any:
    body = {"purpose": "contact", "fields": list(fields), **more}
    return shop.client.post(f"/v1/members/{ref}/profile:unmask", json=body)


def deeds(shop: Shop, action: str) -> list[tuple[str, str, str]]:
    """Actor, purpose and after of what is on record."""
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        return tx.execute(
            "select actor, purpose, after from audit where action = %s order by id", [action]
        ).fetchall()


def test_staff_see_masks_and_it_is_on_record(shop: Shop) -> None:
    keep(shop)
    reader = {"Authorization": f"Bearer {shop.secret(Scope.PROFILES_READ)}"}

    answer = shop.client.get("/v1/members/card:1/profile", headers=reader)

    assert answer.json()["profile"] == {
        "name": "李*", "phone": "+86 138****8000", "email": "m***@e***.com",
        "birthday": "****-05-**", "address": "上海***", "gender": "*", "language": "zh-CN",
        "wechat": "m***",
    }  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"
    assert len(deeds(shop, "profile.seen")) == 1
    refused = shop.client.post(
        "/v1/members/card:1/profile:unmask", headers=reader,
        json={"purpose": "contact", "fields": ["name"]},
    )  # fmt: skip
    assert refused.status_code == 403


def test_opening_takes_a_purpose_and_is_on_record_with_the_fields(shop: Shop) -> None:
    keep(shop)

    answer = unmask(shop, "phone", "birthday", case="T-4711")

    assert answer.json()["profile"] == {"phone": "+8613800138000", "birthday": "1994-05-17"}
    assert answer.headers["cache-control"] == "no-store"
    ((actor, purpose, after),) = deeds(shop, "profile.unmasked")
    assert actor.startswith("key:")
    assert purpose == "contact: T-4711"
    assert after == '{"fields":["phone","birthday"]}'


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"purpose": "curiosity"}, "/purpose"),
        ({"fields": ["password"]}, None),
        ({"fields": []}, None),
        ({"case": "13800138000"}, "/case"),
        ({"case": "Xiao Ming"}, "/case"),
        ({"case": "1" * 41}, None),
    ],
)
def test_opening_without_a_good_reason_is_refused(
    shop: Shop, change: dict[str, Any], pointer: str | None
) -> None:
    keep(shop)

    answer = unmask(shop, "phone", **change)

    assert answer.status_code == 422
    if pointer:
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert "13800138000" not in answer.text
    assert not deeds(shop, "profile.unmasked")


def test_a_member_is_found_by_phone_and_mail_however_they_are_written(shop: Shop) -> None:
    member = keep(shop).json()["member"]
    for asked in ({"phone": "+86 138-0013-8000"}, {"email": "mei.lin@EXAMPLE.com"}):
        found = shop.client.post("/v1/members:find", json=asked).json()["found"]
        assert found["member"] == member
        assert found["profile"]["name"] == "李*"
    unknown = shop.client.post("/v1/members:find", json={"phone": "13900139000"})
    assert (unknown.status_code, unknown.json()) == (200, {"found": None})
    assert [after for _, _, after in deeds(shop, "member.found")] == [
        '{"by":"phone"}', '{"by":"email"}',
    ]  # fmt: skip
    assert len(deeds(shop, "member.sought")) == 1
    for wrong in ({}, {"phone": "13800138000", "email": "a@example.com"}, {"phone": "12"}):
        answer = shop.client.post("/v1/members:find", json=wrong)
        assert answer.status_code == 422
        assert "13800138000" not in answer.text


def test_a_new_phone_leads_to_the_member_and_the_old_one_no_more(shop: Shop) -> None:
    keep(shop)
    changed = keep(shop, phone="139 0013 9000", address=None)
    assert changed.json()["profile"]["phone"] == "+86 139****9000"
    assert "address" not in changed.json()["profile"]
    assert shop.get("/v1/members/phone:+8613900139000").status_code == 200
    assert shop.get("/v1/members/phone:13800138000").status_code == 404
    assert shop.client.post("/v1/members", json={"refs": ["card:2"]}).status_code == 201
    keep(shop, "card:2", phone="13800138000")


def test_a_phone_belongs_to_one_member_and_nobody_hears_to_whom(shop: Shop) -> None:
    owner = keep(shop).json()["member"]
    shop.client.post("/v1/members", json={"refs": ["card:2"]})

    answer = shop.client.patch(
        "/v1/members/card:2/profile", json={"name": "Wang", "phone": "13800138000"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "identity_taken")
    assert answer.json()["errors"][0]["pointer"] == "/phone"
    assert owner not in answer.text
    assert "138" not in answer.text
    assert shop.get("/v1/members/card:2/profile").json()["profile"] == {}


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(shop: Shop) -> None:
    first = keep(shop).headers["etag"]
    second = keep(shop, name="李美").headers["etag"]
    assert first != second
    stale = shop.client.patch(
        "/v1/members/card:1/profile", json={"name": "x1"}, headers={"If-Match": first}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_mark")
    fresh = shop.client.patch(
        "/v1/members/card:1/profile", json={"name": "李"}, headers={"If-Match": second}
    )
    assert fresh.status_code == 200
    assert len(deeds(shop, "profile.changed")) == 3


def test_wrong_values_are_refused_together_and_nothing_is_kept(shop: Shop) -> None:
    shop.client.post("/v1/members", json={"refs": ["card:1"]})
    wrong = {"phone": "12345", "email": "nobody", "birthday": "2199-01-01", "name": "Anna"}
    answer = shop.client.patch("/v1/members/card:1/profile", json=wrong)
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/phone", "/email", "/birthday"}
    assert "12345" not in answer.text
    assert shop.get("/v1/members/card:1/profile").json()["profile"] == {}
    for malformed in ({"member_id": 1}, {"phone_proven_at": "2026-01-01T00:00:00Z"}, []):
        assert shop.client.patch("/v1/members/card:1/profile", json=malformed).status_code == 422


def test_the_program_learns_the_month_of_birth_and_no_more(shop: Shop) -> None:
    keep(shop)
    assert shop.get("/v1/members/card:1").json()["attributes"] == {"birth_month": 5}
    keep(shop, birthday="1994-06-17")
    assert shop.get("/v1/members/card:1").json()["attributes"] == {"birth_month": 6}
    keep(shop, birthday=None)
    assert shop.get("/v1/members/card:1").json()["attributes"] == {}
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        assert "1994" not in str(tx.execute("select * from event").fetchall())


def test_nothing_of_a_profile_stands_in_the_open(shop: Shop) -> None:
    number = decode(MEMBER, keep(shop).json()["member"])
    assert number is not None
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        kept = str(tx.execute("select * from vault").fetchall())
        names = str(members.identities(tx, DEFAULT_ORGANIZATION, number))
    for value in ("李美林", "13800138000", "mei.lin", "Mei", "meilin", "1994"):
        assert value not in kept + names


def test_a_member_is_enrolled_by_phone_and_mail_at_once(shop: Shop) -> None:
    body = {"refs": ["card:9", "phone:138 0013 8000", "email:Mei@example.com"]}
    made = shop.client.post("/v1/members", json=body)
    again = shop.client.post("/v1/members", json=body)

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["identities"] == [{"system": "card", "external_id": "9"}]
    assert unmask(shop, "phone", "email", ref="card:9").json()["profile"] == {
        "phone": "+8613800138000", "email": "mei@example.com",
    }  # fmt: skip
    taken = shop.client.post("/v1/members", json={"refs": ["card:10", "phone:13800138000"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "identity_taken")
    assert shop.get("/v1/members/card:10").status_code == 404


@pytest.mark.parametrize(
    "refs",
    [
        ["phone:13800138000", "phone:13900139000"],
        ["phone:~" + "a" * 32],
        ["phone:12"],
        ["email:nobody"],
    ],
)
def test_a_reference_that_is_no_phone_or_mail_enrols_nobody(shop: Shop, refs: list[str]) -> None:
    answer = shop.client.post("/v1/members", json={"refs": ["card:9", *refs]})
    assert answer.status_code == 422
    assert shop.get("/v1/members/card:9").status_code == 404


def test_phones_are_written_by_who_may_write_profiles_only(shop: Shop) -> None:
    secret = {"Authorization": f"Bearer {shop.secret(Scope.MEMBERS_WRITE)}"}
    body = {"refs": ["card:9", "phone:13800138000"]}
    assert shop.client.post("/v1/members", json=body, headers=secret).status_code == 403
    further = {"ref": "phone:~" + "a" * 32}
    keep(shop)
    added = shop.client.post("/v1/members/card:1/identities", json=further)
    assert (added.status_code, added.json()["code"]) == (422, "invalid_input")


def test_who_only_analyses_sees_no_numbers_of_cards(shop: Shop) -> None:
    member = keep(shop).json()["member"]
    analyst = {"Authorization": f"Bearer {shop.secret(Scope.MEMBERS_READ)}"}
    one = shop.client.get("/v1/members/card:1", headers=analyst).json()
    (listed,) = shop.client.get("/v1/members", headers=analyst).json()["items"]
    assert all(one[name] == listed[name] for name in one.keys() & listed.keys())
    assert (one["member"], one["identities"]) == (member, [])
    assert shop.get("/v1/members/card:1").json()["identities"]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("adjustments", {"currency": "points", "amount": 5, "reason": "call 13800138000"},
         "/reason"),
        ("redemptions", {"currency": "points", "amount": 5, "reference": "mei@example.com"},
         "/reference"),
        ("holds", {"currency": "points", "amount": 5, "reference": "+1 212 555 0123"},
         "/reference"),
    ],
)  # fmt: skip
def test_texts_that_are_kept_for_good_take_no_personal_data(
    shop: Shop, path: str, body: dict[str, Any], pointer: str
) -> None:
    shop.buy(10_000)
    before = shop.events_written()
    answer = shop.do(f"/v1/members/card:1/{path}", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert shop.events_written() == before
    kept = shop.do(f"/v1/members/card:1/{path}", body | {pointer[1:]: "ticket 4711"}, key="138x")
    assert kept.status_code == 201
    named = shop.do(f"/v1/members/card:1/{path}", body | {pointer[1:]: "ok!"}, key="a@example.com")
    assert named.status_code == 422


def test_attributes_take_no_phone_numbers(shop: Shop) -> None:
    keep(shop)
    change = {"attributes": {"city": "13800138000"}}
    assert shop.client.patch("/v1/members/card:1", json=change).status_code == 422
    assert shop.client.patch(
        "/v1/members/card:1", json={"attributes": {"city": "Shanghai"}}
    ).status_code == 200  # fmt: skip


def test_points_are_given_to_whoever_has_the_phone(shop: Shop) -> None:
    shop.buy(10_000)
    keep(shop, "card:2", phone="13800138000")
    body = {"to": "phone:138 0013 8000", "currency": "points", "amount": 7}
    assert shop.do("/v1/members/card:1/transfers", body).status_code == 201
    assert shop.balance("card:2")["available"] == 7


def test_who_only_analyses_cannot_ask_who_has_a_phone(shop: Shop) -> None:
    member = keep(shop).json()["member"]
    analyst = {"Authorization": f"Bearer {shop.secret(Scope.MEMBERS_READ, Scope.LEDGER_READ)}"}
    till = {"Authorization": f"Bearer {shop.secret(Scope.EVENTS_WRITE, Scope.LEDGER_READ)}"}
    for phone in ("13800138000", "13900139000"):
        answer = shop.client.get(f"/v1/members/phone:{phone}", headers=analyst)
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    balances = shop.client.get("/v1/members/phone:13800138000/balances", headers=till)
    assert balances.json()["member"] == member
