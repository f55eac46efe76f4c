"""Third parties by which members sign in, in PostgreSQL; their secrets are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

_COLUMNS = "code, kind, name, issuer, client_id, key_version, sealed_secret, options, changed_at"

PUT = """
insert into member_identity_provider (organization_id, code, kind, name, issuer, client_id,
                                      key_version, sealed_secret, options, changed_at)
values (%(organization)s, %(code)s, %(kind)s, %(name)s, %(issuer)s, %(client_id)s, %(version)s,
        %(sealed)s, %(options)s, %(at)s)
on conflict (organization_id, code) do update
set kind = excluded.kind, name = excluded.name, issuer = excluded.issuer,
    client_id = excluded.client_id, key_version = excluded.key_version,
    sealed_secret = excluded.sealed_secret, options = excluded.options,
    changed_at = excluded.changed_at
"""

FIND = f"""
select {_COLUMNS} from member_identity_provider where organization_id = %s and code = %s
"""  # noqa: S608  # only the constant above is put in

LIST = f"""
select {_COLUMNS} from member_identity_provider where organization_id = %s order by code
"""  # noqa: S608

REMOVE = "delete from member_identity_provider where organization_id = %s and code = %s"

UNLINK = "delete from identity where organization_id = %s and member_id = %s and system = %s"

PLACE = "member provider"

SYSTEM = "idp."
"""With a provider's code: the system of the identities that it vouches for."""


@dataclass(frozen=True, slots=True)
class MemberProvider:
    """One provider and what it knows us by. `options`: JSON text of what only one kind knows."""

    code: str
    kind: str
    name: str
    issuer: str
    client_id: str
    options: str
    changed_at: datetime
    secret: str = field(repr=False, default="")


def put(tx: Tx, cabinet: Cabinet, organization: int, provider: MemberProvider) -> None:
    """Write a provider, in the place of one with the same code."""
    version, sealed = cabinet.keys(tx, organization).seal(provider.secret.encode(), PLACE)
    tx.execute(
        PUT,
        {
            "organization": organization,
            "code": provider.code,
            "kind": provider.kind,
            "name": provider.name,
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "version": version,
            "sealed": sealed,
            "options": provider.options,
            "at": provider.changed_at,
        },
    )


def find(tx: Tx, cabinet: Cabinet, organization: int, code: str) -> MemberProvider | None:
    """The provider with this code, and its secret."""
    row = tx.execute(FIND, [organization, code]).fetchone()
    if row is None:
        return None
    keys = cabinet.keys(tx, organization, version=row[5])
    return _provider(row, keys.open(row[5], row[6], PLACE).decode())


def listed(tx: Tx, organization: int) -> list[MemberProvider]:
    """All of them, without their secrets."""
    return [_provider(row, "") for row in tx.execute(LIST, [organization])]


def remove(tx: Tx, organization: int, code: str) -> bool:
    """Forget a provider; whether there was one. Who is linked to it stays so."""
    return tx.execute(REMOVE, [organization, code]).rowcount > 0


def unlink(tx: Tx, organization: int, member_id: int, code: str) -> bool:
    """Let a provider no longer vouch for this member; whether it did."""
    return tx.execute(UNLINK, [organization, member_id, SYSTEM + code]).rowcount > 0


def _provider(row: Sequence[Any], secret: str) -> MemberProvider:
    code, kind, name, issuer, client_id, _, _, options, changed_at = row
    return MemberProvider(code, kind, name, issuer, client_id, options, changed_at, secret)
