"""What a benefit takes off is held to a share of what its member brought in before."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.builders import EN, NOON, program
from tests.domain.orders.baskets import cart, line, offer, quoted

from regulars.domain.amounts import Rate
from regulars.domain.periods import Duration, Local
from regulars.domain.programs.benefits import Benefit, BenefitKind
from regulars.domain.programs.budget_terms import ShareCap
from regulars.domain.programs.model import (
    Ladder,
    Metric,
    MetricSource,
    Program,
    Tier,
    WindowKind,
)
from regulars.domain.quotes.discounts import (
    cap_at,
    capped,
    counted_in,
    first_counted,
)
from regulars.domain.quotes.why_words import why_no_more, why_not

BENEFIT = Benefit(
    id="ten",
    name=EN,
    kind=BenefitKind.PERCENTAGE,
    rate=Rate(1, 10),
    share=ShareCap(Rate(1, 20), "spent"),
)


def with_metric(window: WindowKind, span: Duration = Duration()) -> Program:  # noqa: B008
    metric = Metric("spent", MetricSource.SPEND, window, span)
    ladder = Ladder(metrics={"spent": metric}, tiers=(Tier("member", EN),))
    return program(ladder=ladder, benefits=(BENEFIT,))


ROLLING = with_metric(WindowKind.ROLLING, Duration(days=30))
DAYS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 20_000)), min_size=1, max_size=12
)  # (days after the one before, price of the order)


@given(DAYS)
def test_all_that_is_taken_off_in_a_window_stays_within_the_share_of_what_was_brought(
    orders: list[tuple[int, int]],
) -> None:
    at = NOON
    spent: dict[int, int] = {}
    counted: dict[str, int] = {}
    for days, price in orders:
        at += timedelta(days=days)
        local = Local(at, ROLLING.zone)
        first = first_counted(BENEFIT, ROLLING, local)
        given_before = sum(off for period, off in counted.items() if period >= first)
        cap = cap_at(
            BENEFIT, ROLLING, metrics={"spent": spent}, assets=None, given=given_before, local=local
        )
        limit = counted_in(BENEFIT, 1, local)
        wanted = capped(offer("benefit:ten", "percentage", percent=10), cap, limit)
        told = quoted(cart(line(price)), [wanted])
        brought = sum(paid for day, paid in spent.items() if local.day - 30 < day <= local.day)
        assert told.discount <= max(brought // 20 - given_before, 0)
        assert [one.amount for one in told.takes] == ([told.discount] if told.discount else [])
        if told.applied and told.discount < price // 10:
            assert told.applied[0].cap == cap
        spent[local.day] = spent.get(local.day, 0) + told.payable
        counted[limit.period] = counted.get(limit.period, 0) + told.discount


def test_each_window_counts_from_its_first_day() -> None:
    local = Local(NOON, ROLLING.zone)
    for window, span, days in (
        (WindowKind.ROLLING, Duration(days=30), 29),
        (WindowKind.ROLLING, Duration(days=1), 0),
        (WindowKind.CALENDAR_YEAR, Duration(), local.date.timetuple().tm_yday - 1),
    ):
        first = local.date - timedelta(days=days)
        found = first_counted(BENEFIT, with_metric(window, span), local)
        assert found == f"day:{first.isoformat()}"
    assert first_counted(BENEFIT, with_metric(WindowKind.LIFETIME), local) == ""


def test_the_cap_is_told_in_words() -> None:
    cap = cap_at(
        BENEFIT,
        ROLLING,
        metrics={"spent": {Local(NOON, ROLLING.zone).day: 10_000}},
        assets=None,
        given=200,
        local=Local(NOON, ROLLING.zone),
    )
    assert cap.left == 300
    english, chinese = (why_no_more(cap, "CNY", lang) for lang in ("en", "zh-CN"))
    assert english == "At most 5% of what was spent in the last 30 days: 3 yuan of that was left."
    assert chinese == "累计优惠不超过最近30天消费额的5%，本单前剩余额度为3元。"


def test_nothing_left_is_told_as_the_reason() -> None:
    local = Local(NOON, ROLLING.zone)
    cap = cap_at(BENEFIT, ROLLING, metrics={}, assets=None, given=0, local=local)
    one = capped(offer("benefit:ten", "percentage", percent=10), cap, counted_in(BENEFIT, 1, local))
    (refused,) = quoted(cart(line(10_000)), [one]).refused
    assert refused.code == "share"
    assert why_not(refused, "CNY", "en") == (
        "It gives at most 5% of what was spent in the last 30 days, and nothing of that is left."
    )
