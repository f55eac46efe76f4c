"""A counter where coupons are made, handed out and used: what the tests of coupons share."""

from typing import Any

import httpx
from tests.api.conftest import Shop
from tests.api.people_of import Person, signed_in

AMOUNT = {"give": "amount", "currency": "CNY", "amount": 1000}


def template(
    shop: Shop, code: str = "ten", *, state: str = "active", public_code: str | None = None,
    **terms: Any,
) -> Any:  # fmt: skip
    """A coupon template as the API tells it, in this state."""
    body = {"code": code, "name": {"en": f"Ten off ({code})", "zh-CN": "十元券"}}
    made = shop.client.post(
        "/v1/coupon-templates",
        json={**body, "terms": {**AMOUNT, **terms}, "public_code": public_code},
    )
    assert made.status_code == 201, made.text
    if state == "draft":
        return made.json()
    return moved(shop, made.json()["template"], state).json()


def moved(shop: Shop, number: str, state: str, reason: str = "") -> httpx.Response:
    return shop.client.post(
        f"/v1/coupon-templates/{number}/state", json={"state": state, "reason": reason}
    )


def member(shop: Shop, ref: str = "card:1") -> str:
    """The id of a member who is there."""
    answer = shop.client.post("/v1/members", json={"refs": [ref]})
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.json()["member"])


def person(shop: Shop, ref: str = "card:1") -> Person:
    """A member with a session."""
    return signed_in(shop, member(shop, ref))


def given(shop: Shop, made: Any, *refs: str) -> list[Any]:
    """What became of members who were given a coupon."""
    answer = shop.do(f"/v1/coupon-templates/{made['template']}/coupons", {"members": list(refs)})
    assert answer.status_code == 201, answer.text
    return list(answer.json()["items"])


def cart(*codes: str, amount: int = 5_000, **more: Any) -> Any:
    lines = [{"sku": "TEA-01", "category": "tea", "amount": amount}]
    return {"currency": "CNY", "lines": lines, "codes": list(codes), **more}


def validated(shop: Shop, *codes: str, who: str | None = "card:1", **more: Any) -> Any:
    body = {"cart": cart(*codes, **more)} | ({} if who is None else {"member": who})
    answer = shop.client.post("/v1/coupons:validate", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def why(shop: Shop, code: str, who: str | None = "card:1", **more: Any) -> str:
    (one,) = validated(shop, code, who=who, **more)["coupons"]
    return str(one["why"])


def reserve(shop: Shop, *codes: str, who: str = "card:1", key: str = "") -> httpx.Response:
    return shop.do("/v1/coupons:reserve", {"member": who, "cart": cart(*codes)}, key)


def redeem(shop: Shop, use: str, key: str = "") -> httpx.Response:
    return shop.do("/v1/coupons:redeem", {"use": use}, key)


def roll_back(shop: Shop, use: str) -> httpx.Response:
    return shop.client.post("/v1/coupons:rollback", json={"use": use, "reason": "Not paid"})


def look(shop: Shop, code: str) -> Any:
    answer = shop.get(f"/v1/coupons/{code}")
    assert answer.status_code == 200, answer.text
    return answer.json()
