"""For which partner somebody works, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from regulars.storage.database import Tx

GET = "select partner from partner_seat where organization_id = %s and actor = %s"

LISTED = """
select actor, partner, given_by, given_at from partner_seat
where organization_id = %s
order by actor
limit %s
"""

GIVE = """
insert into partner_seat (organization_id, actor, partner, given_by, given_at)
values (%s, %s, %s, %s, %s)
on conflict (organization_id, actor) do update
set partner = excluded.partner, given_by = excluded.given_by, given_at = excluded.given_at
"""

TAKE = "delete from partner_seat where organization_id = %s and actor = %s"

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who works for a partner. `actor`: such as "staff:12" or "key:3"."""

    actor: str
    partner: str
    given_by: str
    given_at: datetime


def partner_of(tx: Tx, organization: int, actor: str) -> str | None:
    """For which partner somebody works; None for nobody's."""
    row = tx.execute(GET, [organization, actor]).fetchone()
    return None if row is None else row[0]


def listed(tx: Tx, organization: int) -> list[Seat]:
    """All who work for partners."""
    return [Seat(*row) for row in tx.execute(LISTED, [organization, MOST])]


def give(tx: Tx, organization: int, seat: Seat) -> None:
    """Note for whom somebody works from now on."""
    tx.execute(GIVE, [organization, seat.actor, seat.partner, seat.given_by, seat.given_at])


def take(tx: Tx, organization: int, actor: str) -> bool:
    """Somebody works for no partner any more; whether they did."""
    return tx.execute(TAKE, [organization, actor]).rowcount == 1
