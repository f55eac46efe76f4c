"""Simulations in PostgreSQL: a queue for each organization, and the results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from regulars.domain.designing.simulations import (
    GAVE_UP,
    MOST_RUNNING,
    Asked,
    Simulation,
    State,
)
from regulars.storage.database import Tx

_COLUMNS = """
id, document, against, draft_id, draft_revision, from_at, until_at, months, note, requested_by,
requested_at, state, runner, attempts, started_at, beat_at, ended_at, done, total, failure
"""

# Nobody else takes, ends or asks for one of this organization until the transaction ends.
SERIALIZE = "select pg_advisory_xact_lock(%s, %s)"

LOCK_SPACE = 0x73696D
"""The first half of the advisory lock; the second is the organization."""

INSERT = f"""
insert into simulation (organization_id, document, against, draft_id, draft_revision, from_at,
                        until_at, months, note, requested_by, requested_at, state)
values (%(organization)s, %(document)s, %(against)s, %(draft)s, %(revision)s, %(from)s, %(until)s,
        %(months)s, %(note)s, %(by)s, %(at)s, 'waiting')
returning {_COLUMNS}, null
"""  # noqa: S608  # only the constant above is put in, as in all statements here

UNDER_WAY = f"""
select {_COLUMNS}, null from simulation
where organization_id = %s and state in ('waiting', 'running')
order by id
"""  # noqa: S608

GET = f"""
select {_COLUMNS}, result from simulation where organization_id = %s and id = %s
"""  # noqa: S608

LIST = f"""
select {_COLUMNS}, null from simulation
where organization_id = %(organization)s and id < %(before)s
order by id desc
limit %(limit)s
"""  # noqa: S608

# One that lost its process begins anew, unless it has lost too many.
REVIVE = """
update simulation
set state = case when attempts >= %(most)s then 'failed' else 'waiting' end,
    failure = case when attempts >= %(most)s then %(gave_up)s else '' end,
    ended_at = case when attempts >= %(most)s then %(now)s end,
    runner = ''
where organization_id = %(organization)s and state = 'running' and beat_at < %(before)s
"""

IS_NEGLECTED = """
select exists (
    select from simulation
    where organization_id = %(organization)s and state = 'waiting' and requested_at < %(before)s
) and not exists (
    select from simulation where organization_id = %(organization)s and state = 'running'
)
"""

FORGET = "delete from simulation where organization_id = %s and ended_at < %s"

TAKE = f"""
update simulation
set state = 'running', runner = %(runner)s, attempts = attempts + 1, started_at = %(now)s,
    beat_at = %(now)s, done = 0, total = null
where organization_id = %(organization)s and id = (
    select id from simulation
    where organization_id = %(organization)s and state = 'waiting'
    order by id
    limit 1
) and (
    select count(*) from simulation
    where organization_id = %(organization)s and state = 'running'
) < %(most)s
returning {_COLUMNS}, null
"""  # noqa: S608

_OURS = """
organization_id = %(organization)s and id = %(id)s and runner = %(runner)s and state = 'running'
"""

BEAT = f"""
update simulation set done = greatest(done, %(done)s), total = %(total)s, beat_at = %(now)s
where {_OURS}
"""  # noqa: S608

END = f"""
update simulation
set state = %(state)s, ended_at = %(now)s, beat_at = %(now)s, result = %(result)s,
    failure = %(failure)s, done = coalesce(%(done)s, done), total = coalesce(%(done)s, total)
where {_OURS}
"""  # noqa: S608

CANCEL = """
update simulation set state = 'cancelled', ended_at = %s
where organization_id = %s and id = %s and state in ('waiting', 'running')
"""

FIRST = 2**63 - 1
"""Beyond every number: the first page begins before it."""


def serialize(tx: Tx, organization: int) -> None:
    """Let nobody else change the queue of this organization until the transaction ends."""
    tx.execute(SERIALIZE, [LOCK_SPACE, organization])


def put(tx: Tx, organization: int, asked: Asked, *, by: str, at: datetime) -> Simulation:
    """Write a new one, which waits."""
    values = {
        "organization": organization,
        "document": asked.document,
        "against": asked.against,
        "draft": asked.draft_id,
        "revision": asked.draft_revision,
        "from": asked.from_,
        "until": asked.until,
        "months": asked.months,
        "note": asked.note,
        "by": by,
        "at": at,
    }
    row = tx.execute(INSERT.encode(), values).fetchone()
    assert row is not None
    return _simulation(row)


def under_way(tx: Tx, organization: int) -> list[Simulation]:
    """Those that wait or run, without results, in the order in which they were asked for."""
    return [_simulation(row) for row in tx.execute(UNDER_WAY.encode(), [organization])]


def get(tx: Tx, organization: int, number: int) -> Simulation | None:
    """One, with its result."""
    row = tx.execute(GET.encode(), [organization, number]).fetchone()
    return None if row is None else _simulation(row)


def listed(tx: Tx, organization: int, *, before: int | None, limit: int) -> list[Simulation]:
    """A page without the results, newest first."""
    asked = {
        "organization": organization,
        "before": FIRST if before is None else before,
        "limit": limit,
    }
    return [_simulation(row) for row in tx.execute(LIST.encode(), asked)]


def revive(tx: Tx, organization: int, *, before: datetime, now: datetime, most: int) -> None:
    """Let those wait again that were not heard of since `before`; at the `most`th time they have
    failed."""
    values = {
        "organization": organization,
        "before": before,
        "now": now,
        "most": most,
        "gave_up": GAVE_UP,
    }
    tx.execute(REVIVE, values)


def is_neglected(tx: Tx, organization: int, before: datetime) -> bool:
    """Whether something waits since `before` and nobody works on any."""
    row = tx.execute(IS_NEGLECTED, {"organization": organization, "before": before}).fetchone()
    assert row is not None
    return bool(row[0])


def forget(tx: Tx, organization: int, before: datetime) -> None:
    """Take those away that ended before."""
    tx.execute(FORGET, [organization, before])


def take(tx: Tx, organization: int, *, runner: str, now: datetime) -> Simulation | None:
    """The one that waits longest becomes ours; None when none does, or enough run already. Call
    `serialize` first."""
    values = {"organization": organization, "runner": runner, "now": now, "most": MOST_RUNNING}
    row = tx.execute(TAKE.encode(), values).fetchone()
    return None if row is None else _simulation(row)


def beat(
    tx: Tx, organization: int, ours: Simulation, *, done: int, total: int | None, now: datetime
) -> bool:
    """Tell how far it is; False when it is no longer ours, or no longer wanted."""
    values = _ours(organization, ours) | {"done": done, "total": total, "now": now}
    return tx.execute(BEAT.encode(), values).rowcount > 0


def end(
    tx: Tx,
    organization: int,
    ours: Simulation,
    state: State,
    *,
    now: datetime,
    done: int | None = None,
    result: str | None = None,
    failure: str = "",
) -> bool:
    """Write what came of it; False when it is no longer ours."""
    values = _ours(organization, ours) | {
        "state": state.value,
        "now": now,
        "done": done,
        "result": result,
        "failure": failure,
    }
    return tx.execute(END.encode(), values).rowcount > 0


def cancel(tx: Tx, organization: int, number: int, now: datetime) -> bool:
    """Let it go; False when it has ended."""
    return tx.execute(CANCEL, [now, organization, number]).rowcount > 0


def _ours(organization: int, ours: Simulation) -> dict[str, Any]:
    return {"organization": organization, "id": ours.id, "runner": ours.runner}


def _simulation(row: Sequence[Any]) -> Simulation:
    number, document, against, draft, revision, from_, until, months, note, *rest = row
    by, at, state, runner, attempts, started_at, beat_at, ended_at, done, total, *last = rest
    return Simulation(
        id=number,
        asked=Asked(
            document=document,
            against=against,
            draft_id=draft,
            draft_revision=revision,
            from_=from_,
            until=until,
            months=months,
            note=note,
        ),
        requested_by=by,
        requested_at=at,
        state=State(state),
        runner=runner,
        attempts=attempts,
        started_at=started_at,
        beat_at=beat_at,
        ended_at=ended_at,
        done=done,
        total=total,
        failure=last[0],
        result=last[1],
    )
