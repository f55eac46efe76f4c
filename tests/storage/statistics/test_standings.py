"""Who is active and who at risk, counted by stretches, is what looking at every day would give."""

from datetime import date, timedelta
from random import Random

import pytest

from regulars.domain.statistics.figures import ACTIVE_DAYS, AT_RISK_DAYS
from regulars.runtime import DEFAULT_ORGANIZATION as HERE
from regulars.storage.database import Database
from regulars.storage.statistics import standings

FIRST = date(2025, 1, 1)
SPREAD = 500
TIERS = ("green", "gold")

INSERT = "insert into active_day (organization_id, day, member_id, tier) values (%s, %s, %s, %s)"
COUNTED = """
select day, name, tier, count from day_sum
where organization_id = %s and figure = 'standing' and name <> 'counted'
"""

Acts = dict[int, dict[date, str]]


def looked_at(acts: Acts, first: date, last: date) -> dict[tuple[date, str, str], int]:
    """The same, by asking of each member on each day when they were last there."""
    found: dict[tuple[date, str, str], int] = {}
    for days in acts.values():
        for place in range((last - first).days + 1):
            day = first + timedelta(days=place)
            seen = max((one for one in days if one <= day), default=None)
            if seen is None or (day - seen).days >= AT_RISK_DAYS:
                continue
            name = "active" if (day - seen).days < ACTIVE_DAYS else "at_risk"
            key = (day, name, days[seen])
            found[key] = found.get(key, 0) + 1
    return found


@pytest.mark.parametrize("seed", range(4))
def test_stretches_count_what_days_do(db: Database, seed: int) -> None:
    chance = Random(seed)
    acts: Acts = {
        member: {
            FIRST + timedelta(days=chance.randrange(SPREAD)): chance.choice(TIERS)
            for _ in range(chance.randrange(1, 7))
        }
        for member in range(1, 25)
    }
    with db.transaction(HERE) as tx:
        for member, days in acts.items():
            for day, tier in days.items():
                tx.execute(INSERT, [HERE, day, member, tier])
        last = FIRST + timedelta(days=SPREAD)
        standings.count(tx, HERE, FIRST, last)
        # Some of the days once more, as after something came late.
        again = FIRST + timedelta(days=chance.randrange(SPREAD))
        standings.count(tx, HERE, again, last)
        told = {(day, name, tier): n for day, name, tier, n in tx.execute(COUNTED, [HERE])}
    assert told == looked_at(acts, FIRST, last)
