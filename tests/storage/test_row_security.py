"""Every table, looked at by another organization: there is nothing to see and nothing to change."""

from contextlib import closing

import psycopg
import pytest
from tests.conftest import LONG_AGO, cabinet, owner_url
from tests.fullness import fill

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


@pytest.fixture
def full(db: Database) -> Database:
    """Two organizations; the first has a row in every table."""
    organizations.create(
        db, cabinet(), code="theirs", name="Theirs", by=By(0, "test"), now=LONG_AGO
    )
    fill(db)
    return db


def test_no_row_of_any_table_is_seen_or_changed_by_another_organization(full: Database) -> None:
    for table in guarded(full):
        count = f"select count(*) from {table} where organization_id = {OURS}".encode()
        with full.transaction(OURS) as tx:
            assert tx.execute(count).fetchone() != (0,), f"{table}: put a row into tests/fullness"
        for organization in (THEIRS, THEIRS + 1, DEPLOYMENT):
            if table == "revocation" and organization == DEPLOYMENT:
                continue  # Every process has to know what it may believe no more.
            with full.transaction(organization) as tx:
                assert tx.execute(count).fetchone() == (0,), table
        for deed in (f"delete from {table}", f"update {table} set organization_id = {THEIRS}"):
            try:
                with full.transaction(THEIRS) as tx:
                    touched = tx.execute(f"{deed} where organization_id = {OURS}".encode()).rowcount
            except psycopg.errors.InsufficientPrivilege:
                continue  # Nobody may do this in this table.
            assert touched == 0, table


def test_no_row_can_be_moved_or_written_to_another_organization(full: Database) -> None:
    for table in guarded(full):
        statement = f"update {table} set organization_id = {THEIRS}".encode()
        with pytest.raises(psycopg.errors.InsufficientPrivilege), full.transaction(OURS) as tx:
            tx.execute(statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), full.transaction(OURS) as tx:
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
