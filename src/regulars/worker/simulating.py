"""Simulations of one organization, one after the other, in processes of their own."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from logging.config import dictConfig
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from regulars.domain.errors import RegularsError
from regulars.gateways import log_lines
from regulars.gateways.log_lines import log_failure
from regulars.runtime import connect, system_clock
from regulars.services.designing import simulations
from regulars.services.designing.replaying import Order, Share, Turns, replay
from regulars.services.designing.simulating import Crew, Demand, Task, alone, simulate
from regulars.services.designing.simulations import Clock, Unwanted, Work
from regulars.settings import from_environment
from regulars.storage.database import Database
from regulars.worker import parenthood

LOG = logging.getLogger("regulars.simulations")
MODULE = "regulars.worker.simulating"
MOST_PROCESSES = 4
POLITENESS = 5
"""Whoever answers somebody goes first."""

LISTEN_S = 0.2
_CONTEXT: Any = get_context("fork" if sys.platform == "linux" else "spawn")
"""A process that is forked before anything is opened is there at once."""


def run_all(db: Database, organization: int, clock: Clock, crew: Crew | None = None) -> int:
    """Run what waits until nothing does; how many simulations that were."""
    done = 0
    while (work := simulations.take(db, organization, clock)) is not None:
        done += 1
        run(work, crew or alone(db))
    return done


def run(work: Work, crew: Crew) -> None:
    """Carry one out, and write what came of it."""
    try:
        task = Task(
            work.db,
            work.organization,
            work.simulation.asked,
            work.clock(),
            work.told,
            work.demand_wanted,
        )
        before = crew.done()
        work.count(lambda: crew.done() - before)
        with work.beating():
            result = simulate(task, crew)
        work.end(result)
    except Unwanted:
        LOG.info("Simulation %d is no longer wanted.", work.simulation.id)
    except RegularsError as refusal:
        work.fail(refusal.code)
    except Exception as error:
        log_failure(LOG, f"Simulation {work.simulation.id} failed.", error)
        work.fail()


class Shared:
    """What the processes of a crew tell each other: which page is next, how many events are done,
    and whether to stop."""

    def __init__(self) -> None:
        self._next: Any = _CONTEXT.Value("q", 0)
        self._done: Any = _CONTEXT.Value("q", 0)
        self._is_over: Any = _CONTEXT.Value("b", 0)

    def begin(self) -> None:
        """A new order: its pages are counted from the first."""
        with self._next.get_lock():
            self._next.value = 0
            self._is_over.value = 0

    def stop(self) -> None:
        """Nobody goes on with this order."""
        self._is_over.value = 1

    def take(self) -> int:
        """The place of the next page."""
        with self._next.get_lock():
            place = int(self._next.value)
            self._next.value = place + 1
        return place

    def done(self) -> int:
        """Events that all together have replayed."""
        return int(self._done.value)

    def told(self, events: int) -> None:
        """So many more. Raises Unwanted."""
        with self._done.get_lock():
            self._done.value += events
        if self._is_over.value:
            raise Unwanted


class Mates:
    """Further processes, which wait for an order and take shares of it. Make them before anything
    else is opened: they begin as copies of this process."""

    def __init__(self, how_many: int) -> None:
        self.shared = Shared()
        self._pipes: list[Connection] = []
        for _ in range(how_many):
            ours, theirs = _CONTEXT.Pipe()
            self._pipes.append(ours)
            mate = _CONTEXT.Process(
                target=_assist,
                args=(theirs, list(self._pipes), self.shared, os.getpid()),
                daemon=True,
            )
            mate.start()
            theirs.close()

    def crew(self, db: Database) -> Crew:
        """All of them with this process."""

        def work(order: Order, demand: Demand) -> Sequence[Share]:
            try:
                return self._together(db, order, demand)
            except (EOFError, OSError):
                LOG.warning("A process of the simulation was lost; going on without it.")
                self.close()
                self.shared.begin()
                return [replay(db, order, self._turns(demand))]

        return Crew(work, self.shared.done)

    def close(self) -> None:
        """Let them end."""
        for pipe in self._pipes:
            pipe.close()
        self._pipes = []

    def _turns(self, demand: Demand) -> Turns:
        def told(events: int) -> None:
            self.shared.told(events)
            demand()

        return Turns(self.shared.take, told)

    def _together(self, db: Database, order: Order, demand: Demand) -> list[Share]:
        self.shared.begin()
        for pipe in self._pipes:
            pipe.send(order)
        try:
            shares = [replay(db, order, self._turns(demand))]
        except BaseException:
            self.shared.stop()
            for pipe in self._pipes:
                _received(pipe, _never)
            raise
        return shares + [_received(pipe, demand) for pipe in self._pipes]


def _received(pipe: Connection, demand: Demand) -> Any:
    """What a mate has found. Raises EOFError for one that is lost."""
    while not pipe.poll(LISTEN_S):
        demand()
    found = pipe.recv()
    # It has logged why.
    assert not isinstance(found, str), found
    return found


def _never() -> None:
    return


def _assist(pipe: Connection, not_ours: Sequence[Connection], shared: Shared, parent: int) -> None:
    """Take shares of orders until nobody gives any more. `not_ours`: ends of pipes that are the
    parent's alone; as long as somebody else has them, their closing is not noticed."""
    for other in not_ours:
        other.close()
    parenthood.follow(parent)
    db = connect(from_environment(os.environ), pool_size=1)
    while True:
        try:
            order = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(replay(db, order, Turns(shared.take, shared.told)))
        except Unwanted:
            pipe.send(None)
        except Exception as error:
            log_failure(LOG, "A share of a simulation failed.", error)
            pipe.send(type(error).__name__)


def processes() -> int:
    """How many cores there are for a simulation."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def main(arguments: list[str] | None = None) -> None:
    """Run what waits, as a process of its own."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument("organization", type=int)
    parser.add_argument("--parent", type=int, default=0)
    told = parser.parse_args(arguments)
    dictConfig(log_lines.CONFIG)
    os.nice(POLITENESS)
    mates = Mates(processes() - 1)
    if told.parent:
        parenthood.follow(told.parent)
    db = connect(from_environment(os.environ), pool_size=2)
    try:
        run_all(db, told.organization, system_clock, mates.crew(db))
    finally:
        mates.close()
        db.close()


if __name__ == "__main__":
    main()
