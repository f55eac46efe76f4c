"""At the door: whatever is sent is read or refused, and the same said otherwise is the same."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.domain.builders import at, program

from regulars.domain.envelopes import (
    EARLIEST,
    MAX_AHEAD,
    MAX_EVENT_BYTES,
    Arrival,
    arrive,
    check_against,
    data_of,
    make_event,
    read_event,
)
from regulars.domain.errors import (
    InvalidInput,
    Malformed,
    RegularsError,
    TooLarge,
    UnknownEventType,
)
from regulars.domain.events import BUILT_IN, Event
from regulars.domain.operations import Redemption, type_of
from regulars.domain.programs.model import CustomType

NOW = at("2026-03-01")
GOOD: dict[str, Any] = {
    "id": "e1",
    "source": "till",
    "type": "purchase",
    "subject": "card:1",
    "time": "2026-02-28T10:00:00+08:00",
    "data": {"currency": "CNY", "lines": [{"amount": 5, "category": "A"}], "store": "s"},
}


def read(changes: dict[str, Any] | None = None, **more: Any) -> Arrival:
    return read_event(json.dumps(GOOD | (changes or {}) | more).encode(), NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
names = st.sampled_from([*GOOD, "specversion", "datacontenttype", "dataschema", "extra"])
kinds = st.sampled_from([*BUILT_IN, "custom", "regulars.redemption", ""])


def taken_or_refused(raw: bytes) -> None:
    try:
        arrival = read_event(raw, NOW)
    except RegularsError as refusal:
        assert refusal.detail  # noqa: PT017
        return
    stored = data_of(arrival.event.type, arrival.payload)
    assert stored == arrival.event.data
    assert len(arrival.digest) == 32


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"[" * 100_000)
@example(b'{"a":' * 50_000)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    taken_or_refused(raw)


@given(json_values)
def test_any_json_is_read_or_refused(value: Any) -> None:
    taken_or_refused(json.dumps(value).encode())


@given(st.dictionaries(names, json_values, max_size=4), kinds, json_values)
def test_an_event_with_anything_in_it_is_read_or_refused(
    changes: dict[str, Any], kind: str, data: Any
) -> None:
    taken_or_refused(json.dumps(GOOD | {"type": kind, "data": data} | changes).encode())
    kept = {name: value for name, value in GOOD.items() if name not in changes}
    taken_or_refused(json.dumps(kept).encode())


@given(
    st.sampled_from(["currency", "total", "lines", "payments", "store", "attributes", "x"]),
    json_values,
)
@example("attributes", {"a": 10**400})
@example("total", 1e308)
def test_a_purchase_with_anything_in_it_is_read_or_refused(name: str, value: Any) -> None:
    taken_or_refused(json.dumps(GOOD | {"data": GOOD["data"] | {name: value}}).encode())


@given(st.dictionaries(st.sampled_from([*GOOD, "x"]), json_values), json_values, kinds)
def test_values_from_elsewhere_are_taken_or_refused(
    changes: dict[str, Any], data: Any, kind: str
) -> None:
    head = GOOD | {"type": kind, "time": NOW} | changes
    fields = data if isinstance(data, dict) else {"value": data}
    try:
        arrival = make_event(head, fields, NOW)
    except RegularsError:
        return
    assert arrival.event.data == data_of(arrival.event.type, arrival.payload) or kind == "custom"


def shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    return [shuffled(one, random) for one in value] if isinstance(value, list) else value


free = st.dictionaries(st.text(max_size=6), json_values, max_size=5)


@given(free, st.randoms(use_true_random=False), st.integers(0, 4))
def test_neither_the_order_of_keys_nor_white_space_makes_another_event(
    data: dict[str, Any], random: Any, indent: int
) -> None:
    event = GOOD | {"type": "custom", "data": data}
    again = json.dumps(shuffled(event, random), indent=indent or None, ensure_ascii=bool(indent))
    try:
        first = read_event(json.dumps(event).encode(), NOW)
        assert read_event(again.encode(errors="surrogatepass"), NOW).digest == first.digest
    except RegularsError:
        return


def test_what_is_left_out_is_the_same_as_its_default() -> None:
    line = {"amount": 5, "category": "A", "quantity": 1, "sku": None}
    full = GOOD["data"] | {"lines": [line], "payments": [], "attributes": {}, "channel": None}
    assert read(data=full).digest == read().digest
    assert read(specversion="1.0", dataschema=None).digest == read().digest
    assert read(time="2026-02-28T02:00:00Z").digest == read().digest


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "2026-02-28T10:00:01+08:00"},
        {"subject": "card:2"},
        {"data": {**GOOD["data"], "store": "t"}},
        {"data": {**GOOD["data"], "lines": [{"amount": 6, "category": "A"}]}},
        {"type": "custom"},
    ],
)
def test_any_other_content_is_another_digest(changes: dict[str, Any]) -> None:
    assert read(changes).digest != read().digest


def test_the_digest_does_not_look_at_when_we_heard_of_it() -> None:
    raw = json.dumps(GOOD).encode()
    assert read_event(raw, NOW + timedelta(days=3)).digest == read().digest


def test_an_operation_is_the_same_a_second_later() -> None:
    def operation(when: datetime) -> Arrival:
        data = Redemption(currency="points", amount=5)
        return arrive(Event("op", "regulars.api", type_of[Redemption], "card:1", when, when, data))

    assert operation(NOW).digest == operation(NOW + timedelta(seconds=1)).digest


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"time": "2026-02-28T10:00:00"}, "/time"),
        ({"time": (NOW + MAX_AHEAD + timedelta(seconds=1)).isoformat()}, "/time"),
        ({"time": (EARLIEST - timedelta(seconds=1)).isoformat()}, "/time"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "/time"),
        ({"time": "9999-12-31T23:59:59-14:00"}, "/time"),
        ({"time": "yesterday"}, "/time"),
        ({"id": ""}, "/id"),
        ({"id": "e1\n"}, "/id"),
        ({"source": "a\x00b"}, "/source"),
        ({"subject": "card:1\n"}, "/subject"),
        ({"subject": "phone:1"}, "/subject"),
        ({"source": "regulars.api"}, "/source"),
        ({"type": "regulars.redemption"}, "/type"),
        ({"extra": 1}, ""),
        ({"data": {"currency": "CNY"}}, "/data"),
        ({"data": {"currency": "CNY", "total": 4, "lines": [{"amount": 5}]}}, "/data/total"),
        ({"data": {"currency": "CNY", "total": -1}}, "/data/total"),
        ({"data": {"currency": "CNY", "total": 10**15 + 1}}, "/data/total"),
        ({"data": {"currency": "CNY", "total": 1.5}}, "/data/total"),
        ({"data": {"currency": "CNY", "lines": [{"amount": 1, "quantity": 0}]}}, "/data/lines/..."),
        ({"data": {"currency": "yuan", "total": 1}}, "/data/currency"),
        ({"type": "custom", "data": [1]}, "/data"),
    ],
)
def test_a_refusal_points_at_what_is_wrong(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(changes)
    assert refusal.value.faults[0].pointer.startswith(pointer.removesuffix("/..."))


def test_instants_at_the_very_limits_are_taken() -> None:
    ahead = read(time=(NOW + MAX_AHEAD).isoformat())
    assert ahead.event.time == NOW + MAX_AHEAD
    assert ahead.event.time.tzinfo is UTC
    assert read(time=EARLIEST.isoformat()).event.time == EARLIEST


def test_an_event_may_be_as_large_as_the_limit_and_no_larger() -> None:
    spare = MAX_EVENT_BYTES - len(json.dumps(GOOD | {"type": "custom", "data": {"x": ""}}))
    assert read(type="custom", data={"x": "a" * spare}).event.data["x"]
    with pytest.raises(TooLarge):
        read(type="custom", data={"x": "a" * (spare + 1)})
    with pytest.raises(TooLarge):
        make_event(GOOD | {"type": "custom", "time": NOW}, {"x": "a" * MAX_EVENT_BYTES}, NOW)


def test_data_nests_so_deep_and_no_deeper() -> None:
    def nested(depth: int) -> Any:
        return {"x": nested(depth - 1)} if depth else 1

    assert read(type="custom", data=nested(32))
    with pytest.raises(InvalidInput, match="nests"):
        read(type="custom", data=nested(33))


def test_no_json_is_malformed() -> None:
    for raw in (b"", b"{", b"\xff", b"nope", b'{"id": "\xc3"}'):
        with pytest.raises(Malformed):
            read_event(raw, NOW)


# What only the program knows.

DEPOSIT = CustomType(
    "deposit",
    {
        "type": "object",
        "properties": {"paid": {"type": "integer"}, "kind": {"enum": ["a", "b"]}},
        "additionalProperties": False,
    },
    amount="paid",
)
RULES = program(
    custom_types={"deposit": DEPOSIT},
    event_attributes={"purchase": {"weather": "string", "count": "int", "is_rain": "bool"}},
)


@pytest.mark.parametrize("data", [{"paid": 5}, {"paid": 0}, {}, {"kind": "a", "paid": 10**15}])
def test_a_declared_type_takes_what_its_schema_takes(data: dict[str, Any]) -> None:
    check_against(RULES, read(type="deposit", data=data).event)


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"paid": "5"}, "/data/paid"),
        ({"kind": "c"}, "/data/kind"),
        ({"other": 1}, "/data"),
        # JSON Schema takes these for integers; the ledger does not.
        ({"paid": 5.0}, "/data/paid"),
        ({"paid": -5}, "/data/paid"),
        ({"paid": 10**15 + 1}, "/data/paid"),
    ],
)
def test_a_declared_type_refuses_what_cannot_be_counted(data: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_against(RULES, read(type="deposit", data=data).event)
    assert refusal.value.faults[0].pointer == pointer


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(UnknownEventType, match="deposit"):
        check_against(RULES, read(type="unheard", data={}).event)


def test_another_money_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_against(RULES, read(data={"currency": "EUR", "total": 1}).event)
    assert refusal.value.faults[0].pointer == "/data/currency"


@pytest.mark.parametrize(
    ("attributes", "is_fine"),
    [
        ({"weather": "rain", "count": 3, "is_rain": True}, True),
        ({"weather": 3}, False),
        ({"count": True}, False),
        ({"is_rain": 1}, False),
        ({"unknown": "x"}, False),
    ],
)
def test_attributes_are_those_that_are_declared(attributes: dict[str, Any], is_fine: bool) -> None:
    arrival = read(data=GOOD["data"] | {"attributes": attributes})
    if is_fine:
        check_against(RULES, arrival.event)
        return
    with pytest.raises(InvalidInput) as refusal:
        check_against(RULES, arrival.event)
    assert refusal.value.faults[0].pointer.startswith("/data/attributes/")


def test_an_operation_is_not_checked_against_the_event_types() -> None:
    data = Redemption(currency="points", amount=5)
    check_against(RULES, Event("o", "s", type_of[Redemption], "card:1", NOW, NOW, data))
