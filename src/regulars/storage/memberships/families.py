"""Who shares a paid card, and who was asked to, in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from regulars.domain.memberships.memberships import Person
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_COLUMNS = "id, membership_id, member_id, state, invited_at, expires_at, joined_at, closed_at"

INVITE = f"""
insert into family_person (organization_id, membership_id, state, code_hash, invited_at, expires_at)
values (%s, %s, 'invited', %s, %s, %s)
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in

BY_CODE = f"""
select {_COLUMNS} from family_person where organization_id = %s and code_hash = %s
"""  # noqa: S608

GET_LOCKED = f"""
select {_COLUMNS} from family_person where organization_id = %s and id = %s for update
"""  # noqa: S608

OF_MEMBERSHIPS = f"""
select {_COLUMNS} from family_person
where organization_id = %s and membership_id = any(%s::bigint[])
order by id
"""  # noqa: S608

OF_MEMBER = f"""
select {_COLUMNS} from family_person
where organization_id = %s and member_id = any(%s::bigint[])
order by id desc
"""  # noqa: S608

JOIN = """
update family_person set state = 'joined', member_id = %s, joined_at = %s
where organization_id = %s and id = %s
"""

CLOSE = """
update family_person set state = %s, closed_at = %s, closed_by = %s
where organization_id = %s and id = any(%s::bigint[]) and state in ('invited', 'joined')
"""


def invite(
    tx: Tx, organization: int, membership: int, *, code_hash: str, at: datetime, until: datetime
) -> Person:
    """Note an invitation."""
    row = tx.execute(INVITE, [organization, membership, code_hash, at, until]).fetchone()
    assert row is not None
    return Person(*row)


def by_code(tx: Tx, organization: int, code_hash: str) -> Person | None:
    """The invitation of a code, whatever became of it."""
    return _one(tx.execute(BY_CODE, [organization, code_hash]).fetchone())


def lock(tx: Tx, organization: int, number: int) -> Person | None:
    """One of them, with nobody else changing it until the transaction ends."""
    return _one(tx.execute(GET_LOCKED, [organization, number]).fetchone())


def of_memberships(
    tx: Tx, organization: int, memberships: Iterable[int]
) -> dict[int, list[Person]]:
    """Everybody who shares or shared these memberships, or was asked to, by membership."""
    found: dict[int, list[Person]] = {}
    for row in tx.execute(OF_MEMBERSHIPS, [organization, int_array(memberships)]):
        found.setdefault(row[1], []).append(Person(*row))
    return found


def joined(tx: Tx, organization: int, membership: int) -> list[Person]:
    """Who shares the membership."""
    people = of_memberships(tx, organization, [membership]).get(membership, [])
    return [one for one in people if one.state == "joined"]


def of_members(tx: Tx, organization: int, members: Iterable[int]) -> list[Person]:
    """All that these members share or shared, the newest first."""
    return [Person(*row) for row in tx.execute(OF_MEMBER, [organization, int_array(members)])]


def join(tx: Tx, organization: int, number: int, *, member_id: int, at: datetime) -> None:
    """Somebody has accepted."""
    tx.execute(JOIN, [member_id, at, organization, number])


def close(
    tx: Tx, organization: int, numbers: Iterable[int], *, state: str, by: str, at: datetime
) -> None:
    """They share it no longer, or are not asked to any more."""
    tx.execute(CLOSE, [state, at, by, organization, int_array(numbers)])


def _one(row: Sequence[Any] | None) -> Person | None:
    return None if row is None else Person(*row)
