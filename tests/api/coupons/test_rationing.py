"""No more coupons are given out than can be used, by whichever way they come to members."""

import pytest
from tests.api.conftest import PROGRAM, Shop
from tests.api.coupons.counter import given, member, moved, person, template
from tests.api.coupons.test_claiming import centre, claim, enter, offer
from tests.api.coupons.test_runs import outlook

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs

RULE = """  - id: thanks
    name: {en: A coupon for each purchase}
    on: purchase
    effects: [{coupon: ten}]
tiers:
"""


def told(shop: Shop, made: object, *refs: str, key: str = "") -> list[str]:
    """What became of each member: the reason, "" for who got one."""
    number = made["template"]  # type: ignore[index]
    answer = shop.do(f"/v1/coupon-templates/{number}/coupons", {"members": list(refs)}, key)
    assert answer.status_code in {200, 201}, answer.text
    return [one["why"] for one in answer.json()["items"]]


@pytest.fixture
def people(shop: Shop) -> list[str]:
    for number in range(1, 5):
        member(shop, f"card:{number}")
    return [f"card:{number}" for number in range(1, 5)]


def test_staff_give_as_many_as_the_total_is_enough_for(shop: Shop, people: list[str]) -> None:
    made = template(shop, total=3)

    assert told(shop, made, *people[:2], key="first") == ["", ""]
    assert told(shop, made, *people[1:], key="rest") == ["", "none_left", "none_left"]

    # Asked once more, nobody is refused what they have got, and nobody gets more.
    assert told(shop, made, *people[:2], key="first") == ["", ""]
    assert outlook(shop, made)["left"] == 0


def test_staff_give_each_as_many_as_they_may_use(shop: Shop, people: list[str]) -> None:
    made = template(shop, per_member=3, uses=2)

    assert [told(shop, made, people[0])[0] for _ in range(3)] == ["", "", "enough"]
    assert told(shop, made, people[1]) == [""]


def test_what_is_revoked_can_be_given_again(shop: Shop, people: list[str]) -> None:
    made = template(shop, total=1)
    (one,) = given(shop, made, people[0])
    assert told(shop, made, people[1]) == ["none_left"]

    answer = shop.client.post(
        "/v1/coupons:state",
        json={"coupons": [one["coupon"]], "state": "revoked", "reason": "A mistake"},
    )
    assert answer.is_success, answer.text

    assert told(shop, made, people[1], people[2]) == ["", "none_left"]


def test_changed_terms_hold_from_the_next_one_on(shop: Shop, people: list[str]) -> None:
    made = template(shop, total=1)
    assert told(shop, made, *people[:2]) == ["", "none_left"]
    body = {"name": made["name"], "terms": {**made["terms"], "total": 3}}
    changed = shop.client.request(
        "PUT",
        f"/v1/coupon-templates/{made['template']}",
        json=body,
        headers={"If-Match": f'"{made["revision"]}"'},
    )
    assert changed.is_success, changed.text

    assert told(shop, made, *people[1:]) == ["", "", "none_left"]


def test_the_claim_centre_shows_and_gives_what_the_total_leaves(
    shop: Shop, people: list[str]
) -> None:
    made = template(shop, total=2, claim={"total": 50, "per_member": 50})
    ann = person(shop, people[0])
    assert (centre(ann)[made["template"]]["left"], told(shop, made, people[1])) == (2, [""])
    assert claim(ann, made).status_code == 201

    shown = centre(ann)[made["template"]]
    assert (shown["left"], shown["why"]) == (0, "none_left")
    refused = claim(ann, made, "another")
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")


def test_typed_words_and_gifts_of_friends_give_nobody_more_than_they_may_use(
    shop: Shop, people: list[str]
) -> None:
    made = template(shop, public_code="SPRING", per_member=1, is_giftable=True)
    ann, bea = person(shop, people[0]), person(shop, people[1])
    (had,) = given(shop, made, people[0])
    assert told(shop, made, people[1]) == [""]

    refused = enter(ann, "SPRING")
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")

    code = offer(ann, had["coupon"]).json()["code"]
    refused = enter(bea, code)
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")


def test_a_rule_gives_none_once_the_total_is_given_out_and_says_so(shop: Shop) -> None:
    document = PROGRAM.replace("tiers:\n", RULE)
    programs.publish(
        shop.db, DEFAULT_ORGANIZATION, document, in_force_from=shop.clock(), now=shop.clock()
    )
    shop.clock.pass_(hours=1)
    made = template(shop, total=1)

    first, second = (shop.buy(1_000, subject=f"card:{number}") for number in (1, 2))

    assert [one["why_not"] for one in first["follows"]["given"]] == [""]
    assert [one["why_not"] for one in second["follows"]["given"]] == ["none_left"]
    assert outlook(shop, made)["left"] == 0
    assert moved(shop, made["template"], "ended").is_success
