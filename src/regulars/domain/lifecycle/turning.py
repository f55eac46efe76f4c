"""The stage of a member's life after a decision, and how it came to be."""

from datetime import datetime

from regulars.domain.explanations import StageMove
from regulars.domain.lifecycle.lives import life_of, start_of_day
from regulars.domain.members import Member, StageState, State
from regulars.domain.periods import Local
from regulars.domain.programs.model import Program

AWAY = "away"
"""Why a stage turned by the calendar."""


def turned(
    program: Program, member: Member, state: State, at: datetime, why: str
) -> tuple[StageState | None, list[StageMove], bool]:
    """The stage after an event of `at` that leaves `state`, the moves to it, and whether somebody
    who came once only is to be reminded now.

    What turned by the calendar since the member was looked at last is told with its own instant,
    what the event itself changed with the event's.
    """
    lifecycle = program.lifecycle
    if lifecycle is None:
        return None, [], False
    old, now = member.state.stage, state.clock or at
    local = Local(now, program.zone)
    before = life_of(program, member.state, local)
    moves: list[StageMove] = []
    stage = before.stage(lifecycle, local.day).value
    since = member.enrolled_at
    first = local.day
    if old is not None:
        stage, since = old.stage, old.since
        first = Local(member.state.clock or at, program.zone).day
        for day, then in before.turns(lifecycle, first):
            if day > local.day:
                break
            if then.value != stage:
                moves.append(StageMove(stage, then.value, start_of_day(day, program), AWAY))
                stage = then.value
    after = life_of(program, state, local)
    found = after.stage(lifecycle, local.day).value
    if found != stage:
        moves.append(StageMove(stage, found, at, why))
    if moves:
        since = moves[-1].at
    reminder = after.reminder(lifecycle)
    is_reminded = old is not None and reminder is not None and first < reminder <= local.day
    due = [day for day, _ in after.turns(lifecycle, local.day)[:1]]
    if reminder is not None and reminder > local.day:
        due.append(reminder)
    ends = start_of_day(min(due), program) if due else None
    return StageState(found, since, ends), moves, is_reminded
