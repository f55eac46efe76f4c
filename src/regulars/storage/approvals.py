"""Requests that wait for a second person, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.access import Kind
from regulars.domain.approvals import Deed, State, standing
from regulars.domain.operations import Adjustment, type_of
from regulars.storage.database import Tx

_COLUMNS = """
id, kind, member_id, payload, reason, requested_by, request_key, requested_at, expires_at, state,
decided_by, decided_at, note, result
"""

INSERT = f"""
insert into approval (organization_id, kind, member_id, payload, reason, requested_by, request_key,
                      requested_at, expires_at, state)
values (%(organization)s, %(kind)s, %(member)s, %(payload)s, %(reason)s, %(by)s, %(key)s, %(at)s,
        %(expires_at)s, 'waiting')
on conflict (organization_id, requested_by, request_key) do nothing
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in, as in all statements here

BY_KEY = f"""
select {_COLUMNS} from approval
where organization_id = %s and requested_by = %s and request_key = %s
"""  # noqa: S608

GET = f"select {_COLUMNS} from approval where organization_id = %s and id = %s"  # noqa: S608

LIST = f"""
select {_COLUMNS} from approval
where organization_id = %(organization)s and id < %(before)s
    and (not %(waiting)s or (state = 'waiting' and expires_at > %(now)s))
order by id desc
limit %(limit)s
"""  # noqa: S608

SETTLE = """
update approval
set state = %(state)s, decided_by = %(by)s, decided_at = %(at)s, note = %(note)s,
    result = %(result)s, expires_at = coalesce(%(until)s, expires_at)
where organization_id = %(organization)s and id = %(id)s
"""

CLAIM = """
update approval set state = 'done', result = %s where organization_id = %s and id = %s
"""

MAKER_OF_CLIENT = "select created_by from client where organization_id = %s and id = %s"

MAKER_OF_KEY = "select created_by from api_key where organization_id = %s and id = %s"

# What the same caller gave or took by hand of late, without a second person.
ADJUSTED = """
select coalesce(sum(abs((payload::jsonb ->> 'amount')::bigint)), 0) from event
where organization_id = %s and member_id = %s and occurred_at > %s and type = %s and source = %s
    and payload::jsonb ->> 'currency' = %s
"""

FIRST = 2**63 - 1
"""Beyond every number: the first page begins before it."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One request. `payload` and `result` are JSON texts; `state` is as of the last change."""

    id: int
    deed: Deed
    member_id: int | None
    payload: str
    reason: str
    requested_by: str
    request_key: str
    requested_at: datetime
    expires_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None
    note: str
    result: str

    def state_at(self, now: datetime) -> State:
        """Where it stands at an instant."""
        return standing(self.state, expires_at=self.expires_at, now=now)


def request(
    tx: Tx,
    organization: int,
    *,
    deed: Deed,
    member_id: int | None,
    payload: str,
    reason: str,
    by: str,
    key: str,
    at: datetime,
    expires_at: datetime,
) -> Approval | None:
    """Write a new request; None when `by` asked under this key before."""
    values = {
        "organization": organization,
        "kind": deed.value,
        "member": member_id,
        "payload": payload,
        "reason": reason,
        "by": by,
        "key": key,
        "at": at,
        "expires_at": expires_at,
    }
    return _one(tx, INSERT, values)


def by_key(tx: Tx, organization: int, by: str, key: str) -> Approval | None:
    """What somebody asked for under a key of theirs."""
    return _one(tx, BY_KEY, [organization, by, key])


def get(tx: Tx, organization: int, number: int, *, lock: bool = False) -> Approval | None:
    """One request; with `lock`, nobody else decides it until the transaction ends."""
    return _one(tx, f"{GET} for update" if lock else GET, [organization, number])


def listed(
    tx: Tx, organization: int, *, waiting: bool, before: int | None, limit: int, now: datetime
) -> list[Approval]:
    """A page of requests, newest first; with `waiting`, only those that can be decided."""
    asked = {
        "organization": organization,
        "waiting": waiting,
        "before": FIRST if before is None else before,
        "limit": limit,
        "now": now,
    }
    return [_approval(row) for row in tx.execute(LIST.encode(), asked)]


def settle(
    tx: Tx,
    organization: int,
    number: int,
    state: State,
    *,
    by: str,
    at: datetime,
    note: str,
    result: str = "{}",
    until: datetime | None = None,
) -> None:
    """Write what became of a request that is locked. `until`: how long it can be fetched."""
    values = {
        "organization": organization,
        "id": number,
        "state": state.value,
        "by": by,
        "at": at,
        "note": note,
        "result": result,
        "until": until,
    }
    tx.execute(SETTLE, values)


def claim(tx: Tx, organization: int, number: int, result: str) -> None:
    """Note that what was approved was fetched. The request is locked."""
    tx.execute(CLAIM, [result, organization, number])


def maker(tx: Tx, organization: int, kind: Kind, number: int) -> str:
    """Who made a key or registered an application; empty where that is not known."""
    statement = MAKER_OF_KEY if kind is Kind.KEY else MAKER_OF_CLIENT
    row = tx.execute(statement, [organization, number]).fetchone()
    return "" if row is None else str(row[0])


def adjusted_since(
    tx: Tx, organization: int, member_id: int, *, source: str, currency: str, since: datetime
) -> int:
    """How many points of a member one source has moved by hand since then, up and down."""
    code = type_of[Adjustment]
    asked = [organization, member_id, since, code, source, currency]
    row = tx.execute(ADJUSTED, asked).fetchone()
    assert row is not None
    return int(row[0])


def _one(tx: Tx, statement: str, values: Any) -> Approval | None:
    row = tx.execute(statement.encode(), values).fetchone()
    return None if row is None else _approval(row)


def _approval(row: Sequence[Any]) -> Approval:
    number, deed, member_id, payload, reason, by, key, at, expires_at, state, *decided = row
    return Approval(
        number,
        Deed(deed),
        member_id,
        payload,
        reason,
        by,
        key,
        at,
        expires_at,
        State(state),
        *decided,
    )
