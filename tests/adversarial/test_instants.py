"""Time through the database: clocks that change, leap days, and events exactly at a boundary."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.adversarial.racing import proven

from regulars.domain.envelopes import Arrival, arrive, read_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.ids import MemberRef
from regulars.domain.operations import HoldCapture, HoldOpening, Redemption, Review, type_of
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import points
from regulars.services.intake.batch import Receipt
from regulars.services.intake.taking import Intake
from regulars.storage import members
from regulars.storage.database import Database
from regulars.storage.programs import Published, Versions, publish

EN = {"en": "x"}
ME = MemberRef(None, "card", "1")
MOMENT = timedelta(microseconds=1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def start(db: Database, zone: str, *, expiry: Any = "never", **more: Any) -> Intake:
    parts: dict[str, Any] = {
        "regulars": 1,
        "program": "clock",
        "name": EN,
        "time_zone": zone,
        "money": "EUR",
        "currencies": {"points": {"kind": "spendable", "name": EN, "expiry": expiry}},
        "rules": [
            {
                "id": "base",
                "name": EN,
                "on": "purchase",
                "earn": {"currency": "points", "rate": 100, "per": 1},
            }
            | more.pop("rule", {})
        ],
    }
    text = json.dumps(parts | more)
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        publish(tx, 1, Published(1, text, at("2000-01-01"), at("2000-01-01"), ""))
    return Intake(db, 1)


def buy(when: datetime, amount: int = 100) -> Arrival:
    sent = {
        "id": when.isoformat(),
        "source": "till",
        "type": "purchase",
        "subject": "card:1",
        "time": when.isoformat(),
        "data": {"currency": "EUR", "total": amount},
    }
    return read_event(json.dumps(sent).encode(), NOW)


def operate(when: datetime, data: Any) -> Arrival:
    name = f"{type(data).__name__}-{when.isoformat()}"
    return arrive(Event(name, "regulars.test", type_of[type(data)], "card:1", when, when, data))


def taken(intake: Intake, *arrivals: Arrival) -> list[Receipt]:
    outcomes = intake.take_in(arrivals, NOW)
    assert not [one for one in outcomes if isinstance(one, RegularsError)], outcomes
    return [one for one in outcomes if isinstance(one, Receipt)]


def available(db: Database, when: datetime) -> int:
    purse = points.purse(db, Versions(1), ME, at=when, now=NOW)
    return purse.currencies[0].balance.available


@pytest.mark.parametrize(
    ("zone", "bought", "gone"),
    [
        # Through the change of clocks, a day is 23 or 25 hours long.
        ("Europe/Berlin", "2024-03-30T12:00", "2024-03-31T11:00"),
        ("Europe/Berlin", "2024-10-26T12:00", "2024-10-27T13:00"),
        ("America/New_York", "2024-03-09T12:00", "2024-03-10T11:00"),
        # The wall clock shows no such time that day, or shows it twice.
        ("Europe/Berlin", "2024-03-30T01:30", "2024-03-31T01:30"),
        ("America/New_York", "2024-11-02T05:30", "2024-11-03T05:30"),
        # Midnight itself is skipped.
        ("America/Sao_Paulo", "2018-11-03T03:00", "2018-11-04T03:00"),
    ],
)
def test_a_day_later_is_the_same_time_on_the_wall(
    db: Database, zone: str, bought: str, gone: str
) -> None:
    intake = start(db, zone, expiry={"after": "P1D"})
    taken(intake, buy(at(bought)))
    assert available(db, at(gone) - MOMENT) == 100
    assert available(db, at(gone)) == 0
    (refused,) = intake.take_in([operate(at(gone), Redemption(currency="points", amount=1))], NOW)
    assert isinstance(refused, RegularsError)
    taken(intake, operate(at(gone) - MOMENT, Redemption(currency="points", amount=40)))
    taken(intake, operate(at(gone), Review()))
    assert available(db, at(gone)) == 0
    assert available(db, at(gone) - 2 * MOMENT) == 100
    proven(db)


@pytest.mark.parametrize(
    ("bought", "gone"),
    [("2024-02-29T00:00", "2025-02-28T00:00"), ("2023-03-31T00:00", "2024-03-31T00:00")],
)
def test_a_year_after_a_leap_day_is_the_last_of_february(
    db: Database, bought: str, gone: str
) -> None:
    intake = start(db, "UTC", expiry={"after": "P1Y"})
    taken(intake, buy(at(bought)))
    assert available(db, at(gone) - MOMENT) == 100
    assert available(db, at(gone)) == 0
    proven(db)


def test_a_cap_by_day_begins_anew_at_the_programs_midnight(db: Database) -> None:
    intake = start(db, "America/Sao_Paulo", rule={"caps": [{"per": "day", "points": 150}]})
    # Midnight of 4 November 2018 was skipped: the day began at one, which was 03:00 UTC.
    night = at("2018-11-04T03:00")
    receipts = taken(intake, *(buy(night + step * MOMENT) for step in (-2, -1, 0, 1)))
    given = [one.explanation.earned.get("points", 0) for one in receipts]
    assert given == [100, 50, 100, 50]
    proven(db)


def test_a_version_decides_from_its_very_instant(db: Database) -> None:
    intake = start(db, "UTC")
    switch = at("2024-05-01")
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        row = tx.execute("select document from program_version").fetchone()
        assert row is not None
        changed = json.loads(row[0])
        changed["rules"][0]["earn"]["rate"] = 200
        publish(tx, 1, Published(2, json.dumps(changed), switch, NOW, ""))
    receipts = taken(intake, buy(switch - MOMENT), buy(switch), buy(switch + MOMENT))
    assert [one.version for one in receipts] == [1, 2, 2]
    assert [one.explanation.earned["points"] for one in receipts] == [100, 200, 200]
    early = intake.take_in([buy(at("1999-12-31"))], NOW)
    assert isinstance(early[0], RegularsError)
    assert early[0].code == "no_program_in_force"
    proven(db)


def test_instants_of_one_microsecond_survive_the_database(db: Database) -> None:
    intake = start(db, "UTC")
    when = at("2024-03-01T12:00:00.123456")
    taken(intake, buy(when), operate(when, HoldOpening(currency="points", amount=60, seconds=1)))
    hold = taken(intake, operate(when, HoldOpening(currency="points", amount=60, seconds=1)))
    end = when + timedelta(seconds=1)
    late = intake.take_in([operate(end, HoldCapture(hold=hold[0].explanation.hold))], NOW)
    assert isinstance(late[0], RegularsError)
    assert late[0].code == "hold_not_open"
    assert available(db, end - MOMENT) == 40
    assert available(db, end) == 100
    proven(db)


def test_a_tier_ends_at_midnight_in_the_programs_zone(db: Database) -> None:
    rungs = [
        {"id": "member", "name": EN},
        {"id": "gold", "name": EN, "entry": {"paid": 100}},
    ]
    tiers = {
        "metrics": {"paid": {"spend": True, "window": "calendar_year"}},
        "valid": {"until_end_of": "year"},
        "ladder": rungs,
    }
    intake = start(db, "Pacific/Auckland", tiers=tiers)
    taken(intake, buy(at("2024-06-01")))
    # What was spent in 2024 keeps the tier for 2025, in which nothing is spent.
    midnight = at("2025-12-31T11:00")

    def held() -> str:
        with db.transaction(DEFAULT_ORGANIZATION) as tx:
            member = members.must_get(tx, 1, ME)
        assert member.state.tier is not None
        return member.state.tier.tier

    taken(intake, operate(midnight - MOMENT, Review()))
    assert held() == "gold"
    taken(intake, operate(midnight, Review()))
    assert held() == "member"
    proven(db)
