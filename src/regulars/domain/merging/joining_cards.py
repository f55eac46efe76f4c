"""The paid cards of two members who are one."""

from collections.abc import Mapping
from datetime import datetime

from regulars.domain.members import CardState
from regulars.domain.memberships.holding import held, is_held
from regulars.domain.merging.refusals import MergeRefused


def joined_cards(
    own: Mapping[str, CardState], other: Mapping[str, CardState], at: datetime
) -> dict[str, CardState]:
    """The cards of both. Raises MergeRefused where both hold the same: nobody may lose a term that
    was paid for, so one of the two is ended first."""
    live = held(other, at)
    if any(is_held(own.get(code), at) for code in live):
        raise MergeRefused(
            "Both members hold the same paid card. End one of the two, and pay back what is due."
        )
    return {**own, **live}
