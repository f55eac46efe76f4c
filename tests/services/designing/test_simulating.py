"""Simulations on real histories: what is the same stays the same, what is doubled is doubled."""

from datetime import timedelta

import pytest
from tests.conftest import LONG_AGO
from tests.services.designing.story import (
    DOUBLED,
    NOW,
    ORGANIZATION,
    PROGRAM,
    Story,
    asked,
    run,
    year,
)

from regulars.domain.designing.results import SimulationResult
from regulars.domain.operations import HoldOpening, PointsTransfer, Review
from regulars.services import programs
from regulars.services.designing.simulations import IN_FORCE
from regulars.storage.database import Database

MOVED = """
select debit, credit, sum(amount)::bigint from transfer where currency = 'points' group by 1, 2
"""


@pytest.mark.parametrize("months", [1, 4, 24])
@pytest.mark.parametrize("against", [IN_FORCE, 0])
def test_the_program_in_force_changes_nothing_for_anybody(
    db: Database, months: int, against: int
) -> None:
    year(db)

    found = run(db, asked(PROGRAM, months=months, against=against))

    assert found.members == 7
    for currency in found.currencies:
        assert currency.in_force == currency.draft
    assert all(month.in_force == month.draft for month in found.months)
    assert all(rule.in_force == rule.draft for rule in found.rules)
    assert all(move.in_force == move.draft for move in found.tiers.moves)
    for change in found.changes:
        assert (change.winners, change.losers, change.unchanged, change.change) == (0, 0, 7, 0)
        assert [(one.from_, one.until, one.members) for one in change.histogram] == [(0, 1, 7)]
    assert found.refusals == []


def test_a_rule_of_twice_the_rate_gives_twice_the_points(db: Database) -> None:
    year(db)

    found = run(db, asked(DOUBLED, months=24))

    rules = {rule.rule: rule for rule in found.rules}
    base, welcome = rules["base"], rules["welcome"]
    assert base.in_force is not None
    assert base.draft is not None
    assert base.draft.points == 2 * base.in_force.points > 0
    assert base.draft.events == base.in_force.events
    assert welcome.in_force == welcome.draft
    assert found.baseline.versions == [1]


def test_the_side_in_force_is_what_the_ledger_says(db: Database) -> None:
    year(db)

    found = run(db, asked(DOUBLED, months=24))

    points = found.currencies[0].in_force
    assert points is not None
    with db.transaction(ORGANIZATION) as tx:
        rows = tx.execute(MOVED).fetchall()
    debited, credited = (
        {
            side: sum(one[2] for one in rows if one[place] == side)
            for side in ("issued", "redeemed", "expired")
        }
        for place in (0, 1)
    )
    assert points.issued == debited["issued"]
    assert points.taken_back == credited["issued"]
    assert points.redeemed == credited["redeemed"]
    # Points that lapsed and that nobody has looked at since are not in the ledger yet.
    assert points.expired >= credited["expired"] - debited["expired"] > 0
    assert (
        points.outstanding == points.issued - points.taken_back - points.redeemed - points.expired
    )
    assert points.liability is not None
    worth = -(-(points.outstanding - points.outstanding // 10) // 1)
    assert points.liability.amount == worth


def test_sums_by_month_segment_and_bin_are_those_of_the_whole(db: Database) -> None:
    year(db)

    found = run(db, asked(DOUBLED, months=24))

    for currency in found.currencies:
        months = [one for one in found.months if one.currency == currency.currency]
        assert currency.draft is not None
        assert sum(one.draft.issued for one in months) == currency.draft.issued
        assert sum(one.draft.expired for one in months) == currency.draft.expired
        assert months[-1].draft.outstanding == currency.draft.outstanding
        assert [one.month for one in months] == sorted({one.month for one in months})
    for change in found.changes:
        assert change.winners + change.losers + change.unchanged == change.members == 7
        assert sum(one.members for one in change.histogram) == 7
        for by in ("tier", "tenure", "recency", "spend"):
            parts = [one for one in change.segments if one.by == by]
            assert sum(one.members for one in parts) == 7
            assert sum(one.winners for one in parts) == change.winners
            assert sum(one.change for one in parts) == change.change
    assert sum(one.members for one in found.tiers.moves) == 7
    assert found.changes[0].winners == 6


def test_only_what_happened_in_the_window_is_decided_anew(db: Database) -> None:
    year(db)
    whole = run(db, asked(DOUBLED, months=24))
    last = NOW - timedelta(days=100)

    part = run(db, asked(DOUBLED, from_=last))

    def points(found: SimulationResult, name: str) -> int:
        rule = next(one for one in found.rules if one.rule == "base")
        sums = getattr(rule, name)
        assert sums is not None
        return int(sums.points)

    assert 0 < points(part, "in_force") < points(whole, "in_force")
    assert points(part, "draft") == 2 * points(part, "in_force")
    assert part.months[0].month == last.date().replace(day=1)
    # What was there before is there under both.
    one = part.currencies[0]
    assert one.in_force is not None
    assert one.draft is not None
    gained = one.draft.issued - one.in_force.issued
    lost = one.draft.expired - one.in_force.expired
    back = one.draft.taken_back - one.in_force.taken_back
    assert one.draft.outstanding - one.in_force.outstanding == gained - lost - back


def test_a_higher_threshold_moves_members_down(db: Database) -> None:
    year(db)

    found = run(db, asked(PROGRAM.replace("spend: 60000", "spend: 6000000"), months=24))

    moves = {(one.in_force, one.draft): one.members for one in found.tiers.moves}
    assert moves[("gold", "green")] > 0
    assert all(then == "green" for _, then in moves)
    assert [one.tier for one in found.tiers.tiers] == ["green", "gold"]


def test_what_a_member_would_not_have_had_is_not_redeemed(db: Database) -> None:
    year(db)
    less = PROGRAM.replace("rate: 1, per: 1.00", "rate: 1, per: 1000.00")

    found = run(db, asked(less.replace("points: 7", "points: 1"), months=24))

    (refusal,) = found.refusals
    assert (refusal.type, refusal.code) == ("regulars.redemption", "insufficient_points")
    assert (refusal.draft.events, refusal.draft.points) == (1, 30)
    assert refusal.in_force.events == 0


CAME_BACK = 45
"""Points that returns gave back to the budget before it ended."""


def test_a_budget_ends_for_all_members_together(db: Database) -> None:
    year(db)
    limited = PROGRAM.replace("rate: 1, per: 1.00}", "rate: 1, per: 1.00}\n    budget: 1000")

    found = run(db, asked(limited, months=24))

    base = next(one for one in found.rules if one.rule == "base")
    assert base.draft is not None
    assert base.draft.points == 1000 + CAME_BACK


def test_a_budget_that_really_ended_ends_at_the_same_event(db: Database) -> None:
    limited = PROGRAM.replace("rate: 1, per: 1.00}", "rate: 1, per: 1.00}\n    budget: 1000")
    year(db, limited)

    for against in (IN_FORCE, 0):
        found = run(db, asked(limited, months=24, against=against))
        assert [one.unchanged for one in found.changes] == [7, 7]
        base = next(one for one in found.rules if one.rule == "base")
        assert base.in_force == base.draft
        assert base.draft is not None
        assert base.draft.points == 1000 + CAME_BACK


def test_a_currency_and_a_rule_may_come_and_go(db: Database) -> None:
    year(db)
    other = PROGRAM.replace("  stars: {kind: status, name: {en: Stars}}\n", "").replace(
        """  - id: visit
    name: {en: Visit}
    on: visit
    earn: {currency: stars, points: 1}
""",
        """  - id: hello
    name: {en: Hello}
    on: visit
    earn: {currency: points, points: 3}
""",
    )

    found = run(db, asked(other, months=24))

    rules = {rule.rule: (rule.in_force is None, rule.draft is None) for rule in found.rules}
    assert rules["hello"] == (True, False)
    assert rules["visit"] == (False, True)
    stars = next(one for one in found.currencies if one.currency == "stars")
    assert stars.draft is None
    assert stars.in_force is not None
    assert stars.in_force.outstanding == 8


def test_tiers_may_be_given_up(db: Database) -> None:
    year(db)

    found = run(db, asked(PROGRAM[: PROGRAM.index("tiers:")], months=24))

    moves = {(one.in_force, one.draft): one.members for one in found.tiers.moves}
    assert {then for _, then in moves} == {""}
    assert sum(moves.values()) == 7
    assert [one.tier for one in found.tiers.tiers] == ["", "green", "gold"]
    assert found.changes[0].unchanged == 7


def test_a_hold_gives_back_to_the_very_lots_of_a_gift(db: Database) -> None:
    text = PROGRAM.replace("breakage: 0.1", "breakage: 0.1\n    transferable: true")
    programs.publish(db, ORGANIZATION, text, in_force_from=LONG_AGO, now=LONG_AGO)
    story = Story(db)
    # Two lots that lapse a month apart go to another member in one gift, who has them held.
    story.buy(1, NOW - timedelta(days=100), 5_000)
    story.buy(1, NOW - timedelta(days=60), 5_000)
    story.buy(2, NOW - timedelta(days=59), 100)
    gift = PointsTransfer(to="card:2", currency="points", amount=100)
    story.operate(1, NOW - timedelta(days=50), gift)
    hold = HoldOpening(currency="points", amount=90, seconds=3600)
    story.operate(2, NOW - timedelta(days=49), hold)
    story.operate(2, NOW - timedelta(days=40), Review())
    story.operate(2, NOW - timedelta(days=1), Review())

    found = run(db, asked(text, months=24))

    assert all(month.in_force == month.draft for month in found.months)
    assert found.currencies[0].in_force == found.currencies[0].draft
    assert any(month.in_force.expired for month in found.months)
