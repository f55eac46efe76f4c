"""Members take coupons: from the claim centre, by typed codes, from friends."""

from typing import Any

import httpx
from tests.api.conftest import Shop
from tests.api.coupons.counter import given, person, template, why
from tests.api.people_of import Person

from regulars.domain.coupons.codes import code_of


def claim(who: Person, made: Any, key: str = "k") -> httpx.Response:
    path = f"/v1/me/claimable/{made['template']}"
    return who.call("POST", path, **{"Idempotency-Key": key})


def centre(who: Person) -> dict[str, Any]:
    """What the claim centre tells, by the template."""
    items = who.call("GET", "/v1/me/claimable").json()["items"]
    return {one["template"]: one for one in items}


def enter(who: Person, code: str) -> httpx.Response:
    return who.call("POST", "/v1/me/coupons", {"code": code})


def wallet(who: Person) -> list[Any]:
    return list(who.call("GET", "/v1/me/coupons").json()["items"])


def offer(who: Person, coupon: str) -> httpx.Response:
    return who.call("POST", f"/v1/me/coupons/{coupon}/gift")


def test_a_member_takes_a_coupon_once_and_a_till_takes_it(shop: Shop) -> None:
    ann = person(shop)
    made = template(shop, claim={"total": 5}, valid_for="P10D")
    assert centre(ann)[made["template"]]["left"] == 5
    first, again = claim(ann, made), claim(ann, made)
    assert (first.status_code, again.status_code) == (201, 200)
    coupon = first.json()["coupon"]
    assert again.json()["coupon"] == coupon
    assert coupon["valid_until"] == "2026-03-14T01:00:00Z"
    assert first.json()["qr"]["path"].startswith("M")
    assert claim(ann, made, "another").json()["code"] == "limit_reached"
    told = centre(ann)[made["template"]]
    assert (told["left"], told["mine"], told["why"]) == (4, 0, "had")
    assert why(shop, coupon["code"]) == ""


def test_a_coupon_is_over_by_the_clock_alone(shop: Shop) -> None:
    ann = person(shop)
    coupon = claim(ann, template(shop, claim={}, valid_for="P10D")).json()["coupon"]
    shop.clock.pass_(days=10)
    assert wallet(ann)[0]["standing"] == "expired"
    assert why(shop, coupon["code"]) == "expired"


def test_what_is_not_yet_or_no_longer_given_out_or_for_others_is_refused(shop: Shop) -> None:
    ann = person(shop)
    soon = template(shop, "soon", claim={"opens_at": "2026-03-05T00:00:00Z"})
    past = template(shop, "past", claim={"closes_at": "2026-03-04T01:00:00Z"})
    gold = template(shop, "gold", claim={}, audience={"tiers": ["gold"]})
    none = template(shop, "none")
    assert centre(ann).keys() == {soon["template"]}
    assert centre(ann)[soon["template"]]["why"] == "not_yet"
    told = [claim(ann, one).json() for one in (soon, past, gold)]
    assert {one["code"] for one in told} == {"coupon_not_claimable"}
    assert [one["errors"][0]["code"] for one in told] == ["not_yet", "over", "tier"]
    assert claim(ann, none).status_code == 404


def test_a_code_from_a_flyer_is_whose_who_types_it_first(shop: Shop) -> None:
    ann, bob = person(shop), person(shop, "card:2")
    made = template(shop)
    code = code_of("", 77)
    with shop.db.transaction(1) as tx:
        tx.execute(
            "insert into coupon (organization_id, template_id, code, source, issued_at, issued_by) "
            "select 1, id, %s, 'batch', now(), 'staff:1' from coupon_template",
            [code],
        )
    assert enter(ann, f"{code[:4]}-{code[4:8]} {code[8:]}".lower()).status_code == 201
    assert enter(ann, code).status_code == 200
    assert enter(bob, code).json()["code"] == "coupon_taken"
    assert wallet(ann)[0]["template"] == made["template"]


def test_a_word_for_all_is_kept_in_the_wallet_once(shop: Shop) -> None:
    ann = person(shop)
    template(shop, public_code="SPRING")
    assert enter(ann, "spring").status_code == 201
    assert enter(ann, "Spring").status_code == 200
    assert len(wallet(ann)) == 1


def test_typing_errors_cost_nothing_and_wrong_codes_make_one_wait(shop: Shop) -> None:
    ann = person(shop)
    template(shop, public_code="SPRING")
    wrong = code_of("", 1)[:-1]
    for _ in range(12):
        mistyped = enter(ann, wrong + "2" if not wrong.endswith("2") else wrong + "3")
        assert mistyped.status_code in {404, 422}
        if mistyped.status_code == 404:
            break
    for place in range(10):
        assert enter(ann, code_of("", place + 5)).status_code == 404
    assert enter(ann, "SPRING").status_code == 429
    shop.clock.pass_(hours=1)
    assert enter(ann, "SPRING").status_code == 201


def test_a_friend_takes_the_gift_and_the_giver_knows_its_code_no_more(shop: Shop) -> None:
    ann, bob = person(shop), person(shop, "card:2")
    (one,) = given(shop, template(shop, is_giftable=True), "card:1")
    gift = offer(ann, one["coupon"]).json()
    assert offer(ann, one["coupon"]).json() == gift
    assert why(shop, one["code"]) == "given"
    assert wallet(ann)[0]["gift"] == gift["code"]
    taken = enter(bob, gift["code"])
    assert (taken.status_code, enter(bob, gift["code"]).status_code) == (201, 200)
    assert why(shop, one["code"]) == "unknown"
    assert why(shop, taken.json()["coupon"]["code"], who="card:2") == ""
    assert wallet(ann) == []
    back = ann.call("DELETE", f"/v1/me/coupons/{one['coupon']}/gift")
    assert back.json()["code"] == "coupon_state_wrong"


def test_a_gift_can_be_taken_back_and_lapses_by_itself(shop: Shop) -> None:
    ann, bob = person(shop), person(shop, "card:2")
    (one,) = given(shop, template(shop, is_giftable=True), "card:1")
    first = offer(ann, one["coupon"]).json()["code"]
    for _ in range(2):
        back = ann.call("DELETE", f"/v1/me/coupons/{one['coupon']}/gift")
        assert back.json()["coupon"]["standing"] == "usable"
    assert enter(bob, first).json()["code"] == "coupon_gift_refused"
    second = offer(ann, one["coupon"]).json()["code"]
    shop.clock.pass_(days=7)
    assert why(shop, one["code"]) == ""
    assert enter(bob, second).json()["code"] == "coupon_gift_refused"
    assert offer(ann, one["coupon"]).json()["code"] not in {first, second}


def test_nobody_gives_to_themselves_or_in_circles_or_what_is_not_theirs(shop: Shop) -> None:
    ann, bob = person(shop), person(shop, "card:2")
    (one,) = given(shop, template(shop, is_giftable=True), "card:1")
    code = offer(ann, one["coupon"]).json()["code"]
    assert enter(ann, code).json()["code"] == "coupon_gift_refused"
    assert offer(bob, one["coupon"]).status_code == 404
    assert enter(bob, code).status_code == 201
    back = offer(bob, one["coupon"]).json()["code"]
    assert enter(ann, back).json()["code"] == "coupon_gift_refused"


def test_only_giftable_coupons_that_could_be_used_are_given(shop: Shop) -> None:
    ann = person(shop)
    (mine,) = given(shop, template(shop, "mine"), "card:1")
    (used,) = given(shop, template(shop, "used", is_giftable=True), "card:1")
    body = {"member": "card:1", "cart": {"currency": "CNY", "lines": [{"amount": 5000}]}}
    body["cart"]["codes"] = [used["code"]]  # type: ignore[index]
    assert shop.do("/v1/coupons:reserve", body).status_code == 201
    assert offer(ann, mine["coupon"]).json()["code"] == "coupon_gift_refused"
    assert offer(ann, used["coupon"]).json()["code"] == "coupon_unusable"
