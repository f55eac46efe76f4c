"""A frozen member: what comes in comes in, and nothing of it is spent by any door."""

from typing import Any

import pytest
from tests.api.conftest import Shop

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.verification.verifying import verify

WHY = "Redeemed in two cities within an hour"


def freeze(shop: Shop, *, on: bool = True, ref: str = "card:1") -> Any:
    body = {"frozen": on, "reason": WHY}
    answer = shop.client.post(f"/v1/members/{ref}/freeze", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("redemptions", {"currency": "points", "amount": 1}),
        ("transfers", {"to": "card:2", "currency": "points", "amount": 1}),
        ("conversions", {"source": "points", "target": "miles", "amount": 10}),
        ("holds", {"currency": "points", "amount": 1}),
    ],
)
def test_every_way_to_spend_is_refused_until_it_is_lifted(
    shop: Shop, path: str, body: dict[str, object]
) -> None:
    shop.buy(5000)
    shop.buy(5000, subject="card:2")
    assert freeze(shop)["frozen_at"] is not None

    refused = shop.do(f"/v1/members/card:1/{path}", body)

    assert (refused.status_code, refused.json()["code"]) == (409, "member_frozen")
    assert shop.balance()["available"] == 50
    assert freeze(shop, on=False)["frozen_at"] is None
    assert shop.do(f"/v1/members/card:1/{path}", body).status_code == 201


def test_a_hold_of_before_is_not_captured_but_can_be_given_back(shop: Shop) -> None:
    shop.buy(5000)
    held = shop.do("/v1/members/card:1/holds", {"currency": "points", "amount": 5}).json()
    hold = f"/v1/members/card:1/holds/{held['hold']['hold']}"
    freeze(shop)

    assert shop.do(f"{hold}/capture").json()["code"] == "member_frozen"
    assert shop.do(f"{hold}/release").status_code == 201
    assert shop.balance()["available"] == 50


def test_a_frozen_member_goes_on_earning_and_is_corrected(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(5000, subject="card:2")
    freeze(shop)

    shop.buy(1000)
    given = {"to": "card:1", "currency": "points", "amount": 7}
    assert shop.do("/v1/members/card:2/transfers", given).status_code == 201
    taken = {"currency": "points", "amount": -60, "reason": "Was not theirs"}
    assert shop.do("/v1/members/card:1/adjustments", taken).status_code == 201

    assert shop.balance()["available"] == 7
    assert verify(shop.db, DEFAULT_ORGANIZATION).is_clean


def test_what_was_spent_before_is_answered_again(shop: Shop) -> None:
    shop.buy(5000)
    body = {"currency": "points", "amount": 10}
    first = shop.do("/v1/members/card:1/redemptions", body, key="k1")
    freeze(shop)

    again = shop.do("/v1/members/card:1/redemptions", body, key="k1")

    assert again.content == first.content


def test_freezing_twice_keeps_the_first_instant_and_is_on_record_once(shop: Shop) -> None:
    shop.buy(5000)
    first = freeze(shop)
    shop.clock.pass_(hours=1)

    assert freeze(shop) == first

    items = shop.get("/v1/audit", action="member.frozen").json()["items"]
    assert [one["purpose"] for one in items] == [WHY]


def test_a_reason_with_personal_data_is_refused(shop: Shop) -> None:
    shop.buy(5000)
    body = {"frozen": True, "reason": "Called from 13800138000"}
    assert shop.client.post("/v1/members/card:1/freeze", json=body).status_code == 422
    assert shop.get("/v1/members/card:1").json()["status"] == "active"


def test_the_member_is_told_as_frozen_with_the_reason(shop: Shop) -> None:
    shop.buy(5000)
    freeze(shop)
    told = shop.get("/v1/members/card:1").json()
    assert (told["status"], told["frozen_reason"]) == ("frozen", WHY)
