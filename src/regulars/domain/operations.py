"""Facts that the product itself records: adjustments, redemptions, transfers, holds, reviews.

They travel the same path as what members do: one engine, one log, one replay. Senders cannot post
them as events; each has its own route or command.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.burning import redeem, spendable_currency, take
from regulars.domain.errors import (
    InvalidInput,
    NotAllowed,
    StaleMark,
)
from regulars.domain.estates.legacies import Legacy
from regulars.domain.events import OCCASION, Word
from regulars.domain.expiry import new_lot, pay_debt, release
from regulars.domain.holds.holding import capture, hold_points, open_hold
from regulars.domain.holds.restoring import restore
from regulars.domain.ledger import Account, Book, Lot, Moves
from regulars.domain.members import Member, mark_of
from regulars.domain.play.prizes import carry_turn
from regulars.domain.programs.model import CurrencyKind, Program

PREFIX = "regulars."
"""Begins the type of every fact of this file."""

MAX_HOLD_SECONDS = 30 * 24 * 3600

Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]


class Operation(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """What every recorded operation may carry."""


class Adjustment(Operation, frozen=True, kw_only=True, gc=False):
    """A correction by hand: `amount` points more or, negative, fewer, and why."""

    currency: Word
    amount: Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT)]
    reason: Annotated[str, Meta(min_length=3, max_length=500)]


class Redemption(Operation, frozen=True, kw_only=True, gc=False):
    """Points spent for good. `reference`: the caller's own number for what they bought."""

    currency: Word
    amount: Amount
    reference: Word | None = None


class PointsTransfer(Operation, frozen=True, kw_only=True, gc=False):
    """Points given to another member; they keep their expiry. `to_id` is filled in on receipt."""

    to: Word
    currency: Word
    amount: Amount
    to_id: int = 0


class ConversionOrder(Operation, frozen=True, kw_only=True, gc=False):
    """Points of one currency into another, at the program's rate."""

    source: Word
    target: Word
    amount: Amount


class HoldOpening(Operation, frozen=True, kw_only=True, gc=False):
    """Points reserved for `seconds`."""

    currency: Word
    amount: Amount
    seconds: Annotated[int, Meta(ge=1, le=MAX_HOLD_SECONDS)] = 900
    reference: Word | None = None


class HoldCapture(Operation, frozen=True, kw_only=True, gc=False):
    """Held points spent: all of them, or `amount` and the rest given back."""

    hold: int
    amount: Amount | None = None


class HoldRelease(Operation, frozen=True, kw_only=True, gc=False):
    """Held points given back."""

    hold: int


class PointsRestore(Operation, frozen=True, kw_only=True, gc=False):
    """Points that a hold had captured are given back: all that are left of them, or `amount`."""

    hold: int
    amount: Amount | None = None
    reference: Word | None = None


class MemberChange(Operation, frozen=True, kw_only=True, gc=False):
    """New values of declared attributes; null removes one.

    `mark`: of the attributes as the caller saw them (`mark_of`); without one the change is made
    whatever they are.
    """

    attributes: Annotated[dict[str, bool | int | str | None], Meta(max_length=50)] = {}
    mark: Word | None = None


class CardChange(Operation, frozen=True, kw_only=True, gc=False):
    """A paid card begins, is tried, renewed, shared by somebody's family, left by them, or ends.

    `membership`: our number of it. Of who joins a family, `holder`: whose it is, and `until`: the
    end that the holder has.
    """

    card: Word
    deed: Literal["begin", "trial", "renew", "join", "leave", "end"]
    membership: int = 0
    holder: int = 0
    until: datetime | None = None
    reason: Annotated[str, Meta(max_length=500)] = ""


class StreakMakeUp(Operation, frozen=True, kw_only=True, gc=False):
    """A missed day of a rule's streak is made up for. `day`: since 1970, in the program's zone."""

    rule: Word
    day: Annotated[int, Meta(ge=0, le=10**6)]


class DrawTurn(Operation, frozen=True, kw_only=True, gc=False):
    """A turn at a lucky draw: what it costs, and what of it is points. `draw`: our id of it as the
    outside sees it; `turn`: the member's how-manieth."""

    draw: Word
    turn: Annotated[int, Meta(ge=1)]
    price: tuple[Word, Amount] | None = None
    prize: Word | None = None
    points: tuple[Word, Amount] | None = None


class TagChange(Operation, frozen=True, kw_only=True, gc=False):
    """Tags that somebody sets or takes away by hand. `add`: each with its end, or without one."""

    add: Annotated[dict[Word, datetime | None], Meta(max_length=20)] = {}
    remove: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()


class Occasion(Operation, frozen=True, kw_only=True, gc=False):
    """Something is due to a member: a birthday, a stage or a tier that was reached. Unlike other
    operations it is for the rules, those on `occasion`."""

    occasion: Word


class MergeOut(Operation, frozen=True, kw_only=True, gc=False):
    """The member turned out to be `into`, another number of ours, who gets all that is theirs.

    `balances`: what they have of currencies without lots.
    """

    into: int
    balances: dict[str, int] = {}
    reason: str = ""


class MergeIn(Operation, frozen=True, kw_only=True, gc=False):
    """The other side: what the member `source`, a number of ours, has left."""

    source: int
    legacy: Legacy
    reason: str = ""


class Review(Operation, frozen=True, kw_only=True, gc=False):
    """A look at what is due for this member: tier reviews, time-outs, debts, lapsed points."""


KINDS: dict[str, type[Operation]] = {
    PREFIX + "adjustment": Adjustment,
    PREFIX + "redemption": Redemption,
    PREFIX + "transfer": PointsTransfer,
    PREFIX + "conversion": ConversionOrder,
    PREFIX + "hold": HoldOpening,
    PREFIX + "hold_capture": HoldCapture,
    PREFIX + "hold_release": HoldRelease,
    PREFIX + "points_restore": PointsRestore,
    PREFIX + "member_change": MemberChange,
    PREFIX + "review": Review,
    PREFIX + "tags": TagChange,
    OCCASION: Occasion,
    PREFIX + "merge_out": MergeOut,
    PREFIX + "merge_in": MergeIn,
    PREFIX + "card": CardChange,
    PREFIX + "make_up": StreakMakeUp,
    PREFIX + "draw_turn": DrawTurn,
}

SPENDING = (
    Redemption, PointsTransfer, ConversionOrder, HoldOpening, HoldCapture, StreakMakeUp, DrawTurn,
)  # fmt: skip
"""What members, or tills for them, do with what they have. A frozen member's points stay."""

type_of: dict[type[Operation], str] = {kind: code for code, kind in KINDS.items()}


def carry_out(
    program: Program,
    member: Member,
    book: Book,
    *,
    data: Operation,
    at: datetime,
    moves: Moves,
) -> dict[str, bool | int | str | None]:
    """Do what `data` says to the ledger; returns changed attributes. Raises RegularsErrors.

    `settle` has been called.
    """
    if isinstance(data, Adjustment):
        _adjust(program, member, book, data=data, at=at, moves=moves)
    elif isinstance(data, Redemption):
        spendable_currency(program, data.currency)
        redeem(member, book, data.currency, amount=data.amount, at=at, moves=moves)
    elif isinstance(data, PointsTransfer):
        _transfer(program, member, book, data=data, at=at, moves=moves)
    elif isinstance(data, ConversionOrder):
        _convert(program, member, book, data=data, at=at, moves=moves)
    elif isinstance(data, HoldOpening):
        hold_points(
            program, member, book, currency=data.currency, amount=data.amount,
            seconds=data.seconds, at=at, moves=moves,
        )  # fmt: skip
    elif isinstance(data, HoldCapture):
        capture(program, member, book, hold_id=data.hold, amount=data.amount, at=at, moves=moves)
    elif isinstance(data, HoldRelease):
        hold = open_hold(book, data.hold, moves)
        release(program, member, book, hold=hold, at=at, moves=moves, state="released")
    elif isinstance(data, PointsRestore):
        restore(program, member, book, hold_id=data.hold, amount=data.amount, at=at, moves=moves)
    elif isinstance(data, DrawTurn):
        won = {"price": data.price, "prize": data.points}
        carry_turn(program, member, book, **won, at=at, moves=moves)
    elif isinstance(data, MemberChange):
        if data.mark is not None and data.mark != mark_of(member.attributes):
            raise StaleMark
        return checked_attributes(program, data)
    return {}


def _adjust(
    program: Program,
    member: Member,
    book: Book,
    *,
    data: Adjustment,
    at: datetime,
    moves: Moves,
) -> None:
    known = program.currencies.get(data.currency)
    if known is None:
        raise NotAllowed(f"The program in force has no currency {data.currency!r}.")
    if not data.amount:
        raise InvalidInput("An adjustment of 0 changes nothing.")
    if known.kind is CurrencyKind.STATUS:
        raise NotAllowed(
            f"{data.currency!r} counts towards tiers; correct it by recording or returning the act."
        )
    if data.amount < 0:
        take(member, book, data.currency, amount=-data.amount, at=at, moves=moves)
        _post(moves, data.currency, "adjust", Account.AVAILABLE, Account.ADJUSTED, -data.amount, at)
        return
    lot = new_lot(program, member, data.currency, amount=data.amount, at=at)
    lot.available_at = at
    _post(moves, data.currency, "adjust", Account.ADJUSTED, Account.AVAILABLE, data.amount, at)
    moves.lots.append(lot)
    pay_debt(program, member, lot, at=at, moves=moves)


def _post(  # noqa: PLR0917
    moves: Moves, currency: str, code: str, debit: Account, credit: Account, amount: int,
    at: datetime,
) -> None:  # fmt: skip
    moves.post(currency, code, debit=debit, credit=credit, amount=amount, at=at)


def _transfer(
    program: Program,
    member: Member,
    book: Book,
    *,
    data: PointsTransfer,
    at: datetime,
    moves: Moves,
) -> None:
    if not spendable_currency(program, data.currency).transferable:
        raise NotAllowed(f"The program does not let members give {data.currency!r} to others.")
    if data.to_id == member.id:
        raise InvalidInput("The two members of a transfer must differ.")
    parts = take(member, book, data.currency, amount=data.amount, at=at, moves=moves)
    _post(moves, data.currency, "transfer", Account.AVAILABLE, Account.TRANSIT, data.amount, at)
    received = Moves(data.to_id)
    received.post(
        data.currency,
        "transfer",
        debit=Account.TRANSIT,
        credit=Account.AVAILABLE,
        amount=data.amount,
        at=at,
    )
    moves.transfers += received.transfers
    for lot, part in parts:
        moves.lots.append(
            Lot(
                member_id=data.to_id,
                currency=data.currency,
                amount=part,
                remaining=part,
                available_at=at,
                expires_at=lot.expires_at,
            )
        )


def _convert(
    program: Program,
    member: Member,
    book: Book,
    *,
    data: ConversionOrder,
    at: datetime,
    moves: Moves,
) -> None:
    terms = next(
        (
            known
            for known in program.conversions
            if (known.source, known.target) == (data.source, data.target)
        ),
        None,
    )
    if terms is None:
        raise NotAllowed(f"The program does not convert {data.source!r} into {data.target!r}.")
    if data.amount % terms.take:
        raise InvalidInput(f"Only multiples of {terms.take} {data.source} convert.")
    given = data.amount // terms.take * terms.give
    take(member, book, data.source, amount=data.amount, at=at, moves=moves)
    _post(moves, data.source, "convert", Account.AVAILABLE, Account.CONVERTED, data.amount, at)
    lot = new_lot(program, member, data.target, amount=given, at=at)
    lot.available_at = at
    _post(moves, data.target, "convert", Account.CONVERTED, Account.AVAILABLE, given, at)
    moves.lots.append(lot)
    pay_debt(program, member, lot, at=at, moves=moves)


_TYPES: dict[str, type] = {"bool": bool, "int": int, "string": str}


def checked_attributes(program: Program, data: MemberChange) -> dict[str, bool | int | str | None]:
    """The new values, fit for what the program declares. Raises InvalidInput."""
    for name, value in data.attributes.items():
        declared = program.attributes.get(name)
        if declared is None:
            raise InvalidInput(
                f"The program declares no member attribute {name!r}. Personal data such as names, "
                "phones and birthdays has no place here."
            )
        if value is not None and type(value) is not _TYPES[declared]:
            raise InvalidInput(f"Member attribute {name!r} is a {declared}.")
    return dict(data.attributes)
