"""What a member has open when they are erased is ended with them: nobody could end it later."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.api.benefits.parlour import give
from tests.api.benefits.test_booking import book, slot_of
from tests.api.conftest import PROGRAM, Shop
from tests.api.mall.stall import STREET, left, move, redeem, shelve
from tests.api.memberships.conftest import CARDS
from tests.api.memberships.test_families import invite, join, person
from tests.api.memberships.test_selling import sold
from tests.api.orders.till import Till, cart

from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.verification.verifying import verify

SKIN = """
  - id: skin
    name: {en: Skin care, zh-CN: 皮肤护理}
    kind: service
    quota: {uses: 2, per: grant}
    valid: P90D
    appointment: true
"""
CASH = {"amount": 990, "currency": "CNY"}


@pytest.fixture
def shop(bare: Shop) -> Shop:
    """A shop with paid cards, appointments, orders and a mall."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, PROGRAM + CARDS.rstrip() + SKIN,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    return bare


def erase(shop: Shop, ref: str = "card:1") -> None:
    body = {"reason": "Asked for it by letter"}
    answer = shop.client.request("DELETE", f"/v1/members/{ref}", json=body)
    assert answer.status_code == 200, answer.text


def ended(shop: Shop) -> Any:
    """What the audit trail says was ended with the last who was erased."""
    (deed, *_) = shop.get("/v1/audit", action="member.erased").json()["items"]
    return {what: count for what, count in deed["after"].items() if " " in what}


def proven(shop: Shop) -> None:
    report = verify(shop.db, DEFAULT_ORGANIZATION)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]


def test_the_card_of_who_is_erased_ends_for_the_family_and_they_are_told(shop: Shop) -> None:
    holder, other = person(shop, "card:1"), person(shop, "card:2")
    held = sold(shop, payment="pay-1")["membership"]["membership"]
    join(other, invite(holder, held)["code"])
    late = invite(holder, held)["code"]

    erase(shop)

    told = shop.get(f"/v1/memberships/{held}").json()
    assert told["membership"]["standing"] == "ended"
    assert {one["state"] for one in told["family"]} == {"over"}
    assert other.call("GET", "/v1/me/cards").json()["memberships"]["shared"] == []
    notices = other.call("GET", "/v1/me/notices").json()["items"]
    assert [one["params"]["card"]["en"] for one in notices if one["kind"] == "card_ended"] == [
        "Plus card"
    ]
    assert join(person(shop, "card:3"), late).json()["code"] == "invitation_lost"
    assert ended(shop) == {"paid cards ended": 1}
    proven(shop)


def test_who_is_erased_frees_the_place_in_anothers_family(shop: Shop) -> None:
    holder = person(shop, "card:2")
    held = sold(shop, "card:2", payment="pay-1")["membership"]["membership"]
    for card in ("card:1", "card:3"):
        assert join(person(shop, card), invite(holder, held)["code"]).status_code == 200

    erase(shop)

    assert join(person(shop, "card:4"), invite(holder, held)["code"]).status_code == 200
    told = shop.get(f"/v1/memberships/{held}").json()
    assert told["membership"]["standing"] == "active"
    proven(shop)


def test_a_place_that_was_booked_is_free_for_another(shop: Shop) -> None:
    for card in ("card:1", "card:2"):
        shop.buy(100, card)
        give(shop, "skin", card)
    slot = slot_of(shop, capacity=1)
    assert book(shop, slot).status_code == 201
    assert book(shop, slot, "card:2").json()["code"] == "limit_reached"

    erase(shop)

    assert book(shop, slot, "card:2").status_code == 201
    assert ended(shop) == {"appointments cancelled": 1}
    proven(shop)


def test_open_orders_and_what_was_not_paid_give_back_what_they_held(shop: Shop) -> None:
    holder = person(shop, "card:1")
    shop.buy(100_000)
    mug = shelve(shop, variants=[{"points": 100, "cash": CASH, "stock": 1}])
    redemption = redeem(holder, mug)
    assert redemption.status_code == 201, redemption.text
    assert left(shop, mug) == 0
    till = Till(shop)
    open_order = till.opened("A-1", cart=cart())["order"]
    bought = till.opened("A-2", cart=cart())["order"]
    till.done(bought, "confirm")

    erase(shop)

    assert left(shop, mug) == 1
    assert till.get(open_order)["state"] == "cancelled"
    assert till.get(bought)["state"] == "confirmed"
    assert ended(shop) == {"orders cancelled": 1, "redemptions ended": 1}
    proven(shop)


def points_left(shop: Shop) -> int:
    """What is left of all points of everybody."""
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute("select sum(remaining)::bigint from lot where currency = 'points'")
        return int((row.fetchone() or (0,))[0])


def test_what_was_redeemed_and_has_not_left_the_house_comes_back_with_its_points(
    shop: Shop,
) -> None:
    holder = person(shop, "card:1")
    shop.buy(100_000)
    before = points_left(shop)
    mug = shelve(shop)
    sent = {"way": "address", "place": "", "delivery": STREET}
    placed = redeem(holder, mug, **sent).json()["redemption"]
    ready = redeem(holder, mug).json()["redemption"]
    assert move(shop, ready, "ready").status_code == 200
    assert (left(shop, mug), points_left(shop)) == (3, before - 200)

    erase(shop)

    told = [shop.get(f"/v1/redemptions/{one}").json() for one in (placed, ready)]
    assert [one["state"] for one in told] == ["cancelled", "cancelled"]
    assert (left(shop, mug), points_left(shop)) == (5, before)
    assert ended(shop) == {"redemptions ended": 2}
    proven(shop)


def test_a_parcel_that_is_packed_goes_its_way_and_nobody_knows_where_to(shop: Shop) -> None:
    holder = person(shop, "card:1")
    shop.buy(100_000)
    before = points_left(shop)
    mug = shelve(shop)
    sent = {"way": "address", "place": "", "delivery": STREET}
    packed, shipped = (redeem(holder, mug, **sent).json()["redemption"] for _ in range(2))
    assert move(shop, packed, "packed").status_code == 200
    assert move(shop, shipped, "shipped", carrier="Post", tracking="T-1").status_code == 200

    erase(shop)

    told = [shop.get(f"/v1/redemptions/{one}").json() for one in (packed, shipped)]
    assert [(one["state"], one["tracking"]) for one in told] == [("delivered", "")] * 2
    assert (left(shop, mug), points_left(shop)) == (3, before - 200)
    with shop.db.transaction(DEFAULT_ORGANIZATION) as tx:
        kept = tx.execute("select count(*) from redemption where sealed is not null").fetchone()
    assert kept == (0,)
    proven(shop)


def test_what_a_duplicate_had_open_ends_with_the_survivor(shop: Shop) -> None:
    for card in ("card:1", "card:2", "card:3"):
        shop.buy(100, card)
    give(shop, "skin", "card:2")
    give(shop, "skin", "card:3")
    slot = slot_of(shop, capacity=1)
    assert book(shop, slot, "card:2").status_code == 201
    body = {"duplicate": "card:2", "reason": "Showed both cards at the desk"}
    assert shop.client.post("/v1/members/card:1/merge", json=body).status_code == 200

    erase(shop)

    assert book(shop, slot, "card:3").status_code == 201
    proven(shop)
