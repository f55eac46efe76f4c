"""Tiers under late events, reviews, returns and other versions of the program."""

from datetime import timedelta

from tests.domain.builders import (
    Life,
    at,
    bought,
    brought_back,
    ladder,
    lines,
    metric,
    program,
    rung,
    span,
)
from tests.domain.climbing import (
    SILVER,
    climbing,
    graceful,
    held_until,
    moves,
    reviewing,
    spend,
    switch,
)

from regulars.domain.members import State, TierState
from regulars.domain.operations import Review
from regulars.domain.periods import Unit
from regulars.domain.tiers import attuned, begin, due_at, progress, reviewed, tier_at

# Late events.


def test_a_late_event_restores_a_tier_that_was_lost_without_it() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    life.operate(at("2024-06-10"), Review())
    assert life.tier == "member"
    spend(life, ("2024-05-31", 80))
    assert life.tier == "silver"
    assert held_until(life) == at("2025-06-01")
    assert moves(life)[-1] == ("member", "silver", "late_event")


def test_a_late_event_that_does_not_pass_the_review_restores_nothing() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    life.operate(at("2024-06-10"), Review())
    spend(life, ("2024-05-31", 79))
    assert life.tier == "member"
    spend(life, ("2024-06-10", 1))
    assert life.tier == "member"


def test_a_late_event_that_was_out_of_the_window_by_the_review_restores_nothing() -> None:
    rolling = metric("spend", "rolling", span="P1M")
    life = Life(climbing(SILVER, valid=span("P12M"), metrics=(rolling,)))
    spend(life, ("2023-06-01", 100))
    life.operate(at("2024-06-10"), Review())
    spend(life, ("2023-12-10", 80))
    assert life.tier == "member"


def test_a_late_event_does_not_give_a_lost_tier_a_new_term() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    life.operate(at("2024-06-10"), Review())
    spend(life, ("2023-12-10", 1))
    assert life.tier == "member"


def test_an_event_at_the_first_instant_of_the_grace_period_restores_by_the_new_year() -> None:
    yearly = {"valid": span("P12M"), "valid_until": Unit.YEAR, "grace": span("P1M")}
    life = spend(Life(climbing(SILVER, **yearly)), ("2023-03-01", 100))
    life.operate(at("2025-02-10"), Review())
    assert life.tier == "member"
    spend(life, ("2024-12-31T16:00", 80))
    assert life.tier == "silver"
    assert held_until(life) == at("2026-12-31T16:00")


def test_a_late_event_of_the_grace_period_restores_too() -> None:
    life = graceful()
    life.operate(at("2024-08-01"), Review())
    assert life.tier == "member"
    spend(life, ("2024-06-20", 80))
    assert life.tier == "silver"
    assert held_until(life) == at("2025-06-20")


def test_a_restored_tier_is_reviewed_again_where_its_new_term_is_over_too() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2022-06-01", 100))
    life.operate(at("2024-08-01"), Review())
    spend(life, ("2023-05-31", 80))
    assert [move[1:] for move in moves(life)[-2:]] == [
        ("silver", "late_event"),
        ("member", "not_kept"),
    ]


def test_a_late_event_lifts_a_member_where_the_term_is_not_over() -> None:
    life = spend(Life(climbing(valid=span("P12M"))), ("2024-05-01", 1), ("2023-08-01", 100))
    assert life.tier == "silver"
    assert held_until(life) == at("2024-08-01")
    old = spend(Life(climbing(valid=span("P12M"))), ("2024-05-01", 1), ("2023-03-01", 100))
    assert old.tier == "member"


def test_an_event_before_the_enrolment_counts_from_its_own_day() -> None:
    life = spend(Life(climbing(), since="2024-01-01"), ("2023-12-01", 100))
    assert life.tier == "silver"
    assert tier_at(life.member.state.tier, at("2023-12-15"), "member") == "silver"


def test_a_tier_that_a_late_event_brought_is_undone_like_any_other() -> None:
    life = spend(Life(climbing()), ("2024-01-01", 100), ("2023-09-20", 300))
    assert life.tier == "gold"
    life.do(brought_back("r", at("2024-01-02"), "p1@2023-09-20", amount=1))
    assert life.tier == "silver"


# Upgrades at reviews.


def test_where_upgrades_wait_for_a_review_they_come_at_the_end_of_the_period() -> None:
    life = spend(Life(reviewing(), since="2024-03-05"), ("2024-03-10", 100))
    assert life.tier == "member"
    life.operate(at("2024-03-31T15:59:59"), Review())
    assert life.tier == "member"
    life.operate(at("2024-03-31T16:00"), Review())
    assert life.tier == "silver"
    assert life.member.state.tier is not None
    assert life.member.state.tier.since == at("2024-03-31T16:00")


def test_an_event_at_the_first_instant_of_a_period_waits_for_the_end_of_that_period() -> None:
    life = spend(Life(reviewing(), since="2024-03-05"), ("2024-03-31T16:00", 100))
    assert life.tier == "member"
    life.operate(at("2024-04-30T16:00"), Review())
    assert life.tier == "silver"


def test_a_review_at_new_year_looks_at_the_old_year() -> None:
    life = spend(Life(reviewing(Unit.YEAR), since="2023-03-05"), ("2023-03-10", 100))
    life.operate(at("2024-01-01"), Review())
    assert life.tier == "silver"


def test_a_small_return_does_not_take_a_tier_that_a_review_gave() -> None:
    life = Life(reviewing(Unit.YEAR), since="2023-03-05")
    spend(life, ("2023-03-10", 150), ("2023-03-11", 10))
    life.operate(at("2024-01-01"), Review())
    life.do(brought_back("r", at("2024-01-02"), "p1@2023-03-11"))
    assert life.tier == "silver"
    life.do(brought_back("s", at("2024-01-03"), "p0@2023-03-10"))
    assert life.tier == "member"


def test_a_late_event_is_seen_by_the_review_that_it_came_after() -> None:
    life = spend(Life(reviewing(), since="2023-11-05"), ("2024-01-02", 1))
    spend(life, ("2023-12-31T08:00", 100))
    assert life.tier == "silver"
    assert life.member.state.tier is not None
    assert life.member.state.tier.since == at("2023-12-31T16:00")


def test_a_late_event_of_the_running_period_waits_for_its_review() -> None:
    life = spend(Life(reviewing(), since="2023-11-05"), ("2024-01-20", 1), ("2024-01-10", 100))
    assert life.tier == "member"
    life.operate(at("2024-02-01"), Review())
    assert life.tier == "silver"


# Returns.


def test_a_return_undoes_the_tier_that_its_purchase_brought() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 60), ("2024-01-11", 60))
    life.do(brought_back("r", at("2024-02-01"), "p1@2024-01-11", amount=20))
    assert life.tier == "silver"
    life.do(brought_back("s", at("2024-02-01"), "p1@2024-01-11", amount=1))
    assert life.tier == "member"
    assert moves(life)[-1] == ("silver", "member", "return")


def test_a_return_leaves_the_highest_tier_that_what_is_left_reaches() -> None:
    life = Life(climbing(valid=span("P12M")))
    life.do(bought("p", at("2024-01-10"), lines((400, 4))))
    assert life.tier == "gold"
    life.do(brought_back("r", at("2024-02-01"), "p", places=[(0, 2)]))
    assert life.tier == "silver"
    assert held_until(life) == at("2025-01-10")
    assert moves(life)[-1] == ("gold", "silver", "return")
    life.do(brought_back("s", at("2024-02-01"), "p", places=[(0, 2)]))
    assert life.tier == "member"


def test_a_return_of_the_first_of_two_leaves_what_the_second_reaches() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 120), ("2024-02-10", 200))
    assert life.tier == "gold"
    life.do(brought_back("r", at("2024-03-01"), "p0@2024-01-10"))
    assert life.tier == "silver"


def test_a_return_may_leave_a_tier_to_which_a_later_purchase_carries() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 300), ("2024-02-10", 150))
    life.do(brought_back("r", at("2024-03-01"), "p0@2024-01-10"))
    assert life.tier == "silver"


def test_a_program_may_keep_tiers_whatever_comes_back() -> None:
    rules_of = program(ladder=ladder(SILVER), keep_tier=True)
    life = spend(Life(rules_of), ("2024-01-10", 100))
    life.do(brought_back("r", at("2024-02-01"), "p0@2024-01-10"))
    assert life.tier == "silver"


def test_a_return_does_not_undo_a_tier_that_was_given_back_by_a_late_event() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    life.operate(at("2024-06-10"), Review())
    spend(life, ("2024-05-31", 80), ("2024-05-31", 5))
    life.do(brought_back("r", at("2024-06-11"), "p1@2024-05-31"))
    assert life.tier == "silver"


# Other versions of the program.


def test_a_version_that_upgrades_at_once_forgets_the_reviews_of_the_last() -> None:
    life = spend(Life(reviewing(), since="2024-03-05"), ("2024-03-10", 60))
    switch(life, climbing())
    spend(life, ("2024-05-01", 40))
    assert life.tier == "silver"
    assert due_at(life.member.state.tier) is None


def test_a_version_that_reviews_begins_with_the_period_it_finds() -> None:
    life = spend(Life(climbing(), since="2024-03-05"), ("2024-03-10", 60))
    switch(life, reviewing())
    spend(life, ("2024-05-10", 40))
    assert due_at(life.member.state.tier) == at("2024-05-31T16:00")
    life.operate(at("2024-06-01"), Review())
    assert life.tier == "silver"


def test_a_tier_that_the_program_no_longer_has_ends_with_its_term() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    switch(life, climbing(rung("bronze", {"spend": 500}), valid=span("P12M")))
    life.operate(at("2024-07-01"), Review())
    assert life.tier == "member"
    assert due_at(life.member.state.tier) is None


def test_every_tier_of_the_new_version_is_open_to_who_holds_one_that_is_gone() -> None:
    life = spend(Life(climbing(SILVER)), ("2023-06-01", 100))
    switch(life, climbing(rung("bronze", {"spend": 500})))
    spend(life, ("2023-07-01", 400))
    assert life.tier == "bronze"


def test_a_late_event_does_not_end_a_tier_that_the_program_no_longer_has() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    switch(life, climbing(rung("bronze", {"spend": 500}), valid=span("P12M")))
    spend(life, ("2023-05-15", 1))
    assert life.tier == "silver"
    assert held_until(life) == at("2024-06-01")


def test_a_version_without_tiers_forgets_none() -> None:
    life = spend(Life(climbing(SILVER)), ("2024-01-01", 100))
    switch(life, program())
    spend(life, ("2024-02-01", 100))
    life.operate(at("2024-02-02"), Review())
    life.do(brought_back("r", at("2024-02-03"), "p0@2024-01-01", amount=1))
    assert life.told["r"].tier == ""
    switch(life, climbing(SILVER))
    life.operate(at("2024-02-04"), Review())
    assert life.tier == "silver"


# What is asked of a state.


def test_the_tier_of_an_earlier_instant_is_remembered() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 100), ("2024-02-10", 200))
    held = life.member.state.tier
    tiers = [tier_at(held, at(when), "member") for when in ("2019-01-01", "2024-01-09")]
    assert tiers == ["member", "member"]
    assert tier_at(held, at("2024-01-10"), "member") == "silver"
    assert tier_at(held, at("2024-02-10"), "member") == "gold"
    assert tier_at(None, at("2024-02-10"), "member") == "member"


def test_progress_says_what_is_there_and_what_is_missing() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 120))
    found = progress(life.plan.program, life.member.state, at("2024-06-01"))
    assert found.values == {"spend": 120}
    assert [(one.tier, one.needs) for one in found.to_next] == [("gold", (("spend", 300, 120),))]
    assert [(one.tier, one.needs) for one in found.to_keep] == [("silver", (("spend", 80, 120),))]
    top = spend(life, ("2024-07-01", 500))
    assert progress(top.plan.program, top.member.state, at("2024-07-02")).to_next == ()
    none = progress(top.plan.program, State(), at("2024-07-02"))
    assert none.to_keep == ()
    assert none.to_next[0].tier == "silver"


def test_progress_begins_anew_with_the_year_of_the_program() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 120))
    for when, there in (("2024-12-31T15:59:59", 120), ("2024-12-31T16:00", 0)):
        found = progress(life.plan.program, life.member.state, at(when))
        assert found.values == {"spend": there}


def test_who_enrols_where_tiers_are_reached_at_once_waits_for_no_review() -> None:
    assert begin(climbing(), at("2024-01-01")) == TierState("member", at("2024-01-01"))


def test_a_program_without_tiers_begins_none() -> None:
    assert begin(program(), at("2024-01-01")) is None
    assert due_at(None) is None
    assert reviewed(program(), State(), at("2024-01-01"), at("2025-01-01")) == State()


def test_a_state_is_attuned_only_where_the_version_differs() -> None:
    there = TierState("member", at("2024-01-01"))
    assert attuned(climbing(), there, at("2024-01-01")) is there
    due = attuned(reviewing(Unit.QUARTER), there, at("2024-02-01")).review_at
    assert due == at("2024-03-31T16:00")


def test_a_state_can_be_reviewed_without_an_event() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    before = life.member.state
    later = reviewed(life.plan.program, before, life.member.enrolled_at, at("2024-06-01"))
    assert later.tier is not None
    assert later.tier.tier == "member"
    assert life.tier == "silver"
    soon = at("2024-06-01") - timedelta(microseconds=1)
    assert reviewed(life.plan.program, before, life.member.enrolled_at, soon) == before
