"""What PostgreSQL says of itself, and what waits in our tables."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

SERVER = """
select current_setting('server_version'), pg_database_size(current_database()),
       (select count(*) from pg_stat_activity where datname = current_database()),
       current_setting('max_connections')::integer,
       (select name from migration order by name desc limit 1),
       (select max(applied_at) from migration)
"""

# The largest first. Partitions and what is stored beside a table count with it.
TABLES = """
select relname, pg_total_relation_size(oid), greatest(reltuples, 0)::bigint
from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace
order by 2 desc
limit %s
"""

# Stops counting where it is clear that there are many.
DUE = """
with due as (
    (select review_at as since from member
     where organization_id = %(organization)s and review_at <= %(now)s
     order by review_at limit %(most)s)
    union all
    (select greatest(expires_at, available_at) from lot
     where organization_id = %(organization)s and is_open and expires_at <= %(now)s
         and available_at <= %(now)s
     order by expires_at limit %(most)s)
    union all
    (select expires_at from hold
     where organization_id = %(organization)s and state = 'open' and expires_at <= %(now)s
     order by expires_at limit %(most)s)
)
select count(*), min(since) from due
"""

LETTERS = """
select count(*), count(*) filter (where attempts > 0), min(created_at)
from outbox where organization_id = %s
"""

RETURNS = "select count(*) from waiting_return where organization_id = %s"


@dataclass(frozen=True, slots=True)
class Server:
    """The server and its database. Sizes in bytes."""

    version: str
    size: int
    connections: int
    most_connections: int
    migration: str | None
    migrated_at: datetime | None


def server(tx: Tx) -> Server:
    """The server as it is."""
    row = tx.execute(SERVER).fetchone()
    assert row is not None
    return Server(*row)


def largest(tx: Tx, limit: int) -> list[tuple[str, int, int]]:
    """The largest tables: name, bytes, about how many rows, of all organizations together."""
    return tx.execute(TABLES, [limit]).fetchall()


def due(tx: Tx, organization: int, now: datetime, most: int) -> tuple[int, datetime | None]:
    """How much is due and not yet looked after, each kind up to `most`; since when."""
    asked = {"organization": organization, "now": now, "most": most}
    row = tx.execute(DUE, asked).fetchone()
    assert row is not None
    return row[0], row[1]


def letters(tx: Tx, organization: int) -> tuple[int, int, datetime | None]:
    """How many letters wait, how many of them were tried in vain, and since when."""
    row = tx.execute(LETTERS, [organization]).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def returns(tx: Tx, organization: int) -> int:
    """How many returns wait for their purchase."""
    row = tx.execute(RETURNS, [organization]).fetchone()
    assert row is not None
    return int(row[0])
