"""The composition root: reads settings once, starts what is needed, owns the only clock."""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from regulars.domain.envelopes import Veil
from regulars.gateways import processes
from regulars.gateways.key_services.choosing import key_service
from regulars.services import organizations, veiling
from regulars.services.intake.taking import Intake
from regulars.settings import DEFAULT_ORGANIZATION as DEFAULT_CODE
from regulars.settings import Settings, from_environment
from regulars.storage import embedded
from regulars.storage.database import Database
from regulars.storage.sealing import Cabinet, KeyService

DEFAULT_ORGANIZATION = 1
SWITCH_SECONDS = 0.0005
"""How long one thread of ours may keep the others from running. The intake's thread waits for the
database a dozen times a batch; at Python's 5 ms it would wait as long again for its turn."""


def system_clock() -> datetime:
    """The time of day. The only call to a clock in the package."""
    return datetime.now(UTC)  # noqa: TID251


def start_nothing(_module: str, _arguments: Sequence[str]) -> None:
    """What a runtime launches that was not made by `start`: nothing."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a face needs to run a use case. `organization`: the one of the command line.
    `launch` starts a module of ours, with arguments, in a process of its own."""

    settings: Settings
    db: Database
    cabinet: Cabinet
    organization: int = DEFAULT_ORGANIZATION
    clock: Callable[[], datetime] = system_clock
    launch: Callable[[str, Sequence[str]], None] = start_nothing

    def intake(self, organization: int) -> Intake:
        """A new intake of an organization; each thread that takes in events has its own."""
        return Intake(self.db, organization)

    def veil(self, organization: int) -> Veil:
        """What hides a phone or an e-mail address that names a member of the organization."""
        return lambda subject: veiling.veiled(self.db, self.cabinet, organization, subject)

    def close(self) -> None:
        """Close the connections. The embedded PostgreSQL goes on for other processes."""
        self.db.close()


def start(settings: Settings | None = None) -> Runtime:
    """Connect to the database of the settings, or start the embedded one, and migrate it."""
    settings = settings or from_environment(os.environ)
    db = connect(settings)
    if db.missing_migrations():
        db.migrate()
    cabinet = Cabinet(_key_service(settings, db))
    veiling.begin(db, cabinet, DEFAULT_ORGANIZATION, system_clock())
    number = DEFAULT_ORGANIZATION
    if settings.organization != DEFAULT_CODE:
        number = organizations.by_code(db, settings.organization).id
    return Runtime(settings, db, cabinet, number, launch=processes.launch)


def _key_service(settings: Settings, db: Database) -> KeyService:
    """What seals the organizations' keys; its file is made on the first start of all."""
    day = system_clock().date()
    return key_service(settings, may_make=lambda: not veiling.has_keys(db), day=day)


def connect(settings: Settings, *, pool_size: int | None = None) -> Database:
    """The database of the settings, as it is, for a process that does nothing but read and count;
    the process is set up for much work in few threads."""
    _collect_seldom()
    sys.setswitchinterval(SWITCH_SECONDS)
    data = settings.data
    url, owner_url = settings.database_url, settings.owner_database_url
    revive = None
    if url is None:
        url = embedded.ensure_running(data)
        owner_url = embedded.owner_url(url)
        revive = lambda: _revive(data)  # noqa: E731
    return Database(
        url,
        owner_url=owner_url,
        pool_size=pool_size or settings.pool_size,
        statement_timeout_s=settings.statement_timeout_s,
        revive=revive,
    )


def _collect_seldom() -> None:
    """Look for reference cycles seldom. The engine makes many small objects and no cycles; at the
    default thresholds the collector took a third of the time of an import."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _revive(data: Path) -> None:
    embedded.ensure_running(data)
