"""Throttling: a slip costs nothing, and guessing takes longer than anyone has."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain import throttling
from regulars.domain.passwords import ENOUGH_GUESSES
from regulars.domain.throttling import (
    CODE_DIGITS,
    CODE_LIFETIME,
    CODE_TRIES,
    CODES,
    FORGOTTEN_AFTER,
    SENDING,
    SENDING_BY_ADDRESS,
    SIGN_IN_BY_ACCOUNT,
    SIGN_IN_BY_ADDRESS,
    Backoff,
    is_forgotten,
    next_try,
    tries_within,
)

LAST = datetime(2024, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
RULES = [SIGN_IN_BY_ACCOUNT, SIGN_IN_BY_ADDRESS, CODES, SENDING, SENDING_BY_ADDRESS]
rules = st.sampled_from(RULES)


@given(st.integers(0, 10**9), rules)
def test_each_failure_waits_at_least_as_long_as_the_one_before_and_at_most_the_cap(
    failures: int, rule: Backoff
) -> None:
    wait = next_try(failures, LAST, rule) - LAST
    assert timedelta() <= wait <= rule.cap
    assert next_try(failures + 1, LAST, rule) - LAST >= wait
    assert (wait == timedelta()) == (failures < rule.free)


@pytest.mark.parametrize("rule", RULES)
def test_waits_double_from_the_first_to_the_cap(rule: Backoff) -> None:
    assert next_try(rule.free - 1, LAST, rule) == LAST
    assert next_try(rule.free, LAST, rule) == LAST + rule.first
    assert next_try(rule.free + 2, LAST, rule) == LAST + min(rule.cap, rule.first * 4)
    assert next_try(rule.free + 1000, LAST, rule) == LAST + rule.cap


@given(rules, st.integers(0, 14 * 24 * 60))
def test_the_tries_within_a_time_are_those_of_somebody_who_never_rests(
    rule: Backoff, minutes: int
) -> None:
    end = LAST + timedelta(minutes=minutes, seconds=1)
    failures, now = 0, LAST
    while now < end:
        failures += 1
        now = next_try(failures, now, rule)
    assert tries_within(rule, end - LAST) == failures


def test_guessing_codes_for_a_year_finds_less_than_one_in_five_hundred_accounts() -> None:
    tries = tries_within(CODES, YEAR)
    assert tries == 1472
    assert Fraction(tries, 10**CODE_DIGITS) < Fraction(1, 500)
    assert CODES.free >= CODE_TRIES
    assert timedelta() < CODE_LIFETIME <= timedelta(minutes=10)


def test_guessing_a_password_for_a_year_finds_less_than_one_in_two_thousand() -> None:
    tries = tries_within(SIGN_IN_BY_ACCOUNT, YEAR)
    assert tries == 35051
    assert Fraction(tries, ENOUGH_GUESSES) < Fraction(1, 2000)


def test_one_network_address_gets_as_many_tries_as_the_text_says() -> None:
    assert tries_within(SIGN_IN_BY_ADDRESS, YEAR) == 8785


def test_the_numbers_of_the_text_are_those_of_the_rules() -> None:
    text = throttling.__doc__ or ""
    for number in ("1,472", "35,051", "8,785"):
        assert number in text


@pytest.mark.parametrize("rule", RULES)
def test_waiting_to_be_forgotten_gains_nothing_over_going_on(rule: Backoff) -> None:
    quick, wait = rule.free, rule.first
    while wait < rule.cap:
        quick, wait = quick + 1, wait * 2
    assert FORGOTTEN_AFTER // rule.cap >= quick


def test_failures_are_forgotten_after_a_week_of_rest() -> None:
    assert not is_forgotten(LAST, LAST + FORGOTTEN_AFTER - timedelta(seconds=1))
    assert is_forgotten(LAST, LAST + FORGOTTEN_AFTER)
