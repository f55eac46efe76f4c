"""`.ci/audit`: a dependency with a known hole fails the check; a silent database does not."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.serving import free_port

ROOT = Path(__file__).parents[2]
HOLE = {
    "id": "GHSA-test-0001",
    "summary": "made up",
    "affected": [
        {"package": {"name": "msgspec", "ecosystem": "PyPI"},
         "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}]}
    ],
}  # fmt: skip


@pytest.fixture
def database() -> Iterator[tuple[str, dict[str, Any]]]:
    """A stand-in for the vulnerability database: its address, and package to answer."""
    known: dict[str, Any] = {}

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(known.get(asked["package"]["name"], {})).encode()
            self.send_response(known.get("status", 200))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query", known
    server.shutdown()
    server.server_close()
    thread.join()


def audit(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / ".ci" / "audit"], env=os.environ | {"OSV_URL": url}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip


def test_every_locked_dependency_is_looked_up(database: tuple[str, dict[str, Any]]) -> None:
    locked = (ROOT / "requirements.lock").read_text()
    count = sum("==" in line for line in locked.splitlines())

    done = audit(database[0])

    assert done.returncode == 0, done.stderr
    assert "known holes: 0" in done.stdout
    assert 0.9 * count <= int(done.stdout.split()[0]) <= count


def test_a_known_hole_fails_and_is_named(database: tuple[str, dict[str, Any]]) -> None:
    url, known = database
    known["msgspec"] = {"vulns": [HOLE]}

    done = audit(url)

    assert done.returncode == 1
    assert "GHSA-test-0001, fixed in 99.1" in done.stdout


def test_where_nobody_answers_that_is_said_and_the_work_goes_on(
    database: tuple[str, dict[str, Any]],
) -> None:
    url, known = database
    known["status"] = 503
    for address in (f"http://127.0.0.1:{free_port()}/", url):
        done = audit(address)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "WERE NOT AUDITED" in done.stdout
