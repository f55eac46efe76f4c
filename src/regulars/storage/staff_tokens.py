"""Invitations, ways to a new password, and recovery codes. Only hashes of them are stored."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from regulars.storage.database import Tx

PREFIX = "rgi_"
SECRET_BYTES = 32
MOST_TOKEN = 200

VOID = """
update staff_token set used_at = %s where organization_id = %s and staff_id = %s and used_at is null
"""

ADD = """
insert into staff_token (organization_id, staff_id, purpose, secret_hash, created_at, expires_at)
values (%s, %s, %s, %s, %s, %s)
"""

LOOK = """
select staff_id from staff_token
where organization_id = %s and secret_hash = %s and purpose = %s and used_at is null
    and expires_at > %s
"""

USE = """
update staff_token set used_at = %(at)s
where organization_id = %(organization)s and secret_hash = %(hash)s and purpose = %(purpose)s
    and used_at is null and expires_at > %(at)s
returning staff_id
"""

FORGET_CODES = "delete from recovery_code where organization_id = %s and staff_id = %s"

ADD_CODES = """
insert into recovery_code (staff_id, code_hash, organization_id)
select %s, code_hash, %s from unnest(%s::bytea[]) as fresh (code_hash)
"""

USE_CODE = """
update recovery_code set used_at = %s
where organization_id = %s and staff_id = %s and code_hash = %s and used_at is null
returning staff_id
"""


class Purpose(StrEnum):
    """What a token is for."""

    INVITATION = "invitation"
    RESET = "reset"


def hash_of(secret: str) -> bytes:
    """What is stored. A plain hash serves: what is hashed here cannot be guessed."""
    return sha256(secret.encode()).digest()


def issue(
    tx: Tx,
    organization: int,
    staff_id: int,
    purpose: Purpose,
    *,
    at: datetime,
    expires_at: datetime,
) -> str:
    """A new token, which is told this once; those before it are void."""
    secret = f"{PREFIX}{organization}_{secrets.token_urlsafe(SECRET_BYTES)}"
    void(tx, organization, staff_id, at)
    values = [organization, staff_id, purpose.value, hash_of(secret), at, expires_at]
    tx.execute(ADD, values)
    return secret


def void(tx: Tx, organization: int, staff_id: int, at: datetime) -> None:
    """Let no token of theirs count any more."""
    tx.execute(VOID, [at, organization, staff_id])


def look(tx: Tx, organization: int, secret: str, purpose: Purpose, now: datetime) -> int | None:
    """Whose token this is, if it can still be used."""
    row = tx.execute(LOOK, [organization, hash_of(secret), purpose.value, now]).fetchone()
    return None if row is None else int(row[0])


def use(tx: Tx, organization: int, secret: str, purpose: Purpose, at: datetime) -> int | None:
    """Use a token up; whose it was, or None. Of two at once, one gets it."""
    values = {
        "organization": organization,
        "hash": hash_of(secret),
        "purpose": purpose.value,
        "at": at,
    }
    row = tx.execute(USE, values).fetchone()
    return None if row is None else int(row[0])


def set_codes(tx: Tx, organization: int, staff_id: int, codes: Iterable[str]) -> None:
    """Put these recovery codes in the place of all before them."""
    tx.execute(FORGET_CODES, [organization, staff_id])
    tx.execute(ADD_CODES, [staff_id, organization, [hash_of(code) for code in codes]])


def use_code(tx: Tx, organization: int, staff_id: int, code: str, at: datetime) -> bool:
    """Use a recovery code up; whether it was one."""
    row = tx.execute(USE_CODE, [at, organization, staff_id, hash_of(code)]).fetchone()
    return row is not None
