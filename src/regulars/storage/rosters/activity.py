"""The newest day on which each member did something, kept beside the events."""

from datetime import datetime, timedelta

from regulars.domain.operations import PREFIX
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx
from regulars.storage.events import SPENDING

OVERLAP = timedelta(minutes=2)
"""An event is stored a little after it was received: this stretch is looked at once more."""

PROGRESS = "select through from activity_progress where organization_id = %s for update"

BEGIN = """
insert into activity_progress (organization_id, through) values (%s, '1970-01-01')
on conflict do nothing
"""

NEWEST = """
select max(received_at) from event
where organization_id = %(organization)s and received_at > %(since)s
"""

# What the product records by itself is no act of the member's, but for points that they spent.
CATCH_UP = """
insert into activity (member_id, organization_id, active_on)
select coalesce(member.merged_into, member.id), %(organization)s,
       max(seen.occurred_at at time zone 'UTC')::date
from (
    select member_id, max(occurred_at) as occurred_at from event
    where organization_id = %(organization)s and received_at > %(since)s
        and (not starts_with(type, %(prefix)s) or type = any(%(acts)s::text[]))
    group by member_id
) as seen
join member on member.id = seen.member_id
group by 1
order by 1
on conflict (member_id) do update set active_on = excluded.active_on
where activity.active_on < excluded.active_on
"""

NOTE = "update activity_progress set through = %s where organization_id = %s"


def catch_up(tx: Tx, organization: int) -> int:
    """Look at the events that were received since; for how many members a day changed. Whoever else
    does the same waits."""
    tx.execute(BEGIN, [organization])
    (through,) = tx.execute(PROGRESS, [organization]).fetchone() or (None,)
    assert isinstance(through, datetime), "it was begun above"
    asked = {
        "organization": organization,
        "since": through - OVERLAP,
        "prefix": PREFIX,
        "acts": text_array(SPENDING),
    }
    (newest,) = tx.execute(NEWEST, asked).fetchone() or (None,)
    if newest is None:
        return 0
    changed = tx.execute(CATCH_UP, asked).rowcount
    tx.execute(NOTE, [newest, organization])
    return changed
