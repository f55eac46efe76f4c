"""Row numbers drawn from a sequence a block at a time, so that rows can name each other before
they are written. Numbers lost with a process leave gaps, which mean nothing."""

from collections.abc import Iterator
from typing import Literal

from regulars.storage.database import Tx

BLOCK = 100
"""What the sequences are incremented by: see migration 0001."""

Sequence = Literal["event_id_seq", "lot_id_seq", "hold_id_seq", "order_id_seq"]

NEXT = "select nextval(%s::regclass) from generate_series(1, %s)"


class Numbers:
    """Numbers of one sequence. Not for use by several threads at once."""

    def __init__(self, sequence: Sequence) -> None:
        self._sequence = sequence
        self._ready: list[range] = []

    def draw(self, tx: Tx, count: int) -> Iterator[int]:
        """Numbers without end, increasing: `count` of them made sure of in one look-up.

        Those not taken are kept for the next call.
        """
        there = sum(len(block) for block in self._ready)
        if there < count:
            self._fetch(tx, -(-(count - there) // BLOCK))
        return self._numbers(tx)

    def _fetch(self, tx: Tx, blocks: int) -> None:
        rows = tx.execute(NEXT, [self._sequence, blocks])
        self._ready += [range(first, first + BLOCK) for (first,) in rows]

    def _numbers(self, tx: Tx) -> Iterator[int]:
        while True:
            if not self._ready:
                self._fetch(tx, 1)
            block = self._ready[0]
            if len(block) > 1:
                self._ready[0] = block[1:]
            else:
                self._ready.pop(0)
            yield block[0]
