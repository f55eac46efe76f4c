"""How far each budget is used up, what it comes to at this pace, and which ones to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.budgets.funding import money_limit
from regulars.domain.limits.limits import Key, Limit, Room
from regulars.domain.periods import end_of, midnight, start_of
from regulars.domain.plans import Plan
from regulars.domain.programs.budget_terms import Budget, purse_key
from regulars.domain.programs.model import Program
from regulars.domain.programs.pieces import Text
from regulars.domain.statistics.alerts import Alert, Level

RECENT_DAYS = 28
"""The pace of a budget that is there once is that of so many days."""

THRESHOLDS = (
    (100, "budget_spent", Level.ERROR),
    (80, "budget_low", Level.WARNING),
    (50, "budget_half", Level.INFO),
)
"""(percent used, what is told of it, how much it presses)."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One limit of one budget. `rule`: it is that rule's own. `currency`: of points; None: money in
    minor units. `reserved`: for orders that are open. `since`, `until`: the stretch it is for.

    `expected`: what is used at the end of the stretch, at the pace so far; `runs_out_at`: when it
    is used up at that pace, if within the stretch; None: not in sight.
    """

    budget: str
    name: Text
    rule: str | None
    currency: str | None
    most: int
    used: int
    reserved: int
    per: str | None
    since: datetime | None
    until: datetime | None
    expected: int | None
    runs_out_at: datetime | None
    rules: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    coupons: tuple[str, ...] = ()
    is_everything: bool = False

    @property
    def percent(self) -> int:
        """How much of it is taken, rounded down; 100 only when nothing is left."""
        return (self.used + self.reserved) * 100 // self.most if self.most else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What is taken: `points` by the names they are counted under, `rooms` of money, and lately,
    within RECENT_DAYS: points by rule, money by budget."""

    points: Mapping[str, int]
    rooms: Mapping[Key, Room]
    rule_points: Mapping[str, int]
    money: Mapping[str, int]


def names_at(plan: Plan, at: datetime) -> list[str]:
    """Under which names the points of all budgets are counted at `at`."""
    day = at.astimezone(plan.program.zone).date()
    shared = [purse_key(one.id, one.per, day) for one in plan.program.budgets if one.points]
    return [*plan.budgets, *shared]


def limits_at(program: Program, at: datetime) -> list[Limit]:
    """The limits of all budgets in money at `at`."""
    return [money_limit(one, program, at) for one in program.budgets if one.money is not None]


def gauges(plan: Plan, uses: Uses, at: datetime) -> list[Gauge]:
    """All budgets as they stand: shared ones in the order of the document, then rules' own."""
    program = plan.program
    day = at.astimezone(program.zone).date()
    found: list[Gauge] = []
    for one in program.budgets:
        if one.points is not None:
            used = uses.points.get(purse_key(one.id, one.per, day), 0)
            lately = sum(
                points
                for rule, points in uses.rule_points.items()
                if one.covers_rule(rule) and _gives(plan, rule, one.currency)
            )
            found.append(_shared(one, program, one.points, (used, 0), lately, at=at))
        if one.money is not None:
            room = uses.rooms.get(money_limit(one, program, at).key)
            taken = (0, 0) if room is None else (room.used, room.reserved)
            lately = uses.money.get(one.id, 0)
            found.append(_shared(one, program, one.money, taken, lately, at=at, is_money=True))
    for code, most in plan.budgets.items():
        rule = plan.by_id[code].rule
        used = uses.points.get(code, 0)
        pace = _Pace(uses.rule_points.get(code, 0), RECENT_DAYS * _DAY)
        found.append(
            Gauge(
                budget=code,
                name=rule.name,
                rule=code,
                currency=rule.earn.currency,
                most=most,
                used=used,
                reserved=0,
                per=None,
                since=None,
                until=None,
                expected=None,
                runs_out_at=pace.out_at(most - used, at),
            )
        )
    return found


def alerts(found: Iterable[Gauge]) -> list[Alert]:
    """The budgets that have passed a threshold: each once, by the highest, its fullest limit."""
    worst: dict[str, Gauge] = {}
    for one in found:
        known = worst.get(one.budget)
        if known is None or one.percent > known.percent:
            worst[one.budget] = one
    told: list[Alert] = []
    for one in worst.values():
        for percent, code, level in THRESHOLDS:
            if one.percent >= percent:
                told.append(Alert(code, level, one.percent, subject=one.budget, since=one.since))
                break
    return sorted(told, key=lambda one: -one.count)


@dataclass(frozen=True, slots=True)
class _Pace:
    """So much in so long."""

    amount: int
    span: timedelta

    def after(self, span: timedelta) -> int:
        """How much it comes to in `span`."""
        return int(self.amount * (span // _SECOND) // max(self.span // _SECOND, 1))

    def out_at(self, left: int, at: datetime) -> datetime | None:
        """When `left` is used up; None: not within the years to come."""
        if left <= 0:
            return at
        if not self.amount:
            return None
        seconds = left * (self.span // _SECOND) // self.amount
        return at + seconds * _SECOND if seconds < _FAR else None


_SECOND = timedelta(seconds=1)
_FAR = 10 * 366 * 24 * 3600


def _gives(plan: Plan, rule: str, currency: str) -> bool:
    known = plan.by_id.get(rule)
    return known is not None and known.rule.earn.currency == currency


def _shared(
    budget: Budget,
    program: Program,
    most: int,
    taken: tuple[int, int],
    lately: int,
    *,
    at: datetime,
    is_money: bool = False,
) -> Gauge:
    used, reserved = taken
    since = until = expected = None
    pace = _Pace(lately, RECENT_DAYS * _DAY)
    if budget.per is not None:
        day = at.astimezone(program.zone).date()
        since = midnight(start_of(budget.per, day), program.zone)
        until = end_of(budget.per, at, program.zone)
        pace = _Pace(used, max(at - since, _DAY))
        expected = min(used + pace.after(until - at), most)
    out_at = pace.out_at(most - used - reserved, at)
    return Gauge(
        budget=budget.id,
        name=budget.name,
        rule=None,
        currency=None if is_money else budget.currency,
        most=most,
        used=used,
        reserved=reserved,
        per=None if budget.per is None else budget.per.value,
        since=since,
        until=until,
        expected=expected,
        runs_out_at=out_at if until is None or (out_at is not None and out_at < until) else None,
        rules=tuple(sorted(budget.rules)),
        benefits=tuple(sorted(budget.benefits)),
        coupons=tuple(sorted(budget.coupons)),
        is_everything=budget.is_everything,
    )
