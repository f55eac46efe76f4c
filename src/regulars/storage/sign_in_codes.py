"""One-time codes in PostgreSQL, as keyed hashes: sent, tried, used once."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

# A new code makes the one before it void.
SEND = """
insert into sign_in_code (organization_id, account, purpose, code_hash, sent_at, expires_at)
values (%(organization)s, %(account)s, %(purpose)s, %(hash)s, %(at)s, %(expires_at)s)
on conflict (organization_id, account, purpose) do update
set code_hash = excluded.code_hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at,
    tries = 0, used_at = null
"""

ALIVE = """
select id, code_hash, tries, sent_at from sign_in_code
where organization_id = %s and account = %s and purpose = %s and used_at is null
    and expires_at > %s
for update
"""

USE = "update sign_in_code set used_at = %s where organization_id = %s and id = %s"

MISS = "update sign_in_code set tries = tries + 1 where organization_id = %s and id = %s"

FORGET = "delete from sign_in_code where organization_id = %s and sent_at <= %s"


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that may still be used. `tries`: wrong ones since it was sent."""

    id: int
    code_hash: str
    tries: int
    sent_at: datetime


def send(
    tx: Tx,
    organization: int,
    *,
    account: str,
    purpose: str,
    code_hash: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Note a code that goes out; the one before it is void."""
    tx.execute(
        SEND,
        {
            "organization": organization,
            "account": account,
            "purpose": purpose,
            "hash": code_hash,
            "at": at,
            "expires_at": expires_at,
        },
    )


def alive(
    tx: Tx, organization: int, *, account: str, purpose: str, now: datetime
) -> SentCode | None:
    """The code that may still be used, with no one else trying it until the transaction ends."""
    row = tx.execute(ALIVE, [organization, account, purpose, now]).fetchone()
    return None if row is None else SentCode(*row)


def use(tx: Tx, organization: int, code_id: int, at: datetime) -> None:
    """Note that it was used."""
    tx.execute(USE, [at, organization, code_id])


def miss(tx: Tx, organization: int, code_id: int) -> None:
    """Note a wrong try."""
    tx.execute(MISS, [organization, code_id])


def forget(tx: Tx, organization: int, sent_before: datetime) -> int:
    """Let go of codes sent up to an instant, used or not; how many."""
    return tx.execute(FORGET, [organization, sent_before]).rowcount
