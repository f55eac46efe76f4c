"""Work with passwords, a few at a time: each hash takes 64 MiB and a tenth of a second, and whoever
sends many shall not keep everybody else waiting."""

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar

from regulars.domain.errors import Overloaded

T = TypeVar("T")

MOST_AT_ONCE = 2
MOST_WAITING = 64

_limiter: RunVar[CapacityLimiter] = RunVar("hashing")
"""Of each event loop."""


async def in_turn(work: Callable[[], T]) -> T:
    """Run `work` in a thread when its turn comes. Raises Overloaded when too many wait already."""
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(MOST_AT_ONCE)
        _limiter.set(limiter)
    if limiter.statistics().tasks_waiting >= MOST_WAITING:
        raise Overloaded
    return await anyio.to_thread.run_sync(work, limiter=limiter)
