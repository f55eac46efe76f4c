"""Against fake sign-ups: what looks odd is held, earns nothing, and is decided by a person."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.guests import PHONE, Guest, letters, rows

from regulars.domain.access import Scope
from regulars.domain.ids import ENROLMENT, encode
from regulars.worker.loop import once

REASON = {"reason": "Known in the shop"}


def phone(number: int) -> str:
    """Numbers without a pattern, far from each other."""
    return f"+86139{(number * 7_654_321 + 27_183_645) % 100_000_000:08d}"


def row_of_sims(shop: Shop, count: int, device: str = "d-1") -> list[Any]:
    """Enrolments from one device, each with a new phone."""
    return [Guest(shop).enrol(phone=phone(number), device=device) for number in range(count)]


def queue(shop: Shop, state: str = "held") -> list[Any]:
    answer = shop.get("/v1/enrolments", state=state)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def decide(shop: Shop, enrolment: str, how: str, body: Any = None) -> Any:
    return shop.client.post(f"/v1/enrolments/{enrolment}/{how}", json=body or REASON)


@pytest.fixture
def held(shop: Shop) -> Any:
    """The first enrolment of a row that was held."""
    answers = row_of_sims(shop, 6)
    assert [one.status_code for one in answers] == [201, 201, 201, 201, 202, 202]
    return queue(shop)[0]


def test_a_row_from_one_device_is_held_with_reasons_and_masks(shop: Shop, held: Any) -> None:
    assert [one["code"] for one in held["reasons"]] == ["device_hour", "device_day"]
    assert held["reasons"][0]["words"] == "4 enrolments came from this device within an hour."
    assert held["score"] == 61
    assert held["profile"]["phone"].startswith("+86 139****")
    assert phone(4) not in json.dumps(held)
    assert rows(shop, "select count(*) from member") == [(4,)]
    looked = rows(shop, "select actor, action from audit where action = 'enrolment.looked_at'")
    assert looked == [("key:1", "enrolment.looked_at")]


def test_who_is_held_has_nothing_and_earns_nothing(shop: Shop, held: Any) -> None:
    guest = Guest(shop)

    told = guest.prove(phone=phone(4))
    earned = shop.send(shop.event("p-1", subject=f"phone:{phone(4)}", total=5000))

    assert (told["status"], told["consents"]) == ("held", [])
    status = guest.get("/v1/enrolments/status", headers={"Enrolment-Ticket": told["ticket"]})
    assert status.json()["status"] == "held"
    assert guest.get("/v1/me").status_code == 401
    assert earned.status_code == 404
    assert shop.events_written() == 0
    again = guest.enrol(ticket=told["ticket"])
    assert (again.status_code, again.json()["status"]) == (202, "held")
    assert len(queue(shop)) == 2


def test_whom_somebody_admits_is_a_member_like_any_other(shop: Shop, held: Any) -> None:
    before = len(letters(shop))
    admitted = decide(shop, held["enrolment"], "admit")
    again = decide(shop, held["enrolment"], "admit")

    assert admitted.status_code == 200, admitted.text
    assert admitted.json()["state"] == "admitted"
    assert again.json() == admitted.json()
    assert [one["to"] for one in letters(shop)[before:]] == [phone(4)]
    guest = Guest(shop)
    assert guest.prove(phone=phone(4))["member"] == admitted.json()["member"]
    shop.buy(5000, subject=f"phone:{phone(4)}")
    assert shop.balance(admitted.json()["member"])["available"] == 50
    (done, *_) = queue(shop, "admitted")[-1:]
    assert (done["decided_by"], done["decision_reason"]) == ("key:1", REASON["reason"])
    assert done["profile"] == {}
    query = "select sealed is null, member_id is null from enrolment where decided_by <> ''"
    assert rows(shop, query) == [(True, False)]
    assert decide(shop, held["enrolment"], "refuse").json()["code"] == "enrolment_decided"
    said = rows(shop, "select actor from consent order by id desc limit 1")
    assert said == [("key:1",)]


def test_who_became_a_member_in_another_way_meanwhile_is_not_made_twice(
    shop: Shop, held: Any
) -> None:
    made = shop.client.post("/v1/members", json={"refs": ["card:7", f"phone:{phone(4)}"]})

    told = Guest(shop).prove(phone=phone(4))
    admitted = decide(shop, held["enrolment"], "admit")

    assert (told["status"], told["member"]) == ("signed_in", made.json()["member"])
    assert (admitted.status_code, admitted.json()["code"]) == (409, "identity_taken")
    assert decide(shop, held["enrolment"], "refuse").status_code == 200


def test_whom_somebody_refuses_is_forgotten(shop: Shop, held: Any) -> None:
    refused = decide(shop, held["enrolment"], "refuse")
    assert (refused.status_code, refused.json()["member"]) == (200, None)
    assert decide(shop, held["enrolment"], "refuse").status_code == 200
    assert decide(shop, held["enrolment"], "admit").json()["code"] == "enrolment_decided"
    assert len(queue(shop)) == 1
    assert rows(shop, "select sealed from enrolment where state = 'refused'") == [(None,)]
    deeds = "select action, purpose from audit where action = 'enrolment.refused'"
    assert rows(shop, deeds) == [("enrolment.refused", REASON["reason"])]


def test_two_who_decide_at_once_decide_once(shop: Shop, held: Any) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(
                lambda how: decide(shop, held["enrolment"], how),
                ["admit", "refuse", "admit", "refuse"],
            )
        )
    statuses = sorted(one.status_code for one in answers)
    assert statuses == [200, 200, 409, 409]
    assert len({one.json()["state"] for one in answers if one.status_code == 200}) == 1


def test_what_is_decided_needs_the_right_a_reason_and_an_enrolment(shop: Shop, held: Any) -> None:
    secret = {"Authorization": f"Bearer {shop.secret(Scope.MEMBERS_WRITE)}"}
    path = f"/v1/enrolments/{held['enrolment']}/admit"
    assert shop.client.post(path, json=REASON, headers=secret).status_code == 403
    assert Guest(shop).post(path, REASON).status_code == 401
    for body in ({}, {"reason": ""}, {"reason": "r" * 501}, {"reason": f"call {PHONE}"}):
        assert shop.client.post(path, json=body).status_code == 422, body
    for name in ("enr_0", "mem_0000000000000", "1"):
        assert decide(shop, name, "admit").status_code == 404
    assert len(queue(shop)) == 2


def test_a_pending_enrolment_is_nothing_to_decide(shop: Shop) -> None:
    Guest(shop).prove()
    ((number,),) = rows(shop, "select id from enrolment")
    assert decide(shop, encode(ENROLMENT, number), "admit").status_code == 404
    assert queue(shop) == []


def test_the_queue_is_paged(shop: Shop, held: Any) -> None:
    first = shop.get("/v1/enrolments", limit=1).json()
    second = shop.get("/v1/enrolments", limit=1, cursor=first["next"]).json()
    assert [first["items"][0]["enrolment"], second["items"][0]["enrolment"]] == [
        one["enrolment"] for one in queue(shop)
    ]
    assert second["next"] is None


def test_many_at_once_from_one_device_are_counted_as_in_a_row(shop: Shop) -> None:
    guests = [Guest(shop, ip=f"198.51.100.{n}") for n in range(6)]
    bodies = [
        {"ticket": one.prove(phone=phone(n))["ticket"], "device": "d-1",
         "consents": [{"purpose": "terms", "granted": True, "text_version": "1"}]}
        for n, one in enumerate(guests)
    ]  # fmt: skip
    asked = [
        one.begin("POST", "/v1/enrolments", json=body)
        for one, body in zip(guests, bodies, strict=True)
    ]
    statuses = sorted(one.result(30).status_code for one in asked)
    assert statuses == [201, 201, 201, 201, 202, 202]


def test_neighbouring_numbers_of_one_minute_and_throw_away_mail_are_held(shop: Shop) -> None:
    for number in range(3):
        Guest(shop, ip=f"198.51.100.{number}").enrol(phone=f"+861391724605{number}")
        shop.clock.pass_(seconds=-15)
    mail = Guest(shop, ip="192.0.2.9").enrol(email="x@mailinator.com")
    codes = [{reason["code"] for reason in one["reasons"]} for one in queue(shop)]
    assert any("neighbours_of_phone" in found for found in codes)
    assert mail.status_code == 202
    assert any("disposable_mail" in found for found in codes)


def test_a_code_that_comes_back_at_once_was_typed_by_no_person(shop: Shop) -> None:
    guest = Guest(shop)
    code = guest.code()
    body = {"phone": PHONE, "code": code}
    ticket = guest.post("/v1/sign-in/codes/verify", body).json()["ticket"]
    assert guest.enrol(ticket=ticket).status_code == 201
    assert "haste" in rows(shop, "select reasons from enrolment")[0][0]


def test_a_member_who_refers_themselves_is_noticed(shop: Shop) -> None:
    member = Guest(shop).member(device="d-1")
    answer = Guest(shop).enrol(phone=phone(1), device="d-1", referrer=member)
    assert answer.status_code == 202
    found = {one["code"] for one in queue(shop)[0]["reasons"]}
    assert {"referrer_device", "referrer_ip", "new_referrer"} <= found
    other = Guest(shop, ip="192.0.2.1").enrol(phone=phone(2), referrer="mem_0")
    assert other.status_code == 201


def test_the_worst_are_refused_and_stay_so(shop: Shop) -> None:
    with shop.db.transaction(1) as tx:
        settings = json.dumps({"enrolment": {"risk": {"hold_from": 10, "refuse_from": 20}}})
        tx.execute("update organization set settings = %s", [settings])
    row_of_sims(shop, 2)
    guest = Guest(shop)
    ticket = guest.prove(phone=phone(7))["ticket"]
    held = Guest(shop).enrol(phone=phone(8), device="d-1")
    refused = guest.enrol(ticket=ticket, device="d-1")

    assert held.status_code == 202
    assert (refused.status_code, refused.json()["code"]) == (403, "enrolment_refused")
    assert guest.enrol(ticket=ticket).json()["code"] == "enrolment_refused"
    assert rows(shop, "select sealed from enrolment where state = 'refused'") == [(None,)]


def test_what_was_counted_is_forgotten_after_a_day(shop: Shop, held: Any) -> None:
    application: Any = shop.client._application
    decide(shop, held["enrolment"], "admit")
    Guest(shop).prove(phone=phone(99))
    shop.clock.pass_(days=1, minutes=1)
    once(application._house.runtime)
    left = "select state, phone_hash is null and ip_hash is null from enrolment order by id"
    assert rows(shop, left) == [("admitted", True)] * 5 + [("held", False)]
    shop.clock.pass_(days=30)
    once(application._house.runtime)
    assert ("admitted",) not in rows(shop, "select state from enrolment")
