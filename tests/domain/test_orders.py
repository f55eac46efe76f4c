"""Whatever the order in which events arrive, and however often somebody looks, the end is one."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.builders import (
    Life,
    after,
    at,
    bought,
    brought_back,
    fixed_rule,
    ladder,
    lines,
    metric,
    multiplier,
    points,
    program,
    rate_rule,
    rung,
    span,
    visit,
)

from regulars.domain.counting import DAYS_KEPT_AFTER_WINDOW
from regulars.domain.errors import RegularsError
from regulars.domain.events import Event
from regulars.domain.ledger import Balance
from regulars.domain.operations import Review
from regulars.domain.periods import Local, Unit
from regulars.domain.programs.model import MetricSource, Program, StepDown

START = at("2023-09-20")


WINDOWS = [("calendar_year", None), ("rolling", "P1M"), ("lifetime", None)]
TERMS: list[dict[str, Any]] = [
    {},
    {"valid": span("P2M")},
    {"valid": span("P1M"), "valid_until": Unit.QUARTER},
]


@st.composite
def ladders(draw: st.DrawFn, *, is_termless: bool = False) -> Any:
    # The sums of years and lifetimes have no days, so the needs of one tier have windows of one
    # kind: a late event would else be weighed together with what came after it.
    window, back = draw(st.sampled_from(WINDOWS))
    counted = {"source": MetricSource.COUNT, "types": frozenset({"visit"})}
    visits = metric("visits", window, span=back, **counted)
    policy = draw(st.sampled_from(TERMS[:1] if is_termless else TERMS))
    if policy and draw(st.booleans()):
        policy = policy | {"grace": span("P10D")}
    return ladder(
        rung("silver", {"spend": 100}, {"spend": 60}),
        rung("gold", {"spend": 200}, {"spend": 120}),
        rung("top", {"spend": 400, "visits": 1}),
        metrics=(metric("spend", window, span=back), visits),
        review=draw(st.sampled_from([None, Unit.MONTH, Unit.QUARTER])),
        step_down=draw(st.sampled_from(list(StepDown))),
        **policy,
    )


acts = st.lists(
    st.tuples(st.sampled_from(["buy", "buy", "visit", "return"]), st.integers(0, 24 * 10),
              st.integers(1, 150)),
    min_size=1,
    max_size=12,
)  # fmt: skip


def happened(taken: list[tuple[str, int, int]]) -> list[Event]:
    """The events in the order of their times; a return is of the purchase before it."""
    events: list[Event] = []
    when, last = START, ""
    for number, (what, hours, amount) in enumerate(taken):
        when += timedelta(hours=hours)
        if what == "buy":
            last = f"p{number}"
            events.append(bought(last, when, lines((amount, 4, "A"), (amount // 2, 1, "B"))))
        elif what == "visit":
            events.append(visit(f"v{number}", when))
        elif last:
            events.append(brought_back(f"r{number}", when, last, places=[(0, 1 + amount % 3)]))
    return events


@settings(max_examples=150, deadline=None)
@given(ladders(), acts, st.lists(st.integers(0, 24 * 120), max_size=4))
def test_to_look_in_between_changes_nothing(
    rungs: Any, taken: list[tuple[str, int, int]], looks: list[int]
) -> None:
    life = Life(program(ladder=rungs), since=START.date().isoformat())
    for one in happened(taken):
        try_do(life, one)
    now = life.member.state.clock or START
    end = now + timedelta(days=125)
    often, once = life, deepcopy(life)
    for hours in sorted(looks):
        often.operate(now + timedelta(hours=hours), Review())
    often.operate(end, Review())
    once.operate(end, Review())
    assert often.member.state.tier == once.member.state.tier
    assert often.balance(end) == once.balance(end)
    assert [move for told in often.told.values() for move in told.tiers] == [
        move for told in once.told.values() for move in told.tiers
    ]


def try_do(life: Life, one: Event) -> None:
    try:
        life.do(one)
    except RegularsError as refusal:
        assert refusal.code == "already_returned"  # noqa: PT017 - anything else is a fault


PLAIN = (
    rate_rule("base", "1.2"),
    fixed_rule("gift", 7, on=frozenset({"visit", "purchase"})),
    multiplier("double", "1.5"),
)


def is_kept(bucket: int, newest: int) -> bool:
    """Whether a year, a lifetime, or a day that is remembered in whatever order events come."""
    return bucket < 3000 or bucket >= newest - DAYS_KEPT_AFTER_WINDOW


def lived(rules_of: Program, order: list[Event], end: datetime) -> tuple[Any, ...]:
    """A life in which returns that come before their purchase wait for it."""
    life = Life(rules_of, since=START.date().isoformat())
    waiting: list[Event] = []
    for one in order:
        if one.type == "return" and one.data.purchase_id not in life.bought:
            waiting.append(one)
            continue
        try_do(life, one)
        if one.type == "purchase":
            for late in [w for w in waiting if w.data.purchase_id == one.id]:
                waiting.remove(late)
                try_do(life, late)
    life.operate(end, Review())
    earned = {one.id: life.told[one.id].earned for one in order if one.id in life.told}
    newest = max((Local(one.time, rules_of.zone).day for one in order), default=0)
    metrics = {
        code: {bucket: amount for bucket, amount in buckets.items() if is_kept(bucket, newest)}
        for code, buckets in life.member.state.metrics.items()
    }
    return earned, life.tier, life.balance(end), metrics


@settings(max_examples=150, deadline=None)
@given(
    ladders(is_termless=True),
    st.sampled_from([points(), points(expiry=after("P60D")), points(pending=span("P9D"))]),
    acts,
    st.data(),
)
def test_events_in_any_order_come_to_the_same_end(
    rungs: Any, currency: Any, taken: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    rules_of = program(*PLAIN, currencies=(currency,), ladder=rungs)
    events = happened(taken)
    # One return for each purchase: of two that do not both fit, the first to come is honoured.
    seen: set[str] = set()
    events = [
        one
        for one in events
        if one.type != "return"
        or not (one.data.purchase_id in seen or seen.add(one.data.purchase_id))
    ]
    end = START + timedelta(days=600)
    first = lived(rules_of, events, end)
    order = data.draw(st.permutations(events))
    assert lived(rules_of, order, end) == first


def test_nothing_that_happened_is_nothing_owed() -> None:
    assert lived(program(*PLAIN), [], START)[2] == Balance()
