"""How the deployment is, as one organization may know it."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.finance.jobs import Kind, State, VerificationResult
from regulars.domain.system.health import Advice, Signs, warnings
from regulars.gateways.machines import Room, room_at
from regulars.settings import CONSOLE, LOCAL_NAMES, Settings
from regulars.storage import programs
from regulars.storage.database import Database, Tx
from regulars.storage.finance import beats, jobs
from regulars.storage.system import server
from regulars.storage.system.server import Server

MOST_TABLES = 10
MOST_DUE = 10_000
"""More are told as so many."""

LOOKED_THROUGH = 20
"""Verifications among which the last that was done is looked for."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The last verification that came to its end."""

    at: datetime
    is_clean: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits. `due`: reviews, lapsed points, timed-out holds that no worker has looked at."""

    due: int
    due_since: datetime | None
    letters: int
    letters_tried: int
    letters_since: datetime | None
    returns: int
    verifications: int
    exports: int


@dataclass(frozen=True, slots=True)
class Look:
    """All that is told of the deployment. `worker`: when it last looked, and for how many ms."""

    server: Server
    missing: tuple[str, ...]
    tables: list[tuple[str, int, int]]
    room: Room | None
    worker: tuple[datetime, int] | None
    waiting: Waiting
    verified: Verified | None
    advice: list[Advice]


def look(
    db: Database, organization: int, settings: Settings, *, now: datetime, language: str
) -> Look:
    """Look at everything; nothing of the settings is told but whether it is there."""
    missing = tuple(db.missing_migrations())
    with db.transaction(organization) as tx:
        found = server.server(tx)
        tables = server.largest(tx, MOST_TABLES)
        worker = beats.last(tx, organization)
        waiting = _waiting(tx, organization, now)
        verified = _verified(tx, organization)
        has_program = programs.document(tx, organization, now) is not None
    room = room_at(settings.data)
    signs = Signs(
        missing_migrations=len(missing),
        worker_at=None if worker is None else worker[0],
        due=waiting.due,
        due_since=waiting.due_since,
        letters_since=waiting.letters_since,
        free=0 if room is None else room.free,
        total=0 if room is None else room.total,
        connections=found.connections,
        most_connections=found.most_connections,
        verified_at=None if verified is None else verified.at,
        is_clean=None if verified is None else verified.is_clean,
        has_program=has_program,
        has_mail=settings.mail_url != CONSOLE,
        has_sms=settings.sms_url != CONSOLE,
        has_tls=settings.is_public_by_tls,
        is_local=settings.host in LOCAL_NAMES,
        has_key_service=settings.kms_url is not None,
    )
    advice = warnings(signs, now, language)
    return Look(found, missing, tables, room, worker, waiting, verified, advice)


def _waiting(tx: Tx, organization: int, now: datetime) -> Waiting:
    due, due_since = server.due(tx, organization, now, MOST_DUE)
    return Waiting(
        due,
        due_since,
        *server.letters(tx, organization),
        server.returns(tx, organization),
        len(jobs.under_way(tx, organization, Kind.VERIFICATION)),
        len(jobs.under_way(tx, organization, Kind.EXPORT)),
    )


def _verified(tx: Tx, organization: int) -> Verified | None:
    kind = Kind.VERIFICATION
    for job in jobs.page(tx, organization, kind, before=None, limit=LOOKED_THROUGH):
        if job.state is State.DONE and job.ended_at is not None:
            result = msgspec.json.decode(job.result, type=VerificationResult)
            return Verified(job.ended_at, result.clean)
    return None
