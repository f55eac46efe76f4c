"""Runs that wait, run or have ended, in PostgreSQL; and the files that they make."""

from datetime import datetime

from msgspec import convert

from regulars.domain.finance.jobs import MOST_RUNNING, Job, Kind
from regulars.storage.database import Tx

_COLUMNS = """id, kind, state, asked_by, asked_at, request, done, total, attempts, started_at,
    beat_at, ended_at, expires_at, result, refusal"""

PUT = f"""
insert into job (organization_id, kind, state, asked_by, asked_at, request)
values (%s, %s, 'waiting', %s, %s, %s)
returning {_COLUMNS}
"""  # noqa: S608  # the constant above

KEEP = f"""
insert into job (organization_id, kind, state, asked_by, asked_at, request, done, total, attempts,
                 started_at, ended_at, result)
values (%s, %s, 'done', %s, %s, %s, %s, %s, 1, %s, %s, %s)
returning {_COLUMNS}
"""  # noqa: S608

GET = f"select {_COLUMNS} from job where organization_id = %s and kind = %s and id = %s"  # noqa: S608

PAGE = f"""
select {_COLUMNS}
from job
where organization_id = %(organization)s and kind = %(kind)s
    and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s
"""  # noqa: S608

OPEN = f"""
select {_COLUMNS}
from job
where organization_id = %s and state in ('waiting', 'running') and kind = %s
order by id
"""  # noqa: S608

# Whoever takes one waits for nobody; one that would be too many stays where it is.
TAKE = f"""
update job
set state = 'running', started_at = %(now)s, beat_at = %(now)s, attempts = attempts + 1,
    done = 0, total = 0
where organization_id = %(organization)s and id = (
    select id from job
    where organization_id = %(organization)s and state = 'waiting'
        and (select count(*) from job where organization_id = %(organization)s
                 and state = 'running') < %(most)s
    order by id limit 1
    for update skip locked
)
returning {_COLUMNS}
"""  # noqa: S608

BEAT = """
update job set beat_at = %s, done = %s, total = %s
where organization_id = %s and id = %s and state = 'running' and attempts = %s
"""

END = """
update job
set state = %s, ended_at = %s, beat_at = %s, done = %s, total = %s, result = %s, refusal = %s,
    expires_at = %s
where organization_id = %s and id = %s and state = 'running' and attempts = %s
"""

REVIVE = """
update job
set state = case when attempts >= %(most)s then 'failed' else 'waiting' end,
    ended_at = case when attempts >= %(most)s then %(now)s end,
    refusal = case when attempts >= %(most)s then %(words)s else '' end
where organization_id = %(organization)s and state = 'running' and beat_at < %(before)s
"""

IDLE = """
select count(*) filter (where state = 'waiting') > 0
   and count(*) filter (where state = 'running') = 0
from job where organization_id = %s and state in ('waiting', 'running')
"""

PUT_PIECE = """
insert into job_file (organization_id, job_id, number, piece) values (%s, %s, %s, %s)
"""

PIECE = "select piece from job_file where organization_id = %s and job_id = %s and number = %s"

DROP_FILE = "delete from job_file where organization_id = %s and job_id = %s"

FORGET = """
delete from job_file
using job
where job_file.organization_id = %(organization)s and job.id = job_file.job_id
    and job.organization_id = %(organization)s and job.expires_at <= %(now)s
"""


def put(tx: Tx, organization: int, kind: Kind, request: str, *, by: str, now: datetime) -> Job:
    """Ask for a run; it waits."""
    return _must(tx, PUT, [organization, kind, by, now, request])


def keep(
    tx: Tx, organization: int, kind: Kind, request: str, result: str,
    *, by: str, began: datetime, ended: datetime, done: int,
) -> Job:  # fmt: skip
    """Put on record a run that was made elsewhere, such as on the command line."""
    row = [organization, kind, by, began, request, done, done, began, ended, result]
    return _must(tx, KEEP, row)


def get(tx: Tx, organization: int, kind: Kind, number: int) -> Job | None:
    """One run."""
    row = tx.execute(GET, [organization, kind, number]).fetchone()
    return None if row is None else _job(row)


def page(tx: Tx, organization: int, kind: Kind, *, before: int | None, limit: int) -> list[Job]:
    """Runs of a kind, newest first."""
    asked = {"organization": organization, "kind": kind, "before": before, "limit": limit}
    return [_job(row) for row in tx.execute(PAGE, asked)]


def under_way(tx: Tx, organization: int, kind: Kind) -> list[Job]:
    """Runs of a kind that wait or run, oldest first."""
    return [_job(row) for row in tx.execute(OPEN, [organization, kind])]


def take(tx: Tx, organization: int, now: datetime) -> Job | None:
    """The next that waits, which is now ours to run."""
    asked = {"organization": organization, "now": now, "most": MOST_RUNNING}
    row = tx.execute(TAKE, asked).fetchone()
    return None if row is None else _job(row)


def beat(tx: Tx, organization: int, job: Job, *, done: int, total: int, now: datetime) -> bool:
    """Say that it still runs, and how far it is; False when it is no longer ours."""
    row = [now, done, total, organization, job.id, job.attempts]
    return tx.execute(BEAT, row).rowcount == 1


def end(
    tx: Tx, organization: int, job: Job, *, done: int, total: int, now: datetime,
    result: str = "{}", refusal: str = "", expires_at: datetime | None = None,
) -> bool:  # fmt: skip
    """It is over; False when it was no longer ours, and nothing is changed."""
    state = "failed" if refusal else "done"
    row = [state, now, now, done, total, result, refusal, expires_at]
    return tx.execute(END, [*row, organization, job.id, job.attempts]).rowcount == 1


def revive(
    tx: Tx, organization: int, *, before: datetime, now: datetime, most: int, words: str
) -> int:
    """Let wait again what was not heard of since `before`; what was tried `most` times has failed,
    for the reason in `words`."""
    asked = {"organization": organization, "before": before, "now": now, "most": most}
    return tx.execute(REVIVE, asked | {"words": words}).rowcount


def is_neglected(tx: Tx, organization: int) -> bool:
    """Whether something waits and nobody runs anything."""
    return tx.execute(IDLE, [organization]).fetchone() == (True,)


def put_piece(tx: Tx, organization: int, job_id: int, number: int, piece: bytes) -> None:
    """The next piece of the file of a run."""
    tx.execute(PUT_PIECE, [organization, job_id, number, piece])


def piece(tx: Tx, organization: int, job_id: int, number: int) -> bytes | None:
    """One piece; None after the last."""
    row = tx.execute(PIECE, [organization, job_id, number]).fetchone()
    return None if row is None else bytes(row[0])


def drop_file(tx: Tx, organization: int, job_id: int) -> None:
    """Forget what was written of a file: it is written anew."""
    tx.execute(DROP_FILE, [organization, job_id])


def forget(tx: Tx, organization: int, now: datetime) -> int:
    """Forget files that nobody may fetch any more; how many pieces."""
    return tx.execute(FORGET, {"organization": organization, "now": now}).rowcount


def _must(tx: Tx, statement: str, row: list[object]) -> Job:
    made = tx.execute(statement.encode(), row).fetchone()
    assert made is not None
    return _job(made)


def _job(row: tuple[object, ...]) -> Job:
    names = Job.__struct_fields__
    return convert(dict(zip(names, row, strict=True)), Job)
