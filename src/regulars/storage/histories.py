"""Whole histories of many members at once, for replay: events, lots and transfers as they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from regulars.domain.ledger import Account, Lot, Transfer
from regulars.domain.members import Member
from regulars.storage import members
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.events import Recorded, recorded_from

NEXT_MEMBERS = """
select id from member
where organization_id = %s and id > %s
order by id
limit %s
"""

COUNT = "select count(*) from event where organization_id = %s and status = 'decided'"

EVENTS = """
select id, member_id, seq, version, occurred_at, received_at, status, digest::text, source,
       external_id, type, payload, decision
from event
where organization_id = %s and member_id = any(%s::bigint[]) and status = 'decided'
order by member_id, seq
"""

LOTS = """
select id, member_id, event_id, currency, amount, remaining, expired, available_at, expires_at,
       after_seq, origin_event_id
from lot
where organization_id = %s and member_id = any(%s::bigint[])
order by id
"""

TRANSFERS = """
select member_id, event_id, currency, code, debit, credit, amount, effective_at
from transfer
where organization_id = %s and member_id = any(%s::bigint[])
order by id
"""


# All who belong together are merged into the same one, whoever was merged into whom before.
TOGETHER = """
select asked.id, other.id
from member as asked
join member as other on other.organization_id = asked.organization_id
    and other.merged_into = coalesce(asked.merged_into, asked.id)
where asked.organization_id = %s and asked.id = any(%s::bigint[])
order by asked.id, other.id
"""


@dataclass(slots=True)
class History:
    """One member's. `lots` and `transfers` by event: those of others' events were received."""

    member: Member
    events: list[Recorded] = field(default_factory=list)
    lots: dict[int, list[Lot]] = field(default_factory=dict)
    transfers: dict[int, list[Transfer]] = field(default_factory=dict)


def next_members(tx: Tx, organization: int, after: int, limit: int) -> list[int]:
    """The ids of the next members above `after`, in order."""
    return [number for (number,) in tx.execute(NEXT_MEMBERS, [organization, after, limit])]


def count(tx: Tx, organization: int) -> int:
    """How many events have been decided."""
    row = tx.execute(COUNT, [organization]).fetchone()
    assert row is not None
    return int(row[0])


def load(
    tx: Tx, organization: int, ids: Sequence[int], *, with_ledger: bool = True
) -> list[History]:
    """The histories of these members, in the order of their ids."""
    known = members.read(tx, organization, ids)
    found = {number: History(member) for number, member in known.items()}
    asked = [organization, int_array(ids)]
    for row in tx.execute(EVENTS, asked):
        event = recorded_from(row)
        found[event.member_id].events.append(event)
    if not with_ledger:
        return list(found.values())
    for row in tx.execute(LOTS, asked):
        number, member_id, event_id, currency, amount, remaining, expired, start, end = row[:9]
        lot = Lot(
            id=number,
            member_id=member_id,
            event_id=event_id,
            currency=currency,
            amount=amount,
            remaining=remaining,
            expired=expired,
            available_at=start,
            expires_at=end,
            after_seq=row[9],
            origin_event_id=row[10],
        )
        found[member_id].lots.setdefault(event_id, []).append(lot)
    for member_id, event_id, currency, code, debit, credit, amount, at in tx.execute(
        TRANSFERS, asked
    ):
        transfer = Transfer(member_id, currency, code, Account(debit), Account(credit), amount, at)
        found[member_id].transfers.setdefault(event_id, []).append(transfer)
    return list(found.values())


def merged_with(tx: Tx, organization: int, ids: Sequence[int]) -> dict[int, dict[int, History]]:
    """For each of `ids` who are several members made one: the histories of those who were merged
    into somebody, by their numbers."""
    rows: list[tuple[int, int]] = tx.execute(TOGETHER, [organization, int_array(ids)]).fetchall()
    if not rows:
        return {}
    others = sorted({other for _, other in rows})
    known = {history.member.id: history for history in load(tx, organization, others)}
    found: dict[int, dict[int, History]] = {}
    for number, other in rows:
        found.setdefault(number, {})[other] = known[other]
    return found
