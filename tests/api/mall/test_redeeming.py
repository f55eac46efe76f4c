"""Redeeming: points, stock and limits are taken together or not at all."""

from tests.adversarial.racing import proven
from tests.api.conftest import Shop
from tests.api.mall.stall import STREET, left, move, redeem, shelve, shopper
from tests.api.people_of import Person


def test_a_member_redeems_and_the_staff_hands_it_out(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    made = redeem(ada, mug)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["state"], told["points"], told["place_name"]) == ("placed", 100, "Main Street")
    assert shop.balance()["available"] == 900
    assert left(shop, mug) == 4
    found = shop.get("/v1/redemptions", code=told["code"].lower()).json()["items"]
    assert [one["redemption"] for one in found] == [told["redemption"]]
    assert move(shop, told["redemption"], "ready").json()["state"] == "ready"
    done = move(shop, told["redemption"], "picked_up").json()
    assert [step["state"] for step in done["steps"]] == ["placed", "ready", "picked_up"]
    assert move(shop, told["redemption"], "packed").status_code == 409
    proven(shop.db)


def test_the_same_key_takes_it_once(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    first, again = redeem(ada, mug, "k"), redeem(ada, mug, "k")
    assert first.json()["redemption"] == again.json()["redemption"]
    assert again.headers["idempotent-replayed"] == "true"
    assert left(shop, mug) == 4
    assert redeem(ada, mug, "k", quantity=2).json()["code"] == "idempotency_key_reused"


def test_cancelling_gives_points_and_stock_back_as_they_were(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    lots = _lots(shop)
    one = redeem(ada, mug).json()["redemption"]
    for _ in range(2):
        done = ada.call("POST", f"/v1/me/redemptions/{one}/cancellation")
        assert done.json()["state"] == "cancelled", done.text
    assert _lots(shop) == lots
    assert left(shop, mug) == 5
    proven(shop.db)


def test_a_member_cannot_cancel_what_is_packed_but_staff_can(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    one = redeem(ada, mug).json()["redemption"]
    move(shop, one, "packed")
    refused = ada.call("POST", f"/v1/me/redemptions/{one}/cancellation")
    assert refused.json()["code"] == "redemption_state_wrong"
    done = shop.client.post(f"/v1/redemptions/{one}/cancellation", json={"reason": "Broken"})
    assert done.json()["state"] == "cancelled"
    assert shop.balance()["available"] == 1000


def test_nobody_cancels_or_sees_what_is_anothers(shop: Shop) -> None:
    mug, ada, bob = shelve(shop), shopper(shop), shopper(shop, 500, "card:2")
    one = redeem(ada, mug).json()["redemption"]
    assert bob.call("GET", f"/v1/me/redemptions/{one}").status_code == 404
    assert bob.call("POST", f"/v1/me/redemptions/{one}/cancellation").status_code == 404
    assert bob.call("GET", "/v1/me/redemptions").json()["items"] == []


def test_what_cannot_be_had_takes_nothing(shop: Shop) -> None:
    mug = shelve(shop, variants=[{"points": 100, "stock": 1}], terms={"per_member": {"most": 1}})
    ada, bob, eve = shopper(shop), shopper(shop, 50, "card:2"), shopper(shop, 900, "card:3")
    assert redeem(bob, mug).json()["code"] == "insufficient_points"
    assert redeem(ada, mug).status_code == 201
    assert redeem(ada, mug).json()["code"] == "limit_reached"
    assert redeem(eve, mug).json()["code"] == "sold_out"
    assert shop.balance("card:3")["available"] == 900
    for wrong in (
        {"quantity": 0}, {"quantity": -1}, {"quantity": 10**9}, {"place": "moon"},
        {"way": "address"}, {"way": "none"}, {"variant": "var_0000000000000"},
    ):  # fmt: skip
        answer = redeem(eve, mug, **wrong)
        assert answer.status_code in {409, 422}, (wrong, answer.text)
    proven(shop.db)


def test_with_a_cash_part_points_wait_for_the_payment(shop: Shop) -> None:
    cash = {"amount": 990, "currency": "CNY"}
    mug = shelve(shop, variants=[{"points": 100, "cash": cash, "stock": 1}])
    ada, bob = shopper(shop), shopper(shop, 900, "card:2")
    one = redeem(ada, mug).json()
    assert (one["state"], one["cash"]) == ("awaiting_payment", cash)
    assert shop.balance()["held"] == 100
    assert redeem(bob, mug).json()["code"] == "sold_out"
    for _ in range(2):
        paid = shop.client.post(f"/v1/redemptions/{one['redemption']}/payment",
                                json={"reference": "r-1"})  # fmt: skip
        assert paid.json()["state"] == "placed", paid.text
    assert shop.balance()["held"] == 0
    assert shop.balance()["available"] == 900
    proven(shop.db)


def test_what_is_not_paid_in_time_comes_back_without_a_job(shop: Shop) -> None:
    cash = {"amount": 990, "currency": "CNY"}
    mug = shelve(shop, variants=[{"points": 100, "cash": cash, "stock": 1}])
    ada, bob = shopper(shop), shopper(shop, 900, "card:2")
    one = redeem(ada, mug).json()["redemption"]
    shop.clock.pass_(minutes=30)
    assert ada.call("GET", f"/v1/me/redemptions/{one}").json()["state"] == "timed_out"
    late = shop.client.post(f"/v1/redemptions/{one}/payment", json={"reference": "r"})
    assert late.json()["code"] == "redemption_state_wrong"
    assert shop.balance()["available"] == 1000
    assert redeem(bob, mug).status_code == 201
    proven(shop.db)


def test_addresses_are_sealed_and_every_look_is_on_record(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    one = redeem(ada, mug, way="address", place="", delivery=STREET).json()
    assert one["has_address"]
    with shop.db.transaction(1) as tx:
        row = tx.execute("select sealed from redemption").fetchone()
    assert row is not None
    assert b"Ada" not in bytes(row[0])
    opened = shop.client.post(f"/v1/redemptions/{one['redemption']}/address:open")
    assert opened.json()["address"] == STREET["address"]
    lines = shop.get("/v1/redemptions/fulfilment.csv", with_address="true").text.splitlines()
    assert "1 Long Street, Shanghai" in lines[1]
    assert "Ada Wong" not in shop.get("/v1/redemptions/fulfilment.csv").text
    uses = [one["action"] for one in shop.get("/v1/audit", limit=50).json()["items"]]
    assert uses.count("profile.unmasked") == 2
    move(shop, one["redemption"], "shipped", carrier="SF", tracking="SF1")
    move(shop, one["redemption"], "delivered")
    gone = shop.client.post(f"/v1/redemptions/{one['redemption']}/address:open")
    assert gone.status_code == 404


def test_who_waits_is_told_in_turn_when_stock_comes(shop: Shop) -> None:
    mug = shelve(shop, variants=[{"points": 100, "stock": 0}])
    ada, bob = shopper(shop), shopper(shop, 900, "card:2")
    variant = mug["variants"][0]["variant"]
    for person in (ada, bob, ada):
        assert person.call("PUT", f"/v1/me/variants/{variant}/wait").json()["waits"]
    assert redeem(ada, mug).json()["code"] == "sold_out"
    _stock(shop, mug, "add", 1)
    assert _notices(ada) == ["reward_back"]
    assert _notices(bob) == []
    bob.call("DELETE", f"/v1/me/variants/{variant}/wait")
    _stock(shop, mug, "add", 5)
    assert _notices(bob) == []


def test_stock_changes_are_on_record_and_never_below_nothing(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    assert redeem(ada, mug).status_code == 201
    assert _stock(shop, mug, "add", -4).json()["left_after"] == 0
    assert _stock(shop, mug, "add", -1).status_code == 422
    assert _stock(shop, mug, "set", 7).json()["left_after"] == 7
    assert left(shop, mug) == 7
    assert _stock(shop, mug, "unlimited", 0).json()["left_after"] is None
    assert redeem(ada, mug, quantity=9).status_code == 201
    assert _stock(shop, mug, "set", 0).json()["left_after"] == 0
    assert redeem(ada, mug).json()["code"] == "sold_out"
    history = shop.get(f"/v1/rewards/{mug['reward']}/stock").json()["items"]
    assert [one["change"] for one in history] == ["set", "unlimited", "set", "add"]
    proven(shop.db)


def _lots(shop: Shop) -> list[object]:
    found = shop.get("/v1/members/card:1/lots").json()["items"]
    return [one for one in found if one["currency"] == "points"]


def _stock(shop: Shop, reward: object, change: str, amount: int):  # type: ignore[no-untyped-def]
    body = {"variant": reward["variants"][0]["variant"], "change": change, "amount": amount,  # type: ignore[index]
            "reason": "Counted by hand"}  # fmt: skip
    return shop.do(f"/v1/rewards/{reward['reward']}/stock", body)  # type: ignore[index]


def _notices(person: Person) -> list[str]:
    with person.shop.db.transaction(1) as tx:
        rows = tx.execute(
            "select kind from notice where member_id = %s and kind like 'reward%%'",
            [person.number],
        )
        return [kind for (kind,) in rows.fetchall()]
