"""Two members who are one person: what a merge brings together, and what it never breaks."""

from typing import Any

import pytest
from tests.api.conftest import Shop

from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.verification.verifying import verify

MERGE = "/v1/members/card:1/merge"
WHY = "Showed both cards at the desk"


def member(shop: Shop, ref: str) -> Any:
    answer = shop.get(f"/v1/members/{ref}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def merge(shop: Shop, duplicate: str = "card:2", into: str = "card:1") -> Any:
    body = {"duplicate": duplicate, "reason": WHY}
    answer = shop.client.post(f"/v1/members/{into}/merge", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def proven(shop: Shop) -> None:
    report = verify(shop.db, DEFAULT_ORGANIZATION)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]


def test_the_survivor_has_the_points_of_both_each_with_its_own_expiry(shop: Shop) -> None:
    shop.buy(5000)
    shop.clock.pass_(days=30)
    shop.buy(7000, subject="card:2")
    before = [lot["lapses_at"] for lot in shop.get("/v1/members/card:2/lots").json()["items"]]

    done = merge(shop)

    assert done["gains"] == [
        {"currency": "idle", "available": 5, "pending": 0, "owed": 0, "lots": 1},
        {"currency": "points", "available": 70, "pending": 0, "owed": 0, "lots": 1},
    ]
    assert shop.balance()["available"] == 120
    lots = shop.get("/v1/members/card:1/lots").json()["items"]
    points = [lot for lot in lots if lot["currency"] == "points"]
    assert [lot["remaining"] for lot in points] == [50, 70]
    assert points[1]["lapses_at"] in before
    proven(shop)


def test_every_old_reference_leads_to_the_survivor(shop: Shop) -> None:
    shop.buy(5000)
    old = shop.buy(7000, subject="card:2")["member"]

    done = merge(shop)

    assert (done["duplicate"], done["systems"]) == (old, ["card"])
    for ref in ("card:1", "card:2", old):
        assert member(shop, ref)["member"] == done["survivor"]
        assert shop.balance(ref)["available"] == 120
    assert shop.buy(100, subject="card:2")["member"] == done["survivor"]
    assert shop.buy(100, subject=old)["member"] == done["survivor"]
    proven(shop)


def test_what_both_did_is_told_together_newest_first(shop: Shop) -> None:
    first = shop.buy(5000)["event"]
    shop.clock.pass_(hours=1)
    second = shop.buy(7000, subject="card:2")["event"]
    shop.clock.pass_(hours=1)
    third = shop.buy(100)["event"]
    merge(shop)

    told = shop.get("/v1/members/card:2/timeline", type="purchase").json()["items"]

    assert [one["event"] for one in told] == [third, second, first]
    page = shop.get("/v1/members/card:1/timeline", type="purchase", limit=1).json()
    after = shop.get(
        "/v1/members/card:1/timeline", type="purchase", limit=1, cursor=page["next"]
    ).json()
    assert after["items"][0]["event"] == second


def test_what_was_spent_counts_together_and_may_lift_the_tier(shop: Shop) -> None:
    shop.buy(60000)
    shop.buy(50000, subject="card:2")
    assert member(shop, "card:1")["tier"] == "green"

    done = merge(shop)

    assert (done["tier_before"], done["tier_after"]) == ("green", "gold")
    assert member(shop, "card:1")["tier"] == "gold"
    proven(shop)


def test_the_higher_tier_stays(shop: Shop) -> None:
    shop.buy(100)
    shop.buy(150000, subject="card:2")

    assert merge(shop)["tier_after"] == "gold"
    proven(shop)


def test_a_purchase_of_the_duplicate_comes_back_from_the_points_it_had_brought(shop: Shop) -> None:
    shop.buy(5000)
    shop.send(shop.event("bought", subject="card:2", total=7000))
    merge(shop)

    answer = shop.send(shop.event("back", "return", "card:2", purchase_id="bought"))

    assert answer.status_code == 201, answer.text
    assert answer.json()["taken_back"] == {"idle": 5, "points": 70}
    assert shop.balance()["available"] == 50
    proven(shop)


def test_a_return_in_part_before_and_the_rest_after_make_up_the_whole(shop: Shop) -> None:
    shop.buy(5000)
    shop.send(shop.event("bought", subject="card:2", total=7000))
    shop.send(shop.event("some", "return", "card:2", purchase_id="bought", amount=2000))
    merge(shop)

    answer = shop.send(shop.event("rest", "return", "card:1", purchase_id="bought"))

    assert answer.json()["taken_back"]["points"] == 50
    again = shop.send(shop.event("more", "return", "card:1", purchase_id="bought"))
    assert again.json()["code"] == "already_returned"
    proven(shop)


def test_a_return_that_waits_finds_its_purchase_after_the_merge(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(100, subject="card:2")
    waiting = shop.send(shop.event("early", "return", "card:2", purchase_id="late"))
    assert waiting.json()["status"] == "waiting"
    merge(shop)

    shop.send(shop.event("late", subject="card:2", total=3000))

    told = shop.get("/v1/members/card:1/timeline", type="return").json()["items"]
    assert (told[0]["status"], told[0]["taken_back"]["points"]) == ("decided", 30)
    proven(shop)


def test_what_the_duplicate_owed_is_paid_by_the_survivor(shop: Shop) -> None:
    shop.buy(5000)
    shop.send(shop.event("bought", subject="card:2", total=2000))
    shop.do("/v1/members/card:2/redemptions", {"currency": "points", "amount": 20})
    shop.send(shop.event("back", "return", "card:2", purchase_id="bought"))
    assert shop.balance("card:2")["available"] == -20

    done = merge(shop)

    assert next(one for one in done["gains"] if one["currency"] == "points")["owed"] == 20
    told = shop.balance()
    assert (told["available"], told["owed"]) == (30, 0)
    proven(shop)


def test_three_are_made_one_in_a_row(shop: Shop) -> None:
    numbers = [shop.buy(1000, subject=f"card:{place}")["member"] for place in (1, 2, 3)]
    shop.send(shop.event("bought", subject="card:3", total=7000))
    merge(shop, "card:3", "card:2")

    merge(shop, "card:2", "card:1")

    assert {member(shop, number)["member"] for number in numbers} == {numbers[0]}
    back = shop.send(shop.event("back", "return", "card:3", purchase_id="bought"))
    assert back.json()["taken_back"]["points"] == 70
    assert shop.balance()["available"] == 30
    assert len(shop.get("/v1/members/card:1/timeline", type="purchase").json()["items"]) == 4
    proven(shop)


def test_a_preview_tells_the_same_and_changes_nothing(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(7000, subject="card:2")
    written = shop.events_written()

    told = shop.client.post(f"{MERGE}:preview", json={"duplicate": "card:2"})

    assert told.status_code == 200, told.text
    assert shop.events_written() == written
    assert shop.balance("card:2")["available"] == 70
    assert merge(shop) == told.json()


def test_a_merge_that_is_repeated_is_done_once(shop: Shop) -> None:
    one = shop.buy(5000)["member"]
    two = shop.buy(7000, subject="card:2")["member"]
    merge(shop, two, one)
    written = shop.events_written()

    again = merge(shop, two, one)

    assert again["repeated"]
    assert shop.events_written() == written
    assert shop.balance()["available"] == 120


@pytest.mark.parametrize(
    ("duplicate", "code"),
    [("card:1", "merge_refused"), ("card:9", "member_not_found"), ("mem_x", "member_not_found")],
)
def test_nobody_is_merged_with_themselves_or_with_nobody(
    shop: Shop, duplicate: str, code: str
) -> None:
    shop.buy(5000)
    body = {"duplicate": duplicate, "reason": WHY}
    assert shop.client.post(MERGE, json=body).json()["code"] == code


@pytest.mark.parametrize("whom", ["card:1", "card:2"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("restriction", {"restricted": True, "reason": WHY}),
        ("freeze", {"frozen": True, "reason": WHY}),
    ],
)
def test_who_is_restricted_or_frozen_is_not_merged(
    shop: Shop, whom: str, path: str, body: dict[str, object]
) -> None:
    shop.buy(5000)
    shop.buy(7000, subject="card:2")
    assert shop.client.post(f"/v1/members/{whom}/{path}", json=body).status_code == 200

    answer = shop.client.post(MERGE, json={"duplicate": "card:2", "reason": WHY})

    assert (answer.status_code, answer.json()["code"]) == (409, "merge_refused")
    assert shop.balance("card:2")["available"] == 70


def test_points_that_are_held_keep_two_members_apart(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(7000, subject="card:2")
    held = shop.do("/v1/members/card:2/holds", {"currency": "points", "amount": 5}).json()
    body = {"duplicate": "card:2", "reason": WHY}
    assert shop.client.post(MERGE, json=body).json()["code"] == "merge_refused"

    shop.do(f"/v1/members/card:2/holds/{held['hold']['hold']}/release")

    assert merge(shop)["gains"][1]["available"] == 70
    proven(shop)


def test_only_a_person_with_a_second_factor_merges(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(7000, subject="card:2")
    secret = {"Authorization": f"Bearer {shop.secret(Scope.MEMBERS_MANAGE)}"}
    body = {"duplicate": "card:2", "reason": WHY}

    answer = shop.client.post(MERGE, json=body, headers=secret)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")


def test_profiles_are_joined_and_both_numbers_lead_to_the_survivor(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(7000, subject="card:2")
    own = {"name": "王小明", "phone": "13800138000"}
    other = {"name": "Wang Xiaoming", "phone": "13900139000", "email": "ming@example.com"}
    for ref, profile in (("card:1", own), ("card:2", other)):
        assert shop.client.patch(f"/v1/members/{ref}/profile", json=profile).status_code == 200

    done = merge(shop)

    assert done["fields"] == ["email"]
    assert done["systems"] == ["card", "email", "phone"]
    for asked in ({"phone": "13800138000"}, {"phone": "13900139000"}, {"email": other["email"]}):
        found = shop.client.post("/v1/members:find", json=asked).json()["found"]
        assert found["member"] == done["survivor"]
        assert found["profile"]["name"] == "王*"


def test_what_leads_to_the_duplicate_as_a_person_goes_when_the_survivor_is_erased(
    shop: Shop,
) -> None:
    shop.buy(5000)
    shop.buy(7000, subject="card:2")
    reason = {"currency": "points", "amount": 5, "reason": "Bought beside the canary"}
    assert shop.do("/v1/members/card:2/adjustments", reason).status_code == 201
    merge(shop)

    answer = shop.client.request("DELETE", "/v1/members/card:1", json={"reason": WHY})

    assert answer.status_code == 200, answer.text
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        left = tx.execute("select count(*) from event where payload like '%canary%'").fetchone()
        kept = tx.execute("select count(*) from member where erased_at is not null").fetchone()
    assert (left, kept) == ((0,), (2,))
    proven(shop)


def test_a_merge_is_on_record_for_both(shop: Shop) -> None:
    one = shop.buy(5000)["member"]
    two = shop.buy(7000, subject="card:2")["member"]
    merge(shop)

    for number in (one, two):
        items = shop.get("/v1/audit", member=number).json()["items"]
        told = {item["action"]: (item["member"], item["purpose"]) for item in items}
        assert told["member.merged"] == (one, WHY)
        assert told["member.merged_away"] == (two, WHY)
