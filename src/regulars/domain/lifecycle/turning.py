"""The stage of a member's life after a decision, and how it came to be."""

from regulars.domain.explanations import StageMove
from regulars.domain.lifecycle.lives import Look, life_of, look_at, start_of_day
from regulars.domain.members import Member, StageState, State
from regulars.domain.periods import Local
from regulars.domain.programs.model import Program

AWAY = "away"
"""Why a stage turned by the calendar."""


def turned(
    program: Program, member: Member, state: State, look: Look, why: str
) -> tuple[StageState | None, list[StageMove], bool]:
    """The stage after an event that leaves `state`, the moves to it, and whether somebody who came
    once only is to be reminded now. `look`: as the event found the member.

    What turned by the calendar since the member was looked at last is told with its own instant,
    what the event itself changed with the event's.
    """
    at, old = look.local.at, member.state.stage
    if state.clock is not None and state.clock != at:
        look = look_at(program, member.state, state.clock)
    if look.life is None:
        return None, [], False
    day = look.local.day
    stage, since, moves = look.stage(), member.enrolled_at, []
    if old is not None:
        since = old.since
        if old.stage != stage:
            moves = _moved(program, member, old.stage, day)
            stage = moves[-1].new if moves else old.stage
    life = life_of(program, state, day)
    found = life.stage(day).value
    if found != stage:
        moves.append(StageMove(stage, found, at, why))
    if moves:
        since = moves[-1].at
    due, reminder, is_reminded = life.next_turn(day), life.reminder, False
    if reminder is not None and reminder > day:
        due = reminder if due is None else min(due, reminder)
    elif reminder is not None and old is not None:
        is_reminded = _day_known(program, member, day) < reminder
    ends = None if due is None else start_of_day(due, program.zone)
    return StageState(found, since, ends), moves, is_reminded


def _day_known(program: Program, member: Member, day: int) -> int:
    """The day on which the member was looked at last; `day` for one who never was."""
    clock = member.state.clock
    return day if clock is None else Local(clock, program.zone).day


def _moved(program: Program, member: Member, stage: str, until: int) -> list[StageMove]:
    """What turned by the calendar since then, up to the day `until`."""
    first = _day_known(program, member, until)
    moves: list[StageMove] = []
    for day, then in life_of(program, member.state, first).turns(first):
        if day <= until and then.value != stage:
            moves.append(StageMove(stage, then.value, start_of_day(day, program.zone), AWAY))
            stage = then.value
    return moves
