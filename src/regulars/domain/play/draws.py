"""Lucky draws: what is promised, and what each turn comes to, so that anybody can work it out.

Commit and reveal: before the first turn the SHA-256 of a seed is told, after the end the seed. A
turn's roll is the HMAC-SHA-256, by the seed, of the draw, the player, the how-manieth turn it is
and a word that the player's own device threw in; taken modulo `out_of`, where values beyond the
last whole multiple are drawn again, so that every roll is exactly as likely as every other.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.events import Word
from regulars.domain.limits.limits import Limit, LimitKind, period_of
from regulars.domain.periods import Local, Unit
from regulars.domain.programs.model import CurrencyKind, Program

MAX_OUT_OF = 10**9
MAX_PRIZES = 50
REVEAL_AFTER = timedelta(minutes=1)
"""After the end, so that a turn whose beginning lies before it is surely over."""

DIGEST_BITS = 256

Words = dict[str, Annotated[str, Meta(min_length=1, max_length=500)]]
"""A text by language: en, zh-CN."""

Code = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Luck = Annotated[str, Meta(pattern=r"^[0-9a-f]{8,64}$")]
"""What the player's device throws in: hexadecimal, chosen by chance."""


class PrizeKind(StrEnum):
    """What is won. Goods are handed out by the staff, everything else at once."""

    NOTHING = "nothing"
    POINTS = "points"
    COUPON = "coupon"
    BENEFIT = "benefit"
    GOODS = "goods"


class DrawState(StrEnum):
    """A draft can be changed; from the first day on a draw stays as it was promised."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class DrawPrice(Struct, frozen=True, forbid_unknown_fields=True):
    """What a turn costs, in points."""

    currency: Word
    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]


class TurnLimit(Struct, frozen=True, forbid_unknown_fields=True):
    """How many turns one member has: `per` day, week, month, or ever."""

    most: Annotated[int, Meta(ge=1, le=10_000)]
    per: Annotated[str, Meta(pattern="^(day|week|month|ever)$")] = "ever"


class Prize(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`weight` of `out_of` rolls are this prize. `stock`: how many there are; null: no end.
    `template`: which coupon (ctp_…); `benefit`: of the program, for `days`."""

    code: Code
    name: Words
    kind: PrizeKind
    weight: Annotated[int, Meta(ge=1, le=MAX_OUT_OF)]
    stock: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    currency: Word | None = None
    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] | None = None
    template: Word | None = None
    benefit: Word | None = None
    days: Annotated[int, Meta(ge=1, le=3660)] = 30


class DrawTerms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a draw promises. A turn takes a chance that the member was given, or its price; with
    neither it is free. `tiers`: whom it is for; empty: everybody. `instead`: the prize, one without
    end, that is given when the one that was rolled has run out; "" for nothing."""

    name: Words
    about: Words = {}
    price: DrawPrice | None = None
    by_chance: bool = False
    limits: Annotated[list[TurnLimit], Meta(max_length=4)] = []
    tiers: Annotated[list[Code], Meta(max_length=50)] = []
    out_of: Annotated[int, Meta(ge=1, le=MAX_OUT_OF)]
    prizes: Annotated[list[Prize], Meta(min_length=1, max_length=MAX_PRIZES)]
    instead: Annotated[str, Meta(max_length=60)] = ""


NOTHING = Prize(code="nothing", name={"en": "-"}, kind=PrizeKind.NOTHING, weight=1)
"""Given instead where the terms name no other prize."""


def refuse_unsound(terms: DrawTerms, program: Program) -> None:
    """Raises InvalidInput for odds that do not add up, and prizes that are not to be had."""
    weights = sum(prize.weight for prize in terms.prizes)
    if weights != terms.out_of:
        raise _invalid(
            "/terms/prizes",
            f"The weights add up to {weights}, and must to {terms.out_of}: what is left over is a"
            " prize too, of the kind nothing.",
        )
    codes = [prize.code for prize in terms.prizes]
    if len(set(codes)) < len(codes):
        raise _invalid("/terms/prizes", "Two prizes have the same code.")
    if any("en" not in words for words in (terms.name, *(one.name for one in terms.prizes))):
        raise _invalid("/terms/name", "A name is there at least in English (en).")
    if terms.price is not None:
        _refuse_currency("/terms/price/currency", terms.price.currency, program)
    if terms.instead:
        other = next((one for one in terms.prizes if one.code == terms.instead), None)
        if other is None or other.stock is not None:
            raise _invalid("/terms/instead", "What is given instead is a prize without a stock.")
    per = [limit.per for limit in terms.limits]
    if len(set(per)) < len(per):
        raise _invalid("/terms/limits", "Two limits are for the same period.")
    for place, prize in enumerate(terms.prizes):
        _refuse_prize(f"/terms/prizes/{place}", prize, program)


def _refuse_prize(pointer: str, prize: Prize, program: Program) -> None:
    if prize.kind is PrizeKind.POINTS:
        if prize.currency is None or prize.amount is None:
            raise _invalid(pointer, "Points are won by currency and amount.")
        _refuse_currency(f"{pointer}/currency", prize.currency, program)
    elif prize.kind is PrizeKind.COUPON and prize.template is None:
        raise _invalid(f"{pointer}/template", "Say which coupon is won (ctp_…).")
    elif prize.kind is PrizeKind.BENEFIT and prize.benefit not in {
        one.id for one in program.benefits
    }:
        raise _invalid(f"{pointer}/benefit", "The program in force has no such benefit.")
    elif prize.kind is PrizeKind.NOTHING and prize.stock is not None:
        raise _invalid(f"{pointer}/stock", "There is no end of nothing.")


def _refuse_currency(pointer: str, code: str, program: Program) -> None:
    known = program.currencies.get(code)
    if known is None or known.kind is not CurrencyKind.SPENDABLE:
        raise _invalid(pointer, "The program in force has no such currency that is spent.")


def _invalid(pointer: str, says: str) -> InvalidInput:
    return InvalidInput(says, faults=[Fault(pointer, says)])


def commitment_of(seed: str) -> str:
    """What is told of the seed before the draw begins."""
    return hashlib.sha256(seed.encode()).hexdigest()


def roll_of(seed: str, *, draw: str, player: str, number: int, luck: str, out_of: int) -> int:
    """What a turn comes to: a whole number in [0, out_of), each as likely as every other."""
    beyond = 2**DIGEST_BITS - 2**DIGEST_BITS % out_of
    attempt = 0
    while True:
        said = f"{draw}:{player}:{number}:{luck}:{attempt}"
        value = int.from_bytes(hmac.digest(seed.encode(), said.encode(), "sha256"))
        if value < beyond:
            return value % out_of
        attempt += 1


def prize_at(prizes: Sequence[Prize], roll: int) -> Prize:
    """The prize of a roll: each has as many rolls as it has weight, in the order of the terms."""
    end = 0
    for prize in prizes:
        end += prize.weight
        if roll < end:
            return prize
    message = "the weights add up to more than every roll"
    raise AssertionError(message)


def prize_named(terms: DrawTerms, code: str) -> Prize:
    """The prize of this code; nothing where the terms have none of it."""
    return next((prize for prize in terms.prizes if prize.code == code), NOTHING)


_UNITS = {"day": Unit.DAY, "week": Unit.WEEK, "month": Unit.MONTH, "ever": None}


def turn_limits(terms: DrawTerms, draw_id: int, member_id: int, local: Local) -> list[Limit]:
    """What one turn of the member takes of at `local`, but for chances and stock."""
    return [
        Limit(
            LimitKind.DRAW,
            str(draw_id),
            member_id,
            period_of(_UNITS[one.per], local) or "ever",
            one.most,
        )
        for one in terms.limits
    ]


def chance_limit(draw_id: int, member_id: int, granted: int) -> Limit:
    """The turns that the member was given."""
    return Limit(LimitKind.DRAW, f"{draw_id}:chances", member_id, "", granted)


def stock_limit(draw_id: int, prize: Prize) -> Limit:
    """How many there are of a prize."""
    return Limit(LimitKind.STOCK, f"draw:{draw_id}:{prize.code}", 0, "", prize.stock)


def is_open(state: str, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether turns are taken at `now`."""
    return state == DrawState.ACTIVE and starts_at <= now < ends_at


def is_revealed(state: str, ends_at: datetime, changed_at: datetime, now: datetime) -> bool:
    """Whether the seed is told at `now`: a little after the end, or after it was ended early."""
    if state == DrawState.DRAFT:
        return False
    end = min(ends_at, changed_at) if state == DrawState.ENDED else ends_at
    return now >= end + REVEAL_AFTER
