"""A shop whose program plays: challenges, a streak with make-ups, badges; and quick draws."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.conftest import PROGRAM, Shop
from tests.api.people_of import Person, signed_in

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs

PLAYING = PROGRAM.replace(
    "tiers:\n",
    """  - id: week
    name: {en: Three days running, zh-CN: 连续三天}
    on: check_in
    earn: {currency: points, points: 30}
    streak: {days: 3, make_up: {days: 1, per: month, price: 10}}
  - id: thrice
    name: {en: Three purchases a week, zh-CN: 每周三次购物}
    on: purchase
    earn: {currency: points, points: 50}
    challenge: {times: 3, per: week}
    effects: [{badge: early}]
  - id: daily
    name: {en: Check in, zh-CN: 每日签到}
    on: check_in
    earn: {currency: points, points: 2}
    caps: [{per: day, times: 1}]
badges:
  early: {name: {en: Early bird, zh-CN: 早起鸟}, picture: sun}
tiers:
""",
    1,
)


def publish(shop: Shop) -> None:
    """Put the program that plays in force."""
    programs.publish(
        shop.db, DEFAULT_ORGANIZATION, PLAYING,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=shop.clock(),
    )  # fmt: skip


def member(shop: Shop, name: str = "card:1", points: int = 0) -> Person:
    """A member with a session and so many points."""
    answer = shop.buy(100, subject=name)
    if points:
        body = {"currency": "points", "amount": points, "reason": "for play"}
        assert shop.do(f"/v1/members/{name}/adjustments", body).status_code in {201, 202}
    return signed_in(shop, answer["member"])


def terms(**more: Any) -> dict[str, Any]:
    return {
        "name": {"en": "Draw", "zh-CN": "抽奖"},
        "out_of": 10,
        "prizes": [
            {"code": "hundred", "name": {"en": "100"}, "kind": "points", "weight": 3,
             "currency": "points", "amount": 100},
            {"code": "none", "name": {"en": "Nothing"}, "kind": "nothing", "weight": 7},
        ],
    } | more  # fmt: skip


SURE = {
    "out_of": 1,
    "prizes": [
        {"code": "basket", "name": {"en": "Basket"}, "kind": "goods", "weight": 1, "stock": 1}
    ],
}
"""Every roll is the one basket there is."""


def draft(shop: Shop, **more: Any) -> Any:
    """A draw for a day from now, as a draft."""
    now = shop.clock()
    body = {
        "terms": terms(**more),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
    }
    answer = shop.do("/v1/draws", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def begun(shop: Shop, **more: Any) -> str:
    """A draw that is open; its id."""
    draw = str(draft(shop, **more)["draw"])
    answer = shop.do(f"/v1/draws/{draw}/state", {"state": "active"})
    assert answer.status_code == 200, answer.text
    return draw


def turn(person: Person, draw: str, key: str, luck: str = "0123456789abcdef") -> Any:
    headers = {"Idempotency-Key": key}
    return person.call("POST", f"/v1/me/draws/{draw}/turns", {"luck": luck}, **headers)
