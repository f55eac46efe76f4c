"""Whole tables, read row by row as of one instant, for copies that leave the system."""

from collections.abc import Iterator, Sequence
from typing import Any

from regulars.storage.database import Tx

ROWS_TOGETHER = 5_000

# Phones, e-mails and sign-ins by other parties lead to people; their hashes are nobody's business.
MEMBERS = """
select member.id, member.enrolled_at, member.tier, member.attributes,
       (select json_agg(system || ':' || external_id order by system, external_id)
        from identity
        where identity.member_id = member.id and system not in ('phone', 'email')
            and not starts_with(system, 'idp.'))::text
from member
where organization_id = %s
order by id
"""

EVENTS = """
select id, external_id, source, type, member_id, occurred_at, received_at, status, version,
       payload, decision
from event
where organization_id = %s
order by id
"""

TRANSFERS = """
select id, event_id, member_id, currency, code, debit, credit, amount, effective_at, recorded_at
from transfer
where organization_id = %s
order by id
"""

LOTS = """
select id, event_id, member_id, currency, amount, remaining, expired, earned_at, available_at,
       expires_at
from lot
where organization_id = %s
order by id
"""

# What senders reported, so that another installation can take it in. `subject` is the first of the
# member's identities that a sender gave; what the product itself recorded stays out.
FACTS = """
select event.external_id, event.source, event.type, event.member_id, named.subject,
       event.occurred_at, event.payload
from event
left join lateral (
    select system || ':' || external_id as subject
    from identity
    where identity.member_id = event.member_id and system not in ('phone', 'email')
        and not starts_with(system, 'idp.')
    order by system, external_id limit 1
) as named on true
where event.organization_id = %s and event.type not like 'regulars.%%'
order by event.id
"""

COUNTS = {
    MEMBERS: "select count(*) from member where organization_id = %s",
    EVENTS: "select count(*) from event where organization_id = %s",
    TRANSFERS: "select count(*) from transfer where organization_id = %s",
    LOTS: "select count(*) from lot where organization_id = %s",
    FACTS: """
select count(*) from event where organization_id = %s and type not like 'regulars.%%'
""",
}


def count(tx: Tx, organization: int, query: str) -> int:
    """How many rows one of the queries above gives."""
    row = tx.execute(COUNTS[query].encode(), [organization]).fetchone()
    assert row is not None
    return int(row[0])


def rows(tx: Tx, organization: int, query: str) -> Iterator[Sequence[Any]]:
    """The rows of one of the queries above, fetched some thousands at a time."""
    with tx.cursor(name="export") as cursor:
        cursor.itersize = ROWS_TOGETHER
        cursor.execute(query, [organization])
        yield from cursor
