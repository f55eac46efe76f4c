"""Conditions see the event, the member, the order and the line as the engine hands them over."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from tests.domain.programs.documents import changed, faults, program

from regulars.domain.conditions.python import EvaluationError
from regulars.domain.events import BUILT_IN, Event, Line
from regulars.domain.members import MemberView
from regulars.domain.programs.fields import rule_fields

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEMBER = MemberView("gold", NOW, 3, {"birth_month": 3})
ORDER = SimpleNamespace(
    total=1250,
    currency="CNY",
    store="s1",
    channel=None,
    line_count=2,
    payment_methods=["card", "cash"],
    attributes={"weather": "rain"},
)
LINE = Line(amount=500, quantity=2, category="tea")
DATA: dict[str, dict[str, Any]] = {
    "purchase": {"currency": "CNY", "total": 1250, "attributes": {"weather": "rain"}},
    "card_payment": {"currency": "CNY", "amount": 500, "card": "cobrand"},
    "review": {"rating": 5, "length": 80},
}


def holds(condition: str, *, on: Any = "purchase", data: Any = None) -> bool:
    rule = {"id": "x", "on": on, "earn": {"currency": "points", "points": 1}, "when": condition}
    found = program(("rules/3", rule)).rules[3].condition
    assert found is not None
    code = on if isinstance(on, str) else on[0]
    payload = DATA.get(code, {}) if data is None else data
    if code in BUILT_IN:
        payload = msgspec.convert(payload, BUILT_IN[code])
    event = Event("e1", "shop", code, "m1", NOW, NOW, payload)
    return found.test(event, MEMBER, ORDER, LINE, NOW)


@pytest.mark.parametrize(
    "condition",
    [
        "order.total == 1250 && order.line_count == 2",
        '"card" in order.payment_methods',
        'order.store == "s1" && !has(order.channel)',
        'has(order.attributes.weather) && order.attributes.weather == "rain"',
        'event.data.attributes.weather == "rain"',
        "event.data.total == 1250",
        "size(event.data.lines) == 0",
        'event.type == "purchase" && event.source == "shop" && event.time == now',
        'member.tier == "gold" && member.purchases == 3 && member.enrolled_at <= now',
        "member.attributes.birth_month == 3 && !has(member.attributes.vip)",
        "!has(event.data.store)",
    ],
)
def test_a_purchase_is_seen_whole(condition: str) -> None:
    assert holds(condition)


@pytest.mark.parametrize(
    "condition",
    ['order.channel == "app"', "member.attributes.vip", 'event.data.store == "s1"'],
)
def test_what_is_absent_has_no_answer(condition: str) -> None:
    with pytest.raises(EvaluationError):
        holds(condition)


def test_other_types_show_their_own_data() -> None:
    assert holds("event.data.rating == 5 && event.data.photos == 0", on="review")
    assert holds('event.data.amount >= 500 && event.data.card == "cobrand"', on="card_payment")


def test_a_custom_type_shows_the_properties_of_its_schema() -> None:
    data = {"deposit": 25, "kind": "glass"}

    assert holds(
        'event.data.deposit == 25 && event.data.kind == "glass"', on="bottle_returned", data=data
    )
    assert holds("!has(event.data.kind)", on="bottle_returned", data={"deposit": 1})


def test_several_types_show_what_they_share() -> None:
    assert holds('!has(event.data.store) && event.type != "review"', on=["visit", "review"])
    wrong = {"id": "x", "on": ["visit", "review"], "earn": {"currency": "points", "points": 1}}
    for condition in ("event.data.rating > 3", "order.total > 3"):
        (fault,) = faults(changed(("rules/3", wrong | {"when": condition})))
        assert fault.code == "condition_invalid"


def test_a_line_is_seen_in_lines_where() -> None:
    rule = {
        "id": "x",
        "on": "purchase",
        "earn": {"currency": "points", "points": 1},
        "lines": {"where": 'line.quantity >= 2 && line.category == "tea" && order.total > 0'},
    }
    scope = program(("rules/3", rule)).rules[3].lines
    assert scope is not None
    assert scope.condition is not None
    event = Event("e1", "shop", "purchase", "m1", NOW, NOW, None)

    assert scope.condition.test(event, MEMBER, ORDER, LINE, NOW)
    assert not scope.condition.test(event, MEMBER, ORDER, Line(amount=1, category="tea"), NOW)


def test_every_built_in_type_can_be_spoken_about() -> None:
    for code in BUILT_IN:
        found = rule_fields({code}, attributes={}, event_attributes={}, custom_types={})
        assert found.event is not None
        assert "attributes" in str(found.event.fields["data"].type.fields.keys())  # type: ignore[union-attr]


SCHEMA = {
    "type": "object",
    "properties": {
        "tags": {"type": "array", "items": {"type": "string"}},
        "place": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
        "note": {"type": ["string", "null"]},
        "from": {"type": "string"},
        "any": {},
    },
    "required": ["tags", "place"],
}


def test_nested_and_listed_properties_can_be_used_and_awkward_names_cannot() -> None:
    rule = {"id": "x", "on": "trip", "earn": {"currency": "points", "points": 1}}
    trip = ("event_types/trip", {"schema": SCHEMA})
    good = '"a" in event.data.tags && event.data.place.city == "上海" && event.data.note != "x"'

    assert not faults(changed(trip, ("rules/3", rule | {"when": good})))
    for name in ("any", "from"):
        assert faults(changed(trip, ("rules/3", rule | {"when": f"has(event.data.{name})"})))
