"""A process that works on the database until it is killed in the middle."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0


def killed(victim: str, db_url: str, log: Path, work: int, after: int) -> list[str]:
    """Let a module of this folder work until it has noted so many answers in `log`, and kill it;
    what it has noted. `work`: how much there is to do, for it to know."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.adversarial.{victim}", db_url, str(log), str(work)], cwd=ROOT
    )
    until = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < until and process.poll() is None:
            if log.exists() and len(log.read_text().splitlines()) >= after:
                break
            time.sleep(0.001)
    finally:
        process.kill()
        process.wait()
    return log.read_text().splitlines()
