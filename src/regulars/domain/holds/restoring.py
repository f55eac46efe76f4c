"""Points that were spent out of a hold are given back: to the lots that they had come from.

They keep their original expiry. Those whose lot has lapsed meanwhile follow the program: they lapse
again at once, or last for its grace, as points of their own. The points that would lapse last are
given back first. What came with a member who was merged into this one becomes points of this one.
"""

from datetime import datetime

from regulars.domain.errors import InsufficientPoints
from regulars.domain.expiry import lapse, lapses_at, pay_debt
from regulars.domain.holds.refusals import HoldNotCaptured
from regulars.domain.ledger import Account, Book, Hold, Lot, Moves
from regulars.domain.members import Member
from regulars.domain.periods import Duration, add
from regulars.domain.programs.model import Program

CODE = "restore"
"""What the transfers are called."""

_AVAILABLE, _REDEEMED, _TRANSIT = Account.AVAILABLE, Account.REDEEMED, Account.TRANSIT


def restore(
    program: Program,
    member: Member,
    book: Book,
    *,
    hold_id: int,
    amount: int | None,
    at: datetime,
    moves: Moves,
) -> None:
    """Give back `amount` of what the hold had captured; None: all that was not given back before.

    `settle` has been called. Raises HoldNotCaptured, InsufficientPoints.
    """
    hold = next((hold for hold in book.holds if hold.id == hold_id), None)
    if hold is None or not hold.captured:
        raise HoldNotCaptured
    left = hold.captured - hold.restored
    wanted = left if amount is None else amount
    if not left or wanted > left:
        raise InsufficientPoints(
            f"{wanted} asked to be given back; of {hold.captured} spent, {left} were not before."
        )
    lots = {lot.id: lot for lot in (*book.others, *book.lots)}
    for lot_id, part in _parts(hold, wanted):
        _give_back(program, member, lots[lot_id], part, at=at, moves=moves)
    moves.restored_holds.append((hold, wanted))


def _parts(hold: Hold, wanted: int) -> list[tuple[int, int]]:
    """(lot, points) to be given back. A capture took the first points of the parts."""
    captured: list[tuple[int, int]] = []
    left = hold.captured
    for lot_id, part in hold.parts:
        captured.append((lot_id, min(part, left)))
        left -= captured[-1][1]
    done, parts = hold.restored, []
    for lot_id, part in reversed(captured):
        skipped = min(part, done)
        done -= skipped
        back = min(part - skipped, wanted)
        wanted -= back
        if back:
            parts.append((lot_id, back))
    return parts


def _give_back(
    program: Program, member: Member, lot: Lot, amount: int, *, at: datetime, moves: Moves
) -> None:
    code = lot.currency
    if lot.member_id != member.id:
        _post(moves, code, _REDEEMED, _TRANSIT, amount, at=at)
        _anew(program, member, lot, amount, expires_at=lot.expires_at, at=at, moves=moves)
        return
    _post(moves, code, _REDEEMED, _AVAILABLE, amount, at=at)
    moves.use(lot, -amount, at)
    gone = lapses_at(program, member, lot)
    if gone is None or gone > at:
        pay_debt(program, member, lot, at=at, moves=moves)
        return
    grace = _grace(program, code)
    if grace is None:
        lapse(lot, amount, at, moves)
        return
    moves.use(lot, amount, at)
    _post(moves, code, _AVAILABLE, _TRANSIT, amount, at=at)
    end = add(at, grace, program.zone)
    _anew(program, member, lot, amount, expires_at=end, at=at, moves=moves)


def _anew(
    program: Program,
    member: Member,
    lot: Lot,
    amount: int,
    *,
    expires_at: datetime | None,
    at: datetime,
    moves: Moves,
) -> None:
    """Points of the member's own in the place of `amount` of `lot`, out of transit."""
    grace = _grace(program, lot.currency)
    if expires_at is not None and expires_at <= at and grace is not None:
        expires_at = add(at, grace, program.zone)
    fresh = Lot(
        member_id=member.id,
        currency=lot.currency,
        amount=amount,
        remaining=amount,
        available_at=at,
        expires_at=expires_at,
        origin_event_id=lot.origin_event_id or lot.event_id or None,
    )
    _post(moves, lot.currency, _TRANSIT, _AVAILABLE, amount, at=at)
    moves.lots.append(fresh)
    if expires_at is not None and expires_at <= at:
        lapse(fresh, amount, at, moves)
    else:
        pay_debt(program, member, fresh, at=at, moves=moves)


def _grace(program: Program, code: str) -> Duration | None:
    currency = program.currencies.get(code)
    return None if currency is None else currency.restore_grace


def _post(
    moves: Moves, currency: str, debit: Account, credit: Account, amount: int, *, at: datetime
) -> None:
    moves.post(currency, CODE, debit=debit, credit=credit, amount=amount, at=at)
