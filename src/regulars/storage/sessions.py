"""Sessions of staff and members in PostgreSQL. Only a hash of each secret is stored."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from regulars.domain.access import Kind
from regulars.storage.database import Tx

PREFIX = "rgs_"
"""Begins every session's secret."""

SECRET_BYTES = 32

_COLUMNS = """
id, kind, subject_id, device, created_at, seen_at, expires_at, strong_until, ended_at
"""

BEGIN = """
insert into session (organization_id, kind, subject_id, secret_hash, device, created_at, seen_at,
                     expires_at, strong_until)
values (%(organization)s, %(kind)s, %(subject)s, %(hash)s, %(device)s, %(at)s, %(at)s,
        %(expires_at)s, %(strong_until)s)
returning id
"""

# Of an organization that is suspended nobody is found.
FIND = f"""
select {_COLUMNS} from session
where organization_id = %s and secret_hash = %s and ended_at is null and expires_at > %s
    and exists (select from organization where id = organization_id and suspended_at is null)
"""  # noqa: S608  # only the constant above is put in

LIST = f"""
select {_COLUMNS} from session
where organization_id = %s and kind = %s and subject_id = %s and ended_at is null
    and expires_at > %s
order by id desc
limit 200
"""  # noqa: S608

# A session that ended stays ended at its first end.
END = """
update session set ended_at = %(at)s
where organization_id = %(organization)s and kind = %(kind)s and subject_id = %(subject)s
    and ended_at is null and (%(only)s::bigint is null or id = %(only)s)
    and (%(keep)s::bigint is null or id <> %(keep)s)
returning id
"""

TOUCH = "update session set seen_at = %s where organization_id = %s and id = %s"

STRENGTHEN = """
update session set strong_until = %s where organization_id = %s and id = %s and ended_at is null
"""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in, without the secret. `subject_id`: of the staff or the member."""

    id: int
    kind: Kind
    subject_id: int
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    strong_until: datetime | None
    ended_at: datetime | None


def new_secret(organization: int) -> str:
    """The secret of a new session, of 256 random bits."""
    return f"{PREFIX}{organization}_{secrets.token_urlsafe(SECRET_BYTES)}"


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. A plain hash serves: 256 random bits cannot be guessed."""
    return sha256(secret.encode()).digest()


def begin(
    tx: Tx,
    organization: int,
    *,
    kind: Kind,
    subject_id: int,
    secret_hash: bytes,
    device: str,
    at: datetime,
    expires_at: datetime,
    strong_until: datetime | None = None,
) -> int:
    """Write a new session; returns its number."""
    row = tx.execute(
        BEGIN,
        {
            "organization": organization,
            "kind": kind.value,
            "subject": subject_id,
            "hash": secret_hash,
            "device": device,
            "at": at,
            "expires_at": expires_at,
            "strong_until": strong_until,
        },
    ).fetchone()
    assert row is not None
    return int(row[0])


def begin_new(
    tx: Tx,
    organization: int,
    *,
    kind: Kind,
    subject_id: int,
    device: str,
    at: datetime,
    expires_at: datetime,
    strong_until: datetime | None = None,
) -> tuple[str, int]:
    """Write a new session under a new secret, which is told this once; and its number."""
    secret = new_secret(organization)
    number = begin(
        tx,
        organization,
        kind=kind,
        subject_id=subject_id,
        secret_hash=hash_of(secret),
        device=device,
        at=at,
        expires_at=expires_at,
        strong_until=strong_until,
    )
    return secret, number


def find(tx: Tx, organization: int, secret_hash: bytes, now: datetime) -> Session | None:
    """The live session with this hash."""
    row = tx.execute(FIND, [organization, secret_hash, now]).fetchone()
    return None if row is None else _session(row)


def listed(tx: Tx, organization: int, kind: Kind, subject_id: int, now: datetime) -> list[Session]:
    """The live sessions of one person, newest first."""
    rows = tx.execute(LIST, [organization, kind.value, subject_id, now])
    return [_session(row) for row in rows]


def end(
    tx: Tx,
    organization: int,
    kind: Kind,
    subject_id: int,
    *,
    at: datetime,
    only: int | None = None,
    keep: int | None = None,
) -> list[int]:
    """End a person's sessions: all, `only` one, or all but the one to `keep`; their numbers. The
    caller revokes "session:<number>" for each, so that every process knows."""
    asked = {
        "organization": organization,
        "kind": kind.value,
        "subject": subject_id,
        "at": at,
        "only": only,
        "keep": keep,
    }
    return [number for (number,) in tx.execute(END, asked)]


def touch(tx: Tx, organization: int, session_id: int, at: datetime) -> None:
    """Note that the session was used."""
    tx.execute(TOUCH, [at, organization, session_id])


def strengthen(tx: Tx, organization: int, session_id: int, until: datetime) -> None:
    """Note that a second factor was shown, and how long that counts."""
    tx.execute(STRENGTHEN, [until, organization, session_id])


def _session(row: Sequence[Any]) -> Session:
    return Session(row[0], Kind(row[1]), *row[2:])
