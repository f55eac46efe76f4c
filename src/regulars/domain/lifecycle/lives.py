"""In which stage of life a member is: worked out from the days on which they came, at any instant.

Nothing of it has to be kept up: staying away is a fact of the calendar. Days are counted from
1970-01-01 in the program's zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from regulars.domain.members import State
from regulars.domain.periods import EPOCH_DAY, Duration, Local, midnight, month_after
from regulars.domain.programs.model import Program
from regulars.domain.programs.stages import Frequency, Lifecycle, Stage

ACTS = "lifecycle.acts"
"""The metric under which a state keeps the days on which a member came. No metric of a program
can be called so."""

DAYS_KEPT_AFTER = 400
"""How long a day is remembered after nothing depends on it any more, for what comes late."""


DAYS_REMEMBERED = 20_000

SHORTEST_MONTH = 28
"""Days: no month later is nearer than that."""


@dataclass(frozen=True, slots=True)
class Life:
    """The days that decide the stage: the last one, the one on which they came again after having
    lapsed, and those until which they count as mature and as growing. `once`: they came once only,
    on the last day."""

    last: int | None = None
    back: int | None = None
    mature_until: int = 0
    growing_until: int = 0
    once: bool = False

    def stage(self, lifecycle: Lifecycle, day: int) -> Stage:
        """The stage on `day`, when nothing happens after the last day before it."""
        if self.last is None:
            return Stage.PROSPECT
        if day >= after(self.last, lifecycle.lapsed):
            return Stage.LAPSED
        if day >= after(self.last, lifecycle.at_risk):
            return Stage.AT_RISK
        if self.back is not None and day < after(self.back, lifecycle.won_back):
            return Stage.WON_BACK
        if day < self.mature_until:
            return Stage.MATURE
        return Stage.GROWING if day < self.growing_until else Stage.NEW

    def turns(self, lifecycle: Lifecycle, day: int) -> list[tuple[int, Stage]]:
        """The days after `day` on which the stage changes by itself, and to what."""
        if self.last is None:
            return []
        days = {
            after(self.last, lifecycle.lapsed),
            after(self.last, lifecycle.at_risk),
            self.mature_until,
            self.growing_until,
        }
        if self.back is not None:
            days.add(after(self.back, lifecycle.won_back))
        found: list[tuple[int, Stage]] = []
        now = self.stage(lifecycle, day)
        for turn in sorted(one for one in days if one > day):
            then = self.stage(lifecycle, turn)
            if then is not now:
                found.append((turn, then))
                now = then
        return found

    def reminder(self, lifecycle: Lifecycle) -> int | None:
        """The day on which somebody who came once only is asked to come again."""
        if lifecycle.second_purchase is None or not self.once or self.last is None:
            return None
        return after(self.last, lifecycle.second_purchase)


def after(day: int, span: Duration) -> int:
    """The day that is `span` after `day`, by the calendar."""
    if not span.months:
        return day + span.days
    return _months_after(day, span.months) + span.days


@lru_cache(maxsize=DAYS_REMEMBERED)
def _months_after(day: int, months: int) -> int:
    """Asked some thirty times for each event, nearly always of the same days."""
    return month_after(date.fromordinal(day + EPOCH_DAY), months).toordinal() - EPOCH_DAY


def life_of(program: Program, state: State, at: Local) -> Life:
    """The member's life as far as it is known, up to the day of `at`."""
    lifecycle = program.lifecycle
    assert lifecycle is not None
    acts = acts_of(program, state)
    days = sorted([day for day in acts if day <= at.day])
    if not days:
        return Life()
    return Life(
        last=days[-1],
        back=_back(days, lifecycle),
        mature_until=_until(days, acts, lifecycle.mature),
        growing_until=_until(days, acts, lifecycle.growing),
        once=len(days) == 1 and acts[days[0]] == 1,
    )


def stage_at(program: Program, state: State, at: datetime) -> str:
    """The stage at `at`, whether or not any job has run; "" where the program has no lifecycle."""
    lifecycle = program.lifecycle
    if lifecycle is None:
        return ""
    local = Local(at, program.zone)
    return life_of(program, state, local).stage(lifecycle, local.day).value


def acts_of(program: Program, state: State) -> Mapping[int, int]:
    """How often the member came on which day. Somebody who came before the program looked at it
    is taken to have come last when we last heard of them."""
    known = state.metrics.get(ACTS)
    if known:
        return known
    assert program.lifecycle is not None
    if state.stage is not None or state.clock is None:
        return {}
    earlier = sum(state.counts.get(code, 0) for code in program.lifecycle.types)
    return {Local(state.clock, program.zone).day: earlier} if earlier else {}


def with_act(program: Program, state: State, day: int, count: int) -> dict[str, dict[int, int]]:
    """The state's metrics with the member having come `count` times more, or fewer, on `day`."""
    assert program.lifecycle is not None
    acts = dict(acts_of(program, state))
    left = acts.get(day, 0) + count
    acts.pop(day, None)
    if left > 0:
        acts[day] = left
        first = horizon(program.lifecycle, day)
        if next(iter(acts)) < first:
            acts = {one: times for one, times in acts.items() if one >= first}
    return {**state.metrics, ACTS: acts}


def horizon(lifecycle: Lifecycle, day: int) -> int:
    """The first day that still matters to somebody who came on `day`."""
    spans = (lifecycle.mature.within, lifecycle.growing.within)
    longest = max(after(0, span) for span in spans)
    away = after(0, lifecycle.lapsed) + after(0, lifecycle.won_back)
    return day - max(longest, away) - DAYS_KEPT_AFTER


def start_of_day(day: int, program: Program) -> datetime:
    """The instant at which `day` begins."""
    return midnight(date.fromordinal(day + EPOCH_DAY), program.zone)


def _back(days: list[int], lifecycle: Lifecycle) -> int | None:
    """The latest day that came after a time away that was long enough to lapse."""
    span = lifecycle.lapsed
    # Most come again soon: only a time away that might be long enough is looked up in the calendar.
    least = span.months * SHORTEST_MONTH + span.days
    for earlier, later in zip(reversed(days[:-1]), reversed(days), strict=False):
        if later - earlier >= least and later >= after(earlier, span):
            return later
    return None


def _until(days: Iterable[int], acts: Mapping[int, int], wanted: Frequency) -> int:
    """The day from which on the member has no longer come so often; 0 when they never did."""
    count = 0
    for day in reversed(list(days)):
        count += acts[day]
        if count >= wanted.times:
            return after(day, wanted.within)
    return 0
