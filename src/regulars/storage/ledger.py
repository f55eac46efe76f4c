"""Lots, holds, transfers and accounts in PostgreSQL, written for a whole batch at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.domain.ledger import MEMBER_ACCOUNTS, Account, Book, Hold, Lot, LotUse, Transfer
from regulars.storage.arrays import int_array, text_array, time_array
from regulars.storage.database import Later, Tx

# Open lots, and those of named events: a return looks at its purchase's lot even when it is empty.
LOTS = """
select id, member_id, currency, amount, remaining, available_at, expires_at, event_id, expired,
       origin_event_id
from lot
where organization_id = %(organization)s and member_id = any(%(members)s::bigint[])
    and (is_open or event_id = any(%(events)s::bigint[])
         or origin_event_id = any(%(events)s::bigint[]))
order by id
"""

# In the order of members, so that their index is taken even by a plan that was made while there
# were no holds: any index of open holds would have seemed as good then.
HOLDS = """
select hold.* from unnest(%(members)s::bigint[]) as asked (member_id)
cross join lateral (
    select id, member_id, currency, amount, expires_at, parts from hold
    where organization_id = %(organization)s and state = 'open'
        and hold.member_id >= asked.member_id and hold.member_id <= asked.member_id
    order by hold.member_id
    offset 0
) as hold
order by id
"""

# Of holds of members who were merged into another, that one is the owner.
CAPTURED = """
select hold.id, coalesce(member.merged_into, member.id), hold.member_id, hold.currency,
       hold.amount, hold.expires_at, hold.parts, hold.captured, hold.restored
from hold join member on member.id = hold.member_id
where hold.organization_id = %(organization)s and hold.id = any(%(holds)s::bigint[])
    and hold.state = 'captured'
order by hold.id
"""

# Lots that open holds were drawn from may be empty; giving back needs them in the book.
LOTS_BY_ID = """
select id, member_id, currency, amount, remaining, available_at, expires_at, event_id, expired,
       origin_event_id
from lot
where id = any(%s::bigint[])
order by id
"""

INSERT_LOTS = """
insert into lot (id, organization_id, member_id, event_id, amount, remaining, expired, earned_at,
                 available_at, expires_at, currency, is_open, after_seq, origin_event_id)
select id, %(organization)s, member_id, event_id, amount, remaining, expired, earned_at,
       available_at, expires_at, currency, remaining > 0, after_seq, origin_event_id
from unnest(%(ids)s::bigint[], %(members)s::bigint[], %(events)s::bigint[], %(amounts)s::bigint[],
            %(remaining)s::bigint[], %(expired)s::bigint[], %(earned_at)s::timestamptz[],
            %(available_at)s::timestamptz[], %(expires_at)s::timestamptz[], %(currencies)s::text[],
            %(after)s::integer[], %(origins)s::bigint[])
    as fresh (id, member_id, event_id, amount, remaining, expired, earned_at, available_at,
              expires_at, currency, after_seq, origin_event_id)
"""

UPDATE_LOTS = """
update lot
set remaining = fresh.remaining, expired = fresh.expired, is_open = fresh.remaining > 0
from unnest(%(ids)s::bigint[], %(remaining)s::bigint[], %(expired)s::bigint[])
    as fresh (id, remaining, expired)
where lot.id = fresh.id
"""

INSERT_USES = """
insert into lot_use (organization_id, lot_id, member_id, event_id, amount, expired, effective_at)
select %(organization)s, lot_id, member_id, event_id, amount, expired, effective_at
from unnest(%(lots)s::bigint[], %(members)s::bigint[], %(events)s::bigint[],
            %(amounts)s::bigint[], %(expired)s::bigint[], %(at)s::timestamptz[])
    as fresh (lot_id, member_id, event_id, amount, expired, effective_at)
"""

INSERT_TRANSFERS = """
insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
                      currency, code, debit, credit)
select %(organization)s, member_id, event_id, amount, effective_at, %(now)s, currency, code, debit,
       credit
from unnest(%(members)s::bigint[], %(events)s::bigint[], %(amounts)s::bigint[],
            %(at)s::timestamptz[], %(currencies)s::text[], %(codes)s::text[], %(debits)s::text[],
            %(credits)s::text[])
    as fresh (member_id, event_id, amount, effective_at, currency, code, debit, credit)
"""

# Two steps, because a check constraint looks at a row to be inserted before its conflict is found:
# what takes away only ever updates.
MOVE_ACCOUNTS = """
with moved as (
    select * from unnest(%(members)s::bigint[], %(currencies)s::text[], %(balances)s::bigint[],
                         %(owed)s::bigint[]) as moved (member_id, currency, balance, owed)
), updated as (
    update account
    set balance = account.balance + moved.balance, owed = account.owed + moved.owed
    from moved
    where account.member_id = moved.member_id and account.currency = moved.currency
    returning account.member_id, account.currency
)
insert into account (organization_id, member_id, currency, balance, owed)
select %(organization)s, member_id, currency, balance, owed
from moved
where not exists (
    select from updated
    where updated.member_id = moved.member_id and updated.currency = moved.currency
)
"""

INSERT_HOLDS = """
insert into hold (id, organization_id, member_id, event_id, amount, opened_at, expires_at,
                  currency, state, parts)
select id, %(organization)s, member_id, event_id, amount, opened_at, expires_at, currency, 'open',
       parts
from unnest(%(ids)s::bigint[], %(members)s::bigint[], %(events)s::bigint[], %(amounts)s::bigint[],
            %(opened_at)s::timestamptz[], %(expires_at)s::timestamptz[], %(currencies)s::text[],
            %(parts)s::text[])
    as fresh (id, member_id, event_id, amount, opened_at, expires_at, currency, parts)
"""

CLOSE_HOLDS = """
update hold
set state = fresh.state, closed_at = fresh.closed_at, captured = fresh.captured
from unnest(%(ids)s::bigint[], %(states)s::text[], %(closed_at)s::timestamptz[],
            %(captured)s::bigint[])
    as fresh (id, state, closed_at, captured)
where hold.id = fresh.id and hold.state = 'open'
"""

RESTORE_HOLDS = """
update hold
set restored = fresh.restored
from unnest(%(ids)s::bigint[], %(restored)s::bigint[]) as fresh (id, restored)
where hold.id = fresh.id
"""

_parts = msgspec.json.Decoder(list[tuple[int, int]])


def books(
    tx: Tx,
    organization: int,
    member_ids: Iterable[int],
    event_ids: Iterable[int] = (),
    hold_ids: Collection[int] = (),
) -> dict[int, Book]:
    """The open lots and holds of these (locked) members, the lots of these events, and of the
    holds `hold_ids` those that were captured, with the lots they came from."""
    return ask_books(tx, organization, member_ids, event_ids, hold_ids)()


def ask_books(
    tx: Tx,
    organization: int,
    member_ids: Iterable[int],
    event_ids: Iterable[int] = (),
    hold_ids: Collection[int] = (),
) -> Later[dict[int, Book]]:
    """The same, for a pipeline; the lots that holds came from are asked for with the answer."""
    found = {number: Book() for number in member_ids}
    asked: dict[str, object] = {
        "organization": organization,
        "members": int_array(found),
        "events": int_array(event_ids),
    }
    lots, holds = tx.execute(LOTS, asked), tx.execute(HOLDS, asked)

    def read() -> dict[int, Book]:
        _fill(tx, asked, found, rows=(lots.fetchall(), holds.fetchall()), hold_ids=hold_ids)
        return found

    return read


def _fill(
    tx: Tx,
    asked: dict[str, object],
    found: dict[int, Book],
    *,
    rows: tuple[Sequence[Sequence[Any]], Sequence[Sequence[Any]]],
    hold_ids: Collection[int],
) -> None:
    """Put lots and holds, as the `rows` say, into the books of their members."""
    lots, holds = rows
    known: dict[int, Lot] = {}
    for row in lots:
        lot = _lot(row)
        known[lot.id] = lot
        found[lot.member_id].lots.append(lot)
    owners: dict[int, int] = {}
    if hold_ids:
        _read_captured(tx, asked | {"holds": int_array(hold_ids)}, found, owners)
    missing = {lot_id for lot_id in owners if lot_id not in known}
    for number, member_id, currency, amount, expires_at, parts in holds:
        hold = Hold(
            id=number,
            member_id=member_id,
            currency=currency,
            amount=amount,
            expires_at=expires_at,
            parts=_parts.decode(parts),
        )
        found[member_id].holds.append(hold)
        missing |= {lot_id for lot_id, _ in hold.parts if lot_id not in known}
    if missing:
        for row in tx.execute(LOTS_BY_ID, [int_array(sorted(missing))]):
            lot = _lot(row)
            owner = owners.get(lot.id, lot.member_id)
            (found[owner].lots if owner == lot.member_id else found[owner].others).append(lot)


def _read_captured(
    tx: Tx, asked: Mapping[str, object], found: Mapping[int, Book], owners: dict[int, int]
) -> None:
    """Put the captured holds into their owners' books; `owners` gets who owns which lot of them."""
    for row in tx.execute(CAPTURED, asked):
        number, owner, member_id, currency, amount, expires_at, parts, captured, restored = row
        if owner not in found:
            continue
        hold = Hold(
            id=number,
            member_id=member_id,
            currency=currency,
            amount=amount,
            expires_at=expires_at,
            parts=_parts.decode(parts),
            is_open=False,
            captured=captured,
            restored=restored,
        )
        found[owner].holds.append(hold)
        owners |= {lot_id: owner for lot_id, _ in hold.parts}


def _lot(row: Sequence[object]) -> Lot:
    (
        number, member_id, currency, amount, remaining, available_at, expires_at, event_id, expired,
        origin,
    ) = row  # fmt: skip
    return Lot(
        id=number,  # type: ignore[arg-type]
        member_id=member_id,  # type: ignore[arg-type]
        currency=currency,  # type: ignore[arg-type]
        amount=amount,  # type: ignore[arg-type]
        remaining=remaining,  # type: ignore[arg-type]
        available_at=available_at,  # type: ignore[arg-type]
        expires_at=expires_at,  # type: ignore[arg-type]
        event_id=event_id,  # type: ignore[arg-type]
        expired=expired,  # type: ignore[arg-type]
        origin_event_id=origin,  # type: ignore[arg-type]
    )


def insert_lots(tx: Tx, organization: int, lots: Sequence[tuple[Lot, datetime]]) -> None:
    """Write new lots, each with the instant at which it was earned."""
    tx.execute(
        INSERT_LOTS,
        {
            "organization": organization,
            "ids": int_array(lot.id for lot, _ in lots),
            "members": int_array(lot.member_id for lot, _ in lots),
            "events": int_array(lot.event_id for lot, _ in lots),
            "amounts": int_array(lot.amount for lot, _ in lots),
            "remaining": int_array(lot.remaining for lot, _ in lots),
            "expired": int_array(lot.expired for lot, _ in lots),
            "earned_at": time_array(at for _, at in lots),
            "available_at": time_array(lot.available_at for lot, _ in lots),
            "expires_at": time_array(lot.expires_at for lot, _ in lots),
            "currencies": text_array(lot.currency for lot, _ in lots),
            "after": int_array(lot.after_seq for lot, _ in lots),
            "origins": int_array(lot.origin_event_id for lot, _ in lots),
        },
    )


def update_lots(tx: Tx, lots: Sequence[Lot]) -> None:
    """Write back what remains of lots that were there before."""
    tx.execute(
        UPDATE_LOTS,
        {
            "ids": int_array(lot.id for lot in lots),
            "remaining": int_array(lot.remaining for lot in lots),
            "expired": int_array(lot.expired for lot in lots),
        },
    )


def insert_uses(tx: Tx, organization: int, uses: Sequence[tuple[LotUse, int]]) -> None:
    """Write what was taken out of lots, each with the event it was for."""
    tx.execute(
        INSERT_USES,
        {
            "organization": organization,
            "lots": int_array(use.lot.id for use, _ in uses),
            "members": int_array(use.lot.member_id for use, _ in uses),
            "events": int_array(event_id for _, event_id in uses),
            "amounts": int_array(use.amount for use, _ in uses),
            "expired": int_array(use.expired for use, _ in uses),
            "at": time_array(use.at for use, _ in uses),
        },
    )


def post(
    tx: Tx, organization: int, transfers: Sequence[tuple[Transfer, int]], now: datetime
) -> None:
    """Write transfers, each with its event, and move the accounts they touch.

    Raises CheckViolation when an account would fall below its floor: a fault of ours, for the
    engine has looked before.
    """
    tx.execute(
        INSERT_TRANSFERS,
        {
            "organization": organization,
            "now": now,
            "members": int_array(transfer.member_id for transfer, _ in transfers),
            "events": int_array(event_id for _, event_id in transfers),
            "amounts": int_array(transfer.amount for transfer, _ in transfers),
            "at": time_array(transfer.effective_at for transfer, _ in transfers),
            "currencies": text_array(transfer.currency for transfer, _ in transfers),
            "codes": text_array(transfer.code for transfer, _ in transfers),
            "debits": text_array(transfer.debit for transfer, _ in transfers),
            "credits": text_array(transfer.credit for transfer, _ in transfers),
        },
    )
    moved: dict[tuple[int, str], list[int]] = {}
    for transfer, _ in transfers:
        into = moved.setdefault((transfer.member_id, transfer.currency), [0, 0])
        if transfer.debit is Account.OWED:
            into[1] += transfer.amount
        elif transfer.debit in MEMBER_ACCOUNTS:
            into[0] -= transfer.amount
        if transfer.credit is Account.OWED:
            into[1] -= transfer.amount
        elif transfer.credit in MEMBER_ACCOUNTS:
            into[0] += transfer.amount
    keys = sorted(moved)
    tx.execute(
        MOVE_ACCOUNTS,
        {
            "organization": organization,
            "members": int_array(member_id for member_id, _ in keys),
            "currencies": text_array(currency for _, currency in keys),
            "balances": int_array(moved[key][0] for key in keys),
            "owed": int_array(moved[key][1] for key in keys),
        },
    )


def open_holds(tx: Tx, organization: int, holds: Sequence[tuple[Hold, int, datetime]]) -> None:
    """Write new holds, each with its event and the instant it was opened."""
    tx.execute(
        INSERT_HOLDS,
        {
            "organization": organization,
            "ids": int_array(hold.id for hold, _, _ in holds),
            "members": int_array(hold.member_id for hold, _, _ in holds),
            "events": int_array(event_id for _, event_id, _ in holds),
            "amounts": int_array(hold.amount for hold, _, _ in holds),
            "opened_at": time_array(at for _, _, at in holds),
            "expires_at": time_array(hold.expires_at for hold, _, _ in holds),
            "currencies": text_array(hold.currency for hold, _, _ in holds),
            "parts": text_array(msgspec.json.encode(hold.parts).decode() for hold, _, _ in holds),
        },
    )


def close_holds(tx: Tx, closed: Sequence[tuple[Hold, str, datetime]]) -> None:
    """Write how and when holds ended."""
    tx.execute(
        CLOSE_HOLDS,
        {
            "ids": int_array(hold.id for hold, _, _ in closed),
            "states": text_array(state for _, state, _ in closed),
            "closed_at": time_array(at for _, _, at in closed),
            "captured": int_array(hold.captured for hold, _, _ in closed),
        },
    )


def restore_holds(tx: Tx, holds: Sequence[Hold]) -> None:
    """Write how much of what holds had captured was given back."""
    tx.execute(
        RESTORE_HOLDS,
        {
            "ids": int_array(hold.id for hold in holds),
            "restored": int_array(hold.restored for hold in holds),
        },
    )
