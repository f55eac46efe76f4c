"""Coupons in orders: asked for by code, confirmed, brought back, and told in the figures."""

from typing import Any

from tests.api.conftest import Shop
from tests.api.coupons.counter import given, look, member, template


def figures(shop: Shop, made: Any) -> tuple[int, int, int]:
    told = shop.get(f"/v1/coupon-templates/{made['template']}").json()["figures"]
    return told["reserved"], told["redeemed"], told["discount"]


def test_an_order_uses_a_coupon_and_a_whole_return_gives_it_back(shop: Shop) -> None:
    member(shop)
    made = template(shop)
    (one,) = given(shop, made, "card:1")
    cart = {"currency": "CNY", "lines": [{"amount": 5000}], "codes": [one["code"]]}
    body = {"id": "A-1", "source": "till", "member": "card:1", "cart": cart}
    opened = shop.client.post("/v1/orders", json=body)
    assert opened.status_code == 201, opened.text
    assert figures(shop, made) == (1, 0, 0)
    path = f"/v1/orders/{opened.json()['order']}"
    assert shop.client.post(f"{path}/confirm", json={}).status_code == 200
    assert figures(shop, made) == (0, 1, 1000)
    assert look(shop, one["code"])["coupon"]["standing"] == "redeemed"
    back = shop.client.post(f"{path}/returns", json={"id": "R-1"})
    assert back.status_code in {200, 201}, back.text
    assert figures(shop, made) == (0, 0, 0)
    story = look(shop, one["code"])
    assert story["coupon"]["standing"] == "usable"
    assert [step["what"] for step in story["history"]] == ["issued", "redeemed", "restored"]


def test_what_does_not_come_back_with_a_return_stays_used(shop: Shop) -> None:
    member(shop)
    made = template(shop, is_restored=False)
    (one,) = given(shop, made, "card:1")
    cart = {"currency": "CNY", "lines": [{"amount": 5000}], "codes": [one["code"]]}
    body = {"id": "A-1", "source": "till", "member": "card:1", "cart": cart}
    path = f"/v1/orders/{shop.client.post('/v1/orders', json=body).json()['order']}"
    shop.client.post(f"{path}/confirm", json={})
    shop.client.post(f"{path}/returns", json={"id": "R-1"})
    assert look(shop, one["code"])["coupon"]["standing"] == "redeemed"
    assert figures(shop, made) == (0, 1, 1000)


def test_a_word_for_all_is_counted_no_more_once_its_goods_came_back(shop: Shop) -> None:
    member(shop)
    made = template(shop, public_code="AUTUMN", goods={"categories": ["tea"]})
    (own,) = given(shop, template(shop, "other", goods={"categories": ["cups"]}), "card:1")
    lines = [{"amount": 5000, "category": "tea"}, {"amount": 5000, "category": "cups"}]
    cart = {"currency": "CNY", "lines": lines, "codes": ["AUTUMN", own["code"]]}
    body = {"id": "A-1", "source": "till", "member": "card:1", "cart": cart}
    path = f"/v1/orders/{shop.client.post('/v1/orders', json=body).json()['order']}"
    assert shop.client.post(f"{path}/confirm", json={}).status_code == 200
    assert figures(shop, made) == (0, 1, 1000)
    tea = {"id": "R-1", "lines": [{"line": 0}]}
    assert shop.client.post(f"{path}/returns", json=tea).status_code in {200, 201}
    assert figures(shop, made) == (0, 0, 0)
    assert look(shop, own["code"])["coupon"]["standing"] == "redeemed"
    cups = {"id": "R-2", "lines": [{"line": 1}]}
    assert shop.client.post(f"{path}/returns", json=cups).status_code in {200, 201}
    assert look(shop, own["code"])["coupon"]["standing"] == "usable"
    assert figures(shop, made) == (0, 0, 0)
