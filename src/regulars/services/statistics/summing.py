"""Keeping the sums of days up to date: what changed since the last look is summed anew."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from regulars.domain.errors import NoProgramInForce
from regulars.storage.database import Database, Tx
from regulars.storage.programs import Versions
from regulars.storage.statistics import progress, standings, summing
from regulars.storage.statistics.progress import Progress
from regulars.storage.statistics.summing import Cut

LOOK_BACK = timedelta(minutes=10)
"""How much later than it was received something may be committed, and is seen all the same."""

DAYS_AT_ONCE = 14
MOST_STEPS = 40
"""Transactions of one call, so that the worker gets round; the next call carries on."""

COUNT_EVERY = timedelta(minutes=2)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Summed:
    """What one call has done: days summed, and whether all there are have been."""

    days: int
    is_complete: bool


def bring_up_to_date(
    db: Database,
    versions: Versions,
    now: datetime,
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> Summed:
    """Sum what was recorded since the last call, and the past as far as it is not summed yet.

    Safe to repeat and to run in many processes: one does it, the others leave it.
    """
    organization = versions.organization
    done, is_complete = 0, False
    for _ in range(MOST_STEPS):
        step = db.retrying(organization, lambda tx: _step(tx, versions, now))
        if step is None:
            return Summed(done, is_complete=False)
        done, is_complete = done + step.days, step.is_complete
        if is_complete or is_over():
            break
    return Summed(done, is_complete)


def begin_anew(db: Database, organization: int) -> None:
    """Throw all sums away. They are worked out again by the next calls of `bring_up_to_date`."""
    with db.transaction(organization) as tx:
        progress.claim(tx, organization)
        progress.drop(tx, organization)


def _step(tx: Tx, versions: Versions, now: datetime) -> Summed | None:
    """One transaction of it; None where there is nothing to do for us."""
    organization = versions.organization
    cut = cut_of(tx, versions, now)
    if cut is None:
        return None
    summing.read_much(tx)
    known = progress.claim(tx, organization)
    if known is not None and known.zone != str(cut.zone):
        # Days begin elsewhere now, so that none of the sums holds.
        progress.drop(tx, organization)
        known = None
    if known is None:
        progress.begin(tx, organization, cut, now)
        known = progress.claim(tx, organization)
        if known is None:
            return None
    known, days = _catch_up(tx, organization, cut, known, now)
    known, older = _go_back(tx, organization, cut, known)
    known = _count(tx, organization, cut, known, now)
    progress.save(tx, organization, known)
    return Summed(days + older, known.is_complete)


def cut_of(tx: Tx, versions: Versions, now: datetime) -> Cut | None:
    """How the program in force cuts days; None without one."""
    try:
        plan = versions.read(tx).in_force(now)
    except NoProgramInForce:
        return None
    return Cut(plan.program.zone, plan.bottom)


def _catch_up(
    tx: Tx, organization: int, cut: Cut, known: Progress, now: datetime
) -> tuple[Progress, int]:
    """Sum the days about which something was recorded since the last look."""
    seen = progress.seen(tx)
    since = known.looked_at - LOOK_BACK
    changed = progress.changed(tx, organization, known, seen, zone=str(cut.zone), since=since)
    today = cut.day_of(now)
    if known.swept_on != today:
        # Once a day the last ones again, should something have come later than we look back.
        changed = sorted({*changed, today, today - DAY, today - 2 * DAY})
    first = min([known.first_day, *changed])
    fresh = [day for day in changed if day >= known.built_from]
    if first < known.first_day and known.is_complete:
        # Earlier than anything so far: the days in between are empty, and are gone back over.
        known = replace(known, built_from=known.first_day)
    for start, end in runs(fresh):
        summing.sum_days(tx, organization, cut, start, end)
    known = replace(known, first_day=first, snapshot=seen.snapshot, swept_on=today)
    return _marked(tx, organization, known, now, changed=fresh), len(fresh)


def _marked(
    tx: Tx, organization: int, known: Progress, now: datetime, *, changed: list[date]
) -> Progress:
    """Note that these days are summed as of now, and which rows need no look any more."""
    stale = [day for day in (known.stale_from, *changed[:1]) if day is not None]
    known = replace(known, looked_at=max(now, known.looked_at), stale_from=min(stale, default=None))
    if now - known.marked_at < LOOK_BACK:
        return known
    members, changes = progress.newest(tx, organization)
    return replace(
        known,
        marked_at=now,
        last_member=known.next_member,
        next_member=members,
        last_tier_change=known.next_tier_change,
        next_tier_change=changes,
    )


def _go_back(tx: Tx, organization: int, cut: Cut, known: Progress) -> tuple[Progress, int]:
    """Sum some of the days of the past that are not summed yet, the newest first."""
    if known.is_complete:
        return known, 0
    first = max(known.first_day, known.built_from - DAYS_AT_ONCE * DAY)
    last = known.built_from - DAY
    summing.sum_days(tx, organization, cut, first, last)
    stale = min(first, known.stale_from or first)
    return replace(known, built_from=first, stale_from=stale), (last - first).days + 1


def _count(tx: Tx, organization: int, cut: Cut, known: Progress, now: datetime) -> Progress:
    """Count who is active and who at risk, where that has changed; not at every look, as it takes
    in half a year."""
    if not known.is_complete:
        return known
    today = cut.day_of(now)
    first = known.stale_from
    if known.counted_at is not None:
        counted_on = cut.day_of(known.counted_at)
        if counted_on >= today and (first is None or now - known.counted_at < COUNT_EVERY):
            return known
        first = min(first or today, counted_on)
    first = first or known.first_day
    standings.count(tx, organization, first, max(today, first))
    return replace(known, counted_at=now, stale_from=None)


def runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days that follow each other, as their first and last; at most DAYS_AT_ONCE together."""
    start: date | None = None
    last: date | None = None
    for day in sorted(days):
        if start is None or last is None:
            start = last = day
        elif day == last + DAY and (day - start).days < DAYS_AT_ONCE:
            last = day
        else:
            yield start, last
            start = last = day
    if start is not None and last is not None:
        yield start, last
