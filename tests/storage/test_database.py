"""The pool, the transaction, the migrations and the array literals, on a real PostgreSQL."""

from regulars.storage.database import Database


def test_a_new_database_has_no_migration_left_to_apply(db: Database) -> None:
    assert db.migrate() == []
