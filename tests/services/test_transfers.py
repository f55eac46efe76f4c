"""Points from one member to another: who may receive, in which order, and the replay of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.services.histories import document, published

from regulars.domain.envelopes import Arrival, arrive, read_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.operations import Operation, PointsTransfer, Redemption, type_of
from regulars.services.intake.batch import Outcome, Receipt
from regulars.services.intake.taking import Intake
from regulars.services.verification.verifying import verify
from regulars.storage.database import Database

START = datetime(2024, 3, 1, tzinfo=UTC)


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def buy(name: str, who: str, when: datetime, amount: int, money: str = "CNY") -> Arrival:
    sent: dict[str, Any] = {
        "id": name,
        "source": "till",
        "type": "purchase",
        "subject": who,
        "time": when.isoformat(),
        "data": {"currency": money, "total": amount},
    }
    return read_event(json.dumps(sent).encode(), hour(1000))


def operate(name: str, who: str, when: datetime, data: Operation) -> Arrival:
    return arrive(Event(name, "regulars.test", type_of[type(data)], who, when, when, data))


def give(name: str, who: str, to: str, when: datetime, amount: int) -> Arrival:
    return operate(name, who, when, PointsTransfer(to=to, currency="points", amount=amount))


def spend(name: str, who: str, when: datetime, amount: int) -> Arrival:
    return operate(name, who, when, Redemption(currency="points", amount=amount))


def codes(outcomes: list[Outcome]) -> list[str]:
    return [one.code if isinstance(one, RegularsError) else one.status for one in outcomes]


def proven(db: Database) -> None:
    report = verify(db, 1)
    assert report.is_clean, [proof for proof in report.proofs if proof.offenders]


def test_nobody_receives_points_whose_first_event_was_refused(db: Database) -> None:
    published(db, document("owe"))
    batch = [
        buy("a", "card:1", hour(0), 100),
        buy("b", "card:2", hour(0), 100, money="EUR"),
        give("g", "card:1", "card:2", hour(1), 50),
    ]
    outcomes = Intake(db, 1).take_in(batch, hour(1))
    assert codes(outcomes) == ["decided", "invalid_input", "member_not_found"]
    proven(db)


def test_somebody_who_came_in_the_same_batch_receives_points_and_spends_them(db: Database) -> None:
    published(db, document("owe"))
    batch = [
        buy("a", "card:1", hour(0), 100),
        buy("b", "card:2", hour(0), 10),
        give("g", "card:1", "card:2", hour(1), 50),
        spend("s", "card:2", hour(2), 60),
        give("h", "card:2", "card:1", hour(3), 1),
    ]
    outcomes = Intake(db, 1).take_in(batch, hour(3))
    assert codes(outcomes) == ["decided"] * 4 + ["insufficient_points"]
    proven(db)


def test_a_replay_knows_when_points_were_given(db: Database) -> None:
    """The points received lapse first, but were not there yet when others were spent."""
    published(db, document("owe"))
    intake = Intake(db, 1)
    intake.take_in([buy("a", "card:1", hour(0), 100), buy("b", "card:2", hour(50), 100)], hour(50))
    spent = intake.take_in([spend("s", "card:2", hour(61), 40)], hour(61))
    given = intake.take_in([give("g", "card:1", "card:2", hour(60), 30)], hour(61))
    again = intake.take_in([spend("t", "card:2", hour(62), 40)], hour(62))
    assert codes([*spent, *given, *again]) == ["decided"] * 3
    proven(db)


def test_the_same_transfer_again_gives_nothing_more(db: Database) -> None:
    published(db, document("owe"))
    intake = Intake(db, 1)
    people = [buy("a", "card:1", hour(0), 100), buy("b", "card:2", hour(0), 1)]
    intake.take_in(people, hour(0))
    transfer = give("g", "card:1", "card:2", hour(1), 60)
    (first,) = intake.take_in([transfer], hour(1))
    (second,) = intake.take_in([transfer], hour(2))
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert second.is_repeat
    assert first.event_id == second.event_id
    (other,) = intake.take_in([give("g", "card:1", "card:2", hour(1), 61)], hour(2))
    assert isinstance(other, RegularsError)
    assert other.code == "event_conflict"
    proven(db)


def test_what_an_event_does_is_the_same_whatever_else_is_in_its_batch(db: Database) -> None:
    """Points that have lapsed are noticed by whoever asks for them, not by who comes along."""
    published(db, document("owe"))
    intake = Intake(db, 1)
    intake.take_in([buy("a", "card:1", hour(0), 100)], hour(0))
    later = hour(24 * 40)
    intake.take_in([buy("b", "card:1", later, 5), spend("s", "card:1", later, 3)], later)
    proven(db)
