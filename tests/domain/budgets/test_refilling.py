"""What comes back by a return refills the budgets of its stretch, never by more than was taken."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import EN

from regulars.domain.budgets.refilling import keys_of, refilled
from regulars.domain.decisions import World, decide
from regulars.domain.events import Event, Line, Purchase, Return, ReturnedLine
from regulars.domain.ledger import Book
from regulars.domain.members import Member, State
from regulars.domain.plans import Plan, plan
from regulars.domain.programs.document import read
from regulars.domain.reversals import Bought, share_of

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
LINES = st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 7)), min_size=1, max_size=5)
PIECES = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 7)), max_size=12)


def shop() -> Plan:
    most = 1_000_000
    earn = {"currency": "points", "rate": 1, "per": 0.07}
    points = {"currency": "points", "most": most}
    rule = {"name": EN, "on": "purchase", "earn": earn}
    document: dict[str, Any] = {
        "regulars": 1, "program": "refilled", "name": EN, "time_zone": "Asia/Shanghai",
        "money": "CNY",
        "currencies": {"points": {"kind": "spendable", "name": EN}},
        "rules": [
            rule | {"id": "base"},
            rule | {"id": "own", "budget": most, "lines": {"categories": ["A"]}},
        ],
        "budgets": [{"id": "all", "name": EN, "per": "month", "points": points}],
    }  # fmt: skip
    return plan(read(json.dumps(document)))


SHOP = shop()


def bought(lines: list[tuple[int, int]]) -> tuple[Bought, Mapping[str, int]]:
    """A purchase, and what it took of budgets."""
    data = Purchase(
        currency="CNY",
        lines=tuple(
            Line(amount=amount, quantity=quantity, category="AB"[place % 2])
            for place, (amount, quantity) in enumerate(lines)
        ),
    )
    event = Event("p", "till", "purchase", "card:1", NOON, NOON, data)
    left = {**SHOP.budgets, "all|2024-03-01": 1_000_000}
    decision = decide(SHOP, Member(1, NOON, State()), event, World(left, Book()))
    told = decision.explanation
    found = Bought(
        event_id=1, event=event, plan=SHOP, tier="", given=told.rules, returned={},
        scoped=told.lines,
    )  # fmt: skip
    return found, decision.budgets


@given(LINES, PIECES)
def test_parts_in_any_order_add_up_to_what_was_taken_and_never_to_more(
    lines: list[tuple[int, int]], pieces: list[tuple[int, int]]
) -> None:
    one, took = bought(lines)
    assert took.keys() <= keys_of(one)
    left = dict(took)
    for place, quantity in [*pieces, *((place, 0) for place in range(len(lines)))]:
        if place >= len(lines):
            continue
        there = lines[place][1] - one.returned.get(place, 0)
        taken = min(quantity, there) if quantity else there
        if not taken:
            continue
        data = Return(purchase_id="p", lines=(ReturnedLine(place, taken),))
        share = share_of(one, data)
        own, shared = refilled(one, share, {})
        for key, points in {**own, **shared}.items():
            assert points <= 0
            left[key] += points
            assert left[key] >= 0
        one.returned = share.returned
    assert not any(left.values())


@pytest.mark.parametrize(("waived", "back"), [(0, 20), (5, 15), (20, 0)])
def test_points_that_are_let_go_stay_a_cost(waived: int, back: int) -> None:
    one, took = bought([(70, 1)])
    assert took == {"own": 10, "all|2024-03-01": 20}
    share = share_of(one, Return(purchase_id="p"))
    own, shared = refilled(one, share, {"points": waived})
    assert shared.get("all|2024-03-01", 0) == -back
    assert 0 <= -own.get("own", 0) <= min(back, 10)


def test_a_purchase_that_took_of_no_budget_refills_none() -> None:
    one, took = bought([(1, 1)])
    assert took == {}
    assert refilled(one, share_of(one, Return(purchase_id="p")), {}) == ({}, {})
