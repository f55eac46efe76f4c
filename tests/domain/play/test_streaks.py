"""Streaks: whatever order the days are heard of in, they give the same."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.members import State
from regulars.domain.play.streaks import current, progress, united, with_day
from regulars.domain.play.turns import Turn, play, streaked
from regulars.domain.programs.play_terms import Streak

DAYS = st.sets(st.integers(min_value=20_000, max_value=20_060), max_size=40)


def _lengths(days: set[int]) -> list[int]:
    """How long the runs of these days are."""
    ordered = sorted(days)
    grouped = groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])
    return [len(list(run)) for _, run in grouped]


def _heard(streak: Streak, days: list[int]) -> tuple[State, list[Turn]]:
    state, turns = State(), []
    for day in days:
        turn = streaked("streak", streak, state, day)
        play(state, [turn], [])
        turns.append(turn)
    return state, turns


@given(DAYS, st.integers(min_value=2, max_value=9), st.randoms(use_true_random=False))
def test_as_many_rewards_are_given_as_the_days_are_worth_in_whatever_order_they_come(
    days: set[int], wanted: int, chance: object
) -> None:
    order = sorted(days)
    chance.shuffle(order)  # type: ignore[attr-defined]
    _, turns = _heard(Streak(wanted), order)
    given_ = sum(1 for turn in turns if not turn.reason)
    assert given_ == sum(length // wanted for length in _lengths(days))


@given(DAYS, st.integers(min_value=2, max_value=9), st.randoms(use_true_random=False))
def test_a_streak_that_does_not_repeat_is_rewarded_once_for_ever(
    days: set[int], wanted: int, chance: object
) -> None:
    order = sorted(days)
    chance.shuffle(order)  # type: ignore[attr-defined]
    _, turns = _heard(Streak(wanted, repeats=False), order)
    given_ = sum(1 for turn in turns if not turn.reason)
    assert given_ == int(any(length >= wanted for length in _lengths(days)))


@given(DAYS)
def test_a_day_counts_once_however_often_it_is_heard_of(days: set[int]) -> None:
    once, _ = _heard(Streak(3), sorted(days))
    twice, _ = _heard(Streak(3), sorted([*days, *days]))
    assert once == twice


@given(DAYS, DAYS)
def test_two_members_who_are_one_have_the_days_of_both(one: set[int], other: set[int]) -> None:
    runs = [_heard(Streak(3), sorted(days))[0].streaks.get("streak", []) for days in (one, other)]
    joined = united(runs[0], runs[1])
    covered = {day for first, length, _ in joined for day in range(first, first + length)}
    assert covered == one | other
    assert [length for _, length, _ in joined] == _lengths(one | other)
    assert sum(run[2] for run in joined) == sum(run[2] for known in runs for run in known)


def test_a_streak_lasts_until_a_whole_day_is_missed() -> None:
    runs = with_day(with_day([], 20_000), 20_001)
    assert [current(runs, today) for today in (19_999, 20_000, 20_001, 20_002, 20_003)] == [
        0, 1, 2, 2, 0,
    ]  # fmt: skip


def test_a_streak_of_years_takes_no_more_room_than_one_of_a_day() -> None:
    state, turns = _heard(Streak(7), list(range(20_000, 21_000)))
    assert state.streaks == {"streak": [(20_000, 1_000, 142)]}
    assert sum(1 for turn in turns if not turn.reason) == 1_000 // 7


def test_runs_of_long_ago_are_forgotten() -> None:
    state, _ = _heard(Streak(7), list(range(20_000, 21_000, 2)))
    assert len(state.streaks["streak"]) <= 52


def test_progress_is_told_towards_the_next_reward() -> None:
    assert [progress(Streak(3), length, 0) for length in range(8)] == [0, 1, 2, 3, 1, 2, 3, 1]
    assert [progress(Streak(3, repeats=False), 2, ever) for ever in (0, 1)] == [2, 3]
