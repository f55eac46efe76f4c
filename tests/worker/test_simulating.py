"""Simulations in processes of their own, which are killed, helped and told to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.conftest import LONG_AGO
from tests.services.designing.story import DOUBLED, PROGRAM, Story, asked

from regulars.domain.audit import by_system
from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import DEAD_AFTER, Simulation, State
from regulars.services import programs
from regulars.services.designing import simulating, simulations
from regulars.storage.database import Database
from regulars.worker import simulating as runner

ORGANIZATION = 1
PATIENCE_S = 30.0
NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)


@pytest.fixture
def made(db: Database) -> Simulation:
    """A simulation that waits, of a short history of many members."""
    programs.publish(db, ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)
    story = Story(db)
    for who in range(120):
        story.buy(who, NOW - timedelta(days=who), 1_000 + who)
    return simulations.ask(db, ORGANIZATION, asked(DOUBLED), by=by_system(1), now=NOW)


@contextmanager
def running(db_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    environ = os.environ | {"REGULARS_DATABASE_URL": db_url}
    process = subprocess.Popen(
        [sys.executable, "-m", runner.MODULE, str(ORGANIZATION), "--parent", str(os.getpid())],
        env=environ,
        process_group=0,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE_S / 0.05)):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in time")


def state_of(db: Database, made: Simulation) -> State:
    return simulations.get(db, ORGANIZATION, made.id).state


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_processes_that_share_the_work_find_what_one_finds(
    db: Database, db_url: str, made: Simulation
) -> None:
    with running(db_url) as process:
        assert process.wait(PATIENCE_S) == 0
    together = simulations.get(db, ORGANIZATION, made.id)
    assert (together.state, together.failure) == (State.DONE, "")
    again = simulations.ask(db, ORGANIZATION, asked(DOUBLED), by=by_system(1), now=NOW)

    runner.run_all(db, ORGANIZATION, lambda: NOW + timedelta(hours=1), simulating.alone(db))

    alone = simulations.get(db, ORGANIZATION, again.id)
    results = [
        msgspec.json.decode(one.result or "", type=SimulationResult) for one in (together, alone)
    ]
    assert results[0] == results[1]
    assert results[0].members == 120
    assert (together.done, together.total) == (120, 120)


def test_each_counts_its_own_events(db: Database, made: Simulation) -> None:
    simulations.ask(db, ORGANIZATION, asked(DOUBLED, months=3), by=by_system(1), now=NOW)
    mates = runner.Mates(0)

    runner.run_all(db, ORGANIZATION, lambda: NOW, mates.crew(db))

    found = simulations.listed(db, ORGANIZATION, before=None, limit=2)
    assert [(one.state, one.done, one.total) for one in found] == [(State.DONE, 119, 119)] * 2


def test_a_process_that_is_killed_leaves_nothing_behind_and_another_goes_on(
    db: Database, db_url: str, made: Simulation
) -> None:
    with running(db_url) as process:
        with db.transaction(ORGANIZATION) as tx:
            # Nobody can look at members, so that it is caught in the middle.
            wait_until(lambda: state_of(db, made) is State.WAITING)
            tx.execute("lock table member in access exclusive mode")
            wait_until(lambda: state_of(db, made) is State.RUNNING)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        wait_until(lambda: not is_alive(process.pid))
    assert state_of(db, made) is State.RUNNING
    found = simulations.get(db, ORGANIZATION, made.id)
    assert found.beat_at is not None
    later = found.beat_at + DEAD_AFTER + timedelta(seconds=1)

    simulations.look_after(db, ORGANIZATION, later)

    assert state_of(db, made) is State.WAITING
    with running(db_url) as process:
        assert process.wait(PATIENCE_S) == 0
    assert state_of(db, made) is State.DONE


def test_one_that_is_cancelled_ends_within_a_moment(
    db: Database, db_url: str, made: Simulation
) -> None:
    with running(db_url) as process:
        with db.transaction(ORGANIZATION) as tx:
            tx.execute("lock table member in access exclusive mode")
            wait_until(lambda: state_of(db, made) is State.RUNNING)
            simulations.cancel(db, ORGANIZATION, made.id, by=by_system(1), now=NOW)
        process.wait(PATIENCE_S)
    found = simulations.get(db, ORGANIZATION, made.id)
    assert (found.state, found.result) == (State.CANCELLED, None)


def test_without_its_helpers_it_goes_on_alone(db: Database, made: Simulation) -> None:
    mates = runner.Mates(0)
    crew = mates.crew(db)
    ours, theirs = runner._CONTEXT.Pipe()
    theirs.close()
    mates._pipes.append(ours)

    runner.run_all(db, ORGANIZATION, lambda: NOW, crew)

    assert state_of(db, made) is State.DONE
