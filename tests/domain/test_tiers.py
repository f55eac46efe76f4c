"""How members rise, stay and step down, as things happen in order."""

import pytest
from tests.domain.builders import (
    Life,
    at,
    bought,
    brought_back,
    event,
    ladder,
    metric,
    points,
    program,
    rate_rule,
    rung,
    span,
    status,
    visit,
)
from tests.domain.climbing import climbing, graceful, held_until, moves, spend, switch

from regulars.domain.events import AssetStatement
from regulars.domain.operations import Review
from regulars.domain.periods import Unit
from regulars.domain.programs.model import MetricSource, Program, StepDown
from regulars.domain.tiers import due_at

# Rising.


def test_a_member_rises_with_the_very_event_that_reaches_the_entry() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 99))
    assert life.tier == "member"
    spend(life, ("2024-01-11", 1))
    assert life.tier == "silver"
    assert life.told["p0@2024-01-11"].tier == "member"
    assert life.member.state.tier is not None
    assert life.member.state.tier.since == at("2024-01-11")


def test_a_member_may_skip_a_tier() -> None:
    assert spend(Life(climbing()), ("2024-01-10", 300)).tier == "gold"


def test_the_year_ends_at_the_programs_midnight() -> None:
    life = spend(Life(climbing()), ("2023-12-31T15:59:59", 60), ("2023-12-31T16:00", 60))
    assert life.tier == "member"
    spend(life, ("2024-12-31T15:59:59", 40))
    assert life.tier == "silver"


def test_a_rolling_window_counts_from_the_day_after_the_same_day() -> None:
    rolling = metric("spend", "rolling", span="P12M")
    life = spend(Life(climbing(metrics=(rolling,))), ("2023-03-01", 60), ("2024-03-01", 60))
    assert life.tier == "member"
    life = spend(Life(climbing(metrics=(rolling,))), ("2023-03-01", 60), ("2024-02-29", 60))
    assert life.tier == "silver"


def test_a_lifetime_never_ends() -> None:
    life = Life(climbing(metrics=(metric("spend", "lifetime"),)), since="1999-01-01")
    assert spend(life, ("2000-01-01", 60), ("2024-01-01", 60)).tier == "silver"


def test_all_needs_of_one_way_must_be_reached() -> None:
    visits = metric("visits", "lifetime", source=MetricSource.COUNT, types=frozenset({"visit"}))
    life = Life(climbing(rung("silver", {"spend": 100, "visits": 1}), metrics=(metric(), visits)))
    assert spend(life, ("2024-01-01", 500)).tier == "member"
    life.do(visit("v", at("2024-01-02")))
    assert life.tier == "silver"


def test_growth_counts_as_it_is_earned() -> None:
    grown = metric("grown", "lifetime", source=MetricSource.CURRENCY, currency="growth")
    made = program(
        rate_rule("grow", "2", currency="growth"),
        currencies=(points(), status()),
        ladder=ladder(rung("silver", {"grown": 100}), metrics=(grown,)),
    )
    assert spend(Life(made), ("2024-01-01", 49)).tier == "member"
    assert spend(Life(made), ("2024-01-01", 50)).tier == "silver"


# Assets.


def statement(life: Life, when: str, amount: int) -> None:
    data = AssetStatement(currency="CNY", amount=amount)
    life.do(event(f"a{when}", "asset_statement", at(when), data))


def banked() -> Life:
    assets = metric("assets", "lifetime", source=MetricSource.ASSETS)
    return Life(climbing(rung("silver", {"assets": 100}), metrics=(assets,), valid=span("P12M")))


def test_the_newest_asset_statement_counts_and_a_late_one_does_not() -> None:
    life = banked()
    statement(life, "2024-03-01", 50)
    statement(life, "2024-02-01", 500)
    assert life.member.state.assets == (at("2024-03-01"), 50)
    assert life.tier == "member"
    statement(life, "2024-04-01", 100)
    assert life.tier == "silver"


def test_a_return_does_not_take_a_tier_that_assets_brought() -> None:
    life = banked()
    statement(life, "2024-03-01", 100)
    statement(life, "2024-04-01", 10)
    life.do(bought("p", at("2024-04-02"), 5))
    life.do(brought_back("r", at("2024-04-03"), "p"))
    assert life.tier == "silver"


# Validity: keeping and stepping down.

YEARLY = {"valid": span("P12M"), "valid_until": Unit.YEAR}


def test_a_tier_is_held_to_the_end_of_the_following_year() -> None:
    life = spend(Life(climbing(**YEARLY)), ("2024-03-01", 100))
    assert held_until(life) == at("2025-12-31T16:00")
    spend(life, ("2025-05-01", 79))
    life.operate(at("2025-12-31T15:59:59"), Review())
    assert life.tier == "silver"
    life.operate(at("2025-12-31T16:00"), Review())
    assert life.tier == "member"
    assert moves(life)[-1] == ("silver", "member", "not_kept")


def test_a_tier_whose_keep_condition_is_met_goes_on() -> None:
    life = spend(Life(climbing(**YEARLY)), ("2024-03-01", 100), ("2025-05-01", 80))
    life.operate(at("2026-01-05"), Review())
    assert life.tier == "silver"
    # The review is at midnight, and a year after that is the last midnight of 2026.
    assert held_until(life) == at("2027-12-31T16:00")
    assert moves(life)[-1] == ("silver", "silver", "kept")


@pytest.mark.parametrize(
    ("policy", "paid", "expected"),
    [
        (StepDown.ONE, 0, "silver"),
        (StepDown.BOTTOM, 250, "member"),
        (StepDown.QUALIFIED, 79, "member"),
        (StepDown.QUALIFIED, 80, "silver"),
    ],
)
def test_who_does_not_keep_a_tier_steps_down_as_the_program_says(
    policy: StepDown, paid: int, expected: str
) -> None:
    rules_of = climbing(step_down=policy, valid=span("P12M"))
    life = spend(Life(rules_of), ("2023-06-01", 300))
    if paid:
        spend(life, ("2024-02-01", paid))
    life.operate(at("2024-06-02"), Review())
    assert life.tier == expected
    assert due_at(life.member.state.tier) == (at("2025-06-01") if expected == "silver" else None)


def test_one_step_a_term_down_to_the_bottom() -> None:
    life = spend(Life(climbing(valid=span("P1M"))), ("2023-01-15", 300))
    life.operate(at("2024-12-01"), Review())
    assert moves(life)[-2:] == [("gold", "silver", "not_kept"), ("silver", "member", "not_kept")]
    assert life.told["p0@2023-01-15"].tiers[0].until == at("2023-02-15")


# Grace.


def test_a_grace_period_delays_the_step_down() -> None:
    life = graceful()
    life.operate(at("2024-06-15"), Review())
    assert life.tier == "silver"
    assert due_at(life.member.state.tier) == at("2024-07-01")
    life.operate(at("2024-07-01"), Review())
    assert life.tier == "member"


def test_keeping_within_the_grace_period_starts_a_new_term() -> None:
    life = spend(graceful(), ("2024-06-20", 80))
    assert moves(life)[-2:] == [("silver", "silver", "grace"), ("silver", "silver", "kept")]
    assert held_until(life) == at("2025-06-20")


def test_a_late_event_of_the_old_term_that_is_too_little_leaves_the_grace_period() -> None:
    life = graceful()
    life.operate(at("2024-06-15"), Review())
    spend(life, ("2024-03-01", 79))
    assert moves(life)[-1] == ("silver", "silver", "grace")
    assert due_at(life.member.state.tier) == at("2024-07-01")


def test_an_event_of_the_grace_period_does_not_open_the_old_term_again() -> None:
    def keeping(least: int) -> Program:
        silver = rung("silver", {"spend": 100}, {"spend": least})
        return climbing(silver, grace=span("P1M"), **YEARLY)

    life = spend(Life(keeping(90)), ("2023-03-01", 100), ("2024-03-01", 85))
    over = "2024-12-31T16:00"
    life.operate(at(over), Review())
    # The old year would do for the new version, which only has this one to look at.
    switch(life, keeping(80))
    spend(life, (over, 1))
    assert moves(life)[-1] == ("silver", "silver", "grace")
    assert due_at(life.member.state.tier) == at("2025-01-31T16:00")


def test_a_late_event_of_the_old_term_keeps_the_tier_from_the_end_of_that_term() -> None:
    life = graceful()
    life.operate(at("2024-06-15"), Review())
    spend(life, ("2024-03-01", 80))
    assert held_until(life) == at("2025-06-01")
    assert due_at(life.member.state.tier) == at("2025-06-01")
