"""Tiers to the last field: what is written down of each move, and what is left in the state."""

from datetime import timedelta

import pytest
from tests.domain.builders import Life, at, bought, brought_back, lines, metric, rung, span
from tests.domain.climbing import GOLD, SILVER, climbing, graceful, reviewing, spend

from regulars.domain.explanations import TierMove
from regulars.domain.members import Held, State, TierState
from regulars.domain.operations import Review
from regulars.domain.periods import Unit
from regulars.domain.plans import plan
from regulars.domain.programs.model import StepDown
from regulars.domain.tiers import reviewed

ENROLLED = "2020-01-01"
MOMENT = timedelta(microseconds=1)


def all_moves(life: Life) -> list[TierMove]:
    return [move for told in life.told.values() for move in told.tiers]


def state(life: Life) -> TierState:
    assert life.member.state.tier is not None
    return life.member.state.tier


# At once.


def test_an_entry_is_written_down_whole() -> None:
    life = spend(Life(climbing(valid=span("P12M"))), ("2024-01-10", 100), ("2024-02-10", 200))
    first, second = at("2025-01-10"), at("2025-02-10")
    assert all_moves(life) == [
        TierMove("member", "silver", at("2024-01-10"), "entry", first),
        TierMove("silver", "gold", at("2024-02-10"), "entry", second),
    ]
    assert state(life) == TierState(
        "gold",
        at("2024-02-10"),
        until=second,
        by_entry=True,
        before=(
            Held("member", at(ENROLLED)),
            Held("silver", at("2024-01-10"), first, by_entry=True),
        ),
    )


def test_a_return_leaves_the_state_as_it_was_before() -> None:
    life = spend(Life(climbing(valid=span("P12M"))), ("2024-01-10", 100))
    silver = state(life)
    spend(life, ("2024-02-10", 200))
    life.do(brought_back("r", at("2024-03-01"), "p0@2024-02-10"))
    assert state(life) == silver
    assert all_moves(life)[-1] == TierMove(
        "gold", "silver", at("2024-03-01"), "return", silver.until
    )
    life.do(brought_back("s", at("2024-03-02"), "p0@2024-01-10"))
    assert state(life) == TierState("member", at(ENROLLED))


def test_a_return_in_the_grace_period_leaves_nothing_of_it() -> None:
    life = graceful()
    life.operate(at("2024-06-15"), Review())
    assert state(life).grace_until == at("2024-07-01")
    life.do(brought_back("r", at("2024-06-16"), "p0@2023-06-01"))
    assert state(life) == TierState("member", at(ENROLLED))


def test_what_a_return_leaves_begins_no_term_that_is_over_with_it() -> None:
    life = Life(climbing(valid=span("P2M")))
    life.do(bought("p", at("2024-01-01"), lines((400, 4))))
    life.do(brought_back("r", at("2024-03-01"), "p", places=[(0, 2)]))
    assert state(life).tier == "silver"
    assert (state(life).since, state(life).until) == (at("2024-03-01"), at("2024-05-01"))


def test_a_return_that_breaks_nothing_leaves_no_trace() -> None:
    life = spend(Life(climbing()), ("2024-01-10", 150), ("2024-01-11", 10))
    before = state(life)
    life.do(brought_back("r", at("2024-03-01"), "p1@2024-01-11"))
    assert state(life) == before
    assert len(all_moves(life)) == 1


def test_a_late_event_shows_that_a_tier_was_reached_before() -> None:
    life = spend(Life(climbing(valid=span("P12M"))), ("2024-01-01", 100), ("2023-11-21", 150))
    assert state(life).since == at("2023-11-21")
    assert state(life).until == at("2024-11-21")
    assert all_moves(life)[-1] == TierMove(
        "silver", "silver", at("2023-11-21"), "late_event", at("2024-11-21")
    )
    assert [held.tier for held in state(life).before] == ["member"]


def test_a_late_event_at_the_instant_of_the_tier_or_after_shows_nothing() -> None:
    life = spend(Life(climbing(valid=span("P12M"))), ("2024-01-01", 100), ("2024-03-01", 1))
    before = state(life)
    spend(life, ("2024-01-01T00:00:00+00:00", 1), ("2024-02-01", 1))
    assert state(life) == before
    assert len(all_moves(life)) == 1


def test_a_late_event_completes_what_a_later_day_reached() -> None:
    rolling = metric("spend", "rolling", span="P1M")
    life = Life(climbing(SILVER, metrics=(rolling,)))
    spend(life, ("2024-01-20", 60), ("2024-03-10", 1), ("2024-01-10", 40))
    night = at("2024-01-20T16:00") - MOMENT
    assert all_moves(life) == [TierMove("member", "silver", night, "entry", None)]
    # A day earlier, and the window of the twentieth does not reach back so far.
    life = Life(climbing(SILVER, metrics=(rolling,)))
    spend(life, ("2024-01-20", 60), ("2024-03-10", 1), ("2023-12-20", 40))
    assert all_moves(life) == []


def test_a_term_that_ends_with_the_newest_instant_is_not_begun() -> None:
    rolling = metric("spend", "rolling", span="P1M")
    life = Life(climbing(valid=span("P2M"), metrics=(rolling,)))
    spend(life, ("2024-03-01", 1), ("2024-01-01", 100))
    assert all_moves(life) == []
    spend(life, ("2024-01-01T00:00:01", 1))
    assert [move.new for move in all_moves(life)] == ["silver"]


# Terms and grace.


def test_grace_and_keeping_are_written_down_whole() -> None:
    rules_of = climbing(SILVER, grace=span("P1M"), valid=span("P1M"))
    life = spend(Life(rules_of), ("2023-12-30T17:00", 100))
    # The wall clock in Shanghai says 31 December, one in the morning.
    over = at("2024-01-30T17:00")
    assert state(life).until == over
    life.operate(at("2024-01-31"), Review())
    grace = at("2024-02-28T17:00")
    assert all_moves(life)[-1] == TierMove("silver", "silver", over, "grace", grace)
    assert state(life).grace_until == grace
    spend(life, ("2024-02-10", 80))
    kept = at("2024-03-10")
    assert all_moves(life)[-1] == TierMove("silver", "silver", at("2024-02-10"), "kept", kept)
    assert (state(life).until, state(life).grace_until) == (kept, None)


def test_an_event_at_the_end_of_the_term_counts_for_the_grace_period() -> None:
    rules_of = climbing(SILVER, grace=span("P1M"), valid=span("P12M"))
    life = spend(Life(rules_of), ("2023-06-01", 100), ("2024-06-01", 80))
    assert state(life).until == at("2025-06-01")
    assert [move.why for move in all_moves(life)] == ["entry", "grace", "kept"]


def test_a_kept_term_begins_where_the_last_one_ended() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2024-03-01", 200))
    life.operate(at("2025-04-01"), Review())
    assert [move.why for move in all_moves(life)] == ["entry", "not_kept"]
    assert all_moves(life)[1] == TierMove("silver", "member", at("2025-03-01"), "not_kept", None)
    assert state(life) == TierState(
        "member",
        at("2025-03-01"),
        lapsed_at=at("2025-03-01"),
        before=(
            Held("member", at(ENROLLED)),
            Held("silver", at("2024-03-01"), at("2025-03-01"), by_entry=True),
        ),
    )


def test_the_year_is_over_for_a_review_when_it_is_over_in_the_zone() -> None:
    life = spend(Life(climbing(SILVER, valid_until=Unit.YEAR, valid=span("P12M"))),
                 ("2023-03-01", 100), ("2024-12-31T15:59:59", 80))  # fmt: skip
    life.operate(at("2025-01-01"), Review())
    assert all_moves(life)[-1].why == "kept"
    life = spend(Life(climbing(SILVER, valid_until=Unit.YEAR, valid=span("P12M"))),
                 ("2023-03-01", 100), ("2024-12-31T16:00", 80))  # fmt: skip
    assert all_moves(life)[-1].why == "not_kept"


def test_the_term_of_a_tier_is_counted_on_the_wall_clock_of_the_program() -> None:
    # In Shanghai it is 31 January, one in the morning.
    life = spend(Life(climbing(valid=span("P1M"))), ("2024-01-30T17:00", 100))
    assert state(life).until == at("2024-02-28T17:00")


def test_a_term_that_is_over_in_the_first_hours_of_a_year_is_weighed_by_that_year() -> None:
    # In Shanghai it is New Year's Day, two in the morning.
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-12-31T18:00", 100))
    life.operate(at("2024-12-31T18:00"), Review())
    assert [move.why for move in all_moves(life)] == ["entry", "not_kept"]


@pytest.mark.parametrize(
    ("paid", "expected"), [(79, "member"), (90, "silver"), (300, "gold"), (600, "jade")]
)
def test_who_qualifies_for_a_lower_tier_only_falls_to_that(paid: int, expected: str) -> None:
    ladder_of = (SILVER, GOLD, rung("jade", {"spend": 600}), rung("top", {"spend": 1000}))
    rules_of = climbing(*ladder_of, step_down=StepDown.QUALIFIED, valid=span("P12M"))
    life = spend(Life(rules_of), ("2023-06-01", 1000), ("2024-05-01", paid))
    life.operate(at("2024-06-01"), Review())
    until = None if expected == "member" else at("2025-06-01")
    assert all_moves(life)[-1] == TierMove("top", expected, at("2024-06-01"), "not_kept", until)


def test_a_tier_that_is_gone_from_the_program_ends_on_the_record_too() -> None:
    life = spend(Life(climbing(SILVER, valid=span("P12M"))), ("2023-06-01", 100))
    life.plan = plan(climbing(rung("bronze", {"spend": 500}), valid=span("P12M")), 2)
    life.operate(at("2024-07-01"), Review())
    end = at("2024-06-01")
    assert all_moves(life)[-1] == TierMove("silver", "member", end, "not_kept", None)


# Late events that give back.


def lapsed() -> Life:
    life = spend(Life(climbing(valid=span("P12M"))), ("2023-01-01", 100), ("2023-06-01", 200))
    life.operate(at("2024-06-10"), Review())
    return life


def test_a_tier_that_was_given_back_is_written_down_whole() -> None:
    life = lapsed()
    assert [move.why for move in all_moves(life)] == ["entry", "entry", "not_kept"]
    spend(life, ("2024-05-31", 300))
    assert all_moves(life)[3] == TierMove(
        "silver", "gold", at("2024-06-01"), "late_event", at("2025-06-01")
    )
    assert state(life).lapsed_at is None
    assert not state(life).by_entry


def test_an_event_at_the_instant_of_the_loss_gives_nothing_back() -> None:
    life = lapsed()
    spend(life, ("2024-06-01", 300))
    assert [move.why for move in all_moves(life)[3:]] == ["entry"]


def test_an_event_in_grace_gives_back_a_term_of_its_own() -> None:
    rules_of = climbing(SILVER, valid=span("P12M"), grace=span("P1M"))
    life = spend(Life(rules_of), ("2022-06-01", 100))
    life.operate(at("2023-08-10"), Review())
    assert state(life).tier == "member"
    spend(life, ("2023-06-01", 80))
    assert state(life).until == at("2024-06-01")
    rolling = metric("spend", "rolling", span="P1M")
    rules_of = climbing(SILVER, valid=span("P12M"), grace=span("P1M"), metrics=(rolling,))
    life = spend(Life(rules_of), ("2022-06-01", 100))
    life.operate(at("2023-08-10"), Review())
    spend(life, ("2023-06-20", 80))
    assert state(life).until == at("2024-06-20")


# Reviews by period.


def test_an_upgrade_at_a_review_is_written_down_whole() -> None:
    life = spend(Life(reviewing(valid=span("P12M")), since="2024-03-05"), ("2024-03-10", 100))
    assert state(life) == TierState("member", at("2024-03-05"), review_at=at("2024-03-31T16:00"))
    life.operate(at("2024-03-31T16:00"), Review())
    end = at("2025-03-31T16:00")
    assert all_moves(life) == [TierMove("member", "silver", at("2024-03-31T16:00"), "review", end)]
    assert state(life) == TierState(
        "silver",
        at("2024-03-31T16:00"),
        until=end,
        by_entry=True,
        review_at=at("2024-04-30T16:00"),
        before=(Held("member", at("2024-03-05")),),
    )
    life.operate(at("2024-05-10"), Review())
    assert state(life).review_at == at("2024-05-31T16:00")
    assert len(all_moves(life)) == 1


def test_a_late_event_seen_by_a_review_is_written_down_whole() -> None:
    life = spend(Life(reviewing(), since="2023-11-05"), ("2024-01-02", 1))
    spend(life, ("2023-12-31T08:00", 100))
    assert all_moves(life) == [TierMove("member", "silver", at("2023-12-31T16:00"), "review", None)]


def test_the_review_at_the_newest_instant_is_looked_at_again_too() -> None:
    life = Life(reviewing(), since="2023-11-05")
    life.operate(at("2023-12-31T16:00"), Review())
    spend(life, ("2023-12-31T08:00", 100))
    assert [move.at for move in all_moves(life)] == [at("2023-12-31T16:00")]


def test_a_step_down_is_followed_by_the_next_review() -> None:
    hard = rung("silver", {"spend": 100}, {"spend": 500})
    life = Life(climbing(hard, review=Unit.MONTH, valid=span("P45D")), since="2024-03-05")
    spend(life, ("2024-03-10", 100))
    life.operate(at("2024-12-01"), Review())
    whys = [(move.new, move.why) for move in all_moves(life)]
    # Each time the term is over the keep condition fails, and the next month's end takes again.
    assert whys[:4] == [
        ("silver", "review"),
        ("member", "not_kept"),
        ("silver", "review"),
        ("member", "not_kept"),
    ]
    assert len(whys) > 6


# Without an event.


def test_a_state_without_a_tier_is_reviewed_from_the_enrolment() -> None:
    rules_of = reviewing()
    empty = State(metrics={"spend": {2024: 100}})
    found = reviewed(rules_of, empty, at("2024-03-05"), at("2024-04-10"))
    assert found.tier is not None
    assert (found.tier.tier, found.tier.since) == ("silver", at("2024-03-31T16:00"))
    assert found.tier.before == (Held("member", at("2024-03-05")),)


def test_a_state_of_another_version_is_attuned_before_it_is_reviewed() -> None:
    life = spend(Life(climbing(SILVER), since="2024-01-01"), ("2024-03-10", 60))
    found = reviewed(reviewing(), life.member.state, at("2024-01-01"), at("2024-04-10"))
    assert found.tier is not None
    assert found.tier.review_at == at("2024-04-30T16:00")
    fresh = reviewed(reviewing(), State(), at("2024-01-01"), at("2024-04-10"))
    assert fresh.tier is not None
    assert fresh.tier.review_at == at("2024-04-30T16:00")


def test_a_state_of_another_version_has_its_reviews_from_the_newest_event_on() -> None:
    strict = climbing(rung("silver", {"spend": 200}))
    life = spend(Life(strict, since="2024-01-01"), ("2024-03-10", 120))
    found = reviewed(reviewing(), life.member.state, at("2024-01-01"), at("2024-05-10"))
    assert found.tier is not None
    assert (found.tier.tier, found.tier.since) == ("silver", at("2024-03-31T16:00"))
