"""Files to be imported: taken over, looked at, mapped, started, paused and cancelled."""

import json
import os
from collections.abc import Mapping as Values
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.domain.amounts import exponent
from regulars.domain.audit import By, Deed
from regulars.domain.errors import (
    ImportNotFound,
    ImportStateWrong,
    NoProgramInForce,
    TooManyImports,
)
from regulars.domain.imports.guessing import Guess, Known, guess
from regulars.domain.imports.states import AT_WORK, Wish, after
from regulars.domain.programs.model import Program
from regulars.gateways.files.detecting import Kind, Top, kind_of, top_of
from regulars.services.importing.files import checked, folder_of, new_name, open_file
from regulars.storage import audit
from regulars.storage.database import Database, Tx
from regulars.storage.importing import jobs
from regulars.storage.importing.jobs import Job

MAX_OPEN = 20
"""Imports of one organization that have not ended."""

MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the imports of one organization are."""

    db: Database
    data: Path
    organization: int

    def path(self, job: Job) -> Path:
        """The file of an import. Raises ImportStateWrong where it is not here any more."""
        path = folder_of(self.data, self.organization) / job.file
        if not job.is_file_there or not path.is_file():
            raise ImportStateWrong("The file of this import is not kept any more; send it again.")
        return path


@dataclass(frozen=True, slots=True)
class Opened:
    """An import with the top of its file, and how it is probably meant. `guess` is None for a file
    of events, and for a program that was not published yet."""

    job: Job
    kind: Kind
    top: Top
    guess: Guess | None


def take_over(
    shelf: Shelf,
    arrived: Path,
    *,
    name: str,
    corrects: int | None,
    program: Program | None,
    by: By,
    now: datetime,
) -> Opened:
    """Keep a file that has come whole; it goes where it is refused. Raises FileRefused,
    TooManyImports, ImportNotFound."""
    try:
        kind = kind_of(arrived)
        place = arrived.with_name(new_name() + kind.suffix)
        arrived.rename(place)
        arrived = place
        top = top_of(place, kind)
        with shelf.db.transaction(shelf.organization) as tx:
            job = _add(tx, shelf, place, kind, top, name=name, corrects=corrects, by=by, now=now)
    except BaseException:
        arrived.unlink(missing_ok=True)
        raise
    return Opened(job, kind, top, _guessed(kind, top, program))


def _add(
    tx: Tx, shelf: Shelf, place: Path, kind: Kind, top: Top,
    *, name: str, corrects: int | None, by: By, now: datetime,
) -> Job:  # fmt: skip
    mapping = ""
    if corrects is not None:
        before = jobs.find(tx, shelf.organization, corrects)
        if before is None:
            raise ImportNotFound
        mapping = _for_corrections(before.mapping, kind)
    if jobs.open_ones(tx, shelf.organization) >= MAX_OPEN:
        raise TooManyImports
    job = jobs.add(
        tx,
        shelf.organization,
        name=name[:MAX_NAME],
        file=place.name,
        form=kind.format,
        size_bytes=place.stat().st_size,
        columns=json.dumps(top.columns, ensure_ascii=False),
        mapping=mapping,
        corrects=corrects,
        made_by=by.actor,
        now=now,
    )
    deed = Deed("import.uploaded", f"import:{job.id}", after={"bytes": job.size_bytes})
    audit.record(tx, by, [deed], now)
    return job


def _for_corrections(mapping: str, kind: Kind) -> str:
    """The mapping of an import, for its rejected rows as they were downloaded and corrected."""
    if not mapping or kind.style is None:
        return mapping
    style = {"delimiter": kind.style.delimiter, "encoding": kind.style.encoding, "disarmed": True}
    return json.dumps({**json.loads(mapping), "csv": style}, ensure_ascii=False)


def get(shelf: Shelf, number: int) -> Job:
    """One import. Raises ImportNotFound."""
    with shelf.db.transaction(shelf.organization) as tx:
        job = jobs.find(tx, shelf.organization, number)
    if job is None:
        raise ImportNotFound
    return job


def listed(shelf: Shelf, *, before: int | None, limit: int) -> list[Job]:
    """Imports, newest first."""
    with shelf.db.transaction(shelf.organization) as tx:
        return jobs.listed(tx, shelf.organization, before=before, limit=limit)


def opened(shelf: Shelf, number: int, program: Program | None) -> Opened:
    """An import with the top of its file. Raises ImportNotFound, ImportStateWrong, FileRefused."""
    job = get(shelf, number)
    path = shelf.path(job)
    kind = kind_of(path)
    top = top_of(path, kind)
    return Opened(job, kind, top, _guessed(kind, top, program))


def start(
    shelf: Shelf,
    number: int,
    mapping: Values[str, Any] | None,
    *,
    has_program: bool,
    by: By,
    now: datetime,
) -> Job:
    """Let the worker take the file in. Safe to repeat. Raises InvalidInput, NoProgramInForce,
    ImportNotFound, ImportStateWrong."""
    job = get(shelf, number)
    if job.state in AT_WORK:
        return job
    after(job.state, Wish.START)
    if not has_program:
        raise NoProgramInForce("Nothing was published yet: publish a program first.")
    text = ""
    if job.format != "ndjson":
        raw = json.loads(job.mapping) if mapping is None and job.mapping else mapping
        open_file(shelf.path(job), job.format, None if raw is None else checked(raw))
        text = json.dumps(raw, ensure_ascii=False)
    return _moved(shelf, number, Wish.START, text, by=by, now=now)


def wish(shelf: Shelf, number: int, asked: Wish, *, by: By, now: datetime) -> Job:
    """Pause, resume or cancel an import. Safe to repeat. Raises ImportNotFound,
    ImportStateWrong."""
    return _moved(shelf, number, asked, "", by=by, now=now)


def _moved(shelf: Shelf, number: int, asked: Wish, mapping: str, *, by: By, now: datetime) -> Job:
    with shelf.db.transaction(shelf.organization) as tx:
        job = jobs.lock(tx, shelf.organization, number)
        if job is None:
            raise ImportNotFound
        state = after(job.state, asked)
        if state is not job.state:
            if mapping:
                jobs.map_columns(tx, shelf.organization, number, mapping, now)
            jobs.move(tx, shelf.organization, number, state=state, actor=by.actor, now=now)
            action = {
                Wish.START: "import.begun",
                Wish.PAUSE: "import.paused",
                Wish.RESUME: "import.resumed",
                Wish.CANCEL: "import.cancelled",
            }[asked]
            audit.record(tx, by, [Deed(action, f"import:{number}")], now)
        moved = jobs.find(tx, shelf.organization, number)
    assert moved is not None
    return moved


def sweep(shelf: Shelf, *, older_than_s: float, now: datetime) -> int:
    """Take away files that serve no import any more; how many. Safe to repeat."""
    folder = folder_of(shelf.data, shelf.organization)
    gone = 0
    with shelf.db.transaction(shelf.organization) as tx:
        for name in jobs.files_without_use(tx, shelf.organization):
            (folder / name).unlink(missing_ok=True)
            jobs.note_gone(tx, shelf.organization, name)
            gone += 1
        there = [one.name for one in os.scandir(folder) if one.is_file()]
        known = jobs.known_files(tx, shelf.organization, there)
    for name in set(there) - known:
        path = folder / name
        if now.timestamp() - path.stat().st_mtime > older_than_s:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _guessed(kind: Kind, top: Top, program: Program | None) -> Guess | None:
    if kind.format == "ndjson" or program is None:
        return None
    style = {}
    if kind.style is not None:
        plain = {"delimiter": ",", "encoding": "utf-8-sig"}
        told = {"delimiter": kind.style.delimiter, "encoding": kind.style.encoding}
        style = {name: value for name, value in told.items() if value != plain[name]}
    known = Known(program.money, exponent(program.money), program.zone.key, style)
    return guess(top.columns, top.rows, known)
