"""Identity providers of staff in PostgreSQL, and the sign-ins that are under way there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

_COLUMNS = """
id, code, name, issuer, client_id, key_version, sealed_secret, mail_domains, created_at
"""

# What was set before stays: staff are bound to it. See BINDS.
REMOVE = """
update identity_provider set removed_at = %s
where organization_id = %s and code = %s and removed_at is null
returning id
"""

ADD = """
insert into identity_provider (organization_id, code, name, issuer, client_id, key_version,
                               sealed_secret, mail_domains, created_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
returning id
"""

FIND = f"""
select {_COLUMNS} from identity_provider
where organization_id = %s and code = %s and removed_at is null
"""  # noqa: S608  # only the constant above is put in

LIST = f"""
select {_COLUMNS} from identity_provider
where organization_id = %s and removed_at is null
order by code
limit 100
"""  # noqa: S608

# A provider that was set anew, with another secret, calls people as it did before.
BINDS = """
select exists (select from identity_provider
               where organization_id = %s and id = %s and (issuer = %s or removed_at is null))
"""

BEGIN = """
insert into staff_login (state_hash, organization_id, provider_id, browser_hash, key_version,
                         sealed, return_path, expires_at)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""

# Taken away by whoever comes first, whatever then comes of it.
END = """
delete from staff_login where organization_id = %s and state_hash = %s
returning provider_id, browser_hash, key_version, sealed, return_path, expires_at
"""

SECRET, LOGIN = "staff_provider", "staff_login"
"""What is sealed: see `OrganizationKeys.seal`."""


@dataclass(frozen=True, slots=True)
class StaffProvider:
    """A provider of OpenID Connect. `secret`: what we prove ourselves by; may be empty."""

    code: str
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    mail_domains: tuple[str, ...]
    created_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Begun:
    """What was noted when a browser was sent away."""

    provider_id: int
    browser_hash: bytes
    nonce: str
    verifier: str
    return_path: str
    expires_at: datetime


def put(tx: Tx, cabinet: Cabinet, organization: int, provider: StaffProvider) -> int:
    """Write a provider in the place of the one with its code; its number."""
    remove(tx, organization, provider.code, provider.created_at)
    version, sealed = cabinet.keys(tx, organization).seal(provider.secret.encode(), SECRET)
    values = [
        organization,
        provider.code,
        provider.name,
        provider.issuer,
        provider.client_id,
        version,
        sealed,
        list(provider.mail_domains),
        provider.created_at,
    ]
    row = tx.execute(ADD, values).fetchone()
    assert row is not None
    return int(row[0])


def find(tx: Tx, cabinet: Cabinet, organization: int, code: str) -> StaffProvider | None:
    """The provider with this code, its secret opened."""
    row = tx.execute(FIND, [organization, code]).fetchone()
    return None if row is None else _provider(tx, cabinet, organization, row)


def listed(tx: Tx, cabinet: Cabinet, organization: int) -> list[StaffProvider]:
    """All of them."""
    rows = tx.execute(LIST, [organization]).fetchall()
    return [_provider(tx, cabinet, organization, row) for row in rows]


def remove(tx: Tx, organization: int, code: str, at: datetime) -> bool:
    """Let a provider sign nobody in any more; whether there was one."""
    return tx.execute(REMOVE, [at, organization, code]).fetchone() is not None


def binds(tx: Tx, organization: int, provider_id: int, issuer: str) -> bool:
    """Whether what this provider calls somebody still counts: while it is set, and for its issuer
    for good."""
    return tx.execute(BINDS, [organization, provider_id, issuer]).fetchone() == (True,)


def begin(tx: Tx, cabinet: Cabinet, organization: int, begun: Begun, *, state: str) -> None:
    """Note that a browser is sent away, and will come back with this state."""
    notes = msgspec.json.encode((begun.nonce, begun.verifier))
    version, sealed = cabinet.keys(tx, organization).seal(notes, LOGIN)
    values = [
        hash_of(state),
        organization,
        begun.provider_id,
        begun.browser_hash,
        version,
        sealed,
        begun.return_path,
        begun.expires_at,
    ]
    tx.execute(BEGIN, values)


def end(tx: Tx, cabinet: Cabinet, organization: int, state: str) -> Begun | None:
    """What was noted under this state, which serves once."""
    row = tx.execute(END, [organization, hash_of(state)]).fetchone()
    if row is None:
        return None
    provider_id, browser_hash, version, sealed, return_path, expires_at = row
    plain = cabinet.keys(tx, organization, version=version).open(version, sealed, LOGIN)
    nonce, verifier = msgspec.json.decode(plain, type=tuple[str, str])
    return Begun(provider_id, bytes(browser_hash), nonce, verifier, return_path, expires_at)


def hash_of(secret: str) -> bytes:
    """What is stored of a state or a browser's secret, which are random."""
    return sha256(secret.encode()).digest()


def _provider(tx: Tx, cabinet: Cabinet, organization: int, row: Sequence[Any]) -> StaffProvider:
    number, code, name, issuer, client_id, version, sealed, domains, created_at = row
    secret = cabinet.keys(tx, organization, version=version).open(version, sealed, SECRET).decode()
    return StaffProvider(code, name, issuer, client_id, secret, tuple(domains), created_at, number)
