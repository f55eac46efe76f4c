"""Simulations of random histories with returns, holds, gifts, conversions, debts and lapsed points:
the program in force changes nothing, whether it is recalled from the record or replayed."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.services.histories import START, Both, document, histories, published

from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import AS_DECIDED, Asked
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
    found = {
        "recalled": simulate(db, text),
        "decided": simulate(db, text, against=AS_DECIDED),
        "since then": simulate(db, text, from_=middle),
        "replayed": simulate(db, text, until=LATER),
        "until then": simulate(db, text, until=middle),
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
    # What is on record is what a replay finds; it only ends at another instant.
    recalled, replayed = (
        {rule.rule: rule.in_force for rule in found[name].rules}
        for name in ("recalled", "replayed")
    )
    assert recalled == replayed
    first, second = (found[name].currencies[0].in_force for name in ("recalled", "replayed"))
    assert first is not None
    assert second is not None
    assert (first.issued, first.taken_back, first.redeemed) == (
        second.issued,
        second.taken_back,
        second.redeemed,
    )
    # Points of thirty days have all lapsed by then.
    assert second.outstanding <= 0 < first.outstanding
