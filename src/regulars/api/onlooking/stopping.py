"""Notices that the process was told to stop: the server then waits until its answers are written,
and streams, which go on for a quarter of an hour, have to end for that."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGINT)


def when_told_to_stop(call: Callable[[], None]) -> None:
    """Have `call` called on this event loop when a signal to stop comes, beside what the server
    does then. Outside of the main thread, where no signal comes, nothing happens."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in STOPS:
        _beside(number, signal.getsignal(number), lambda: loop.call_soon_threadsafe(call))


def _beside(number: signal.Signals, other: object, tell: Callable[[], object]) -> None:
    def handle(told: int, frame: FrameType | None) -> None:
        tell()
        if callable(other):
            other(told, frame)

    signal.signal(number, handle)
