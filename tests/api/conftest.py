"""The whole application against a real PostgreSQL, with a clock that the test sets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.api.farside import Client
from tests.conftest import cabinet

from regulars.api import application
from regulars.api.app import create_app
from regulars.api.application import Application
from regulars.domain.access import Scope
from regulars.runtime import DEFAULT_ORGANIZATION, Runtime
from regulars.services import keys, programs
from regulars.settings import Settings
from regulars.storage.database import Database

PROGRAM = """
regulars: 1
program: corner
name: {en: Corner Shop, zh-CN: 街角小店}
time_zone: Asia/Shanghai
money: CNY
members:
  unknown: enroll
  attributes: {birth_month: int, newsletter: bool, city: string}
currencies:
  points:
    kind: spendable
    name: {en: Points, zh-CN: 积分}
    expiry: {after: P12M}
    cash_value: {points: 100, amount: 1.00}
    transferable: true
  miles:
    kind: spendable
    name: {en: Miles, zh-CN: 里程}
    expiry: {after: P24M}
  idle:
    kind: spendable
    name: {en: Idle points, zh-CN: 活跃积分}
    expiry: {inactive: P6M}
conversions:
  - {from: points, to: miles, take: 10, give: 3}
rules:
  - id: base
    name: {en: One point a yuan, zh-CN: 一元一分}
    on: purchase
    earn: {currency: points, rate: 1, per: 1.00}
  - id: idle
    name: {en: Idle points, zh-CN: 活跃积分}
    on: purchase
    earn: {currency: idle, points: 5}
  - id: weekend
    name: {en: Double at weekends, zh-CN: 周末双倍}
    on: purchase
    earn: {currency: points, multiply: 2, of: [base]}
    schedule: {weekdays: [sat, sun]}
tiers:
  metrics:
    spend: {spend: true, window: calendar_year}
  ladder:
    - {id: green, name: {en: Green, zh-CN: 绿卡}}
    - {id: gold, name: {en: Gold, zh-CN: 金卡}, entry: {spend: 100000}}
"""

MORNING = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
"""A Wednesday."""


@dataclass
class Clock:
    """Tells the time that the test has set."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@dataclass
class Shop:
    """An application that serves, and what a test says to it."""

    client: Client
    db: Database
    clock: Clock
    secrets: dict[Scope, str] = field(default_factory=dict)
    count: int = 0

    def secret(self, *scopes: Scope) -> str:
        """A new API key."""
        made = keys.create(
            self.db, DEFAULT_ORGANIZATION, name="test", scopes=frozenset(scopes), now=self.clock()
        )
        return made.secret

    def look_again(self) -> None:
        """Let the process notice at once what was revoked, as it does within a second."""
        self.client._application._house.ring._revocations.refresh()  # type: ignore[union-attr]

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(path, params=params or None)

    def event(self, name: str, kind: str = "purchase", subject: str = "card:1", **data: Any) -> Any:
        """An event that happened a minute ago, unless it says `time`."""
        at = data.pop("time", (self.clock() - timedelta(minutes=1)).isoformat())
        if kind == "purchase":
            data.setdefault("currency", "CNY")
        return {
            "specversion": "1.0", "id": name, "source": data.pop("source", "till"), "type": kind,
            "subject": subject, "time": at, "data": data,
        }  # fmt: skip

    def send(self, event: Any, **headers: str) -> httpx.Response:
        return self.client.post("/v1/events", json=event, headers=headers)

    def buy(self, total: int, subject: str = "card:1", **data: Any) -> Any:
        """A purchase that was taken in; the answer."""
        self.count += 1
        answer = self.send(self.event(f"auto-{self.count}", subject=subject, total=total, **data))
        assert answer.status_code == 201, answer.text
        return answer.json()

    def do(self, path: str, body: Any = None, key: str = "") -> httpx.Response:
        """A write under an Idempotency-Key; a fresh one unless it is given."""
        self.count += 1
        headers = {"Idempotency-Key": key or f"auto-{self.count}"}
        return self.client.post(path, json=body or {}, headers=headers)

    def balance(self, ref: str = "card:1", currency: str = "points", **params: Any) -> Any:
        found = self.get(f"/v1/members/{ref}/balances", **params)
        assert found.status_code == 200, found.text
        return next(one for one in found.json()["balances"] if one["currency"] == currency)

    def events_written(self) -> int:
        """How many events are stored."""
        with self.db.transaction(DEFAULT_ORGANIZATION) as tx:
            row = tx.execute("select count(*) from event").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(autouse=True, scope="session")
def routes_known() -> Iterator[None]:
    """All applications of a test worker share what FastAPI works out of the routes at the first
    request of each, which takes it a tenth of a second."""
    known = create_app().router.routes

    def created() -> FastAPI:
        app = create_app()
        app.router.routes = known
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "create_app", created)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bare(db: Database, db_url: str, clock: Clock, tmp_path: Path) -> Iterator[Shop]:
    """An application without a program."""
    settings = Settings(
        data=tmp_path, database_url=db_url, allowed_hosts=("127.0.0.1", "localhost")
    )
    runtime = Runtime(settings, Database(db_url, pool_size=4), cabinet(), clock=clock)
    made = keys.create(
        db, DEFAULT_ORGANIZATION, name="all", scopes=frozenset({Scope.ADMIN}), now=clock()
    )
    headers = {"Authorization": f"Bearer {made.secret}"}
    with Client(Application(lambda: runtime), headers) as client:
        yield Shop(client, db, clock)


@pytest.fixture
def shop(bare: Shop) -> Shop:
    """An application with PROGRAM in force."""
    programs.publish(
        bare.db, DEFAULT_ORGANIZATION, PROGRAM,
        in_force_from=datetime(2020, 1, 1, tzinfo=UTC), now=bare.clock(),
    )  # fmt: skip
    return bare
