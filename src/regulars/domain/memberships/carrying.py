"""What a CardChange does to the cards that a member holds: the terms are the program's."""

from datetime import datetime

from regulars.domain.errors import InvalidInput, NotAllowed
from regulars.domain.explanations import CardMove
from regulars.domain.members import CardState, State
from regulars.domain.memberships.holding import FAMILY, PAID, TRIAL, is_held
from regulars.domain.memberships.refusals import CardHeld, CardNotHeld, FamilyRefused, TrialUsed
from regulars.domain.operations import CardChange
from regulars.domain.periods import Duration, add
from regulars.domain.programs.model import Program
from regulars.domain.programs.paid_cards import PaidCard

MOST_TERMS_AHEAD = 3
"""Nobody pays for more terms than that at a time, the one under way included."""


def carry_card(program: Program, state: State, *, data: CardChange, at: datetime) -> CardMove:
    """Set the cards of `state` to what they are after `data`; what to tell of it. Raises CardHeld,
    CardNotHeld, TrialUsed, FamilyRefused, NotAllowed, InvalidInput."""
    known = state.cards.get(data.card)
    live = known if is_held(known, at) else None
    if data.deed in {"end", "leave"}:
        if live is None or (data.deed == "leave" and live.how != FAMILY):
            raise CardNotHeld
        state.cards = {code: one for code, one in state.cards.items() if code != data.card}
        if data.deed == "leave":
            state.left_family_at = at
        return CardMove(data.card, data.deed, at, at)
    card = program.cards.get(data.card)
    if card is None:
        raise NotAllowed(f"The program in force has no card {data.card!r}.")
    after = _term(program, card, state, live, data=data, at=at)
    state.cards = {**state.cards, data.card: after}
    return CardMove(data.card, data.deed, after.until, after.ends_at)


def _term(
    program: Program,
    card: PaidCard,
    state: State,
    live: CardState | None,
    *,
    data: CardChange,
    at: datetime,
) -> CardState:
    match data.deed:
        case "trial":
            return _tried(program, card, state, live, data=data, at=at)
        case "join":
            return _joined(program, card, state, live, data=data, at=at)
        case "begin":
            return _begun(program, card, live, data, at)
    if live is None or live.how != PAID:
        raise CardNotHeld
    return _extended(program, card, live, data, at)


def _tried(
    program: Program,
    card: PaidCard,
    state: State,
    live: CardState | None,
    *,
    data: CardChange,
    at: datetime,
) -> CardState:
    if card.trial is None:
        raise NotAllowed(f"The card {card.code!r} cannot be tried.")
    if live is not None:
        raise CardHeld
    if card.code in state.tried:
        raise TrialUsed
    state.tried = sorted([*state.tried, card.code])
    until = add(at, card.trial, program.zone)
    return CardState(at, until, until, TRIAL, data.membership)


def _begun(
    program: Program, card: PaidCard, live: CardState | None, data: CardChange, at: datetime
) -> CardState:
    """Who buys what they try keeps the rest of the trial. What a family shares is left first: the
    place in it is to be free again."""
    if live is not None and live.how != TRIAL:
        raise CardHeld
    base = live or CardState(at, at, at, PAID, data.membership)
    return _extended(program, card, base, data, at)


def _extended(
    program: Program, card: PaidCard, base: CardState, data: CardChange, at: datetime
) -> CardState:
    """One term more, from where the last one ends: early renewals lose nothing, and late ones have
    had their grace."""
    until = add(base.until, card.term, program.zone)
    if until <= at:
        raise CardNotHeld("The grace is longer than a term, and a whole term went by in it.")
    if until > _furthest(program, card, at):
        raise NotAllowed(f"At most {MOST_TERMS_AHEAD} terms of a card are paid for ahead.")
    ends_at = until if card.grace is None else add(until, card.grace, program.zone)
    return CardState(base.since, until, ends_at, PAID, data.membership or base.membership)


def _furthest(program: Program, card: PaidCard, at: datetime) -> datetime:
    """The latest end that can be paid for. A month may be shorter than the one before, so there is
    a little room."""
    for _ in range(MOST_TERMS_AHEAD):
        at = add(at, card.term, program.zone)
    room = card.trial or Duration()
    return add(add(at, room, program.zone), Duration(days=3), program.zone)


def _joined(
    program: Program,
    card: PaidCard,
    state: State,
    live: CardState | None,
    *,
    data: CardChange,
    at: datetime,
) -> CardState:
    if data.until is None or data.until <= at:
        raise InvalidInput("Who joins a family has the card until the end that its holder has.")
    ends_at = data.until if card.grace is None else add(data.until, card.grace, program.zone)
    if live is not None:
        if live.how != FAMILY or live.membership != data.membership:
            raise CardHeld
        return CardState(live.since, data.until, ends_at, FAMILY, data.membership, data.holder)
    if any(one.how == FAMILY and is_held(one, at) for one in state.cards.values()):
        raise FamilyRefused("The member is in a family already. They leave it first.")
    cooling = None if card.family is None else card.family.cooling
    if cooling is not None and state.left_family_at is not None:
        free_at = add(state.left_family_at, cooling, program.zone)
        if at < free_at:
            raise FamilyRefused(
                f"The member left a family lately. They can join another from "
                f"{free_at.isoformat()} on."
            )
    return CardState(at, data.until, ends_at, FAMILY, data.membership, data.holder)
