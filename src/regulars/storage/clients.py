"""Applications in PostgreSQL. Of their secrets only hashes are stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.domain.access import Scope
from regulars.domain.applications import AuthMethod, GrantType, Registration
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

_COLUMNS = """
client.id, client.organization_id, client_id, client.name, redirect_uris, grant_types, scopes,
auth_method, rate, epoch, secret_hash, old_secret_hash, old_secret_until, created_by,
client.created_at, disabled_at
"""

INSERT = f"""
insert into client (organization_id, client_id, name, redirect_uris, grant_types, scopes,
                    auth_method, rate, secret_hash, created_by, created_at)
values (%(organization)s, %(client_id)s, %(name)s, %(redirect_uris)s::text[],
        %(grant_types)s::text[], %(scopes)s::text[], %(auth_method)s, %(rate)s, %(secret_hash)s,
        %(created_by)s, %(at)s)
returning {_COLUMNS}
"""  # noqa: S608  # only the constant above is put in

FIND = f"""
select {_COLUMNS} from client
where client.organization_id = %s and client_id = %s
"""  # noqa: S608

# Nobody of a suspended organization is let in, and no application that was disabled.
FIND_LIVE = f"""
select {_COLUMNS}, organization.name from client
join organization on organization.id = client.organization_id and suspended_at is null
where client.organization_id = %s and client_id = %s and disabled_at is null
"""  # noqa: S608

LOCK = "select id from client where organization_id = %s and client_id = %s for update"

LIST = f"""
select {_COLUMNS} from client where organization_id = %s and id > %s order by id limit %s
"""  # noqa: S608

CHANGE = f"""
update client set name = %(name)s, redirect_uris = %(redirect_uris)s::text[],
    scopes = %(scopes)s::text[], rate = %(rate)s, epoch = epoch + %(lessened)s
where organization_id = %(organization)s and id = %(id)s
returning {_COLUMNS}
"""  # noqa: S608

RENEW = f"""
update client set old_secret_hash = secret_hash, old_secret_until = %(until)s,
    secret_hash = %(secret_hash)s
where organization_id = %(organization)s and id = %(id)s
returning {_COLUMNS}
"""  # noqa: S608

# A second time keeps the instant of the first.
DISABLE = f"""
update client set disabled_at = coalesce(disabled_at, %s)
where organization_id = %s and id = %s
returning {_COLUMNS}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Client:
    """An application. `id` is its row, `client_id` what it calls itself."""

    id: int
    organization: int
    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    grant_types: frozenset[GrantType]
    scopes: frozenset[Scope]
    auth_method: AuthMethod
    rate: int
    epoch: int
    secret_hash: bytes | None = field(repr=False)
    old_secret_hash: bytes | None = field(repr=False)
    old_secret_until: datetime | None
    created_by: str
    created_at: datetime
    disabled_at: datetime | None
    organization_name: str = ""

    @property
    def registration(self) -> Registration:
        """What it is registered with."""
        return Registration(
            self.name,
            self.redirect_uris,
            self.grant_types,
            self.scopes,
            self.auth_method,
            self.rate,
        )


def insert(
    tx: Tx,
    organization: int,
    wanted: Registration,
    *,
    client_id: str,
    secret_hash: bytes | None,
    created_by: str,
    at: datetime,
) -> Client:
    """Write a new application."""
    row = tx.execute(
        INSERT,
        {
            "organization": organization,
            "client_id": client_id,
            "name": wanted.name,
            "redirect_uris": text_array(wanted.redirect_uris),
            "grant_types": text_array(sorted(wanted.grant_types)),
            "scopes": text_array(sorted(wanted.scopes)),
            "auth_method": wanted.auth_method.value,
            "rate": wanted.rate,
            "secret_hash": secret_hash,
            "created_by": created_by,
            "at": at,
        },
    ).fetchone()
    assert row is not None
    return _client(row)


def find(tx: Tx, organization: int, client_id: str) -> Client | None:
    """The application with this public id, also one that was disabled."""
    row = tx.execute(FIND, [organization, client_id]).fetchone()
    return None if row is None else _client(row)


def find_live(tx: Tx, organization: int, client_id: str) -> Client | None:
    """The application with this public id; None when it or its organization is shut out."""
    row = tx.execute(FIND_LIVE, [organization, client_id]).fetchone()
    return None if row is None else _client(row)


def lock(tx: Tx, organization: int, client_id: str) -> Client | None:
    """The application, which nobody else changes until the transaction ends."""
    tx.execute(LOCK, [organization, client_id])
    return find(tx, organization, client_id)


def listed(tx: Tx, organization: int, *, after: int, limit: int) -> list[Client]:
    """Applications in the order in which they came, from the one after row `after`."""
    return [_client(row) for row in tx.execute(LIST, [organization, after, limit])]


def change(tx: Tx, client: Client, wanted: Registration, *, is_less: bool) -> Client:
    """Register it anew; `is_less` makes tokens from before useless."""
    row = tx.execute(
        CHANGE,
        {
            "organization": client.organization,
            "id": client.id,
            "name": wanted.name,
            "redirect_uris": text_array(wanted.redirect_uris),
            "scopes": text_array(sorted(wanted.scopes)),
            "rate": wanted.rate,
            "lessened": int(is_less),
        },
    ).fetchone()
    assert row is not None
    return _client(row)


def renew(tx: Tx, client: Client, *, secret_hash: bytes, until: datetime) -> Client:
    """Give it a new secret; the one before holds `until` then."""
    asked = {
        "organization": client.organization,
        "id": client.id,
        "secret_hash": secret_hash,
        "until": until,
    }
    row = tx.execute(RENEW, asked).fetchone()
    assert row is not None
    return _client(row)


def disable(tx: Tx, client: Client, at: datetime) -> Client:
    """Shut it out for good. Safe to repeat."""
    row = tx.execute(DISABLE, [at, client.organization, client.id]).fetchone()
    assert row is not None
    return _client(row)


def _client(row: Sequence[Any]) -> Client:
    number, organization, client_id, name, redirect_uris, grants, scopes, method, *rest = row
    return Client(
        number,
        organization,
        client_id,
        name,
        tuple(redirect_uris),
        frozenset(map(GrantType, grants)),
        frozenset(map(Scope, scopes)),
        AuthMethod(method),
        *rest,
    )
