"""A program made ready for deciding: rules by trigger, scopes and schedules as quick functions."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from regulars.domain.errors import NoProgramInForce
from regulars.domain.events import OCCASION, Line
from regulars.domain.periods import Local, Unit
from regulars.domain.programs.benefits import Benefit
from regulars.domain.programs.budget_terms import Purse
from regulars.domain.programs.cashback import cashback_rules
from regulars.domain.programs.model import (
    Cap,
    CapPer,
    Currency,
    EarnKind,
    ExpiryKind,
    Pick,
    Program,
    Rule,
)
from regulars.domain.programs.pieces import LineScope, Schedule

LineTest = Callable[[Line], bool]
Amounts = Callable[[Sequence[Line]], list[int]]
Season = Callable[[Local, object], bool]


DAYS_KEPT = 100
"""How long what a cap by day or week has given is remembered: an event that comes later than that
finds nothing counted there."""

LONG_DAYS_KEPT = 800
"""The same for caps by month and year."""


class Stretch(Struct, frozen=True, gc=False):
    """A cap made ready. Its use is counted under `name` and the first day of the stretch of the
    calendar, and kept for `days_kept`; without a name the cap is on each event by itself."""

    cap: Cap
    unit: Unit | None
    name: str
    days_kept: int


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule made ready. `bases`: the ids of the rules that a multiplier multiplies.

    `amounts`: what the lines in scope cost, when a look at sku, category and brand decides that;
    None without a scope. `only_excludes`: the scope names no lines but only exceptions, so that a
    purchase reported without lines counts in full. `is_gated`: it is not for everybody or not for
    every event, whatever the season; `is_for_some`: for some members only. `purses`: the budgets
    that its points are taken of.
    """

    rule: Rule
    in_scope: LineTest | None
    amounts: Amounts | None
    only_excludes: bool
    in_season: Season | None
    is_gated: bool
    is_for_some: bool
    is_limited: bool
    stretches: tuple[Stretch, ...]
    bases: tuple[str, ...]
    purses: tuple[Purse, ...] = ()


Place = tuple[int, PlannedRule]
"""A rule and its place among the rules for one event type, in document order."""


@dataclass(frozen=True, slots=True)
class TypeRules:
    """The rules for one event type: those that count, those that multiply, and how they exclude
    each other: (pick, places) for each stacking group that chooses one. `budgeted`: those that
    take of a budget."""

    ids: tuple[str, ...]
    counting: tuple[Place, ...]
    multiplying: tuple[Place, ...]
    counting_groups: tuple[tuple[Pick, tuple[int, ...]], ...]
    multiplying_groups: tuple[tuple[Pick, tuple[int, ...]], ...]
    place_of: dict[str, int]
    conditioned: tuple[Place, ...]
    played: tuple[Place, ...] = ()
    budgeted: tuple[str, ...] = ()


NO_RULES = TypeRules((), (), (), (), (), {}, ())


@dataclass(frozen=True, slots=True)
class Plan:
    """A program version, ready. `version` is 0 for a draft.

    `purses`: the points of each budget that rules share.

    `benefits_vary`: some come and go though tier, stage, tags and cards are what they were;
    `benefits_by_stage`: a stage carries some.
    `occasions`: those that a rule waits for. `follows`: something may follow from a decision.
    `effective`: the rules that do something beside giving points.
    """

    program: Program
    version: int
    rules: dict[str, TypeRules]
    by_id: dict[str, PlannedRule]
    budgets: dict[str, int]
    spendable: frozenset[str]
    inactive: tuple[Currency, ...]
    bottom: str
    benefits: dict[str, Benefit]
    benefits_vary: bool
    benefits_by_stage: bool
    occasions: frozenset[str]
    follows: bool
    effective: frozenset[str]
    has_challenges: bool = False
    purses: Mapping[str, int] = field(default_factory=dict)


def plan(program: Program, version: int = 0) -> Plan:
    """Make `program` ready. Costs a millisecond or so; keep the result."""
    everything = (*program.rules, *cashback_rules(program))
    rules = {rule.id: _planned(rule, program) for rule in everything}
    types = {code for rule in everything for code in rule.on}
    effective = frozenset(rule.id for rule in everything if rule.effects)
    return Plan(
        program=program,
        version=version,
        rules={_type_of(code): _for_type(code, rules.values(), program) for code in types},
        by_id=rules,
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
        benefits={benefit.id: benefit for benefit in program.benefits},
        benefits_vary=any(map(_varies, program.benefits)),
        benefits_by_stage=any(one.carriers and one.carriers.stages for one in program.benefits),
        occasions=frozenset(one for rule in program.rules for one in rule.occasions),
        follows=bool(program.benefits or program.lifecycle or effective),
        effective=effective,
        has_challenges=any(rule.challenge is not None for rule in program.rules),
        purses={purse.budget: purse.most for rule in rules.values() for purse in rule.purses},
    )


def _type_of(code: str) -> str:
    """The type of the events that rules on `code` look at."""
    return OCCASION if code == "occasion" else code


def _varies(benefit: Benefit) -> bool:
    carriers, schedule = benefit.carriers, benefit.schedule
    return carriers is not None and (
        carriers.where is not None
        or (schedule is not None and bool(schedule.starts_at or schedule.ends_at))
    )


def _for_type(code: str, rules: Iterable[PlannedRule], program: Program) -> TypeRules:
    places = list(enumerate(known for known in rules if code in known.rule.on))
    multiplying = [place for place in places if place[1].rule.earn.kind is EarnKind.MULTIPLY]
    counting = [place for place in places if place[1].rule.earn.kind is not EarnKind.MULTIPLY]
    return TypeRules(
        ids=tuple(known.rule.id for _, known in places),
        counting=tuple(counting),
        multiplying=tuple(multiplying),
        counting_groups=_groups(counting, program),
        multiplying_groups=_groups(multiplying, program),
        place_of={known.rule.id: place for place, known in places},
        conditioned=tuple(
            (place, known)
            for place, known in places
            if known.rule.lines and known.rule.lines.condition
        ),
        played=tuple(
            (place, known) for place, known in places if known.rule.challenge or known.rule.streak
        ),
        budgeted=tuple(
            known.rule.id for _, known in places if known.purses or known.rule.budget is not None
        ),
    )


def _groups(places: Iterable[Place], program: Program) -> tuple[tuple[Pick, tuple[int, ...]], ...]:
    """The exclusive stacking groups that have two rules or more here."""
    groups: dict[str, list[int]] = {}
    for place, known in places:
        if known.rule.group is not None:
            groups.setdefault(known.rule.group, []).append(place)
    return tuple(
        (program.stacking[group], tuple(members))
        for group, members in groups.items()
        if program.stacking[group] is not Pick.ALL and len(members) > 1
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
    scope, purses = rule.lines, _purses(rule, program)
    is_for_some = any((rule.tiers, rule.cards, rule.stages, rule.tags, rule.carriers))
    return PlannedRule(
        rule=rule,
        in_scope=None if scope is None else line_test_of(scope),
        amounts=None if scope is None or scope.condition else _amounts(scope),
        only_excludes=scope is not None and not _selects(scope),
        in_season=None if rule.schedule is None else season_of(rule.schedule),
        is_gated=is_for_some
        or any((rule.audience, rule.condition, rule.payment_methods, rule.occasions)),
        is_for_some=is_for_some,
        is_limited=bool(rule.caps or purses or rule.share) or rule.budget is not None,
        stretches=tuple(stretch for cap in rule.caps for stretch in _stretches(rule, cap)),
        bases=_multiplied(rule, program),
        purses=purses,
    )


def _purses(rule: Rule, program: Program) -> tuple[Purse, ...]:
    return tuple(
        Purse(one.id, one.currency, one.points, one.per)
        for one in program.budgets
        if one.points is not None
        and one.currency == rule.earn.currency
        and one.covers_rule(rule.id)
    )


_UNITS = {
    CapPer.DAY: Unit.DAY,
    CapPer.WEEK: Unit.WEEK,
    CapPer.MONTH: Unit.MONTH,
    CapPer.YEAR: Unit.YEAR,
}


def _stretches(rule: Rule, cap: Cap) -> Iterator[Stretch]:
    """A cap on points and times at once is two: what they count has nothing in common."""
    for counted, one in (
        ("t", Cap(cap.per, times=cap.times) if cap.times is not None else None),
        ("p", Cap(cap.per, points=cap.points) if cap.points is not None else None),
    ):
        if one is not None:
            name = "" if cap.per is CapPer.EVENT else f"{rule.id}|{cap.per.value}{counted}"
            days = DAYS_KEPT if cap.per in (CapPer.DAY, CapPer.WEEK) else LONG_DAYS_KEPT
            yield Stretch(one, _UNITS.get(cap.per), name, days)


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


def line_test_of(scope: LineScope) -> LineTest:
    """The sets of a scope as one function; its condition is applied by the caller."""
    skus, categories, brands = scope.skus, scope.categories, scope.brands
    no_skus, no_categories, no_brands = (
        scope.except_skus,
        scope.except_categories,
        scope.except_brands,
    )

    def test(line: Line) -> bool:
        if (
            (skus and line.sku not in skus)
            or (categories and line.category not in categories)
            or (brands and line.brand not in brands)
        ):
            return False
        return (
            line.sku not in no_skus
            and line.category not in no_categories
            and line.brand not in no_brands
        )

    return test


def _amounts(scope: LineScope) -> Amounts:
    """The amounts of the lines in scope. The two commonest scopes, by category alone, are spelt
    out: a call for each line would cost more than the look-up."""
    others = scope.skus or scope.brands or scope.except_skus or scope.except_brands
    categories, excepted = scope.categories, scope.except_categories
    if not others and categories and not excepted:
        return lambda lines: [line.amount for line in lines if line.category in categories]
    if not others and not categories:
        return lambda lines: [line.amount for line in lines if line.category not in excepted]
    test = line_test_of(scope)
    return lambda lines: [line.amount for line in lines if test(line)]


def season_of(schedule: Schedule) -> Season:
    """The schedule as one function of the instant and the month of the member's birthday.

    Most schedules say one thing; each thing said is one quick test.
    """
    tests: list[Season] = []
    starts_at, ends_at = schedule.starts_at, schedule.ends_at
    weekdays, dates, hours = schedule.weekdays, schedule.dates, schedule.hours
    month_days = schedule.month_days
    if starts_at is not None:
        tests.append(lambda local, _month: local.at >= starts_at)
    if ends_at is not None:
        tests.append(lambda local, _month: local.at < ends_at)
    if weekdays:
        tests.append(lambda local, _month: local.weekday in weekdays)
    if dates:
        tests.append(lambda local, _month: local.date in dates)
    if month_days:
        tests.append(lambda local, _month: local.date.day in month_days)
    if hours:
        tests.append(lambda local, _month: any(start <= local.minute < end for start, end in hours))
    if schedule.birth_month:
        tests.append(lambda local, month: month == local.date.month)
    if len(tests) == 1:
        return tests[0]
    return lambda local, month: all(test(local, month) for test in tests)
