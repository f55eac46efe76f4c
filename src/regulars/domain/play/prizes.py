"""What a turn at a lucky draw does to points: its price is spent, what was won is given."""

from datetime import datetime

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.burning import redeem, spendable_currency
from regulars.domain.expiry import new_lot, pay_debt
from regulars.domain.ledger import Account, Book, Moves
from regulars.domain.members import Member
from regulars.domain.programs.model import Program

CODE = "prize"
"""What the transfers of prizes are called."""


def carry_turn(
    program: Program,
    member: Member,
    book: Book,
    *,
    price: tuple[str, int] | None,
    prize: tuple[str, int] | None,
    at: datetime,
    moves: Moves,
) -> None:
    """Take the price, then give the prize; each is a currency and an amount. What was won counts at
    once and cannot pay for the turn that won it. Raises InsufficientPoints, NotAllowed."""
    if price is not None:
        spendable_currency(program, price[0])
        redeem(member, book, price[0], amount=price[1], at=at, moves=moves)
    if prize is None:
        return
    currency, amount = prize
    assert 0 < amount <= MAX_AMOUNT
    spendable_currency(program, currency)
    lot = new_lot(program, member, currency, amount=amount, at=at)
    lot.available_at = at
    moves.post(currency, CODE, debit=Account.ISSUED, credit=Account.AVAILABLE, amount=amount, at=at)
    moves.lots.append(lot)
    pay_debt(program, member, lot, at=at, moves=moves)
