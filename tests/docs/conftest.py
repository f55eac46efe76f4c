"""A real server, started as a reader would start it, on a free port and in a folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.conftest import FAST
from tests.docs.pages import ROOT
from tests.docs.sessions import Session

from regulars.storage import embedded

START_S = 60.0


Read = Callable[..., AbstractContextManager[Session]]
"""read(*command): a shell in an empty folder, beside a server started by `regulars *command`."""


@pytest.fixture
def read(data: Path, tmp_path: Path) -> Read:
    """Follow a page as its reader would."""

    @contextmanager
    def reading(*command: str) -> Iterator[Session]:
        embedded.ensure_running(data, overrides=FAST)
        scripts = Path(sys.executable).parent
        environment = {
            "PATH": f"{scripts}:{os.defpath}",
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "200",
            "REGULARS_DATA": str(data),
            "REGULARS_PORT": str(free_port()),
        }
        (tmp_path / "examples").symlink_to(ROOT / "examples")
        (tmp_path / ".regulars").symlink_to(data)
        with subprocess.Popen(
            [str(scripts / "regulars"), *command],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            wait_until_ready(environment["REGULARS_PORT"], server)
            session = Session(tmp_path, environment)
            try:
                yield session
            finally:
                session.close()
                server.terminate()
                server.communicate(timeout=START_S)

    return reading


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(port: str, server: "subprocess.Popen[str]") -> None:
    """Until the server says that it is ready; fails with its words when it gives up."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise AssertionError(f"the server gave up: {server.communicate()[1]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise AssertionError("the server does not get ready")
