"""The paid cards of two members who are one."""

from datetime import datetime

from regulars.domain.estates.legacies import Legacy
from regulars.domain.members import State
from regulars.domain.memberships.holding import held, is_held
from regulars.domain.merging.refusals import MergeRefused


def take_over_cards(state: State, legacy: Legacy, at: datetime) -> None:
    """Give `state` the cards of the other, and what either tried and left. Raises MergeRefused
    where both hold the same: nobody may lose a term that was paid for, so one is ended first."""
    live = held(legacy.cards, at)
    if any(is_held(state.cards.get(code), at) for code in live):
        raise MergeRefused(
            "Both members hold the same paid card. End one of the two, and pay back what is due."
        )
    state.cards = {**state.cards, **live}
    state.tried = sorted({*state.tried, *legacy.tried})
    left = [one for one in (state.left_family_at, legacy.left_family_at) if one is not None]
    state.left_family_at = max(left) if left else None
