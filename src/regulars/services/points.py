"""What a member has: balances, lots, holds and transfers, as of any instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.errors import EventNotFound, HoldNotFound
from regulars.domain.expiry import extend_activity, lapses_at
from regulars.domain.ids import MemberRef
from regulars.domain.ledger import (
    Balance,
    Hold,
    Lot,
    balance_at,
    below_zero,
    is_live,
    spending_order,
)
from regulars.domain.members import Member
from regulars.domain.plans import Plan
from regulars.domain.programs.model import CurrencyKind, WhenSpent
from regulars.storage import balances, events, members
from regulars.storage.balances import HeldSince, Posted
from regulars.storage.database import Database, Tx
from regulars.storage.events import Recorded
from regulars.storage.programs import Versions


@dataclass(frozen=True, slots=True)
class CurrencyBalance:
    """One currency of one member. `lapsing`: how much lapses next, and at which instant."""

    currency: str
    kind: str
    balance: Balance
    lapsing: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Purse:
    """All that a member has at `at`."""

    member_id: int
    at: datetime
    currencies: Sequence[CurrencyBalance]


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot with something left at the instant asked. `lapses_at`: by date or by inactivity."""

    lot: Lot
    earned_at: datetime
    lapses_at: datetime | None
    is_available: bool


@dataclass(frozen=True, slots=True)
class Movement:
    """What one recorded operation did."""

    event: Recorded
    transfers: Sequence[Posted]
    hold: HeldSince | None


@dataclass(frozen=True, slots=True)
class _Contents:
    """A member's lots and holds at an instant; each lot with when it was earned."""

    member: Member
    plan: Plan
    lots: Sequence[tuple[Lot, datetime]]
    holds: Sequence[HeldSince]


def purse(
    db: Database, versions: Versions, ref: MemberRef, *, at: datetime, now: datetime
) -> Purse:
    """The balances at `at`; for an instant to come, by what is known at `now`.

    Raises MemberNotFound, NoProgramInForce.
    """
    with db.transaction(versions.organization) as tx:
        found = _contents(tx, versions, ref, at=at, now=now)
        number = found.member.id
        if at < now:
            totals = balances.accounts_at(tx, versions.organization, number, at)
        else:
            totals = balances.accounts(tx, versions.organization, number)
    program = found.plan.program
    codes = [*program.currencies, *sorted(set(totals) - set(program.currencies))]
    told: list[CurrencyBalance] = []
    for code in codes:
        total, owed = totals.get(code, (0, 0))
        known = program.currencies.get(code)
        if known is not None and known.kind is CurrencyKind.STATUS:
            told.append(CurrencyBalance(code, known.kind.value, Balance(available=total)))
            continue
        lots = [lot for lot, _ in found.lots if lot.currency == code]
        holds = [held.hold for held in found.holds if held.hold.currency == code]
        balance = balance_at(lots, holds, owed, at)
        if program.returns.spent is WhenSpent.NEGATIVE:
            balance = below_zero(balance)
        told.append(CurrencyBalance(code, "spendable", balance, _next_lapse(lots, at)))
    return Purse(number, at, told)


def lots(
    db: Database, versions: Versions, ref: MemberRef, *, at: datetime, now: datetime
) -> tuple[int, Sequence[OpenLot]]:
    """The member's number and what has not been spent or lapsed at `at`, in spending order.

    Raises MemberNotFound, NoProgramInForce.
    """
    with db.transaction(versions.organization) as tx:
        found = _contents(tx, versions, ref, at=at, now=now)
    earned = {lot.id: earned_at for lot, earned_at in found.lots}
    return found.member.id, [
        OpenLot(lot, earned[lot.id], lot.expires_at, is_live(lot, at))
        for lot in spending_order(lot for lot, _ in found.lots)
        if lot.remaining > 0 and (is_live(lot, at) or at < lot.available_at)
    ]


def holds(
    db: Database, versions: Versions, ref: MemberRef, *, at: datetime
) -> tuple[int, Sequence[HeldSince]]:
    """The member's number and the holds open at `at`. Raises MemberNotFound."""
    with db.transaction(versions.organization) as tx:
        member = members.must_get(tx, versions.organization, ref)
        found = balances.holds_at(tx, versions.organization, member.id, at)
    return member.id, [held for held in found if at < held.hold.expires_at]


def hold_of(db: Database, versions: Versions, ref: MemberRef, hold_id: int) -> Hold:
    """One hold of this member, open or not. Raises MemberNotFound, HoldNotFound."""
    with db.transaction(versions.organization) as tx:
        member = members.must_get(tx, versions.organization, ref)
        held = balances.hold(tx, versions.organization, hold_id)
    if held is None or held.hold.member_id != member.id:
        raise HoldNotFound
    return held.hold


def transfers(
    db: Database,
    versions: Versions,
    ref: MemberRef,
    *,
    before: tuple[int, int] | None,
    currency: str | None,
    limit: int,
) -> tuple[int, Sequence[Posted]]:
    """The member's number and a page of their transfers. Raises MemberNotFound."""
    with db.transaction(versions.organization) as tx:
        member = members.must_get(tx, versions.organization, ref)
        found = balances.transfers(
            tx, versions.organization, member.id, before=before, currency=currency, limit=limit
        )
    return member.id, found


def movement(db: Database, organization: int, event_id: int) -> Movement:
    """What a recorded operation did, the same whenever it is asked. Raises EventNotFound."""
    with db.transaction(organization) as tx:
        event = events.get(tx, organization, event_id)
        if event is None:
            raise EventNotFound
        moved = balances.transfers_of(tx, organization, event.member_id, event_id)
        hold_id = events.decode_explanation(event.decision).hold
        held = balances.hold(tx, organization, hold_id) if hold_id else None
    return Movement(event, moved, held)


def _contents(
    tx: Tx, versions: Versions, ref: MemberRef, *, at: datetime, now: datetime
) -> _Contents:
    """Lots as they were at `at`, each with the end that it really has."""
    member = members.must_get(tx, versions.organization, ref)
    table = versions.read(tx)
    # Before the first version nobody had anything; its currencies are told all the same.
    plan = table.in_force(max([min(at, now), *table.instants[:1]]))
    held = balances.holds_at(tx, versions.organization, member.id, at)
    needed = {lot_id for one in held for lot_id, _ in one.hold.parts}
    found = balances.lots_at(tx, versions.organization, member.id, at=at, needed=needed)
    if plan.inactive and at < now:
        _remember_activity(tx, versions, member, plan, at=at)
    for lot, _ in found:
        lot.expires_at = lapses_at(plan.program, member, lot)
    return _Contents(member, plan, found, held)


def _remember_activity(
    tx: Tx, versions: Versions, member: Member, plan: Plan, *, at: datetime
) -> None:
    """Set the ends of inactivity back to what they were at `at`."""
    last = events.last_act(tx, versions.organization, member.id, at)
    member.state.active_until = {}
    if last is not None:
        member.state.active_until = extend_activity(plan.program, member, last)


def _next_lapse(lots: Sequence[Lot], at: datetime) -> tuple[datetime, int] | None:
    """The earliest end of what can be spent at `at`, and how much ends then."""
    ending = [
        (lot.expires_at, lot.remaining)
        for lot in lots
        if lot.expires_at is not None and lot.remaining and is_live(lot, at)
    ]
    if not ending:
        return None
    first = min(instant for instant, _ in ending)
    return first, sum(amount for instant, amount in ending if instant == first)
