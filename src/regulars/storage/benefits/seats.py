"""For which partner somebody works, in PostgreSQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.access import ROLES, Scope
from regulars.storage.arrays import text_array
from regulars.storage.database import Tx

GET = "select partner from partner_seat where organization_id = %s and actor = %s"

# Whoever a record names, and whether they may use a partner's benefits at all at the moment.
_HOLDERS = """
left join api_key on api_key.organization_id = seat.organization_id
    and seat.actor = 'key:' || api_key.id
left join client on client.organization_id = seat.organization_id
    and seat.actor = 'client:' || client.id
left join staff on staff.organization_id = seat.organization_id
    and seat.actor = 'staff:' || staff.id
"""

_MAY = """
coalesce(
    api_key.revoked_at is null and api_key.scopes && %(scopes)s::text[],
    client.disabled_at is null and client.scopes && %(scopes)s::text[],
    staff.suspended_at is null and staff.roles && %(roles)s::text[],
    false
)
"""

LISTED = f"""
select seat.actor, seat.partner, seat.given_by, seat.given_at,
       coalesce(api_key.name, client.name, ''), {_MAY}
from partner_seat as seat
{_HOLDERS}
where seat.organization_id = %(organization)s
order by seat.partner, seat.actor
limit %(limit)s
"""  # noqa: S608  # only the constants above are put in

MAY_SIT = f"""
select {_MAY}
from (values (%(organization)s::integer, %(actor)s::text)) as seat (organization_id, actor)
{_HOLDERS}
"""  # noqa: S608

GIVE = """
insert into partner_seat (organization_id, actor, partner, given_by, given_at)
values (%s, %s, %s, %s, %s)
on conflict (organization_id, actor) do update
set partner = excluded.partner, given_by = excluded.given_by, given_at = excluded.given_at
where partner_seat.partner <> excluded.partner
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


@dataclass(frozen=True, slots=True)
class ListedSeat:
    """The same as it is listed. `name`: of a key or an application; "" for staff. `is_open`:
    whether they may use the partner's benefits; not once a key is revoked, and the like."""

    actor: str
    partner: str
    given_by: str
    given_at: datetime
    name: str
    is_open: bool


def partner_of(tx: Tx, organization: int, actor: str) -> str | None:
    """For which partner somebody works; None for nobody's."""
    row = tx.execute(GET, [organization, actor]).fetchone()
    return None if row is None else row[0]


def listed(tx: Tx, organization: int) -> list[ListedSeat]:
    """All who work for partners, by partner."""
    asked = {"organization": organization, "limit": MOST, **_able()}
    return [ListedSeat(*row) for row in tx.execute(LISTED, asked)]


def may_sit(tx: Tx, organization: int, actor: str) -> bool:
    """Whether this is a key, an application or one of the staff who may use partners' benefits."""
    row = tx.execute(MAY_SIT, {"organization": organization, "actor": actor, **_able()}).fetchone()
    return row is not None and bool(row[0])


def give(tx: Tx, organization: int, seat: Seat) -> None:
    """Note for whom somebody works from now on."""
    tx.execute(GIVE, [organization, seat.actor, seat.partner, seat.given_by, seat.given_at])


def take(tx: Tx, organization: int, actor: str) -> bool:
    """Somebody works for no partner any more; whether they did."""
    return tx.execute(TAKE, [organization, actor]).rowcount == 1


def _able() -> dict[str, object]:
    roles: Collection[str] = [role.value for role in ROLES if Scope.PARTNER_USE in ROLES[role]]
    return {
        "scopes": text_array([Scope.PARTNER_USE.value, Scope.ADMIN.value]),
        "roles": text_array(roles),
    }
