"""Streaks: days running on which something was done, whatever order they are heard of in.

A run is (first day, length in days, rewards given in it); days count from 1970-01-01. A day that
comes late may join two runs. The rewards due for a run of `length` are length // days, so that no
order of the same days gives more or fewer: whoever joins two runs is owed at most one more.
"""

from collections.abc import Iterable, Sequence

from regulars.domain.plans import DAYS_KEPT
from regulars.domain.programs.play_terms import Streak

Run = tuple[int, int, int]


def holds_day(runs: Iterable[Run], day: int) -> bool:
    """Whether the day is in one of the runs."""
    return any(first <= day < first + length for first, length, _ in runs)


def with_day(runs: Sequence[Run], day: int) -> list[Run]:
    """The runs with one more day, oldest first. The day is in none of them yet."""
    first, length, given = day, 1, 0
    others: list[Run] = []
    for run in runs:
        if run[0] + run[1] == day:
            first, length, given = run[0], run[1] + length, given + run[2]
        elif run[0] == day + 1:
            length, given = length + run[1], given + run[2]
        else:
            others.append(run)
    return sorted([*others, (first, length, given)])


def run_of(runs: Iterable[Run], day: int) -> Run:
    """The run that the day is in. There is one."""
    return next(run for run in runs if run[0] <= day < run[0] + run[1])


def is_due(streak: Streak, run: Run, *, given_ever: int) -> bool:
    """Whether a reward is due for the run. `given_ever`: in all runs that there were."""
    _, length, given = run
    if streak.repeats:
        return length // streak.days > given
    return length >= streak.days and not given_ever


def with_reward(runs: Sequence[Run], day: int) -> list[Run]:
    """The runs with one more reward in the one that the day is in."""
    return [
        (first, length, given + int(first <= day < first + length)) for first, length, given in runs
    ]


def recent(runs: Sequence[Run]) -> list[Run]:
    """Without those that ended long before the newest, so that no state grows for ever."""
    if not runs:
        return []
    newest = max(first + length for first, length, _ in runs)
    return [run for run in runs if run[0] + run[1] >= newest - DAYS_KEPT]


def current(runs: Iterable[Run], today: int) -> int:
    """How many days running up to today, or up to yesterday while today is not over."""
    for first, length, _ in runs:
        if first <= today and first + length >= today:
            return min(length, today - first + 1)
    return 0


def progress(streak: Streak, length: int, given_ever: int) -> int:
    """How many of the streak's days are done: towards the next reward, or of the only one."""
    if not streak.repeats:
        return streak.days if given_ever else min(length, streak.days)
    return length and (length - 1) % streak.days + 1


def united(one: Sequence[Run], other: Sequence[Run]) -> list[Run]:
    """The runs of two members who turn out to be one: a day of both counts once."""
    found: list[Run] = []
    for first, length, given in sorted([*one, *other]):
        if found and first <= found[-1][0] + found[-1][1]:
            begin, known, before = found[-1]
            end = max(begin + known, first + length)
            found[-1] = (begin, end - begin, before + given)
        else:
            found.append((first, length, given))
    return found
