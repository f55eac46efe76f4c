"""Points are reserved for a while, and spent out of what is reserved."""

from datetime import datetime

from regulars.domain.burning import spendable_currency, take
from regulars.domain.errors import HoldNotOpen, InsufficientPoints
from regulars.domain.expiry import release
from regulars.domain.ledger import Account, Book, Hold, Moves
from regulars.domain.members import Member
from regulars.domain.periods import Duration, add
from regulars.domain.programs.model import Program


def hold_points(
    program: Program, member: Member, book: Book, *, currency: str, amount: int, seconds: int,
    at: datetime, moves: Moves,
) -> None:  # fmt: skip
    """Reserve points for `seconds`. Raises InsufficientPoints, NotAllowed."""
    spendable_currency(program, currency)
    parts = take(member, book, currency, amount=amount, at=at, moves=moves)
    moves.post(currency, "hold", debit=Account.AVAILABLE, credit=Account.HELD, amount=amount, at=at)
    moves.opened_holds.append(
        Hold(
            id=0,
            member_id=member.id,
            currency=currency,
            amount=amount,
            expires_at=add(at, Duration(seconds=seconds), program.zone),
            parts=[(lot.id, part) for lot, part in parts],
        )
    )


def open_hold(book: Book, hold_id: int, moves: Moves) -> Hold:
    """The hold, when it is open still. Raises HoldNotOpen."""
    closed = {id(hold) for hold, _ in moves.closed_holds}
    for hold in book.holds:
        if hold.id == hold_id and hold.is_open and id(hold) not in closed:
            return hold
    raise HoldNotOpen


def capture(
    program: Program, member: Member, book: Book, *, hold_id: int, amount: int | None,
    at: datetime, moves: Moves,
) -> None:  # fmt: skip
    """Spend what is held, or `amount` of it; the rest is given back.

    Raises HoldNotOpen, InsufficientPoints.
    """
    hold = open_hold(book, hold_id, moves)
    spent = hold.amount if amount is None else amount
    if spent > hold.amount:
        raise InsufficientPoints(f"{spent} asked for, {hold.amount} held.")
    moves.post(
        hold.currency,
        "redeem",
        debit=Account.HELD,
        credit=Account.REDEEMED,
        amount=spent,
        at=at,
    )
    release(program, member, book, hold=hold, at=at, moves=moves, state="captured", captured=spent)
