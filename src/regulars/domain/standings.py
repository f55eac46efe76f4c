"""Where a member stands: the metrics that tiers look at, each in its window of time."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from regulars.domain.members import State
from regulars.domain.periods import EPOCH_DAY, Duration, Local, month_after
from regulars.domain.programs.model import (
    Ladder,
    Metric,
    MetricSource,
    Need,
    Program,
    WindowKind,
)

_LIFETIME, _CALENDAR_YEAR, _ROLLING = (
    WindowKind.LIFETIME,
    WindowKind.CALENDAR_YEAR,
    WindowKind.ROLLING,
)
_ASSETS = MetricSource.ASSETS


class Standing(Struct, frozen=True, gc=False):
    """Metrics as they stand: what is stored plus what the present event adds."""

    ladder: Ladder
    metrics: Mapping[str, Mapping[int, int]]
    assets: tuple[datetime, int] | None

    def value(self, metric: Metric, at: Local) -> int:
        """The metric's value in its window as at `at`, both ends of the window included."""
        if metric.source is _ASSETS:
            return self.assets[1] if self.assets and self.assets[0] <= at.at else 0
        buckets = self.metrics.get(metric.code)
        if not buckets:
            return 0
        if metric.window is _LIFETIME:
            return buckets.get(0, 0)
        if metric.window is _CALENDAR_YEAR:
            return buckets.get(at.year, 0)
        first, last = _first_day(at, metric.span), at.day
        return sum([amount for day, amount in buckets.items() if first <= day <= last])

    def days_between(self, first: int, last: int) -> list[int]:
        """The days after `first` and before `last` on which a rolling metric grew, in order."""
        days: set[int] = set()
        for code, metric in self.ladder.metrics.items():
            if metric.window is _ROLLING:
                days.update(day for day in self.metrics.get(code, ()) if first < day < last)
        return sorted(days)

    def meets(self, needs: Iterable[Need], at: Local) -> bool:
        """Whether any one of the needs is reached in full."""
        metrics = self.ladder.metrics
        for need in needs:
            for code, least in need.items():
                if self.value(metrics[code], at) < least:
                    break
            else:
                return True
        return False

    def entitled(self, at: Local, *, above: int = 0) -> int:
        """The highest rung above `above` whose entry condition is reached, else `above`."""
        tiers, metrics = self.ladder.tiers, self.ladder.metrics
        values: dict[str, int] = {}
        for rung in range(len(tiers) - 1, above, -1):
            for need in tiers[rung].entry:
                for code, least in need.items():
                    value = values.get(code)
                    if value is None:
                        value = values[code] = self.value(metrics[code], at)
                    if value < least:
                        break
                else:
                    return rung
        return above


def _first_day(at: Local, span: Duration) -> int:
    """The first whole day of a rolling window that ends on the day of `at`."""
    start = month_after(at.date, -span.months).toordinal() - span.days
    return start - EPOCH_DAY + 1


def bucket_of(metric: Metric, *, day: int, year: int) -> int:
    """Where an amount of that day counts."""
    if metric.window is _LIFETIME:
        return 0
    return year if metric.window is _CALENDAR_YEAR else day


def standing_of(program: Program, state: State) -> Standing:
    """A member's metrics under the program's ladder."""
    assert program.ladder is not None
    return Standing(program.ladder, state.metrics, state.assets)
