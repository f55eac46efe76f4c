"""On which days a member checked in, by the events that are kept."""

from datetime import date, datetime

from regulars.storage.database import Tx

DAYS = """
select distinct (occurred_at at time zone %(zone)s)::date
from event
where organization_id = %(organization)s and member_id = %(member)s and type = 'check_in'
    and status = 'decided' and occurred_at >= %(since)s and occurred_at < %(until)s
order by 1
"""

TODAY = """
select decision from event
where organization_id = %s and source = %s and external_id = %s
"""


def days(
    tx: Tx, organization: int, member: int, *, span: tuple[datetime, datetime], zone: str
) -> list[date]:
    """The days in [start, end) on which the member checked in, by the wall clocks of `zone`."""
    asked = {
        "organization": organization, "member": member, "since": span[0], "until": span[1],
        "zone": zone,
    }  # fmt: skip
    return [day for (day,) in tx.execute(DAYS, asked)]


def decision(tx: Tx, organization: int, source: str, key: str) -> str | None:
    """What was decided of one check-in, as it is kept; None for none."""
    row = tx.execute(TODAY, [organization, source, key]).fetchone()
    return None if row is None else str(row[0])
