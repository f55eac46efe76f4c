"""What is paid back is exact, never more than was paid, and never grows as time goes by."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.memberships.refunding import PaidTerm, RefundWhy, days_of, refund_of
from regulars.domain.periods import Duration, add
from regulars.domain.programs.paid_cards import AfterWindow, CardRefund

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "UTC", "Pacific/Apia")]
SPANS = [Duration(months=1), Duration(months=12), Duration(days=30), Duration(days=1)]
POLICIES = st.builds(
    CardRefund,
    full_within=st.sampled_from([None, Duration(days=7), Duration(days=1)]),
    then=st.sampled_from(AfterWindow),
    less_saved=st.booleans(),
)
starts = st.datetimes(
    datetime(2019, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


@st.composite
def terms(draw: st.DrawFn) -> tuple[PaidTerm, ZoneInfo]:
    zone, start = draw(st.sampled_from(ZONES)), draw(starts)
    end = add(start, draw(st.sampled_from(SPANS)), zone)
    price = draw(st.integers(0, 10**9))
    points = draw(st.integers(0, 10**6)) if draw(st.booleans()) else 0
    return PaidTerm(1, start, end, price, points), zone


@given(terms(), POLICIES, st.lists(st.integers(-10, 400), min_size=2), st.integers(0, 10**9))
def test_a_refund_is_within_what_was_paid_and_never_grows(
    known: tuple[PaidTerm, ZoneInfo], policy: CardRefund, days: list[int], saved: int
) -> None:
    term, zone = known
    found = [
        refund_of(term, policy, term.starts_at + timedelta(days=day), zone, saved=saved)
        for day in sorted(days)
    ]
    for one in found:
        assert 0 <= one.money <= term.price
        assert 0 <= one.points <= term.points
        assert 0 <= one.days_left <= one.days
        assert one.money + one.deducted <= term.price
    for earlier, later in pairwise(found):
        assert later.money <= earlier.money
        assert later.points <= earlier.points


@given(terms(), POLICIES)
def test_a_term_that_has_not_begun_is_paid_back_whole_and_one_that_is_over_not_at_all(
    known: tuple[PaidTerm, ZoneInfo], policy: CardRefund
) -> None:
    term, zone = known
    before = refund_of(term, policy, term.starts_at - timedelta(seconds=1), zone, saved=10**12)
    assert (before.money, before.points) == (term.price, term.points)
    window = policy.full_within
    if window is None or add(term.starts_at, window, zone) <= term.ends_at:
        after = refund_of(term, policy, term.ends_at, zone, saved=0)
        assert (after.money, after.points) == (0, 0)


@given(terms())
def test_every_day_that_has_begun_counts_as_used(known: tuple[PaidTerm, ZoneInfo]) -> None:
    term, zone = known
    whole, left = days_of(term, term.starts_at, zone)
    assert left == max(whole - 1, 0)
    assert days_of(term, term.starts_at - timedelta(seconds=1), zone) == (whole, whole)
    assert days_of(term, term.ends_at, zone)[1] == 0


def test_what_the_card_saved_is_taken_off_but_never_below_nothing() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    term = PaidTerm(1, start, datetime(2027, 1, 1, tzinfo=UTC), 36_500, 0)
    policy = CardRefund(less_saved=True)
    at = start + timedelta(days=99, hours=1)
    some = refund_of(term, policy, at, ZoneInfo("UTC"), saved=6_500)
    assert (some.why, some.money, some.deducted) == (RefundWhy.PRO_RATA, 20_000, 6_500)
    much = refund_of(term, policy, at, ZoneInfo("UTC"), saved=10**9)
    assert (much.money, much.deducted) == (0, 26_500)
