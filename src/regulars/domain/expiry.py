"""When points become available and when they lapse."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.domain.ledger import Account, Book, Hold, Lot, Moves, owed_by, spending_order
from regulars.domain.members import Member
from regulars.domain.periods import add, end_of
from regulars.domain.programs.model import Currency, ExpiryKind, Program

_AFTER, _END_OF, _INACTIVE = ExpiryKind.AFTER, ExpiryKind.END_OF, ExpiryKind.INACTIVE


def available_from(currency: Currency, earned_at: datetime, zone: ZoneInfo) -> datetime:
    """The instant from which points earned at `earned_at` can be spent."""
    if currency.pending is None:
        return earned_at
    return add(earned_at, currency.pending, zone)


def expires_at(currency: Currency, earned_at: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant at which those points are gone; None: not by date."""
    policy = currency.expiry
    if policy.kind is _AFTER:
        return add(earned_at, policy.span, zone)
    if policy.kind is _END_OF:
        return end_of(policy.unit, add(earned_at, policy.span, zone), zone)
    return None


def new_lot(program: Program, member: Member, currency: str, *, amount: int, at: datetime) -> Lot:
    """A lot of points that count from `at`, with the currency's own pending span and expiry."""
    known = program.currencies[currency]
    return Lot(
        member_id=member.id,
        currency=currency,
        amount=amount,
        remaining=amount,
        available_at=available_from(known, at, program.zone),
        expires_at=expires_at(known, at, program.zone),
    )


def lapse_by_inactivity(program: Program, member: Member, lot: Lot) -> datetime | None:
    """When `lot` lapses because its member did nothing; None where there is no such rule."""
    policy = program.currencies[lot.currency].expiry
    if policy.kind is not _INACTIVE:
        return None
    return member.state.active_until.get(lot.currency)


def lapses_at(program: Program, member: Member, lot: Lot) -> datetime | None:
    """The first instant at which `lot` is gone, by date or by inactivity."""
    if lot.currency not in program.currencies:
        return lot.expires_at
    return lot.expires_at or lapse_by_inactivity(program, member, lot)


def settle(program: Program, member: Member, book: Book, at: datetime, moves: Moves) -> None:
    """Bring the ledger up to `at`: time-outs, debts that can be paid, points that lapsed.

    Each movement carries the instant at which it was due, not the one at which it was noticed.
    """
    for hold in book.holds:
        if hold.is_open and hold.expires_at <= at:
            release(
                program, member, book, hold=hold, at=hold.expires_at, moves=moves, state="timed_out"
            )
    lots = [lot for lot in book.lots if moves.left(lot) > 0 and lot.available_at <= at]
    if any(owed_by(member.state.owed, moves, lot.currency) > 0 for lot in lots):
        for lot in sorted(lots, key=lambda lot: (lot.available_at, lot.id)):
            pay_debt(program, member, lot, at=lot.available_at, moves=moves)
    for lot in spending_order(lots):
        gone = lapses_at(program, member, lot)
        if gone is not None and gone <= at:
            lapse(lot, moves.left(lot), max(gone, lot.available_at), moves)


def lapse(lot: Lot, amount: int, at: datetime, moves: Moves) -> None:
    """`amount` of the lot is gone for good."""
    moves.post(
        lot.currency,
        "expire",
        debit=Account.AVAILABLE,
        credit=Account.EXPIRED,
        amount=amount,
        at=at,
    )
    if amount:
        moves.use(lot, amount, at, expired=amount)


def pay_debt(program: Program, member: Member, lot: Lot, *, at: datetime, moves: Moves) -> None:
    """Pay what the member owes in the lot's currency out of `lot`, as far as it goes.

    The debt arose at the member's newest instant at the latest; it is never paid before that, and
    points that had lapsed by then lapse.
    """
    paid = min(moves.left(lot), owed_by(member.state.owed, moves, lot.currency))
    if paid <= 0:
        return
    at = max(at, member.state.clock or at)
    gone = lapses_at(program, member, lot)
    if gone is not None and gone <= at:
        lapse(lot, moves.left(lot), max(gone, lot.available_at), moves)
        return
    moves.post(
        lot.currency,
        "repay",
        debit=Account.AVAILABLE,
        credit=Account.OWED,
        amount=paid,
        at=at,
    )
    moves.use(lot, paid, at)
    moves.owe(lot.currency, -paid)


def release(
    program: Program,
    member: Member,
    book: Book,
    *,
    hold: Hold,
    at: datetime,
    moves: Moves,
    state: str,
    captured: int = 0,
) -> None:
    """End a hold: what was not captured goes back to the lots it came from.

    The points that would lapse last are the ones given back. Those whose lot has lapsed
    meanwhile lapse now; the others pay what the member has come to owe meanwhile.
    """
    rest = hold.amount - captured
    moves.post(
        hold.currency,
        "release",
        debit=Account.HELD,
        credit=Account.AVAILABLE,
        amount=rest,
        at=at,
    )
    by_id = {lot.id: lot for lot in book.lots}
    for lot_id, part in reversed(hold.parts):
        back = min(part, rest)
        if back:
            rest -= back
            _give_back(program, member, by_id[lot_id], back, at=at, moves=moves)
    moves.closed_holds.append((hold, state))
    if captured:
        moves.captured[id(hold)] = captured


def _give_back(
    program: Program, member: Member, lot: Lot, amount: int, *, at: datetime, moves: Moves
) -> None:
    moves.use(lot, -amount, at)
    gone = lapses_at(program, member, lot)
    if gone is not None and gone <= at:
        lapse(lot, amount, at, moves)
    else:
        pay_debt(program, member, lot, at=at, moves=moves)


def extend_activity(program: Program, member: Member, at: datetime) -> dict[str, datetime]:
    """New ends of the inactivity spans after something happened at `at`; only those that moved."""
    moved: dict[str, datetime] = {}
    for code, currency in program.currencies.items():
        if currency.expiry.kind is not _INACTIVE:
            continue
        until = add(at, currency.expiry.span, program.zone)
        known = member.state.active_until.get(code)
        if known is None or until > known:
            moved[code] = until
    return moved


_A_MOMENT = timedelta(microseconds=1)


def last_moment_before(at: datetime) -> datetime:
    """The last instant of the period that ends at `at`."""
    return at - _A_MOMENT
