"""Cells are read exactly or refused; nothing is rounded, nothing guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.gateways.files.cells import reader, time_reader
from regulars.gateways.files.mapping import Column, Time

MONEY = reader(Column("paid", kind="money"))
WHOLE = reader(Column("n", kind="integer"))
TRUTH = reader(Column("b", kind="boolean"))


@given(st.integers(0, 10**12))
def test_money_in_any_writing_is_the_same_amount(minor: int) -> None:
    text = f"{minor // 100}.{minor % 100:02d}"
    comma = reader(Column("paid", kind="money", decimal=","))

    assert MONEY(text) == MONEY(Decimal(text)) == MONEY(f" {text}00 ") == minor
    assert comma(f"{minor // 100:,}".replace(",", ".") + f",{minor % 100:02d}") == minor


@given(st.integers(0, 10**12))
def test_binary_fractions_stand_for_their_decimal(minor: int) -> None:
    assert MONEY(minor / 100) == minor


@pytest.mark.parametrize(
    ("cell", "minor"),
    [("5", 500), ("5.", 500), (5, 500), ("-3.20", -320), ("1e2", 10_000), (1.776e-15, 0)],
)
def test_other_writings_of_money(cell: object, minor: int) -> None:
    assert MONEY(cell) == minor


@pytest.mark.parametrize(
    "cell", ["1.005", "", "abc", "1,50", "NaN", "Infinity", "1e40", 1.005, float("nan"), "²"]
)
def test_what_is_no_amount_is_refused(cell: object) -> None:
    with pytest.raises(InvalidInput, match="paid"):
        MONEY(cell)


@pytest.mark.parametrize(("cell", "number"), [("7", 7), ("7.0", 7), (7.0, 7), (7, 7), ("-7", -7)])
def test_whole_numbers(cell: object, number: int) -> None:
    assert WHOLE(cell) == number


@pytest.mark.parametrize("cell", ["7.5", 7.5, "seven"])
def test_what_is_not_whole_is_refused(cell: object) -> None:
    with pytest.raises(InvalidInput):
        WHOLE(cell)


@pytest.mark.parametrize(("cell", "truth"), [("Yes", True), ("0", False), (True, True), (0, False)])
def test_truth(cell: object, truth: bool) -> None:
    assert TRUTH(cell) is truth


@pytest.mark.parametrize("cell", ["maybe", "2", 2])
def test_what_is_neither_is_refused(cell: object) -> None:
    with pytest.raises(InvalidInput):
        TRUTH(cell)


@pytest.mark.parametrize(
    ("time", "cell", "wanted"),
    [
        (Time("at"), "2025-07-01T10:00:00+02:00", "2025-07-01T08:00:00"),
        (Time("at"), "2025-07-01T10:00:00Z", "2025-07-01T10:00:00"),
        (Time("at", zone="Europe/Berlin"), "2025-07-01 10:00", "2025-07-01T08:00:00"),
        (Time("at", zone="Europe/Berlin"), "2025-10-26 02:30", "2025-10-26T00:30:00"),
        (Time("at", zone="Asia/Shanghai"), date(2025, 7, 1), "2025-06-30T16:00:00"),
        (Time("at", zone="UTC"), datetime(2025, 7, 1, 9), "2025-07-01T09:00:00"),  # noqa: DTZ001
        (Time("at", zone="UTC", format="%d/%m/%Y"), "02/07/2025", "2025-07-02T00:00:00"),
        (Time("at", format="unix"), "1751364000", "2025-07-01T10:00:00"),
        (Time("at", format="unix_ms"), 1751364000500, "2025-07-01T10:00:00.500"),
    ],
)
def test_times_become_utc(time: Time, cell: object, wanted: str) -> None:
    assert time_reader(time)(cell) == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


@pytest.mark.parametrize("cell", ["yesterday", "2025-13-01", "", "9999-12-31T23:59:59-12:00"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(InvalidInput):
        time_reader(Time("at", zone="UTC"))(cell)


def test_a_time_without_a_zone_is_not_guessed() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        time_reader(Time("at"))("2025-07-01 10:00")
