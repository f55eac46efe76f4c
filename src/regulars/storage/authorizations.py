"""What people granted to applications, and the codes and refresh tokens that come of it. Of codes
and tokens only hashes are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from regulars.domain.access import Role, Scope
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

REMEMBERED_FOR = timedelta(days=1)
"""How long a code that is over is known still, so that its repetition is noticed."""

# What was granted before stays granted.
GRANT = """
insert into client_grant (organization_id, client_number, member_id, staff_id, scopes, granted_at)
values (%(organization)s, %(client)s, %(member)s, %(staff)s, %(scopes)s::text[], %(at)s)
returning id
"""

EXTEND = """
update client_grant set granted_at = %(at)s,
    scopes = array(select unnest(scopes) union select unnest(%(scopes)s::text[]) order by 1)
where organization_id = %(organization)s and client_number = %(client)s and withdrawn_at is null
    and member_id is not distinct from %(member)s and staff_id is not distinct from %(staff)s
returning id
"""

_GRANT_COLUMNS = """
client_grant.id, client_grant.client_number, member_id, staff_id, client_grant.scopes, granted_at,
withdrawn_at, client.name, client.client_id
"""

GET_GRANT = f"""
select {_GRANT_COLUMNS} from client_grant join client on client.id = client_number
where client_grant.organization_id = %s and client_grant.id = %s and withdrawn_at is null
"""  # noqa: S608  # only the constant above is put in

LIST_GRANTS = f"""
select {_GRANT_COLUMNS} from client_grant join client on client.id = client_number
where client_grant.organization_id = %s and member_id = %s and withdrawn_at is null
    and disabled_at is null
order by client_grant.id desc
limit 1000
"""  # noqa: S608

WITHDRAW = """
update client_grant set withdrawn_at = %s
where organization_id = %s and member_id = %s and id = %s and withdrawn_at is null
returning client_number
"""

WITHDRAW_OF_STAFF = """
update client_grant set withdrawn_at = %s
where organization_id = %s and staff_id = %s and withdrawn_at is null
returning id
"""

# A grant is of somebody who is there and let in.
STAFF_ROLES = """
select roles from staff where organization_id = %s and id = %s and suspended_at is null
"""

HAS_MEMBER = "select exists (select from member where organization_id = %s and id = %s)"

INSERT_CODE = """
insert into authorization_code (organization_id, code_hash, client_number, grant_id, scopes,
                                redirect_uri, challenge, expires_at)
values (%(organization)s, %(hash)s, %(client)s, %(grant)s, %(scopes)s::text[], %(redirect_uri)s,
        %(challenge)s, %(expires_at)s)
"""

FORGET_CODES = "delete from authorization_code where organization_id = %s and expires_at < %s"

# Two who come with the same code at once: the second waits here, and then finds it used.
TAKE_CODE = """
select id, client_number, grant_id, scopes, redirect_uri, challenge, expires_at, used_at
from authorization_code where organization_id = %s and code_hash = %s and client_number = %s
for update
"""

USE_CODE = """
update authorization_code set used_at = coalesce(used_at, %s) where organization_id = %s and id = %s
"""

INSERT_REFRESH = """
insert into refresh_token (organization_id, token_hash, client_number, grant_id, family, scopes,
                           issued_at, expires_at)
values (%(organization)s, %(hash)s, %(client)s, %(grant)s, %(family)s, %(scopes)s::text[], %(at)s,
        %(expires_at)s)
"""

FORGET_REFRESH = "delete from refresh_token where organization_id = %s and expires_at < %s"

TAKE_REFRESH = """
select id, client_number, grant_id, family, scopes, issued_at, expires_at, rotated_at, revoked_at
from refresh_token where organization_id = %s and token_hash = %s
for update
"""

ROTATE = "update refresh_token set rotated_at = %s where organization_id = %s and id = %s"

REVOKE_FAMILY = """
update refresh_token set revoked_at = %s
where organization_id = %s and family = %s and revoked_at is null
"""

REVOKE_GRANT = """
update refresh_token set revoked_at = %s
where organization_id = %s and grant_id = %s and revoked_at is null
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one person has granted to one application: exactly one of `member_id`, `staff_id`."""

    id: int
    client_number: int
    member_id: int | None
    staff_id: int | None
    scopes: frozenset[Scope]
    granted_at: datetime
    withdrawn_at: datetime | None
    client_name: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code, without itself. Its number names the family of its tokens."""

    id: int
    client_number: int
    grant_id: int
    scopes: frozenset[Scope]
    redirect_uri: str
    challenge: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token, without itself."""

    id: int
    client_number: int
    grant_id: int
    family: int
    scopes: frozenset[Scope]
    issued_at: datetime
    expires_at: datetime
    rotated_at: datetime | None
    revoked_at: datetime | None


def grant(
    tx: Tx,
    organization: int,
    *,
    client_number: int,
    member_id: int | None,
    staff_id: int | None,
    scopes: frozenset[Scope],
    at: datetime,
) -> int:
    """Note what a person granted, beside what they had granted before; the grant's number."""
    asked = {
        "organization": organization,
        "client": client_number,
        "member": member_id,
        "staff": staff_id,
        "scopes": text_array(sorted(scopes)),
        "at": at,
    }
    row = tx.execute(EXTEND, asked).fetchone() or tx.execute(GRANT, asked).fetchone()
    assert row is not None
    return int(row[0])


def get_grant(tx: Tx, organization: int, grant_id: int) -> Grant | None:
    """A grant that was not withdrawn."""
    row = tx.execute(GET_GRANT, [organization, grant_id]).fetchone()
    return None if row is None else _grant(row)


def grants_of(tx: Tx, organization: int, member_id: int) -> list[Grant]:
    """What a member has granted and not withdrawn, the latest first."""
    return [_grant(row) for row in tx.execute(LIST_GRANTS, [organization, member_id])]


def withdraw(tx: Tx, organization: int, member_id: int, grant_id: int, at: datetime) -> int | None:
    """Take a grant back, and its refresh tokens with it; the application's number, or None when
    there is no such grant. The caller revokes "grant:<number>"."""
    row = tx.execute(WITHDRAW, [at, organization, member_id, grant_id]).fetchone()
    if row is None:
        return None
    tx.execute(REVOKE_GRANT, [at, organization, grant_id])
    return int(row[0])


def withdraw_of_staff(tx: Tx, organization: int, staff_id: int, at: datetime) -> list[int]:
    """Take back all that somebody on the staff has granted; the numbers of the grants. The caller
    revokes "grant:<number>" for each."""
    gone = [number for (number,) in tx.execute(WITHDRAW_OF_STAFF, [at, organization, staff_id])]
    for number in gone:
        tx.execute(REVOKE_GRANT, [at, organization, number])
    return gone


def staff_roles(tx: Tx, organization: int, staff_id: int) -> frozenset[Role]:
    """What the member of staff is now; nothing for one who is gone or suspended."""
    row = tx.execute(STAFF_ROLES, [organization, staff_id]).fetchone()
    return frozenset(map(Role, row[0])) if row is not None else frozenset()


def has_member(tx: Tx, organization: int, member_id: int) -> bool:
    """Whether the member is there."""
    return tx.execute(HAS_MEMBER, [organization, member_id]).fetchone() == (True,)


def insert_code(
    tx: Tx,
    organization: int,
    *,
    code_hash: bytes,
    client_number: int,
    grant_id: int,
    scopes: frozenset[Scope],
    redirect_uri: str,
    challenge: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Write a new code, and let go of those that were over a day ago."""
    tx.execute(FORGET_CODES, [organization, now - REMEMBERED_FOR])
    tx.execute(
        INSERT_CODE,
        {
            "organization": organization,
            "hash": code_hash,
            "client": client_number,
            "grant": grant_id,
            "scopes": text_array(sorted(scopes)),
            "redirect_uri": redirect_uri,
            "challenge": challenge,
            "expires_at": expires_at,
        },
    )


def take_code(tx: Tx, organization: int, code_hash: bytes, client_number: int) -> Code | None:
    """A code of this application, which nobody else takes until the transaction ends."""
    row = tx.execute(TAKE_CODE, [organization, code_hash, client_number]).fetchone()
    if row is None:
        return None
    number, client, grant_id, scopes, *rest = row
    return Code(number, client, grant_id, _scopes(scopes), *rest)


def use_code(tx: Tx, organization: int, code_id: int, at: datetime) -> None:
    """Note that the code was used; it serves once."""
    tx.execute(USE_CODE, [at, organization, code_id])


def insert_refresh(
    tx: Tx,
    organization: int,
    *,
    token_hash: bytes,
    client_number: int,
    grant_id: int,
    family: int,
    scopes: frozenset[Scope],
    at: datetime,
    expires_at: datetime,
) -> None:
    """Write a new refresh token, and let go of those that are over."""
    tx.execute(FORGET_REFRESH, [organization, at])
    tx.execute(
        INSERT_REFRESH,
        {
            "organization": organization,
            "hash": token_hash,
            "client": client_number,
            "grant": grant_id,
            "family": family,
            "scopes": text_array(sorted(scopes)),
            "at": at,
            "expires_at": expires_at,
        },
    )


def take_refresh(tx: Tx, organization: int, token_hash: bytes) -> Refresh | None:
    """A refresh token, which nobody else takes until the transaction ends."""
    row = tx.execute(TAKE_REFRESH, [organization, token_hash]).fetchone()
    if row is None:
        return None
    number, client, grant_id, family, scopes, *rest = row
    return Refresh(number, client, grant_id, family, _scopes(scopes), *rest)


def rotate(tx: Tx, organization: int, refresh_id: int, at: datetime) -> None:
    """Note that the token was used; another takes its place."""
    tx.execute(ROTATE, [at, organization, refresh_id])


def revoke_family(tx: Tx, organization: int, family: int, at: datetime) -> None:
    """Make all refresh tokens of one authorization useless. The caller revokes
    "family:<number>"."""
    tx.execute(REVOKE_FAMILY, [at, organization, family])


def _grant(row: Sequence[Any]) -> Grant:
    number, client, member_id, staff_id, scopes, *rest = row
    return Grant(number, client, member_id, staff_id, _scopes(scopes), *rest)


def _scopes(names: Sequence[str]) -> frozenset[Scope]:
    return frozenset(map(Scope, names))
