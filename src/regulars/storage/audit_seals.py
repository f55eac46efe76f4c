"""The chain over the audit trail in PostgreSQL: read, grown, and held against the rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from psycopg import errors

from regulars.domain.chains import Entry, Link
from regulars.storage.arrays import int_array, text_array
from regulars.storage.audit import LOCK
from regulars.storage.database import Database, Tx

SEALING = 0x7365_616C
"""First half of the advisory lock of whoever lengthens the chain; the letters spell "seal"."""

ROWS_TOGETHER = 5_000

# While somebody waits for a lock, later ones queue behind: give up soon, and come again.
LIMIT_LOCK_WAIT = "select set_config('lock_timeout', '1s', true)"

EXCLUDE = "select pg_advisory_xact_lock(%s, %s)"

HIGHEST = "select coalesce(max(id), 0) from audit where organization_id = %s"

LAST = """
select seq, audit_id, digest from audit_seal where organization_id = %s order by seq desc limit 1
"""

ONE = "select seq, audit_id, digest from audit_seal where organization_id = %s and seq = %s"

FOLLOWING = """
select id, organization_id, at, actor, action, target, member_id, purpose, before, after, trace_id
from audit
where organization_id = %s and id > %s and id <= %s
order by id
limit %s
"""

WAITING = """
select count(*), min(at) from audit where organization_id = %s and id > %s
"""

INSERT = """
insert into audit_seal (organization_id, seq, audit_id, digest)
select %s, seq, audit_id, decode(digest, 'hex')
from unnest(%s::bigint[], %s::bigint[], %s::text[]) as link (seq, audit_id, digest)
"""

LINKS = """
select seq, audit_id, digest from audit_seal
where organization_id = %s and seq > %s
order by seq
limit %s
"""

ENTRIES = """
select id, organization_id, at, actor, action, target, member_id, purpose, before, after, trace_id
from audit
where organization_id = %s and id = any(%s::bigint[])
"""

INTRUDERS = """
select audit.id from audit
left join audit_seal as seal
    on seal.organization_id = audit.organization_id and seal.audit_id = audit.id
where audit.organization_id = %s and audit.id <= %s and seal.seq is null
order by audit.id
limit %s
"""


def complete_through(db: Database, organization: int) -> int | None:
    """The id up to which nothing more can come: whoever was writing has ended. None when somebody
    writes for longer than we may keep the others waiting."""
    try:
        with db.transaction(organization) as tx:
            tx.execute(LIMIT_LOCK_WAIT)
            tx.execute(EXCLUDE, [LOCK, organization])
            row = tx.execute(HIGHEST, [organization]).fetchone()
    except errors.LockNotAvailable:
        return None
    assert row is not None
    return int(row[0])


def exclude_others(tx: Tx, organization: int) -> None:
    """Let nobody else lengthen the chain until the transaction ends."""
    tx.execute(EXCLUDE, [SEALING, organization])


def last(tx: Tx, organization: int) -> Link | None:
    """The last link; None of a chain without links."""
    row = tx.execute(LAST, [organization]).fetchone()
    return None if row is None else Link(*row)


def link(tx: Tx, organization: int, seq: int) -> Link | None:
    """One link."""
    row = tx.execute(ONE, [organization, seq]).fetchone()
    return None if row is None else Link(*row)


def following(tx: Tx, organization: int, *, after: int, through: int) -> list[Entry]:
    """The next rows, at most ROWS_TOGETHER of them."""
    asked = [organization, after, through, ROWS_TOGETHER]
    return [Entry(*row) for row in tx.execute(FOLLOWING, asked)]


def waiting(tx: Tx, organization: int, after: int) -> tuple[int, datetime | None]:
    """How many rows the chain does not reach yet, and since when."""
    row = tx.execute(WAITING, [organization, after]).fetchone()
    assert row is not None
    return int(row[0]), row[1]


def append(tx: Tx, organization: int, links: Sequence[Link]) -> None:
    """Lengthen the chain."""
    tx.execute(
        INSERT,
        [
            organization,
            int_array(one.seq for one in links),
            int_array(one.entry_id for one in links),
            text_array(one.digest.hex() for one in links),
        ],
    )


def chain(tx: Tx, organization: int) -> Iterator[tuple[Link, Entry | None]]:
    """Every link from the first, each with its row where that is still there."""
    after = 0
    while links := [Link(*row) for row in tx.execute(LINKS, [organization, after, ROWS_TOGETHER])]:
        numbers = int_array(link.entry_id for link in links)
        found = [Entry(*row) for row in tx.execute(ENTRIES, [organization, numbers])]
        entries = {entry.id: entry for entry in found}
        for link in links:
            yield link, entries.get(link.entry_id)
        after = links[-1].seq


def intruders(tx: Tx, organization: int, through: int, limit: int) -> list[int]:
    """Rows without a link, although younger ones have theirs."""
    return [number for (number,) in tx.execute(INTRUDERS, [organization, through, limit])]
