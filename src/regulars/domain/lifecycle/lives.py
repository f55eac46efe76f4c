"""In which stage of life a member is: worked out from the days on which they came, at any instant.

Nothing of it has to be kept up: staying away is a fact of the calendar. Days are counted from
1970-01-01 in the program's zone.
"""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.domain.members import State
from regulars.domain.periods import (
    EPOCH_DAY,
    LONGEST_MONTH,
    SHORTEST_MONTH,
    Duration,
    Local,
    midnight,
    month_after,
)
from regulars.domain.programs.model import Program
from regulars.domain.programs.stages import Lifecycle, Stage

ACTS = "lifecycle.acts"
"""The metric under which a state keeps the days on which a member came. No metric of a program
can be called so."""

DAYS_KEPT_AFTER = 400
"""How long a day is remembered after nothing depends on it any more, for what comes late."""


DAYS_REMEMBERED = 20_000

# Read once: a member of an enum takes four times as long to look up as a name of the module.
_PROSPECT, _NEW, _GROWING, _MATURE = Stage.PROSPECT, Stage.NEW, Stage.GROWING, Stage.MATURE
_AT_RISK, _LAPSED, _WON_BACK = Stage.AT_RISK, Stage.LAPSED, Stage.WON_BACK


class Life(Struct, frozen=True, gc=False):
    """The days on which a stage begins or ends when nothing more happens; 0 for what never was, or
    is over. `last`: the day on which they came last; None: never. `reminder`: when somebody who
    came once only is asked to come again."""

    last: int | None = None
    at_risk_on: int = 0
    lapsed_on: int = 0
    won_back_until: int = 0
    mature_until: int = 0
    growing_until: int = 0
    reminder: int | None = None

    def stage(self, day: int) -> Stage:
        """The stage on `day`, which is not before the day that the life was looked at."""
        if self.last is None:
            return _PROSPECT
        if day >= self.lapsed_on:
            return _LAPSED
        if day >= self.at_risk_on:
            return _AT_RISK
        if day < self.won_back_until:
            return _WON_BACK
        if day < self.mature_until:
            return _MATURE
        return _GROWING if day < self.growing_until else _NEW

    def next_turn(self, day: int) -> int | None:
        """The first day after `day` on which the stage changes by itself; None: it never does."""
        if self.last is None or day >= self.lapsed_on:
            return None
        if day >= self.at_risk_on:
            return self.lapsed_on
        ends = min(self.at_risk_on, self.lapsed_on)
        if day < self.won_back_until:
            return min(ends, self.won_back_until)
        if day < self.mature_until:
            return min(ends, self.mature_until)
        return min(ends, self.growing_until) if day < self.growing_until else ends

    def turns(self, day: int) -> list[tuple[int, Stage]]:
        """All days after `day` on which the stage changes by itself, and to what."""
        found: list[tuple[int, Stage]] = []
        turn = self.next_turn(day)
        while turn is not None:
            found.append((turn, self.stage(turn)))
            turn = self.next_turn(turn)
        return found


class Look(Struct, frozen=True, gc=False):
    """A member's life as one instant finds it, worked out once for all who ask. `life`: None where
    the program has no lifecycle."""

    local: Local
    life: Life | None

    def stage(self) -> str:
        """The stage at the instant; "" without a lifecycle."""
        return "" if self.life is None else self.life.stage(self.local.day).value


def look_at(program: Program, state: State, at: datetime) -> Look:
    """The member's life at `at`, whether or not any job has run."""
    local = Local(at, program.zone)
    is_told = program.lifecycle is not None
    return Look(local, life_of(program, state, local.day) if is_told else None)


def after(day: int, span: Duration) -> int:
    """The day that is `span` after `day`, by the calendar."""
    if not span.months:
        return day + span.days
    return _months_after(day, span.months) + span.days


@lru_cache(maxsize=DAYS_REMEMBERED)
def _months_after(day: int, months: int) -> int:
    """Asked several times for each event, nearly always of the same days."""
    return month_after(date.fromordinal(day + EPOCH_DAY), months).toordinal() - EPOCH_DAY


def life_of(program: Program, state: State, day: int) -> Life:
    """The member's life as far as it is known, up to `day`."""
    lifecycle = program.lifecycle
    assert lifecycle is not None
    acts = acts_of(program, state)
    days = sorted(acts)
    while days and days[-1] > day:
        days.pop()
    if not days:
        return Life()
    last = days[-1]
    is_once = len(days) == 1 and acts[last] == 1
    again = lifecycle.second_purchase
    mature_until, growing_until = _often_until(days, acts, lifecycle, day)
    return Life(
        last=last,
        at_risk_on=after(last, lifecycle.at_risk),
        lapsed_on=after(last, lifecycle.lapsed),
        won_back_until=_won_back_until(days, lifecycle, day),
        mature_until=mature_until,
        growing_until=growing_until,
        reminder=None if again is None or not is_once else after(last, again),
    )


def acts_of(program: Program, state: State) -> dict[int, int]:
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
        eldest = next(iter(acts))
        # What lies so near is kept by any terms.
        if eldest < day - DAYS_KEPT_AFTER:
            first = horizon(program.lifecycle, day)
            if eldest < first:
                acts = {one: times for one, times in acts.items() if one >= first}
    return {**state.metrics, ACTS: acts}


def horizon(lifecycle: Lifecycle, day: int) -> int:
    """The first day that still matters to somebody who came on `day`."""
    spans = (lifecycle.mature.within, lifecycle.growing.within)
    longest = max(after(0, span) for span in spans)
    away = after(0, lifecycle.lapsed) + after(0, lifecycle.won_back)
    return day - max(longest, away) - DAYS_KEPT_AFTER


@lru_cache(maxsize=DAYS_REMEMBERED)
def start_of_day(day: int, zone: ZoneInfo) -> datetime:
    """The instant at which `day` begins."""
    return midnight(date.fromordinal(day + EPOCH_DAY), zone)


def _won_back_until(days: list[int], lifecycle: Lifecycle, day: int) -> int:
    """Until when they are won back: a while after the latest day that came after a time away that
    was long enough to lapse; 0 when that is over."""
    # The calendar is asked of few days: of those near enough, after a time away that was long.
    reach = lifecycle.won_back.months * LONGEST_MONTH + lifecycle.won_back.days
    least = lifecycle.lapsed.months * SHORTEST_MONTH + lifecycle.lapsed.days
    for place in range(len(days) - 1, 0, -1):
        earlier, later = days[place - 1], days[place]
        if later + reach <= day:
            return 0
        if later - earlier >= least and later >= after(earlier, lifecycle.lapsed):
            until = after(later, lifecycle.won_back)
            return until if until > day else 0
    return 0


def _often_until(
    days: list[int], acts: dict[int, int], lifecycle: Lifecycle, day: int
) -> tuple[int, int]:
    """The days from which on the member has no longer come as often as makes mature, and growing;
    0 for what is over."""
    mature, growing = lifecycle.mature, lifecycle.growing
    for_mature, for_growing = mature.times, growing.times
    mature_until = growing_until = count = 0
    for place in range(len(days) - 1, -1, -1):
        one = days[place]
        count += acts[one]
        if not growing_until and count >= for_growing:
            growing_until = after(one, growing.within)
        if not mature_until and count >= for_mature:
            mature_until = after(one, mature.within)
        if mature_until and growing_until:
            break
    return (
        mature_until if mature_until > day else 0,
        growing_until if growing_until > day else 0,
    )
