"""Consents: silence is no, the latest word counts, and a no is as easy as a yes."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.consents import (
    PURPOSES,
    Channel,
    Consent,
    How,
    check_purpose,
    is_binding,
    may,
    needs_guardian,
    standing,
)
from regulars.domain.errors import InvalidInput

START = datetime(2024, 1, 1, tzinfo=UTC)
hours = st.integers(0, 12).map(lambda hour: START + timedelta(hours=hour))
purposes = st.sampled_from(["marketing", "profiling"])
channels = st.sampled_from(Channel)
consents = st.builds(
    Consent, purpose=purposes, channel=channels, granted=st.booleans(), at=hours,
    text_version=st.just("v1"), how=st.sampled_from(How),
)  # fmt: skip
histories = st.lists(consents, max_size=12)


def said(granted: bool, hour: int, channel: Channel = Channel.SMS) -> Consent:
    return Consent(
        purpose="marketing", channel=channel, granted=granted, at=START + timedelta(hours=hour),
        text_version="v1", how=How.SELF,
    )  # fmt: skip


@given(histories, purposes, channels, hours)
def test_the_answer_is_the_latest_word_that_speaks_of_the_channel(
    history: list[Consent], purpose: str, channel: Channel, at: datetime
) -> None:
    words = [
        (one.at, not one.granted)
        for one in history
        if one.purpose == purpose and one.at <= at
        if one.channel is channel or (one.channel is Channel.ANY and not one.granted)
    ]
    assert may(history, purpose, channel, at) == bool(words and not max(words)[1])


@given(histories, hours, st.randoms(use_true_random=False))
def test_the_order_in_which_words_are_read_is_of_no_matter(
    history: list[Consent], at: datetime, chance: Random
) -> None:
    mixed = list(history)
    chance.shuffle(mixed)
    one, two = standing(history, at), standing(mixed, at)
    assert {key: (word.at, word.granted) for key, word in one.items()} == {
        key: (word.at, word.granted) for key, word in two.items()
    }


@given(histories, purposes, channels)
def test_after_a_no_for_any_channel_there_is_no_yes(
    history: list[Consent], purpose: str, channel: Channel
) -> None:
    end = START + timedelta(days=1)
    no = Consent(
        purpose=purpose, channel=Channel.ANY, granted=False, at=end, text_version="v1", how=How.SELF
    )
    assert not may([*history, no], purpose, channel, end)


def test_silence_is_no() -> None:
    assert not may([], "marketing", Channel.SMS, START)
    assert standing([], START) == {}


def test_a_yes_counts_from_its_instant_and_for_its_channel_alone() -> None:
    history = [said(True, 1)]
    assert not may(history, "marketing", Channel.SMS, START)
    assert may(history, "marketing", Channel.SMS, START + timedelta(hours=1))
    for other in set(Channel) - {Channel.SMS}:
        assert not may(history, "marketing", other, START + timedelta(days=1))


def test_a_yes_for_any_gives_no_single_channel() -> None:
    history = [said(True, 1, Channel.ANY)]
    later = START + timedelta(days=1)
    assert may(history, "marketing", Channel.ANY, later)
    assert not may(history, "marketing", Channel.SMS, later)


def test_a_yes_after_a_general_no_counts_again() -> None:
    history = [said(True, 1), said(False, 2, Channel.ANY), said(True, 3)]
    assert not may(history, "marketing", Channel.SMS, START + timedelta(hours=2))
    assert may(history, "marketing", Channel.SMS, START + timedelta(hours=3))


def test_of_two_words_at_once_the_no_counts() -> None:
    history = [said(False, 1), said(True, 1)]
    assert not may(history, "marketing", Channel.SMS, START + timedelta(hours=1))


@given(st.dates(date(1950, 1, 1), date(2020, 12, 31)))
def test_a_child_needs_a_guardian_until_the_fourteenth_birthday(born: date) -> None:
    leap = (born.month, born.day) == (2, 29)
    year = born.year + 14
    turns = date(year, 3, 1) if leap and year % 4 else born.replace(year=year)
    assert needs_guardian(born, turns - timedelta(days=1))
    assert not needs_guardian(born, turns)


def test_an_unknown_birthday_needs_no_guardian() -> None:
    assert not needs_guardian(None, date(2024, 1, 1))


def test_a_childs_yes_counts_only_by_the_guardian_and_its_no_always() -> None:
    born, today = date(2014, 1, 1), date(2024, 1, 1)
    assert not is_binding(said(True, 1), born, today)
    assert is_binding(said(False, 1), born, today)
    assert is_binding(said(True, 1), date(1990, 1, 1), today)
    by_guardian = Consent(
        purpose="terms", channel=Channel.ANY, granted=True, at=START, text_version="v1",
        how=How.ENROLMENT, by_guardian=True,
    )  # fmt: skip
    assert is_binding(by_guardian, born, today)


def test_a_purpose_is_built_in_or_declared() -> None:
    for purpose in PURPOSES:
        check_purpose(purpose)
        assert set(PURPOSES[purpose]) == {"en", "zh-CN"}
    check_purpose("raffle", ["raffle"])
    with pytest.raises(InvalidInput, match="marketing"):
        check_purpose("raffle")
