"""Challenges and streaks as the engine decides them: late events, returns, make-ups, two in one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    Life,
    at,
    bought,
    brought_back,
    event,
    fixed_rule,
    program,
    rate_rule,
    visit,
)

from regulars.domain.errors import InsufficientPoints, InvalidInput, NotAllowed
from regulars.domain.events import CheckIn
from regulars.domain.operations import Adjustment, StreakMakeUp
from regulars.domain.periods import Local, Unit
from regulars.domain.play.refusals import DayTaken, NoMakeUpLeft
from regulars.domain.programs.model import Rule
from regulars.domain.programs.play_terms import Challenge, MakeUp, Streak

VISIT = frozenset({"visit"})
CHECK_IN = frozenset({"check_in"})
DAY = timedelta(days=1)


def three_visits(**more: object) -> Rule:
    challenge = Challenge(**({"times": 3, "per": Unit.WEEK} | more))  # type: ignore[arg-type]
    return fixed_rule("three", 30, on=VISIT, challenge=challenge)


def seven_days(make_up: MakeUp | None = None, **more: bool) -> Rule:
    return fixed_rule("week", 70, on=CHECK_IN, streak=Streak(7, make_up=make_up, **more))


def check_in(name: str, when: datetime) -> object:
    return event(name, "check_in", when, CheckIn())


def visits(life: Life, *instants: datetime) -> list[int]:
    """What each visit earned."""
    return [
        life.do(visit(f"v{place}@{when}", when)).earned.get("points", 0)
        for place, when in enumerate(instants)
    ]


def test_the_third_visit_of_the_week_earns_and_the_others_tell_how_far_it_is() -> None:
    life = Life(program(three_visits()))
    told = [life.do(visit(f"v{hour}", NOON + timedelta(hours=hour))) for hour in range(5)]
    assert [one.earned.get("points", 0) for one in told] == [0, 0, 30, 0, 0]
    assert [one.progress["three"] for one in told] == [(1, 3), (2, 3), (3, 3), (3, 3), (3, 3)]
    assert [one.rules[0][2] for one in told] == [
        "challenge", "challenge", "", "challenge_done", "challenge_done",
    ]  # fmt: skip


def test_a_new_week_begins_a_challenge_anew() -> None:
    life = Life(program(three_visits()))
    week = timedelta(days=7)
    assert visits(life, NOON, NOON, NOON, NOON + week, NOON + week, NOON + week) == [
        0, 0, 30, 0, 0, 30,
    ]  # fmt: skip


def test_a_visit_that_is_heard_of_late_counts_in_its_own_week() -> None:
    life = Life(program(three_visits()))
    week = timedelta(days=7)
    assert visits(life, NOON, NOON, NOON + week, NOON + 2 * week, NOON + DAY) == [0, 0, 0, 0, 30]


def test_a_card_of_three_stamps_gives_at_each_third() -> None:
    life = Life(program(three_visits(per=None, repeats=True)))
    assert visits(life, *(NOON + day * DAY * 40 for day in range(7))) == [0, 0, 30, 0, 0, 30, 0]


def test_days_are_counted_once_however_often_one_comes() -> None:
    life = Life(program(three_visits(by_days=True)))
    hour = timedelta(hours=1)
    days = [NOON, NOON + hour, NOON + DAY, NOON + DAY + hour, NOON + 2 * DAY, NOON + 3 * DAY]
    assert visits(life, *days) == [0, 0, 0, 0, 30, 0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 20), max_size=12),
    st.integers(2, 4),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_a_challenge_gives_the_same_in_whatever_order_events_come(
    days: list[int], times: int, by_days: bool, repeats: bool, chance: object
) -> None:
    rule = three_visits(times=times, by_days=by_days, repeats=repeats)
    order = sorted(days)
    chance.shuffle(order)  # type: ignore[attr-defined]
    earned = []
    for one in (sorted(days), order):
        life = Life(program(rule))
        earned.append(sum(visits(life, *(NOON + day * DAY for day in one))))
    assert earned[0] == earned[1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=8),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_when_all_purchases_come_back_nothing_of_a_challenge_is_left(
    days: list[int], by_days: bool, repeats: bool, data: st.DataObject
) -> None:
    challenge = Challenge(times=2, per=Unit.WEEK, by_days=by_days, repeats=repeats)
    life = Life(program(rate_rule(), fixed_rule("two", 50, challenge=challenge)))
    for place, day in enumerate(days):
        life.do(bought(f"p{place}", NOON + day * DAY, 100))
    back = NOON + 30 * DAY
    for place in data.draw(st.permutations(range(len(days)))):
        life.do(brought_back(f"r{place}", back, f"p{place}"))
    assert life.balance(back).available == 0
    assert not life.member.state.owed
    assert not life.member.state.counters


def test_a_challenge_that_a_return_undid_can_be_won_again() -> None:
    challenge = Challenge(times=2, per=Unit.WEEK)
    life = Life(program(fixed_rule("two", 50, challenge=challenge)))
    earned = [life.do(bought(f"p{n}", NOON, 100)).earned.get("points", 0) for n in range(2)]
    taken = life.do(brought_back("r", NOON + DAY, "p0")).taken
    again = life.do(bought("p3", NOON + 2 * DAY, 100)).earned
    assert (earned, taken, again) == ([0, 50], {"points": 50}, {"points": 50})


def test_a_part_that_comes_back_leaves_the_challenge_alone() -> None:
    challenge = Challenge(times=2, per=Unit.WEEK)
    life = Life(program(rate_rule(), fixed_rule("two", 50, challenge=challenge)))
    for name in ("p0", "p1"):
        life.do(bought(name, NOON, 100))
    assert life.do(brought_back("r", NOON + DAY, "p1", amount=40)).taken == {"points": 40}


def test_a_purchase_that_is_returned_in_two_parts_is_taken_out_once() -> None:
    challenge = Challenge(times=2, per=Unit.WEEK)
    life = Life(program(rate_rule(), fixed_rule("two", 50, challenge=challenge)))
    for name in ("p0", "p1"):
        life.do(bought(name, NOON, 100))
    taken = [
        life.do(brought_back(f"r{part}", NOON + DAY, "p0", amount=part)).taken for part in (40, 60)
    ]
    assert taken == [{"points": 40}, {"points": 110}]


def test_seven_days_running_earn_and_two_check_ins_of_one_day_are_one() -> None:
    life = Life(program(seven_days()))
    earned = [
        life.do(check_in(f"{day}-{time}", NOON + day * DAY + timedelta(hours=time))).earned
        for day in range(14)
        for time in range(2)
    ]
    assert [place // 2 for place, one in enumerate(earned) if one] == [6, 13]


def test_a_day_is_the_programs_day() -> None:
    life = Life(program(fixed_rule("two", 5, on=CHECK_IN, streak=Streak(2))))
    late, early = at("2024-03-04T15:59"), at("2024-03-04T16:01")  # Midnight in Shanghai between.
    assert not life.do(check_in("a", late)).earned
    assert life.do(check_in("b", early)).earned == {"points": 5}


def test_a_missed_day_is_made_up_for_and_completes_the_streak() -> None:
    life = Life(program(seven_days(MakeUp(1, Unit.MONTH, price=20))))
    life.operate(NOON - DAY, Adjustment(currency="points", amount=25, reason="begin"))
    for day in (0, 1, 2, 4, 5, 6):
        assert not life.do(check_in(f"c{day}", NOON + day * DAY)).earned
    missed = Local(NOON + 3 * DAY, life.plan.program.zone).day
    told = life.operate(NOON + 6 * DAY, StreakMakeUp(rule="week", day=missed))
    assert told.earned == {"points": 70}
    assert told.progress == {"week": (7, 7)}
    assert life.balance(NOON + 6 * DAY).available == 75
    with pytest.raises(DayTaken):
        life.operate(NOON + 6 * DAY, StreakMakeUp(rule="week", day=missed))
    with pytest.raises(NoMakeUpLeft):
        life.operate(NOON + 6 * DAY, StreakMakeUp(rule="week", day=missed - 5))
    assert life.balance(NOON + 6 * DAY).available == 75


def test_what_cannot_be_made_up_for_is_refused_and_changes_nothing() -> None:
    life = Life(program(seven_days(MakeUp(9, Unit.MONTH, price=20)), three_visits()))
    today = Local(NOON, life.plan.program.zone).day
    before = life.member.state
    for data, refusal in (
        (StreakMakeUp(rule="week", day=today), InvalidInput),
        (StreakMakeUp(rule="week", day=today + 1), InvalidInput),
        (StreakMakeUp(rule="week", day=today - 32), InvalidInput),
        (StreakMakeUp(rule="week", day=0), InvalidInput),
        (StreakMakeUp(rule="three", day=today - 1), NotAllowed),
        (StreakMakeUp(rule="none", day=today - 1), NotAllowed),
        (StreakMakeUp(rule="week", day=today - 1), InsufficientPoints),
    ):
        with pytest.raises(refusal):
            life.operate(NOON, data)
    assert life.member.state == before
