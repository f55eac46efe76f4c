"""How the system is: for whoever looks after it."""

import platform

from fastapi import APIRouter, Response
from msgspec import Struct

import regulars
from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.pacing import Lately
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import Language
from regulars.api.state import HouseBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.system.health import Advice
from regulars.gateways.machines import Room
from regulars.services.system import looking
from regulars.services.system.looking import Look
from regulars.settings import CONSOLE, Settings

router = APIRouter(prefix="/v1/system", tags=["operations"])


class TableSizeAnswer(Struct, frozen=True):
    """A table with its indexes. `rows` is an estimate, of all organizations."""

    table: str
    bytes: int
    rows: int


class DatabaseAnswer(Struct, frozen=True):
    """The database. `embedded`: it is the one in the data folder. `migration`: the newest that was
    applied; `missing`: those that this release brings and it has not seen."""

    embedded: bool
    version: str
    bytes: int
    connections: int
    most_connections: int
    migration: str | None
    migrated_at: Instant | None
    missing: list[str]
    tables: list[TableSizeAnswer]


class WorkerAnswer(Struct, frozen=True):
    """The worker: when it last looked after this organization, and how long that took."""

    looked_at: Instant | None
    took_ms: int | None


class WaitingAnswer(Struct, frozen=True):
    """What waits: events in this process, members and points that are due and since when, letters
    and how many of them were tried in vain, returns without their purchase, long runs."""

    events: int
    due: int
    due_since: Instant | None
    letters: int
    letters_tried: int
    letters_since: Instant | None
    returns: int
    verifications: int
    exports: int


class ConfiguredAnswer(Struct, frozen=True):
    """What is set up; never how."""

    tls: bool
    mail: bool
    sms: bool
    key_service: bool
    second_role: bool


class ProcessAnswer(Struct, frozen=True):
    """The process that answers: since how many seconds it serves, and how it fared lately."""

    up_seconds: int
    lately: Lately


class SystemAnswer(Struct, frozen=True):
    """How the system is, and what to do something about. Room: bytes of the data folder's disk."""

    version: str
    python: str
    now: Instant
    database: DatabaseAnswer
    room: Room | None
    worker: WorkerAnswer
    waiting: WaitingAnswer
    verified_at: Instant | None
    books_clean: bool | None
    configured: ConfiguredAnswer
    process: ProcessAnswer
    warnings: list[Advice]


@router.get("", **declared(SystemAnswer, scope=Scope.SYSTEM_READ))
def get_system(served: ServedBy, house: HouseBy, language: Language) -> Response:
    """Version, database, worker, what waits, what is set up, and what to do something about."""
    runtime = served.runtime
    now = runtime.clock()
    found = looking.look(
        served.db, served.organization, runtime.settings, now=now, language=language
    )
    counts = house.desk.counts
    answer = SystemAnswer(
        version=regulars.__version__,
        python=platform.python_version(),
        now=now,
        database=_database(found, runtime.settings),
        room=found.room,
        worker=WorkerAnswer(*(found.worker or (None, None))),
        waiting=_waiting(found, counts.waiting()),
        verified_at=None if found.verified is None else found.verified.at,
        books_clean=None if found.verified is None else found.verified.is_clean,
        configured=_configured(runtime.settings),
        process=ProcessAnswer(int(counts.pace.up_s), counts.pace.lately()),
        warnings=found.advice,
    )
    return respond(answer, headers=NOT_STORED)


def _database(found: Look, settings: Settings) -> DatabaseAnswer:
    server = found.server
    return DatabaseAnswer(
        embedded=settings.database_url is None,
        version=server.version,
        bytes=server.size,
        connections=server.connections,
        most_connections=server.most_connections,
        migration=server.migration,
        migrated_at=server.migrated_at,
        missing=list(found.missing),
        tables=[TableSizeAnswer(*table) for table in found.tables],
    )


def _waiting(found: Look, events: int) -> WaitingAnswer:
    waits = found.waiting
    return WaitingAnswer(
        events=events,
        due=waits.due,
        due_since=waits.due_since,
        letters=waits.letters,
        letters_tried=waits.letters_tried,
        letters_since=waits.letters_since,
        returns=waits.returns,
        verifications=waits.verifications,
        exports=waits.exports,
    )


def _configured(settings: Settings) -> ConfiguredAnswer:
    return ConfiguredAnswer(
        tls=settings.is_public_by_tls,
        mail=settings.mail_url != CONSOLE,
        sms=settings.sms_url != CONSOLE,
        key_service=settings.kms_url is not None,
        second_role=settings.database_url is None or settings.owner_database_url is not None,
    )
