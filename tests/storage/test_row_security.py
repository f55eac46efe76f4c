"""Every table, looked at by another organization: there is nothing to see and nothing to change."""

from contextlib import closing

import psycopg
import pytest
from tests.conftest import LONG_AGO, cabinet, owner_url

from regulars.domain.audit import By
from regulars.domain.errors import DatabaseUnusable
from regulars.services import organizations
from regulars.storage.database import DEPLOYMENT, Database, _refuse_unfit_server

OURS, THEIRS = 1, 2
OF_THE_DEPLOYMENT = {"migration", "signing_key"}
"""Tables that hold nothing of any organization."""

TABLES = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity,
       exists (select from pg_attribute a where a.attrelid = c.oid
               and a.attname = 'organization_id' and a.attnotnull)
from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
"""

POLICIES = """
select tablename, count(*),
       bool_and(cmd = 'ALL' and roles = '{public}' and permissive = 'PERMISSIVE')
from pg_policies where schemaname = 'public' group by tablename
"""

OWNED = """
select count(*) from pg_class where relnamespace = 'public'::regnamespace
    and pg_get_userbyid(relowner) = current_user
"""


def guarded(db: Database) -> list[str]:
    with db.transaction(OURS) as tx:
        return sorted(row[0] for row in tx.execute(TABLES) if row[3])


def test_every_table_is_guarded_and_its_owner_is_bound_too(db: Database) -> None:
    with db.transaction(OURS) as tx:
        tables = {row[0]: row[1:] for row in tx.execute(TABLES)}
        policies = {row[0]: row[1:] for row in tx.execute(POLICIES)}

    assert len(tables) > 15
    for name, (is_on, is_forced, has_organization) in tables.items():
        if name in OF_THE_DEPLOYMENT:
            continue
        assert is_on, name
        assert is_forced, name
        assert has_organization or name == "organization", name
        assert policies[name] == (1, True), name


def test_the_working_role_owns_nothing_and_cannot_take_the_guard_away(db: Database) -> None:
    with db.transaction(OURS) as tx:
        (mine,) = tx.execute(OWNED).fetchone() or (None,)
        user = tx.info.user
    if user != "regulars_app":
        pytest.skip("a server with one role for everything: the policies bind it all the same")
    assert mine == 0
    for statement in (
        "alter table member disable row level security",
        "drop policy own_organization on member",
        "create policy open on member using (true)",
        "set role regulars",
        "truncate audit",
        "delete from audit",
        "update audit set actor = 'nobody'",
        "delete from transfer",
        "update migration set sha256 = ''",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction(OURS) as tx:
            tx.execute(statement.encode())


def test_without_an_organization_there_is_nothing(db: Database, db_url: str) -> None:
    for url in {db_url, owner_url(db_url)}:
        with psycopg.connect(url) as connection:
            for table in guarded(db):
                row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
                assert row == (0,), table


def test_a_row_cannot_be_moved_or_written_to_another_organization(db: Database) -> None:
    organizations.create(
        db, cabinet(), code="theirs", name="Theirs", by=By(0, "test"), now=LONG_AGO
    )
    tried = 0
    for table in guarded(db):
        with db.transaction(OURS) as tx:
            (rows,) = tx.execute(f"select count(*) from {table}".encode()).fetchone() or (0,)
        if not rows:
            continue
        statement = f"update {table} set organization_id = {THEIRS}".encode()
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction(OURS) as tx:
            tx.execute(statement)
        tried += 1
    assert tried
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction(OURS) as tx:
        tx.execute(
            "insert into member (organization_id, enrolled_at) values (%s, %s)", [THEIRS, LONG_AGO]
        )


def test_the_deployment_sees_which_organizations_there_are_and_nothing_of_theirs(
    db: Database,
) -> None:
    with db.transaction(DEPLOYMENT) as tx:
        assert tx.execute("select count(*) from organization").fetchone() == (1,)
        for table in set(guarded(db)) - {"revocation"}:
            assert tx.execute(f"select count(*) from {table}".encode()).fetchone() == (0,), table


def test_the_setting_ends_with_its_transaction(db_url: str) -> None:
    with closing(Database(db_url, pool_size=1)) as db:
        with db.transaction(OURS) as tx:
            assert tx.execute("select count(*) from organization_key").fetchone() == (2,)
        with db._pool.connection() as tx:
            assert tx.execute("select count(*) from organization_key").fetchone() == (0,)


def test_a_role_that_may_pass_over_the_guard_is_refused(db_url: str) -> None:
    if psycopg.conninfo.conninfo_to_dict(db_url).get("user") != "regulars_app":
        pytest.skip("no superuser to try it with")
    url = psycopg.conninfo.make_conninfo(db_url, user="postgres")
    with pytest.raises(DatabaseUnusable, match="Row-level security does not bind"):
        _refuse_unfit_server(url)
