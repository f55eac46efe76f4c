"""The history of tiers in PostgreSQL."""

from collections.abc import Sequence

from regulars.domain.explanations import TierMove
from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Tx

INSERT = """
insert into tier_change (organization_id, member_id, event_id, effective_at, valid_until, old_tier,
                         new_tier, why)
select %(organization)s, member_id, event_id, effective_at, valid_until, old_tier, new_tier, why
from unnest(%(members)s::bigint[], %(events)s::bigint[], %(at)s::timestamptz[],
            %(until)s::timestamptz[], %(old)s::text[], %(new)s::text[], %(why)s::text[])
    as fresh (member_id, event_id, effective_at, valid_until, old_tier, new_tier, why)
"""

HISTORY = """
select old_tier, new_tier, effective_at, why, valid_until
from tier_change
where organization_id = %s and member_id = %s
order by id
limit %s
"""


def insert(tx: Tx, organization: int, moves: Sequence[tuple[TierMove, int, int]]) -> None:
    """Write moves, each with its member and event."""
    tx.execute(
        INSERT,
        {
            "organization": organization,
            "members": int_array(member_id for _, member_id, _ in moves),
            "events": int_array(event_id for _, _, event_id in moves),
            "at": time_array(move.at for move, _, _ in moves),
            "until": time_array(move.until for move, _, _ in moves),
            "old": text_array(move.old for move, _, _ in moves),
            "new": text_array(move.new for move, _, _ in moves),
            "why": text_array(move.why for move, _, _ in moves),
        },
    )


def history(tx: Tx, organization: int, member_id: int, limit: int = 1000) -> list[TierMove]:
    """A member's moves in the order in which they were decided."""
    rows = tx.execute(HISTORY, [organization, member_id, limit])
    return [TierMove(*row) for row in rows]
