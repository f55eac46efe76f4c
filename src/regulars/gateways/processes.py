"""Processes of our own, for what would keep a server from answering."""

import os
import subprocess
import sys
from collections.abc import Sequence
from threading import Thread


def launch(module: str, arguments: Sequence[str]) -> None:
    """Start a module of ours in a process of its own, with our environment. It is told whose child
    it is, so that it can end when we do."""
    command = [sys.executable, "-m", module, *arguments, "--parent", str(os.getpid())]
    # In a group of its own, a Ctrl-C reaches only us, and it ends when it sees us gone.
    process = subprocess.Popen(  # noqa: S603  # our own words
        command, stdin=subprocess.DEVNULL, process_group=0
    )
    Thread(target=process.wait, name="reaper", daemon=True).start()
