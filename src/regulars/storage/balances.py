"""What a member had at an instant: lots, holds and accounts as of then; transfers page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from regulars.domain.ledger import Hold, Lot
from regulars.storage.arrays import int_array
from regulars.storage.database import Tx

# A lot that is used up still matters where an open hold may give points back to it.
LOTS_AT = """
select lot.id, lot.currency, lot.amount, lot.amount - coalesce(used.amount, 0), lot.available_at,
       lot.expires_at, lot.event_id, lot.earned_at
from lot
left join (
    select lot_id, sum(amount)::bigint as amount from lot_use
    where member_id = %(member)s and effective_at <= %(at)s
    group by lot_id
) used on used.lot_id = lot.id
where lot.organization_id = %(organization)s and lot.member_id = %(member)s
    and lot.earned_at <= %(at)s
    and (lot.amount > coalesce(used.amount, 0) or lot.id = any(%(needed)s::bigint[]))
order by lot.id
"""

HOLDS_AT = """
select id, currency, amount, opened_at, expires_at, parts
from hold
where organization_id = %(organization)s and member_id = %(member)s
    and opened_at <= %(at)s and (closed_at is null or closed_at > %(at)s)
order by id
"""

HOLD = """
select id, member_id, currency, amount, opened_at, expires_at, parts
from hold
where organization_id = %s and id = %s
"""

ACCOUNTS = """
select currency, balance, owed from account where organization_id = %s and member_id = %s
"""

ACCOUNTS_AT = """
select currency,
       sum(case when credit = any(%(own)s::text[]) then amount else 0 end
           - case when debit = any(%(own)s::text[]) then amount else 0 end)::bigint,
       sum(case when debit = 'owed' then amount else 0 end
           - case when credit = 'owed' then amount else 0 end)::bigint
from transfer
where organization_id = %(organization)s and member_id = %(member)s and effective_at <= %(at)s
group by currency
"""

# In the order in which they were recorded, newest first, as the index on (member_id, event_id) has
# them; ids settle the order within one event.
TRANSFERS = """
select id, event_id, currency, code, amount, debit, credit, effective_at, recorded_at
from transfer
where organization_id = %(organization)s and member_id = %(member)s
    and (%(event)s::bigint is null or (event_id, id) < (%(event)s, %(id)s))
    and (%(currency)s::text is null or currency = %(currency)s)
order by event_id desc, id desc
limit %(limit)s
"""

TRANSFERS_OF_EVENT = """
select id, event_id, currency, code, amount, debit, credit, effective_at, recorded_at
from transfer
where organization_id = %s and member_id = %s and event_id = %s
order by id
"""

OWN = "{pending,available,held}"
_parts = msgspec.json.Decoder(list[tuple[int, int]])


@dataclass(frozen=True, slots=True)
class Posted:
    """One transfer as it stands in the books."""

    id: int
    event_id: int
    currency: str
    code: str
    amount: int
    debit: str
    credit: str
    effective_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class HeldSince:
    """A hold and when it was opened."""

    hold: Hold
    opened_at: datetime


def lots_at(
    tx: Tx, organization: int, member_id: int, *, at: datetime, needed: Iterable[int]
) -> list[tuple[Lot, datetime]]:
    """What remained of each lot at `at`, with when it was earned; empty lots only if `needed`."""
    asked = {"organization": organization, "member": member_id, "at": at}
    rows = tx.execute(LOTS_AT, asked | {"needed": int_array(needed)})
    return [
        (
            Lot(
                id=number,
                member_id=member_id,
                currency=currency,
                amount=amount,
                remaining=remaining,
                available_at=available_at,
                expires_at=expires_at,
                event_id=event_id,
            ),
            earned_at,
        )
        for (
            number, currency, amount, remaining, available_at, expires_at, event_id, earned_at
        ) in rows
    ]  # fmt: skip


def holds_at(tx: Tx, organization: int, member_id: int, at: datetime) -> list[HeldSince]:
    """The holds that had not been closed by `at`; some may have timed out unnoticed."""
    asked = {"organization": organization, "member": member_id, "at": at}
    return [
        _held(member_id, *row[:3], opened_at=row[3], expires_at=row[4], parts=row[5])
        for row in tx.execute(HOLDS_AT, asked)
    ]


def hold(tx: Tx, organization: int, hold_id: int) -> HeldSince | None:
    """One hold, open or not."""
    row = tx.execute(HOLD, [organization, hold_id]).fetchone()
    if row is None:
        return None
    number, member_id, currency, amount, opened_at, expires_at, parts = row
    return _held(
        member_id, number, currency, amount,
        opened_at=opened_at, expires_at=expires_at, parts=parts,
    )  # fmt: skip


def _held(
    member_id: int, number: int, currency: str, amount: int, *,
    opened_at: datetime, expires_at: datetime, parts: str,
) -> HeldSince:  # fmt: skip
    held = Hold(
        id=number,
        member_id=member_id,
        currency=currency,
        amount=amount,
        expires_at=expires_at,
        parts=_parts.decode(parts),
    )
    return HeldSince(held, opened_at)


def accounts(tx: Tx, organization: int, member_id: int) -> dict[str, tuple[int, int]]:
    """Balance and debt of each currency, by all that was recorded."""
    rows = tx.execute(ACCOUNTS, [organization, member_id])
    return {currency: (balance, owed) for currency, balance, owed in rows}


def accounts_at(
    tx: Tx, organization: int, member_id: int, at: datetime
) -> dict[str, tuple[int, int]]:
    """The same as of `at`, from the transfers."""
    asked = {"organization": organization, "member": member_id, "at": at, "own": OWN}
    return {currency: (balance, owed) for currency, balance, owed in tx.execute(ACCOUNTS_AT, asked)}


def transfers(
    tx: Tx,
    organization: int,
    member_id: int,
    *,
    before: tuple[int, int] | None,
    currency: str | None,
    limit: int,
) -> list[Posted]:
    """A member's transfers, newest recorded first: those before an (event, id)."""
    rows = tx.execute(
        TRANSFERS,
        {
            "organization": organization,
            "member": member_id,
            "event": before[0] if before else None,
            "id": before[1] if before else None,
            "currency": currency,
            "limit": limit,
        },
    )
    return [Posted(*row) for row in rows]


def transfers_of(tx: Tx, organization: int, member_id: int, event_id: int) -> list[Posted]:
    """What one event moved on the member's accounts, in order."""
    rows = tx.execute(TRANSFERS_OF_EVENT, [organization, member_id, event_id])
    return [Posted(*row) for row in rows]
