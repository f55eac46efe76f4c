"""The figures of the overview agree with the events and the books, whatever comes when."""

from datetime import UTC, datetime

from tests.api.conftest import PROGRAM, Shop
from tests.api.overview.sums import at, bring_up_to_date, day_before, flows, left, of, of_day, told
from tests.conftest import cabinet

from regulars.domain.access import Scope
from regulars.services import keys, programs, veiling
from regulars.storage.database import DEPLOYMENT


def a_month_of_all_kinds(shop: Shop) -> None:
    """Purchases, a part of one returned, points redeemed, adjusted, given away and lapsed."""
    lines = [{"amount": 10_000, "quantity": 3}, {"amount": 5_000}]
    shop.send(shop.event("p1", time=at(shop, days=400), total=70_000))
    shop.send(shop.event("p2", time=at(shop, days=20), lines=lines))
    shop.send(shop.event("p3", subject="card:2", time=at(shop, days=10), total=120_000))
    shop.send(shop.event("p4", subject="card:2", time=at(shop, days=3), total=4_000))
    shop.send(shop.event("v1", "visit", subject="card:3", time=at(shop, days=2)))
    back = {"purchase_id": "p2", "lines": [{"line": 0, "quantity": 2}]}
    shop.send(shop.event("r1", "return", time=at(shop, days=5), **back))
    shop.do("/v1/members/card:2/redemptions", {"currency": "points", "amount": 300})
    shop.do(
        "/v1/members/card:2/adjustments",
        {"currency": "points", "amount": 40, "reason": "Waited in the rain"},
    )


def test_points_agree_with_the_books(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    bring_up_to_date(shop)
    first, today = day_before(shop, 27), day_before(shop, 0)

    answer = told(shop)

    assert (answer["span"]["from"], answer["span"]["to"]) == (first, today)
    assert answer["is_complete"]
    for currency in ("points", "miles", "idle"):
        found = of(answer, currency)
        names = ("issued", "redeemed", "expired", "returned")
        assert [found[name]["now"] for name in names] == flows(shop, currency, first, today)
        assert found["outstanding"]["now"] == left(shop, currency)
        by_day = [
            next(one for one in day["points"] if one["currency"] == currency)
            for day in answer["days"]
        ]
        assert [sum(one[name] for one in by_day) for name in names] == flows(
            shop, currency, first, today
        )
    assert of(answer, "points")["redeemed"]["now"] == 300
    assert of(answer, "points")["moved"]["now"] == 40


def test_sales_are_those_of_the_purchases_less_what_came_back_of_them(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    bring_up_to_date(shop)

    answer = told(shop)

    sales = answer["sales"]
    assert sales["amount"] == {"now": 15_000 + 120_000 + 4_000, "before": 0}
    assert sales["purchases"]["now"] == 3
    # Two of three pieces at 100.00 for all: two thirds, rounded down, on the purchase's day.
    assert sales["came_back"]["now"] == 6_666
    assert of_day(answer, day_before(shop, 20))["came_back"] == 6_666
    assert of_day(answer, day_before(shop, 5))["came_back"] == 0


def test_members_are_counted_by_tier_and_by_when_they_were_last_there(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    bring_up_to_date(shop)

    answer = told(shop)

    assert answer["members"]["total"] == {"now": 3, "before": 1}
    assert answer["members"]["new"] == {"now": 2, "before": 0}
    # Card 1 was last there 20 days ago, and 400 days ago before that.
    assert answer["members"]["active"] == {"now": 3, "before": 0}
    assert answer["members"]["at_risk"] == {"now": 0, "before": 0}
    tiers = {one["tier"]: one["members"] for one in answer["tiers"]}
    assert tiers == {"green": {"now": 2, "before": 1}, "gold": {"now": 1, "before": 0}}

    later = told(shop, from_=day_before(shop, 400 - 89), to=day_before(shop, 400 - 89))
    assert later["members"]["active"] == {"now": 1, "before": 1}
    later = told(shop, from_=day_before(shop, 400 - 90), to=day_before(shop, 400 - 90))
    assert later["members"]["active"] == {"now": 0, "before": 1}
    assert later["members"]["at_risk"] == {"now": 1, "before": 0}
    later = told(shop, from_=day_before(shop, 400 - 180), to=day_before(shop, 400 - 180))
    assert later["members"]["at_risk"] == {"now": 0, "before": 1}


def test_what_comes_late_changes_the_day_on_which_it_happened(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    bring_up_to_date(shop)
    day = day_before(shop, 12)
    assert of_day(told(shop), day)["purchases"] == 0
    shop.clock.pass_(minutes=30)

    shop.send(shop.event("late", subject="card:9", time=at(shop, days=12), total=2_500))
    bring_up_to_date(shop)

    answer = told(shop)
    assert of_day(answer, day)["sales"] == 2_500
    assert of_day(answer, day)["new_members"] == 1
    assert answer["members"]["total"]["now"] == 4
    assert of(answer, "points")["outstanding"]["now"] == left(shop, "points")


def test_what_is_earlier_than_all_before_is_summed_too(shop: Shop) -> None:
    shop.buy(1_000)
    bring_up_to_date(shop)
    shop.clock.pass_(minutes=30)

    shop.send(shop.event("old", subject="card:8", time=at(shop, days=300), total=9_900))
    bring_up_to_date(shop)

    answer = told(shop, from_=day_before(shop, 310), to=day_before(shop, 290))
    assert answer["sales"]["amount"]["now"] == 9_900
    assert told(shop)["members"]["total"] == {"now": 2, "before": 1}


def test_a_return_that_waited_takes_back_what_its_purchase_brings(shop: Shop) -> None:
    shop.send(shop.event("r", "return", purchase_id="p", time=at(shop, days=1)))
    bring_up_to_date(shop)
    shop.clock.pass_(hours=1)

    shop.send(shop.event("p", total=8_000, time=at(shop, days=2)))
    bring_up_to_date(shop)

    answer = told(shop)
    assert answer["sales"]["came_back"]["now"] == answer["sales"]["amount"]["now"] == 8_000
    points = of(answer, "points")
    assert points["returned"]["now"] == points["issued"]["now"] == 80
    assert points["outstanding"]["now"] == 0


def test_what_has_just_happened_is_told_before_the_worker_comes(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    bring_up_to_date(shop)
    before = told(shop)["sales"]["amount"]["now"]
    shop.clock.pass_(minutes=5)

    shop.buy(700)

    answer = told(shop)
    assert answer["sales"]["amount"]["now"] == before + 700
    assert of(answer, "points")["outstanding"]["now"] == left(shop, "points")


def test_summing_again_or_anew_changes_nothing(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    bring_up_to_date(shop)
    once = told(shop)
    for _ in range(3):
        bring_up_to_date(shop)
    assert told(shop) == once

    with shop.db.transaction(1) as tx:
        for table in ("day_sum", "active_day", "day_sum_progress"):
            tx.execute(f"delete from {table}".encode())
    bring_up_to_date(shop)
    assert told(shop) == once


def test_one_organization_is_not_in_the_figures_of_another(shop: Shop) -> None:
    a_month_of_all_kinds(shop)
    with shop.db.transaction(DEPLOYMENT) as tx:
        row = tx.execute(
            "insert into organization (code, name) values ('b', 'B') returning id"
        ).fetchone()
    assert row is not None
    other = int(row[0])
    now = shop.clock()
    veiling.begin(shop.db, cabinet(), other, now)
    programs.publish(
        shop.db, other, PROGRAM, in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=now
    )
    made = keys.create(shop.db, other, name="b", scopes=frozenset({Scope.ADMIN}), now=now)
    theirs = {"Authorization": f"Bearer {made.secret}"}
    shop.send(shop.event("p1", total=1_100, time=at(shop, days=1)), **theirs)
    bring_up_to_date(shop)
    bring_up_to_date(shop, other)

    answer = shop.client.get("/v1/overview", headers=theirs).json()
    assert answer["sales"]["amount"]["now"] == 1_100
    assert answer["members"]["total"]["now"] == 1
    assert of(answer, "points")["outstanding"]["now"] == 11
    assert told(shop)["sales"]["amount"]["now"] == 139_000
