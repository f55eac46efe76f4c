"""A mall with a mug and what else is on the shelf, for tests of redeeming."""

from typing import Any

import httpx
from tests.api.conftest import Shop
from tests.api.people_of import Person, signed_in

STREET = {"name": "Ada Wong", "phone": "+8613900001111", "address": "1 Long Street, Shanghai"}
PLACES = [{"code": "store-1", "name": {"en": "Main Street", "zh-CN": "主街店"}}]


def reward_body(**more: Any) -> dict[str, Any]:
    """A mug for 100 points, five in stock, that is sent or picked up."""
    terms = {
        "name": {"en": "Mug", "zh-CN": "杯子"}, "currency": "points", "category": "kitchen",
        "ways": ["address", "pick_up"], "places": PLACES,
    }  # fmt: skip
    variants = more.pop("variants", [{"sku": "MUG", "points": 100, "stock": 5}])
    terms |= more.pop("terms", {})
    body = {"kind": "goods", "state": "active", "terms": terms, "variants": variants} | more
    if body["kind"] != "goods":
        body["terms"] = {
            key: value for key, value in terms.items() if key not in {"ways", "places"}
        }
    return body


def shelve(shop: Shop, **more: Any) -> Any:
    """A reward that is there now."""
    made = shop.client.post("/v1/rewards", json=reward_body(**more))
    assert made.status_code == 201, made.text
    return made.json()


def shopper(shop: Shop, points: int = 1000, card: str = "card:1") -> Person:
    """A member with so many points, signed in."""
    if points:
        shop.buy(points * 100, card)
    else:
        shop.client.post("/v1/members", json={"refs": [card]})
    return signed_in(shop, shop.get(f"/v1/members/{card}").json()["member"])


def redeem(person: Person, reward: Any, key: str = "", **more: Any) -> httpx.Response:
    """Ask for the first variant of a reward, to be picked up."""
    person.shop.count += 1
    body = {"variant": reward["variants"][0]["variant"], "way": "pick_up", "place": "store-1"}
    if reward["kind"] != "goods":
        del body["way"], body["place"]
    headers = {"Idempotency-Key": key or f"auto-{person.shop.count}"}
    return person.call("POST", "/v1/me/redemptions", body | more, **headers)


def left(shop: Shop, reward: Any) -> Any:
    """Pieces that are left of the first variant."""
    return shop.get(f"/v1/rewards/{reward['reward']}").json()["variants"][0]["left"]


def move(shop: Shop, redemption: str, to: str, **more: Any) -> httpx.Response:
    return shop.client.post(f"/v1/redemptions/{redemption}/steps", json={"to": to} | more)
