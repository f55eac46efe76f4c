"""What holds rules back: stacking groups, caps by stretches of the calendar, budgets."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.builders import (
    NOON,
    SHANGHAI,
    Life,
    at,
    bought,
    cap,
    categories,
    fixed_rule,
    given_by,
    lines,
    multiplier,
    program,
    rate_rule,
    reasons,
)

from regulars.domain.periods import Unit, period_key
from regulars.domain.programs.model import (
    Pick,
    Program,
    Rule,
)

# Stacking groups.


def grouped(pick: Pick, *made: Rule) -> Program:
    return program(*(replace(rule, group="promo") for rule in made), stacking={"promo": pick})


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 3)), min_size=1, max_size=5))
def test_the_best_of_a_group_is_never_less_than_the_first_in_priority(
    offers: list[tuple[int, int]],
) -> None:
    made = [fixed_rule(f"r{n}", give, priority=rank) for n, (give, rank) in enumerate(offers)]
    totals = {}
    for pick in Pick:
        life = Life(grouped(pick, *made))
        life.do(bought("p", NOON, 100))
        totals[pick] = life.told["p"].earned["points"]
        applied = [rule for rule, amount in given_by(life).items() if amount]
        assert len(applied) == (len(made) if pick is Pick.ALL else 1)
    assert totals[Pick.ALL] >= totals[Pick.BEST] >= totals[Pick.PRIORITY]
    assert totals[Pick.BEST] == max(give for give, _ in offers)
    highest = max(rank for _, rank in offers)
    assert totals[Pick.PRIORITY] == next(give for give, rank in offers if rank == highest)


def test_of_equals_the_higher_priority_and_then_the_earlier_rule_wins() -> None:
    made = (fixed_rule("a", 5), fixed_rule("b", 5, priority=1), fixed_rule("c", 5, priority=1))
    life = Life(grouped(Pick.BEST, *made))
    life.do(bought("p", NOON, 100))
    assert reasons(life) == {"a": "stacking", "b": "", "c": "stacking"}


def test_multipliers_choose_among_themselves() -> None:
    made = (
        rate_rule(),
        multiplier("double", "2", group="promo"),
        multiplier("triple", "3", group="promo", lines=categories("A")),
    )
    life = Life(program(*made, stacking={"promo": Pick.BEST}))
    life.do(bought("p", NOON, lines((10, 1, "A"), (90, 1, "B"))))
    life.do(bought("q", NOON, lines((90, 1, "A"), (10, 1, "B"))))
    assert given_by(life) == {"base": 100, "double": 100, "triple": 0}
    assert given_by(life, "q") == {"base": 100, "double": 0, "triple": 180}


def test_a_rule_that_does_not_apply_leaves_its_group_to_the_others() -> None:
    made = (
        fixed_rule("big", 50, lines=categories("Z"), priority=9),
        fixed_rule("small", 5),
    )
    life = Life(grouped(Pick.PRIORITY, *made))
    life.do(bought("p", NOON, lines((5, 1, "A"))))
    assert reasons(life) == {"big": "lines", "small": ""}


# Caps and budgets.

acts = st.lists(st.tuples(st.integers(0, 24 * 3), st.integers(0, 40)), min_size=1, max_size=25)


@settings(deadline=None)
@given(acts, st.sampled_from(["event", "day", "week", "month", "year", "period"]), st.data())
def test_no_stretch_of_the_calendar_gives_more_than_its_cap(
    taken: list[tuple[int, int]], per: str, data: st.DataObject
) -> None:
    most = data.draw(st.integers(0, 60) | st.none(), "points")
    times = data.draw(st.integers(1, 4) | (st.none() if most is not None else st.nothing()))
    if per == "event":
        times = None
        most = most or 7
    life = Life(program(rate_rule("base", "1", caps=(cap(per, most, times),))))
    now, order = at("2023-12-28T10:00"), data.draw(st.permutations(range(len(taken))))
    acts_ = []
    for gap, amount in taken:
        now += timedelta(hours=gap)
        acts_.append((now, amount))
    used: dict[object, int] = {}
    hits: dict[object, int] = {}
    for number in order:
        when, amount = acts_[number]
        life.do(bought(f"p{number}", when, amount))
        key = stretch(per, when, number)
        left = [amount]
        if most is not None:
            left.append(most - used.get(key, 0))
        if times is not None and hits.get(key, 0) >= times:
            left.append(0)
        expected = min(left)
        assert life.told[f"p{number}"].earned.get("points", 0) == expected
        used[key] = used.get(key, 0) + expected
        hits[key] = hits.get(key, 0) + bool(expected)
        assert reasons(life, f"p{number}")["base"] == (
            "nothing" if not amount else "cap" if expected < amount else ""
        )


def stretch(per: str, when: datetime, number: int) -> object:
    day = when.astimezone(SHANGHAI).date()
    if per in {"event", "period"}:
        return number if per == "event" else "all"
    return period_key(Unit(per), day)


def test_a_cap_on_points_and_times_counts_each_by_itself() -> None:
    life = Life(program(rate_rule("base", "1", caps=(cap("day", 100, 2),))))
    for name, amount in (("a", 80), ("b", 80), ("c", 80)):
        life.do(bought(name, NOON, amount))
    assert [given_by(life, name)["base"] for name in "abc"] == [80, 20, 0]


def test_too_little_for_a_point_earns_nothing_whatever_the_cap_still_allows() -> None:
    life = Life(program(rate_rule("base", "0.3", caps=(cap("day", times=1),))))
    for name, amount in (("a", 1), ("b", 10), ("c", 1), ("d", 10)):
        life.do(bought(name, NOON, amount))
    assert [life.told[name].rules for name in "abcd"] == [
        [("base", 0, "nothing")],
        [("base", 3, "")],
        [("base", 0, "nothing")],
        [("base", 0, "cap")],
    ]


def test_all_caps_of_a_rule_hold_at_once() -> None:
    made = rate_rule("base", "1", caps=(cap("event", 50), cap("day", 70), cap("month", 90)))
    life = Life(program(made))
    for name, day in (("a", 4), ("b", 4), ("c", 5), ("d", 6)):
        life.do(bought(name, at(f"2024-03-0{day}T04:00"), 60))
    assert [given_by(life, name)["base"] for name in "abcd"] == [50, 20, 20, 0]


def test_counters_of_stretches_long_past_are_dropped() -> None:
    caps = (cap("day", 10), cap("month", 200), cap("period", 10_000))
    life = Life(program(rate_rule("base", "1", caps=caps)))
    for number in range(70):
        life.do(bought(f"p{number}", at("2020-01-01") + timedelta(days=30 * number), 20))
    counters = life.member.state.counters
    assert len(counters["base|dayp"]) == 1 + 100 // 30
    assert len(counters["base|monthp"]) == 1 + 800 // 30
    assert counters["base|periodp"] == {0: 700}


@given(st.lists(st.integers(0, 60), max_size=10), st.integers(0, 150))
def test_a_budget_is_never_exceeded(amounts: list[int], budget: int) -> None:
    life = Life(program(rate_rule("base", "1", budget=budget)))
    left = budget
    for number, amount in enumerate(amounts):
        life.do(bought(f"p{number}", NOON, amount))
        give = min(amount, left)
        left -= give
        assert given_by(life, f"p{number}") == {"base": give}
        wanted = "nothing" if not amount else "budget" if give < amount else ""
        assert reasons(life, f"p{number}") == {"base": wanted}


def test_where_a_cap_and_then_the_budget_cut_the_budget_is_what_bound() -> None:
    life = Life(program(rate_rule("base", "1", caps=(cap("event", 50),), budget=60)))
    life.do(bought("p", NOON, 100))
    life.do(bought("q", NOON, 100))
    assert life.told["p"].rules == [("base", 50, "cap")]
    assert life.told["q"].rules == [("base", 10, "budget")]
