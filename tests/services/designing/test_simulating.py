"""Simulations on real histories: what is the same stays the same, what is doubled is doubled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.conftest import LONG_AGO, cabinet

from regulars.domain.audit import by_system
from regulars.domain.designing.refusals import SimulationNotFound, SimulationsBusy
from regulars.domain.designing.results import SimulationResult
from regulars.domain.designing.simulations import (
    DEAD_AFTER,
    MOST_ATTEMPTS,
    MOST_WAITING,
    Asked,
    Simulation,
    State,
)
from regulars.domain.envelopes import arrive, make_event
from regulars.domain.errors import NoProgramInForce, ProgramInvalid, RegularsError
from regulars.domain.events import Event
from regulars.domain.operations import Redemption, Review, type_of
from regulars.services import organizations, programs
from regulars.services.designing import simulating, simulations
from regulars.services.designing.simulations import IN_FORCE, Work
from regulars.services.intake.taking import Intake
from regulars.storage.database import Database
from regulars.worker import simulating as runner

ORGANIZATION = 1
NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
PROGRAM = """
regulars: 1
program: corner
name: {en: Corner Shop}
time_zone: Asia/Shanghai
money: CNY
currencies:
  points:
    kind: spendable
    name: {en: Points}
    expiry: {after: P3M}
    cash_value: {points: 100, amount: 1.00}
    breakage: 0.1
  stars: {kind: status, name: {en: Stars}}
rules:
  - id: base
    name: {en: Base}
    on: purchase
    earn: {currency: points, rate: 1, per: 1.00}
  - id: visit
    name: {en: Visit}
    on: visit
    earn: {currency: stars, points: 1}
  - id: welcome
    name: {en: Welcome}
    on: purchase
    earn: {currency: points, points: 7}
    caps: [{per: month, times: 2}]
tiers:
  metrics: {spend: {spend: true, window: calendar_year}}
  ladder:
    - {id: green, name: {en: Green}}
    - {id: gold, name: {en: Gold}, entry: {spend: 60000}}
"""
DOUBLED = PROGRAM.replace("rate: 1, per: 1.00", "rate: 2, per: 1.00")


MOVED = """
select debit, credit, sum(amount)::bigint from transfer where currency = 'points' group by 1, 2
"""


class Story:
    """What members did, day by day."""

    def __init__(self, db: Database, organization: int = ORGANIZATION) -> None:
        self.db = db
        self.organization = organization
        self.intake = Intake(db, organization)
        self.count = 0

    def tell(self, kind: str, who: int, at: datetime, **data: Any) -> str:
        self.count += 1
        name = f"e{self.count}"
        head = {"id": name, "source": "till", "type": kind, "subject": f"card:{who}", "time": at}
        self._take(make_event(head, data, at))
        return name

    def buy(self, who: int, at: datetime, total: int) -> str:
        return self.tell("purchase", who, at, currency="CNY", total=total)

    def operate(self, who: int, at: datetime, data: Any) -> None:
        self.count += 1
        kind = type_of[type(data)]
        event = Event(f"o{self.count}", "regulars.test", kind, f"card:{who}", at, at, data)
        self._take(arrive(event))

    def _take(self, arrival: Any) -> None:
        (outcome,) = self.intake.take_in([arrival], arrival.event.received_at)
        assert not isinstance(outcome, RegularsError), outcome.detail


def year(db: Database, document: str = PROGRAM, organization: int = ORGANIZATION) -> None:
    """Seven members, from none to many purchases; returns, visits, redemptions, lapsed points."""
    programs.publish(db, organization, document, in_force_from=LONG_AGO, now=LONG_AGO)
    story = Story(db, organization)
    start = NOW - timedelta(days=300)
    for day in range(0, 300, 10):
        at = start + timedelta(days=day)
        for who in range(6):
            if day % (who + 1) == 0:
                bought = story.buy(who, at, 1_000 * (who + 1) + 10 * day)
                if day % 50 == 0:
                    back = at + timedelta(hours=1)
                    story.tell("return", who, back, purchase_id=bought, amount=500)
        if day % 40 == 0:
            story.tell("visit", 6, at)
        if day == 150:
            story.operate(1, at, Redemption(currency="points", amount=30))
        if day % 60 == 50:
            for who in range(6):
                story.operate(who, at + timedelta(hours=2), Review())


def asked(document: str, **more: Any) -> Asked:
    return Asked(document=document, against=more.pop("against", IN_FORCE), **more)


def put(db: Database, wanted: Asked, organization: int = ORGANIZATION) -> Simulation:
    return simulations.ask(db, organization, wanted, by=by_system(organization), now=NOW)


def run(
    db: Database, wanted: Asked, organization: int = ORGANIZATION, clock: Any = lambda: NOW
) -> SimulationResult:
    made = put(db, wanted, organization)
    work = simulations.take(db, organization, clock)
    assert work is not None
    assert work.simulation.id == made.id
    runner.run(work, simulating.alone(db))
    found = simulations.get(db, organization, made.id)
    assert (found.state, found.failure) == (State.DONE, "")
    return msgspec.json.decode(found.result or "", type=SimulationResult)


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


def test_a_budget_ends_for_all_members_together(db: Database) -> None:
    year(db)
    limited = PROGRAM.replace("rate: 1, per: 1.00}", "rate: 1, per: 1.00}\n    budget: 1000")

    found = run(db, asked(limited, months=24))

    base = next(one for one in found.rules if one.rule == "base")
    assert base.draft is not None
    assert base.draft.points == 1000


def test_a_budget_that_really_ended_ends_at_the_same_event(db: Database) -> None:
    limited = PROGRAM.replace("rate: 1, per: 1.00}", "rate: 1, per: 1.00}\n    budget: 1000")
    year(db, limited)

    for against in (IN_FORCE, 0):
        found = run(db, asked(limited, months=24, against=against))
        assert [one.unchanged for one in found.changes] == [7, 7]
        base = next(one for one in found.rules if one.rule == "base")
        assert base.in_force == base.draft
        assert base.draft is not None
        assert base.draft.points == 1000


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


def test_two_organizations_do_not_see_each_others(db: Database) -> None:
    year(db)
    other = organizations.create(
        db, cabinet(), code="other", name="Other", by=by_system(1), now=NOW
    ).id
    programs.publish(db, other, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)
    Story(db, other).buy(1, NOW - timedelta(days=3), 5_000)
    made = put(db, asked(DOUBLED))

    assert run(db, asked(DOUBLED), other).members == 1
    assert simulations.listed(db, other, before=None, limit=9)[-1].id != made.id
    with pytest.raises(SimulationNotFound):
        simulations.get(db, other, made.id)
    simulations.cancel(db, ORGANIZATION, made.id, by=by_system(1), now=NOW)
    with pytest.raises(SimulationNotFound):
        simulations.cancel(db, other, made.id, by=by_system(other), now=NOW)


def test_progress_only_ever_grows(db: Database) -> None:
    limited = DOUBLED.replace("per: 1.00}", "per: 1.00}\n    budget: 1000")
    year(db)
    seen: list[tuple[int, int]] = []
    totals: list[int] = []
    crew = simulating.alone(db)

    def look() -> None:
        seen.append((crew.done(), totals[-1]))

    wanted = asked(limited, against=1)
    task = simulating.Task(db, ORGANIZATION, wanted, NOW, totals.append, look)
    result = simulating.simulate(task, crew)

    assert seen == sorted(seen)
    assert all(done <= total for done, total in seen)
    # The budget ended on the way, which took a second look.
    assert totals == [result.events, 2 * result.events]
    assert seen[-1] == (totals[-1], totals[-1])


def test_a_cancelled_simulation_stops(db: Database) -> None:
    year(db)
    made = put(db, asked(DOUBLED))
    work = simulations.take(db, ORGANIZATION, lambda: NOW)
    assert work is not None
    simulations.cancel(db, ORGANIZATION, made.id, by=by_system(1), now=NOW)
    crew = simulating.alone(db)

    def slow(order: Any, demand: Callable[[], None]) -> Any:
        while True:  # Until the heart has heard of it.
            demand()

    runner.run(work, simulating.Crew(slow, crew.done))

    assert simulations.get(db, ORGANIZATION, made.id).state is State.CANCELLED


def test_one_whose_process_was_lost_begins_anew_and_fails_in_the_end(db: Database) -> None:
    year(db)
    made = put(db, asked(DOUBLED))
    now = NOW
    first: Work | None = None
    for _ in range(MOST_ATTEMPTS):
        work = simulations.take(db, ORGANIZATION, lambda: now)  # noqa: B023
        assert work is not None
        first = first or work
        assert simulations.take(db, ORGANIZATION, lambda: now) is None  # noqa: B023
        now += DEAD_AFTER + timedelta(seconds=1)
        assert simulations.get(db, ORGANIZATION, made.id).is_neglected(now)

    assert not simulations.look_after(db, ORGANIZATION, now)
    found = simulations.get(db, ORGANIZATION, made.id)
    assert (found.state, found.failure) == (State.FAILED, "lost")
    # Whoever comes back late changes nothing.
    assert first is not None
    runner.run(first, simulating.alone(db))
    assert simulations.get(db, ORGANIZATION, made.id).state is State.FAILED


def test_what_waits_and_nobody_works_on_is_noticed(db: Database) -> None:
    year(db)
    put(db, asked(DOUBLED))

    assert not simulations.look_after(db, ORGANIZATION, NOW)
    assert simulations.look_after(db, ORGANIZATION, NOW + DEAD_AFTER + timedelta(seconds=1))


def test_a_result_is_forgotten_in_time(db: Database) -> None:
    year(db)
    run(db, asked(DOUBLED))

    simulations.look_after(db, ORGANIZATION, NOW + timedelta(days=89))
    assert len(simulations.listed(db, ORGANIZATION, before=None, limit=9)) == 1
    simulations.look_after(db, ORGANIZATION, NOW + timedelta(days=91))
    assert simulations.listed(db, ORGANIZATION, before=None, limit=9) == []


def test_what_is_asked_for_again_while_it_waits_is_the_same(db: Database) -> None:
    year(db)

    first = put(db, asked(DOUBLED))

    assert put(db, asked(DOUBLED)).id == first.id
    assert put(db, asked(DOUBLED, months=3)).id != first.id
    for months in range(4, 3 + MOST_WAITING - 1):
        put(db, asked(DOUBLED, months=months))
    with pytest.raises(SimulationsBusy):
        put(db, asked(DOUBLED, months=40))


def test_what_is_no_program_is_refused_at_once(db: Database) -> None:
    with pytest.raises(NoProgramInForce):
        put(db, asked(PROGRAM))
    year(db)
    with pytest.raises(ProgramInvalid):
        put(db, asked("rules: ["))


def test_an_organization_without_history_has_a_result_too(db: Database) -> None:
    programs.publish(db, ORGANIZATION, PROGRAM, in_force_from=LONG_AGO, now=LONG_AGO)

    found = run(db, asked(DOUBLED))

    assert (found.events, found.members) == (0, 0)
    assert [one.members for one in found.changes] == [0, 0]
