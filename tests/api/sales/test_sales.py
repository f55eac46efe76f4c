"""Flash sales over HTTP: announced, open, bought at once, over."""

from datetime import timedelta
from typing import Any

import httpx
from tests.adversarial.racing import proven
from tests.api.conftest import Shop
from tests.api.mall.stall import shelve, shopper
from tests.api.people_of import Person


def announce(shop: Shop, reward: Any, **more: Any) -> Any:
    """A sale that begins in an hour and lasts for one."""
    begins = shop.clock() + timedelta(hours=1)
    body = {
        "variant": reward["variants"][0]["variant"], "name": {"en": "Now"}, "state": "active",
        "points": 10, "pieces": 2, "per_member": 1, "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
    } | more  # fmt: skip
    made = shop.client.post("/v1/sales", json=body)
    assert made.status_code == 201, made.text
    return made.json()


def buy(person: Person, sale: Any, key: str = "", **more: Any) -> httpx.Response:
    person.shop.count += 1
    body = {"variant": sale["variant"], "way": "pick_up", "place": "store-1"} | more
    headers = {"Idempotency-Key": key or f"auto-{person.shop.count}"}
    return person.call("POST", f"/v1/me/sales/{sale['sale']}/purchases", body, **headers)


def test_every_buyer_gets_a_definite_answer(shop: Shop) -> None:
    mug = shelve(shop, variants=[{"points": 100, "stock": 50}])
    sale = announce(shop, mug)
    ada, bob, eve = (shopper(shop, 500, f"card:{n}") for n in (1, 2, 3))
    early = buy(ada, sale)
    assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "not_begun")
    told = ada.call("GET", "/v1/me/sales").json()["items"][0]
    assert (told["phase"], told["own_left"], told["usual_points"]) == ("not_begun", 1, 100)
    shop.clock.pass_(hours=1)
    won = buy(ada, sale, "k")
    assert (won.status_code, won.json()["points"]) == (201, 10)
    again = buy(ada, sale, "k")
    assert again.json()["redemption"] == won.json()["redemption"]
    assert again.headers["idempotent-replayed"] == "true"
    assert buy(ada, sale).json()["code"] == "limit_reached"
    assert buy(bob, sale).status_code == 201
    assert [buy(eve, sale).json()["code"] for _ in range(3)] == ["sold_out"] * 3
    assert buy(bob, sale).json()["code"] == "limit_reached"
    live = shop.get(f"/v1/sales/{sale['sale']}/live").json()
    assert (live["sale"]["left"], sum(one["pieces"] for one in live["seconds"])) == (0, 2)
    shop.clock.pass_(hours=1)
    assert buy(eve, sale).json()["code"] in {"sold_out", "sale_not_open"}
    proven(shop.db)


def test_a_piece_that_was_cancelled_is_sold_again(shop: Shop) -> None:
    mug = shelve(shop, variants=[{"points": 100, "stock": 50}])
    sale = announce(shop, mug, pieces=1, starts_at=shop.clock().isoformat())
    ada, bob = shopper(shop, 500), shopper(shop, 500, "card:2")
    one = buy(ada, sale).json()["redemption"]
    ada.call("POST", f"/v1/me/redemptions/{one}/cancellation")
    assert buy(bob, sale).status_code == 201
    proven(shop.db)


def test_a_sale_is_changed_by_who_saw_it_last(shop: Shop) -> None:
    mug = shelve(shop)
    sale = announce(shop, mug)
    address = f"/v1/sales/{sale['sale']}"
    mark = shop.get(address).headers["etag"]
    body = {key: sale[key] for key in ("variant", "name", "points", "starts_at", "ends_at")}
    body |= {"state": "paused", "pieces": 5, "per_member": 2}
    for status in (200, 412):
        answer = shop.client.request("PUT", address, json=body, headers={"If-Match": mark})
        assert answer.status_code == status, answer.text
    shop.clock.pass_(hours=1)
    assert buy(shopper(shop), sale).json()["errors"][0]["code"] == "paused"


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    mug = shelve(shop)
    now = shop.clock().isoformat()
    good = {
        "variant": mug["variants"][0]["variant"], "name": {"en": "Now"}, "points": 10, "pieces": 1,
        "starts_at": now, "ends_at": (shop.clock() + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    for wrong in (
        {"pieces": 0}, {"pieces": -1}, {"pieces": 10**12}, {"per_member": 0}, {"points": -1},
        {"ends_at": now}, {"name": {}}, {"name": {"xx": "?"}}, {"variant": "var_0000000000000"},
        {"variant": "rwd_1"}, {"cash": {"amount": 1, "currency": "USD"}},
    ):  # fmt: skip
        answer = shop.client.post("/v1/sales", json=good | wrong)
        assert answer.status_code in {400, 422}, (wrong, answer.text)
    ada = shopper(shop)
    sale = announce(shop, mug, starts_at=now)
    assert buy(ada, sale, way="none").status_code == 422
    assert buy(ada, sale, quantity=0).status_code in {400, 422}
    answer = ada.call("POST", f"/v1/me/sales/{sale['sale']}/purchases", {})
    assert answer.status_code == 422
    assert shop.client.post(f"/v1/me/sales/{sale['sale']}/purchases", json={}).status_code == 403
