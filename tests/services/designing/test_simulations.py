"""Simulations in their queue: one after the other, cancelled, lost and begun anew, forgotten."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import LONG_AGO, cabinet
from tests.services.designing.story import (
    DOUBLED,
    NOW,
    ORGANIZATION,
    PROGRAM,
    Story,
    asked,
    put,
    run,
    year,
)

from regulars.domain.audit import by_system
from regulars.domain.designing.refusals import SimulationNotFound, SimulationsBusy
from regulars.domain.designing.simulations import (
    DEAD_AFTER,
    MOST_ATTEMPTS,
    MOST_WAITING,
    State,
)
from regulars.domain.errors import NoProgramInForce, ProgramInvalid
from regulars.services import organizations, programs
from regulars.services.designing import simulating, simulations
from regulars.services.designing.simulations import Work
from regulars.storage.database import Database
from regulars.worker import simulating as runner


def test_two_organizations_do_not_see_each_others(db: Database) -> None:
    year(db)
    other = organizations.create(
        db, cabinet(), code="other", name="Other", by=by_system(1), now=NOW
    ).id
    programs.publish(db, other, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)
    Story(db, other).buy(1, NOW - timedelta(days=3), 5_000)
    made = put(db, asked(DOUBLED))

    assert run(db, asked(DOUBLED), other).members == 1
    assert simulations.listed(db, other, before=None, limit=9)[-1].id != made.id
    with pytest.raises(SimulationNotFound):
        simulations.get(db, other, made.id)
    simulations.cancel(db, ORGANIZATION, made.id, by=by_system(1), now=NOW)
    with pytest.raises(SimulationNotFound):
        simulations.cancel(db, other, made.id, by=by_system(other), now=NOW)


def test_progress_only_ever_grows(db: Database) -> None:
    limited = DOUBLED.replace("per: 1.00}", "per: 1.00}\n    budget: 1000")
    year(db)
    seen: list[tuple[int, int]] = []
    totals: list[int] = []
    crew = simulating.alone(db)

    def look() -> None:
        seen.append((crew.done(), totals[-1]))

    wanted = asked(limited, against=1)
    task = simulating.Task(db, ORGANIZATION, wanted, NOW, totals.append, look)
    result = simulating.simulate(task, crew)

    assert seen == sorted(seen)
    assert all(done <= total for done, total in seen)
    # The budget ended on the way, which took a second look.
    assert totals == [result.events, 2 * result.events]
    assert seen[-1] == (totals[-1], totals[-1])


def test_a_cancelled_simulation_stops(db: Database) -> None:
    year(db)
    made = put(db, asked(DOUBLED))
    work = simulations.take(db, ORGANIZATION, lambda: NOW)
    assert work is not None
    simulations.cancel(db, ORGANIZATION, made.id, by=by_system(1), now=NOW)
    crew = simulating.alone(db)

    def slow(order: Any, demand: Callable[[], None]) -> Any:
        while True:  # Until the heart has heard of it.
            demand()

    runner.run(work, simulating.Crew(slow, crew.done))

    assert simulations.get(db, ORGANIZATION, made.id).state is State.CANCELLED


def test_one_whose_process_was_lost_begins_anew_and_fails_in_the_end(db: Database) -> None:
    year(db)
    made = put(db, asked(DOUBLED))
    now = NOW
    first: Work | None = None
    for _ in range(MOST_ATTEMPTS):
        work = simulations.take(db, ORGANIZATION, lambda: now)  # noqa: B023
        assert work is not None
        first = first or work
        assert simulations.take(db, ORGANIZATION, lambda: now) is None  # noqa: B023
        now += DEAD_AFTER + timedelta(seconds=1)
        assert simulations.get(db, ORGANIZATION, made.id).is_neglected(now)

    assert not simulations.look_after(db, ORGANIZATION, now)
    found = simulations.get(db, ORGANIZATION, made.id)
    assert (found.state, found.failure) == (State.FAILED, "lost")
    # Whoever comes back late changes nothing.
    assert first is not None
    runner.run(first, simulating.alone(db))
    assert simulations.get(db, ORGANIZATION, made.id).state is State.FAILED


def test_what_waits_and_nobody_works_on_is_noticed(db: Database) -> None:
    year(db)
    put(db, asked(DOUBLED))

    assert not simulations.look_after(db, ORGANIZATION, NOW)
    assert simulations.look_after(db, ORGANIZATION, NOW + DEAD_AFTER + timedelta(seconds=1))


def test_a_result_is_forgotten_in_time(db: Database) -> None:
    year(db)
    run(db, asked(DOUBLED))

    simulations.look_after(db, ORGANIZATION, NOW + timedelta(days=89))
    assert len(simulations.listed(db, ORGANIZATION, before=None, limit=9)) == 1
    simulations.look_after(db, ORGANIZATION, NOW + timedelta(days=91))
    assert simulations.listed(db, ORGANIZATION, before=None, limit=9) == []


def test_what_is_asked_for_again_while_it_waits_is_the_same(db: Database) -> None:
    year(db)

    first = put(db, asked(DOUBLED))

    assert put(db, asked(DOUBLED)).id == first.id
    assert put(db, asked(DOUBLED, months=3)).id != first.id
    for months in range(4, 3 + MOST_WAITING - 1):
        put(db, asked(DOUBLED, months=months))
    with pytest.raises(SimulationsBusy):
        put(db, asked(DOUBLED, months=40))


def test_what_is_no_program_is_refused_at_once(db: Database) -> None:
    with pytest.raises(NoProgramInForce):
        put(db, asked(PROGRAM))
    year(db)
    with pytest.raises(ProgramInvalid):
        put(db, asked("rules: ["))


def test_an_organization_without_history_has_a_result_too(db: Database) -> None:
    programs.publish(db, ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)

    found = run(db, asked(DOUBLED))

    assert (found.events, found.members) == (0, 0)
    assert [one.members for one in found.changes] == [0, 0]
