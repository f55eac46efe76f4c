"""What happened to one member: their own events, and those by which others gave them points."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from regulars.domain.events import OCCASION
from regulars.domain.ledger import Account, Transfer
from regulars.domain.operations import PREFIX
from regulars.storage import events
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx
from regulars.storage.events import Recorded, recorded_from

# A look that found nothing due is no news, nor is a change of attributes. The inner limits keep
# the planner on the index of each half.
PAGE = """
select e.id, e.member_id, e.seq, e.version, e.occurred_at, e.received_at, e.status,
       e.digest::text, e.source, e.external_id, e.type, e.payload, e.decision, e.sent_by
from (
    (
        select * from event own
        where own.organization_id = %(organization)s and own.member_id = %(member)s
            and (%(at)s::timestamptz is null or (own.occurred_at, own.id) < (%(at)s, %(id)s))
            and own.type <> all(%(quiet)s::text[])
            and (own.type <> %(occasion)s or strpos(own.decision, '"earned"') > 0
                 or strpos(own.decision, '"granted"') > 0)
            and (own.type <> %(review)s or strpos(own.decision, '"tiers"') > 0 or exists (
                select from transfer
                where transfer.organization_id = %(organization)s
                    and transfer.member_id = %(member)s and transfer.event_id = own.id
            ))
        order by own.occurred_at desc, own.id desc
        limit %(limit)s
    )
    union all
    (
        select * from event given
        where given.organization_id = %(organization)s and given.member_id <> %(member)s
            and given.id = any(array(
                select event_id from transfer
                where transfer.organization_id = %(organization)s
                    and transfer.member_id = %(member)s and transfer.debit = %(transit)s
            ))
            and (%(at)s::timestamptz is null or (given.occurred_at, given.id) < (%(at)s, %(id)s))
        order by given.occurred_at desc, given.id desc
        limit %(limit)s
    )
) as e
order by e.occurred_at desc, e.id desc
limit %(limit)s
"""

MOVED = """
select event_id, member_id, currency, code, debit, credit, amount, effective_at
from transfer
where organization_id = %s and member_id = %s and event_id = any(%s::bigint[])
order by id
"""

MARK = """
select (member.state::jsonb ->> 'seq')::bigint,
       (select max(event_id) from transfer
        where organization_id = %(organization)s and member_id = %(member)s),
       (select coalesce(max(version), 0) from program_version
        where organization_id = %(organization)s),
       (select max(id) from notice
        where organization_id = %(organization)s and member_id = %(member)s),
       member.erased_at is not null
from member
where organization_id = %(organization)s and id = %(member)s
"""


def page(
    tx: Tx,
    organization: int,
    member_id: int,
    *,
    before: tuple[datetime, int] | None,
    limit: int,
) -> list[Recorded]:
    """What concerns the member, newest first: what came before an (instant, id)."""
    rows = tx.execute(
        PAGE,
        {
            "organization": organization,
            "member": member_id,
            "at": before[0] if before else None,
            "id": before[1] if before else None,
            "quiet": [PREFIX + "member_change", PREFIX + "tags"],
            "occasion": OCCASION,
            "review": PREFIX + "review",
            "transit": Account.TRANSIT.value,
            "limit": limit,
        },
    )
    return [recorded_from(row) for row in rows]


def moved(
    tx: Tx, organization: int, member_id: int, event_ids: Iterable[int]
) -> dict[int, list[Transfer]]:
    """By event, the transfers on the member's accounts in the order in which they were posted."""
    by_event: dict[int, list[Transfer]] = {}
    for event_id, member, currency, code, debit, credit, amount, at in tx.execute(
        MOVED, [organization, member_id, int_array(event_ids)]
    ):
        transfer = Transfer(member, currency, code, Account(debit), Account(credit), amount, at)
        by_event.setdefault(event_id, []).append(transfer)
    return by_event


def bought(tx: Tx, organization: int, keys: Sequence[events.Key]) -> dict[events.Key, datetime]:
    """When the purchases under these keys were made; those unknown are left out."""
    found = events.find(tx, organization, keys)
    return {key: one.occurred_at for key, one in found.items()}


def mark(tx: Tx, organization: int, member_id: int) -> str | None:
    """Changes whenever something was decided for the member, points came in, they were told
    something, or the program changed; None for nobody. By the clock alone it does not change."""
    row = tx.execute(MARK, {"organization": organization, "member": member_id}).fetchone()
    if row is None or row[4]:
        return None
    return "-".join(str(part or 0) for part in row[:4])
