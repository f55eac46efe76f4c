"""What a deployment holds, in a few tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regulars.storage import summaries
from regulars.storage.database import Database


@dataclass(frozen=True, slots=True)
class Overview:
    """Rows as in `summaries`. `some`: numbers of purchases from all over the time."""

    members: int
    events: int
    by_type: Sequence[Sequence[Any]]
    by_rule: Sequence[Sequence[Any]]
    by_tier: Sequence[Sequence[Any]]
    some: Sequence[int]


def overview(db: Database, organization: int, *, examples: int) -> Overview:
    """All of it as of one instant. Reads every event: for a first look, not for every day."""
    with db.snapshot(organization) as tx:
        ((members, events),) = summaries.rows(tx, organization, summaries.COUNTS)
        stride = max(events // max(examples * 3, 1), 1)
        some = summaries.rows(tx, organization, summaries.SOME, stride=stride, limit=examples)
        return Overview(
            members,
            events,
            summaries.rows(tx, organization, summaries.BY_TYPE),
            summaries.rows(tx, organization, summaries.BY_RULE),
            summaries.rows(tx, organization, summaries.BY_TIER),
            [number for (number,) in some],
        )
