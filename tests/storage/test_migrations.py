"""Migrations are applied once, in order, whoever else is at it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from regulars.domain.errors import DatabaseUnusable
from regulars.storage.database import Database

FIRST = "create table first (id int primary key);\ninsert into first values (1), (2);\n"
SECOND = "alter table first add column name text not null default '无';\n"
FILES = {"0001_first.sql": FIRST, "0002_second.sql": SECOND}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def migrate(url: str, folder: Path) -> list[str]:
    with closing(Database(url, migrations=folder, pool_size=1)) as database:
        return database.migrate()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_migrations_are_applied_in_order_and_only_once(empty_url: str, tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    assert migrate(empty_url, folder) == ["0001_first.sql", "0002_second.sql"]
    assert migrate(empty_url, folder) == []
    assert rows(empty_url, "select * from first order by id") == [(1, "无"), (2, "无")]
    assert rows(empty_url, "select name, length(sha256) from migration order by name") == [
        ("0001_first.sql", 64),
        ("0002_second.sql", 64),
    ]


def test_many_processes_that_migrate_at_once_apply_each_migration_once(
    empty_url: str, tmp_path: Path
) -> None:
    more = {f"{n:04}_more.sql": f"create table more_{n} (id int);" for n in range(3, 9)}
    folder = write(tmp_path, FILES | more)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: migrate(empty_url, folder), range(4)))
    assert sorted(name for names in answers for name in names) == sorted(FILES | more)


def test_a_migration_that_changed_after_it_was_applied_is_refused(
    empty_url: str, tmp_path: Path
) -> None:
    folder = write(tmp_path, FILES)
    migrate(empty_url, folder)
    write(folder, {"0001_first.sql": FIRST + "-- and more", "0003_third.sql": "select 1"})
    with pytest.raises(DatabaseUnusable, match=r"0001_first\.sql was changed"):
        migrate(empty_url, folder)
    assert rows(empty_url, "select count(*) from migration") == [(2,)]


def test_line_ends_of_another_system_are_no_change(empty_url: str, tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    migrate(empty_url, folder)
    (folder / "0001_first.sql").write_bytes(FIRST.replace("\n", "\r\n").encode())
    assert migrate(empty_url, folder) == []


def test_a_migration_that_fails_leaves_nothing_and_keeps_those_before_it(
    empty_url: str, tmp_path: Path
) -> None:
    folder = write(tmp_path, {**FILES, "0003_third.sql": "create table third (); select 1 / 0;"})
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_url, folder)
    assert rows(empty_url, "select to_regclass('first')::text, to_regclass('third')") == [
        ("first", None)
    ]
    write(folder, {"0003_third.sql": "create table third ();"})
    assert migrate(empty_url, folder) == ["0003_third.sql"]


def test_an_older_release_lives_with_the_schema_of_a_newer_one(
    empty_url: str, tmp_path: Path
) -> None:
    folder = write(tmp_path, FILES)
    migrate(empty_url, folder)
    (folder / "0002_second.sql").unlink()
    assert migrate(empty_url, folder) == []


def test_a_migration_does_not_wait_long_for_a_busy_table(empty_url: str, tmp_path: Path) -> None:
    folder = write(tmp_path, {"0001_first.sql": FIRST})
    migrate(empty_url, folder)
    limit = "alter table first add column seen text default current_setting('lock_timeout');"
    write(folder, {"0002_limit.sql": limit})
    migrate(empty_url, folder)
    assert rows(empty_url, "select distinct seen from first") == [("5s",)]


@pytest.mark.parametrize("name", ["1_short.sql", "0002-dash.sql", "0001_same_number.sql"])
def test_a_badly_named_migration_is_a_mistake_of_ours(
    empty_url: str, tmp_path: Path, name: str
) -> None:
    folder = write(tmp_path, {"0001_first.sql": FIRST, name: "select 1"})
    with pytest.raises(AssertionError):
        migrate(empty_url, folder)
