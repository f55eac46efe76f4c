"""Races for coupons, points and orders: exactly the permitted winners, nobody is half served."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.adversarial.ordering import (
    TILL,
    counter,
    coupon,
    done,
    one,
    opening,
    race,
    ready,
    words,
)
from tests.adversarial.racing import NOW, operate, proven

from regulars.domain.errors import RegularsError
from regulars.domain.limits.limits import Owner
from regulars.domain.operations import Redemption
from regulars.services.intake.taking import Intake
from regulars.services.orders.asking import Cancelling, Confirming, Done, Outcome, Returning, Work
from regulars.storage.database import Database
from regulars.storage.limits import reservations

RACERS = [8, 64]
LATE = NOW + timedelta(seconds=900)


def singly(works: Sequence[Work]) -> list[tuple[list[Work], object]]:
    return [([work], NOW) for work in works]


def winners(outcomes: Sequence[Sequence[Outcome]]) -> list[Done]:
    return [one for batch in outcomes for one in batch if isinstance(one, Done)]


def used(db: Database, kind: str) -> list[tuple[int, int]]:
    with db.transaction(1) as tx:
        return tx.execute(
            "select used, reserved from quota where kind = %s order by id", [kind]
        ).fetchall()  # type: ignore[return-value]


@pytest.mark.parametrize("racers", RACERS)
def test_the_last_use_of_a_coupon_goes_to_one_and_the_others_are_told(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db, racers)
    coupon(db, "LASTONE", total=1)
    tills = [opening(f"A-{n}", f"card:{n + 1}", codes=["LASTONE"]) for n in range(racers)]
    outcomes = race(db_url, singly(tills))
    told = words(outcomes)
    print(f"{racers} tills, a coupon with one use left: {dict(told)}")  # noqa: T201  # shown with -s
    assert told == {"open": 1, "offer_lost": racers - 1}
    (winner,) = winners(outcomes)
    assert winner.order.discount == 500 + 500
    confirmed = race(db_url, singly([Confirming(number=winner.order.id, by=TILL)]))
    assert words(confirmed) == {"confirmed": 1}
    assert (1, 0) in used(db, "template")
    with db.transaction(1) as tx:
        assert tx.execute("select count(*) from customer_order").fetchone() == (1,)
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_a_batch_of_tills_shares_what_is_left_in_its_order(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db, racers)
    coupon(db, "THREE", total=3)
    tills = [opening(f"A-{n}", f"card:{n + 1}", codes=["THREE"]) for n in range(racers)]
    outcomes = race(db_url, [(tills, NOW)])
    assert words(outcomes) == {"open": 3, "offer_lost": racers - 3}
    assert [isinstance(outcome, Done) for outcome in outcomes[0][:3]] == [True] * 3


@pytest.mark.parametrize("racers", RACERS)
def test_a_quota_that_nobody_asked_for_is_told_and_not_overrun(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db)
    outcomes = race(db_url, singly([opening(f"A-{n}") for n in range(racers)]))
    told = words(outcomes)
    served = winners(outcomes)
    assert told["open"] == len(served)
    assert set(told) <= {"open", "limit_reached"}
    assert sum(bool(one.order.discount) for one in served) == 2
    assert used(db, "benefit") == [(0, 2)]


@pytest.mark.parametrize("racers", RACERS)
def test_no_more_points_are_held_than_there_are(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    outcomes = race(db_url, singly([opening(f"A-{n}", points=30) for n in range(racers)]))
    told = words(outcomes)
    assert told["open"] == 3
    assert told["open"] + told["insufficient_points"] + told["limit_reached"] == racers
    assert all(one.order.hold_id is not None for one in winners(outcomes))
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_an_order_is_opened_once_and_confirmed_once(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    outcomes = race(db_url, singly([opening("A-1", points=50) for _ in range(racers)]))
    assert words(outcomes) == {"open": 1, "repeated": racers - 1}
    (number,) = {one.order.id for one in winners(outcomes)}
    ends = race(db_url, singly([Confirming(number=number, by=TILL) for _ in range(racers)]))
    assert words(ends) == {"confirmed": 1, "repeated": racers - 1}
    with db.transaction(1) as tx:
        row = tx.execute("select count(*) from event where type = 'purchase'").fetchone()
    assert row == (2,)
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_cancelling_and_confirming_at_once_does_one_of_both(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db)
    coupon(db, "ONCE", total=1)
    opened = done(counter(db), opening("A-1", points=50, codes=["ONCE"]))
    number = opened.order.id
    ends: list[Work] = [
        Confirming(number=number, by=TILL) if n % 2 else Cancelling(number=number, by=TILL)
        for n in range(racers)
    ]
    outcomes = race(db_url, singly(ends))
    assert set(words(outcomes)) <= {"confirmed", "cancelled", "repeated", "order_closed"}
    # Whatever came first, the order was cancelled in the end, and nothing of it is left.
    assert used(db, "template") == [(0, 0), (0, 0)]
    assert used(db, "benefit") == [(0, 0)]
    proven(db)


def test_confirming_in_the_last_moment_races_the_time_out(db: Database, db_url: str) -> None:
    """Clocks of two machines differ: one finds it in time, the other too late."""
    ready(db, 2)
    coupon(db, "ONCE", total=1, per_member=100)
    lane = counter(db)
    for turn in range(6):
        opened = done(lane, opening(f"A-{turn}", codes=["ONCE"]), NOW)
        rival = opening(f"B-{turn}", "card:2", codes=["ONCE"])
        moment = LATE - timedelta(microseconds=1)
        outcomes = race(
            db_url,
            [([Confirming(number=opened.order.id, by=TILL)], moment), ([rival], LATE)],
        )
        told = words(outcomes)
        assert told in (
            {"confirmed": 1, "offer_lost": 1},
            {"reservation_lost": 1, "open": 1},
        ), told
        for outcome in winners(outcomes):
            done(lane, Cancelling(number=outcome.order.id, by=TILL), LATE)
        assert (0, 0) in used(db, "template")
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_what_was_bought_comes_back_once(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    lane = counter(db)
    opened = done(lane, opening("A-1", points=50, quantity=2))
    done(lane, Confirming(number=opened.order.id, by=TILL))
    backs = [
        Returning(number=opened.order.id, external_id=f"r{n}", lines=((0, 1),), by=TILL)
        for n in range(racers)
    ]
    outcomes = race(db_url, singly(backs))
    assert words(outcomes) == {
        "returned_in_part": 1, "returned": 1, "already_returned": racers - 2,
    }  # fmt: skip
    gone = [one.back for one in winners(outcomes) if one.back is not None]
    assert sum(back.points for back in gone) == 50
    assert sum(back.money for back in gone) == opened.quote.to_pay
    proven(db)


def test_points_that_come_back_are_spent_once_while_a_return_runs(
    db: Database, db_url: str
) -> None:
    ready(db)
    lane = counter(db)
    opened = done(lane, opening("A-1", points=100))
    done(lane, Confirming(number=opened.order.id, by=TILL))
    everything = Returning(number=opened.order.id, external_id="r", lines=(), by=TILL)
    spending = opening("A-2", points=140)
    race(db_url, singly([everything, spending, everything]))
    redeemed = Intake(db, 1).take_in(
        [operate("r1", "card:1", Redemption(currency="points", amount=101))], NOW
    )
    assert isinstance(redeemed[0], RegularsError)
    proven(db)


def test_who_loses_a_requote_keeps_what_was_held(db: Database) -> None:
    ready(db, 2)
    coupon(db, "ONCE", total=1)
    lane = counter(db)
    mine = done(lane, opening("A-1", points=40))
    done(lane, opening("B-1", "card:2", codes=["ONCE"]))
    lost = one(lane, opening("A-1", points=40, codes=["ONCE"]))
    assert isinstance(lost, RegularsError)
    assert lost.code == "offer_lost"
    again = done(lane, opening("A-1", points=40))
    assert (again.is_repeat, again.order.revision) == (True, 1)
    with db.transaction(1) as tx:
        held = reservations.of(tx, 1, [(Owner.ORDER, mine.order.id)])
    assert [one.state for one in held] == ["open"]
    assert done(lane, Confirming(number=mine.order.id, by=TILL)).order.state.value == "confirmed"
    proven(db)
