"""How members rise, stay and step down: pure functions of metrics, ladder and instants."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace

from regulars.domain.expiry import last_moment_before
from regulars.domain.explanations import TierMove
from regulars.domain.members import Held, Member, State, TierState
from regulars.domain.periods import EPOCH_DAY, Duration, Local, add, end_of, midnight
from regulars.domain.programs.model import Ladder, Need, Program, StepDown
from regulars.domain.standings import Standing, standing_of

MAX_BEFORE = 12
"""How many earlier tiers a member's state remembers; the whole history is in the storage."""


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


def attuned(program: Program, tier: TierState, at: datetime) -> TierState:
    """The state under the ladder of another version, which may review at other times or not at
    all. `at` is an instant from which on the version looks at the member."""
    assert program.ladder is not None
    review = program.ladder.review
    if (tier.review_at is None) is (review is None):
        return tier
    due = None if review is None else end_of(review, at, program.zone)
    return replace(tier, review_at=due)


def due_at(tier: TierState | None) -> datetime | None:
    """The next instant at which a review has to be made."""
    if tier is None:
        return None
    ends, review = tier.grace_until or tier.until, tier.review_at
    if ends is None or review is None:
        return ends or review
    return min(ends, review)


def stays(standing: Standing, tier: TierState, local: Local) -> bool:
    """Whether an event of `local`, the newest known, leaves the tier as it is: nearly every one."""
    ladder = standing.ladder
    if tier.lapsed_at is not None or tier.grace_until is not None or ladder.review is not None:
        return False
    held = rung_of(ladder, tier.tier)
    return standing.entitled(local, above=held) == held


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
        """Upgrade after an event of `local`: at once where an entry condition is reached, or at
        the reviews that a late event comes after. A late event may complete what a later day
        reached."""
        if self._ladder.review is None and local.at >= self._clock:
            self._rise(local.at, local, "entry")
            return
        why = "entry" if self._ladder.review is None else "review"
        for at, moment in self._looks(local.at, self._clock):
            # A review at the event's own instant weighs the period that ended there, without it.
            if why == "entry" or at > local.at:
                self._rise(at, moment, why)

    def _rise(self, at: datetime, moment: Local, why: str) -> None:
        held = rung_of(self._ladder, self.tier.tier)
        # A late event may also show that the tier of today was reached before.
        is_earlier = self.tier.by_entry and at < self.tier.since
        rung = self._standing.entitled(moment, above=held - is_earlier)
        # What was held at that instant is not reached anew, though it has been lost since.
        is_news = rung > rung_of(self._ladder, tier_at(self.tier, at, self._ladder.tiers[0].code))
        if is_news and (rung > held or (is_earlier and rung == held)):
            until = self._term(at)
            if until is None or until > self._clock:
                self._rise_from(at, rung, until, why)
        elif self.tier.grace_until is not None and self.tier.until is not None:
            # What happened before the term was over counts for its review, though it comes late.
            if moment.at >= self.tier.until and self._keeps(held, moment.at):
                self._keep(at)
            elif moment.at < self.tier.until and self._keeps(
                held, last_moment_before(self.tier.until)
            ):
                self._keep(self.tier.until)

    def _rise_from(self, at: datetime, rung: int, until: datetime | None, why: str) -> None:
        if self._ladder.tiers[rung].code == self.tier.tier:
            self.tier = replace(self.tier, since=at, until=until)
            self.moves.append(TierMove(self.tier.tier, self.tier.tier, at, "late_event", until))
        else:
            self._move(rung, at=at, until=until, why=why, by_entry=True)

    def _looks(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, Local]]:
        """The instants from `since` to `until` at which tiers are reached, each with that as at
        which metrics are weighed. A review at the end of a period weighs that period; between
        two events a rolling metric was highest at the end of a day on which it grew."""
        zone = self._program.zone
        if self._ladder.review is not None:
            at = last_moment_before(since)
            while (at := end_of(self._ladder.review, at, zone)) <= until:
                yield at, self._local(last_moment_before(at))
            return
        first, last = self._local(since), self._local(until)
        yield since, first
        for day in self._standing.days_between(first.day, last.day):
            night = midnight(date.fromordinal(day + 1 + EPOCH_DAY), zone)
            yield last_moment_before(night), self._local(last_moment_before(night))
        if since < until:
            yield until, last

    def restore(self, at: datetime) -> None:
        """Give back a tier that was lost at a review which a late event of `at` now passes."""
        lost = self.tier.lapsed_at
        if lost is None or at >= lost or not self.tier.before:
            return
        former = self.tier.before[-1]
        rung = rung_of(self._ladder, former.tier)
        term = former.until or lost
        # After its term a tier was in its grace period, and kept from the event on.
        is_in_grace = at >= term
        if not self._keeps(rung, at if is_in_grace else last_moment_before(term)):
            return
        until = self._term(at if is_in_grace else term)
        self._move(rung, at=lost, until=until, why="late_event")
        self.review_until(self._clock)

    def undo(self, at: datetime, before: Standing) -> None:
        """After a return: leave the tiers whose entry condition it broke, for the highest that
        what is left still reaches. `before` are the metrics without the return."""
        old, reached = self.tier, list[datetime]()
        while self.tier.by_entry and self.tier.before and self._is_broken(at, before):
            reached.append(self.tier.since)
            former = self.tier.before[-1]
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
        if not reached:
            return
        for since, moment in self._looks(reached[-1], at):
            held = rung_of(self._ladder, self.tier.tier)
            rung = self._standing.entitled(moment, above=held)
            until = self._term(since)
            if rung > held and (until is None or until > self._clock):
                self._hold(rung, at=since, until=until, by_entry=True)
        self.moves.append(TierMove(old.tier, self.tier.tier, at, "return", self.tier.until))

    def _is_broken(self, at: datetime, before: Standing) -> bool:
        entry = self._ladder.tiers[rung_of(self._ladder, self.tier.tier)].entry
        moments = [moment for _, moment in self._looks(self.tier.since, at)]
        if any(self._standing.meets(entry, moment) for moment in moments):
            return False
        return any(before.meets(entry, moment) for moment in moments)

    def _periodic(self, due: datetime, at: datetime) -> None:
        """The end of a review period. Without events windows only shrink: until the term is over,
        later ends that have passed too need no look of their own."""
        assert self._ladder.review is not None
        rung = self._standing.entitled(self._local(last_moment_before(due)))
        if rung > rung_of(self._ladder, self.tier.tier):
            self._move(rung, at=due, until=self._term(due), why="review", by_entry=True)
        over = self.tier.grace_until or self.tier.until or at
        following = end_of(self._ladder.review, max(min(at, over), due), self._program.zone)
        self.tier = replace(self.tier, review_at=following)

    def _term_over(self, due: datetime) -> None:
        rung = rung_of(self._ladder, self.tier.tier)
        if rung == 0:
            # The lowest tier has no term; a tier that the program no longer has ends there.
            self._move(0, at=due, until=None, why="not_kept")
            return
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
        old = self.tier.tier
        self._hold(rung, at=at, until=until, by_entry=by_entry)
        self.moves.append(TierMove(old, self.tier.tier, at, why, until))

    def _hold(self, rung: int, *, at: datetime, until: datetime | None, by_entry: bool) -> None:
        old = self.tier
        self.tier = TierState(
            self._ladder.tiers[rung].code,
            at,
            until=until,
            by_entry=by_entry,
            review_at=old.review_at,
            before=(*old.before, Held(old.tier, old.since, old.until, old.by_entry))[-MAX_BEFORE:],
        )


def tier_of(program: Program | None, member: Member, at: datetime) -> str:
    """The code of the tier held at `at`, reviews that are due included; "" without tiers."""
    if program is None or program.ladder is None:
        return ""
    state = reviewed(program, member.state, member.enrolled_at, at)
    return tier_at(state.tier, at, program.ladder.tiers[0].code)


def reviewed(program: Program, state: State, enrolled_at: datetime, at: datetime) -> State:
    """The state with every review made that is due by `at`, whether or not any job has run."""
    if program.ladder is None:
        return state
    tier = state.tier or begin(program, enrolled_at)
    assert tier is not None
    tier = attuned(program, tier, state.clock or at)
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
