"""Versions by the instants from which they are in force, and when a member is next looked at."""

from datetime import timedelta

import pytest
from tests.domain.builders import at, program

from regulars.domain.errors import NoProgramInForce
from regulars.domain.members import State, TierState
from regulars.domain.plans import Timetable, plan
from regulars.domain.reviews import next_review

MOMENT = timedelta(microseconds=1)


def test_a_version_is_in_force_from_its_instant_until_the_next() -> None:
    first, second, third = (plan(program(), number) for number in (1, 2, 3))
    table = Timetable().extended([(at("2024-03-01"), second), (at("2024-01-01"), first)])
    table = table.extended([(at("2024-05-01"), third)])
    for instant, found in (
        (at("2024-01-01"), first),
        (at("2024-03-01") - MOMENT, first),
        (at("2024-03-01"), second),
        (at("2024-05-01") - MOMENT, second),
        (at("2030-01-01"), third),
    ):
        assert table.in_force(instant) is found
    assert table.newest == 3
    assert table.version(2) is second
    with pytest.raises(NoProgramInForce, match="from 2024-01-01"):
        table.in_force(at("2024-01-01") - MOMENT)
    with pytest.raises(NoProgramInForce, match="no version 4"):
        table.version(4)


def test_nothing_is_in_force_before_anything_was_published() -> None:
    assert Timetable().newest == 0
    with pytest.raises(NoProgramInForce, match="Nothing was published"):
        Timetable().in_force(at("2024-01-01"))


def test_a_member_is_next_looked_at_when_the_first_thing_is_due() -> None:
    tier = TierState("gold", at("2024-01-01"), until=at("2024-06-01"))
    idle = {"points": at("2024-05-01"), "old": at("2023-01-01")}
    assert next_review(State()) is None
    assert next_review(State(tier=tier)) == at("2024-06-01")
    state = State(tier=tier, active_until=idle, clock=at("2024-01-01"))
    assert next_review(state) == at("2024-05-01")
    assert next_review(State(active_until=idle, clock=at("2024-05-01"))) is None
    assert next_review(State(active_until=idle)) == at("2023-01-01")
