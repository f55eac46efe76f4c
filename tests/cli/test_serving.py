"""Serving begins, answers, and ends in good order; the worker beside it never outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.conftest import key_file

WAIT_S = 60.0


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes below `pid`, from the process table."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = path.read_text().split(" ", 1)
        except OSError:
            continue  # It has just ended.
        if int(rest.rpartition(")")[2].split()[1]) == pid:
            found += [int(number), *children(int(number))]
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def server(db_url: str, data: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "REGULARS_DATABASE_URL": db_url,
        "REGULARS_DATA": str(data),
        "REGULARS_KEY_FILE": str(key_file()),
        "REGULARS_PORT": str(port),
    }
    url = f"http://127.0.0.1:{port}"
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "regulars.cli", "serve"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        eventually(lambda: answers(url))
        yield process, url
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(WAIT_S)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_good_order_and_leaves_nothing(
    server: tuple[subprocess.Popen[bytes], str], number: signal.Signals
) -> None:
    process, _ = server
    below = children(process.pid)
    assert len(below) >= 2  # One for the API, one for what falls due.

    process.send_signal(number)

    assert process.wait(WAIT_S) == 0
    eventually(lambda: not any(map(is_alive, below)))


def test_when_it_is_killed_the_worker_ends_too(
    server: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, _ = server
    below = children(process.pid)
    workers = [
        pid for pid in below if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    ]
    assert len(workers) == 1

    process.kill()

    try:
        eventually(lambda: not is_alive(workers[0]))
    finally:
        for pid in below:
            if pid not in workers and is_alive(pid):
                os.kill(pid, signal.SIGTERM)
