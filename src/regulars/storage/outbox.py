"""Letters that wait to be handed over, sealed; they go when they were, or when it is too late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.storage.database import Tx
from regulars.storage.sealing import Cabinet

PUT = """
insert into outbox (organization_id, key_version, sealed, created_at, next_try_at, expires_at)
values (%s, %s, %s, %s, %s, %s)
returning id
"""

# Whoever takes a letter has it for a while: should they fail without a word, others try again,
# ever later.
TAKE = """
update outbox
set attempts = attempts + 1,
    next_try_at = %(now)s + least(%(lease)s * power(2, attempts), %(longest)s)
where organization_id = %(organization)s and id in (
    select id from outbox
    where organization_id = %(organization)s and next_try_at <= %(now)s and expires_at > %(now)s
        and (%(only)s::bigint is null or id = %(only)s)
    order by next_try_at
    limit %(limit)s
    for update skip locked
)
returning id, key_version, sealed
"""

REMOVE = "delete from outbox where organization_id = %s and id = %s"

FORGET = "delete from outbox where organization_id = %s and expires_at <= %s"

LEASE = timedelta(seconds=60)
LONGEST = timedelta(hours=1)
PLACE = "letter"


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """A letter as whoever put it in has written it."""

    id: int
    letter: bytes


def put(
    tx: Tx,
    cabinet: Cabinet,
    organization: int,
    *,
    letter: bytes,
    at: datetime,
    expires_at: datetime,
) -> int:
    """Seal a letter and let it wait; its number. After `expires_at` nobody wants it any more."""
    version, sealed = cabinet.keys(tx, organization).seal(letter, PLACE)
    row = tx.execute(PUT, [organization, version, sealed, at, at, expires_at]).fetchone()
    assert row is not None
    return int(row[0])


def take(
    tx: Tx, cabinet: Cabinet, organization: int, *, now: datetime, limit: int, only: int | None
) -> list[Waiting]:
    """Letters that are due, or `only` one of them, for the caller to hand over at once."""
    asked = {
        "organization": organization,
        "now": now,
        "lease": LEASE,
        "longest": LONGEST,
        "only": only,
        "limit": limit,
    }
    rows = tx.execute(TAKE, asked).fetchall()
    return [
        Waiting(
            number, cabinet.keys(tx, organization, version=version).open(version, sealed, PLACE)
        )
        for number, version, sealed in rows
    ]


def remove(tx: Tx, organization: int, letter_id: int) -> None:
    """Forget a letter that was handed over, or never can be."""
    tx.execute(REMOVE, [organization, letter_id])


def forget(tx: Tx, organization: int, now: datetime) -> int:
    """Forget letters that are too late; how many."""
    return tx.execute(FORGET, [organization, now]).rowcount
