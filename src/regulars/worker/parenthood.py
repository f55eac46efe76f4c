"""A process that works for another ends when that one does, however it ends."""

import os
import signal
import time
from threading import Thread

WATCH_S = 1.0


def follow(parent: int) -> None:
    """End this process once `parent` is no longer who started it."""
    Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_S)
    os.kill(os.getpid(), signal.SIGTERM)
