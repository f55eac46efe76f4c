"""From sums of days to a report on a span of days beside the one before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct

from regulars.domain.statistics.spans import Segment, Span

FLOWS = ("issued", "redeemed", "expired", "returned", "moved")
"""What happens to points; see docs/explanation/overview.md."""


class Sum(Struct, frozen=True, gc=False):
    """What happened on a day at one tier, in members' first days or not."""

    day: date
    figure: str
    name: str
    tier: str
    is_new: bool
    count: int
    amount: int
    change: int


@dataclass(slots=True)
class Flows:
    """Points of one currency; `outstanding`: what there was at the end of the day."""

    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    returned: int = 0
    moved: int = 0
    outstanding: int = 0


@dataclass(slots=True)
class DayFigures:
    """What happened on a day. Money is in minor units. `members`, `active`, `at_risk`: at its end;
    None where that is not known. `takings`: of all purchases, members or not, if reported."""

    day: date
    purchases: int = 0
    sales: int = 0
    came_back: int = 0
    buyers: int = 0
    new_members: int = 0
    members: int | None = None
    active: int | None = None
    at_risk: int | None = None
    takings: int | None = None
    all_purchases: int | None = None
    points: dict[str, Flows] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """What a rule gave."""

    rule: str
    events: int
    points: int
    events_before: int
    points_before: int


@dataclass(frozen=True, slots=True)
class Report:
    """Days of a span and of the one before it; members by tier at the end of each."""

    days: list[DayFigures]
    days_before: list[DayFigures]
    tiers: dict[str, int]
    tiers_before: dict[str, int]
    rules: list[RuleFigures]


def report(
    sums: Iterable[Sum],
    span: Span,
    segment: Segment,
    *,
    currencies: Iterable[str],
    takings: Mapping[date, tuple[int, int]],
) -> Report:
    """The report on `span`.

    `sums`: all of the two spans, and what changed before them, dated on any day before.
    """
    before = span.before
    made = _Making(Span(before.first, span.last), segment, list(currencies))
    for one in sums:
        made.add(one)
    days = made.finished(takings)
    return Report(
        days=days[before.days :],
        days_before=days[: before.days],
        tiers=made.tiers_at(span.last),
        tiers_before=made.tiers_at(before.last),
        rules=made.rules(span),
    )


class _Making:
    """A report while the sums come in. Stocks, members and points outstanding, are first noted as
    changes by day; `finished` runs them up."""

    def __init__(self, whole: Span, segment: Segment, currencies: list[str]) -> None:
        self._whole = whole
        self._segment = segment
        self._currencies = currencies
        self._days = {
            day: DayFigures(day, points={code: Flows() for code in currencies})
            for day in whole.each()
        }
        self._members: dict[str, dict[date, int]] = {}
        self._outstanding: dict[str, dict[date, int]] = {}
        self._rules: dict[str, list[tuple[date, int, int]]] = {}

    def add(self, one: Sum) -> None:
        """Take in one sum."""
        if one.figure == "member":
            changes = self._members.setdefault(one.tier, {})
            changes[one.day] = changes.get(one.day, 0) + one.change
        elif one.figure in FLOWS:
            changes = self._outstanding.setdefault(one.name, {})
            changes[one.day] = changes.get(one.day, 0) + one.change
        day = self._days.get(one.day)
        if day is None or not self._is_asked(one):
            return
        if one.figure == "rule":
            self._rules.setdefault(one.name, []).append((one.day, one.count, one.amount))
        elif one.figure in FLOWS:
            flows = day.points.get(one.name)
            if flows is not None:
                setattr(flows, one.figure, getattr(flows, one.figure) + one.amount)
        else:
            self._note(day, one)

    def _is_asked(self, one: Sum) -> bool:
        if one.figure == "standing":
            # Who is active has no first days: of those segments it is not known.
            is_mine = self._segment.tier in (None, one.tier) or one.name == "counted"
            return self._segment.is_new is None and is_mine
        return self._segment.holds(one.tier, is_new=one.is_new)

    def _note(self, day: DayFigures, one: Sum) -> None:
        if one.figure == "purchase":
            day.purchases += one.count
            day.sales += one.amount
            day.came_back += one.change
        elif one.figure == "buyer":
            day.buyers += one.count
        elif one.figure == "member":
            # Whoever comes into the tier asked about is new to it; for all, who was enrolled.
            if one.name == "enrolled" or (one.name == "moved" and self._segment.tier):
                day.new_members += one.count
        elif one.figure == "standing":
            # A day that was counted says so; on others it is not known.
            day.active, day.at_risk = day.active or 0, day.at_risk or 0
            if one.name == "active":
                day.active += one.count
            elif one.name == "at_risk":
                day.at_risk += one.count

    def finished(self, takings: Mapping[date, tuple[int, int]]) -> list[DayFigures]:
        """All days, the first first."""
        if self._segment.is_new is None:
            asked = [self._segment.tier] if self._segment.tier else list(self._members)
            running = [self._running(self._members.get(tier, {})) for tier in asked]
            for day, figures in self._days.items():
                figures.members = sum(one[day] for one in running)
        for code in self._currencies:
            left = self._running(self._outstanding.get(code, {}))
            for day, figures in self._days.items():
                figures.points[code].outstanding = left[day]
        if self._segment.is_all:
            for day, (amount, purchases) in takings.items():
                if day in self._days:
                    self._days[day].takings = amount
                    self._days[day].all_purchases = purchases
        return list(self._days.values())

    def _running(self, changes: Mapping[date, int]) -> dict[date, int]:
        total = sum(change for day, change in changes.items() if day < self._whole.first)
        found = {}
        for day in self._days:
            total += changes.get(day, 0)
            found[day] = total
        return found

    def tiers_at(self, last: date) -> dict[str, int]:
        """Members by tier at the end of `last`."""
        return {
            tier: sum(change for day, change in changes.items() if day <= last)
            for tier, changes in self._members.items()
        }

    def rules(self, span: Span) -> list[RuleFigures]:
        """What rules gave, those first that gave most in `span`."""
        found = [
            RuleFigures(
                rule,
                events=sum(count for day, count, _ in given if day in span),
                points=sum(points for day, _, points in given if day in span),
                events_before=sum(count for day, count, _ in given if day not in span),
                points_before=sum(points for day, _, points in given if day not in span),
            )
            for rule, given in self._rules.items()
        ]
        return sorted(found, key=lambda one: (-one.points, -one.points_before, one.rule))
