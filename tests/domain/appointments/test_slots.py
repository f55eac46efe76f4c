"""Series of appointments keep to the clocks of the place; codes are told from anything else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.appointments.slots import MAX_SERIES, Series, instants
from regulars.domain.benefits.codes import POSSIBLE, code_of, grouped, is_code, normal
from regulars.domain.errors import InvalidInput

NEW_YORK = ZoneInfo("America/New_York")


def series(**more: object) -> Series:
    values = {
        "first_day": date(2026, 3, 2), "last_day": date(2026, 3, 15),
        "weekdays": frozenset({0, 6}), "starts": (600,), "minutes": 30,
    } | more  # fmt: skip
    return Series(**values)  # type: ignore[arg-type]


def test_ten_o_clock_stays_ten_o_clock_when_the_clocks_change() -> None:
    found = instants(series(), NEW_YORK)
    assert [start.astimezone(NEW_YORK).strftime("%a %H:%M") for start, _ in found] == [
        "Mon 10:00", "Sun 10:00", "Mon 10:00", "Sun 10:00",
    ]  # fmt: skip
    assert found[0][0] == datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert found[1][0] == datetime(2026, 3, 8, 14, tzinfo=UTC)
    assert all(end - start == timedelta(minutes=30) for start, end in found)


@given(
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.integers(0, 60),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.integers(0, 1439), min_size=1, max_size=5),
)
def test_a_series_is_in_order_and_never_twice_at_once(
    first: date, days: int, weekdays: frozenset[int], starts: frozenset[int]
) -> None:
    wanted = series(
        first_day=first, last_day=first + timedelta(days=days), weekdays=weekdays,
        starts=tuple(sorted(starts)),
    )  # fmt: skip
    try:
        found = [start for start, _ in instants(wanted, NEW_YORK)]
    except InvalidInput:
        return
    assert found == sorted(set(found))
    assert len(found) <= min(MAX_SERIES, (days + 1) * len(starts))
    assert all(first <= start.astimezone(NEW_YORK).date() <= wanted.last_day for start in found)


@given(st.integers(0, POSSIBLE - 1))
def test_every_code_is_read_however_it_is_typed(drawn: int) -> None:
    code = code_of(drawn)
    assert is_code(code)
    assert normal(f" {grouped(code).lower()} ") == code


@given(st.lists(st.integers(0, POSSIBLE - 1), unique=True, max_size=20))
def test_no_two_codes_are_the_same(drawn: list[int]) -> None:
    assert len({code_of(one) for one in drawn}) == len(drawn)


@pytest.mark.parametrize("text", ["", "B", "C23456789A", "B0123456789", "B2345678OI", "card:4711"])
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert not is_code(normal(text))
