"""Taking points away from a member: spending lots soonest-expiring first."""

from datetime import datetime

from regulars.domain.errors import InsufficientPoints, NotAllowed
from regulars.domain.ledger import (
    Account,
    Book,
    Lot,
    Moves,
    is_live,
    owed_by,
    spending_order,
)
from regulars.domain.members import Member
from regulars.domain.programs.model import Currency, CurrencyKind, Program


def spendable_currency(program: Program, code: str) -> Currency:
    """The currency, when it is one that can be spent. Raises NotAllowed."""
    currency = program.currencies.get(code)
    if currency is None:
        raise NotAllowed(f"The program in force has no currency {code!r}.")
    if currency.kind is not CurrencyKind.SPENDABLE:
        raise NotAllowed(f"{code!r} counts towards tiers and cannot be spent.")
    return currency


def spendable(member: Member, book: Book, currency: str, *, at: datetime, moves: Moves) -> int:
    """What can be spent at `at`, after what is owed. Call `settle` first."""
    live = sum(
        moves.left(lot) for lot in book.lots if lot.currency == currency and is_live(lot, at)
    )
    return max(live - max(owed_by(member.state.owed, moves, currency), 0), 0)


def take(
    member: Member, book: Book, currency: str, *, amount: int, at: datetime, moves: Moves
) -> list[tuple[Lot, int]]:
    """Use up `amount` of live lots; returns which lots gave how much. Posts no transfer.

    Raises InsufficientPoints, and then nothing has been taken.
    """
    there = spendable(member, book, currency, at=at, moves=moves)
    if amount > there:
        raise InsufficientPoints(f"{amount} {currency} asked for, {there} available.")
    return draw(book, currency, amount=amount, at=at, moves=moves)


def draw(
    book: Book, currency: str, *, amount: int, at: datetime, moves: Moves
) -> list[tuple[Lot, int]]:
    """Use up to `amount` of live lots, as far as they go; returns which lots gave how much."""
    parts: list[tuple[Lot, int]] = []
    live = [lot for lot in book.lots if lot.currency == currency and is_live(lot, at)]
    for lot in spending_order(live):
        if amount <= 0:
            break
        part = min(moves.left(lot), amount)
        if part > 0:
            moves.use(lot, part, at)
            parts.append((lot, part))
            amount -= part
    return parts


def redeem(
    member: Member, book: Book, currency: str, *, amount: int, at: datetime, moves: Moves
) -> None:
    """Spend points for good. Raises InsufficientPoints."""
    take(member, book, currency, amount=amount, at=at, moves=moves)
    moves.post(
        currency,
        "redeem",
        debit=Account.AVAILABLE,
        credit=Account.REDEEMED,
        amount=amount,
        at=at,
    )
