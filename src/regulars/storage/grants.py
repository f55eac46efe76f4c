"""What the role that works with the tables may do with them; it owns none of them."""

from psycopg import Connection, sql

MAY_NOT: dict[str, str] = {
    "migration": "insert, update, delete",
    "organization": "delete",
    "program_version": "update, delete",
    "event": "delete",
    "transfer": "update, delete",
    "lot": "delete",
    "lot_use": "update, delete",
    "tier_change": "update, delete",
    "staff": "delete",
    "approval": "delete",
    "audit": "update, delete",
    "audit_seal": "update, delete",
    "consent": "update, delete",
    "retention_run": "update, delete",
    "reward": "delete",
    "reward_variant": "delete",
    "stock_change": "update, delete",
    "sale": "delete",
    "redemption": "delete",
    "redemption_step": "delete",
}
"""Taken away again, table by table: what is on record stays on record."""

IS_OWNER = "select current_user = %s"

ALLOW = """
grant usage on schema public to {role};
grant select, insert, update, delete on all tables in schema public to {role};
grant usage, select on all sequences in schema public to {role};
"""

HAS_TABLE = "select to_regclass(%s) is not null"


def allow(tx: Connection[tuple[object, ...]], role: str) -> None:
    """Let `role` work with all tables. Called by their owner; nothing to do when that is `role`."""
    if tx.execute(IS_OWNER, [role]).fetchone() == (True,):
        return
    name = sql.Identifier(role)
    tx.execute(sql.SQL(ALLOW).format(role=name))
    for table, deeds in MAY_NOT.items():
        if tx.execute(HAS_TABLE, [table]).fetchone() == (True,):
            statement = sql.SQL("revoke {deeds} on {table} from {role}")
            tx.execute(
                statement.format(
                    deeds=sql.SQL(deeds),
                    table=sql.Identifier(table),
                    role=name,
                )
            )
