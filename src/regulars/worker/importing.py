"""Imports that somebody has asked for, one after the other, beside all else that the worker does.

A file is in the data folder of the machine that took it, so that its own worker imports it.
"""

import logging
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from threading import Event
from typing import Any

from regulars.domain.envelopes import Arrival, Veil
from regulars.domain.imports.states import State
from regulars.gateways.files.items import Reader
from regulars.gateways.log_lines import log_failure
from regulars.runtime import Runtime, start
from regulars.services.importing import uploads
from regulars.services.importing.files import FOLDER, first_row, open_file, read_stored, tell
from regulars.services.importing.uploads import Shelf
from regulars.services.intake.lanes import Work
from regulars.services.intake.taking import Intake
from regulars.services.intake.uploads import LEASE, Bench, carry_out, give_up
from regulars.settings import Settings
from regulars.storage.database import is_unreachable
from regulars.storage.importing import jobs
from regulars.storage.importing.jobs import Job

LOG = logging.getLogger("regulars.worker")
EVERY_S = 1.0
LONGEST_PAUSE_S = 60.0
SWEEP_EVERY_S = 300.0
ARRIVING_S = 24 * 3600.0
"""After so long a file that did not come whole, or that no import knows, is taken away."""

LANES = 3
WORTH_PROCESSES_BYTES = 2_000_000
"""A smaller file is done before further processes have begun."""


def name_of_worker() -> str:
    """Tells this process from every other: where it runs, its number, and since when."""
    return f"{socket.gethostname()}/{os.getpid()}/{_begun(os.getpid())}"


@dataclass(slots=True)
class Sent:
    """Reads records as sent by somebody. In another process it opens a runtime of its own."""

    read: Reader
    veil_of: Callable[[], Veil]
    by: str
    _veil: Veil | None = field(default=None, init=False)

    def __call__(self, raw: Any, now: datetime) -> Arrival:
        """The event of a record. Raises RegularsErrors."""
        if self._veil is None:
            self._veil = self.veil_of()
        return self.read(raw, now, sent_by=self.by, veil=self._veil)

    def __reduce__(self) -> tuple[type["Sent"], tuple[Any, ...]]:
        return Sent, (self.read, self.veil_of, self.by)


def run(runtime: Runtime, stop: Event, *, every_s: float = EVERY_S) -> None:
    """Look every so many seconds whether there is something to import, until `stop` is set."""
    pause_s, name, swept = every_s, name_of_worker(), 0.0
    while not stop.is_set():
        try:
            if time.monotonic() - swept > SWEEP_EVERY_S:
                swept = time.monotonic()
                sweep(runtime)
            pause_s = 0.0 if once(runtime, name, stop) else every_s
        except Exception as error:
            pause_s = min(max(pause_s, every_s) * 2, LONGEST_PAUSE_S)
            log_failure(LOG, "An import could not go on; it will be tried again.", error)
        stop.wait(pause_s)


def once(runtime: Runtime, name: str, stop: Event) -> bool:
    """Carry out the next import of some organization; False where none waits."""
    for organization, files in _there(runtime.settings).items():
        shelf = Shelf(runtime.db, runtime.settings.data, organization)
        now = runtime.clock()
        with runtime.db.transaction(organization) as tx:
            gone = [one for one in jobs.holders(tx, organization) if is_gone(one)]
            job = jobs.claim(
                tx, organization, files=files, worker=name, gone=gone, now=now, until=now + LEASE
            )
        if job is not None:
            _carry_out(runtime, shelf, job, name, stop)
            uploads.sweep(shelf, older_than_s=ARRIVING_S, now=runtime.clock())
            return True
    return False


def sweep(runtime: Runtime) -> None:
    """Take away files that serve no import any more."""
    for organization in _there(runtime.settings):
        shelf = Shelf(runtime.db, runtime.settings.data, organization)
        uploads.sweep(shelf, older_than_s=ARRIVING_S, now=runtime.clock())


def _carry_out(runtime: Runtime, shelf: Shelf, job: Job, name: str, stop: Event) -> None:
    organization = shelf.organization
    bench = Bench(runtime.db, runtime.cabinet, organization, name, runtime.clock, stop.is_set)
    lanes = LANES if job.size_bytes >= WORTH_PROCESSES_BYTES else 1
    try:
        file = open_file(shelf.path(job), job.format, read_stored(job.mapping))
        if lanes == 1:
            open_intake: Callable[[], Intake] = partial(runtime.intake, organization)
            veil_of: Callable[[], Veil] = partial(runtime.veil, organization)
        else:
            open_intake = partial(_open_intake, runtime.settings, organization)
            veil_of = partial(_open_veil, runtime.settings, organization)
        sent = Sent(file.reader(), veil_of, job.started_by)
        work = Work(open_intake, sent, runtime.clock)
        ended = carry_out(
            bench, job, file, work, tell=tell, first_row=first_row(job.format), lanes=lanes
        )
    except Exception as error:
        if is_unreachable(error):
            raise
        log_failure(LOG, f"Import {job.id} failed.", error)
        give_up(bench, job, "internal")
        ended = State.FAILED
    if ended is not None:
        LOG.info("Import %d of organization %d is %s.", job.id, organization, ended.value)


def _there(settings: Settings) -> dict[int, list[str]]:
    """Files on this machine by their organizations."""
    folder = settings.data / FOLDER
    if not folder.is_dir():
        return {}
    return {
        int(one.name): [file.name for file in os.scandir(one)]
        for one in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if one.is_dir() and one.name.isdecimal()
    }


def is_gone(name: str) -> bool:
    """Whether this is the name of a worker on this machine that runs no more."""
    host, _, rest = name.rpartition("/")[0].rpartition("/")
    if host != socket.gethostname() or not rest.isdecimal():
        return False
    return _begun(int(rest)) != name.rpartition("/")[2]


def _begun(process: int) -> str:
    """When a process began, as the system tells it; "" for one that is not there, or where the
    system does not tell."""
    with suppress(OSError, IndexError):
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rpartition(")")[2].split()[19]
    return ""


@lru_cache(maxsize=1)
def _elsewhere(settings: Settings) -> Runtime:
    """The runtime of a lane that is a process of its own."""
    return start(settings)


def _open_intake(settings: Settings, organization: int) -> Intake:
    return _elsewhere(settings).intake(organization)


def _open_veil(settings: Settings, organization: int) -> Veil:
    return _elsewhere(settings).veil(organization)
