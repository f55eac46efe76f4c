"""Orders over HTTP: from the cart to the return."""

from typing import Any

import pytest
from tests.api.conftest import Shop
from tests.api.orders.till import Till, cart, line, publish

from regulars.services.orders.timing_out import close_due


@pytest.fixture
def till(bare: Shop) -> Till:
    publish(bare)
    bare.buy(50_000)
    return Till(bare)


def test_an_order_is_quoted_held_and_confirmed(till: Till) -> None:
    told = till.opened(cart=cart(line(6_000, sku="mug"), line(4_000), points={"amount": 200}))
    price = told["price"]
    assert (price["total"], price["discount"], price["payable"]) == (10_000, 1_000, 9_000)
    assert (price["points"]["used"], price["points"]["value"], price["to_pay"]) == (200, 200, 8_800)
    assert [one["net"] for one in price["lines"]] == [5_400, 3_600]
    assert till.shop.balance()["held"] == 200

    done = till.done(told["order"], "confirm", payments=[{"method": "cash", "amount": 8_800}])
    assert done["state"] == "confirmed"
    assert done["earned"] == {"points": 88}
    assert till.shop.balance()["available"] == 500 - 200 + 88
    whole = till.get(told["order"])
    assert [one["what"] for one in whole["steps"]] == ["opened", "confirmed"]
    assert whole["held"][0]["state"] == "captured"


def test_the_same_again_gets_the_same_answer(till: Till) -> None:
    first = till.opened()
    again = till.open()
    assert again.status_code == 200
    assert again.json() == first | {"repeat": True}
    confirmed = till.done(first["order"], "confirm", reference="R-1")
    repeated = till.done(first["order"], "confirm", reference="R-1")
    assert repeated == confirmed | {"repeat": True}
    assert till.do(first["order"], "confirm", reference="R-2").json()["code"] == "order_closed"
    assert till.open().json()["code"] == "order_closed"


def test_other_content_while_open_moves_what_is_held(till: Till) -> None:
    first = till.opened(cart=cart(points={"amount": 400}))
    second = till.open(cart=cart(line(3_000), points={"amount": 500})).json()
    assert (second["order"], second["revision"]) == (first["order"], 2)
    assert till.shop.balance()["held"] == 500
    refused = till.open(cart=cart(line(3_000), points={"amount": 501}))
    assert refused.json()["code"] == "insufficient_points"
    assert till.shop.balance()["held"] == 500
    held = till.get(first["order"])["held"]
    assert [(one["offer"], one["state"]) for one in held] == [("benefit:ten", "open")]
    third = till.opened("A-2")["price"]["applied"]
    assert [one["offer"] for one in third] == ["benefit:ten"]


def test_what_is_cancelled_leaves_nothing_behind_but_its_history(till: Till) -> None:
    before = till.shop.balance()
    opened = till.opened(cart=cart(points={"amount": 300}))
    done = till.done(opened["order"], "cancel", reason="The customer left")
    assert done["state"] == "cancelled"
    assert till.done(opened["order"], "cancel")["state"] == "cancelled"
    assert till.shop.balance() == before
    assert till.do(opened["order"], "confirm").json()["code"] == "order_closed"


@pytest.mark.parametrize("hours", [1, 24, 0])
def test_a_confirmed_order_can_be_cancelled_until_the_instant_that_the_settings_say(
    till: Till, hours: int
) -> None:
    if hours != 24:
        settings = {"orders": {"cancel_within_hours": hours}}
        answer = till.shop.client.request("PUT", "/v1/organization/settings", json=settings)
        assert answer.status_code == 200, answer.text
    names = [till.opened(f"A-{n}")["order"] for n in range(2)]
    for name in names:
        till.done(name, "confirm")
    if hours:
        till.shop.clock.pass_(hours=hours, microseconds=-1)
        assert till.done(names[0], "cancel")["state"] == "cancelled"
        till.shop.clock.pass_(microseconds=1)
    assert till.do(names[1], "cancel").json()["code"] == "cancel_too_late"
    assert till.get(names[1])["state"] == "confirmed"


def test_a_confirmed_order_can_be_cancelled_for_a_day(till: Till) -> None:
    before = till.shop.balance()
    opened = till.opened(cart=cart(points={"amount": 300}))
    till.done(opened["order"], "confirm")
    done = till.done(opened["order"], "cancel", reason="Wrong goods")
    assert done["came_back"]["whole"]
    assert done["came_back"]["points"] == 300
    assert till.shop.balance() == before
    assert till.get(opened["order"])["held"][0]["state"] == "restored"

    late = till.opened("A-2")
    till.done(late["order"], "confirm")
    till.shop.clock.pass_(hours=25)
    assert till.do(late["order"], "cancel").json()["code"] == "cancel_too_late"


def test_goods_come_back_line_by_line_and_sum_to_the_whole(till: Till) -> None:
    before = till.shop.balance()
    asked = cart(line(1_000, quantity=3), line(999), points={"amount": 101}, delivery=500)
    opened = till.opened(cart=asked)
    price = till.done(opened["order"], "confirm")["price"]
    backs = [
        till.done(opened["order"], "returns", id="r1", lines=[{"line": 0, "quantity": 1}]),
        till.done(opened["order"], "returns", id="r2", lines=[{"line": 1}]),
        till.done(opened["order"], "returns", id="r3"),
    ]
    assert [one["state"] for one in backs] == ["returned_in_part", "returned_in_part", "returned"]
    assert sum(one["came_back"]["money"] for one in backs) == price["to_pay"]
    assert sum(one["came_back"]["points"] for one in backs) == 101
    assert till.shop.balance() == before
    again = till.do(opened["order"], "returns", id="r1", lines=[{"line": 0, "quantity": 1}])
    assert (again.status_code, again.json()["repeat"]) == (200, True)
    other = till.do(opened["order"], "returns", id="r1", lines=[{"line": 1}])
    assert other.json()["code"] == "event_conflict"
    assert till.do(opened["order"], "returns", id="r4").json()["code"] == "already_returned"
    whole = till.get(opened["order"])
    assert [one["id"] for one in whole["returns"]] == ["r1", "r2", "r3"]
    assert whole["held"][0]["state"] == "restored"


def test_an_order_times_out_by_the_clock_alone(till: Till) -> None:
    opened = till.opened(cart=cart(points={"amount": 300}), hold_seconds=60)
    till.shop.clock.pass_(seconds=60)
    assert till.get(opened["order"])["state"] == "timed_out"
    assert till.do(opened["order"], "confirm").json()["code"] == "order_timed_out"
    assert till.shop.balance()["held"] == 0
    fresh = till.open(cart=cart(points={"amount": 300}), hold_seconds=60).json()
    assert (fresh["state"], fresh["revision"]) == ("open", 2)
    till.shop.clock.pass_(seconds=61)
    assert close_due(till.shop.db, 1, till.shop.clock()) == 1
    steps = [one["what"] for one in till.get(opened["order"])["steps"]]
    assert steps == ["opened", "requoted", "timed_out"]


def test_nothing_is_priced_anew_in_silence(till: Till) -> None:
    quote = till.shop.client.post(
        "/v1/orders:quote", json={"member": "card:1", "cart": cart(line(5_000))}
    ).json()
    changed = till.open(cart=cart(line(6_000)), accept=quote["quote"])
    assert (changed.status_code, changed.json()["code"]) == (409, "quote_changed")
    opened = till.opened(cart=cart(line(5_000)), accept=quote["quote"])
    assert opened["price"]["quote"] == quote["quote"]
    till.opened(cart=cart(line(7_000)))
    stale = till.do(opened["order"], "confirm", accept=quote["quote"])
    assert stale.json()["code"] == "quote_changed"
    short = till.do(opened["order"], "confirm", payments=[{"method": "cash", "amount": 1}])
    assert (short.status_code, short.json()["errors"][0]["pointer"]) == (422, "/payments")


def test_a_quota_is_used_up_and_told_so(till: Till) -> None:
    for number in range(3):
        assert till.opened(f"B-{number}")["price"]["discount"] == 1_000
    told = till.opened("B-3")["price"]
    assert told["discount"] == 0
    assert [(one["offer"], one["reason"]) for one in told["not_applied"]] == [
        ("benefit:ten", "limit")
    ]
    assert "as often" in told["not_applied"][0]["detail"]


def test_many_are_confirmed_at_once_each_for_itself(till: Till) -> None:
    till.shop.buy(1_000, "card:2")
    one, two = till.opened("C-1")["order"], till.opened("C-2", "card:2")["order"]
    names = [one, "ord_0000000000000", two, one]
    asked = {"orders": [{"order": name} for name in names]}
    items = till.shop.client.post("/v1/orders:confirm", json=asked).json()["items"]
    assert [item["status"] for item in items] == [200, 404, 200, 200]
    assert items[3]["answer"]["repeat"]


def test_an_order_of_a_till_that_was_off_line_is_honoured_as_it_was(till: Till) -> None:
    asked = {
        "id": "O-1", "source": "till", "member": "card:1", "time": "2026-03-03T10:00:00Z",
        "sold": {
            "currency": "CNY", "codes": ["NOSUCHCODE"], "offers": ["benefit:ten"],
            "lines": [{"amount": 9_000, "discount": 1_000, "quantity": 2}],
            "points": {"currency": "points", "amount": 600, "value": 600},
        },
    }  # fmt: skip
    answer = till.shop.client.post("/v1/orders:report", json=asked)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["state"], told["price"]["to_pay"]) == ("confirmed", 8_400)
    assert told["earned"] == {"points": 84}
    assert {(one["code"], one["what"], one["missing"]) for one in told["report"]} == {
        ("unknown_code", "code:0", 0), ("points_missing", "points", 100),
    }  # fmt: skip
    assert till.shop.balance()["available"] == 84
    again = till.shop.client.post("/v1/orders:report", json=asked)
    assert (again.status_code, again.json()["order"]) == (200, told["order"])
    back = till.done(told["order"], "returns", id="r1")["came_back"]
    assert (back["money"], back["points"]) == (8_400, 500)
    assert till.shop.balance()["available"] == 500


def test_orders_are_found_and_a_member_sees_only_their_own(till: Till) -> None:
    till.shop.buy(1_000, "card:2")
    one, two = till.opened("D-1"), till.opened("D-2", "card:2", cart=cart(store="north"))
    listed = till.shop.get("/v1/orders").json()["items"]
    assert [item["order"] for item in listed] == [two["order"], one["order"]]
    for params, names in (
        ({"member": "card:1"}, ["D-1"]), ({"store": "north"}, ["D-2"]), ({"id": "D-1"}, ["D-1"]),
        ({"state": "confirmed"}, []), ({"limit": 1}, ["D-2"]),
    ):  # fmt: skip
        found = till.shop.get("/v1/orders", **params).json()["items"]
        assert [item["id"] for item in found] == names, params
    assert till.shop.get("/v1/orders/ord_0000000000000").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        cart(line(-1)),
        cart(line(1_000, quantity=-2)),
        cart(line(1_000, quantity=0)),
        cart({"unit_amount": 10**15, "quantity": 2}),
        cart({"quantity": 1}),
        {"currency": "EUR", "lines": [line(100)]},
        {"currency": "CNY", "lines": []},
        cart(*[line(1)] * 1_001),
        cart(points={"amount": -5}),
        cart(codes=["A", "A"]),
    ],
)
def test_a_cart_that_makes_no_sense_is_refused_and_changes_nothing(
    till: Till, asked: dict[str, Any]
) -> None:
    answer = till.open(cart=asked)
    assert answer.status_code == 422, answer.text
    assert till.shop.get("/v1/orders").json()["items"] == []


def test_a_huge_cart_with_free_goods_is_taken(till: Till) -> None:
    told = till.opened(cart=cart(*[line(7)] * 999, line(0)))
    assert told["price"]["total"] == 6_993
    assert sum(one["net"] for one in told["price"]["lines"]) == told["price"]["payable"]
    assert till.done(told["order"], "confirm")["state"] == "confirmed"
