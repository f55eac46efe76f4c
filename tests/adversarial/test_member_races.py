"""Freezing and merging members while somebody buys and redeems: in either order the books balance,
and nothing is lost or spent afterwards."""

from contextlib import closing
from threading import Barrier, Thread

import pytest
from tests.adversarial.racing import NOW, START, buy, operate, proven
from tests.conftest import cabinet
from tests.services.histories import document, published

from regulars.domain.audit import By
from regulars.domain.errors import RegularsError
from regulars.domain.ids import MemberRef, parse_ref
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.operations import Redemption
from regulars.services import members, points
from regulars.services.intake.batch import Outcome
from regulars.services.intake.taking import Intake
from regulars.services.merging import freezing, merging
from regulars.storage.database import Database
from regulars.storage.programs import Versions

BY = By(1, "cli:test")
ONE, TWO = parse_ref("card:1"), parse_ref("card:2")


def begun(db: Database) -> tuple[int, int]:
    """A program, and two members with points."""
    published(db, document("owe"))
    numbers = []
    for ref in (ONE, TWO):
        made = members.enrol(
            db, Versions(1), [ref], attributes={}, enrolled_at=START, now=NOW, by=BY
        )
        numbers.append(made.card.member.id)
        name = f"card:{len(numbers)}"
        Intake(db, 1).take_in([buy(f"{name}-{place}", name, 10_000) for place in range(5)], NOW)
    return numbers[0], numbers[1]


def together(*works: object) -> list[Exception]:
    """Run them at the same moment; what they raised."""
    barrier = Barrier(len(works))
    faults: list[Exception] = []

    def run(work: object) -> None:
        barrier.wait()
        try:
            work()  # type: ignore[operator]
        except Exception as fault:
            faults.append(fault)

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.parametrize("attempt", range(4))
def test_nothing_is_redeemed_once_the_freeze_is_answered(
    db: Database, db_url: str, attempt: int
) -> None:
    number, _ = begun(db)
    outcomes: list[Outcome] = []
    currency = points.purse(db, Versions(1), ONE, at=NOW, now=NOW).currencies[0].currency

    def redeem(lane: int) -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            intake = Intake(own, 1)
            for place in range(6):
                data = Redemption(currency=currency, amount=1)
                name = f"redeem-{attempt}-{lane}-{place}"
                outcomes.extend(intake.take_in([operate(name, "card:1", data)], NOW))

    seen_at_freeze: list[int] = []

    def freeze() -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            freezing.freeze(own, 1, ONE, is_on=True, reason="Looked into", by=BY, now=NOW)
            with own.transaction(1) as tx:
                row = tx.execute(
                    "select count(*) from event where type = 'regulars.redemption'"
                ).fetchone()
                assert row is not None
                seen_at_freeze.append(row[0])

    assert together(*(lambda lane=lane: redeem(lane) for lane in range(3)), freeze) == []

    done = [one for one in outcomes if not isinstance(one, RegularsError)]
    refused = [one for one in outcomes if isinstance(one, RegularsError)]
    assert all(isinstance(one, MemberFrozen) for one in refused)
    assert seen_at_freeze == [len(done)], "what was there when the freeze was answered is all"
    assert len(done) + len(refused) == 18
    with db.transaction(1) as tx:
        assert tx.execute("select frozen_at from member where id = %s", [number]).fetchone() != (
            None,
        )
    proven(db)


@pytest.mark.parametrize("attempt", range(6))
def test_a_purchase_beside_a_merge_is_somebody_s_and_counted_once(
    db: Database, db_url: str, attempt: int
) -> None:
    one, two = begun(db)
    before = sum(purse_of(db, ref) for ref in (ONE, TWO))
    outcomes: list[Outcome] = []

    def earn(lane: int) -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            intake = Intake(own, 1)
            for place in range(6):
                who = ("card:2", "card:1", "mem")[lane % 3]
                subject = who if who != "mem" else "card:2"
                arrivals = [buy(f"{attempt}-{lane}-{place}", subject, 10_000)]
                outcomes.extend(intake.take_in(arrivals, NOW))

    def merge() -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            house = merging.House(own, cabinet(), Versions(1), Intake(own, 1).take_within)
            merging.merge(house, ONE, MemberRef(two), reason="One person", by=BY, now=NOW)

    assert together(*(lambda lane=lane: earn(lane) for lane in range(3)), merge) == []

    assert not any(isinstance(one, RegularsError) for one in outcomes)
    earned = sum(
        sum(one.explanation.earned.values())
        for one in outcomes
        if not isinstance(one, RegularsError)
    )
    assert purse_of(db, ONE) == before + earned
    assert purse_of(db, TWO) == purse_of(db, ONE), "both cards name one member now"
    with db.transaction(1) as tx:
        row = tx.execute("select merged_into from member where id = %s", [two]).fetchone()
        left = tx.execute(
            "select coalesce(sum(balance), 0)::int from account where member_id = %s", [two]
        ).fetchone()
    assert (row, left) == ((one,), (0,))
    proven(db)


def test_two_merges_the_wrong_way_round_end_with_one_member(db: Database, db_url: str) -> None:
    one, two = begun(db)
    before = sum(purse_of(db, ref) for ref in (ONE, TWO))

    def merge(survivor: int, duplicate: int) -> None:
        with closing(Database(db_url, pool_size=2)) as own:
            house = merging.House(own, cabinet(), Versions(1), Intake(own, 1).take_within)
            merging.merge(
                house, MemberRef(survivor), MemberRef(duplicate), reason="One person", by=BY,
                now=NOW,
            )  # fmt: skip

    faults = together(lambda: merge(one, two), lambda: merge(two, one))

    assert [type(fault).__name__ for fault in faults] == ["MergeRefused"]
    assert purse_of(db, ONE) == purse_of(db, TWO) == before
    proven(db)


def purse_of(db: Database, ref: MemberRef) -> int:
    """All that the member could spend, of every currency."""
    purse = points.purse(db, Versions(1), ref, at=NOW, now=NOW)
    return sum(one.balance.available + one.balance.pending for one in purse.currencies)
