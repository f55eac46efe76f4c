"""Nobody finds out codes of coupons by asking what orders with them would cost."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.coupons.counter import given, template
from tests.api.orders.till import Till, cart, publish

from regulars.storage.coupons.guessing import BY_CALLER, BY_MEMBER

WRONG = "NOSUCHWORD"


@pytest.fixture
def till(bare: Shop) -> Till:
    publish(bare)
    for number in range(1, 4):
        bare.buy(50_000, f"card:{number}")
    return Till(bare)


def price(till: Till, code: str, member: str = "card:1", **more: Any) -> Any:
    body = {"member": member, "cart": cart(codes=[code], **more)}
    return till.shop.client.post("/v1/orders:quote", json=body)


def test_who_asks_for_unknown_codes_of_a_member_has_to_wait(till: Till) -> None:
    (own,) = given(till.shop, template(till.shop), "card:1")
    for number in range(BY_MEMBER.free):
        assert price(till, own["code"]).status_code == 200
        told = price(till, WRONG) if number % 2 else till.open(f"B-{number}", cart=_wrong())
        assert told.status_code in {200, 201}
    for refused in (price(till, own["code"]), till.open("C-1", cart=_wrong())):
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert 0 < int(refused.headers["retry-after"]) <= 30
    assert till.open("C-2").status_code == 201, "goods without codes are sold all the same"
    assert price(till, WRONG, "card:2").status_code == 200
    till.shop.clock.pass_(seconds=31)
    assert price(till, own["code"]).status_code == 200


def test_who_asks_for_unknown_codes_of_many_members_has_to_wait(till: Till) -> None:
    (own,) = given(till.shop, template(till.shop), "card:1")
    for number in range(BY_CALLER.free):
        assert price(till, WRONG, f"card:nobody-{number}").status_code == 404
    assert price(till, own["code"]).status_code == 429
    assert till.open(cart=cart(codes=[own["code"]])).status_code == 429


def test_a_mistyped_code_is_no_guess(till: Till) -> None:
    for _ in range(BY_MEMBER.free + 2):
        assert price(till, "TEN-2345-6789-ABCD").status_code == 200


def report(till: Till, name: str, code: str, member: str = "card:1") -> Any:
    sold = {"currency": "CNY", "codes": [code], "lines": [{"amount": 100}]}
    body = {"id": name, "source": "till", "member": member, "sold": sold}
    return till.shop.client.post("/v1/orders:report", json=body | {"time": "2026-03-03T10:00:00Z"})


def test_who_reports_orders_with_unknown_codes_has_to_wait(till: Till) -> None:
    (own,) = given(till.shop, template(till.shop), "card:1")
    for number in range(BY_MEMBER.free):
        assert report(till, f"R-{number}", WRONG).status_code == 201
    for code in (WRONG, own["code"]):
        refused = report(till, "S-1", code)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert till.shop.get("/v1/orders", id="S-1").json()["items"] == []
    assert price(till, own["code"]).status_code == 429, "all doors count alike"
    assert report(till, "S-2", WRONG, "card:2").status_code == 201
    till.shop.clock.pass_(seconds=31)
    told = report(till, "S-1", own["code"])
    assert (told.status_code, told.json()["report"]) == (201, [])


def test_a_till_that_sends_a_report_again_is_no_guesser(till: Till) -> None:
    for _ in range(BY_MEMBER.free + 2):
        assert report(till, "R-1", WRONG).status_code in {200, 201}
    assert report(till, "R-2", WRONG).status_code == 201


def _wrong() -> dict[str, Any]:
    return cart(codes=[WRONG])
