"""Transfers of a whole organization, searched newest recorded first, stretch by stretch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regulars.storage.arrays import text_array
from regulars.storage.database import Tx
from regulars.storage.finance.spans import LENGTH

_COLUMNS = """id, event_id, member_id, currency, code, amount, debit, credit, effective_at,
       recorded_at"""

# A condition that is not asked for is null. What a rule gave stands in its event's explanation:
# looked at last, for it has to be read.
_WANTED = """organization_id = %(organization)s
    and (%(since)s::timestamptz is null or effective_at >= %(since)s)
    and (%(until)s::timestamptz is null or effective_at < %(until)s)
    and (%(recorded_since)s::timestamptz is null or recorded_at >= %(recorded_since)s)
    and (%(recorded_until)s::timestamptz is null or recorded_at < %(recorded_until)s)
    and (%(currency)s::text is null or currency = %(currency)s)
    and (%(codes)s::text[] is null or code = any(%(codes)s::text[]))
    and (%(account)s::text is null or %(account)s in (debit, credit))
    and (%(least)s::bigint is null or amount >= %(least)s)
    and (%(most)s::bigint is null or amount <= %(most)s)
    and (%(rule)s::text is null or exists (
        select from event
        where event.id = transfer.event_id
            and strpos(event.decision, to_json(%(rule)s::text)::text) > 0
            and exists (
                select from json_array_elements(event.decision::json -> 'rules') as given
                where given ->> 0 = %(rule)s and (given ->> 1)::bigint <> 0
            )
    ))"""

IN_STRETCH = f"""
select {_COLUMNS}
from transfer
where id > %(after)s and id <= %(through)s and {_WANTED}
order by id desc
limit %(limit)s
"""  # noqa: S608  # the constants above

OF_MEMBER = f"""
select {_COLUMNS}
from transfer
where member_id = %(member)s and id <= %(through)s and {_WANTED}
order by id desc
limit %(limit)s
"""  # noqa: S608  # the constants above

# Stretches that may hold some of what is wanted, and those of which nothing is known yet.
STRETCHES = """
select number
from transfer_span
where organization_id = %(organization)s and number < %(before)s and transfers > 0
    and (%(since)s::timestamptz is null or effective_to >= %(since)s)
    and (%(until)s::timestamptz is null or effective_from < %(until)s)
    and (%(recorded_since)s::timestamptz is null or recorded_to >= %(recorded_since)s)
    and (%(recorded_until)s::timestamptz is null or recorded_from < %(recorded_until)s)
    and (%(currency)s::text is null or %(currency)s = any(currencies))
    and (%(codes)s::text[] is null or codes && %(codes)s::text[])
    and (%(account)s::text is null or %(account)s = any(accounts))
    and (%(least)s::bigint is null or most >= %(least)s)
    and (%(most)s::bigint is null or least <= %(most)s)
order by number desc
"""

REACHED = """
select (select last_value from transfer_id_seq),
       coalesce((select max(number) + 1 from transfer_span where organization_id = %s), 0)
"""

ONE = f"select {_COLUMNS} from transfer where organization_id = %s and id = %s"  # noqa: S608

OF_EVENT = f"""
select {_COLUMNS}
from transfer
where organization_id = %s and event_id = %s and member_id = any(%s::bigint[])
order by id
limit %s
"""  # noqa: S608  # the constants above

# What an event brought, and what it took from lots or put back into them.
LOTS_OF_EVENT = """
with touched as (
    select lot_id, sum(amount)::bigint as used, sum(expired)::bigint as lapsed
    from lot_use
    where organization_id = %(organization)s and member_id = %(member)s
        and event_id = %(event)s
    group by lot_id
)
select lot.id, lot.currency, lot.amount, lot.remaining, lot.earned_at, lot.available_at,
       lot.expires_at, lot.event_id = %(event)s, coalesce(touched.used, 0),
       coalesce(touched.lapsed, 0)
from lot
left join touched on touched.lot_id = lot.id
where lot.organization_id = %(organization)s and lot.member_id = %(member)s
    and (lot.event_id = %(event)s or lot.id in (select lot_id from touched))
order by lot.id
limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; None: whatever it is. `since`, `until`: of the instant from which the
    transfer counts. `rule`: one that gave points in the transfer's event."""

    since: datetime | None = None
    until: datetime | None = None
    recorded_since: datetime | None = None
    recorded_until: datetime | None = None
    codes: tuple[str, ...] = ()
    currency: str | None = None
    account: str | None = None
    least: int | None = None
    most: int | None = None
    rule: str | None = None
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer, with its member."""

    id: int
    event_id: int
    member_id: int
    currency: str
    code: str
    amount: int
    debit: str
    credit: str
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """A lot as it is, and what one event did to it: `used` was taken out (negative: put back), of
    which `lapsed` is gone for age. `is_new`: the event brought it."""

    id: int
    currency: str
    amount: int
    remaining: int
    earned_at: datetime
    available_at: datetime
    expires_at: datetime | None
    is_new: bool
    used: int
    lapsed: int


def stretches(
    tx: Tx, organization: int, wanted: Wanted, *, through: int | None = None
) -> Iterator[tuple[int, int]]:
    """Where to look, newest first: (after, through) numbers of transfers up to `through`."""
    reached, unknown = tx.execute(REACHED, [organization]).fetchone() or (0, 0)
    top = reached if through is None else min(through, reached)
    while top > unknown * LENGTH:
        after = (top - 1) // LENGTH * LENGTH
        yield after, top
        top = after
    asked = _asked(organization, wanted) | {"before": -(-top // LENGTH)}
    for (number,) in tx.execute(STRETCHES, asked).fetchall():
        yield number * LENGTH, min((number + 1) * LENGTH, top)


def within(
    tx: Tx, organization: int, wanted: Wanted, *, after: int, through: int, limit: int
) -> list[Entry]:
    """What is wanted of one stretch, newest first."""
    asked = _asked(organization, wanted) | {"after": after, "through": through, "limit": limit}
    return [Entry(*row) for row in tx.execute(IN_STRETCH, asked)]


def of_member(
    tx: Tx, organization: int, wanted: Wanted, *, through: int, limit: int
) -> list[Entry]:
    """What is wanted of one member's, newest first."""
    asked = _asked(organization, wanted) | {
        "member": wanted.member_id,
        "through": through,
        "limit": limit,
    }
    return [Entry(*row) for row in tx.execute(OF_MEMBER, asked)]


def get(tx: Tx, organization: int, number: int) -> Entry | None:
    """One transfer."""
    row = tx.execute(ONE, [organization, number]).fetchone()
    return None if row is None else Entry(*row)


def of_event(
    tx: Tx, organization: int, event_id: int, members: Sequence[int], *, limit: int
) -> list[Entry]:
    """All that one event moved on the accounts of these members, in order."""
    ids = "{" + ",".join(map(str, members)) + "}"
    rows = tx.execute(OF_EVENT, [organization, event_id, ids, limit])
    return [Entry(*row) for row in rows]


def touched(
    tx: Tx, organization: int, member_id: int, event_id: int, *, limit: int
) -> list[Touched]:
    """The member's lots that one event brought or drew on."""
    asked = {
        "organization": organization,
        "member": member_id,
        "event": event_id,
        "limit": limit,
    }
    return [Touched(*row) for row in tx.execute(LOTS_OF_EVENT, asked)]


def _asked(organization: int, wanted: Wanted) -> dict[str, Any]:
    return {
        "organization": organization,
        "since": wanted.since,
        "until": wanted.until,
        "recorded_since": wanted.recorded_since,
        "recorded_until": wanted.recorded_until,
        "codes": text_array(wanted.codes) if wanted.codes else None,
        "currency": wanted.currency,
        "account": wanted.account,
        "least": wanted.least,
        "most": wanted.most,
        "rule": wanted.rule,
    }
