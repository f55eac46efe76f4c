"""Reports add up: over days, over tiers, and from one span to the next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.statistics.reports import FLOWS, Sum, report
from regulars.domain.statistics.spans import (
    MOST_DAYS,
    Segment,
    Span,
    segment_of,
    span_of,
)

START = date(2026, 1, 1)
DAYS = st.integers(0, 59).map(lambda days: START + timedelta(days=days))
TIERS = ("green", "gold")
SPAN = Span(START + timedelta(days=30), START + timedelta(days=59))

SUMS = st.lists(
    st.builds(
        Sum,
        day=DAYS,
        figure=st.sampled_from(["purchase", "rule", *FLOWS]),
        name=st.just("points"),
        tier=st.sampled_from(TIERS),
        is_new=st.booleans(),
        count=st.integers(0, 9),
        amount=st.integers(0, 999),
        change=st.integers(-99, 99),
    ),
    max_size=40,
)


@given(SUMS)
def test_parts_of_the_members_add_up_to_all(sums: list[Sum]) -> None:
    def sales(segment: Segment) -> list[int]:
        made = report(sums, SPAN, segment, currencies=["points"], takings={})
        return [day.sales for day in made.days]

    whole = sales(Segment())
    by_tier = [sales(Segment(tier=tier)) for tier in TIERS]
    by_age = [sales(Segment(is_new=is_new)) for is_new in (True, False)]
    assert [sum(day) for day in zip(*by_tier, strict=True)] == whole
    assert [sum(day) for day in zip(*by_age, strict=True)] == whole


@given(SUMS)
def test_what_is_outstanding_is_what_was_before_and_what_changed(sums: list[Sum]) -> None:
    made = report(sums, SPAN, Segment(), currencies=["points"], takings={})
    left = 0
    for day in [*made.days_before, *made.days]:
        left += sum(one.change for one in sums if one.day == day.day and one.figure in FLOWS)
        assert day.points["points"].outstanding == left


@given(SUMS)
def test_rules_gave_over_both_spans_what_they_gave_on_their_days(sums: list[Sum]) -> None:
    made = report(sums, SPAN, Segment(), currencies=["points"], takings={})
    for when, points in ((SPAN, [one.points for one in made.rules]),
                         (SPAN.before, [one.points_before for one in made.rules])):  # fmt: skip
        given_then = [one.amount for one in sums if one.figure == "rule" and one.day in when]
        assert sum(points) == sum(given_then)


@given(DAYS, st.integers(1, MOST_DAYS))
def test_the_span_before_is_as_long_and_ends_the_day_before(today: date, days: int) -> None:
    span = span_of(None, None, today=today, days=days)
    assert span.days == span.before.days == days
    assert span.last == today
    assert span.before.last == span.first - timedelta(days=1)


def test_the_longest_span_is_told_and_no_longer_one() -> None:
    last = START + timedelta(days=MOST_DAYS - 1)
    assert span_of(START, last, today=last).days == MOST_DAYS
    with pytest.raises(InvalidInput):
        span_of(START - timedelta(days=1), last, today=last)


@pytest.mark.parametrize("text", ["tier:", "tier:platinum", "NEW", "gold", "tier:gold "])
def test_a_segment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        segment_of(text, frozenset(TIERS))
