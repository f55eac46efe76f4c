"""What members do with their own data, and what they are told of who used it."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.people_of import Person, signed_in
from tests.api.test_privacy import two_years
from tests.api.test_profiles import MEI, deeds, keep, unmask

from regulars.domain.access import Scope
from regulars.domain.consents import Channel, may
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.verification.verifying import verify
from regulars.storage import consents


def mei(shop: Shop, *, is_strong: bool = False) -> Person:
    return signed_in(shop, keep(shop).json()["member"], is_strong=is_strong)


def word(**more: Any) -> dict[str, Any]:
    yes = {"purpose": "marketing", "channel": "sms", "granted": True, "text_version": "2026-03"}
    return yes | more


def may_be_sent(shop: Shop, member: int, channel: Channel = Channel.SMS) -> bool:
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        said = consents.history(tx, DEFAULT_ORGANIZATION, member)
        return consents.may(
            tx, DEFAULT_ORGANIZATION, member, purpose="marketing", channel=channel, at=shop.clock()
        ) and may(said, "marketing", channel, shop.clock())


def test_members_see_and_correct_their_own_data_in_full(shop: Shop) -> None:
    person = mei(shop)
    seen = person.call("GET", "/v1/me/profile")
    assert seen.json()["profile"] == MEI | {
        "phone": "+8613800138000", "email": "mei.lin@example.com", "language": "zh-CN",
    }  # fmt: skip
    assert seen.headers["cache-control"] == "no-store"
    changed = person.call(
        "PATCH", "/v1/me/profile", {"address": None, "birthday": "1994-06-17"},
        **{"If-Match": seen.headers["etag"]},
    )  # fmt: skip
    assert "address" not in changed.json()["profile"]
    assert shop.get("/v1/members/card:1").json()["attributes"] == {"birth_month": 6}
    assert deeds(shop, "profile.changed")[-1][0] == f"member:{person.number}"


@pytest.mark.parametrize("change", [{"phone": "13900139000"}, {"email": "new@example.com"}])
def test_nobody_takes_a_phone_or_mail_that_they_have_not_proven(
    shop: Shop, change: dict[str, str]
) -> None:
    person = mei(shop)
    keep(shop, "card:2", phone="13900139000")
    answer = person.call("PATCH", "/v1/me/profile", change)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_proven")
    assert person.call("PATCH", "/v1/me/profile", {"phone": None}).status_code == 200


def test_consents_are_given_and_taken_back_by_the_same_call(shop: Shop) -> None:
    person = mei(shop)
    path = "/v1/me/consents"
    assert not may_be_sent(shop, person.number)
    assert person.call("PUT", path, {"consents": [word()]}).status_code == 200
    assert may_be_sent(shop, person.number)
    assert not may_be_sent(shop, person.number, Channel.EMAIL)
    shop.clock.pass_(minutes=1)
    back = person.call("PUT", path, {"consents": [word(channel="any", granted=False)]})

    assert not may_be_sent(shop, person.number)
    told = person.call("GET", path, **{"Accept-Language": "zh-CN"}).json()
    assert told["standing"][0]["name"] == "资讯与优惠"
    assert [(one["channel"], one["granted"]) for one in told["standing"]] == [
        ("any", False), ("sms", False),
    ]  # fmt: skip
    assert [one["granted"] for one in back.json()["history"]] == [True, False]
    assert '"text_version":"2026-03"' in told["history"][0]["proof"]
    assert told["history"][0]["how"] == "self"


def test_staff_record_what_members_said_with_its_proof(shop: Shop) -> None:
    keep(shop)
    path = "/v1/members/card:1/consents"
    body = {"consents": [word(said_at="2026-03-01T00:00:00Z")], "proof": "Form 4711"}
    told = shop.client.post(path, json=body).json()
    assert told["history"][0]["proof"] == "Form 4711"
    assert told["history"][0]["said_at"] == "2026-03-01T00:00:00Z"
    shop.client.get(path)
    assert len(deeds(shop, "consents.recorded")) == len(deeds(shop, "consents.seen")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        word(purpose="world_domination"),
        word(channel="pigeon"),
        word(said_at="2027-01-01T00:00:00Z"),
        word(text_version=""),
        word(by="staff:1"),
    ],
)
def test_a_consent_that_says_nothing_clear_is_refused(shop: Shop, wrong: dict[str, Any]) -> None:
    keep(shop)
    answer = shop.client.post("/v1/members/card:1/consents", json={"consents": [word(), wrong]})
    assert answer.status_code == 422
    assert shop.get("/v1/members/card:1/consents").json()["history"] == []


def test_a_child_says_no_alone_and_yes_with_a_guardian(shop: Shop) -> None:
    member = keep(shop, birthday="2014-01-01").json()["member"]
    child = signed_in(shop, member)
    refused = child.call("PUT", "/v1/me/consents", {"consents": [word()]})
    assert (refused.status_code, refused.json()["code"]) == (422, "guardian_needed")
    no = child.call("PUT", "/v1/me/consents", {"consents": [word(granted=False)]})
    assert no.status_code == 200
    claimed = child.call("PUT", "/v1/me/consents", {"consents": [word(by_guardian=True)]})
    assert claimed.status_code == 422
    shop.clock.pass_(minutes=1)
    body = {"consents": [word(by_guardian=True)], "proof": "Mother signed form 12"}
    assert shop.client.post("/v1/members/card:1/consents", json=body).status_code == 200
    assert may_be_sent(shop, child.number)


def test_members_see_who_used_their_data_and_why_but_no_names(shop: Shop) -> None:
    person = mei(shop)
    shop.get("/v1/members/card:1/profile")
    unmask(shop, "phone", "address", purpose="delivery", case="T-4711")
    shop.do("/v1/members/card:1/restriction", {"restricted": True, "reason": "x y z"})

    told = person.call("GET", "/v1/me/uses?limit=3").json()

    assert [(one["who"], one["what"], one["fields"], one["why"]) for one in told["items"]] == [
        ("A system of the company", "Restricted the use of your data", [], None),
        ("A system of the company", "Read your personal data in full", ["phone", "address"],
         "To send you something"),
        ("A system of the company", "Looked at your masked profile", [], None),
    ]  # fmt: skip
    assert told["next"]
    more = person.call("GET", f"/v1/me/uses?cursor={told['next']}").json()
    assert more["items"]
    assert "T-4711" not in str(told)
    chinese = person.call("GET", "/v1/me/uses?limit=3", **{"Accept-Language": "zh-CN"}).json()
    assert chinese["items"][1]["what"] == "查看了您的完整资料"


def test_nobody_sees_the_uses_of_another(shop: Shop) -> None:
    mei(shop)
    other = signed_in(shop, keep(shop, "card:2", name="Wang").json()["member"])
    unmask(shop, "phone")
    told = str(other.call("GET", "/v1/me/uses").json())
    assert "Read your personal data" not in told


def test_a_restriction_stops_marketing_and_the_member_ends_it(shop: Shop) -> None:
    person = mei(shop)
    person.call("PUT", "/v1/me/consents", {"consents": [word()]})
    on = person.call("POST", "/v1/me/restriction", {"restricted": True})
    assert on.json()["restricted_at"]
    assert not may_be_sent(shop, person.number)
    assert person.call("GET", "/v1/me/profile").json()["profile"]["name"] == "李美林"
    assert unmask(shop, "phone").status_code == 409
    person.call("POST", "/v1/me/restriction", {"restricted": False})
    assert may_be_sent(shop, person.number)


def test_members_are_forgotten_when_they_show_that_it_is_them(shop: Shop) -> None:
    member = two_years(shop)
    weak = signed_in(shop, member)
    strong = signed_in(shop, member, is_strong=True)
    wish = {"forget_me": True}
    unsure = weak.call("POST", "/v1/me/erasure", wish)
    assert (unsure.status_code, unsure.json()["code"]) == (403, "second_factor_needed")
    assert strong.call("POST", "/v1/me/erasure", {"forget_me": False}).status_code == 400

    assert strong.call("POST", "/v1/me/erasure", wish).status_code == 200

    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        kept = tx.execute(
            "select count(*) from session where kind = 'member' and subject_id = %s",
            [weak.number],
        ).fetchone()
        told = {name for (name,) in tx.execute("select name from revocation").fetchall()}
    assert kept == (0,)
    assert f"member:{weak.number}" in told
    assert deeds(shop, "member.erased")[0][0] == f"member:{weak.number}"
    assert verify(shop.db, DEFAULT_ORGANIZATION).is_clean


def test_keys_of_the_company_are_nobody_in_person(shop: Shop) -> None:
    mei(shop)
    secret = shop.secret(Scope.ADMIN)
    for path in ("profile", "consents", "uses"):
        answer = shop.client.get(f"/v1/me/{path}", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 403
