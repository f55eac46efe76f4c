"""Making up for a missed day of a streak: which days, how many, and at which price."""

from datetime import datetime

from regulars.domain.errors import InvalidInput, NotAllowed
from regulars.domain.members import Member, State
from regulars.domain.periods import Local, period_key
from regulars.domain.plans import LONG_DAYS_KEPT, Plan
from regulars.domain.play.refusals import DayTaken, NoMakeUpLeft
from regulars.domain.play.streaks import holds_day
from regulars.domain.play.turns import Turn, streaked
from regulars.domain.programs.model import Rule
from regulars.domain.programs.play_terms import MAKE_UP_REACH_DAYS, MakeUp


def made_up(plan: Plan, member: Member, *, rule: str, day: int, at: datetime) -> tuple[Rule, Turn]:
    """The rule, and the turn that the missed `day` (since 1970) is for its streak.

    Raises NotAllowed, InvalidInput, DayTaken, NoMakeUpLeft.
    """
    known = plan.by_id.get(rule)
    streak = None if known is None else known.rule.streak
    if known is None or streak is None or streak.make_up is None:
        raise NotAllowed("The program in force has no streak of this name that can be made up for.")
    local = Local(at, plan.program.zone)
    enrolled = Local(member.enrolled_at, plan.program.zone).day
    if not max(local.day - MAKE_UP_REACH_DAYS, enrolled) <= day < local.day:
        raise InvalidInput(
            f"Only a day of the last {MAKE_UP_REACH_DAYS} can be made up for, after the member"
            " joined and before today."
        )
    if holds_day(member.state.streaks.get(rule, []), day):
        raise DayTaken
    if not left(rule, streak.make_up, member.state, local):
        raise NoMakeUpLeft
    turn = streaked(rule, streak, member.state, day)
    marks = (
        (_used(rule), period_key(streak.make_up.per, local.date), 1, LONG_DAYS_KEPT),
        (days_name(rule), day, 1, LONG_DAYS_KEPT),
    )
    return known.rule, Turn(
        turn.rule, turn.reason, turn.done, turn.target, day, turn.added + marks, turn.runs
    )


def left(rule: str, make_up: MakeUp, state: State, local: Local) -> int:
    """How many days may still be made up for in the period that `local` is in."""
    used = state.counters.get(_used(rule), {}).get(period_key(make_up.per, local.date), 0)
    return max(make_up.days - used, 0)


def days_name(rule: str) -> str:
    """The counter of the days that were made up for."""
    return f"{rule}|made_up"


def _used(rule: str) -> str:
    return f"{rule}|make_ups"
