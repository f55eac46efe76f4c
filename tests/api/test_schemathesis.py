"""Requests made up from the OpenAPI document, good and bad, by every kind of caller: none makes the
server fail, every answer is one that the document describes, and none tells a word of another
organization."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex

import httpx
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.meta import TestPhase
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.conftest import PROGRAM
from tests.conftest import LONG_AGO, cabinet
from tests.serving import serving

from regulars.api.app import create_app
from regulars.api.examples import PURCHASE
from regulars.api.openapi import document
from regulars.domain.access import Kind, Role, Scope
from regulars.domain.audit import By, Deed
from regulars.domain.envelopes import read_event
from regulars.domain.errors import RegularsError
from regulars.domain.personal import Profile
from regulars.runtime import DEFAULT_ORGANIZATION as HERE
from regulars.runtime import system_clock
from regulars.services import keys, organizations, programs
from regulars.services.intake.taking import Intake
from regulars.storage import audit, profiles, sessions, staff
from regulars.storage.database import Database

EXAMPLES_A_ROUTE = 5
MAX_SECONDS = 30
CANARIES = ("canaryclub", "Canary Harbour", "canary-bird", "canary-nest", "CanaryStore",
            "canarypurpose", "canarykey", "Kanarien Vogel")  # fmt: skip
"""What only the other organization has."""

NOT_LET_IN = ('"not_authenticated"', '"missing_scope"')

schema = schemathesis.openapi.from_dict(document(create_app()))


@schemathesis.serializer("application/x-ndjson")
def lines(_context: object, value: object) -> bytes:
    return str(value).encode(errors="replace")


@dataclass
class World:
    """A server with two organizations, and who may call the first."""

    db: Database
    address: str = ""
    person: int = 0

    def callers(self) -> dict[str, dict[str, str]]:
        """The headers by which each kind of caller is known; people come by their browsers. Each
        has a credential of its own every time: some routes end them."""
        now = system_clock()
        made = keys.create(
            self.db, HERE, name="x", scopes=frozenset({Scope.ADMIN}), now=now, rate=0
        )
        return {
            "key": {"Authorization": f"Bearer {made.secret}"},
            "staff": self._browser(Kind.STAFF, self.person),
            "member": self._browser(Kind.MEMBER, self._member()),
            "nobody": {},
        }

    def _member(self) -> int:
        """Somebody new: members may erase themselves."""
        name = f"card:{token_hex(8)}"
        event = PURCHASE | {"id": name, "subject": name}
        now = system_clock()
        (receipt,) = Intake(self.db, HERE).take_in(
            [read_event(msgspec.json.encode(event), now)], now
        )
        assert not isinstance(receipt, RegularsError)
        return receipt.member_id

    def _browser(self, kind: Kind, subject: int) -> dict[str, str]:
        now = system_clock()
        secret = sessions.new_secret(HERE)
        with self.db.transaction(HERE) as tx:
            sessions.begin(
                tx, HERE, kind=kind, subject_id=subject, device="test", at=now,
                secret_hash=sessions.hash_of(secret), expires_at=now + timedelta(hours=12),
                strong_until=now + timedelta(hours=12),
            )  # fmt: skip
        return {"Cookie": f"regulars_session={secret}", "Origin": self.address}


def owner(db: Database) -> int:
    """The number of an owner of the first organization."""
    with db.transaction(HERE) as tx:
        number = staff.insert(
            tx, cabinet().keys(tx, HERE),
            staff.StaffProfile(email="owner@example.org", name="Owner"),
            roles=frozenset({Role.OWNER}), language="en", at=system_clock(),
        )  # fmt: skip
    assert number is not None
    return number


def neighbours(db: Database) -> None:
    """Another organization, with a canary in whatever it has."""
    now = system_clock()
    here = By(0, "cli:test")
    there = organizations.create(
        db, cabinet(), code="canaryclub", name="Canary Harbour", by=here, now=now
    ).id
    text = PROGRAM.replace("city: string", "city: string, nest: string")
    programs.publish(db, there, text, in_force_from=LONG_AGO, now=now, note="canary-nest")
    keys.create(db, there, name="canarykey", scopes=frozenset({Scope.ADMIN}), now=now)
    event = {
        "specversion": "1.0", "id": "canary-receipt", "source": "till", "type": "purchase",
        "subject": "card:canary-bird", "time": "2026-01-01T00:00:00Z",
        "data": {"currency": "CNY", "total": 5000, "store": "CanaryStore"},
    }  # fmt: skip
    Intake(db, there).take_in([read_event(msgspec.json.encode(event), now)], now)
    with db.transaction(there) as tx:
        member = tx.execute("select max(id) from member").fetchone()
        assert member is not None
        profiles.keep(
            tx, cabinet(), there, member_id=member[0], profile=Profile(name="Kanarien Vogel"),
            now=now,
        )  # fmt: skip
        deed = Deed("profile.unmasked", "member:1", member[0], purpose="canarypurpose")
        audit.record(tx, By(there, "key:1"), [deed], now)


@pytest.fixture(scope="module")
def world(server_url: str, template: str) -> Iterator[World]:
    """A server that knows the member and the purchase of the examples."""
    worlds: list[World] = []

    def prepare(db: Database) -> None:
        now = system_clock()
        Intake(db, HERE).take_in([read_event(msgspec.json.encode(PURCHASE), now)], now)
        neighbours(db)
        with db.transaction(HERE) as tx:
            dsn = tx.info.dsn
        worlds.append(World(Database(dsn, pool_size=1), person=owner(db)))

    with serving(server_url, template, PROGRAM, prepare) as (address, _):
        made = worlds[0]
        made.address = address
        with closing(made.db):
            answer = httpx.get(f"{address}/v1/members", headers=made.callers()["key"])
            assert answer.status_code == 200
            yield made


@dataclass
class Callers:
    """Who calls one route. `kept_out`: those whom it does not let in, whatever they ask."""

    known: dict[str, dict[str, str]]
    address: str
    line: requests.Session
    kept_out: set[str] = field(default_factory=set)

    def of(self, case: schemathesis.Case) -> Iterator[tuple[str, requests.Response]]:
        """What each is answered. The some hundred values at the edges of what a route describes
        are tried by those whom it lets in."""
        is_edge = case.meta is not None and case.meta.phase.name is TestPhase.COVERAGE
        for caller, headers in self.known.items():
            if is_edge and caller in self.kept_out:
                continue
            self.line.cookies.clear()
            response = case.call(
                base_url=self.address, session=self.line, headers=headers, timeout=MAX_SECONDS
            )
            if response.status_code in {401, 403} and any(
                code in response.text for code in NOT_LET_IN
            ):
                self.kept_out.add(caller)
            yield caller, response


@pytest.fixture(scope="module")
def line() -> Iterator[requests.Session]:
    """One connection, and no look at what the environment says of proxies."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def callers(world: World, line: requests.Session) -> Callers:
    return Callers(world.callers(), world.address, line)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES_A_ROUTE,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_the_server_fail_or_tell_of_another_organization(
    case: schemathesis.Case, callers: Callers
) -> None:
    for caller, response in callers.of(case):
        checks = [status_code_conformance, content_type_conformance, response_schema_conformance]
        if not (response.status_code == 502 and response.json()["code"] == "far_side_failed"):
            checks.append(not_a_server_error)
        case.validate_response(response, checks=checks)
        told = response.content.decode("utf-8", "replace")
        for canary in CANARIES:
            assert canary not in told, (caller, canary)


def test_every_caller_was_still_known_at_the_end(world: World) -> None:
    """Else the test above would show little."""
    for caller, path in (("key", "/v1/members"), ("staff", "/v1/staff/me"), ("member", "/v1/me")):
        answer = httpx.get(f"{world.address}{path}", headers=world.callers()[caller])
        assert answer.status_code == 200, (caller, answer.text)
