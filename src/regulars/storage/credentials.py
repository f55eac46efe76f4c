"""What was revoked, for every process to see."""

from collections.abc import Iterable
from datetime import datetime

from regulars.domain.access import REVOKED_FOR
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

REVOKE = """
insert into revocation (organization_id, name, revoked_at, expires_at)
select %(organization)s, name, %(at)s, %(until)s from unnest(%(names)s::text[]) as fresh (name)
"""

CURRENT = "select organization_id, name from revocation where expires_at > %s"

PARDON = "delete from revocation where organization_id = %s and name = %s"

IS_REVOKED = """
select exists (select from revocation
               where organization_id = %s and name = any(%s::text[]) and expires_at > %s)
"""

FORGET = "delete from revocation where expires_at <= %s"


def revoke(tx: Tx, organization: int, names: Iterable[str], at: datetime) -> None:
    """Let nothing be believed any more that goes by one of `names`, such as "key:3"."""
    tx.execute(
        REVOKE,
        {
            "organization": organization,
            "names": text_array(names),
            "at": at,
            "until": at + REVOKED_FOR,
        },
    )


def revoked(tx: Tx, now: datetime) -> frozenset[tuple[int, str]]:
    """All that was revoked of late, as (organization, name). In a transaction of the deployment
    this is of all organizations."""
    return frozenset((row[0], row[1]) for row in tx.execute(CURRENT, [now]))


def was_revoked(tx: Tx, organization: int, names: Iterable[str], now: datetime) -> bool:
    """Whether something that goes by these names was revoked of late."""
    return tx.execute(IS_REVOKED, [organization, text_array(names), now]).fetchone() == (True,)


def forget(tx: Tx, now: datetime) -> None:
    """Let go of revocations that nothing can hang on any more."""
    tx.execute(FORGET, [now])


def pardon(tx: Tx, organization: int, name: str) -> None:
    """Let what goes by `name` be believed again: an organization that was suspended."""
    tx.execute(PARDON, [organization, name])
