"""Retention: nothing goes before its time, and nobody can keep for ever."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.periods import Duration, add
from regulars.domain.retention import CLASSES, What, due_before, read_policy, span_of

EARLIEST = datetime(2020, 1, 1)  # noqa: DTZ001 - as hypothesis takes them
LATEST = datetime(2060, 1, 1)  # noqa: DTZ001
ZONE = ZoneInfo("UTC")
spans = st.builds(Duration, st.integers(0, 120), st.integers(0, 400), st.integers(0, 86400))
instants = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
kinds = st.sampled_from(What)


@given(spans.filter(bool), instants, kinds, st.integers(1, 10**8))
def test_nothing_goes_before_its_time(
    span: Duration, now: datetime, what: What, seconds: int
) -> None:
    limit = due_before({what: span}, what, now)
    assert add(limit, span, ZONE) <= now
    assert add(limit - timedelta(seconds=seconds), span, ZONE) <= now


@given(spans, instants, kinds)
def test_nothing_stays_more_than_three_days_over_its_time(
    span: Duration, now: datetime, what: What
) -> None:
    limit = due_before({what: span}, what, now)
    assert now - add(limit, span, ZONE) <= timedelta(days=3)


@given(instants, instants, kinds)
def test_time_only_makes_more_due(one: datetime, two: datetime, what: What) -> None:
    earlier, later = sorted([one, two])
    assert due_before({}, what, earlier) <= due_before({}, what, later)


def test_days_are_counted_back_to_the_second() -> None:
    now = datetime(2024, 3, 31, 12, 30, tzinfo=UTC)
    assert due_before({}, What.SESSIONS, now) == now - timedelta(days=90)
    policy = read_policy({"messages": "P13M"})
    assert due_before(policy, What.MESSAGES, now) == datetime(2023, 2, 28, 12, 30, tzinfo=UTC)


def test_every_kind_of_record_has_an_end_within_its_bounds_and_words() -> None:
    assert set(CLASSES) == set(What)
    for what, kept in CLASSES.items():
        for span in (kept.default, kept.least, kept.most):
            assert read_policy({what: str(span)}) == {what: span}
        assert {"en", "zh-CN"} <= set(kept.what) & set(kept.counted_from)
        assert span_of({}, what) == kept.default


def test_what_an_organization_sets_replaces_the_default() -> None:
    policy = read_policy({"sessions": "P1Y", "audit": "P6M"})
    assert span_of(policy, What.SESSIONS) == Duration(months=12)
    assert span_of(policy, What.MESSAGES) == CLASSES[What.MESSAGES].default


@pytest.mark.parametrize(
    ("name", "text"),
    [("audit", "P5M"), ("audit", "P11Y"), ("audit", "P179D"), ("sign_in_codes", "PT59M"),
     ("sessions", "for ever"), ("diaries", "P1Y"), ("sessions", "P0D"), ("a/b", "P1Y")],
)  # fmt: skip
def test_what_cannot_be_set_is_refused_by_its_name(name: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_policy({"messages": "P30D", name: text})
    assert [fault.pointer for fault in refused.value.faults] == ["/" + name.replace("/", "~1")]
