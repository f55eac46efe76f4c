"""Simulations of random histories with returns, holds, gifts, conversions, debts and lapsed points:
the program in force changes nothing, whether it is recalled from the record or replayed."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from tests.services.histories import START, Both, document, histories, published

from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import AS_DECIDED, Asked
from regulars.services import programs
from regulars.services.designing import simulating, simulations
from regulars.services.designing.simulations import IN_FORCE
from regulars.storage.database import Database

numbers = count()
LATER = datetime(2025, 1, 1, tzinfo=UTC)
BOUNDED = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def simulate(db: Database, text: str, **more: Any) -> SimulationResult:
    wanted = Asked(document=text, against=more.pop("against", IN_FORCE), months=24, **more)
    asked = simulations.checked(db, 1, wanted, LATER)
    task = simulating.Task(db, 1, asked, LATER, lambda _total: None, lambda: None)
    return simulating.simulate(task, simulating.alone(db))


# See test_histories.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("spent", ["negative", "owe", "waive"])
def test_the_program_in_force_changes_nothing_whatever_happened(db: Database, spent: str) -> None:
    text = document(spent)
    published(db, text)

    @BOUNDED
    @given(histories)
    def live(taken: list[tuple[Any, int, bool]]) -> None:
        both = Both(db, f"s{next(numbers)}-", spent)
        for step, hours, ends_batch in taken:
            both.take(step, hours, ends_batch=ends_batch)
        both.finish()

    live()
    middle = START + timedelta(days=20)
    # The same text as another version, which has decided nothing: its side has to be replayed.
    programs.publish(db, 1, text, in_force_from=LATER - timedelta(days=1), now=LATER)
    found = {
        "recalled": simulate(db, text, against=1),
        "replayed": simulate(db, text, against=2),
        "decided": simulate(db, text, against=AS_DECIDED),
        "recalled since then": simulate(db, text, against=1, from_=middle),
        "replayed since then": simulate(db, text, against=2, from_=middle),
        "until then": simulate(db, text, against=1, until=middle),
        "long after": simulate(db, text, against=1, until=LATER),
    }

    for name, result in found.items():
        assert result.members > 15
        for currency in result.currencies:
            assert currency.in_force == currency.draft, name
        assert all(one.in_force == one.draft for one in result.rules), name
        assert all(one.in_force == one.draft for one in result.months), name
        assert all(one.in_force == one.draft for one in result.tiers.moves), name
        assert all(one.unchanged == one.members == result.members for one in result.changes), name
        assert result.refusals == [], name
    # What is on record is what a replay finds.
    for name in ("", " since then"):
        recalled, replayed = found[f"recalled{name}"], found[f"replayed{name}"]
        assert recalled.baseline.versions != replayed.baseline.versions
        assert msgspec.structs.replace(recalled, baseline=replayed.baseline) == replayed
    last = found["long after"].currencies[0].in_force
    assert last is not None
    # Points of thirty days have all lapsed by then.
    assert last.outstanding <= 0
