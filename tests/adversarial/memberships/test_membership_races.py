"""Races for paid cards: bought, tried, renewed, given back and shared as often as is permitted."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from tests.adversarial.racing import proven
from tests.api.conftest import PROGRAM
from tests.api.memberships.conftest import CARDS
from tests.conftest import cabinet

from regulars.domain.audit import By
from regulars.domain.envelopes import arrive
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event, Purchase
from regulars.domain.ids import MemberRef
from regulars.services import programs
from regulars.services.intake.taking import Intake
from regulars.services.memberships import ending, reading, selling, sharing
from regulars.services.memberships.house import House
from regulars.services.memberships.selling import Sale
from regulars.storage.database import Database
from regulars.storage.programs import Versions

RACERS = [8, 64]
NOW = datetime(2026, 3, 4, 1, tzinfo=UTC)
BY = By(1, "key:1")
ME = MemberRef(None, "card", "1")


def house(db: Database) -> House:
    return House(db, cabinet(), Versions(1), Intake(db, 1).take_within)


def ready(db: Database, members: int = 1, total: int = 100_000) -> House:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    programs.publish(db, 1, PROGRAM + CARDS, in_force_from=long_ago, now=NOW)
    bought = [
        arrive(
            Event(
                f"p{number}", "till", "purchase", f"card:{number}", NOW - timedelta(hours=1), NOW,
                Purchase(currency="CNY", total=total),
            )
        )
        for number in range(1, members + 1)
    ]  # fmt: skip
    Intake(db, 1).take_in(bought, NOW)
    return house(db)


def race(db_url: str, racers: int, deed: Callable[[House, int], object]) -> Counter[str]:
    """What came of it, by code; "done" for what was done, "repeated" for what had been."""
    told: list[str] = []
    barrier = Barrier(racers)
    faults: list[Exception] = []

    def run(db: Database, number: int) -> None:
        barrier.wait()
        try:
            done = deed(house(db), number)
            told.append("repeated" if getattr(done, "is_repeat", False) else "done")
        except RegularsError as refusal:
            told.append(refusal.code)
        except Exception as fault:
            faults.append(fault)

    with closing(Database(db_url, pool_size=16)) as db:
        threads = [Thread(target=run, args=(db, number)) for number in range(racers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not faults, faults
    return Counter(told)


def money(number: object) -> Sale:
    return Sale(pay="money", payment=f"pay-{number}")


@pytest.mark.parametrize("racers", RACERS)
def test_a_card_is_bought_once(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    found = race(
        db_url,
        racers,
        lambda house, n: selling.begin(house, ME, "plus", money(n), key=f"k{n}", by=BY, now=NOW),
    )
    assert found == {"done": 1, "card_held": racers - 1}
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_a_trial_is_given_once(db: Database, db_url: str, racers: int) -> None:
    ready(db)
    sale = Sale(pay="trial")
    found = race(
        db_url,
        racers,
        lambda house, n: selling.begin(house, ME, "plus", sale, key=f"k{n}", by=BY, now=NOW),
    )
    assert found == {"done": 1, "card_held": racers - 1}
    later = NOW + timedelta(days=40)
    with pytest.raises(RegularsError) as refusal:
        selling.begin(house(db), ME, "plus", sale, key="later", by=BY, now=later)
    assert refusal.value.code == "trial_used"


@pytest.mark.parametrize("racers", RACERS)
def test_points_for_a_card_are_taken_once_under_one_key(
    db: Database, db_url: str, racers: int
) -> None:
    ready(db)
    sale = Sale(pay="points")
    found = race(
        db_url,
        racers,
        lambda house, _n: selling.begin(house, ME, "plus", sale, key="one", by=BY, now=NOW),
    )
    assert found == {"done": 1, "repeated": racers - 1}
    with db.transaction(1) as tx:
        row = tx.execute("select balance from account where currency = 'points'").fetchone()
    assert row == (700,)
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_one_payment_renews_once(db: Database, db_url: str, racers: int) -> None:
    sold = selling.begin(ready(db), ME, "plus", money("a"), key="a", by=BY, now=NOW)
    number = sold.membership.id
    found = race(
        db_url,
        racers,
        lambda house, n: selling.renew(house, number, money("b"), key=f"k{n}", by=BY, now=NOW),
    )
    assert found == {"done": 1, "payment_known": racers - 1}
    assert reading.one(house(db), number).membership.until.year == 2028
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_a_card_is_paid_back_once(db: Database, db_url: str, racers: int) -> None:
    points = Sale(pay="points")
    sold = selling.begin(ready(db), ME, "plus", points, key="a", by=BY, now=NOW)
    number = sold.membership.id
    found = race(
        db_url,
        racers,
        lambda house, n: ending.refund(
            house, number, reason="Twice at once", key=f"k{n}", by=BY, now=NOW
        ),
    )
    assert found == {"done": 1, "membership_over": racers - 1}
    with db.transaction(1) as tx:
        row = tx.execute("select balance from account where currency = 'points'").fetchone()
    assert row == (1000,)
    proven(db)


@pytest.mark.parametrize("racers", RACERS)
def test_no_more_share_a_card_than_there_are_places(db: Database, db_url: str, racers: int) -> None:
    first = ready(db, members=racers + 1)
    sold = selling.begin(first, ME, "plus", money("a"), key="a", by=BY, now=NOW)
    number = sold.membership.id
    asked = [
        sharing.invite(first, number, member_id=None, by=BY, now=NOW).code
        for _ in range(min(racers, 20))
    ]
    refs = [MemberRef(None, "card", str(2 + place)) for place in range(racers)]
    found = race(
        db_url,
        len(asked),
        lambda house, n: sharing.join(house, refs[n], asked[n], by=By(1, f"member:{n}"), now=NOW),
    )
    assert found == {"done": 2, "limit_reached": len(asked) - 2}
    people = sharing.people(house(db), number)
    assert sum(one.state == "joined" for one in people) == 2
    proven(db)


def test_renewing_and_giving_back_at_once_leaves_one_truth(db: Database, db_url: str) -> None:
    sold = selling.begin(ready(db), ME, "plus", money("a"), key="a", by=BY, now=NOW)
    number = sold.membership.id

    def deed(house: House, n: int) -> object:
        if n % 2:
            return selling.renew(house, number, money(n), key=f"k{n}", by=BY, now=NOW)
        return ending.refund(house, number, reason="Give it back", key=f"k{n}", by=BY, now=NOW)

    found = race(db_url, 8, deed)
    told = reading.one(house(db), number)
    assert told.membership.ended_how == "refunded"
    assert all(term.refunded == term.price for term in told.terms)
    assert found["done"] == len(told.terms)
    proven(db)
