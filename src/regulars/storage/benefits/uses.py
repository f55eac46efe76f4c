"""Uses of benefits in PostgreSQL: what was used outside orders, and who used what at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

_COLUMNS = """
id, member_id, benefit, grant_id, carrier, how, store, reference, used_at, used_by, request_key,
restored_at, restored_by, restored_why
"""

INSERT = """
insert into benefit_use (organization_id, member_id, benefit, grant_id, carrier, how, store,
                         reference, used_at, used_by, request_key, partner)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
returning id
"""

GET = f"select {_COLUMNS} from benefit_use where organization_id = %s and id = %s"  # noqa: S608

LOCK = GET + " for no key update"

ASKED = f"""
select {_COLUMNS} from benefit_use
where organization_id = %s and used_by = %s and request_key = %s
"""  # noqa: S608  # only the constant above is put in

RESTORE = """
update benefit_use set restored_at = %(at)s, restored_by = %(by)s, restored_why = %(why)s
where organization_id = %(organization)s and id = %(id)s and restored_at is null
"""

# What an order used has no row of its own here: the reservation says it all.
_LISTED = """
select reservation.id, reservation.member_id, reservation.owner_kind, reservation.owner_id,
       reservation.state, reservation.amount, coalesce(reservation.closed_at, opened_at),
       reservation.restored_at, reservation.opened_by, coalesce(held.benefit, quota.subject),
       held.id, coalesce(held.granted_by, ''), coalesce(held.carrier, used.carrier, ''),
       coalesce(used.how, 'order'), coalesce(used.store, ''), coalesce(used.reference, ''),
       coalesce(used.restored_by, ''), coalesce(used.restored_why, ''), coalesce(used.partner, '')
from reservation
join quota on quota.id = reservation.quota_id and quota.kind = 'benefit'
left join benefit_use as used
    on reservation.owner_kind = 'benefit_use' and used.id = reservation.owner_id
left join benefit_grant as held
    on starts_with(quota.subject, 'grant:') and held.id = substr(quota.subject, 7)::bigint
where reservation.organization_id = %(organization)s and reservation.id < %(before)s
    and reservation.state in ('captured', 'restored')
    and (%(benefit)s::text is null or coalesce(held.benefit, quota.subject) = %(benefit)s)
    and (%(by)s::text is null or reservation.opened_by = %(by)s)
    and (%(partner)s::text is null or used.partner = %(partner)s)
    and (%(since)s::timestamptz is null or reservation.opened_at >= %(since)s)
    and (%(until)s::timestamptz is null or reservation.opened_at < %(until)s)
"""

_NEWEST = """
order by reservation.id desc
limit %(limit)s
"""

PAGE = _LISTED + _NEWEST

OF_MEMBERS = f"""
{_LISTED} and reservation.member_id = any(%(members)s::bigint[])
{_NEWEST}
"""

FIGURES = """
select partner, count(*), count(distinct member_id),
       count(*) filter (where restored_at is not null), max(used_at)
from benefit_use
where organization_id = %(organization)s and partner <> ''
    and (%(since)s::timestamptz is null or used_at >= %(since)s)
    and (%(until)s::timestamptz is null or used_at < %(until)s)
group by partner
order by partner
limit %(limit)s
"""

LAST = 2**63 - 1
MOST_PARTNERS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUse:
    """A use to be written. `carrier`: by what the member had the benefit; `how`: till, code, desk,
    partner or booking; `reference`: such as a receipt's number; `partner`: at whose till."""

    member_id: int
    benefit: str
    grant_id: int | None
    carrier: str
    how: str
    used_at: datetime
    used_by: str
    store: str = ""
    reference: str = ""
    request_key: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A use outside orders. `restored_at`: when it was given back."""

    id: int
    member_id: int
    benefit: str
    grant_id: int | None
    carrier: str
    how: str
    store: str
    reference: str
    used_at: datetime
    used_by: str
    request_key: str
    restored_at: datetime | None
    restored_by: str
    restored_why: str


@dataclass(frozen=True, slots=True)
class ListedUse:
    """One use of a benefit, by an order or by itself, as the reservation has it.

    `owner_kind`, `owner_id`: what it was used for. `state`: captured or restored. `granted_by`:
    "" for a benefit that came by itself.
    """

    id: int
    member_id: int
    owner_kind: str
    owner_id: int
    state: str
    amount: int
    used_at: datetime
    restored_at: datetime | None
    used_by: str
    benefit: str
    grant_id: int | None
    granted_by: str
    carrier: str
    how: str
    store: str
    reference: str
    restored_by: str
    restored_why: str
    partner: str


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """What was used at one partner: how often, by how many members, how often it was given back."""

    partner: str
    uses: int
    members: int
    restored: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which uses are listed; None: whatever it is. `members`: of these, all one person."""

    members: Sequence[int] | None = None
    benefit: str | None = None
    by: str | None = None
    partner: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def insert(tx: Tx, organization: int, use: NewUse) -> int:
    """Write a use; its number. Raises UniqueViolation where the same caller wrote one under the
    same key."""
    row = tx.execute(
        INSERT,
        [
            organization, use.member_id, use.benefit, use.grant_id, use.carrier, use.how,
            use.store, use.reference, use.used_at, use.used_by, use.request_key, use.partner,
        ],
    ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


def get(tx: Tx, organization: int, number: int) -> Use | None:
    """One use; None for none."""
    return _one(tx.execute(GET, [organization, number]).fetchone())


def lock(tx: Tx, organization: int, number: int) -> Use | None:
    """The same, with nobody else changing it until the transaction ends."""
    return _one(tx.execute(LOCK, [organization, number]).fetchone())


def asked_before(tx: Tx, organization: int, by: str, key: str) -> Use | None:
    """What this caller used under this key; None for nothing."""
    return _one(tx.execute(ASKED, [organization, by, key]).fetchone())


def restore(tx: Tx, organization: int, number: int, *, at: datetime, by: str, why: str) -> bool:
    """Note that a use was given back; whether it was not before."""
    asked = {"organization": organization, "id": number, "at": at, "by": by, "why": why}
    return tx.execute(RESTORE, asked).rowcount == 1


def page(
    tx: Tx, organization: int, wanted: Filter, *, before: int | None, limit: int
) -> list[ListedUse]:
    """Uses, the newest first, before number `before`."""
    asked: dict[str, Any] = {
        "organization": organization,
        "before": LAST if before is None else before,
        "benefit": wanted.benefit,
        "by": wanted.by,
        "partner": wanted.partner,
        "since": wanted.since,
        "until": wanted.until,
        "limit": limit,
    }
    if wanted.members is None:
        rows = tx.execute(PAGE, asked)
    else:
        rows = tx.execute(OF_MEMBERS, asked | {"members": int_array(wanted.members)})
    return [ListedUse(*row) for row in rows]


def at_partners(
    tx: Tx, organization: int, since: datetime | None, until: datetime | None
) -> list[PartnerFigures]:
    """What was used at each partner in this time, by their names; None: without an end."""
    asked = {
        "organization": organization, "since": since, "until": until, "limit": MOST_PARTNERS,
    }  # fmt: skip
    return [PartnerFigures(*row) for row in tx.execute(FIGURES, asked)]


def _one(row: Sequence[Any] | None) -> Use | None:
    return None if row is None else Use(*row)
