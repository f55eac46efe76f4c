"""How far a member is: challenges and streaks of the program in force, as at an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from regulars.domain.members import Member
from regulars.domain.periods import EPOCH_DAY, Local, midnight, next_start
from regulars.domain.plans import Plan
from regulars.domain.play.making_up import days_name, left
from regulars.domain.play.streaks import current, progress
from regulars.domain.play.turns import EVER, counted, due, lap
from regulars.domain.programs.model import Program, Rule

DAYS_TOLD = 62
"""So far back the days of a streak are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One rule's play. `done` of `target`; `is_done`: nothing more is to be won until `ends_at`, or
    ever. `running`: days of a streak up to now. `make_ups`: missed days that may still be made up
    for; None where none ever may, at `price` points each."""

    rule: Rule
    is_streak: bool
    done: int
    target: int
    is_done: bool
    ends_at: datetime | None = None
    running: int = 0
    make_ups: int | None = None
    price: int = 0
    days: tuple[int, ...] = ()
    made_up: tuple[int, ...] = ()


def progress_of(plan: Plan, member: Member, *, tier: str, at: datetime) -> list[Progress]:
    """Every challenge and streak that runs at `at` and is for members of `tier`."""
    local = Local(at, plan.program.zone)
    return [_of(rule, member, local, plan.program) for rule in _open(plan.program.rules, tier, at)]


def _open(rules: Iterable[Rule], tier: str, at: datetime) -> list[Rule]:
    """Those that are not over, nor for another tier. What lies ahead by the hour is shown too."""
    found = []
    for rule in rules:
        season = rule.schedule
        is_on = season is None or (
            (season.starts_at is None or season.starts_at <= at)
            and (season.ends_at is None or at < season.ends_at)
        )
        if (rule.challenge or rule.streak) and is_on and (not rule.tiers or tier in rule.tiers):
            found.append(rule)
    return found


def _of(rule: Rule, member: Member, local: Local, program: Program) -> Progress:
    state = member.state
    if rule.challenge is not None:
        challenge = rule.challenge
        count, given = counted(rule.id, challenge, state.counters, local)
        is_done = bool(given) and not challenge.repeats
        done = challenge.times if is_done else lap(challenge, count)
        if challenge.repeats and due(challenge, count) and not count % challenge.times:
            done = 0  # The next lap lies ahead.
        ends_at = None
        if challenge.per is not None:
            ends_at = midnight(next_start(challenge.per, local.date), program.zone)
        return Progress(
            rule=rule,
            is_streak=False,
            done=done,
            target=challenge.times,
            is_done=is_done,
            ends_at=ends_at,
        )
    assert rule.streak is not None
    streak, runs = rule.streak, state.streaks.get(rule.id, [])
    ever = state.counters.get(rule.id + "|streak", {}).get(EVER, 0)
    running = current(runs, local.day)
    make_up = streak.make_up
    return Progress(
        rule=rule,
        is_streak=True,
        done=progress(streak, running, ever),
        target=streak.days,
        is_done=bool(ever) and not streak.repeats,
        running=running,
        make_ups=None if make_up is None else left(rule.id, make_up, state, local),
        price=0 if make_up is None else make_up.price,
        days=tuple(
            day
            for first, length, _ in runs
            for day in range(max(first, local.day - DAYS_TOLD), first + length)
        ),
        made_up=tuple(sorted(state.counters.get(days_name(rule.id), {}))),
    )


def day_of(number: int) -> date:
    """The day that is so many after 1970-01-01."""
    return date.fromordinal(number + EPOCH_DAY)
