"""What was decided of late, for who looks on."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.plans import Timetable
from regulars.storage.database import Database
from regulars.storage.programs import Versions
from regulars.storage.statistics import decisions
from regulars.storage.statistics.decisions import Decision

AT_FIRST = 20
"""How many are told to who begins to look on."""

AT_ONCE = 100
"""Of what comes faster than this between two looks, the newest are told."""

FAR_BACK = (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24))
"""How far back is looked for the first ones: no further than it takes to find some."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Events in the order in which they were received, and the versions that decided them."""

    events: list[Decision]
    table: Timetable


def of_late(db: Database, versions: Versions, now: datetime) -> Decided:
    """The newest AT_FIRST of the last day."""
    organization = versions.organization
    found: list[Decision] = []
    with db.transaction(organization) as tx:
        for far in FAR_BACK:
            found = decisions.newest(tx, organization, now - far, known=set(), limit=AT_FIRST)
            if found:
                break
        return Decided(found[::-1], versions.read(tx))


def since(db: Database, versions: Versions, at: datetime, known: AbstractSet[int]) -> Decided:
    """What was received from `at` on and is not `known` yet; the newest AT_ONCE of it."""
    organization = versions.organization
    with db.transaction(organization) as tx:
        found = decisions.newest(tx, organization, at, known=known, limit=AT_ONCE)
        return Decided(found[::-1], versions.read(tx))
