"""Spent points are given back by many at once, before and after two members become one."""

import pytest
from tests.adversarial.racing import NOW, START, buy, operate, proven, race
from tests.conftest import cabinet
from tests.services.histories import document, published

from regulars.domain.audit import By
from regulars.domain.errors import InsufficientPoints
from regulars.domain.ids import parse_ref
from regulars.domain.operations import HoldCapture, HoldOpening, PointsRestore
from regulars.services import members, points
from regulars.services.intake.batch import Receipt
from regulars.services.intake.taking import Intake
from regulars.services.merging import merging
from regulars.storage.database import Database
from regulars.storage.programs import Versions

BY = By(1, "cli:test")


def spent(db: Database, who: str = "card:1", *, captured: int = 64) -> int:
    """A member with points, of whom `captured` of 80 held ones are spent; the hold's number."""
    intake = Intake(db, 1)
    first = intake.take_in(
        [
            buy(f"{who}-p", who, 100),
            operate(f"{who}-h", who, HoldOpening(currency="points", amount=80)),
        ],
        NOW,
    )
    opened = first[1]
    assert isinstance(opened, Receipt), opened
    hold = opened.explanation.hold
    capture = HoldCapture(hold=hold, amount=captured)
    assert isinstance(intake.take_in([operate(f"{who}-c", who, capture)], NOW)[0], Receipt)
    return hold


def available(db: Database, who: str = "card:1") -> int:
    purse = points.purse(db, Versions(1), parse_ref(who), at=NOW, now=NOW)
    return next(one.balance.available for one in purse.currencies if one.currency == "points")


@pytest.mark.parametrize("racers", [8, 64])
def test_many_at_once_give_back_no_more_than_was_spent(
    db: Database, db_url: str, racers: int
) -> None:
    published(db, document("owe"))
    hold = spent(db)
    wanted = PointsRestore(hold=hold, amount=64 // 4)
    outcomes = race(db_url, [[operate(f"r{n}", "card:1", wanted)] for n in range(racers)])
    done = [one for [one] in outcomes if isinstance(one, Receipt)]
    refused = [one for [one] in outcomes if isinstance(one, InsufficientPoints)]
    assert (len(done), len(refused)) == (4, racers - 4)
    assert available(db) == 100
    proven(db)


def test_all_in_one_batch_are_told_apart(db: Database) -> None:
    published(db, document("owe"))
    hold = spent(db)
    batch = [operate(f"r{n}", "card:1", PointsRestore(hold=hold, amount=40)) for n in range(2)]
    first, second = Intake(db, 1).take_in(batch, NOW)
    assert isinstance(first, Receipt)
    assert isinstance(second, InsufficientPoints)
    (again,) = Intake(db, 1).take_in(batch[:1], NOW)
    assert isinstance(again, Receipt)
    assert again.is_repeat
    assert available(db) == 76
    proven(db)


def test_what_a_duplicate_had_spent_comes_back_to_the_member_it_turned_out_to_be(
    db: Database,
) -> None:
    published(db, document("owe"))
    for who in ("card:1", "card:2"):
        members.enrol(
            db, Versions(1), [parse_ref(who)], attributes={}, enrolled_at=START, now=NOW, by=BY
        )
    hold = spent(db, "card:2")
    Intake(db, 1).take_in([buy("own", "card:1", 10)], NOW)
    house = merging.House(db, cabinet(), Versions(1), Intake(db, 1).take_within)
    merging.merge(
        house, parse_ref("card:1"), parse_ref("card:2"), reason="One person", by=BY, now=NOW
    )
    assert available(db) == 46
    back = operate("back", "card:1", PointsRestore(hold=hold, amount=50))
    (told,) = Intake(db, 1).take_in([back], NOW)
    assert isinstance(told, Receipt), told
    assert available(db) == 96
    over = operate("over", "card:1", PointsRestore(hold=hold, amount=15))
    assert isinstance(Intake(db, 1).take_in([over], NOW)[0], InsufficientPoints)
    proven(db)
