"""Calendar arithmetic in a program's zone: month ends, leap days, clocks that change."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import at

from regulars.domain.periods import (
    EPOCH_DAY,
    Duration,
    Local,
    Unit,
    add,
    end_of,
    midnight,
    month_after,
    next_start,
    period_key,
    start_of,
)

# Clocks that change at midnight, by half an hour, on other sides of the world, and over a day.
ZONES = [
    "UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Sao_Paulo",
    "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo",
]  # fmt: skip
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
units = st.sampled_from(list(Unit))
days = st.dates(date(1995, 1, 1), date(2060, 12, 31))
instants = st.integers(int(at("1995-01-01").timestamp()), int(at("2060-12-31").timestamp())).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)


@given(days, st.integers(0, 400))
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = month_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -1, "2023-12-15"),
    ],
)
def test_months_are_added_on_the_calendar(start: str, months: int, end: str) -> None:
    assert month_after(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(instants, zones, st.integers(0, 60), st.integers(0, 800))
def test_a_calendar_span_keeps_the_wall_clock(
    instant: datetime, zone: ZoneInfo, months: int, shift: int
) -> None:
    span = Duration(months=months, days=shift)
    wall = instant.astimezone(zone).replace(tzinfo=None)
    moved = add(instant, span, zone)
    day = month_after(wall.date(), months) + timedelta(days=shift)
    expected = datetime.combine(day, wall.time())
    found = moved.astimezone(zone).replace(tzinfo=None)
    exists = expected.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    if exists.replace(tzinfo=None) == expected:
        assert found == expected or not (months or shift)
    else:
        # The zone skips that hour, or that whole day: it moves on, never back.
        assert timedelta(0) < found - expected <= timedelta(days=1)


def test_a_wall_time_that_is_skipped_moves_on_by_the_gap() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # 02:30 does not exist on 31 March 2024 in Berlin.
    assert add(at("2024-03-30T01:30"), Duration(days=1), berlin) == at("2024-03-31T01:30")
    assert add(at("2024-03-31T00:30"), Duration(days=1), berlin) == at("2024-03-31T23:30")


def test_a_wall_time_that_comes_twice_is_the_first_of_the_two() -> None:
    york = ZoneInfo("America/New_York")
    # 01:30 comes twice on 3 November 2024 in New York: first at 05:30 UTC.
    assert add(at("2024-11-02T05:30"), Duration(days=1), york) == at("2024-11-03T05:30")
    assert add(at("2024-11-03T06:30"), Duration(days=1), york) == at("2024-11-04T06:30")


@given(instants, zones, st.integers(0, 10**7))
def test_seconds_are_seconds_whatever_the_clock_does(
    instant: datetime, zone: ZoneInfo, seconds: int
) -> None:
    assert add(instant, Duration(seconds=seconds), zone) == instant + timedelta(seconds=seconds)


@given(units, instants, zones)
def test_an_instant_is_before_the_end_of_its_own_unit(
    unit: Unit, instant: datetime, zone: ZoneInfo
) -> None:
    end = end_of(unit, instant, zone)
    assert instant < end
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    own = instant.astimezone(zone).date()
    assert period_key(unit, last) == period_key(unit, own)
    assert period_key(unit, end.astimezone(zone).date()) > period_key(unit, own)
    assert end_of(unit, end - timedelta(microseconds=1), zone) == end


@given(units, days)
def test_units_tile_the_calendar(unit: Unit, day: date) -> None:
    start, following = start_of(unit, day), next_start(unit, day)
    assert start <= day < following
    assert start_of(unit, following) == following
    assert next_start(unit, following - timedelta(days=1)) == following
    assert period_key(unit, day) == start.toordinal() - EPOCH_DAY


def test_weeks_begin_on_monday_and_quarters_in_january() -> None:
    assert start_of(Unit.WEEK, date(2024, 1, 7)) == date(2024, 1, 1)
    assert start_of(Unit.QUARTER, date(2024, 5, 31)) == date(2024, 4, 1)
    assert next_start(Unit.QUARTER, date(2024, 11, 30)) == date(2025, 1, 1)


def test_a_day_whose_midnight_is_skipped_begins_when_the_clock_has_moved() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert midnight(date(2018, 11, 4), sao_paulo) == at("2018-11-04T03:00")
    assert end_of(Unit.DAY, at("2018-11-04T02:59"), sao_paulo) == at("2018-11-04T03:00")


def test_a_day_that_a_zone_skips_takes_no_time() -> None:
    apia = ZoneInfo("Pacific/Apia")
    # Samoa had no 30 December 2011.
    assert end_of(Unit.DAY, at("2011-12-30T09:00"), apia) == at("2011-12-30T10:00")
    assert Local(at("2011-12-30T10:00"), apia).date == date(2011, 12, 31)


@given(instants, zones)
def test_the_wall_clock_is_cut_as_the_zone_shows_it(instant: datetime, zone: ZoneInfo) -> None:
    local, wall = Local(instant, zone), instant.astimezone(zone)
    assert local.date == wall.date()
    assert local.day == (wall.date() - date(1970, 1, 1)).days
    assert (local.minute, local.weekday) == (wall.hour * 60 + wall.minute, wall.weekday())
    assert (local.year, local.at) == (wall.year, instant)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P12M", Duration(months=12)),
        ("P1Y2M", Duration(months=14)),
        ("P2W3D", Duration(days=17)),
        ("PT90M", Duration(seconds=5400)),
        ("P1DT2H", Duration(days=1, seconds=7200)),
    ],
)
def test_durations_are_read(text: str, expected: Duration) -> None:
    assert Duration.parse(text) == expected
    assert Duration.parse(str(expected)) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1D", "P-1D", "P1.5D", "PT1S", "p1d", "P1D "]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)


def test_no_span_is_written_as_no_days() -> None:
    assert str(Duration()) == "P0D"
