"""Passkeys of members in PostgreSQL: the public halves, and how often each was used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

_COLUMNS = """
id, member_id, credential_id, public_key, sign_count, transports, may_sync, is_synced, name,
created_at, used_at
"""

ADD = f"""
insert into passkey (organization_id, member_id, credential_id, public_key, sign_count, transports,
                     may_sync, is_synced, name, created_at)
values (%(organization)s, %(member_id)s, %(credential)s, %(key)s, %(count)s,
        %(transports)s::text[], %(may_sync)s, %(is_synced)s, %(name)s, %(at)s)
on conflict (organization_id, credential_id) do nothing
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in

FIND = f"""
select {_COLUMNS} from passkey where organization_id = %s and credential_id = %s for update
"""  # noqa: S608

LIST = f"""
select {_COLUMNS} from passkey where organization_id = %s and member_id = %s order by id
"""  # noqa: S608

USE = """
update passkey set sign_count = %s, is_synced = %s, used_at = %s
where organization_id = %s and id = %s
"""

RENAME = f"""
update passkey set name = %s where organization_id = %s and member_id = %s and id = %s
returning {_COLUMNS}
"""  # noqa: S608

REMOVE = "delete from passkey where organization_id = %s and member_id = %s and id = %s"


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey. `may_sync`: copies of it may be kept elsewhere; `is_synced`: one was."""

    id: int
    member_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: Sequence[str]
    may_sync: bool
    is_synced: bool
    name: str
    created_at: datetime
    used_at: datetime | None


def add(
    tx: Tx,
    organization: int,
    *,
    member_id: int,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    transports: Sequence[str],
    may_sync: bool,
    is_synced: bool,
    name: str,
    at: datetime,
) -> Passkey | None:
    """Keep a new passkey; None when it is there already, whoever's it is."""
    asked = {
        "organization": organization,
        "member_id": member_id,
        "credential": credential_id,
        "key": public_key,
        "count": sign_count,
        "transports": text_array(transports),
        "may_sync": may_sync,
        "is_synced": is_synced,
        "name": name,
        "at": at,
    }
    return _one(tx.execute(ADD, asked).fetchone())


def find(tx: Tx, organization: int, credential_id: bytes) -> Passkey | None:
    """The passkey with this id, with no one else using it until the transaction ends."""
    return _one(tx.execute(FIND, [organization, credential_id]).fetchone())


def listed(tx: Tx, organization: int, member_id: int) -> list[Passkey]:
    """A member's passkeys, oldest first."""
    return [_passkey(row) for row in tx.execute(LIST, [organization, member_id])]


def use(
    tx: Tx, organization: int, passkey_id: int, *, sign_count: int, is_synced: bool, at: datetime
) -> None:
    """Note that it signed somebody in."""
    tx.execute(USE, [sign_count, is_synced, at, organization, passkey_id])


def rename(tx: Tx, organization: int, member_id: int, passkey_id: int, name: str) -> Passkey | None:
    """Call one of the member's passkeys otherwise; None when there is no such one."""
    return _one(tx.execute(RENAME, [name, organization, member_id, passkey_id]).fetchone())


def remove(tx: Tx, organization: int, member_id: int, passkey_id: int) -> bool:
    """Forget one of the member's passkeys; whether there was one."""
    return tx.execute(REMOVE, [organization, member_id, passkey_id]).rowcount > 0


def _one(row: Sequence[Any] | None) -> Passkey | None:
    return None if row is None else _passkey(row)


def _passkey(row: Sequence[Any]) -> Passkey:
    number, member_id, credential_id, public_key, *rest = row
    return Passkey(number, member_id, bytes(credential_id), bytes(public_key), *rest)
