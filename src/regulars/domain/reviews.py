"""When a member has to be looked at without having done anything."""

from datetime import datetime

from regulars.domain.members import State
from regulars.domain.tiers import due_at


def next_review(state: State) -> datetime | None:
    """The next instant at which the member's own state lets something fall due.

    That is a tier review, or points that lapse for want of activity; ends of activity that the
    newest event has passed are settled. Lots and holds with dates of their own are not looked at.
    """
    due = due_at(state.tier)
    if not state.active_until:
        return due
    ends = [
        until for until in state.active_until.values() if state.clock is None or until > state.clock
    ]
    return min([*ends, due] if due is not None else ends, default=None)
