"""A program made ready for deciding: rules by trigger, scopes and schedules as quick functions."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.domain.errors import NoProgramInForce
from regulars.domain.events import Line
from regulars.domain.periods import EPOCH_DAY
from regulars.domain.programs.model import (
    Currency,
    EarnKind,
    ExpiryKind,
    LineScope,
    Program,
    Rule,
    Schedule,
)


class Local:
    """An instant on the program's wall clock, cut once for all rules of an event."""

    __slots__ = ("date", "day", "minute", "weekday", "year")

    def __init__(self, at: datetime, zone: ZoneInfo) -> None:
        wall = at.astimezone(zone)
        self.date = wall.date()
        self.day = self.date.toordinal() - EPOCH_DAY
        self.year = wall.year
        self.minute = wall.hour * 60 + wall.minute
        self.weekday = self.date.weekday()


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule made ready. `bases`: the ids of the rules that a multiplier multiplies.
    `only_excludes`: its scope names no lines but only exceptions, so that a purchase reported
    without lines counts in full.
    """

    rule: Rule
    in_scope: Callable[[Line], bool] | None
    only_excludes: bool
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A program version, ready. `version` is 0 for a draft."""

    program: Program
    version: int
    base_rules: dict[str, tuple[PlannedRule, ...]]
    multipliers: dict[str, tuple[PlannedRule, ...]]
    by_id: dict[str, PlannedRule]
    order: dict[str, int]
    budgets: dict[str, int]
    spendable: frozenset[str]
    inactive: tuple[Currency, ...]
    bottom: str


def plan(program: Program, version: int = 0) -> Plan:
    """Make `program` ready. Costs a millisecond or so; keep the result."""
    rules = {rule.id: _planned(rule, program) for rule in program.rules}
    types = {code for rule in program.rules for code in rule.on}

    def triggered(code: str, *, multiply: bool) -> tuple[PlannedRule, ...]:
        return tuple(
            known
            for known in rules.values()
            if code in known.rule.on and (known.rule.earn.kind is EarnKind.MULTIPLY) is multiply
        )

    return Plan(
        program=program,
        version=version,
        base_rules={code: triggered(code, multiply=False) for code in types},
        multipliers={code: triggered(code, multiply=True) for code in types},
        by_id=rules,
        order={rule.id: place for place, rule in enumerate(program.rules)},
        budgets={rule.id: rule.budget for rule in program.rules if rule.budget is not None},
        spendable=frozenset(
            code for code, known in program.currencies.items() if known.kind == "spendable"
        ),
        inactive=tuple(
            known
            for known in program.currencies.values()
            if known.expiry.kind is ExpiryKind.INACTIVE
        ),
        bottom=program.ladder.tiers[0].code if program.ladder else "",
    )


@dataclass(frozen=True, slots=True)
class Timetable:
    """All versions of a program by the instants from which they are in force, ascending."""

    instants: tuple[datetime, ...] = ()
    plans: tuple[Plan, ...] = ()

    @property
    def newest(self) -> int:
        """The highest version number; 0 for none."""
        return max((known.version for known in self.plans), default=0)

    def in_force(self, at: datetime) -> Plan:
        """The version in force at `at`. Raises NoProgramInForce."""
        place = bisect_right(self.instants, at)
        if not place:
            detail = "Nothing was published yet."
            if self.instants:
                detail = f"The first version is in force from {self.instants[0].isoformat()}."
            raise NoProgramInForce(f"No program version was in force at {at.isoformat()}. {detail}")
        return self.plans[place - 1]

    def version(self, number: int) -> Plan:
        """The plan of one version. Raises NoProgramInForce."""
        for known in self.plans:
            if known.version == number:
                return known
        raise NoProgramInForce(f"There is no version {number}.")

    def extended(self, fresh: Iterable[tuple[datetime, Plan]]) -> "Timetable":
        """With further versions."""
        entries = sorted(
            [*zip(self.instants, self.plans, strict=True), *fresh], key=lambda entry: entry[0]
        )
        return Timetable(
            tuple(instant for instant, _ in entries), tuple(known for _, known in entries)
        )


def _planned(rule: Rule, program: Program) -> PlannedRule:
    return PlannedRule(
        rule=rule,
        in_scope=None if rule.lines is None else _line_test(rule.lines),
        only_excludes=rule.lines is not None and not _selects(rule.lines),
        bases=_multiplied(rule, program),
    )


def _selects(scope: LineScope) -> bool:
    return bool(scope.skus or scope.categories or scope.brands or scope.condition)


def _multiplied(rule: Rule, program: Program) -> tuple[str, ...]:
    if rule.earn.kind is not EarnKind.MULTIPLY:
        return ()
    if rule.earn.of:
        return tuple(known.id for known in program.rules if known.id in rule.earn.of)
    return tuple(
        known.id
        for known in program.rules
        if known.earn.kind is EarnKind.RATE and known.earn.currency == rule.earn.currency
    )


def _line_test(scope: LineScope) -> Callable[[Line], bool]:
    """The sets of a scope as one function; its condition is applied by the caller."""
    skus, categories, brands = scope.skus, scope.categories, scope.brands
    excepted = (scope.except_skus, scope.except_categories, scope.except_brands)
    if categories and not (skus or brands or any(excepted)):
        return lambda line: line.category in categories
    if not (skus or categories or brands) and scope.except_categories:
        no_skus, no_categories, no_brands = excepted
        if not (no_skus or no_brands):
            return lambda line: line.category not in no_categories

    def test(line: Line) -> bool:
        if skus and line.sku not in skus:
            return False
        if categories and line.category not in categories:
            return False
        if brands and line.brand not in brands:
            return False
        return (
            line.sku not in scope.except_skus
            and line.category not in scope.except_categories
            and line.brand not in scope.except_brands
        )

    return test


def in_schedule(schedule: Schedule, at: datetime, local: Local, birth_month: object) -> bool:
    """Whether `at` is within the schedule; `local` is `at` on the program's wall clock."""
    if schedule.starts_at is not None and at < schedule.starts_at:
        return False
    if schedule.ends_at is not None and at >= schedule.ends_at:
        return False
    if schedule.weekdays and local.weekday not in schedule.weekdays:
        return False
    if schedule.dates and local.date not in schedule.dates:
        return False
    if schedule.hours and not any(start <= local.minute < end for start, end in schedule.hours):
        return False
    return not schedule.birth_month or birth_month == local.date.month
