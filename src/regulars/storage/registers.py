"""What the schema says of itself: the comments on tables and columns."""

from regulars.storage.database import Tx

TABLES = """
select relname, coalesce(obj_description(oid, 'pg_class'), '') from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace
order by relname
"""

COLUMNS = """
select relname || '.' || attname, col_description(pg_class.oid, attnum)
from pg_class join pg_attribute on attrelid = pg_class.oid
where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0
    and not attisdropped and col_description(pg_class.oid, attnum) is not null
order by relname, attname
"""


def tables(tx: Tx) -> dict[str, str]:
    """Every table with its comment; "" where there is none."""
    return dict(tx.execute(TABLES).fetchall())


def columns(tx: Tx) -> dict[str, str]:
    """The columns that have a comment, such as vault.sealed."""
    return dict(tx.execute(COLUMNS).fetchall())
