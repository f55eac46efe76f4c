"""How fast this process has lately taken events in."""

import time
from collections import deque
from threading import Lock

from msgspec import Struct

MOST_KEPT = 4_096
"""Batches that are remembered."""

LATELY_S = 60.0


class Lately(Struct, frozen=True):
    """The last minute: events a second, and milliseconds to decide, write and commit the batch of
    an event: of half of all events, of 95 in a hundred, of the slowest."""

    events_a_second: float
    median_ms: float
    p95_ms: float
    slowest_ms: float


class Pace:
    """Remembers batches; any thread may tell or ask."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._batches: deque[tuple[float, int, float]] = deque(maxlen=MOST_KEPT)
        self._turn = Lock()

    @property
    def up_s(self) -> float:
        """For how many seconds the process has served."""
        return time.monotonic() - self._began

    def add(self, size: int, seconds: float) -> None:
        """A batch of so many events took so long."""
        with self._turn:
            self._batches.append((time.monotonic(), size, seconds))

    def lately(self) -> Lately:
        """What it was like in the last minute; zeros when nothing came."""
        now = time.monotonic()
        with self._turn:
            kept = [one for one in self._batches if one[0] >= now - LATELY_S]
            is_full = len(kept) == MOST_KEPT
        events = sum(size for _, size, _ in kept)
        if not events:
            return Lately(0.0, 0.0, 0.0, 0.0)
        span = now - kept[0][0] if is_full else min(LATELY_S, self.up_s)
        return Lately(
            round(events / max(span, 1.0), 2),
            *(_ms(_reached(kept, events * share // 100)) for share in (50, 95, 100)),
        )


def _reached(kept: list[tuple[float, int, float]], events: int) -> float:
    """How long the batch took that so many events were no slower than."""
    seconds, seen = 0.0, 0
    for _, size, took in sorted(kept, key=lambda one: one[2]):
        seconds, seen = took, seen + size
        if seen >= events:
            break
    return seconds


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
