"""A year of a corner shop, and simulations of it that run in this very process."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from tests.conftest import LONG_AGO

from regulars.domain.audit import by_system
from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import (
    Asked,
    Simulation,
    State,
)
from regulars.domain.envelopes import arrive, make_event
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.operations import Redemption, Review, type_of
from regulars.services import programs
from regulars.services.designing import simulating, simulations
from regulars.services.designing.simulations import IN_FORCE
from regulars.services.intake.taking import Intake
from regulars.storage.database import Database
from regulars.worker import simulating as runner

ORGANIZATION = 1
NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
PROGRAM = """
regulars: 1
program: corner
name: {en: Corner Shop}
time_zone: Asia/Shanghai
money: CNY
currencies:
  points:
    kind: spendable
    name: {en: Points}
    expiry: {after: P3M}
    cash_value: {points: 100, amount: 1.00}
    breakage: 0.1
  stars: {kind: status, name: {en: Stars}}
rules:
  - id: base
    name: {en: Base}
    on: purchase
    earn: {currency: points, rate: 1, per: 1.00}
  - id: visit
    name: {en: Visit}
    on: visit
    earn: {currency: stars, points: 1}
  - id: welcome
    name: {en: Welcome}
    on: purchase
    earn: {currency: points, points: 7}
    caps: [{per: month, times: 2}]
tiers:
  metrics: {spend: {spend: true, window: calendar_year}}
  ladder:
    - {id: green, name: {en: Green}}
    - {id: gold, name: {en: Gold}, entry: {spend: 60000}}
"""
DOUBLED = PROGRAM.replace("rate: 1, per: 1.00", "rate: 2, per: 1.00")


class Story:
    """What members did, day by day."""

    def __init__(self, db: Database, organization: int = ORGANIZATION) -> None:
        self.db = db
        self.organization = organization
        self.intake = Intake(db, organization)
        self.count = 0

    def tell(self, kind: str, who: int, at: datetime, **data: Any) -> str:
        self.count += 1
        name = f"e{self.count}"
        head = {"id": name, "source": "till", "type": kind, "subject": f"card:{who}", "time": at}
        self._take(make_event(head, data, at))
        return name

    def buy(self, who: int, at: datetime, total: int) -> str:
        return self.tell("purchase", who, at, currency="CNY", total=total)

    def operate(self, who: int, at: datetime, data: Any) -> None:
        self.count += 1
        kind = type_of[type(data)]
        event = Event(f"o{self.count}", "regulars.test", kind, f"card:{who}", at, at, data)
        self._take(arrive(event))

    def _take(self, arrival: Any) -> None:
        (outcome,) = self.intake.take_in([arrival], arrival.event.received_at)
        assert not isinstance(outcome, RegularsError), outcome.detail


def year(db: Database, document: str = PROGRAM, organization: int = ORGANIZATION) -> None:
    """Seven members, from none to many purchases; returns, visits, redemptions, lapsed points."""
    programs.publish(db, organization, document, in_force_from=LONG_AGO, now=LONG_AGO)
    story = Story(db, organization)
    start = NOW - timedelta(days=300)
    for day in range(0, 300, 10):
        at = start + timedelta(days=day)
        for who in range(6):
            if day % (who + 1) == 0:
                bought = story.buy(who, at, 1_000 * (who + 1) + 10 * day)
                if day % 50 == 0:
                    back = at + timedelta(hours=1)
                    story.tell("return", who, back, purchase_id=bought, amount=500)
        if day % 40 == 0:
            story.tell("visit", 6, at)
        if day == 150:
            story.operate(1, at, Redemption(currency="points", amount=30))
        if day % 60 == 50:
            for who in range(6):
                story.operate(who, at + timedelta(hours=2), Review())


def asked(document: str, **more: Any) -> Asked:
    return Asked(document=document, against=more.pop("against", IN_FORCE), **more)


def put(db: Database, wanted: Asked, organization: int = ORGANIZATION) -> Simulation:
    return simulations.ask(db, organization, wanted, by=by_system(organization), now=NOW)


def run(
    db: Database, wanted: Asked, organization: int = ORGANIZATION, clock: Any = lambda: NOW
) -> SimulationResult:
    made = put(db, wanted, organization)
    work = simulations.take(db, organization, clock)
    assert work is not None
    assert work.simulation.id == made.id
    runner.run(work, simulating.alone(db))
    found = simulations.get(db, organization, made.id)
    assert (found.state, found.failure) == (State.DONE, "")
    return msgspec.json.decode(found.result or "", type=SimulationResult)
