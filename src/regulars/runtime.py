"""The composition root: reads settings once, starts what is needed, owns the only clock."""

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from regulars.services.intake.taking import Intake
from regulars.settings import Settings, from_environment
from regulars.storage import embedded
from regulars.storage.database import Database

DEFAULT_ORGANIZATION = 1
SWITCH_SECONDS = 0.0005
"""How long one thread of ours may keep the others from running. The intake's thread waits for the
database a dozen times a batch; at Python's 5 ms it would wait as long again for its turn."""


def system_clock() -> datetime:
    """The time of day. The only call to a clock in the package."""
    return datetime.now(UTC)  # noqa: TID251


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a face needs to run a use case."""

    settings: Settings
    db: Database
    organization: int = DEFAULT_ORGANIZATION
    clock: Callable[[], datetime] = system_clock

    def intake(self) -> Intake:
        """A new intake; each thread that takes in events has its own."""
        return Intake(self.db, self.organization)

    def close(self) -> None:
        """Close the connections. The embedded PostgreSQL goes on for other processes."""
        self.db.close()


def start(settings: Settings | None = None) -> Runtime:
    """Connect to the database of the settings, or start the embedded one, and migrate it."""
    _collect_seldom()
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = settings or from_environment(os.environ)
    data = settings.data
    url = settings.database_url
    if url is None:
        db = Database(
            embedded.ensure_running(data),
            pool_size=settings.pool_size,
            statement_timeout_s=settings.statement_timeout_s,
            revive=lambda: _revive(data),
        )
    else:
        db = Database(
            url,
            pool_size=settings.pool_size,
            statement_timeout_s=settings.statement_timeout_s,
        )
    db.migrate()
    return Runtime(settings, db)


def _collect_seldom() -> None:
    """Look for reference cycles seldom. The engine makes many small objects and no cycles; at the
    default thresholds the collector took a third of the time of an import."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _revive(data: Path) -> None:
    embedded.ensure_running(data)
