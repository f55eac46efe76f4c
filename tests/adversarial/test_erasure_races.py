"""Erasing a member while somebody writes to them: in either order, nothing personal is left."""

from contextlib import closing
from threading import Barrier, Thread

import pytest
from tests.adversarial.racing import NOW, START, buy, operate, proven
from tests.conftest import cabinet
from tests.services.histories import document, published

from regulars.domain.audit import By
from regulars.domain.errors import MemberNotFound, RegularsError
from regulars.domain.ids import MemberRef, parse_ref
from regulars.domain.operations import PointsTransfer
from regulars.domain.personal import Profile
from regulars.services import erasure, members
from regulars.services.intake.batch import Outcome
from regulars.services.intake.taking import Intake
from regulars.storage import profiles, vault
from regulars.storage.database import Database
from regulars.storage.members import lock_living
from regulars.storage.programs import Versions

BY = By(1, "cli:test")
CARD = parse_ref("card:1")


def begun(db: Database) -> int:
    """A program, and a member with a history."""
    published(db, document("owe"))
    made = members.enrol(db, Versions(1), [CARD], attributes={}, enrolled_at=START, now=NOW, by=BY)
    number = made.card.member.id
    with db.transaction(1) as tx:
        profile = Profile(name="Mei", phone="+8613800138000")
        profiles.keep(tx, cabinet(), 1, member_id=number, profile=profile, now=NOW)
    Intake(db, 1).take_in([buy(f"old-{place}", "card:1", 100) for place in range(50)], NOW)
    return number


@pytest.mark.parametrize("attempt", range(6))
def test_an_earning_beside_an_erasure_ends_well_in_either_order(
    db: Database, db_url: str, attempt: int
) -> None:
    number = begun(db)
    barrier = Barrier(5)
    outcomes: list[Outcome] = []
    faults: list[Exception] = []

    def earn(lane: int) -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            intake = Intake(own, 1)
            barrier.wait()
            for place in range(8):
                try:
                    outcomes.extend(intake.take_in([buy(f"{lane}-{place}", "card:1", 100)], NOW))
                except Exception as fault:
                    faults.append(fault)

    def erase() -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            versions = Versions(1)
            barrier.wait()
            try:
                erasure.erase(own, versions, MemberRef(number), reason="asked", by=BY, now=NOW)
            except Exception as fault:
                faults.append(fault)

    threads = [Thread(target=earn, args=(lane,)) for lane in range(4)] + [Thread(target=erase)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults, faults
    assert not [one for one in outcomes if isinstance(one, RegularsError)]
    with db.transaction(1) as tx:
        kept = tx.execute(
            "select count(*) filter (where digest::text not like '00000000-%%') from event "
            "where member_id = %s",
            [number],
        ).fetchone()
        assert kept == (0,), "an event was written after the erasure"
        assert not vault.knows(tx, 1, number)
        anew = tx.execute("select member_id from identity where external_id = '1'").fetchall()
        assert all(one != (number,) for one in anew)
    # What came after belongs to somebody new, under the program that takes in whoever comes.
    assert {one.member_id for one in outcomes if not isinstance(one, RegularsError)} <= {
        number, *(one[0] for one in anew),
    }  # fmt: skip
    proven(db)


def test_nothing_personal_is_added_to_a_member_who_is_being_erased(
    db: Database, db_url: str
) -> None:
    number = begun(db)
    done: list[str] = []
    with closing(Database(db_url, pool_size=2)) as own, own.transaction(1) as tx:
        lock_living(tx, 1, MemberRef(number))

        def erase() -> None:
            erasure.erase(db, Versions(1), MemberRef(number), reason="asked", by=BY, now=NOW)
            done.append("erased")

        thread = Thread(target=erase)
        thread.start()
        profile = Profile(name="Mei Lin", phone="+8613900139000")
        profiles.keep(tx, cabinet(), 1, member_id=number, profile=profile, now=NOW)
        assert not done, "the erasure waits for whoever holds the member"
    thread.join()
    assert done
    with db.transaction(1) as tx:
        assert not vault.knows(tx, 1, number)
        with pytest.raises(MemberNotFound):
            lock_living(tx, 1, MemberRef(number))
        with pytest.raises(MemberNotFound):
            vault.write(tx, cabinet(), 1, member_id=number, plain=b"{}", now=NOW)


def test_two_members_who_gave_each_other_points_are_erased_at_once(
    db: Database, db_url: str
) -> None:
    begun(db)
    intake = Intake(db, 1)
    intake.take_in([buy("b", "card:2", 1000)], NOW)
    for place in range(10):
        for giver, taker in (("card:1", "card:2"), ("card:2", "card:1")):
            data = PointsTransfer(to=taker, currency="points", amount=1)
            (outcome,) = intake.take_in([operate(f"{giver}-{place}", giver, data)], NOW)
            assert not isinstance(outcome, RegularsError), outcome
    barrier = Barrier(2)
    faults: list[Exception] = []

    def erase(card: str) -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            barrier.wait()
            try:
                erasure.erase(own, Versions(1), parse_ref(card), reason="asked", by=BY, now=NOW)
            except Exception as fault:
                faults.append(fault)

    threads = [Thread(target=erase, args=(card,)) for card in ("card:1", "card:2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    with db.transaction(1) as tx:
        assert "card:" not in str(tx.execute("select payload from event").fetchall())
    proven(db)
