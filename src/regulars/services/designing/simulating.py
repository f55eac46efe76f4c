"""Carrying a simulation out: the window, the passes over history, and the result."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from regulars.domain.designing import reporting
from regulars.domain.designing.reporting import Pair
from regulars.domain.designing.results import Baseline, SimulationResult
from regulars.domain.designing.simulations import AS_DECIDED, Asked
from regulars.domain.designing.tallies import Sums
from regulars.domain.periods import midnight, month_after
from regulars.domain.plans import Plan, Timetable
from regulars.services.designing.replaying import (
    Comparison,
    Cuts,
    Order,
    Share,
    Turns,
    compare,
    replay,
)
from regulars.storage import programs
from regulars.storage.database import Database
from regulars.storage.designing import lives
from regulars.storage.designing.lives import Extent

MEMBERS_TOGETHER = 50
"""A page; some thousand events in memory."""

MOST_BLOCKS = 1_000_000
"""What rules with a budget gave is summed by blocks of events, so that no history fills memory."""

_A_MOMENT = timedelta(microseconds=1)
Demand = Callable[[], None]
"""Raises when nobody wants the result any more; it is called often."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who replays an order: one process, or several that share its pages. `done`: events replayed
    so far, over all orders."""

    replay: Callable[[Order, Demand], Sequence[Share]]
    done: Callable[[], int]


def alone(db: Database) -> Crew:
    """This process by itself."""
    done = 0

    def work(order: Order, demand: Demand) -> Sequence[Share]:
        places = count()

        def told(events: int) -> None:
            nonlocal done
            done += events
            demand()

        return [replay(db, order, Turns(lambda: next(places), told))]

    return Crew(work, lambda: done)


@dataclass(frozen=True, slots=True)
class Task:
    """What is simulated where. `told`: how many events there are to replay; it is told again when
    they turn out to be more. `demand` raises when nobody wants the result any more."""

    db: Database
    organization: int
    asked: Asked
    now: datetime
    told: Callable[[int], None]
    demand: Demand


def simulate(task: Task, crew: Crew) -> SimulationResult:
    """Replay history under both programs and tell what differs. `task.asked` names a version, and
    carries its document. Raises ProgramInvalid, NoProgramInForce, and what `demand` does."""
    order, extent, table = _order(task)
    comparison = compare(order, table)
    task.told(extent.events)
    whole = _whole(comparison, crew.replay(order, task.demand))
    cuts = _cuts(comparison, whole)
    if any(cuts):
        # A budget that all members share ended on the way: now that it is known where, again.
        task.told(extent.events * 2)
        order = replace(order, in_force_cuts=cuts[0], draft_cuts=cuts[1])
        comparison = compare(order, table)
        whole = _whole(comparison, crew.replay(order, task.demand))
    return _told(comparison, whole, extent)


def _order(task: Task) -> tuple[Order, Extent, Timetable]:
    organization, asked = task.organization, task.asked
    with task.db.snapshot(organization) as tx:
        extent = lives.extent(tx, organization, asked.until or task.now)
        pages = lives.pages(tx, organization, MEMBERS_TOGETHER)
        table = programs.timetable(tx, organization, Timetable())
    from_, until = _window(asked, extent, table, task.now)
    order = Order(
        organization=organization,
        document=asked.document,
        against=asked.against,
        from_=from_,
        until=until,
        width=extent.last // MOST_BLOCKS + 1,
        pages=tuple(pages),
    )
    return order, extent, table


def _window(
    asked: Asked, extent: Extent, table: Timetable, now: datetime
) -> tuple[datetime, datetime]:
    """As it was asked for; else the month of the newest event and those before it."""
    until = asked.until
    if until is None:
        until = now if extent.newest is None else extent.newest + _A_MOMENT
    if asked.from_ is not None:
        return min(asked.from_, until - _A_MOMENT), until
    zone = table.plans[-1].program.zone
    last = (until - _A_MOMENT).astimezone(zone).date().replace(day=1)
    return midnight(month_after(last, 1 - asked.months), zone), until


def _whole(comparison: Comparison, shares: Sequence[Share]) -> Share:
    whole = comparison.nothing_yet()
    for share in shares:
        whole.in_force.add(share.in_force)
        whole.draft.add(share.draft)
        whole.roll.extend(share.roll)
    return whole


def _cuts(comparison: Comparison, whole: Share) -> tuple[Cuts, Cuts]:
    """Where budgets end under either program."""
    now, then = comparison.in_force.fixed, comparison.draft.last
    return ({} if now is None else _ends(now, whole.in_force)), _ends(then, whole.draft)


def _ends(plan: Plan, sums: Sums) -> Cuts:
    """For each budget that does not last, the block of events in which it ends, and its rest."""
    given: dict[str, list[tuple[int, int]]] = {}
    for (rule, block), points in sums.grants.items():
        given.setdefault(rule, []).append((block, points))
    cuts: dict[str, tuple[int, int]] = {}
    known = {**plan.budgets, **_shared(plan, given)}
    for rule, budget in known.items():
        left = budget
        for block, points in sorted(given.get(rule, [])):
            if points > left:
                cuts[rule] = (block, left)
                break
            left -= points
    return cuts


def _shared(plan: Plan, given: Iterable[str]) -> dict[str, int]:
    """Of the budgets that rules share, each stretch in which something was given."""
    named = {key: key.partition("|")[0] for key in given if "|" in key}
    return {key: plan.purses[budget] for key, budget in named.items() if budget in plan.purses}


def _told(comparison: Comparison, whole: Share, extent: Extent) -> SimulationResult:
    now, then = comparison.in_force, comparison.draft
    pair = Pair(now.last.program, then.last.program, whole.in_force, whole.draft)
    is_decided = comparison.order.against == AS_DECIDED
    versions = sorted(now.by_version) if is_decided else [now.last.version]
    return SimulationResult(
        from_=comparison.order.from_,
        until=comparison.order.until,
        baseline=Baseline("decided" if is_decided else "version", versions),
        events=extent.events,
        members=len(whole.roll),
        money=then.last.program.money,
        currencies=reporting.currencies(pair),
        months=reporting.months(pair, comparison.window),
        rules=reporting.rules(pair),
        tiers=reporting.tiers(pair, whole.roll),
        changes=reporting.changes(whole.roll),
        refusals=reporting.refusals(pair),
    )
