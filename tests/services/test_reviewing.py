"""What falls due by the clock alone is done once, at its own instant, however many look for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from regulars.domain.envelopes import Arrival, arrive, make_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.operations import HoldOpening, Operation, type_of
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import programs
from regulars.services.intake.reviewing import review_due
from regulars.services.intake.taking import Intake
from regulars.services.verification.verifying import verify
from regulars.storage.database import Database

PROGRAM = """
regulars: 1
program: tiny
name: {en: Tiny}
time_zone: UTC
money: EUR
currencies:
  points: {kind: spendable, name: {en: Points}, expiry: {after: P1M}}
  miles: {kind: spendable, name: {en: Miles}, expiry: {inactive: P3M}}
rules:
  - {id: base, name: {en: Base}, on: purchase, earn: {currency: points, rate: 1, per: 1.00}}
  - {id: fly, name: {en: Fly}, on: visit, earn: {currency: miles, points: 7}}
tiers:
  metrics:
    spent: {spend: true, window: {rolling: P1M}}
  upgrade: at_once
  valid: {for: P2M}
  step_down: bottom
  ladder:
    - {id: member, name: {en: Member}}
    - {id: gold, name: {en: Gold}, entry: {spent: 10000}}
"""
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def intake(db: Database) -> Intake:
    programs.publish(db, 1, PROGRAM, in_force_from=datetime(1990, 1, 2, tzinfo=UTC), now=BEGIN)
    return Intake(db, 1)


def event(kind: str, *, who: str = "card:1", at: datetime = BEGIN, **data: object) -> Arrival:
    head = {"id": f"{kind}-{who}-{at:%s}", "source": "t", "type": kind, "subject": who, "time": at}
    return make_event(head, data, at)


def operation(data: Operation, *, who: str = "card:1", at: datetime = BEGIN) -> Arrival:
    return arrive(Event("op", "regulars.test", type_of[type(data)], who, at, at, data))


def take(intake: Intake, *arrivals: Arrival) -> None:
    for outcome in intake.take_in(arrivals, arrivals[-1].event.time):
        assert not isinstance(outcome, RegularsError), outcome


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        return tx.execute(query).fetchall()  # type: ignore[arg-type]


def look(db: Database, intake: Intake, now: datetime) -> int:
    return sum(looked.reviewed for looked in review_due(db, 1, intake, now))


EXPIRED = "select currency, amount, effective_at from transfer where code = 'expire'"
REVIEWS = "select count(*) from event where type = 'regulars.review'"


def test_points_lapse_at_their_own_instant_and_only_once(db: Database, intake: Intake) -> None:
    take(intake, event("purchase", currency="EUR", total=900))
    due = datetime(2024, 2, 1, tzinfo=UTC)

    assert look(db, intake, due - timedelta(seconds=1)) == 0
    assert look(db, intake, due + timedelta(hours=3)) == 1
    assert look(db, intake, due + timedelta(hours=4)) == 0

    assert rows(db, EXPIRED) == [("points", 9, due)]
    assert rows(db, REVIEWS) == [(1,)]
    assert verify(db, 1).is_clean


def test_points_lapse_for_want_of_activity(db: Database, intake: Intake) -> None:
    take(intake, event("visit"))
    take(intake, event("visit", at=BEGIN + timedelta(days=30)))
    due = datetime(2024, 4, 30, tzinfo=UTC)

    assert look(db, intake, datetime(2024, 4, 1, 1, tzinfo=UTC)) == 0
    assert look(db, intake, due) == 1
    assert look(db, intake, due + timedelta(days=1)) == 0

    assert sorted(rows(db, EXPIRED)) == [("miles", 7, due), ("miles", 7, due)]
    assert verify(db, 1).is_clean


def test_a_tier_that_is_not_kept_is_left(db: Database, intake: Intake) -> None:
    take(intake, event("purchase", currency="EUR", total=20_000))
    assert rows(db, "select tier from member") == [("gold",)]

    assert look(db, intake, datetime(2024, 3, 1, tzinfo=UTC)) == 1

    assert rows(db, "select tier from member") == [("member",)]
    moved = rows(db, "select old_tier, new_tier, effective_at from tier_change order by id")
    assert moved[-1] == ("gold", "member", datetime(2024, 3, 1, tzinfo=UTC))


def test_a_hold_times_out(db: Database, intake: Intake) -> None:
    take(intake, event("purchase", currency="EUR", total=900))
    take(intake, operation(HoldOpening(currency="points", amount=4, seconds=60)))

    assert look(db, intake, BEGIN + timedelta(seconds=59)) == 0
    assert look(db, intake, BEGIN + timedelta(seconds=61)) == 1

    closed = rows(db, "select state, closed_at from hold")
    assert closed == [("timed_out", BEGIN + timedelta(seconds=60))]
    assert rows(db, "select remaining from lot") == [(9,)]
    assert verify(db, 1).is_clean


def test_a_late_purchase_whose_points_have_lapsed_already_is_settled_too(
    db: Database, intake: Intake
) -> None:
    take(intake, event("purchase", currency="EUR", total=900))
    now = datetime(2024, 2, 2, tzinfo=UTC)
    assert look(db, intake, now) == 1

    (late,) = intake.take_in([event("purchase", at=BEGIN, who="card:1", currency="EUR",
                                    total=901, store="x")], now)  # fmt: skip
    assert isinstance(late, RegularsError)  # The same id with other content.
    take(intake, event("purchase", at=BEGIN + timedelta(seconds=1), currency="EUR", total=500))
    assert look(db, intake, now) == 1

    assert sum(amount for _, amount, _ in rows(db, EXPIRED)) == 14
    assert rows(db, "select count(*) from lot where is_open") == [(0,)]


def test_two_workers_at_once_do_everything_once(db: Database, intake: Intake) -> None:
    crowd = [f"card:{number}" for number in range(1200)]
    for start in range(0, len(crowd), 400):
        some = crowd[start : start + 400]
        take(intake, *(event("purchase", who=who, currency="EUR", total=900) for who in some))
    now = datetime(2024, 2, 2, tzinfo=UTC)

    def work() -> None:
        look(db, Intake(db, 1), now)

    together(work, 3)

    assert rows(db, "select count(*), sum(amount) from transfer where code = 'expire'") == [
        (1200, 9 * 1200)
    ]
    assert rows(db, REVIEWS) == [(1200,)]
    assert look(db, intake, now) == 0


def together(work: Callable[[], None], times: int) -> None:
    """Run `work` in so many threads; what one of them raises is raised here."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
