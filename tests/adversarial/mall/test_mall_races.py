"""Races for the last pieces, for what is left to one member, for a cancellation."""

import pytest
from tests.adversarial.mall.rushing import (
    BY,
    NOW,
    desk,
    redeeming,
    rush,
    sale_of,
    stall,
    taking,
    wish,
)
from tests.adversarial.racing import proven

from regulars.domain.errors import RegularsError
from regulars.domain.mall.fulfilment import RedemptionState
from regulars.domain.mall.rewards import Way
from regulars.services.mall import settling
from regulars.services.mall.redeeming import Taken
from regulars.storage.database import Database

RACERS = [8, 64]


def spent(db: Database) -> int:
    """Points that were spent for good, of all."""
    with db.transaction(1) as tx:
        row = tx.execute(
            "select coalesce(sum(case when credit = 'redeemed' then amount else -amount end), 0)"
            " from transfer where 'redeemed' in (debit, credit)"
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("racers", RACERS)
def test_no_more_pieces_go_than_there_are(db: Database, db_url: str, racers: int) -> None:
    tree = stall(db, stock=5, members=racers)
    told = rush(db_url, [taking(wish(tree, n + 1, "k")) for n in range(racers)])
    assert told == {"taken": 5, "sold_out": racers - 5}
    assert spent(db) == 50
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_a_member_gets_no_more_than_their_share(db: Database, db_url: str, racers: int) -> None:
    tree = stall(db, stock=1000, members=1, most=2, points=1000)
    told = rush(db_url, [taking(wish(tree, 1, f"k{n}")) for n in range(racers)])
    assert told == {"taken": 2, "limit_reached": racers - 2}
    proven(db)


def test_the_same_request_many_times_at_once_takes_one(db: Database, db_url: str) -> None:
    tree = stall(db, stock=100, members=1)
    told = rush(db_url, [taking(wish(tree, 1, "same")) for _ in range(8)])
    assert told == {"taken": 1, "repeated": 7}
    proven(db)


def test_a_batch_serves_in_the_order_of_arrival(db: Database) -> None:
    tree = stall(db, stock=100, members=9, points=10)
    sale = sale_of(db, tree, 3)
    wishes = [wish(tree, n + 1, "k", sale=sale) for n in (4, 2, 4, 7, 0, 1)]
    outcomes = redeeming(db).take_in(wishes, NOW)
    words = [
        one.code if isinstance(one, RegularsError) else ("repeat" if one.is_repeat else "taken")
        for one in outcomes
    ]
    assert words == ["taken", "taken", "repeat", "taken", "sold_out", "sold_out"]
    proven(db)


def test_who_cannot_pay_leaves_the_piece_to_the_next(db: Database) -> None:
    tree = stall(db, stock=1, members=2, points=10)
    first = redeeming(db).take_in([wish(tree, 1, "a", quantity=1)], NOW)
    assert isinstance(first[0], Taken)
    with db.transaction(1) as tx:
        tx.execute("update reward_variant set stock = 2")
    outcomes = redeeming(db).take_in([wish(tree, 1, "b"), wish(tree, 2, "c")], NOW)
    assert [getattr(one, "code", "taken") for one in outcomes] == ["insufficient_points", "taken"]
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_cancelled_many_times_at_once_it_comes_back_once(
    db: Database, db_url: str, racers: int
) -> None:
    tree = stall(db, stock=5, members=1, cash=100)
    (taken,) = redeeming(db).take_in([wish(tree, 1, "k")], NOW)
    assert isinstance(taken, Taken)
    number = taken.redemption.id
    told = rush(
        db_url,
        [
            lambda own: settling.cancel(desk(own), number, reason="", by=BY, now=NOW)
            for _ in range(racers)
        ],
    )
    assert told == {"cancelled": racers}
    assert spent(db) == 0
    proven(db)


@pytest.mark.parametrize("turn", range(4))
def test_paid_or_cancelled_but_never_both(db: Database, db_url: str, turn: int) -> None:
    tree = stall(db, stock=5, members=1, cash=100)
    (taken,) = redeeming(db).take_in([wish(tree, 1, "k")], NOW)
    assert isinstance(taken, Taken)
    number = taken.redemption.id

    def pay(own: Database) -> object:
        return settling.pay(desk(own), number, reference="r", by=BY, now=NOW)

    def cancel(own: Database) -> object:
        return settling.cancel(desk(own), number, reason="", by=BY, now=NOW)

    told = rush(db_url, [pay, cancel] * (turn + 1))
    assert bool(told["fulfilled"]) != bool(told["cancelled"])
    assert spent(db) == (10 if told["fulfilled"] else 0)
    assert told["redemption_state_wrong"] == turn + 1
    proven(db)


def test_state_of_an_unpaid_one_is_over_at_its_instant(db: Database) -> None:
    tree = stall(db, stock=5, members=1, cash=100)
    (taken,) = redeeming(db).take_in([wish(tree, 1, "k")], NOW)
    assert isinstance(taken, Taken)
    until = taken.redemption.pay_by
    assert until is not None
    assert taken.redemption.state_at(until) is RedemptionState.TIMED_OUT
    assert settling.time_out(db, 1, until) == 1
    assert settling.time_out(db, 1, until) == 0


@pytest.mark.parametrize("turn", range(3))
def test_cancelled_or_packed_but_never_both(db: Database, db_url: str, turn: int) -> None:
    mug = stall(db, stock=5, members=1, is_goods=True)
    (taken,) = redeeming(db).take_in([wish(mug, 1, "k", way=Way.PICK_UP, place="s1")], NOW)
    assert isinstance(taken, Taken)
    number = taken.redemption.id

    def pack(own: Database) -> object:
        to = RedemptionState.PACKED
        return settling.step(desk(own), number, to, carrier="", tracking="", by=BY, now=NOW)

    def cancel(own: Database) -> object:
        return settling.cancel(desk(own), number, reason="", by=BY, now=NOW, member_id=1)

    told = rush(db_url, [pack, cancel] * (turn + 1))
    assert bool(told["packed"]) != bool(told["cancelled"])
    assert told["redemption_state_wrong"] == turn + 1
    assert spent(db) == (10 if told["packed"] else 0)
    proven(db)
