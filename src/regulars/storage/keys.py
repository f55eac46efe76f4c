"""API keys in PostgreSQL. Only a hash of each secret is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.access import Access, Kind, Scope
from regulars.storage.database import Tx

INSERT = """
insert into api_key (organization_id, name, secret_hash, scopes, rate, created_at, created_by)
values (%s, %s, %s, %s, %s, %s, %s)
returning id
"""

FIND = """
select key.id, key.name, key.scopes, key.rate, key.last_used_at from api_key as key
join organization on organization.id = key.organization_id and suspended_at is null
where key.organization_id = %s and secret_hash = %s and revoked_at is null
"""

LIST = """
select id, name, scopes, rate, created_at, revoked_at, last_used_at from api_key
where organization_id = %s
order by id
limit %s
"""

# A second revocation keeps the instant of the first.
REVOKE = """
update api_key set revoked_at = coalesce(revoked_at, %s)
where organization_id = %s and id = %s
returning id, name, scopes, rate, created_at, revoked_at, last_used_at
"""

TOUCH = "update api_key set last_used_at = %s where organization_id = %s and id = %s"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `rate`: requests a minute, 0 for no limit. `last_used_at`: to some
    minutes; None before its first use."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    rate: int
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


def insert(
    tx: Tx,
    organization: int,
    *,
    name: str,
    secret_hash: bytes,
    scopes: frozenset[Scope],
    rate: int,
    created_at: datetime,
    created_by: str,
) -> int:
    """Write a new key; returns its number."""
    names = sorted(scope.value for scope in scopes)
    asked = [organization, name, secret_hash, names, rate, created_at, created_by]
    row = tx.execute(INSERT, asked).fetchone()
    assert row is not None
    return int(row[0])


def find(tx: Tx, organization: int, secret_hash: bytes) -> tuple[Access, datetime | None] | None:
    """What the key with this hash may do, and when it was last used; None when there is none, when
    it was revoked, or when its organization is suspended."""
    row = tx.execute(FIND, [organization, secret_hash]).fetchone()
    if row is None:
        return None
    scopes = frozenset(Scope(name) for name in row[2])
    return Access(organization, Kind.KEY, row[0], row[1], scopes, rate=row[3]), row[4]


def touch(tx: Tx, organization: int, key_id: int, at: datetime) -> None:
    """Note that the key is in use."""
    tx.execute(TOUCH, [at, organization, key_id])


def listed(tx: Tx, organization: int, limit: int = 1000) -> list[ApiKey]:
    """All keys, in the order in which they were made."""
    return [_key(row) for row in tx.execute(LIST, [organization, limit])]


def revoke(tx: Tx, organization: int, key_id: int, at: datetime) -> ApiKey | None:
    """Make the key useless from `at`; None when there is no such key. Safe to repeat."""
    row = tx.execute(REVOKE, [at, organization, key_id]).fetchone()
    return None if row is None else _key(row)


def _key(row: Sequence[Any]) -> ApiKey:
    number, name, scopes, *rest = row
    return ApiKey(number, name, tuple(Scope(one) for one in scopes), *rest)
