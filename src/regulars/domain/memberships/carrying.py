"""What a CardChange does to the cards that a member holds: the terms are the program's."""

from collections.abc import Mapping
from datetime import datetime

from regulars.domain.errors import InvalidInput, NotAllowed
from regulars.domain.explanations import CardMove
from regulars.domain.members import CardState
from regulars.domain.memberships.holding import FAMILY, PAID, TRIAL, is_held
from regulars.domain.memberships.refusals import CardHeld, CardNotHeld
from regulars.domain.operations import CardChange
from regulars.domain.periods import add
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import PaidCard

Cards = dict[str, CardState]


def changed_cards(
    program: Program, cards: Mapping[str, CardState], *, data: CardChange, at: datetime
) -> tuple[Cards, CardMove]:
    """The member's cards after `data`, and what to tell of it. Raises CardHeld, CardNotHeld,
    NotAllowed, InvalidInput."""
    known = cards.get(data.card)
    if data.deed == "end":
        if known is None or not is_held(known, at):
            raise CardNotHeld
        left = {code: one for code, one in cards.items() if code != data.card}
        return left, CardMove(data.card, "end", at, at)
    after = _term(program, known, data, at)
    return {**cards, data.card: after}, CardMove(data.card, data.deed, after.until, after.ends_at)


def _term(program: Program, known: CardState | None, data: CardChange, at: datetime) -> CardState:
    card = program.cards.get(data.card)
    if card is None:
        raise NotAllowed(f"The program in force has no card {data.card!r}.")
    live = known if is_held(known, at) else None
    match data.deed:
        case "trial":
            return _tried(program, card, live, data, at)
        case "join":
            return _joined(program, card, live, data, at)
        case "begin":
            return _begun(program, card, live, data, at)
    if live is None or live.how != PAID:
        raise CardNotHeld
    return _extended(program, card, live, data, at)


def _tried(
    program: Program, card: PaidCard, live: CardState | None, data: CardChange, at: datetime
) -> CardState:
    if card.trial is None:
        raise NotAllowed(f"The card {card.code!r} cannot be tried.")
    if live is not None:
        raise CardHeld
    until = add(at, card.trial, program.zone)
    return CardState(at, until, until, TRIAL, data.membership)


def _begun(
    program: Program, card: PaidCard, live: CardState | None, data: CardChange, at: datetime
) -> CardState:
    """Who buys what they try keeps the rest of the trial; what a family shares gives way."""
    if live is None or live.how == FAMILY:
        base = CardState(at, at, at, PAID, data.membership)
    elif live.how == TRIAL:
        base = live
    else:
        raise CardHeld
    return _extended(program, card, base, data, at)


def _extended(
    program: Program, card: PaidCard, base: CardState, data: CardChange, at: datetime
) -> CardState:
    """One term more, from where the last one ends: early renewals lose nothing, and late ones have
    had their grace."""
    until = add(base.until, card.term, program.zone)
    if until <= at:
        raise CardNotHeld
    ends_at = until if card.grace is None else add(until, card.grace, program.zone)
    return CardState(base.since, until, ends_at, PAID, data.membership or base.membership)


def _joined(
    program: Program, card: PaidCard, live: CardState | None, data: CardChange, at: datetime
) -> CardState:
    if data.until is None:
        raise InvalidInput("Who joins a family has the card until the end that its holder has.")
    is_same = live is not None and live.how == FAMILY and live.membership == data.membership
    if live is not None and not is_same:
        raise CardHeld
    ends_at = data.until if card.grace is None else add(data.until, card.grace, program.zone)
    since = live.since if live is not None else at
    return CardState(since, data.until, ends_at, FAMILY, data.membership)
