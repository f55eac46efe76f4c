"""The newest decisions in PostgreSQL, in the order in which their events were received.

Row numbers are drawn in blocks, so that they do not tell what came last; the instant does, found
by the index over stretches of the table.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

SINCE = """
select id, member_id, version, occurred_at, received_at, status, type, decision
from event
where organization_id = %(organization)s and received_at >= %(since)s
    and status <> 'waiting' and id <> all(%(known)s::bigint[])
order by received_at desc, id desc
limit %(limit)s
"""


class Decision(Struct, frozen=True, gc=False):
    """An event and what was decided: an Explanation in JSON."""

    id: int
    member_id: int
    version: int
    occurred_at: datetime
    received_at: datetime
    status: str
    type: str
    decision: str


def newest(
    tx: Tx, organization: int, since: datetime, *, known: AbstractSet[int], limit: int
) -> list[Decision]:
    """At most `limit` events received from `since` on that are not `known`, the newest first."""
    asked = {
        "organization": organization,
        "since": since,
        "known": int_array(known),
        "limit": limit,
    }
    return [Decision(*row) for row in tx.execute(SINCE, asked)]
