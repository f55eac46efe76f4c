"""What two members who are one person have used counts together: merging gives no second round."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.benefits.parlour import BENEFITS, code_of, use
from tests.api.conftest import PROGRAM, Shop
from tests.api.coupons.counter import given, redeem, reserve, roll_back, template
from tests.api.mall.stall import redeem as redeem_reward
from tests.api.mall.stall import shelve
from tests.api.people_of import Person, signed_in
from tests.api.play import arcade

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.verification.verifying import verify

FULL = (409, "limit_reached")
BOTH = ("card:1", "card:2")


@pytest.fixture
def shop(bare: Shop) -> Shop:
    """A shop with benefits and two members, each with points."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, PROGRAM + BENEFITS,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    for ref in BOTH:
        bare.buy(100_000, ref)
    return bare


def merge(shop: Shop) -> None:
    body = {"duplicate": "card:2", "reason": "Showed both cards at the desk"}
    answer = shop.client.post("/v1/members/card:1/merge", json=body)
    assert answer.status_code == 200, answer.text


def person(shop: Shop, ref: str = "card:1") -> Person:
    return signed_in(shop, shop.get(f"/v1/members/{ref}").json()["member"])


def proven(shop: Shop) -> None:
    report = verify(shop.db, DEFAULT_ORGANIZATION)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]


@pytest.mark.parametrize("used_by", [BOTH, ("card:2",)])
def test_a_benefit_that_either_used_today_is_used(shop: Shop, used_by: Any) -> None:
    uses = [use(shop, "coffee", ref).json()["use"] for ref in used_by]

    merge(shop)

    assert code_of(use(shop, "coffee")) == FULL
    proven(shop)
    for one in uses:
        path = f"/v1/benefit-uses/{one}/restore"
        assert shop.do(path, {"reason": "The machine is broken"}).status_code == 200
    assert use(shop, "coffee").status_code == 201
    assert code_of(use(shop, "coffee")) == FULL
    proven(shop)


def test_what_neither_has_used_up_goes_on(shop: Shop) -> None:
    assert use(shop, "lounge").status_code == 201
    merge(shop)
    assert use(shop, "lounge").status_code == 201
    assert code_of(use(shop, "lounge")) == FULL
    proven(shop)


def test_a_coupon_for_each_member_once_is_used_though_the_other_used_it(shop: Shop) -> None:
    made = template(shop, per_member=1)
    (first, second) = (given(shop, made, ref)[0]["code"] for ref in BOTH)
    used = reserve(shop, second, who="card:2")
    assert used.status_code == 201, used.text
    assert redeem(shop, used.json()["use"]).status_code == 200

    merge(shop)

    assert reserve(shop, first).status_code == 409
    assert roll_back(shop, used.json()["use"]).status_code == 200
    assert reserve(shop, first).status_code in {200, 201}
    proven(shop)


def test_a_reward_of_which_each_may_have_one_is_had(shop: Shop) -> None:
    mug = shelve(shop, terms={"per_member": {"most": 1}})
    assert redeem_reward(person(shop, "card:2"), mug).status_code == 201

    merge(shop)

    assert code_of(redeem_reward(person(shop), mug)) == FULL
    proven(shop)


def test_turns_that_both_took_count_and_chances_that_are_left_come_along(shop: Shop) -> None:
    draw = arcade.begun(shop, limits=[{"most": 2, "per": "ever"}])
    by_chance = arcade.begun(shop, by_chance=True)
    body = {"member": "card:2", "amount": 3, "reason": "Won at the counter"}
    assert shop.do(f"/v1/draws/{by_chance}/chances", body).status_code == 201
    other = person(shop, "card:2")
    for number in range(2):
        assert arcade.turn(other, draw, f"t{number}").status_code == 201
    assert arcade.turn(other, by_chance, "t").status_code == 201

    merge(shop)

    own = person(shop)
    assert code_of(arcade.turn(own, draw, "own")) == FULL
    told = [arcade.turn(own, by_chance, f"own-{number}").status_code for number in range(3)]
    assert told == [201, 201, 409]
    proven(shop)
