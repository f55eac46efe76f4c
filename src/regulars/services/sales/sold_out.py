"""What is sold out, remembered for a moment, so that a rush does not ask the database in vain."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

LOOK_AGAIN_S = 1.0
"""Pieces come back, of who cancels or does not pay: after so long one buyer is let through."""

MAX_KNOWN = 10_000


class SoldOutBoard:
    """Belongs to one process; any thread may use it."""

    def __init__(self, *, tick: Callable[[], float] = monotonic) -> None:
        self._tick = tick
        self._turn = Lock()
        self._until: dict[tuple[int, int], float] = {}
        self._buyers: dict[tuple[int, int], frozenset[int]] = {}

    def note(self, organization: int, sale_id: int, buyers: frozenset[int]) -> None:
        """Nothing is left. `buyers`: who has bought, and is told so by a closer look."""
        with self._turn:
            if len(self._until) >= MAX_KNOWN:
                self._until.clear()
                self._buyers.clear()
            self._until[organization, sale_id] = self._tick() + LOOK_AGAIN_S
            self._buyers[organization, sale_id] = buyers

    def forget(self, organization: int, sale_id: int) -> None:
        """There is something left."""
        with self._turn:
            self._until.pop((organization, sale_id), None)
            self._buyers.pop((organization, sale_id), None)

    def says_no(self, organization: int, sale_id: int, member_id: int) -> bool:
        """Whether the member can be told at once that nothing is left. Of those who ask after the
        moment is over, one is let through, and the others are told the same for another."""
        key = (organization, sale_id)
        with self._turn:
            until = self._until.get(key)
            if until is None or member_id in self._buyers[key]:
                return False
            now = self._tick()
            if until <= now:
                self._until[key] = now + LOOK_AGAIN_S
                return False
            return True
