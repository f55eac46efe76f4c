"""A member moves to a new phone or e-mail address, and nobody takes another's."""

import pytest
from tests.api.conftest import Shop
from tests.api.guests import Guest, code_in, letters
from tests.api.people_of import Person, signed_in
from tests.api.test_profiles import keep

PATH = "/v1/me/addresses"
NEW = {"phone": "139 0013 9000"}


def strong(shop: Shop, ref: str = "card:1", phone: str = "13800138000") -> Person:
    return signed_in(
        shop, keep(shop, ref, name="Mei", phone=phone).json()["member"], is_strong=True
    )


def code_for(person: Person, address: dict[str, str]) -> str:
    sent = person.call("POST", f"{PATH}/codes", address)
    assert sent.status_code == 202, sent.text
    return code_in(letters(person.shop)[-1])


def test_a_member_is_found_by_the_address_that_they_have_proven(shop: Shop) -> None:
    person = strong(shop)
    code = code_for(person, NEW)
    assert letters(shop)[-1]["to"] == "+8613900139000"

    moved = person.call("POST", PATH, NEW | {"code": code})

    assert moved.status_code == 200, moved.text
    assert moved.json()["profile"]["phone"] == "+8613900139000"
    assert moved.json()["proven"] == ["phone"]
    assert shop.get("/v1/members/phone:13800138000").status_code == 404
    later = Guest(shop, ip="198.51.100.9").prove(phone="13900139000")
    assert later["status"] == "signed_in"


def test_a_session_alone_is_not_enough(shop: Shop) -> None:
    member = keep(shop, phone="13800138000").json()["member"]
    weak = signed_in(shop, member)
    for path, body in ((f"{PATH}/codes", NEW), (PATH, NEW | {"code": "000000"})):
        answer = weak.call("POST", path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")
    assert letters(shop) == []


def test_asking_tells_nothing_and_proving_takes_nothing_of_another(shop: Shop) -> None:
    person = strong(shop)
    other = keep(shop, "card:2", phone="13900139000").json()["member"]
    known = person.call("POST", f"{PATH}/codes", NEW)
    unknown = person.call("POST", f"{PATH}/codes", {"phone": "13700137000"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)

    code = code_in(letters(shop)[0])
    taken = person.call("POST", PATH, NEW | {"code": code})

    assert (taken.status_code, taken.json()["code"]) == (409, "identity_taken")
    assert other not in taken.text
    assert shop.get("/v1/members/phone:13900139000").json()["member"] == other


def test_a_code_serves_the_address_that_it_was_sent_to(shop: Shop) -> None:
    person = strong(shop)
    code = code_for(person, {"email": "mei@example.com"})
    wrong = person.call("POST", PATH, NEW | {"code": code})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "code_refused")
    assert person.call("POST", PATH, {"email": "mei@example.com", "code": code}).status_code == 200
    again = person.call("POST", PATH, {"email": "mei@example.com", "code": code})
    assert again.json()["code"] == "code_refused"


def test_wrong_codes_are_counted(shop: Shop) -> None:
    person = strong(shop)
    right = code_for(person, NEW)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        person.call("POST", PATH, NEW | {"code": wrong})
    assert person.call("POST", PATH, NEW | {"code": right}).status_code in {403, 429}
    assert shop.get("/v1/members/phone:13900139000").status_code == 404


@pytest.mark.parametrize("body", [{}, {"phone": "12"}, NEW | {"email": "a@example.com"}])
def test_one_address_that_exists_is_asked_for(shop: Shop, body: dict[str, str]) -> None:
    assert strong(shop).call("POST", f"{PATH}/codes", body).status_code == 422
