"""Budgets under a rush: many purchases at once give exactly what there is."""

import json
from datetime import datetime
from typing import Any

import pytest
from tests.adversarial import ordering
from tests.adversarial.racing import NOW, buy, proven, race, sent
from tests.conftest import LONG_AGO
from tests.services.histories import EN, published

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import RegularsError
from regulars.domain.orders.states import OfferLost
from regulars.services.intake.batch import Receipt
from regulars.services.intake.taking import Intake
from regulars.services.orders.asking import Confirming, Done
from regulars.services.verification.verifying import verify
from regulars.storage import programs
from regulars.storage.database import Database
from regulars.storage.programs import Published, publish


def document(most: int, **more: Any) -> str:
    rule = {"name": EN, "on": "purchase", "earn": {"currency": "points", "rate": 100, "per": 1}}
    budget = {
        "id": "all",
        "name": EN,
        "per": "month",
        "points": {"currency": "points", "most": most},
    }
    return json.dumps(
        {
            "regulars": 1,
            "program": "raced",
            "name": EN,
            "time_zone": "Asia/Shanghai",
            "money": "CNY",
            "currencies": {"points": {"kind": "spendable", "name": EN}},
            "rules": [rule | {"id": "base"}, rule | {"id": "extra", "budget": most // 2}],
            "budgets": [budget],
        }
        | more
    )


def used(db: Database) -> dict[str, int]:
    with db.transaction(1) as tx:
        return programs.read_budgets(tx, 1, ["all|2024-03-01", "extra"])


@pytest.mark.parametrize("racers", [8, 64])
def test_a_budget_is_given_out_exactly_however_many_come_at_once(
    db: Database, db_url: str, racers: int
) -> None:
    published(db, document(racers * 10))
    outcomes = race(db_url, [[buy(f"b{n}", f"card:{n}", 20)] for n in range(racers)])
    told = [one for [one] in outcomes if isinstance(one, Receipt)]
    assert len(told) == racers, "a purchase is taken though the budget is used up"
    earned = sum(sum(one.explanation.earned.values()) for one in told)
    assert earned == racers * 10
    assert used(db)["all|2024-03-01"] == racers * 10
    assert used(db).get("extra", 0) <= racers * 5
    proven(db)


def test_a_budget_that_was_tampered_with_is_found(db: Database) -> None:
    published(db, document(1_000))
    Intake(db, 1).take_in([buy("b", "card:1", 20)], NOW)
    proven(db)
    with db.transaction(1) as tx:
        tx.execute("update rule_budget set used = used - 1 where rule like 'all|%%'")
    claims = {proof.claim for proof in verify(db, 1).proofs if proof.offenders}
    assert claims == {"budgets that rules share are what decisions took"}


def test_a_new_version_goes_on_with_what_was_used(db: Database) -> None:
    published(db, document(30))
    intake = Intake(db, 1)
    intake.take_in([buy("b1", "card:1", 20)], NOW)
    later: datetime = LONG_AGO.replace(year=LONG_AGO.year + 1)
    with db.transaction(1) as tx:
        publish(tx, 1, Published(2, document(50), later, later, ""))
    (told,) = intake.take_in([buy("b2", "card:1", 20)], NOW)
    assert isinstance(told, Receipt)
    assert told.explanation.earned == {"points": 20}
    assert used(db)["all|2024-03-01"] == 50
    proven(db)


@pytest.mark.parametrize("racers", [8, 64])
def test_discounts_of_many_orders_at_once_never_pass_their_budget(
    db: Database, db_url: str, racers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = racers // 4
    budget = {"id": "spring", "name": EN, "money": room * 5.0}
    monkeypatch.setattr(ordering, "PROGRAM", ordering.PROGRAM | {"budgets": [budget]})
    ordering.ready(db, racers)
    tills = [ordering.opening(f"A-{n}", f"card:{n + 1}") for n in range(racers)]
    outcomes = [one for [one] in ordering.race(db_url, [([till], NOW) for till in tills])]
    opened = [one.order for one in outcomes if isinstance(one, Done)]
    refused = [one for one in outcomes if isinstance(one, RegularsError)]
    assert all(isinstance(one, OfferLost) for one in refused), refused
    assert sum(order.discount for order in opened) == room * 500
    counts = "select used, reserved from quota where kind = 'budget'"
    with db.transaction(1) as tx:
        assert tx.execute(counts).fetchall() == [(0, room * 500)]
    works = [Confirming(number=order.id, by=ordering.TILL) for order in opened]
    told = ordering.words(ordering.race(db_url, [([work], NOW) for work in works]))
    assert told == {"confirmed": len(opened)}
    with db.transaction(1) as tx:
        assert tx.execute(counts).fetchall() == [(room * 500, 0)]
    proven(db)


@pytest.mark.parametrize("racers", [8, 64])
def test_orders_of_one_member_at_once_never_pass_what_the_member_brought_in(
    db: Database, db_url: str, racers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten = {key: value for key, value in ordering.PROGRAM["benefits"][0].items() if key != "quota"}
    share = {"share_of_contribution": {"at_most": 0.15, "metric": "spent"}}
    metric = {"spent": {"spend": True, "window": {"rolling": "P30D"}}}
    tiers = {"metrics": metric, "ladder": [{"id": "member", "name": EN}]}
    changed = {"benefits": [ten | share], "tiers": tiers}
    monkeypatch.setattr(ordering, "PROGRAM", ordering.PROGRAM | changed)
    ordering.ready(db)
    tills = [ordering.opening(f"A-{n}") for n in range(racers)]
    outcomes = [one for [one] in ordering.race(db_url, [([till], NOW) for till in tills])]
    orders = [one.order for one in outcomes if isinstance(one, Done)]
    assert len(orders) == racers
    assert sorted(order.discount for order in orders)[-4:] == [0, 500, 500, 500]
    assert sum(order.discount for order in orders) == 1_500
    proven(db)


def back(number: int) -> Arrival:
    who = f"card:{number}"
    return sent(f"r{number}", "return", who, {"purchase_id": f"b{number}"})


@pytest.mark.parametrize("racers", [8, 64])
def test_returns_beside_purchases_refill_the_budget_to_the_point(
    db: Database, db_url: str, racers: int
) -> None:
    published(db, document(racers * 10))
    Intake(db, 1).take_in([buy(f"b{n}", f"card:{n}", 20) for n in range(racers)], NOW)
    assert used(db)["all|2024-03-01"] == racers * 10
    comes_back = [[back(n)] for n in range(racers // 2)]
    buys = [[buy(f"c{n}", f"card:{n}", 20)] for n in range(racers // 2, racers)]
    outcomes = race(db_url, [*comes_back, *buys])
    assert all(isinstance(one, Receipt) for [one] in outcomes)
    # What nobody took meanwhile is there for the next.
    Intake(db, 1).take_in([buy("last", "card:0", racers * 20)], NOW)
    assert used(db)["all|2024-03-01"] == racers * 10
    proven(db)
