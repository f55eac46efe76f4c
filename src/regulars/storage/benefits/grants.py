"""Benefits that single members were given, in PostgreSQL: by a person, a rule, a campaign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.domain.benefits.grants import Grant, NewGrant
from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Later, Tx

_COLUMNS = """
id, member_id, benefit, carrier, source, event_id, uses, valid_from, valid_until, granted_by,
granted_at, reason, request_key, ended_at, ended_by, ended_why
"""

NEXT_IDS = """
select nextval(pg_get_serial_sequence('benefit_grant', 'id')) from generate_series(1, %s)
"""

INSERT = """
insert into benefit_grant (id, organization_id, member_id, benefit, carrier, source, event_id, uses,
                           valid_from, valid_until, granted_by, granted_at, reason, request_key)
overriding system value
select id, %(organization)s, member_id, benefit, carrier, source, event_id, uses,
       valid_from, valid_until, granted_by, granted_at, reason, request_key
from unnest(%(ids)s::bigint[], %(members)s::bigint[], %(benefits)s::text[], %(carriers)s::text[],
            %(sources)s::text[], %(events)s::bigint[], %(uses)s::integer[],
            %(valid_from)s::timestamptz[], %(valid_until)s::timestamptz[], %(by)s::text[],
            %(granted_at)s::timestamptz[], %(reasons)s::text[], %(keys)s::text[])
    as fresh (id, member_id, benefit, carrier, source, event_id, uses, valid_from, valid_until,
              granted_by, granted_at, reason, request_key)
"""

# Those to come are told apart by the caller: `valid_from` may lie ahead.
OPEN = f"""
select {_COLUMNS} from benefit_grant
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and (valid_until is null or valid_until > %(at)s)
    and valid_from <= %(at)s
    and (ended_at is null or ended_at > %(at)s)
order by member_id, id
"""  # noqa: S608  # only the constant above is put in

GET = f"select {_COLUMNS} from benefit_grant where organization_id = %s and id = %s"  # noqa: S608

LOCK = GET + " for no key update"

ASKED = f"""
select {_COLUMNS} from benefit_grant
where organization_id = %s and granted_by = %s and request_key = %s
"""  # noqa: S608

PAGE = f"""
select {_COLUMNS} from benefit_grant
where organization_id = %(organization)s and id < %(before)s
    and (%(member)s::bigint is null or member_id = any(%(members)s::bigint[]))
    and (%(benefit)s::text is null or benefit = %(benefit)s)
    and (%(carrier)s::text is null or carrier = %(carrier)s)
    and (%(is_open)s::boolean is null or %(is_open)s = (
        (ended_at is null or ended_at > %(at)s) and (valid_until is null or valid_until > %(at)s)))
order by id desc
limit %(limit)s
"""  # noqa: S608

END = """
update benefit_grant set ended_at = %(at)s, ended_by = %(by)s, ended_why = %(why)s
where organization_id = %(organization)s and id = any(%(ids)s::bigint[]) and ended_at is null
"""

# What was used of a grant stays used; all that it would still allow is gone.
END_OF_EVENTS = """
update benefit_grant set ended_at = %(at)s, ended_by = %(by)s, ended_why = %(why)s
where organization_id = %(organization)s and event_id = any(%(events)s::bigint[])
    and ended_at is null
"""

LAST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which grants are listed; None: whatever it is. `members`: of these, all one person."""

    members: Sequence[int] | None = None
    benefit: str | None = None
    carrier: str | None = None
    is_open: bool | None = None


def insert(tx: Tx, organization: int, rows: Sequence[NewGrant]) -> list[int]:
    """Write grants; their numbers, in the same order. Raises UniqueViolation where the same
    `granted_by` wrote one under the same `request_key`."""
    ids = [number for (number,) in tx.execute(NEXT_IDS, [len(rows)])]
    tx.execute(
        INSERT,
        {
            "organization": organization,
            "ids": int_array(ids),
            "members": int_array(row.member_id for row in rows),
            "benefits": text_array(row.benefit for row in rows),
            "carriers": text_array(row.carrier for row in rows),
            "sources": text_array(row.source for row in rows),
            "events": int_array(row.event_id for row in rows),
            "uses": int_array(row.uses for row in rows),
            "valid_from": time_array(row.valid_from for row in rows),
            "valid_until": time_array(row.valid_until for row in rows),
            "by": text_array(row.granted_by for row in rows),
            "granted_at": time_array(row.granted_at for row in rows),
            "reasons": text_array(row.reason for row in rows),
            "keys": text_array(row.request_key for row in rows),
        },
    )
    return ids


def open_grants(
    tx: Tx, organization: int, member_ids: Iterable[int], at: datetime
) -> dict[int, list[Grant]]:
    """What members were given and holds at `at`, by member; those without any are left out."""
    return ask_open(tx, organization, member_ids, at)()


def ask_open(
    tx: Tx, organization: int, member_ids: Iterable[int], at: datetime
) -> Later[dict[int, list[Grant]]]:
    """The same, for a pipeline."""
    asked = {"organization": organization, "members": int_array(member_ids), "at": at}
    cursor = tx.execute(OPEN, asked)

    def found() -> dict[int, list[Grant]]:
        by_member: dict[int, list[Grant]] = {}
        for grant in map(_grant, cursor.fetchall()):
            by_member.setdefault(grant.member_id, []).append(grant)
        return by_member

    return found


def get(tx: Tx, organization: int, number: int) -> Grant | None:
    """One grant, open or not; None for none."""
    return _one(tx.execute(GET, [organization, number]).fetchone())


def lock(tx: Tx, organization: int, number: int) -> Grant | None:
    """The same, with nobody else changing it until the transaction ends."""
    return _one(tx.execute(LOCK, [organization, number]).fetchone())


def asked_before(tx: Tx, organization: int, by: str, key: str) -> Grant | None:
    """What this caller granted under this key; None for nothing."""
    return _one(tx.execute(ASKED, [organization, by, key]).fetchone())


def page(
    tx: Tx,
    organization: int,
    wanted: Filter,
    *,
    before: int | None,
    limit: int,
    at: datetime,
) -> list[Grant]:
    """Grants, the newest first, before number `before`."""
    asked = {
        "organization": organization,
        "before": LAST if before is None else before,
        "member": None if wanted.members is None else 1,
        "members": int_array(wanted.members or []),
        "benefit": wanted.benefit,
        "carrier": wanted.carrier,
        "is_open": wanted.is_open,
        "at": at,
        "limit": limit,
    }
    return [Grant(*row) for row in tx.execute(PAGE, asked)]


def end(
    tx: Tx, organization: int, numbers: Iterable[int], *, at: datetime, by: str, why: str
) -> int:
    """Take grants back; how many were open."""
    asked = {
        "organization": organization, "ids": int_array(numbers), "at": at, "by": by, "why": why,
    }  # fmt: skip
    return tx.execute(END, asked).rowcount


def end_of_events(
    tx: Tx, organization: int, event_ids: Iterable[int], *, at: datetime, by: str, why: str
) -> int:
    """Take back what came by these events, such as a purchase that was returned as a whole; how
    many grants were open."""
    asked = {
        "organization": organization, "events": int_array(event_ids), "at": at, "by": by,
        "why": why,
    }  # fmt: skip
    return tx.execute(END_OF_EVENTS, asked).rowcount


def _grant(row: Sequence[Any]) -> Grant:
    return Grant(*row)


def _one(row: Sequence[Any] | None) -> Grant | None:
    return None if row is None else Grant(*row)
