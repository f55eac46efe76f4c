"""Where an embedded PostgreSQL cluster lies, how it is made and how it is configured."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from regulars.domain.errors import DatabaseUnusable
from regulars.storage.server_accounts import (
    Account,
    folder_within_reach,
    is_reachable,
    own_folder,
    passable_folder,
    programs_within_reach,
    server_account,
)

PORT = 5432
"""Only the last part of the socket's name: the server listens on no network address."""
OWNER = "regulars"
"""The role that owns the database and its tables; it migrates."""
ROLE = "regulars_app"
"""The role that works with the tables and owns nothing, so that row-level security binds it."""
DATABASE = "regulars"
SUPERUSER = "postgres"

LONGEST_SOCKET_PATH = 107
UNSAFE_IN_SOCKET_PATH = frozenset(",'\"\\")
"""libpq and the server read a comma as a list, and the others as quotes."""

MOST_SHARED_BUFFERS_MB = 512
LEAST_SHARED_BUFFERS_MB = 16
SHARE_OF_MEMORY = 8
PROGRAM_TIMEOUT_S = 120
LONGEST_REPORT = 2000
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

FIRST_STATEMENTS = f"""\
create role {OWNER} login createdb
create database {DATABASE} owner {OWNER}
"""

HAS_ROLE = "select exists (select from pg_roles where rolname = %s)"

# Its owner may end its connections, to drop a database.
ADD_ROLE = f"create role {ROLE} login; grant {ROLE} to {OWNER}"

CONFIGURATION = """\
# Written at each start of the server. Settings of your own go into ../local.conf.
hba_file = '{folder}/pg_hba.conf'
ident_file = '{folder}/pg_ident.conf'
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = {shared_buffers_mb}MB
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d '
# Statements, and the details of an error, repeat the values of a row: they may be personal.
log_error_verbosity = terse
log_min_error_statement = panic
include_if_exists = '../local.conf'
"""

# Only these accounts of the operating system may enter, and only over the socket.
ACCESS = "local all all peer map=regulars\n"


@dataclass(frozen=True, slots=True)
class Home:
    """The server's folder; its account owns `cluster`, `log` and `socket` in it, we the rest."""

    path: Path
    account: Account
    programs: Path

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls its data directory."""
        return self.path / "cluster"

    @property
    def start_log(self) -> Path:
        """What the server says before its own log begins."""
        return self.path / "log" / "start.log"


def prepare(data: Path) -> Home:
    """Find or make the server's folder in `data`, which exists. Safe to repeat.

    When we are root and the server's account cannot enter `data`, the folder is made where it
    can, and `data/postgres` links to it: no mode of a folder above is ever changed.
    """
    path = data / "postgres"
    if path.is_symlink() and not path.exists():
        raise DatabaseUnusable(f"{path} points to {path.readlink()}, and nothing is there.")
    account = server_account(path)
    if not path.exists() and not is_reachable(data, account):
        path.symlink_to(folder_within_reach())
    passable_folder(path, account)
    home = Home(path.resolve(), account, programs_within_reach(account))
    if not is_reachable(home.path, account):
        raise DatabaseUnusable(
            f"The account {account.name}, which runs the database server, may not enter "
            f"{home.path.parent}: choose another data folder, or let that account in."
        )
    passable_folder(home.path / "conf", account)
    own_folder(home.path / "log", account)
    return home


def create(home: Home, *, is_durable: bool) -> None:
    """Make the cluster, with the role and database in it, unless it is there; all or nothing."""
    if home.cluster.exists():
        return
    fresh = home.path / "cluster.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    own_folder(fresh, home.account)
    options = [
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth=peer",
    ]
    run(home, "initdb", options if is_durable else [*options, "--no-sync"])
    single = ["--single", "-D", str(fresh), "-c", "exit_on_error=on", "postgres"]
    run(home, "postgres", single, text=FIRST_STATEMENTS)
    fresh.rename(home.cluster)


def configure(home: Home, overrides: Mapping[str, str]) -> None:
    """Write the server's settings, and who may enter. Safe to repeat."""
    folder = home.path / "conf"
    text = CONFIGURATION.format(
        folder=str(folder).replace("'", "''"),
        port=PORT,
        socket_folder=socket_folder(home),
        shared_buffers_mb=shared_buffers_mb(),
    )
    text += "".join(f"{name} = '{value}'\n" for name, value in overrides.items())
    entries = [
        f'regulars "{name}" {role}\n'
        for name in sorted({"root", home.account.name})
        for role in (OWNER, ROLE, SUPERUSER)
    ]
    for name, content in (
        ("postgresql.conf", text),
        ("pg_hba.conf", ACCESS),
        ("pg_ident.conf", "".join(entries)),
    ):
        (folder / name).write_text(content)
        (folder / name).chmod(0o644)


def start(home: Home) -> None:
    """Let pg_ctl set the server loose, so that it is nobody's child; does not wait for it.

    Call only when the last server is dead: its claim to the socket is thrown away, because
    PostgreSQL would respect it as long as some process, even a zombie, has that number.
    """
    (socket_folder(home) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
    home.start_log.unlink(missing_ok=True)
    option = f"-c config_file={shlex.quote(str(home.path / 'conf' / 'postgresql.conf'))}"
    where = ["-D", str(home.cluster), "-l", str(home.start_log)]
    run(home, "pg_ctl", ["start", "-W", "-s", *where, "-o", option])


def start_report(home: Home) -> str:
    """The last of what the starting server said before its own log began, or nothing."""
    return _last_words(home.start_log)


def log_report(home: Home) -> str:
    """The last of the server's own log, or nothing."""
    logs = sorted(home.start_log.parent.glob("postgresql-*.log"), key=lambda p: p.lstat().st_mtime)
    return _last_words(logs[-1]) if logs else ""


def _last_words(path: Path) -> str:
    try:
        # The folder is the server's: a link in it could show us a file that is none of its own.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return ""
    with os.fdopen(descriptor, "rb") as log:
        log.seek(max(0, os.fstat(descriptor).st_size - LONGEST_REPORT))
        return log.read().decode(errors="replace").strip()


def run(home: Home, program: str, arguments: Sequence[str], *, text: str = "") -> None:
    """Run one of PostgreSQL's programs as the server's account, in an environment of its own.

    `text` is its input. Raises DatabaseUnusable with its last words when it fails.
    """
    account = home.account
    try:
        done = subprocess.run(  # noqa: S603  # our own programs and arguments
            [str(home.programs / "bin" / program), *arguments],
            input=text,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=PROGRAM_TIMEOUT_S,
            cwd=home.path,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=account.uid if account.must_switch else None,
            group=account.gid if account.must_switch else None,
            extra_groups=() if account.must_switch else None,
        )
    except subprocess.TimeoutExpired as error:
        raise DatabaseUnusable(f"{program} took more than {PROGRAM_TIMEOUT_S} s.") from error
    if done.returncode != 0:
        said = done.stdout[-LONGEST_REPORT:].strip()
        raise DatabaseUnusable(f"{program} failed: {said} {start_report(home)}".rstrip())


def socket_folder(home: Home) -> Path:
    """A folder for the socket, of the server's account alone, whose path the system can take."""
    short = f"regulars-{home.account.uid}-{sha256(os.fsencode(home.path)).hexdigest()[:12]}"
    temporary = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108  # its owner is checked
    for folder in (home.path / "socket", *(parent / short for parent in temporary)):
        if _fits(folder) and is_reachable(folder.parent, home.account):
            own_folder(folder, home.account)
            return folder
    raise DatabaseUnusable(f"No folder can take the server's socket: {temporary[0]} is no help.")


def shared_buffers_mb() -> int:
    """The server's own cache: a share of the memory that this machine or container may use."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in CGROUP_LIMITS:
        limit = path.read_text().strip() if path.is_file() else ""
        if limit.isdecimal():
            memory = min(memory, int(limit))
    share_mb = memory // SHARE_OF_MEMORY // 1024**2
    return max(LEAST_SHARED_BUFFERS_MB, min(MOST_SHARED_BUFFERS_MB, share_mb))


def _fits(folder: Path) -> bool:
    path = f"{folder}/.s.PGSQL.{PORT}"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        return False
    return not UNSAFE_IN_SOCKET_PATH & set(path) and path.isprintable()
