"""Where a pour's batches are taken in: here, or in a process of their own for each lane.

Deciding is work for the processor that Python's threads cannot share, so that each lane beyond the
first has its own interpreter, its own connection and its own members.
"""

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any, Protocol

from regulars.domain.envelopes import Arrival
from regulars.domain.errors import DatabaseUnusable, InternalFault, RegularsError
from regulars.gateways.files.items import Read, Refusal
from regulars.services.intake.batch import Outcome
from regulars.services.intake.taking import Intake
from regulars.storage.database import is_unreachable

GOODBYE_S = 120.0
"""How long a lane may take to end its last batch."""

Raws = Sequence[Any]
"""Records as a file says them."""


Result = str | Refusal
"""What became of a record: "decided", "repeated", "waiting", "refused", or why it is not taken."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a lane needs; all of it can be sent to another process."""

    open_intake: Callable[[], Intake]
    read: Read
    clock: Callable[[], datetime]


class Lane(Protocol):
    """Takes in a batch at a time."""

    is_busy: bool

    def begin(self, raws: Raws) -> None:
        """Take in a batch; the lane is busy until its results were fetched."""

    def results(self) -> list[Result]:
        """Wait for the results of the batch, in its order. Raises what failed."""

    def close(self) -> None:
        """End it, after the batch it is at."""


class Here:
    """A lane in this process: a batch is done when `begin` returns."""

    def __init__(self, work: Work) -> None:
        self.is_busy = False
        self._work = work
        self._intake = work.open_intake()
        self._results: list[Result] = []

    def begin(self, raws: Raws) -> None:
        """Take in a batch."""
        self.is_busy = True
        self._results = take(self._work, self._intake, raws)

    def results(self) -> list[Result]:
        """The results of the batch."""
        self.is_busy = False
        return self._results

    def close(self) -> None:
        """Nothing to end."""


class Elsewhere:
    """A lane in a process of its own, which ends when we do."""

    def __init__(self, work: Work) -> None:
        self.is_busy = False
        # One clean process loads what lanes need, and each lane is forked from it: cheaper than
        # loading it for each, and safer than forking us, who have threads.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(work, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, raws: Raws) -> None:
        """Send a batch. Raises InternalFault when the process is gone."""
        self.is_busy = True
        try:
            self.connection.send(raws)
        except OSError as error:
            raise InternalFault("A lane of the import is gone; run the import again.") from error

    def results(self) -> list[Result]:
        """The results of the batch. Raises DatabaseUnusable, InternalFault."""
        try:
            answer = self.connection.recv()
        except (EOFError, OSError) as error:
            raise InternalFault("A lane of the import is gone; run the import again.") from error
        if isinstance(answer, RegularsError):
            raise answer
        self.is_busy = False
        return list(answer)

    def close(self) -> None:
        """Hang up and wait for the process."""
        self.connection.close()
        self._process.join(GOODBYE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def serve(work: Work, connection: Connection) -> None:
    """The life of a lane's process: batches in, results out, until the other side hangs up."""
    # A Ctrl-C reaches all processes of the terminal; the one that reads the file decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        intake = work.open_intake()
        while True:
            try:
                raws = connection.recv()
            except EOFError:
                return
            connection.send(take(work, intake, raws))
    except (BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:  # told to the other side, which raises it
        connection.send(_told(error))


def _told(error: Exception) -> RegularsError:
    if isinstance(error, RegularsError):
        return error
    if is_unreachable(error):
        return DatabaseUnusable(f"The database went away: {error}")
    return InternalFault("".join(traceback.format_exception(error)))


def take(work: Work, intake: Intake, raws: Raws) -> list[Result]:
    """Read and take in a batch; one result for each record, in their order."""
    now = work.clock()
    read = [_read(work.read, raw, now) for raw in raws]
    arrivals = [one for one in read if isinstance(one, Arrival)]
    outcomes = iter(intake.take_in(arrivals, now) if arrivals else ())
    return [one if isinstance(one, Refusal) else _result(next(outcomes)) for one in read]


def _read(read: Read, raw: Any, now: datetime) -> Arrival | Refusal:
    try:
        return read(raw, now)
    except RegularsError as refusal:
        return Refusal(refusal.code, refusal.detail, refusal.faults)


def _result(outcome: Outcome) -> Result:
    if not isinstance(outcome, RegularsError):
        return "repeated" if outcome.is_repeat else outcome.status
    cause = f" {outcome.__cause__}" if outcome.__cause__ is not None else ""
    return Refusal(outcome.code, outcome.detail + cause, outcome.faults)
