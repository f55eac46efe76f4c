"""People at their desks: their browsers, their devices with codes, and the letters to them."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from tests.api.conftest import PROGRAM, Clock
from tests.api.farside import Client
from tests.conftest import LONG_AGO, cabinet

from regulars.api.application import Application
from regulars.api.cookies import LOGIN_COOKIE
from regulars.domain.access import Access, Kind, Role, Scope
from regulars.domain.audit import By
from regulars.gateways import password_hashes
from regulars.runtime import DEFAULT_ORGANIZATION, Runtime
from regulars.services import keys, programs, staff
from regulars.services.staff import Desk
from regulars.settings import Settings
from regulars.storage.database import Database

ORIGIN = "http://127.0.0.1:8321"
PATIENCE_S = 30.0
PASSWORD = "tangerine lantern opposite gravel"
OTHER_PASSWORD = "umbrella dolphin seventeen cello"
COOKIE = "regulars_session"


@dataclass
class Browser:
    """One browser: it keeps the session's cookie and says from which site it comes."""

    client: Client
    cookie: str = ""
    login: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"Origin": ORIGIN})

    def request(self, method: str, path: str, **rest: Any) -> httpx.Response:
        headers = {**self.headers, **rest.pop("headers", {})}
        kept = {COOKIE: self.cookie, LOGIN_COOKIE: self.login}
        if any(kept.values()):
            headers["Cookie"] = "; ".join(f"{name}={one}" for name, one in kept.items() if one)
        # The client of the tests keeps no cookies of its own between two browsers.
        self.client._client.cookies.clear()
        answer = self.client.request(method, path, headers=headers, **rest)
        self.client._client.cookies.clear()
        for name, value in answer.headers.multi_items():
            if name != "set-cookie":
                continue
            cookie, _, brought = value.partition(";")[0].partition("=")
            if cookie == COOKIE:
                self.cookie = brought.strip('"')
            elif cookie == LOGIN_COOKIE:
                self.login = brought.strip('"')
        return answer

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.request("GET", path, params=params or None)

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.request("POST", path, json=body if body is not None else {}, headers=headers)

    def sign_in(self, email: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        return self.post("/v1/staff/sign-in", {"email": email, "password": password, **more})


@dataclass
class Office:
    """The application, its people, and what was written to them."""

    client: Client
    db: Database
    clock: Clock
    data: Path
    runtime: Runtime
    key: str
    seeds: dict[str, str] = field(default_factory=dict)

    def browser(self, **headers: str) -> Browser:
        return Browser(self.client, headers={"Origin": ORIGIN, **headers})

    def letters(self, to: str) -> list[dict[str, str]]:
        path = self.data / "outbox.ndjson"
        lines = path.read_text().splitlines() if path.exists() else []
        return [one for one in map(json.loads, lines) if one["to"] == to]

    def token(self, to: str) -> str:
        """What the last letter to somebody brought."""
        return self.letters(to)[-1]["text"].partition("#")[2].split()[0]

    def desk(self) -> Desk:
        """The command line's."""
        scopes = frozenset(Scope)
        access = Access(DEFAULT_ORGANIZATION, Kind.COMMAND_LINE, 0, "test", scopes)
        by = By(DEFAULT_ORGANIZATION, "cli:test")
        return Desk(self.db, self.runtime.cabinet, access, by, self.clock(), ORIGIN)

    def hire(self, email: str, *roles: Role, totp: bool = False) -> Browser:
        """Somebody who was invited by the command line, came, and has signed in."""
        made, _ = staff.invite(self.desk(), email, frozenset(roles), "en")
        assert made.letter is not None
        with self.db.transaction(DEFAULT_ORGANIZATION) as tx:
            from regulars.storage import outbox

            (letter,) = outbox.take(
                tx, self.runtime.cabinet, DEFAULT_ORGANIZATION,
                now=self.clock(), limit=1, only=made.letter,
            )  # fmt: skip
        token = json.loads(letter.letter)["text"].partition("#")[2].split()[0]
        browser = self.browser()
        name = email.partition("@")[0].title()
        taken = browser.post(
            "/v1/staff/invitations:accept",
            {"token": token, "name": name, "password": PASSWORD},
        )
        assert taken.status_code == 200, taken.text
        assert browser.sign_in(email).status_code == 200
        if totp:
            self.set_up_totp(browser, email)
        return browser

    def set_up_totp(self, browser: Browser, email: str) -> list[str]:
        """One-time codes for somebody, and a session in which one was shown; the recovery codes."""
        begun = browser.post("/v1/staff/me/totp", {"password": PASSWORD})
        assert begun.status_code == 200, begun.text
        self.seeds[email] = begun.json()["secret"]
        done = browser.post("/v1/staff/me/totp:confirm", {"code": self.code(email)})
        assert done.status_code == 200, done.text
        self.clock.pass_(seconds=30)
        shown = browser.post("/v1/staff/me/second-factor", {"code": self.code(email)})
        assert shown.status_code == 200, shown.text
        self.clock.pass_(seconds=30)
        codes: list[str] = done.json()["recovery_codes"]
        return codes

    def code(self, email: str, steps: int = 0) -> str:
        """The one-time code that somebody's device shows now, or some steps from now."""
        return pyotp.TOTP(self.seeds[email]).at(self.clock(), counter_offset=steps)

    def audit(self, action: str) -> list[tuple[str, str]]:
        """Who did this to what, in order."""
        with self.db.transaction(DEFAULT_ORGANIZATION) as tx:
            query = "select actor, target from audit where action = %s order by id"
            return [(actor, target) for actor, target in tx.execute(query, [action])]


@pytest.fixture
def office(
    db: Database, db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An application with a program in force, and nobody on its staff. Passwords are
    hashed with a thousandth of the work."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(password_hashes, "_hasher", quick)
    password_hashes._nobodys.cache_clear()
    clock = Clock()
    settings = Settings(data=tmp_path, database_url=db_url, allowed_hosts=("localhost",))
    runtime = Runtime(settings, Database(db_url, pool_size=6), cabinet(), clock=clock)
    programs.publish(db, DEFAULT_ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=clock())
    admin = frozenset({Scope.ADMIN})
    made = keys.create(db, DEFAULT_ORGANIZATION, name="all", scopes=admin, now=clock())
    with Client(Application(lambda: runtime), {}) as client:
        yield Office(client, db, clock, tmp_path, runtime, made.secret)
    password_hashes._nobodys.cache_clear()


def until_refused(browser: Browser) -> None:
    """A session that was ended elsewhere is refused within a second or two."""
    _until(browser, 401)


def until_let_in(browser: Browser) -> None:
    """Somebody who was suspended is let in again as soon."""
    _until(browser, 200)


def _until(browser: Browser, status: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if browser.get("/v1/staff/me").status_code == status:
            return
        time.sleep(0.05)
    pytest.fail(f"not {status} after {PATIENCE_S} seconds")
