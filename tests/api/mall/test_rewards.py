"""Rewards as operators keep them and members see them."""

from datetime import timedelta

from tests.api.conftest import Shop
from tests.api.mall.stall import redeem, reward_body, shelve, shopper

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00"
    + b"\x00" * 20
)


def test_a_reward_is_changed_by_who_saw_it_last(shop: Shop) -> None:
    mug = shelve(shop)
    address = f"/v1/rewards/{mug['reward']}"
    mark = shop.get(address).headers["etag"]
    known = {"variant": mug["variants"][0]["variant"], "points": 150}
    body = reward_body(variants=[known, {"points": 90, "name": {"en": "Small"}, "stock": 1}])
    body["variants"][0]["name"] = {"en": "Large"}
    for status in (200, 412):
        answer = shop.client.request("PUT", address, json=body, headers={"If-Match": mark})
        assert answer.status_code == status, answer.text
    found = shop.get(address).json()
    assert [(one["points"], one["left"]) for one in found["variants"]] == [(150, 5), (90, 1)]
    shop.client.request("PUT", address, json=reward_body(variants=[known]))
    assert len(shop.get(address).json()["variants"]) == 1


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    for wrong in (
        {"terms": {"currency": "gold"}}, {"terms": {"name": {}}}, {"terms": {"ways": []}},
        {"terms": {"places": []}}, {"terms": {"audience": {"tiers": ["none"]}}},
        {"terms": {"audience": {"where": "member.nothing > 1"}}}, {"variants": []},
        {"variants": [{"points": -1}]}, {"variants": [{"points": 10**16}]}, {"kind": "coupon"},
        {"variants": [{"points": 1, "cash": {"amount": 1, "currency": "USD"}}]},
        {"variants": [{"points": 1, "variant": "var_0000000000000"}]}, {"kind": "moon"},
        {"starts_at": "2026-01-02T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"},
    ):  # fmt: skip
        answer = shop.client.post("/v1/rewards", json=reward_body(**wrong))
        assert answer.status_code in {400, 422}, (wrong, answer.text)
    assert shop.get("/v1/rewards").json()["items"] == []


def test_pictures_are_known_by_what_is_in_them(shop: Shop) -> None:
    mug, ada = shelve(shop), shopper(shop)
    address = f"/v1/rewards/{mug['reward']}/pictures/0"
    for content, kind in ((b"<svg onload=alert(1)>", "image/png"), (PNG, "image/svg+xml"),
                          (b"", "image/png"), (PNG + b"0" * 400_000, "image/png")):  # fmt: skip
        refused = shop.client.request(
            "PUT", address, content=content, headers={"content-type": kind}
        )
        assert refused.status_code in {413, 415, 422}, refused.text
    kept = shop.client.request("PUT", address, content=PNG, headers={"content-type": "image/jpeg"})
    (shown,) = kept.json()["pictures"]
    picture = shop.client.get(shown)
    assert (picture.headers["content-type"], picture.content) == ("image/png", PNG)
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in picture.headers["cache-control"]
    own = ada.call("GET", f"/v1/me/rewards/{mug['reward']}").json()["pictures"][0]
    assert ada.call("GET", own).content == PNG
    assert shop.client.request("DELETE", address).json()["pictures"] == []


def test_members_see_what_is_offered_in_the_order_they_choose(shop: Shop) -> None:
    for name, points, state in (("A", 300, "active"), ("B", 100, "active"), ("C", 5, "draft")):
        shelve(shop, state=state, variants=[{"points": points}], terms={"name": {"en": name}})
    ada = shopper(shop, 200)

    def names(**query: object) -> list[str]:
        found = ada.shop.client.get(
            "/v1/me/rewards", params=query, headers={"Authorization": f"Bearer {ada.secret}"}
        )
        return [one["name"] for one in found.json()["items"]]

    assert names(sort="points") == ["B", "A"]
    assert names(sort="-points") == names(sort="newest")[::-1] == ["A", "B"]
    assert names(most_points=200) == ["B"]
    assert names(q="a") == ["A"]
    first = ada.call("GET", "/v1/me/rewards?sort=newest&limit=1").json()
    rest = ada.call("GET", f"/v1/me/rewards?sort=newest&limit=1&cursor={first['next']}").json()
    assert [one["name"] for one in (*first["items"], *rest["items"])] == ["B", "A"]


def test_rewards_are_for_whom_and_when_their_terms_say(shop: Shop) -> None:
    soon = (shop.clock() + timedelta(hours=1)).isoformat()
    gold = shelve(shop, terms={"audience": {"tiers": ["gold"]}})
    busy = shelve(shop, terms={"audience": {"where": "member.purchases >= 2"}})
    later = shelve(shop, starts_at=soon)
    ada = shopper(shop, 500)
    for reward, reason in ((gold, "not_for_you"), (busy, "not_for_you"), (later, "not_begun")):
        shown = ada.call("GET", f"/v1/me/rewards/{reward['reward']}").json()
        assert shown["why_not"] == reason
        refused = redeem(ada, reward).json()
        assert (refused["code"], refused["errors"][0]["code"]) == ("reward_unavailable", reason)
    shop.buy(100)
    assert redeem(ada, busy).status_code == 201
    shop.clock.pass_(hours=1)
    assert redeem(ada, later).status_code == 201


def test_partner_points_wait_for_settlement_and_donations_are_done(shop: Shop) -> None:
    ada = shopper(shop)
    miles = shelve(shop, kind="partner_points", terms={"partner": "Air", "partner_points": 50})
    tree = shelve(shop, kind="donation")
    told = redeem(ada, miles).json()
    assert (told["state"], told["settlement"]) == ("fulfilled", "open")
    assert redeem(ada, tree).json()["state"] == "fulfilled"


def test_a_coupon_is_issued_with_its_redemption(shop: Shop) -> None:
    made = shop.do("/v1/coupon-templates", {
        "code": "ten-off", "name": {"en": "Ten off"},
        "terms": {"give": "amount", "amount": 1000, "currency": "CNY"},
    })  # fmt: skip
    assert made.status_code == 201, made.text
    ada = shopper(shop)
    ticket = shelve(shop, kind="coupon", terms={"template": "ten-off"})
    refused = redeem(ada, ticket)
    assert refused.json()["code"] == "reward_unavailable"
    assert shop.balance()["available"] == 1000
    state = shop.do(f"/v1/coupon-templates/{made.json()['template']}/state", {"state": "active"})
    assert state.is_success, state.text
    told = redeem(ada, ticket).json()
    assert told["state"] == "fulfilled"
    assert [one[:4] for one in told["given"]] == ["cpn_"]


def test_a_coupon_of_which_none_is_left_costs_nobody_points(shop: Shop) -> None:
    made = shop.do("/v1/coupon-templates", {
        "code": "ten-off", "name": {"en": "Ten off"},
        "terms": {"give": "amount", "amount": 1000, "currency": "CNY", "total": 1},
    })  # fmt: skip
    shop.do(f"/v1/coupon-templates/{made.json()['template']}/state", {"state": "active"})
    ada = shopper(shop)
    ticket = shelve(shop, kind="coupon", terms={"template": "ten-off"})
    assert redeem(ada, ticket).json()["state"] == "fulfilled"
    before = shop.balance()["available"]
    refused = redeem(ada, ticket)
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")
    assert shop.balance()["available"] == before
