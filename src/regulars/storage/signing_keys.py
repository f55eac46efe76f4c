"""The deployment's keys that sign access tokens; the private halves are sealed."""

from dataclasses import dataclass, field
from datetime import datetime

from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

LOCK = "select pg_advisory_xact_lock(%s)"
LOCKED = 0x7369_676E
"""The letters spell "sign"."""

LIST = """
select kid, state, public_key, sealed, created_at, retired_at from signing_key
order by created_at, kid
"""

INSERT = """
insert into signing_key (kid, state, public_key, sealed, created_at) values (%s, %s, %s, %s, %s)
"""

RETIRE = "update signing_key set state = 'retired', retired_at = %s where state = 'current'"

PROMOTE = "update signing_key set state = 'current' where state = 'next'"

FORGET = "delete from signing_key where retired_at < %s"

DROP = "delete from signing_key"

RESEAL = "update signing_key set sealed = %s where kid = %s"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key. `state`: "current" signs, "next" will, "retired" did. `public_key`: a JWK."""

    kid: str
    state: str
    public_key: str
    sealed: bytes = field(repr=False)
    created_at: datetime
    retired_at: datetime | None


def lock(tx: Tx) -> None:
    """Let nobody else change the keys until the transaction ends."""
    tx.execute(LOCK, [LOCKED])


def listed(tx: Tx) -> list[SigningKey]:
    """Every key, the oldest first."""
    rows = tx.execute(LIST)
    return [SigningKey(row[0], row[1], row[2], bytes(row[3]), *row[4:]) for row in rows]


def insert(
    tx: Tx, cabinet: Cabinet, *, kid: str, state: str, public_key: str, private: bytes, at: datetime
) -> None:
    """Write a new key, and seal its private half."""
    sealed = cabinet.seal_for_deployment(private, _context(kid))
    tx.execute(INSERT, [kid, state, public_key, sealed, at])


def private_of(cabinet: Cabinet, key: SigningKey) -> bytes:
    """The private half. Raises KeyServiceFailed."""
    return cabinet.open_for_deployment(key.sealed, _context(key.kid))


def turn(tx: Tx, at: datetime) -> None:
    """The current key retires, and the next one takes its place."""
    tx.execute(RETIRE, [at])
    tx.execute(PROMOTE)


def forget(tx: Tx, retired_before: datetime) -> None:
    """Let go of keys whose last token is long over."""
    tx.execute(FORGET, [retired_before])


def drop(tx: Tx) -> None:
    """Let go of all keys: every token is useless from then on."""
    tx.execute(DROP)


def reseal(tx: Tx, cabinet: Cabinet) -> int:
    """Seal all keys anew under the current key of the key file or service; how many."""
    lock(tx)
    keys = listed(tx)
    for key in keys:
        private = private_of(cabinet, key)
        tx.execute(RESEAL, [cabinet.seal_for_deployment(private, _context(key.kid)), key.kid])
    return len(keys)


def _context(kid: str) -> str:
    return f"signing key {kid}"
