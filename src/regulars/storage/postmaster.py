"""A running PostgreSQL server as its pid file and the process table show it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PID_FILE = "postmaster.pid"
NO_PROCESS = 2**31 - 1
"""Above every limit on process ids, so that nobody ever has it."""

PROC = Path("/proc")
READY = "ready"
SOCKET_LINE = 4
STATUS_LINE = 7
"""Lines of the pid file, from 0; the file grows while the server starts."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server's first process, alive when it was looked at."""

    pid: int
    socket_folder: Path
    is_ready: bool
    """It takes connections: start-up and crash recovery are over."""


def find(cluster: Path) -> Postmaster | None:
    """The live server of `cluster`, or None.

    A pid file may outlast its server, and its number may pass to a stranger or belong to a
    process that has ended and waits for its parent (a zombie): none of these is a live server.
    """
    try:
        lines = (cluster / PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].isdecimal():
        return None  # It is being written: a server that begins.
    pid = int(lines[0])
    if not _is_live(pid, cluster):
        return None
    is_ready = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == READY
    socket_folder = lines[SOCKET_LINE] if len(lines) > SOCKET_LINE else ""
    return Postmaster(pid, Path(socket_folder), is_ready)


def forget_dead(cluster: Path) -> None:
    """Make the pid file of a dead server say so; call only when `find` saw none.

    PostgreSQL itself would take a zombie or a stranger with that number for the server and refuse
    to start. The file is kept, because its shared memory key guards against surviving children.
    """
    try:
        # Read and written in place: the folder is the server's account's, and links in it could
        # lead root elsewhere. The new number is as long as any, so nothing of the old remains.
        descriptor = os.open(cluster / PID_FILE, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "r+") as file:
        found = os.fstat(descriptor)
        assert found.st_uid == cluster.stat().st_uid, "the pid file is the server's"
        assert found.st_nlink == 1, "the pid file has one name"
        _, _, rest = file.read().partition("\n")
        file.seek(0)
        file.write(f"{NO_PROCESS}\n{rest}")


def _is_live(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a server at work in `cluster`."""
    if not (PROC / "self").exists():
        return _is_live_by_ps(pid)
    process = PROC / str(pid)
    try:
        # The name stands in brackets and may hold anything; the state follows the last of them.
        name, _, rest = (process / "stat").read_text().rpartition(")")
        if rest.split()[0] in "ZXx" or "(postgres" not in name:
            return False
        return process.stat().st_uid == cluster.stat().st_uid and _works_in(process, cluster)
    except (FileNotFoundError, ProcessLookupError):
        return False


def _works_in(process: Path, cluster: Path) -> bool:
    """A server's working folder is its cluster. Told true when the kernel will not show it."""
    try:
        return (process / "cwd").samefile(cluster)
    except PermissionError:
        return True  # Root in a container may not look; the name and the owner have to do.


def _is_live_by_ps(pid: int) -> bool:
    """For systems without /proc, such as macOS."""
    ps = shutil.which("ps")
    assert ps is not None, "POSIX requires ps"
    told = subprocess.run(  # noqa: S603  # a number is its only argument
        [ps, "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    state, _, name = told.strip().partition(" ")
    return bool(state) and not state.startswith("Z") and "postgres" in name
