"""Benefits for many members at once, in PostgreSQL: what was asked for, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.storage.database import Tx

_COLUMNS = """
id, benefit, condition, uses, valid_from, valid_until, reason, asked_by, asked_at, request_key,
state, last_member, through_member, granted, ended_at, refusal
"""

# Who enrols later is not among them.
INSERT = f"""
insert into grant_run (organization_id, benefit, condition, uses, valid_from, valid_until, reason,
                       asked_by, asked_at, request_key, state, through_member)
values (%(organization)s, %(benefit)s, %(condition)s, %(uses)s, %(valid_from)s, %(valid_until)s,
        %(reason)s, %(by)s, %(at)s, %(key)s, 'waiting',
        coalesce((select max(id) from member where organization_id = %(organization)s), 0))
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in

GET = f"select {_COLUMNS} from grant_run where organization_id = %s and id = %s"  # noqa: S608

ASKED = f"""
select {_COLUMNS} from grant_run
where organization_id = %s and asked_by = %s and request_key = %s
"""  # noqa: S608

PAGE = f"""
select {_COLUMNS} from grant_run
where organization_id = %s and id < %s
order by id desc
limit %s
"""  # noqa: S608

# One worker at a time is at a run; another finds it taken and goes on.
NEXT = f"""
select {_COLUMNS} from grant_run
where organization_id = %s and state = 'waiting'
order by id
limit 1
for update skip locked
"""  # noqa: S608

ADVANCE = """
update grant_run
set last_member = %(last)s, granted = granted + %(granted)s, state = %(state)s,
    ended_at = case when %(state)s = 'waiting' then null else %(at)s end, refusal = %(refusal)s
where organization_id = %(organization)s and id = %(id)s and state = 'waiting'
"""

LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Run:
    """A benefit for all of whom a condition holds. `state`: waiting, done, stopped or failed."""

    id: int
    benefit: str
    condition: str
    uses: int | None
    valid_from: datetime
    valid_until: datetime | None
    reason: str
    asked_by: str
    asked_at: datetime
    request_key: str
    state: str
    last_member: int
    through_member: int
    granted: int
    ended_at: datetime | None
    refusal: str


def insert(tx: Tx, organization: int, asked: dict[str, object]) -> Run:
    """Write what is asked for. Raises UniqueViolation for the same key at the same moment."""
    row = tx.execute(INSERT, {"organization": organization, **asked}).fetchone()
    assert row is not None
    return Run(*row)


def get(tx: Tx, organization: int, number: int) -> Run | None:
    """One run; None for none."""
    return _one(tx.execute(GET, [organization, number]).fetchone())


def asked_before(tx: Tx, organization: int, by: str, key: str) -> Run | None:
    """What this caller asked for under this key; None for nothing."""
    return _one(tx.execute(ASKED, [organization, by, key]).fetchone())


def page(tx: Tx, organization: int, *, before: int | None, limit: int) -> list[Run]:
    """Runs, the newest first."""
    rows = tx.execute(PAGE, [organization, LAST if before is None else before, limit])
    return [Run(*row) for row in rows]


def next_waiting(tx: Tx, organization: int) -> Run | None:
    """The oldest run that nobody is at, locked until the transaction ends."""
    return _one(tx.execute(NEXT, [organization]).fetchone())


def advance(
    tx: Tx,
    organization: int,
    number: int,
    *,
    last: int,
    granted: int,
    state: str,
    at: datetime,
    refusal: str = "",
) -> None:
    """Note how far a run has come; one that was stopped stays so."""
    asked = {
        "organization": organization, "id": number, "last": last, "granted": granted,
        "state": state, "at": at, "refusal": refusal,
    }  # fmt: skip
    tx.execute(ADVANCE, asked)


def _one(row: Sequence[Any] | None) -> Run | None:
    return None if row is None else Run(*row)
