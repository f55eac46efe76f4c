"""Which paid cards a member holds at an instant: by the clock, whatever job ran or did not."""

from collections.abc import Mapping
from datetime import datetime

from regulars.domain.members import CardState

PAID, TRIAL, FAMILY = "paid", "trial", "family"
"""How a card is held."""


def is_held(card: CardState | None, at: datetime) -> bool:
    """Whether the card brings its benefits at `at`."""
    return card is not None and card.since <= at < card.ends_at


def held(cards: Mapping[str, CardState], at: datetime) -> dict[str, CardState]:
    """The cards that bring their benefits at `at`, by code."""
    return {code: card for code, card in sorted(cards.items()) if card.since <= at < card.ends_at}


def held_codes(cards: Mapping[str, CardState], at: datetime) -> list[str]:
    """Their codes, in order: what conditions see."""
    return sorted([code for code, card in cards.items() if card.since <= at < card.ends_at])
