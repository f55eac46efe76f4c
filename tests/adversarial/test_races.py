"""Races for one balance, one hold, one event: only what is permitted happens, and once."""

from itertools import pairwise

import pytest
from tests.adversarial.racing import NOW, back, buy, codes, operate, proven, race, singly
from tests.services.histories import document, published

from regulars.domain.operations import (
    HoldCapture,
    HoldOpening,
    HoldRelease,
    PointsTransfer,
    Redemption,
)
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services.intake.batch import Receipt
from regulars.services.intake.taking import Intake
from regulars.storage.database import Database

RACERS = [8, 64]
ME = "card:1"


def ready(db: Database, amount: int = 100) -> Intake:
    published(db, document("owe"))
    intake = Intake(db, 1)
    if amount:
        intake.take_in([buy("p", ME, amount)], NOW)
    return intake


@pytest.mark.parametrize("racers", RACERS)
def test_no_more_is_redeemed_than_there_is(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    wanted = singly(
        racers, lambda n: operate(f"r{n}", ME, Redemption(currency="points", amount=30))
    )
    assert codes(race(db_url, wanted)) == {"decided": 3, "insufficient_points": racers - 3}
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_a_hold_ends_once(db: Database, db_url: str, racers: int) -> None:
    intake = ready(db)
    (opened,) = intake.take_in([operate("h", ME, HoldOpening(currency="points", amount=60))], NOW)
    assert isinstance(opened, Receipt)
    hold = opened.explanation.hold
    ends = singly(
        racers,
        lambda n: operate(f"e{n}", ME, HoldCapture(hold=hold) if n % 2 else HoldRelease(hold=hold)),
    )
    assert codes(race(db_url, ends)) == {"decided": 1, "hold_not_open": racers - 1}
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_one_event_is_decided_once_however_often_it_is_sent(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db, 0)
    outcomes = race(db_url, singly(racers, lambda _n: buy("p", ME, 100)))
    assert codes(outcomes) == {"decided": 1, "repeated": racers - 1}
    receipts = [one for (one,) in outcomes if isinstance(one, Receipt)]
    assert len({one.event_id for one in receipts}) == 1
    assert all(one.explanation == receipts[0].explanation for one in receipts)
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_of_different_contents_under_one_id_one_is_taken(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db, 0)
    outcomes = race(db_url, singly(racers, lambda n: buy("p", f"card:{n % 5}", 100 + n)))
    assert codes(outcomes) == {"decided": 1, "event_conflict": racers - 1}
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_what_was_bought_comes_back_once(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    outcomes = race(db_url, singly(racers, lambda n: back(f"b{n}", ME, "p", 40)))
    assert codes(outcomes) == {"decided": 2, "already_returned": racers - 2}
    proven(db)


def test_a_purchase_and_its_returns_may_arrive_at_once(db: Database, db_url: str) -> None:
    ready(db, 0)
    batches = [[buy("p", ME, 100)], *singly(15, lambda n: back(f"b{n}", ME, "p", 10))]
    found = codes(race(db_url, batches))
    again = codes(race(db_url, batches))
    assert found["decided"] + found["waiting"] + found["already_returned"] == 16
    assert again["waiting"] == 0
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        lines = tx.execute("select lines from returned").fetchall()
        left = tx.execute("select balance from account where currency = 'points'").fetchone()
    assert lines == [('{"0":100}',)]
    assert left == (0,)
    proven(db)


def test_a_return_of_a_stranger_racing_the_purchase_leaves_the_books_clean(
    db: Database, db_url: str
) -> None:
    published(db, document("owe"))
    for number in range(12):
        name = f"p{number}"
        race(db_url, [[buy(name, "card:1", 10)], [back(f"b{number}", "card:2", name)]])
    proven(db)


def test_batches_that_share_members_in_opposite_orders_all_go_through(
    db: Database, db_url: str
) -> None:
    ready(db, 0)
    people = [f"card:{n}" for n in range(12)]
    batches = []
    for racer in range(10):
        order = people if racer % 2 else people[::-1]
        batches.append([buy(f"p{racer}-{who}", who, 10) for who in order])
    assert codes(race(db_url, batches)) == {"decided": 120}
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        assert tx.execute("select count(*) from member").fetchone() == (12,)
    proven(db)


def test_members_who_give_each_other_points_at_once_do_not_deadlock(
    db: Database, db_url: str
) -> None:
    intake = ready(db, 0)
    people = [f"card:{n}" for n in range(6)]
    intake.take_in([buy(f"p-{who}", who, 1000) for who in people], NOW)
    batches = []
    for racer in range(12):
        ring = people[racer % 6 :] + people[: racer % 6]
        ring = ring if racer % 2 else ring[::-1]
        batches.append(
            [
                operate(f"g{racer}-{one}", one, PointsTransfer(to=two, currency="points", amount=7))
                for one, two in pairwise(ring)
            ]
        )
    assert codes(race(db_url, batches)) == {"decided": 60}
    proven(db)
