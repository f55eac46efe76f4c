"""When a member has to be looked at without having done anything."""

from datetime import datetime

from regulars.domain.members import State
from regulars.domain.tiers import due_at


def next_review(state: State) -> datetime | None:
    """The next instant at which the member's own state lets something fall due.

    That is a tier review, a stage that turns, a tag that ends, or points that lapse for want of
    activity; ends that the newest event has passed are settled. Lots and holds with dates of their
    own are not looked at.
    """
    due = due_at(state.tier)
    if not state.active_until and state.stage is None and not state.tags:
        return due
    ends = list(state.active_until.values())
    ends += [tag.until for tag in state.tags.values() if tag.until is not None]
    clock = state.clock
    found = [until for until in ends if clock is None or until > clock]
    if due is not None:
        found.append(due)
    if state.stage is not None and state.stage.due is not None:
        found.append(state.stage.due)
    return min(found, default=None)
