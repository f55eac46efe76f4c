"""What a rule may still give a member by what the member brought in.

At most `share` of what the metric counts, this very purchase included, less what the rule has given
in the same window already; points at their cash value. What was given and taken back by a return
stays given: the return lowers what was brought in, and the member is not better off for it.
"""

from collections.abc import Mapping
from datetime import datetime

from regulars.domain.amounts import Rate
from regulars.domain.periods import EPOCH_DAY, LONGEST_MONTH, Local, month_after
from regulars.domain.programs.budget_terms import ShareCap
from regulars.domain.programs.model import Ladder, Metric, WindowKind
from regulars.domain.standings import Standing, bucket_of

Buckets = Mapping[str, Mapping[int, int]]

LATE_DAYS = 400
"""How long what was given is remembered after it has left the window, for events that come late."""
YEARS_KEPT = 10


def counted_as(rule_id: str) -> str:
    """The name under which is counted what the rule gave."""
    return f"{rule_id}|share"


def bucket_at(metric: Metric, local: Local) -> int:
    """Where what is given now is counted."""
    return bucket_of(metric, day=local.day, year=local.year)


def kept_for(metric: Metric) -> int:
    """How far back buckets are kept, in days or, for calendar years, years."""
    if metric.window is WindowKind.ROLLING:
        return metric.span.months * LONGEST_MONTH + metric.span.days + LATE_DAYS
    return YEARS_KEPT


def allowed(
    cap: ShareCap,
    *,
    rule_id: str,
    ladder: Ladder,
    metrics: Buckets,
    assets: tuple[datetime, int] | None,
    counters: Buckets,
    paid_now: int,
    worth: Rate,
    local: Local,
) -> int:
    """How many points the rule may give now. `worth`: of one point, in minor units."""
    metric = ladder.metrics[cap.metric]
    brought = Standing(ladder, metrics, assets).value(metric, local) + paid_now
    most = brought * cap.share.num * worth.den // (cap.share.den * max(worth.num, 1))
    return max(most - _given(metric, counters.get(counted_as(rule_id), {}), local), 0)


def _given(metric: Metric, buckets: Mapping[int, int], local: Local) -> int:
    if metric.window is not WindowKind.ROLLING:
        return buckets.get(bucket_at(metric, local), 0)
    start = month_after(local.date, -metric.span.months).toordinal() - metric.span.days
    first = start - EPOCH_DAY + 1
    return sum(amount for day, amount in buckets.items() if first <= day <= local.day)
