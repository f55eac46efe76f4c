"""Turns: what an event counts towards a rule's challenge or streak, and whether it is the one that
completes it. Counted in the member's state, so that replay gives the same."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from regulars.domain.explanations import Given
from regulars.domain.members import State
from regulars.domain.periods import EPOCH_DAY, Local, next_start, period_key
from regulars.domain.plans import DAYS_KEPT, LONG_DAYS_KEPT, Plan
from regulars.domain.play.streaks import (
    Run,
    holds_day,
    is_due,
    recent,
    run_of,
    with_day,
    with_reward,
)
from regulars.domain.play.streaks import progress as streak_progress
from regulars.domain.programs.model import Rule
from regulars.domain.programs.play_terms import Challenge, Streak

Counters = Mapping[str, Mapping[int, int]]

EVER = 0
"""The bucket of what is counted for ever."""

WAITS, DONE = "challenge", "challenge_done"
RUNS, RUNS_DONE = "streak", "streak_done"
COUNTS_TOWARDS = frozenset({WAITS, DONE})
"""The reasons of challenges that an event counted for, though it completed none."""


class Turn(Struct, frozen=True, gc=False):
    """What one event is for one rule. `reason`: why the rule gives nothing; "" where it completes
    what it is part of. `done` of `target` are done with it. `day`: the day of the event, since
    1970. `added`: counters to add to: name, bucket, amount and how long a bucket is kept.
    `runs`: the days running, with this one."""

    rule: str
    reason: str
    done: int
    target: int
    day: int
    added: tuple[tuple[str, int, int, int], ...] = ()
    runs: tuple[Run, ...] | None = None
    won: str = ""
    bucket: int = EVER


def turn_of(rule: Rule, state: State, local: Local) -> Turn:
    """The event's turn for a rule that has a challenge or a streak, and applies."""
    if rule.challenge is not None:
        return _challenged(rule.id, rule.challenge, state.counters, local)
    assert rule.streak is not None
    return streaked(rule.id, rule.streak, state, local.day)


def counted(code: str, challenge: Challenge, counters: Counters, local: Local) -> tuple[int, int]:
    """(events or days counted in the period that `local` is in, rewards given there)."""
    bucket, name = _bucket(challenge, local), _name(code, challenge)
    given = counters.get(name + "g", {}).get(bucket, 0)
    if not challenge.by_days:
        return counters.get(name + "n", {}).get(bucket, 0), given
    assert challenge.per is not None
    end = next_start(challenge.per, local.date).toordinal() - EPOCH_DAY
    days = counters.get(name + "d", {})
    return sum(1 for day, events in days.items() if bucket <= day < end and events > 0), given


def due(challenge: Challenge, count: int) -> int:
    """How many rewards so many events are worth."""
    laps = count // challenge.times
    return laps if challenge.repeats else min(laps, 1)


def lap(challenge: Challenge, count: int) -> int:
    """How many of `times` are done, in the lap that is under way or was just completed."""
    if challenge.repeats:
        return count and (count - 1) % challenge.times + 1
    return min(count, challenge.times)


def _challenged(code: str, challenge: Challenge, counters: Counters, local: Local) -> Turn:
    count, given = counted(code, challenge, counters, local)
    bucket, name, kept = _bucket(challenge, local), _name(code, challenge), _kept(challenge)
    fresh = 1
    if challenge.by_days:
        fresh = int(counters.get(name + "d", {}).get(local.day, 0) <= 0)
        added: tuple[tuple[str, int, int, int], ...] = ((name + "d", local.day, 1, kept),)
    else:
        added = ((name + "n", bucket, 1, kept),)
    count += fresh
    is_reached = due(challenge, count) > given
    reason = "" if is_reached else WAITS
    if not is_reached and given and not challenge.repeats:
        reason = DONE
    if is_reached:
        added += ((name + "g", bucket, 1, kept),)
    return Turn(
        rule=code,
        reason=reason,
        done=lap(challenge, count),
        target=challenge.times,
        day=local.day,
        added=added,
        won=name + "w" if is_reached else "",
        bucket=bucket,
    )


def streaked(code: str, streak: Streak, state: State, day: int) -> Turn:
    """The turn of an event, or of a day that is made up for, on `day`."""
    runs = state.streaks.get(code, [])
    ever = state.counters.get(code + "|streak", {}).get(EVER, 0)
    if holds_day(runs, day):
        length = run_of(runs, day)[1]
        return Turn(code, RUNS, streak_progress(streak, length, ever), streak.days, day)
    after = with_day(runs, day)
    run = run_of(after, day)
    is_reached = is_due(streak, run, given_ever=ever)
    added: tuple[tuple[str, int, int, int], ...] = ()
    if is_reached:
        after, ever = with_reward(after, day), ever + 1
        added = ((code + "|streak", EVER, 1, LONG_DAYS_KEPT),)
    reason = "" if is_reached else RUNS_DONE if ever and not streak.repeats else RUNS
    done = streak_progress(streak, run[1], ever)
    return Turn(code, reason, done, streak.days, day, added, tuple(recent(after)))


def play(state: State, turns: Sequence[Turn], given: Sequence[Given]) -> dict[str, tuple[int, int]]:
    """Count the turns in `state`, a fresh one, and tell how far each rule's play is: (done, of)."""
    points = {rule: amount for rule, amount, _ in given}
    told: dict[str, tuple[int, int]] = {}
    for turn in turns:
        told[turn.rule] = (turn.done, turn.target)
        for name, bucket, amount, kept in turn.added:
            state.counters = _with(state.counters, name, bucket, amount, kept)
        if turn.won and points.get(turn.rule):
            kept = turn.added[0][3]
            state.counters = _with(state.counters, turn.won, turn.bucket, points[turn.rule], kept)
        if turn.runs is not None:
            state.streaks = {**state.streaks, turn.rule: list(turn.runs)}
    return told


def uncount(
    plan: Plan, given: Sequence[Given], applied: frozenset[str], state: State, local: Local
) -> dict[str, int]:
    """A purchase came back as a whole: take it out of the challenges that it counted for, in
    `state`, a fresh one. `plan`, `given` and `local`: as the purchase was decided; `applied`: the
    reasons of rules that applied. Returns the points, by currency, of rewards that are undone."""
    lost: dict[str, int] = {}
    for code, _, reason in given:
        rule = plan.by_id[code].rule
        if rule.challenge is None or reason not in applied | COUNTS_TOWARDS:
            continue
        points = _undone(rule.id, rule.challenge, state, local)
        if points:
            lost[rule.earn.currency] = lost.get(rule.earn.currency, 0) + points
    return lost


def _undone(code: str, challenge: Challenge, state: State, local: Local) -> int:
    name, bucket, kept = _name(code, challenge), _bucket(challenge, local), _kept(challenge)
    before, given = counted(code, challenge, state.counters, local)
    part, at = ("d", local.day) if challenge.by_days else ("n", bucket)
    if state.counters.get(name + part, {}).get(at, 0) <= 0:
        return 0  # Long ago: nothing is counted there any more.
    state.counters = _with(state.counters, name + part, at, -1, kept)
    after, _ = counted(code, challenge, state.counters, local)
    lost = min(given, due(challenge, before)) - due(challenge, after)
    if lost <= 0:
        return 0
    won = state.counters.get(name + "w", {}).get(bucket, 0)
    points = won * lost // given
    state.counters = _with(state.counters, name + "g", bucket, -lost, kept)
    state.counters = _with(state.counters, name + "w", bucket, -points, kept)
    return points


def _with(
    counters: Mapping[str, dict[int, int]], name: str, bucket: int, amount: int, kept: int
) -> dict[str, dict[int, int]]:
    buckets = counters.get(name, {}).copy()
    buckets[bucket] = buckets.get(bucket, 0) + amount
    if not buckets[bucket]:
        del buckets[bucket]
    horizon = bucket - kept
    recent_ones = {at: count for at, count in buckets.items() if at >= horizon}
    changed = {**counters, name: recent_ones}
    if not recent_ones:
        del changed[name]
    return changed


def _name(code: str, challenge: Challenge) -> str:
    return f"{code}|{'ever' if challenge.per is None else challenge.per.value}"


def _bucket(challenge: Challenge, local: Local) -> int:
    return EVER if challenge.per is None else period_key(challenge.per, local.date)


def _kept(challenge: Challenge) -> int:
    is_short = challenge.per is not None and challenge.per.value in {"day", "week"}
    return DAYS_KEPT if is_short else LONG_DAYS_KEPT
