"""What members did, as replaying it takes it: many members in a few statements."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from regulars.domain.designing.tallies import Flow
from regulars.domain.ledger import Account, Lot
from regulars.storage.arrays import int_array, time_array
from regulars.storage.database import Tx

COUNT = """
select count(*), max(id), max(occurred_at)
from event
where organization_id = %s and status = 'decided' and occurred_at < %s
"""

# Members in the order of their numbers, cut into pages of about the same size.
PAGES = """
select id from (
    select id, row_number() over (order by id) as place
    from member where organization_id = %(organization)s
) as numbered
where place %% %(size)s = 0
order by id
"""

NUMBERS = """
select id from member
where organization_id = %(organization)s and id > %(after)s and id <= %(upto)s
    and enrolled_at < %(until)s
order by id
"""

MERGED = """
select id, merged_into from member
where organization_id = %s and merged_into = any(%s::bigint[])
order by id
"""

# What matures moves within one member; the sums are of what comes and goes. Place 0 is everything
# before the first month.
FLOWS = """
select member_id, currency, debit, credit, width_bucket(effective_at, %(starts)s::timestamptz[]),
       sum(amount)::bigint
from transfer
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and code <> 'mature'
group by 1, 2, 3, 4, 5
"""

EVENTS = """
select member_id, id, seq, version, occurred_at, received_at, source, external_id, type, payload,
       decision
from event
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and status = 'decided' and occurred_at < %(until)s
order by member_id, seq
"""

GIVEN = """
select id, member_id, event_id, currency, amount, available_at, expires_at, after_seq
from lot
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and after_seq is not null
order by id
"""


class Act(Struct, gc=False):
    """A decided event as it is stored; `decision` is JSON."""

    member_id: int
    id: int
    seq: int
    version: int
    occurred_at: datetime
    received_at: datetime
    source: str
    external_id: str
    type: str
    payload: str
    decision: str


class Extent(Struct, frozen=True):
    """How much there is to replay: decided events, their greatest number, and the newest instant
    of one."""

    events: int
    last: int
    newest: datetime | None


def extent(tx: Tx, organization: int, until: datetime) -> Extent:
    """How much happened before `until`."""
    row = tx.execute(COUNT, [organization, until]).fetchone()
    assert row is not None
    return Extent(row[0], row[1] or 0, row[2])


def pages(tx: Tx, organization: int, size: int) -> list[int]:
    """The last member of each page of so many; who comes after the last one is on a page more."""
    asked = {"organization": organization, "size": size}
    return [number for (number,) in tx.execute(PAGES, asked)]


def numbers(tx: Tx, organization: int, *, after: int, upto: int, until: datetime) -> list[int]:
    """Those who were members before `until`."""
    asked = {"organization": organization, "after": after, "upto": upto, "until": until}
    return [number for (number,) in tx.execute(NUMBERS, asked)]


def merged(tx: Tx, organization: int, ids: Sequence[int]) -> dict[int, int]:
    """Who was merged into one of these members, and into which."""
    return dict(tx.execute(MERGED, [organization, int_array(ids)]).fetchall())


def flows(
    tx: Tx, organization: int, ids: Sequence[int], starts: Sequence[datetime]
) -> dict[int, dict[Flow, int]]:
    """By member what the ledger says came and went; months begin at `starts`."""
    asked = {
        "organization": organization,
        "members": int_array(ids),
        "starts": time_array(starts),
    }
    found: dict[int, dict[Flow, int]] = {number: {} for number in ids}
    for number, currency, debit, credit, place, points in tx.execute(FLOWS, asked):
        found[number][currency, Account(debit), Account(credit), place] = points
    return found


def acts(tx: Tx, organization: int, ids: Sequence[int], until: datetime) -> list[Act]:
    """What these members did before `until`, member by member, in the order in which it was
    decided."""
    asked = {"organization": organization, "members": int_array(ids), "until": until}
    return [Act(*row) for row in tx.execute(EVENTS, asked)]


def given(tx: Tx, organization: int, ids: Sequence[int]) -> dict[int, list[Lot]]:
    """Points that others gave to these members, by member."""
    found: dict[int, list[Lot]] = {}
    asked = {"organization": organization, "members": int_array(ids)}
    for number, member_id, event_id, currency, amount, start, end, after in tx.execute(
        GIVEN, asked
    ):
        lot = Lot(
            id=number,
            member_id=member_id,
            event_id=event_id,
            currency=currency,
            amount=amount,
            remaining=amount,
            available_at=start,
            expires_at=end,
            after_seq=after,
        )
        found.setdefault(member_id, []).append(lot)
    return found
