"""Verification finds what was tampered with in orders, redemptions, coupons, benefits in use, paid
cards and draws, and finds nothing while nobody has."""

from tests.api.benefits.parlour import enrol, give, parlour
from tests.api.benefits.test_booking import book, slot_of
from tests.api.conftest import Shop
from tests.api.coupons import counter
from tests.api.mall.stall import redeem, shelve, shopper
from tests.api.memberships.conftest import club
from tests.api.memberships.test_families import invite, join
from tests.api.memberships.test_selling import sold
from tests.api.orders.till import Till, cart, line, publish
from tests.api.people_of import signed_in
from tests.api.play import arcade
from tests.api.verification.tampering import broken_by

from regulars.storage.benefits import questions as of_benefits
from regulars.storage.coupons import questions as of_coupons
from regulars.storage.limits import questions as of_limits
from regulars.storage.mall import questions as of_the_mall
from regulars.storage.memberships import questions as of_memberships
from regulars.storage.orders import questions as of_orders
from regulars.storage.play import questions as of_play

__all__ = ["club", "parlour"]

PURCHASES, KEPT, SPENT, SUMS, BACK = of_orders.QUESTIONS


def test_orders_that_were_tampered_with_are_found(bare: Shop) -> None:
    publish(bare)
    bare.buy(90_000)
    till, points = Till(bare), {"amount": 200}
    bought = till.opened(cart=cart(line(6_000), line(4_000, quantity=2), points=points))["order"]
    till.done(bought, "confirm")
    till.done(bought, "returns", id="R-1", lines=[{"line": 1, "quantity": 2}])
    till.opened("A-2", cart=cart(points=points))
    till.done(till.opened("A-3", cart=cart(points=points))["order"], "cancel")
    undone = till.opened("A-4", cart=cart(points=points))["order"]
    till.done(undone, "confirm")
    till.done(undone, "cancel")

    def found(*damages: str) -> list[str]:
        return broken_by(bare.db, of_orders.QUESTIONS, *damages)

    order = "update customer_order set "
    first, fourth = " where external_id = 'A-1'", " where external_id = 'A-4'"
    hold = "update hold set %s where id = (select hold_id from customer_order%s)"
    assert found() == []
    assert found("update event set type = 'visit' where external_id = 'A-1'") == [PURCHASES]
    assert found(order + "event_id = 1, hold_id = null" + first) == [PURCHASES]
    assert found(order + "state = 'cancelled', hold_id = null" + first) == [KEPT]
    taken = "update reservation set state = %s where state = %s"
    assert found(taken % ("'captured'", "'restored'")) == [KEPT]
    assert found(taken % ("'captured'", "'open'")) == [KEPT]
    assert found(hold % ("state = 'timed_out'", first)) == [SPENT]
    assert found(hold % ("amount = 201", first)) == [SPENT]
    assert found(hold % ("restored = 1", fourth)) == [SPENT]
    assert found(order + "total = total + 1, payable = payable + 1" + first) == [SUMS]
    assert found(order + """quote = replace(quote, '"net":5400', '"net":5300')""" + first) == [SUMS]
    assert found("update order_return set lines = '[[1,3]]'") == [BACK]
    assert found("update order_return set lines = '[[7,1]]'") == [BACK]
    assert found("update order_return set money = 9999") == [BACK]


def test_redemptions_that_were_tampered_with_are_found(shop: Shop) -> None:
    paid, kept, pieces, stock = of_the_mall.QUESTIONS
    mug, ada = shelve(shop), shopper(shop)
    first = redeem(ada, mug).json()["redemption"]
    redeem(ada, mug)
    undone = ada.call("POST", f"/v1/me/redemptions/{first}/cancellation")
    assert undone.json()["state"] == "cancelled", undone.text

    def found(*damages: str) -> list[str]:
        return broken_by(shop.db, of_the_mall.QUESTIONS, *damages)

    assert found() == []
    assert found("update hold set state = 'released' where restored = 0") == [paid]
    assert found("update hold set restored = restored - 1 where restored > 0") == [paid]
    assert found("update reservation set state = 'captured' where state = 'restored'") == [kept]
    assert found("update redemption set quantity = 2 where state = 'placed'") == [pieces]
    assert found("update quota set used = used + 1 where kind = 'stock'") == [pieces]
    assert found("update reward_variant set stock = 0") == [stock]


def test_coupons_that_were_tampered_with_are_found(shop: Shop) -> None:
    counted, uses, gifts, given = of_coupons.QUESTIONS
    counter.member(shop)
    made = counter.template(shop, is_giftable=True, total=100)
    codes = [counter.given(shop, made, "card:1")[0] for _ in range(3)]
    use = counter.reserve(shop, codes[0]["code"]).json()["use"]
    assert counter.redeem(shop, use).status_code == 200
    undone = counter.reserve(shop, codes[1]["code"]).json()["use"]
    counter.roll_back(shop, undone)
    person = counter.person(shop)
    offered = person.call("POST", f"/v1/me/coupons/{codes[2]['coupon']}/gift", {})
    assert offered.status_code in {200, 201}, offered.text

    def found(*damages: str) -> list[str]:
        return broken_by(shop.db, of_coupons.QUESTIONS, *damages)

    assert found() == []
    assert found("update coupon_redeemed set taken_back_at = now()") == [counted]
    assert found("update quota set used = 0 where kind = 'coupon'") == [counted]
    assert found("update coupon_use set redeemed_at = null") == [uses]
    assert found("update reservation set state = 'captured' where state = 'released'") == [uses]
    assert found("update coupon set offered_until = null") == [gifts]
    assert found("update coupon_template set given = given - 1") == [given]


def test_benefits_that_were_tampered_with_are_found(parlour: Shop) -> None:
    uses, places, agree = of_benefits.QUESTIONS
    enrol(parlour, "card:2")
    for ref in ("card:1", "card:2"):
        give(parlour, "skin", ref=ref)
    slot = slot_of(parlour, capacity=2)
    assert book(parlour, slot).status_code == 201
    called_off = book(parlour, slot, "card:2").json()["booking"]
    undone = parlour.do(f"/v1/bookings/{called_off}/cancel", {"reason": "Ill"})
    assert undone.status_code == 200, undone.text

    def found(*damages: str) -> list[str]:
        return broken_by(parlour.db, of_benefits.QUESTIONS, *damages)

    assert found() == []
    mine = "update reservation set state = 'restored' where owner_kind = "
    assert found(mine + "'benefit_use' and state = 'captured'") == [uses]
    assert found(mine + "'booking' and state = 'captured'") == [places]
    cancelled = "update slot_booking set state = 'cancelled' where state = 'booked'"
    assert found(cancelled) == [places, agree]
    given_back = "update benefit_use set restored_at = now()"
    assert found(given_back) == [uses, agree]


def test_paid_cards_that_were_tampered_with_are_found(club: Shop) -> None:
    held, taken_back, lasting, seats = of_memberships.QUESTIONS
    people = {}
    for ref in ("card:1", "card:2"):
        club.buy(1000, ref)
        people[ref] = signed_in(club, club.get(f"/v1/members/{ref}").json()["member"])
    number = sold(club, "card:1", payment="pay-1")["membership"]["membership"]
    joined = join(people["card:2"], invite(people["card:1"], number)["code"])
    assert joined.status_code == 200, joined.text

    def found(*damages: str) -> list[str]:
        return broken_by(club.db, of_memberships.QUESTIONS, *damages)

    assert found() == []
    forgotten = """update member set state = replace(state, '"cards":', '"card":')"""
    assert found(forgotten) == [held]
    longer = "update membership set until = until + interval '1 day'"
    assert found(longer) == [held, lasting]
    ended = "update membership set ended_at = now(), ended_how = 'refunded'"
    assert found(ended) == [taken_back]
    assert found("update family_person set state = 'left'") == [seats]
    assert found("update reservation set state = 'restored'") == [seats]


def test_a_family_that_uses_one_quota_is_no_damage(club: Shop) -> None:
    own = "nobody takes of another member's limit"
    for ref in ("card:1", "card:2"):
        club.buy(1000, ref)
    sold(club, "card:1", payment="pay-1")
    used = club.do("/v1/members/card:1/benefit-uses", {"benefit": "lounge"})
    assert used.status_code == 201, used.text
    stolen = "update reservation set member_id = (select max(id) from member)"
    shared = """
        insert into family_person (organization_id, membership_id, member_id, state, code_hash,
                                   invited_at, expires_at)
        select 1, membership.id, (select max(id) from member), 'joined', '', now(), now()
        from membership
    """
    assert broken_by(club.db, of_limits.QUESTIONS, stolen) == [own]
    assert broken_by(club.db, of_limits.QUESTIONS, stolen, shared) == []


def test_draws_that_were_tampered_with_are_found(bare: Shop) -> None:
    told, prizes, chances = of_play.QUESTIONS
    arcade.publish(bare)
    person = arcade.member(bare)
    draw = arcade.begun(bare, by_chance=True, **arcade.SURE)
    body = {"member": "card:1", "amount": 2, "reason": "opening day"}
    bare.do(f"/v1/draws/{draw}/chances", body, key="given")
    assert arcade.turn(person, draw, "t1").status_code == 201

    def found(*damages: str) -> list[str]:
        return broken_by(bare.db, of_play.QUESTIONS, *damages)

    assert found() == []
    assert found("update draw_turn set event_id = null") == [told]
    assert found("update draw_turn set serial = 0") == [prizes]
    assert found("update draw_turn set prize = 'car'") == [told, prizes]
    assert found("delete from draw_chance") == [chances]
