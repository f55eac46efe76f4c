"""Stages of life follow from the days on which a member came, in whatever order they were told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.benefits.entitled import entitled
from regulars.domain.decisions import World, advance, decide
from regulars.domain.events import Event, Purchase
from regulars.domain.ledger import Book
from regulars.domain.lifecycle.lives import ACTS, Life, life_of, look_at, start_of_day
from regulars.domain.lifecycle.occasions import anniversary_days
from regulars.domain.members import Member, State, Tag, TierState
from regulars.domain.operations import Review
from regulars.domain.periods import Local
from regulars.domain.plans import plan
from regulars.domain.programs.document import read
from regulars.domain.reviews import next_review

TEXT = """
regulars: 1
program: life
name: {en: Life}
time_zone: Asia/Shanghai
money: CNY
currencies: {points: {kind: spendable, name: {en: Points}}}
rules: [{id: base, on: purchase, earn: {currency: points, points: 1}}]
lifecycle: {growing: {times: 2}, mature: {times: 4, within: P3M}, at_risk: P1M, lapsed: P3M,
            won_back: P20D, second_purchase: P10D}
benefits:
  - {id: gold, name: {en: Gold}, kind: priority, for: {tiers: [gold]}}
  - {id: tagged, name: {en: Tagged}, kind: gift, for: {tags: [vip]}}
  - {id: back, name: {en: Back}, kind: gift, for: {stages: [won_back, lapsed]}}
  - {id: both, name: {en: Both}, kind: gift, for: {tiers: [gold], tags: [vip]}}
  - {id: all, name: {en: All}, kind: gift, for: everyone}
  - {id: given, name: {en: Given}, kind: gift, valid: P1D}
tiers:
  metrics: {spend: {spend: true, window: lifetime}}
  ladder:
    - {id: green, name: {en: Green}}
    - {id: gold, name: {en: Gold}, entry: {spend: 100000}}
"""
PROGRAM = read(TEXT)
PLAN = plan(PROGRAM, 1)
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.lists(st.integers(0, 700), min_size=1, max_size=14)


def came(*days: int) -> State:
    acts: dict[int, int] = {}
    first = Local(BEGIN, ZONE).day
    for day in days:
        acts[first + day] = acts.get(first + day, 0) + 1
    return State(metrics={ACTS: acts})


def stage(state: State, day: int) -> str:
    return look_at(PROGRAM, state, BEGIN + timedelta(days=day)).stage()


def test_a_life_goes_through_all_its_stages() -> None:
    assert stage(State(), 0) == "prospect"
    assert stage(came(0), 0) == "new"
    assert stage(came(0, 5), 6) == "growing"
    assert stage(came(0, 5, 9, 12), 13) == "mature"
    assert stage(came(0), 30) == "new"
    assert stage(came(0), 31) == "at_risk"
    assert stage(came(0), 90) == "lapsed"
    assert stage(came(0, 120), 121) == "won_back"
    assert stage(came(0, 120), 140) == "growing"


@given(DAYS, st.integers(0, 900))
def test_the_turns_that_are_foretold_are_those_that_happen(days: list[int], at: int) -> None:
    state, first = came(*days), Local(BEGIN, ZONE).day
    life = life_of(PROGRAM, state, first + at)
    turns = dict(life.turns(first + at))
    assert life.next_turn(first + at) == min(turns, default=None)
    now = life.stage(first + at)
    for day in range(first + at + 1, first + at + 200):
        then = life.stage(day)
        assert (then is not now) == (day in turns)
        assert turns.get(day, then) is then
        now = then


@given(DAYS, st.integers(0, 900))
def test_the_order_in_which_we_hear_of_days_does_not_matter(days: list[int], at: int) -> None:
    assert stage(came(*days), at) == stage(came(*reversed(days)), at)


@given(st.permutations([0, 3, 40, 41, 160, 161, 162, 163]))
def test_late_events_leave_the_same_stage_and_due_as_those_in_order(order: list[int]) -> None:
    found = set()
    for days in (order, sorted(order)):
        member = Member(1, BEGIN, State())
        for number, day in enumerate(days):
            at = BEGIN + timedelta(days=day, hours=1)
            bought = Purchase(currency="CNY", total=1)
            event = Event(str(number), "t", "purchase", "a", at, at, bought)
            advance(member, None, decide(PLAN, member, event, World()))
        assert member.state.stage is not None
        found.add((member.state.stage.stage, member.state.stage.due))
    assert len(found) == 1


@given(DAYS, st.integers(1, 900))
def test_reviews_find_every_turn_at_its_own_instant(days: list[int], until: int) -> None:
    member = Member(1, BEGIN, State())
    for number, day in enumerate(sorted(days)):
        at = BEGIN + timedelta(days=day, hours=1)
        event = Event(str(number), "t", "purchase", "a", at, at, Purchase(currency="CNY", total=1))
        advance(member, None, decide(PLAN, member, event, World()))
    end = BEGIN + timedelta(days=max(days) + until)
    looks = 0
    while (due := next_review(member.state)) is not None and due <= end:
        review = Event(f"r{looks}", "w", "regulars.review", "a", due, due, Review())
        decision = decide(PLAN, member, review, World(book=Book()))
        told = decision.explanation
        assert told.stages or member.state.stage != decision.state.stage
        assert all(move.at == due for move in told.stages)
        advance(member, None, decision)
        looks += 1
        assert looks < 20
    assert member.state.stage is not None
    assert member.state.stage.stage == look_at(PROGRAM, member.state, end).stage()


@given(st.booleans(), st.booleans(), st.integers(0, 20), st.integers(1, 10))
def test_who_is_entitled_follows_tier_tag_and_stage_at_the_instant(
    is_gold: bool, has_tag: bool, at: int, ends: int
) -> None:
    now = BEGIN + timedelta(days=at)
    tier = TierState("gold", BEGIN) if is_gold else TierState("green", BEGIN)
    tags = {"vip": Tag(BEGIN, BEGIN + timedelta(days=ends))} if has_tag else {}
    member = Member(1, BEGIN, State(tier=tier, tags=tags))
    is_tagged = has_tag and at < ends
    found = {one.benefit.id: one for one in entitled(PLAN, member, now)}
    assert ("gold" in found) == is_gold
    assert ("tagged" in found) == is_tagged
    assert ("both" in found) == (is_gold or is_tagged)
    assert "all" in found
    assert "given" not in found
    assert "back" not in found
    if "both" in found and is_gold:
        assert found["both"].until is None


def test_who_came_before_there_were_stages_is_not_a_stranger() -> None:
    state = State(counts={"purchase": 9}, clock=BEGIN)
    assert stage(state, 1) == "mature"
    assert stage(state, 32) == "at_risk"


def test_a_stage_turns_at_midnight_of_the_program() -> None:
    state, day = came(0), Local(BEGIN, ZONE).day
    life = life_of(PROGRAM, state, day)
    assert isinstance(life, Life)
    turn = start_of_day(day + 31, ZONE)
    assert look_at(PROGRAM, state, turn - timedelta(seconds=1)).stage() == "new"
    assert look_at(PROGRAM, state, turn).stage() == "at_risk"


def test_who_joined_on_a_leap_day_has_an_anniversary_every_year() -> None:
    assert (2, 29) in anniversary_days(datetime(2027, 2, 28, tzinfo=UTC).date())
    assert anniversary_days(datetime(2028, 2, 28, tzinfo=UTC).date()) == [(2, 28)]
    assert anniversary_days(datetime(2028, 2, 29, tzinfo=UTC).date()) == [(2, 29)]
