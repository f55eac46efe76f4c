"""Counting what members do: metrics, counters of capped rules, and how long they are kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.earning import Counted, Sight
from regulars.domain.events import AssetStatement, Event, Purchase
from regulars.domain.lifecycle.lives import with_act
from regulars.domain.members import Member, State
from regulars.domain.periods import LONGEST_MONTH, Local
from regulars.domain.plans import Plan
from regulars.domain.programs.model import Metric, MetricSource, WindowKind
from regulars.domain.reversals import Bought, Share
from regulars.domain.standings import bucket_of

# Read once: a member of an enum takes four times as long to look up as a name of the module.
_SPEND, _COUNT, _CURRENCY = MetricSource.SPEND, MetricSource.COUNT, MetricSource.CURRENCY
_ROLLING = WindowKind.ROLLING

DAYS_KEPT_AFTER_WINDOW = 400
"""How long a day of a rolling metric is remembered after it has left the window, for events that
come late. One that comes later still finds the window of its own time emptier than it was."""


def count_in(
    plan: Plan,
    member: Member,
    event: Event,
    *,
    sight: Sight,
    earned: dict[str, int],
    clock: datetime,
) -> State:
    """The member's state with the event counted in. Shares what did not change."""
    old = member.state
    counts = old.counts.copy()
    counts[event.type] = counts.get(event.type, 0) + 1
    state = replace(old, seq=old.seq + 1, clock=clock, counts=counts)
    program = plan.program
    if program.lifecycle is not None and event.type in program.lifecycle.types:
        state.metrics = with_act(program, old, sight.local.day, 1)
    ladder = program.ladder
    if ladder is None:
        return state
    if isinstance(event.data, AssetStatement) and (
        old.assets is None or old.assets[0] <= event.time
    ):
        state.assets = (event.time, event.data.amount)
    for metric in ladder.metrics.values():
        gained = 0
        if metric.source is _SPEND:
            gained = (sight.amount or 0) if isinstance(event.data, Purchase) else 0
        elif metric.source is _COUNT:
            gained = 1 if event.type in metric.types else 0
        elif metric.source is _CURRENCY:
            gained = earned.get(metric.currency, 0)
        if gained:
            _add(state, old, metric, sight.local, gained)
    return state


def with_counters(
    old: Mapping[str, dict[int, int]], counted: Iterable[Counted]
) -> dict[str, dict[int, int]]:
    """The counters of capped rules with what this event counts."""
    counters = dict(old)
    for stretch, first, amount in counted:
        days = counters.get(stretch.name, {}).copy()
        days[first] = days.get(first, 0) + amount
        counters[stretch.name] = _recent(days, first - stretch.days_kept)
    return counters


def count_out(plan: Plan, bought: Bought, old: State, state: State, *, share: Share) -> None:
    """Take what came back out of the metrics, on the day on which it was counted in. A metric that
    the purchase's own version did not know, or counted otherwise, has not counted it."""
    local = Local(bought.event.time, plan.program.zone)
    lifecycle = plan.program.lifecycle
    if lifecycle is not None and share.is_whole and "purchase" in lifecycle.types:
        state.metrics = with_act(plan.program, old, local.day, -1)
    ladder, then = plan.program.ladder, bought.plan.program.ladder
    if ladder is None or then is None:
        return
    for metric in ladder.metrics.values():
        if then.metrics.get(metric.code) != metric:
            continue
        lost = 0
        if metric.source is _SPEND:
            lost = share.spend
        elif metric.source is _COUNT:
            lost = 1 if share.is_whole and "purchase" in metric.types else 0
        elif metric.source is _CURRENCY:
            lost = share.points.get(metric.currency, 0)
        if lost:
            _add(state, old, metric, local, -lost)


def _add(state: State, old: State, metric: Metric, local: Local, amount: int) -> None:
    """Add to a metric's bucket in `state`, copying what `state` still shares with `old`."""
    if state.metrics is old.metrics:
        state.metrics = old.metrics.copy()
    bucket = bucket_of(metric, day=local.day, year=local.year)
    buckets = state.metrics.get(metric.code, {}).copy()
    left = buckets.get(bucket, 0) + amount
    if left > 0:
        buckets[bucket] = left
        if metric.window is _ROLLING:
            window = metric.span.months * LONGEST_MONTH + metric.span.days
            buckets = _recent(buckets, bucket - window - DAYS_KEPT_AFTER_WINDOW)
    else:
        # All of it came back; or the day lies too far back for anything to be counted there.
        buckets.pop(bucket, None)
    state.metrics[metric.code] = buckets


def _recent(days: dict[int, int], horizon: int) -> dict[int, int]:
    """Without what lies before `horizon`, so that no member's state grows for ever. The eldest
    comes first where events come in order; one look at it is enough nearly always."""
    if horizon <= 0 or next(iter(days)) >= horizon:
        return days
    return {day: amount for day, amount in days.items() if day >= horizon}
