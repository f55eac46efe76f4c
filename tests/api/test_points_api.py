"""Points over HTTP: what a member has at any instant, and what is done to it once and only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.api.conftest import Shop

REDEEM = "/v1/members/card:1/redemptions"
TEN = {"currency": "points", "amount": 10}


def test_points_are_redeemed_and_the_movement_is_told(shop: Shop) -> None:
    shop.buy(5000)

    answer = shop.do(REDEEM, TEN | {"reference": "order-1"})

    assert answer.status_code == 201
    told = answer.json()
    assert told["type"] == "regulars.redemption"
    assert [(one["debit"], one["credit"], one["amount"]) for one in told["transfers"]] == [
        ("available", "redeemed", 10)
    ]
    assert shop.balance()["available"] == 40


def test_the_same_key_and_request_get_the_first_answer_again(shop: Shop) -> None:
    shop.buy(5000)
    first = shop.do(REDEEM, TEN, key="k1")
    shop.clock.pass_(minutes=90)

    again = shop.do(REDEEM, TEN, key="k1")

    assert again.status_code == 201
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert shop.balance()["available"] == 40


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (REDEEM, TEN | {"amount": 11}),
        ("/v1/members/card:2/redemptions", TEN),
        ("/v1/members/card:1/holds", TEN),
    ],
)
def test_the_same_key_for_another_request_is_refused(shop: Shop, path: str, body: object) -> None:
    shop.buy(5000)
    shop.buy(5000, subject="card:2")
    shop.do(REDEEM, TEN, key="k1")

    answer = shop.do(path, body, key="k1")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert shop.balance()["available"] == 40


def test_a_refused_request_may_come_again_under_its_key(shop: Shop) -> None:
    shop.buy(500)
    refused = shop.do(REDEEM, TEN, key="k1")
    shop.buy(5000)

    answer = shop.do(REDEEM, TEN, key="k1")

    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_points")
    assert answer.status_code == 201


def test_a_write_without_a_key_is_refused(shop: Shop) -> None:
    shop.buy(5000)

    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 201}):
        answer = shop.client.post(REDEEM, json=TEN, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].lower() == "/header/idempotency-key"
    assert shop.balance()["available"] == 50


def test_an_adjustment_gives_and_takes(shop: Shop) -> None:
    shop.buy(500)
    path = "/v1/members/card:1/adjustments"

    more = shop.do(path, {"currency": "points", "amount": 100, "reason": "sorry"})
    fewer = shop.do(path, {"currency": "points", "amount": -30, "reason": "too much"})

    assert (more.status_code, fewer.status_code) == (201, 201)
    assert shop.balance()["available"] == 75


def test_points_given_to_another_keep_their_expiry(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(100, subject="card:2")

    answer = shop.do("/v1/members/card:1/transfers", TEN | {"to": "card:2"})

    assert answer.status_code == 201
    assert shop.balance()["available"] == 40
    assert shop.balance("card:2")["available"] == 11
    given = shop.get("/v1/members/card:2/lots").json()["items"]
    assert {lot["lapses_at"] for lot in given if lot["currency"] == "points"} == {
        "2027-03-04T00:59:00Z"
    }


def test_points_are_converted_at_the_rate_of_the_program(shop: Shop) -> None:
    shop.buy(5000)

    answer = shop.do(
        "/v1/members/card:1/conversions", {"source": "points", "target": "miles", "amount": 20}
    )

    assert answer.status_code == 201
    assert shop.balance()["available"] == 30
    assert shop.balance(currency="miles")["available"] == 6


def test_a_hold_is_captured_in_part_and_the_rest_given_back(shop: Shop) -> None:
    shop.buy(5000)
    hold = shop.do("/v1/members/card:1/holds", TEN).json()["hold"]
    held = shop.balance()
    path = f"/v1/members/card:1/holds/{hold['hold']}/capture"

    captured = shop.do(path, {"amount": 8}, key="capture")
    again = shop.do(path, {"amount": 8}, key="capture")
    twice = shop.do(path, {"amount": 8})

    assert (held["available"], held["held"]) == (40, 10)
    assert captured.status_code == 201
    assert again.content == captured.content
    assert (twice.status_code, twice.json()["code"]) == (409, "hold_not_open")
    assert (shop.balance()["available"], shop.balance()["held"]) == (42, 0)


def test_a_hold_is_released_by_hand_or_by_time(shop: Shop) -> None:
    shop.buy(5000)
    first = shop.do("/v1/members/card:1/holds", TEN).json()["hold"]
    shop.do("/v1/members/card:1/holds", TEN | {"seconds": 60})

    released = shop.do(f"/v1/members/card:1/holds/{first['hold']}/release")
    open_holds = shop.get("/v1/members/card:1/holds").json()["items"]
    shop.clock.pass_(seconds=60)

    assert released.status_code == 201
    assert len(open_holds) == 1
    assert (shop.balance()["available"], shop.balance()["held"]) == (50, 0)
    assert shop.get("/v1/members/card:1/holds").json()["items"] == []


def test_a_hold_of_somebody_else_is_not_found(shop: Shop) -> None:
    shop.buy(5000)
    shop.buy(5000, subject="card:2")
    hold = shop.do("/v1/members/card:1/holds", TEN).json()["hold"]["hold"]

    answer = shop.do(f"/v1/members/card:2/holds/{hold}/capture")

    assert (answer.status_code, answer.json()["code"]) == (404, "hold_not_found")


def test_balances_are_told_as_of_any_instant(shop: Shop) -> None:
    start = shop.clock()
    shop.buy(5000)
    shop.clock.pass_(days=10)
    shop.do(REDEEM, TEN)
    shop.clock.pass_(days=10)
    hold = shop.do("/v1/members/card:1/holds", TEN).json()["hold"]["hold"]
    shop.clock.pass_(minutes=1)
    shop.do(f"/v1/members/card:1/holds/{hold}/capture")
    shop.clock.pass_(days=1)

    def at(**span: float) -> tuple[int, int]:
        found = shop.balance(as_of=(start + timedelta(**span)).isoformat())
        return found["available"], found["held"]

    assert at(days=-1) == (0, 0)
    assert at(days=5) == (50, 0)
    assert at(days=15) == (40, 0)
    assert at(days=20, seconds=30) == (30, 10)
    assert at(days=20, minutes=2) == (30, 0)
    assert at(days=30) == (30, 0)
    assert at(days=400) == (0, 0)


def test_the_next_lapse_is_announced_and_happens(shop: Shop) -> None:
    shop.buy(5000)
    shop.clock.pass_(days=30)
    shop.buy(1000)

    lapse = shop.balance()["next_lapse"]
    assert lapse == {"at": "2027-03-04T00:59:00Z", "amount": 50}
    assert shop.balance(as_of="2027-03-04T00:58:59Z")["available"] == 60
    assert shop.balance(as_of="2027-03-04T00:59:00Z")["available"] == 10


def test_points_lapse_by_inactivity_as_of_then_and_as_of_now(shop: Shop) -> None:
    start = shop.clock()
    shop.buy(1000)
    shop.clock.pass_(days=150)
    shop.buy(1000)

    def at(days: float) -> int:
        as_of = (start + timedelta(days=days)).isoformat()
        return int(shop.balance(currency="idle", as_of=as_of)["available"])

    assert (at(1), at(149), at(151), at(300)) == (5, 5, 10, 10)
    assert at(340) == 0
    shop.clock.pass_(days=200)
    assert shop.balance(currency="idle")["available"] == 0
    shop.buy(1000)
    assert shop.balance(currency="idle")["available"] == 5
    assert at(300) == 10


def test_lots_come_in_spending_order_page_by_page(shop: Shop) -> None:
    for _ in range(3):
        shop.buy(1000)
        shop.clock.pass_(days=1)

    first = shop.get("/v1/members/card:1/lots", limit=4).json()
    shop.clock.pass_(days=1)
    shop.buy(1000)
    rest = shop.get("/v1/members/card:1/lots", limit=4, cursor=first["next"]).json()

    lots = first["items"] + rest["items"]
    assert rest["as_of"] == first["as_of"]
    assert len({lot["lot"] for lot in lots}) == 6
    ends = [lot["lapses_at"] for lot in lots]
    assert ends == sorted(ends)


def test_transfers_are_listed_newest_first_page_by_page(shop: Shop) -> None:
    shop.buy(1000)
    shop.do(REDEEM, TEN | {"amount": 1})
    shop.do(REDEEM, TEN | {"amount": 2})

    first = shop.get("/v1/members/card:1/transfers", limit=2, currency="points").json()
    rest = shop.get(
        "/v1/members/card:1/transfers", limit=2, currency="points", cursor=first["next"]
    ).json()

    told = [(one["code"], one["amount"]) for one in first["items"] + rest["items"]]
    assert told == [("redeem", 2), ("redeem", 1), ("earn", 10)]
    assert rest["next"] is None


def test_the_same_request_at_once_from_many_is_done_once(shop: Shop) -> None:
    shop.buy(5000)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shop.do(REDEEM, TEN, key="k1"), range(24)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert shop.balance()["available"] == 40


def test_points_are_never_spent_twice_by_rivals(shop: Shop) -> None:
    shop.buy(5000)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: shop.do(REDEEM, TEN, key=f"rival-{n}"), range(12)))

    assert [answer.status_code for answer in answers].count(201) == 5
    assert shop.balance()["available"] == 0
