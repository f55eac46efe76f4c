"""Shops that keep their own orders validate, reserve, redeem and roll back coupons."""

from tests.api.conftest import Shop
from tests.api.coupons.counter import (
    cart,
    given,
    look,
    member,
    redeem,
    reserve,
    roll_back,
    template,
    validated,
    why,
)


def test_a_coupon_is_reserved_redeemed_and_told_as_used(shop: Shop) -> None:
    member(shop)
    (one,) = given(shop, template(shop), "card:1")
    told = validated(shop, one["code"])
    assert (told["discount"], told["payable"]) == (1000, 4000)
    held = reserve(shop, one["code"])
    assert (held.status_code, held.json()["state"]) == (201, "reserved")
    assert why(shop, one["code"]) == "limit"
    done = redeem(shop, held.json()["use"])
    assert (done.status_code, done.json()["state"]) == (200, "redeemed")
    story = look(shop, one["coupon"])
    assert story["coupon"]["standing"] == "redeemed"
    assert [step["what"] for step in story["history"]] == ["issued", "redeemed"]
    assert (story["history"][1]["discount"], story["history"][1]["sales"]) == (1000, 4000)


def test_what_was_reserved_is_free_again_when_its_time_is_over(shop: Shop) -> None:
    member(shop)
    (one,) = given(shop, template(shop), "card:1")
    held = reserve(shop, one["code"]).json()
    shop.clock.pass_(seconds=900)
    late = redeem(shop, held["use"])
    assert (late.status_code, late.json()["code"]) == (409, "reservation_lost")
    assert why(shop, one["code"]) == ""
    assert reserve(shop, one["code"]).status_code == 201


def test_rolling_back_gives_the_coupon_back_once_however_often_it_is_asked(shop: Shop) -> None:
    member(shop)
    made = template(shop, total=1)
    (one,) = given(shop, made, "card:1")
    for is_redeemed in (False, True):
        use = reserve(shop, one["code"]).json()["use"]
        if is_redeemed:
            redeem(shop, use)
        first, again = roll_back(shop, use), roll_back(shop, use)
        assert first.json() == again.json()
        assert first.json()["state"] == "rolled_back"
        assert again.headers["idempotent-replayed"] == "true"
        assert redeem(shop, use).status_code == 409
        assert why(shop, one["code"]) == ""
    figures = shop.get(f"/v1/coupon-templates/{made['template']}").json()["figures"]
    assert (figures["redeemed"], figures["reserved"]) == (0, 0)


def test_the_same_key_gets_the_same_answer_and_another_wish_is_refused(shop: Shop) -> None:
    member(shop)
    (one,) = given(shop, template(shop), "card:1")
    first, again = reserve(shop, one["code"], key="k"), reserve(shop, one["code"], key="k")
    assert first.json() == again.json()
    assert reserve(shop, "SPRING", key="k").json()["code"] == "idempotency_key_reused"


def test_a_coupon_is_told_why_it_gives_nothing(shop: Shop) -> None:
    member(shop), member(shop, "card:2")
    (tea,) = given(shop, template(shop, "tea", goods={"categories": ["coffee"]}), "card:1")
    (big,) = given(shop, template(shop, "big", threshold=100_000), "card:1")
    (web,) = given(shop, template(shop, "web", channels=["web"]), "card:1")
    gold = template(shop, "gold", audience={"tiers": ["gold"]}, public_code="GOLD")
    assert why(shop, tea["code"]) == "lines"
    assert why(shop, big["code"]) == "threshold"
    assert why(shop, web["code"]) == "channel"
    assert why(shop, web["code"], channel="web") == ""
    assert why(shop, tea["code"], who="card:2") == "other_member"
    assert why(shop, tea["code"], who=None) == "other_member"
    assert why(shop, "GOLD") == "tier"
    (refused,) = given(shop, gold, "card:1")
    assert (refused["coupon"], refused["why"]) == (None, "tier")
    wrong = big["code"][:-1] + ("A" if big["code"][-1] != "A" else "B")
    assert why(shop, wrong) == "mistyped"
    assert why(shop, "NOTHING") == "unknown"


def test_one_that_cannot_be_used_lets_none_be_taken(shop: Shop) -> None:
    member(shop)
    (good,) = given(shop, template(shop), "card:1")
    answer = reserve(shop, good["code"], "NOTHING")
    assert (answer.status_code, answer.json()["code"]) == (409, "coupon_unusable")
    assert answer.json()["errors"][0]["pointer"] == "/cart/codes/1"
    assert why(shop, good["code"]) == ""


def test_a_word_for_all_is_used_once_by_each_and_no_more_than_its_total(shop: Shop) -> None:
    for place in range(3):
        member(shop, f"card:{place}")
    template(shop, public_code="SPRING", total=2)
    assert reserve(shop, "spring", who="card:0").status_code == 201
    assert reserve(shop, "SPRING", who="card:0").json()["code"] == "limit_reached"
    assert reserve(shop, "SPRING", who="card:1").status_code == 201
    assert reserve(shop, "SPRING", who="card:2").json()["code"] == "limit_reached"


def test_coupons_of_one_group_do_not_add_up_and_others_do(shop: Shop) -> None:
    member(shop)
    (small,) = given(shop, template(shop, "small", group="a", amount=500), "card:1")
    (large,) = given(shop, template(shop, "large", group="a", amount=1000), "card:1")
    (other,) = given(
        shop, template(shop, "half", give="percentage", percent="50", amount=None), "card:1"
    )
    told = validated(shop, small["code"], large["code"], other["code"])
    assert [one["why"] for one in told["coupons"]] == ["stacking", "", ""]
    assert told["payable"] == 5000 - 2500 - 1000


def test_nothing_is_ever_paid_back_to_who_buys_for_less(shop: Shop) -> None:
    member(shop)
    (one,) = given(shop, template(shop), "card:1")
    told = validated(shop, one["code"], amount=300)
    assert (told["discount"], told["payable"]) == (300, 0)


def test_a_cart_with_nothing_or_less_than_nothing_is_refused(shop: Shop) -> None:
    for bad in (cart("SPRING", amount=-1), {**cart("SPRING"), "lines": []}):
        answer = shop.client.post("/v1/coupons:validate", json={"cart": bad})
        assert answer.status_code == 422


def test_the_wallet_is_told_beside_what_was_asked_for(shop: Shop) -> None:
    member(shop)
    (one,) = given(shop, template(shop), "card:1")
    body = {"member": "card:1", "cart": cart(), "with_wallet": True}
    told = shop.client.post("/v1/coupons:validate", json=body).json()
    assert told["discount"] == 0
    assert [(each["coupon"], each["alone"]) for each in told["wallet"]] == [(one["coupon"], 1000)]


def test_who_goes_on_guessing_codes_has_to_wait(shop: Shop) -> None:
    member(shop)
    (good,) = given(shop, template(shop), "card:1")
    for place in range(100):
        assert why(shop, f"X{place:03}") == "unknown"
    body = {"member": "card:1", "cart": cart(good["code"])}
    refused = shop.client.post("/v1/coupons:validate", json=body)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    shop.clock.pass_(seconds=6)
    assert why(shop, good["code"]) == ""
