"""Codes that members show: used once, soon, and not found by trying."""

from typing import Any

import httpx
from tests.api.benefits.parlour import code_of, enrol, give, has
from tests.api.conftest import Shop
from tests.api.people_of import Person, signed_in

from regulars.domain.access import Scope
from regulars.domain.benefits.codes import LETTERS


def me(shop: Shop, ref: str = "card:1") -> Person:
    return signed_in(shop, shop.get(f"/v1/members/{ref}").json()["member"])


def shown(person: Person, benefit: str = "coffee", **more: Any) -> Any:
    answer = person.call("POST", f"/v1/me/benefits/{benefit}/code", more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def scan(shop: Shop, code: str, key: str = "", **more: Any) -> httpx.Response:
    return shop.do("/v1/benefit-uses", {"code": code, **more}, key)


def test_a_code_is_shown_used_once_and_seen_as_used(parlour: Shop) -> None:
    person = me(parlour)
    code = shown(person)
    state = "/v1/me/benefits/coffee/code"
    assert has(parlour)["coffee"]["quota"]["left"] == 1
    assert person.call("GET", state).json()["state"] == "open"

    used = scan(parlour, code["shown"].lower(), store="S-1")

    assert (used.status_code, used.json()["how"], used.json()["left"]) == (201, "code", 0)
    assert person.call("GET", state).json()["state"] == "used"
    assert code_of(scan(parlour, code["code"])) == (404, "benefit_code_invalid")
    told = person.call("GET", "/v1/me/benefit-uses").json()["items"]
    assert [(one["benefit"], one["store"], one["used_by"]) for one in told] == [
        ("coffee", "S-1", "")
    ]
    assert code_of(person.call("POST", "/v1/me/benefits/coffee/code", {})) == (409, "limit_reached")


def test_a_repeated_scan_is_the_same_use(parlour: Shop) -> None:
    code = shown(me(parlour))["code"]
    first = scan(parlour, code, key="k1")
    again = scan(parlour, code, key="k1")

    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


def test_a_code_is_over_after_minutes_and_by_the_next_one(parlour: Shop) -> None:
    person = me(parlour)
    first, second = shown(person)["code"], shown(person)["code"]
    assert code_of(scan(parlour, first)) == (404, "benefit_code_invalid")

    parlour.clock.pass_(minutes=5)
    assert person.call("GET", "/v1/me/benefits/coffee/code").json()["state"] == "over"
    assert code_of(scan(parlour, second)) == (404, "benefit_code_invalid")
    assert has(parlour)["coffee"]["quota"]["left"] == 1


def test_a_code_of_a_grant_takes_that_grant(parlour: Shop) -> None:
    give(parlour, "lounge", uses=1, valid_until="2026-03-06T00:00:00Z")
    later = give(parlour, "lounge", uses=1)["grant"]
    code = shown(me(parlour), "lounge", grant=later)["code"]

    assert scan(parlour, code).json()["grant"] == later


def test_what_ended_after_the_code_was_shown_is_not_used(parlour: Shop) -> None:
    grant = give(parlour, "lounge", uses=1)["grant"]
    code = shown(me(parlour), "lounge")["code"]
    parlour.do(f"/v1/benefit-grants/{grant}/end", {"reason": "A mistake of ours"})

    assert code_of(scan(parlour, code)) == (409, "benefit_not_held")


def test_whoever_tries_codes_waits_longer_each_time(parlour: Shop) -> None:
    good = shown(me(parlour))["code"]
    wrong = ["B" + LETTERS[n] * 9 for n in range(20)]
    assert {code_of(scan(parlour, one)) for one in wrong} == {(404, "benefit_code_invalid")}

    refused = scan(parlour, good)
    assert code_of(refused) == (429, "too_many_requests")
    assert int(refused.headers["retry-after"]) <= 5
    other = {"Authorization": f"Bearer {parlour.secret(Scope.ORDERS_WRITE)}"}
    headers = {**other, "Idempotency-Key": "elsewhere"}
    answer = parlour.client.post("/v1/benefit-uses", json={"code": good}, headers=headers)
    assert answer.status_code == 201

    parlour.clock.pass_(seconds=5)
    assert code_of(scan(parlour, "B22222222X")) == (404, "benefit_code_invalid")
    assert scan(parlour, good).status_code == 429


def test_right_codes_are_not_counted_as_tries(parlour: Shop) -> None:
    for number in range(2, 25):
        enrol(parlour, f"card:{number}")
        code = shown(me(parlour, f"card:{number}"))["code"]
        assert scan(parlour, code).status_code == 201


def test_only_the_member_in_person_shows_a_code(parlour: Shop) -> None:
    assert parlour.do("/v1/me/benefits/coffee/code").json()["code"] == "missing_scope"
    person = me(parlour)
    refused = person.call("POST", "/v1/me/benefits/lounge/code", {})
    assert code_of(refused) == (409, "benefit_not_held")
    assert code_of(person.call("GET", "/v1/me/benefits/lounge/code"))[0] == 404
