"""A connection that goes on sending while it waits for answers, and a pipeline that sends small
statements together.

In a pipeline, psycopg hands a statement to libpq and sends of it what the socket takes at that
moment. Should the next thing be to wait for an answer, the rest of a large statement would never
leave: the server waits for it, and we for the server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, TypeVar

from psycopg import Connection, Pipeline, waiting
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn

R = TypeVar("R")

LONGEST_WAIT_S = 0.001
"""How long a statement may wait for those after it to be made, before it is sent."""


class Flushing(Connection[tuple[Any, ...]]):
    """A connection whose waiting sends what is left to be sent."""

    def wait(self, gen: PQGen[R], *limits: Any, **named_limits: Any) -> R:
        """As psycopg's own; but where `gen` would only read while something is still to be sent,
        that is sent first."""
        return super().wait(_sending(self.pgconn, gen), *limits, **named_limits)


@contextmanager
def gathering(connection: Connection[tuple[Any, ...]]) -> Iterator[Pipeline]:
    """As `connection.pipeline()`, but statements leave together: for a transaction of many that ask
    for little. Where the server has much to do with each, it should begin with the first."""
    with connection.lock:
        if connection._pipeline is None:  # noqa: SLF001
            connection._pipeline = Gathering(connection)  # noqa: SLF001
    with connection.pipeline() as pipeline:
        yield pipeline


class Gathering(Pipeline):
    """A pipeline that sends small statements together, when the first answer is asked for.

    Psycopg sends each by itself, and looks for answers each time: some four calls of the system a
    statement. At each another thread may take the interpreter, and keep it for a while.
    """

    _since = 0.0

    def _communicate_gen(self) -> PQGen[None]:
        """Called when a statement was put into the queue."""
        now = perf_counter()
        if len(self.command_queue) <= 1:
            self._since = now
        # The first of a transaction goes by itself: until then psycopg would begin it again.
        is_first = self.pgconn.transaction_status == TransactionStatus.IDLE
        if is_first or now - self._since > LONGEST_WAIT_S:
            yield from super()._communicate_gen()

    def _fetch_gen(self, *, flush: bool) -> PQGen[None]:
        """Called when an answer is asked for, and at the end."""
        if self.command_queue:
            yield from super()._communicate_gen()
        yield from super()._fetch_gen(flush=flush)


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
