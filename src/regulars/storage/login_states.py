"""Sign-ins under way: begun by one browser, ended by the same one, once."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

BEGIN = """
insert into login_state (state_hash, organization_id, kind, browser_hash, member_id, key_version,
                         sealed, expires_at)
values (%(state)s, %(organization)s, %(kind)s, %(browser)s, %(member_id)s, %(version)s, %(sealed)s,
        %(expires_at)s)
"""

# Taken away by whoever comes first, whatever then comes of it.
END = """
delete from login_state
where organization_id = %s and state_hash = %s and kind = %s
returning browser_hash, member_id, key_version, sealed, expires_at
"""

FORGET = "delete from login_state where organization_id = %s and expires_at <= %s"

PLACE = "login"


@dataclass(frozen=True, slots=True, repr=False)
class Begun:
    """What was noted when a sign-in began. `member_id`: of whoever was signed in already."""

    browser_hash: bytes
    member_id: int | None
    notes: dict[str, str]
    expires_at: datetime


def begin(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    *,
    kind: str,
    state: str,
    browser: str,
    notes: dict[str, str],
    expires_at: datetime,
    member_id: int | None = None,
) -> None:
    """Note that a sign-in began. `state` comes back from afar; `browser` is its cookie's secret;
    `notes` are sealed."""
    version, sealed = cabinet.keys(tx, organization).seal(msgspec.json.encode(notes), PLACE)
    tx.execute(
        BEGIN,
        {
            "state": hash_of(state),
            "organization": organization,
            "kind": kind,
            "browser": hash_of(browser),
            "member_id": member_id,
            "version": version,
            "sealed": sealed,
            "expires_at": expires_at,
        },
    )


def end(tx: Tx, cabinet: Cabinet, organization: int, *, kind: str, state: str) -> Begun | None:
    """What was noted, which serves once; None when nothing was, or somebody was there before."""
    row = tx.execute(END, [organization, hash_of(state), kind]).fetchone()
    if row is None:
        return None
    browser, member_id, version, sealed, expires_at = row
    keys = cabinet.keys(tx, organization, version=version)
    notes = keys.open(version, sealed, PLACE)
    return Begun(bytes(browser), member_id, _notes.decode(notes), expires_at)


def hash_of(secret: str) -> bytes:
    """What is stored of a state or a browser's secret, which are random."""
    return sha256(secret.encode()).digest()


def forget(tx: Tx, organization: int, now: datetime) -> None:
    """Let go of sign-ins that nobody ended."""
    tx.execute(FORGET, [organization, now])


_notes = msgspec.json.Decoder(dict[str, str])
