"""A connection that goes on sending while it waits for answers.

In a pipeline, psycopg hands a statement to libpq and sends of it what the socket takes at that
moment. Should the next thing be to wait for an answer, the rest of a large statement would never
leave: the server waits for it, and we for the server.
"""

from typing import Any, TypeVar

from psycopg import Connection, waiting
from psycopg.abc import PQGen
from psycopg.pq.abc import PGconn

R = TypeVar("R")


class Flushing(Connection[tuple[Any, ...]]):
    """A connection whose waiting sends what is left to be sent."""

    def wait(self, gen: PQGen[R], *limits: Any, **named_limits: Any) -> R:
        """As psycopg's own; but where `gen` would only read while something is still to be sent,
        that is sent first."""
        return super().wait(_sending(self.pgconn, gen), *limits, **named_limits)


def _sending(pgconn: PGconn, gen: PQGen[R]) -> PQGen[R]:
    try:
        wanted = next(gen)
        while True:
            if wanted is waiting.Wait.R and pgconn.flush():
                ready = yield waiting.Wait.RW
                if not ready & waiting.Ready.R:
                    continue
                ready = waiting.Ready.R
            else:
                ready = yield wanted
            wanted = gen.send(ready)
    except StopIteration as end:
        result: R = end.value
        return result
