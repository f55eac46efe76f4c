"""How members rise, stay and step down: pure functions of metrics, ladder and instants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from regulars.domain.expiry import last_moment_before
from regulars.domain.members import Held, State, TierState
from regulars.domain.periods import EPOCH_DAY, Duration, Local, add, end_of, month_after
from regulars.domain.programs.model import (
    Ladder,
    Metric,
    MetricSource,
    Need,
    Program,
    StepDown,
    WindowKind,
)

MAX_BEFORE = 12
"""How many earlier tiers a member's state remembers; the whole history is in the storage."""


class TierMove(Struct, frozen=True, gc=False):
    """A change of tier (or of its term, when `old` is `new`) at `at`, and why."""

    old: str
    new: str
    at: datetime
    why: str
    until: datetime | None = None


class Standing(Struct, frozen=True, gc=False):
    """Metrics as they stand: what is stored plus what the present event adds."""

    ladder: Ladder
    metrics: Mapping[str, Mapping[int, int]]
    assets: tuple[datetime, int] | None

    def value(self, metric: Metric, at: Local) -> int:
        """The metric's value in its window as at `at`, both ends of the window included."""
        if metric.source is MetricSource.ASSETS:
            return self.assets[1] if self.assets and self.assets[0] <= at.at else 0
        buckets = self.metrics.get(metric.code)
        if not buckets:
            return 0
        if metric.window is WindowKind.LIFETIME:
            return buckets.get(0, 0)
        if metric.window is WindowKind.CALENDAR_YEAR:
            return buckets.get(at.year, 0)
        first, last = _first_day(at, metric.span), at.day
        return sum([amount for day, amount in buckets.items() if first <= day <= last])

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
    if metric.window is WindowKind.LIFETIME:
        return 0
    return year if metric.window is WindowKind.CALENDAR_YEAR else day


def rung_of(ladder: Ladder, code: str) -> int:
    """The place of a tier on the ladder; 0 for a tier that the program no longer has."""
    for rung, tier in enumerate(ladder.tiers):
        if tier.code == code:
            return rung
    return 0


def tier_at(now: TierState | None, at: datetime, bottom: str) -> str:
    """The tier held at `at`, as far as is known to a state that stands at `now`."""
    if now is None:
        return bottom
    if now.since <= at:
        return now.tier
    for held in reversed(now.before):
        if held.since <= at:
            return held.tier
    return bottom


def begin(program: Program, at: datetime) -> TierState | None:
    """The state of a member who has just enrolled."""
    ladder = program.ladder
    if ladder is None:
        return None
    review = None if ladder.review is None else end_of(ladder.review, at, program.zone)
    return TierState(ladder.tiers[0].code, at, review_at=review)


def due_at(tier: TierState | None) -> datetime | None:
    """The next instant at which a review has to be made."""
    if tier is None:
        return None
    instants = [at for at in (tier.grace_until or tier.until, tier.review_at) if at is not None]
    return min(instants, default=None)


class Climb:
    """Moves one member's tier; collects what happened. Starts from a state, never changes it."""

    __slots__ = ("_clock", "_ladder", "_program", "_standing", "moves", "tier")

    def __init__(
        self, program: Program, standing: Standing, tier: TierState, clock: datetime
    ) -> None:
        """`clock` is the newest instant known of the member."""
        self._clock = clock
        self._program = program
        self._ladder = standing.ladder
        self._standing = standing
        self.tier = tier
        self.moves: list[TierMove] = []

    def review_until(self, at: datetime) -> None:
        """Make every review that is due at or before `at`, each as at its own instant."""
        while (due := due_at(self.tier)) is not None and due <= at:
            if self.tier.review_at == due:
                self._periodic(due, at)
            else:
                self._term_over(due)

    def rise(self, local: Local) -> None:
        """Upgrade at once where the entry condition of a higher rung is reached as at `local`."""
        if self._ladder.review is not None:
            return
        at = local.at
        held = rung_of(self._ladder, self.tier.tier)
        rung = self._standing.entitled(local, above=held)
        if rung > held:
            until = self._term(at)
            if until is None or until > self._clock:
                since = max(at, self.tier.since)
                self._move(rung, at=since, until=until, why="entry", by_entry=True)
        elif self.tier.grace_until is not None and self._keeps(held, at):
            self._keep(at)

    def restore(self, at: datetime) -> None:
        """Give back a tier that was lost at a review which a late event of `at` now passes."""
        lost = self.tier.lapsed_at
        if lost is None or at >= lost or not self.tier.before:
            return
        former = self.tier.before[-1]
        rung = rung_of(self._ladder, former.tier)
        reviewed = former.until or lost
        if self._keeps(rung, last_moment_before(reviewed)):
            self._move(rung, at=lost, until=self._term(reviewed), why="late_event")

    def undo(self, at: datetime) -> None:
        """After a return: leave tiers that were reached by an entry condition no longer met."""
        while self.tier.by_entry and self.tier.before:
            rung = rung_of(self._ladder, self.tier.tier)
            entry = self._ladder.tiers[rung].entry
            if any(
                self._standing.meets(entry, self._local(moment)) for moment in (self.tier.since, at)
            ):
                return
            former = self.tier.before[-1]
            old = self.tier.tier
            self.tier = replace(
                self.tier,
                tier=former.tier,
                since=former.since,
                until=former.until,
                by_entry=former.by_entry,
                grace_until=None,
                lapsed_at=None,
                before=self.tier.before[:-1],
            )
            self.moves.append(TierMove(old, former.tier, at, "return", former.until))

    def _periodic(self, due: datetime, at: datetime) -> None:
        """The end of a review period. Without events windows only shrink, so later ends that
        have passed too need no look of their own."""
        assert self._ladder.review is not None
        moment = last_moment_before(due)
        rung = self._standing.entitled(self._local(moment))
        following = end_of(self._ladder.review, max(at, due), self._program.zone)
        self.tier = replace(self.tier, review_at=following)
        if rung > rung_of(self._ladder, self.tier.tier):
            self._move(rung, at=due, until=self._term(due), why="review", by_entry=True)

    def _term_over(self, due: datetime) -> None:
        rung = rung_of(self._ladder, self.tier.tier)
        if self._keeps(rung, last_moment_before(due)):
            self._keep(due)
            return
        if self.tier.grace_until is None and self._ladder.grace is not None:
            grace = add(due, self._ladder.grace, self._program.zone)
            self.tier = replace(self.tier, grace_until=grace)
            self.moves.append(TierMove(self.tier.tier, self.tier.tier, due, "grace", grace))
            return
        lower = self._lower(rung, last_moment_before(due))
        until = self._term(due) if lower else None
        self._move(lower, at=due, until=until, why="not_kept")
        self.tier = replace(self.tier, lapsed_at=due)

    def _lower(self, rung: int, at: datetime) -> int:
        if self._ladder.step_down is StepDown.ONE:
            return rung - 1
        if self._ladder.step_down is StepDown.BOTTOM:
            return 0
        for lower in range(rung - 1, 0, -1):
            if self._keeps(lower, at):
                return lower
        return 0

    def _keeps(self, rung: int, at: datetime) -> bool:
        tier = self._ladder.tiers[rung]
        return rung == 0 or self._standing.meets(tier.keep or tier.entry, self._local(at))

    def _local(self, at: datetime) -> Local:
        return Local(at, self._program.zone)

    def _keep(self, at: datetime) -> None:
        until = self._term(at)
        self.tier = replace(self.tier, until=until, grace_until=None)
        self.moves.append(TierMove(self.tier.tier, self.tier.tier, at, "kept", until))

    def _term(self, at: datetime) -> datetime | None:
        """Until when a tier taken or kept at `at` is held; None: for ever."""
        ladder = self._ladder
        if ladder.valid is None and ladder.valid_until is None:
            return None
        until = add(at, ladder.valid or Duration(), self._program.zone)
        if ladder.valid_until is not None:
            return end_of(ladder.valid_until, until, self._program.zone)
        return until

    def _move(
        self,
        rung: int,
        *,
        at: datetime,
        until: datetime | None,
        why: str,
        by_entry: bool = False,
    ) -> None:
        old = self.tier
        new = self._ladder.tiers[rung].code
        before = (*old.before, Held(old.tier, old.since, old.until, old.by_entry))[-MAX_BEFORE:]
        self.tier = TierState(
            new,
            at,
            until=until,
            by_entry=by_entry,
            review_at=old.review_at,
            before=before,
        )
        self.moves.append(TierMove(old.tier, new, at, why, until))


def standing_of(program: Program, state: State) -> Standing:
    """A member's metrics under the program's ladder."""
    assert program.ladder is not None
    return Standing(program.ladder, state.metrics, state.assets)


def reviewed(program: Program, state: State, enrolled_at: datetime, at: datetime) -> State:
    """The state with every review made that is due by `at`, whether or not any job has run."""
    if program.ladder is None:
        return state
    tier = state.tier or begin(program, enrolled_at)
    assert tier is not None
    climb = Climb(program, standing_of(program, state), tier, max(state.clock or at, at))
    climb.review_until(at)
    return replace(state, tier=climb.tier)


@dataclass(frozen=True, slots=True)
class Missing:
    """One way to a tier: for each metric what is needed and what is there."""

    tier: str
    needs: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member stands, and what is missing. The ways to a tier are alternatives."""

    values: dict[str, int]
    to_next: tuple[Missing, ...]
    to_keep: tuple[Missing, ...]


def progress(program: Program, state: State, at: datetime) -> Progress:
    """What is missing to the next tier and to keep this one, as at `at`."""
    standing = standing_of(program, state)
    ladder = standing.ladder
    local = Local(at, program.zone)
    values = {code: standing.value(metric, local) for code, metric in ladder.metrics.items()}
    rung = rung_of(ladder, tier_at(state.tier, at, ladder.tiers[0].code))

    def ways(code: str, needs: Iterable[Need]) -> tuple[Missing, ...]:
        return tuple(
            Missing(code, tuple((name, least, values[name]) for name, least in need.items()))
            for need in needs
        )

    following = ladder.tiers[rung + 1] if rung + 1 < len(ladder.tiers) else None
    held = ladder.tiers[rung]
    return Progress(
        values=values,
        to_next=ways(following.code, following.entry) if following else (),
        to_keep=ways(held.code, held.keep or held.entry) if rung else (),
    )
