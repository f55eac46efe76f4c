"""Files that are imported: where each stands, who works at it, how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from regulars.domain.imports.states import State
from regulars.storage.database import Tx

_COLUMNS = """
id, state, name, file, format, size_bytes, columns, mapping, corrects, made_by, started_by,
created_at, started_at, finished_at, updated_at, records_done, decided, repeated, waiting, rejected,
corrected, permille, failure, failure_line, is_file_there
"""

ADD = f"""
insert into file_import (organization_id, state, name, file, format, size_bytes, columns, mapping,
                         corrects, made_by, created_at, updated_at)
values (%(organization)s, 'uploaded', %(name)s, %(file)s, %(format)s, %(size_bytes)s, %(columns)s,
        %(mapping)s, %(corrects)s, %(made_by)s, %(now)s, %(now)s)
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in

FIND = f"""
select {_COLUMNS} from file_import where organization_id = %s and id = %s
"""  # noqa: S608

LOCK = f"""
select {_COLUMNS} from file_import where organization_id = %s and id = %s for update
"""  # noqa: S608

LIST = f"""
select {_COLUMNS} from file_import
where organization_id = %(organization)s and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

OPEN = """
select count(*) from file_import
where organization_id = %s and state in ('uploaded', 'waiting', 'running', 'paused')
"""

MAP = """
update file_import set mapping = %s, updated_at = %s where organization_id = %s and id = %s
"""

MOVE = """
update file_import
set state = %(state)s, updated_at = %(now)s,
    started_at = case when %(state)s = 'waiting' then coalesce(started_at, %(now)s)
                      else started_at end,
    started_by = case when %(state)s = 'waiting' then %(actor)s else started_by end,
    finished_at = case when %(state)s = 'cancelled' then %(now)s else finished_at end
where organization_id = %(organization)s and id = %(id)s
"""

# Whose lease has run out, or who is known to be gone, works at it no more.
CLAIM = f"""
update file_import
set state = 'running', leased_by = %(worker)s, leased_until = %(until)s, updated_at = %(now)s
where organization_id = %(organization)s and id = (
    select id from file_import
    where organization_id = %(organization)s and file = any(%(files)s::text[])
        and (state = 'waiting' and (leased_by is null or leased_until < %(now)s
                                    or leased_by = any(%(gone)s::text[]))
             or state = 'running' and (leased_by is null or leased_until < %(now)s
                                       or leased_by = any(%(gone)s::text[])))
    order by id
    limit 1
    for update skip locked
)
returning {_COLUMNS}
"""  # noqa: S608

LEASED = """
select distinct leased_by from file_import
where organization_id = %s and leased_by is not null
"""

# Counts are told as they are in all, so that a save which is repeated changes nothing.
SAVE = """
update file_import
set records_done = %(records_done)s, decided = %(decided)s, repeated = %(repeated)s,
    waiting = %(waiting)s, rejected = %(rejected)s, permille = %(permille)s,
    leased_until = %(until)s, updated_at = %(now)s
where organization_id = %(organization)s and id = %(id)s
"""

RELEASE = """
update file_import set leased_by = null, leased_until = null, updated_at = %(now)s
where organization_id = %(organization)s and id = %(id)s and leased_by = %(worker)s
"""

FINISH = """
update file_import
set state = %(state)s, finished_at = %(now)s, updated_at = %(now)s, leased_by = null,
    leased_until = null, failure = %(failure)s, failure_line = %(line)s,
    permille = case when %(state)s = 'done' then 1000 else permille end
where organization_id = %(organization)s and id = %(id)s and leased_by = %(worker)s
    and state = 'running'
"""

HOLDER = """
select state, records_done from file_import
where organization_id = %s and id = %s and leased_by = %s
for update
"""

NOTE_CORRECTED = """
update file_import set corrected = corrected + %s, updated_at = %s
where organization_id = %s and id = %s
"""

WITHOUT_USE = """
select file from file_import
where organization_id = %s and is_file_there and state in ('done', 'failed', 'cancelled')
    and leased_by is null
limit 100
"""

NOTE_GONE = """
update file_import set is_file_there = false where organization_id = %s and file = %s
"""

KNOWN = "select file from file_import where organization_id = %s and file = any(%s::text[])"


@dataclass(frozen=True, slots=True)
class Job:
    """An import. `columns` is a JSON array, `mapping` JSON, or empty for a file of events."""

    id: int
    state: State
    name: str
    file: str
    format: str
    size_bytes: int
    columns: str
    mapping: str
    corrects: int | None
    made_by: str
    started_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    records_done: int
    decided: int
    repeated: int
    waiting: int
    rejected: int
    corrected: int
    permille: int
    failure: str
    failure_line: int | None
    is_file_there: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class Counts:
    """What has become of the first `records_done` records of a file, in all runs together."""

    records_done: int
    decided: int
    repeated: int
    waiting: int
    rejected: int
    permille: int


def _one(tx: Tx, statement: str, values: Any) -> Job | None:
    with tx.cursor(row_factory=class_row(Job)) as cursor:
        return cursor.execute(statement.encode(), values).fetchone()


def add(
    tx: Tx,
    organization: int,
    *,
    name: str,
    file: str,
    form: str,
    size_bytes: int,
    columns: str,
    mapping: str,
    corrects: int | None,
    made_by: str,
    now: datetime,
) -> Job:
    """A file that was sent just now."""
    made = _one(
        tx,
        ADD,
        {
            "organization": organization, "name": name, "file": file, "format": form,
            "size_bytes": size_bytes, "columns": columns, "mapping": mapping,
            "corrects": corrects, "made_by": made_by, "now": now,
        },
    )  # fmt: skip
    assert made is not None
    return made


def find(tx: Tx, organization: int, number: int) -> Job | None:
    """One import."""
    return _one(tx, FIND, [organization, number])


def lock(tx: Tx, organization: int, number: int) -> Job | None:
    """One import, which nobody else changes until the transaction ends."""
    return _one(tx, LOCK, [organization, number])


def listed(tx: Tx, organization: int, *, before: int | None, limit: int) -> list[Job]:
    """Imports, newest first."""
    asked = {"organization": organization, "before": before, "limit": limit}
    with tx.cursor(row_factory=class_row(Job)) as cursor:
        return cursor.execute(LIST.encode(), asked).fetchall()


def open_ones(tx: Tx, organization: int) -> int:
    """How many have not ended."""
    row = tx.execute(OPEN, [organization]).fetchone()
    return 0 if row is None else int(row[0])


def map_columns(tx: Tx, organization: int, number: int, mapping: str, now: datetime) -> None:
    """Remember the mapping by which it is read."""
    tx.execute(MAP, [mapping, now, organization, number])


def move(
    tx: Tx, organization: int, number: int, *, state: State, actor: str, now: datetime
) -> None:
    """Bring it into the state that somebody asked for."""
    tx.execute(
        MOVE,
        {
            "organization": organization,
            "id": number,
            "state": state.value,
            "actor": actor,
            "now": now,
        },
    )


def claim(
    tx: Tx,
    organization: int,
    *,
    files: list[str],
    worker: str,
    gone: list[str],
    now: datetime,
    until: datetime,
) -> Job | None:
    """Take one that waits for work and whose file is among `files`; None where there is none.

    `gone`: workers that are known to be no more.
    """
    asked = {
        "organization": organization, "files": files, "worker": worker, "gone": gone,
        "now": now, "until": until,
    }  # fmt: skip
    return _one(tx, CLAIM, asked)


def holders(tx: Tx, organization: int) -> list[str]:
    """Workers that hold some import."""
    return [name for (name,) in tx.execute(LEASED, [organization])]


def held(tx: Tx, organization: int, number: int, worker: str) -> tuple[State, int] | None:
    """The state and the records done of an import that `worker` holds, locked; None where it does
    not hold it any more."""
    row = tx.execute(HOLDER, [organization, number, worker]).fetchone()
    return None if row is None else (State(row[0]), int(row[1]))


def save(
    tx: Tx, organization: int, number: int, counts: Counts, *, now: datetime, until: datetime
) -> None:
    """Remember how far it has come, and that it is worked at until `until`. Safe to repeat."""
    tx.execute(
        SAVE,
        {
            "organization": organization, "id": number, "records_done": counts.records_done,
            "decided": counts.decided, "repeated": counts.repeated, "waiting": counts.waiting,
            "rejected": counts.rejected, "permille": counts.permille, "now": now, "until": until,
        },
    )  # fmt: skip


def release(tx: Tx, organization: int, number: int, worker: str, now: datetime) -> None:
    """Let others work at it."""
    tx.execute(RELEASE, {"organization": organization, "id": number, "worker": worker, "now": now})


def finish(
    tx: Tx,
    organization: int,
    number: int,
    *,
    worker: str,
    state: State,
    now: datetime,
    failure: str = "",
    line: int | None = None,
) -> bool:
    """End it, unless somebody has asked otherwise meanwhile; whether it ended."""
    asked = {
        "organization": organization, "id": number, "worker": worker, "state": state.value,
        "now": now, "failure": failure, "line": line,
    }  # fmt: skip
    return tx.execute(FINISH, asked).rowcount == 1


def note_corrected(tx: Tx, organization: int, number: int, count: int, now: datetime) -> None:
    """So many of its rejected records were corrected and taken in."""
    tx.execute(NOTE_CORRECTED, [count, now, organization, number])


def files_without_use(tx: Tx, organization: int) -> list[str]:
    """Files of imports that have ended."""
    return [name for (name,) in tx.execute(WITHOUT_USE, [organization])]


def note_gone(tx: Tx, organization: int, file: str) -> None:
    """The file is not there any more."""
    tx.execute(NOTE_GONE, [organization, file])


def known_files(tx: Tx, organization: int, files: list[str]) -> set[str]:
    """Those of `files` that belong to an import."""
    return {name for (name,) in tx.execute(KNOWN, [organization, files])}
