"""The house that the journeys walk through: a server with its worker, people, and their devices."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pyotp
from tests.conftest import cabinet
from tests.serving import PATIENCE_S

from regulars.domain.access import Access, Kind, Role, Scope
from regulars.domain.audit import By
from regulars.gateways.messages.console import OUTBOX
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.services import staff, staff_accounts
from regulars.services.staff import Desk
from regulars.services.staff_accounts import Account
from regulars.storage.database import Database

PASSWORD = "tangerine lantern opposite gravel"
numbers = count(1)


@dataclass
class Person:
    """Somebody on the staff, and what they know. `seed`: of their one-time codes."""

    email: str
    password: str
    seed: str = ""
    step: int = 0

    def code(self) -> str:
        """A one-time code that was not used yet: of the step that comes next, which a server takes
        from a clock that goes a little ahead."""
        now = datetime.now(UTC)  # noqa: TID251  # what a device does
        current = int(now.timestamp()) // 30
        self.step = max(self.step + 1, current)
        return pyotp.TOTP(self.seed).at(self.step * 30)


@dataclass
class House:
    """A running server and its worker, with the database beneath and a key for everything; `data`:
    its folder."""

    address: str
    key: str
    db: Database
    data: Path
    client: httpx.Client

    def code_for(self, email: str, since: int = 0) -> str:
        """The newest code that was sent to this address, among the letters after the first `since`
        of them; waits for it."""
        return self._read_in_a_letter(r"(?<!\d)(\d{6})(?!\d)", email, since)

    def _read_in_a_letter(self, sought: str, email: str, since: int = 0) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for letter in reversed(self.letters(email)[since:]):
                found = re.search(sought, letter["text"])
                if found:
                    return found.group(1)
            time.sleep(0.05)
        message = f"no letter with {sought} came to {email}"
        raise AssertionError(message)

    def letters(self, email: str) -> list[Any]:
        """What was sent to this address, oldest first."""
        path = self.data / OUTBOX
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [one for one in map(json.loads, lines) if one["to"] == email]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """What the API answers an application with the key; it has to be well."""
        answer = self.client.request(
            method,
            f"{self.address}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def hire(self, *roles: Role, totp: bool = False) -> Person:
        """Somebody with these roles who has accepted their invitation."""
        email = f"person{next(numbers)}.{os.getpid()}@shop.example"
        number, token = self.invite(email, *roles)
        now = _now()
        staff.accept(
            self.db, cabinet(), DEFAULT_ORGANIZATION, token,
            name=email.partition("@")[0].title(), password=PASSWORD, trace="", now=now,
        )  # fmt: skip
        person = Person(email, PASSWORD)
        if totp:
            access = Access(
                DEFAULT_ORGANIZATION, Kind.STAFF, number, email, frozenset({Scope.STAFF_SELF})
            )
            account = Account(self.db, cabinet(), access, "", now)
            person.seed = staff_accounts.begin_totp(account, PASSWORD).secret
            person.step = int(now.timestamp()) // 30 - 2
            staff_accounts.confirm_totp(account, pyotp.TOTP(person.seed).at((person.step + 1) * 30))
            person.step += 1
        return person

    def invite(self, email: str, *roles: Role) -> tuple[int, str]:
        """Their number, and what their letter brings, which the worker sends."""
        giver = Access(DEFAULT_ORGANIZATION, Kind.COMMAND_LINE, 0, "test", frozenset(Scope))
        by = By(DEFAULT_ORGANIZATION, "cli:test")
        desk = Desk(self.db, cabinet(), giver, by, _now(), self.address)
        made, _ = staff.invite(desk, email, frozenset(roles), "en")
        return made.staff.id, self._read_in_a_letter(r"invitation#(\S+)", email)


@contextmanager
def working(environ: dict[str, str]) -> Iterator[None]:
    """A worker beside the server, which looks several times a second."""
    command = [sys.executable, "-m", "regulars.cli", "worker", "--every", "0.3"]
    process = subprocess.Popen(command, env=os.environ | environ, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the server under test runs by the clock on the wall
