"""Members are told of coupons that come to them, and staff why one did not come."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.conftest import PROGRAM, Shop
from tests.api.coupons.counter import moved, person, template
from tests.api.mall.stall import redeem, shelve
from tests.api.people_of import Person
from tests.api.play.arcade import begun, turn

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.verification.verifying import verify

GIVING = PROGRAM.replace(
    "tiers:\n",
    """  - id: thanks
    name: {en: Thanks, zh-CN: 感谢}
    on: purchase
    earn: {currency: points, points: 1}
    effects: [{coupon: ten}]
    caps: [{per: day, times: 2}]
tiers:
""",
    1,
)


@pytest.fixture
def thankful(bare: Shop) -> Shop:
    """A shop whose purchases bring the coupon `ten`, which is not there yet."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, GIVING,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    return bare


def told(who: Person) -> list[tuple[str, str, int]]:
    """Of which coupons they were told, how they came, and how many."""
    items = who.call("GET", "/v1/me/notices").json()["items"]
    return [
        (one["params"]["coupon"]["zh-CN"], one["params"]["source"], one["params"].get("count", 1))
        for one in items
        if one["kind"] == "coupon_received"
    ]


def test_who_is_given_a_coupon_by_the_staff_is_told_once(shop: Shop) -> None:
    ann = person(shop)
    made = template(shop, valid_for="P7D")
    path, body = f"/v1/coupon-templates/{made['template']}/coupons", {"members": ["card:1"]}
    for _ in range(2):
        assert shop.do(path, body, "once").status_code in {200, 201}
    assert told(ann) == [("十元券", "staff", 1)]
    (notice,) = ann.call("GET", "/v1/me/notices").json()["items"]
    until = datetime.fromisoformat(notice["params"]["until"])
    assert 6 <= (until - shop.clock()).days <= 7


def test_a_friend_is_told_of_the_gift_and_nobody_of_what_they_took_themselves(shop: Shop) -> None:
    ann, bob = person(shop), person(shop, "card:2")
    made = template(shop, is_giftable=True, claim={})
    path = f"/v1/me/claimable/{made['template']}"
    taken = ann.call("POST", path, **{"Idempotency-Key": "k"})
    assert taken.status_code == 201, taken.text
    assert told(ann) == []
    gift = ann.call("POST", f"/v1/me/coupons/{taken.json()['coupon']['coupon']}/gift").json()
    for _ in range(2):
        bob.call("POST", "/v1/me/coupons", {"code": gift["code"]})
    assert (told(ann), told(bob)) == ([], [("十元券", "gift", 1)])


def test_prizes_and_rewards_that_are_coupons_are_told(shop: Shop) -> None:
    ann = person(shop)
    shop.buy(100_000)
    made = template(shop)
    ticket = shelve(shop, kind="coupon", terms={"template": "ten"})
    assert redeem(ann, ticket, quantity=2).status_code == 201
    prize = {
        "code": "ten", "name": {"en": "Ten"}, "kind": "coupon", "weight": 1,
        "template": made["template"],
    }  # fmt: skip
    draw = begun(shop, out_of=1, prizes=[prize])
    assert turn(ann, draw, "t1").status_code == 201
    assert sorted(told(ann)) == [("十元券", "prize", 1), ("十元券", "reward", 2)]


def test_a_rule_that_gives_no_coupon_says_why_and_replays_alike(thankful: Shop) -> None:
    ann = person(thankful)

    def bought(name: str, language: str = "en") -> Any:
        event = thankful.event(name, currency="CNY", total=100)
        answer = thankful.send(event, **{"Accept-Language": language})
        (one,) = answer.json()["follows"]["given"]
        return one

    first = bought("p1")
    assert (first["what"], first["why_not"]) == ("ten", "template_unknown")
    made = template(thankful)
    moved(thankful, made["template"], "paused", "Sold out")
    assert bought("p2")["why_not"] == "template_paused"
    assert bought("p2", "zh-CN")["detail"] == "优惠券模板已暂停。"
    moved(thankful, made["template"], "active")
    assert bought("p1") == first, "the first answer stays"
    thankful.clock.pass_(days=1)
    given_out = bought("p3")
    assert (given_out["why_not"], given_out["detail"]) == ("", "")
    assert told(ann) == [("十元券", "rule", 1)]
    assert [says(thankful, "en"), says(thankful, "zh-CN")] == [
        "gives a coupon ten",
        "发放优惠券ten",
    ]
    history = ann.call("GET", "/v1/me/history").json()["items"]
    assert ["You got a coupon." in one["says"] for one in history] == [True, False, False]
    assert verify(thankful.db, DEFAULT_ORGANIZATION, replay=True).is_clean


def says(house: Shop, language: str) -> str:
    """What the newest event gave beside points, in words."""
    path, headers = "/v1/members/card:1/explanations", {"Accept-Language": language}
    newest = house.client.get(path, headers=headers).json()["items"][0]
    (one,) = newest["follows"]["given"]
    return str(one["says"])


def test_a_coupon_whose_time_is_over_is_not_given_by_a_rule(thankful: Shop) -> None:
    person(thankful)
    template(thankful, valid_until=thankful.clock().isoformat())
    (one,) = thankful.buy(100)["follows"]["given"]
    assert one["why_not"] == "template_over"
    assert thankful.get("/v1/coupons", member="card:1").json()["items"] == []


def test_lint_warns_of_coupons_that_nobody_would_get(shop: Shop) -> None:
    def found() -> list[tuple[str, str]]:
        answer = shop.client.post("/v1/programs:lint", json={"document": GIVING})
        return [
            (one["code"], one["pointer"])
            for one in answer.json()["findings"]
            if one["code"].startswith("coupon_")
        ]

    place = "/rules/3/effects/0/coupon"
    assert found() == [("coupon_unknown", place)]
    made = template(shop, state="draft")
    assert found() == [("coupon_inactive", place)]
    moved(shop, made["template"], "active")
    assert found() == []
