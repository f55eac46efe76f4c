"""Histograms, tenths and bands: everybody is counted once, in the place where they belong."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.designing.histograms import BINS_A_SIDE, Bin, histogram
from regulars.domain.designing.rolls import (
    DECILES,
    RECENCIES,
    TENURES,
    deciles,
    recency_of,
    tenure_of,
)

amounts = st.integers(-(10**6), 10**6) | st.integers(-30, 30)


@given(st.lists(amounts, max_size=200))
def test_every_change_is_in_the_bin_that_says_so(changes: list[int]) -> None:
    bins = histogram(changes)

    def holds(one: Bin, change: int) -> bool:
        return (one.from_ is None or one.from_ <= change) and (
            one.until is None or change < one.until
        )

    assert sum(one.members for one in bins) == len(changes)
    for one in bins:
        assert one.members == sum(holds(one, change) for change in changes)
    # They follow each other without gaps, and who is unchanged is by themselves.
    assert all(one.until == other.from_ for one, other in pairwise(bins))
    assert Bin(0, 1, changes.count(0)) in bins
    assert len(bins) <= 2 * BINS_A_SIDE + 1


def test_bins_have_round_widths_and_far_ones_share_the_last() -> None:
    bins = histogram([0, 0, *range(1, 100), 10**9, -3])

    assert [(one.from_, one.until) for one in bins[:4]] == [(-10, 0), (0, 1), (1, 11), (11, 21)]
    assert (bins[-1].from_, bins[-1].until, bins[-1].members) == (91, None, 10)
    assert histogram([]) == [Bin(0, 1, 0)]


@given(st.lists(st.integers(0, 50), max_size=120))
def test_tenths_grow_with_what_was_spent(spend: list[int]) -> None:
    places = deciles(spend)

    assert len(places) == len(spend)
    for one, place in zip(spend, places, strict=True):
        assert (DECILES[place] == "none") is (one == 0)
        for other, other_place in zip(spend, places, strict=True):
            assert not (one < other and place > other_place)
            assert not (one == other and place != other_place)


def test_tenths_are_about_equal() -> None:
    places = list(deciles(list(range(1, 101))))

    assert [places.count(place) for place in range(1, 11)] == [10] * 10


NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("enrolled_at", "band"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), "0-1"),
        # Half past eight of the morning, and half past seven: it is eight o'clock now.
        (datetime(2026, 2, 15, 13, 30, tzinfo=UTC), "0-1"),
        (datetime(2026, 2, 15, 12, 30, tzinfo=UTC), "1-3"),
        (datetime(2025, 12, 1, tzinfo=UTC), "3-6"),
        (datetime(2025, 6, 1, tzinfo=UTC), "6-12"),
        (datetime(2024, 6, 1, tzinfo=UTC), "12-24"),
        (datetime(2020, 1, 1, tzinfo=UTC), "24+"),
    ],
)
def test_months_of_membership_are_whole_ones_of_the_zone(enrolled_at: datetime, band: str) -> None:
    assert TENURES[tenure_of(enrolled_at, NOW, NEW_YORK)] == band


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "0-30"), (30, "0-30"), (31, "31-90"), (91, "91-180"), (365, "181-365"), (366, "366+")],
)
def test_days_since_the_last_purchase_are_whole_ones(days: int, band: str) -> None:
    assert RECENCIES[recency_of(NOW - timedelta(days=days, hours=5), NOW)] == band
    assert RECENCIES[recency_of(None, NOW)] == "never"
