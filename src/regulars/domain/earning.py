"""What one event earns under a plan, rule by rule, and for each rule that gives nothing, why.

Rules that count (a rate or a fixed number of points) come first, then stacking groups choose
among them, then multipliers add (factor - 1) times what the multiplied rules gave before
rounding, then caps and budgets cut. Multipliers add up; none multiplies another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.domain.amounts import rounded
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.events import Event, Line, Purchase, amount_of
from regulars.domain.members import Member, MemberView
from regulars.domain.periods import Unit, period_key
from regulars.domain.plans import Local, Plan, PlannedRule, in_schedule
from regulars.domain.programs.model import Cap, CapPer, Condition, EarnKind, Pick, Rule

Given = tuple[str, int, str]
"""(rule id, points, reason). The reason is "" when nothing was held back, else the first reason
why the rule gave less than it could, or nothing."""


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase as conditions see it."""

    total: int
    currency: str
    store: str | None
    channel: str | None
    line_count: int
    payment_methods: list[str]
    attributes: Mapping[str, Any]


class Sight:
    """All that the rules look at for one event, worked out once."""

    __slots__ = ("amount", "birth_month", "event", "lines", "local", "member", "methods", "order")

    def __init__(self, plan: Plan, event: Event, view: MemberView) -> None:
        data = event.data
        self.event = event
        self.member = view
        self.local = Local(event.time, plan.program.zone)
        self.birth_month = view.attributes.get("birth_month")
        self.lines: Sequence[Line] = ()
        self.methods: list[str] = []
        self.order: Order | None = None
        if isinstance(data, Purchase):
            self.lines = data.lines
            self.methods = [payment.method for payment in data.payments]
            total = amount_of(data) or 0
            self.amount: int | None = total
            self.order = Order(
                total,
                data.currency,
                data.store,
                data.channel,
                len(data.lines),
                self.methods,
                data.attributes,
            )
        elif isinstance(data, dict):
            custom = plan.program.custom_types[event.type]
            self.amount = data.get(custom.amount) if custom.amount else None
        else:
            self.amount = amount_of(data)

    def holds(self, condition: Condition, line: Line | None = None) -> bool:
        """Whether the condition is true. Raises EvaluationError."""
        return condition.test(self.event, self.member, self.order, line, self.event.time)


class _Candidate:
    """A rule that applies so far. `raw` / `den` are its points before rounding."""

    __slots__ = ("den", "points", "raw", "reason", "rule")

    def __init__(self, rule: PlannedRule, raw: int, den: int) -> None:
        self.rule = rule
        self.raw = raw
        self.den = den
        self.points = rounded(raw, den, rule.rule.earn.rounding)
        self.reason = ""


def earn(
    plan: Plan, member: Member, sight: Sight, budgets: Mapping[str, int]
) -> tuple[list[Given], dict[str, int]]:
    """What each rule for the event's type gives, in document order, and the counters it moves.

    `budgets` is what is left of each budgeted rule.
    """
    code = sight.event.type
    outcome: dict[str, tuple[int, str]] = {}
    candidates: dict[str, _Candidate] = {}
    for planned in plan.base_rules.get(code, ()):
        refused = _consider(planned, sight, candidates)
        if refused:
            outcome[planned.rule.id] = (0, refused)
    if plan.program.stacking:
        _stack(plan, candidates, outcome)
    multipliers = plan.multipliers.get(code, ())
    if multipliers:
        extra: dict[str, _Candidate] = {}
        for planned in multipliers:
            refused = _consider_multiplier(planned, sight, candidates, extra)
            if refused:
                outcome[planned.rule.id] = (0, refused)
        if plan.program.stacking:
            _stack(plan, extra, outcome)
        candidates |= extra
    counters: dict[str, int] = {}
    for rule_id, found in candidates.items():
        if found.rule.rule.caps or found.rule.rule.budget is not None:
            _limit(found, member, sight, budgets, counters=counters)
        outcome[rule_id] = (found.points, found.reason)
    given = [(rule_id, points, reason) for rule_id, (points, reason) in outcome.items()]
    if len(given) > 1:
        order = plan.order
        given.sort(key=lambda one: order[one[0]])
    return given, counters


def _gate(rule: Rule, sight: Sight) -> str:  # noqa: PLR0911 - one return for each reason
    """The first reason why the rule does not apply to the event at all; "" when it does."""
    schedule = rule.schedule
    if schedule is not None and not in_schedule(
        schedule, sight.event.time, sight.local, sight.birth_month
    ):
        return "schedule"
    if rule.tiers and sight.member.tier not in rule.tiers:
        return "audience"
    try:
        if rule.audience is not None and not sight.holds(rule.audience):
            return "audience"
        if rule.payment_methods and rule.payment_methods.isdisjoint(sight.methods):
            return "payment"
        if rule.condition is not None and not sight.holds(rule.condition):
            return "condition"
    except EvaluationError:
        return "condition_error"
    return ""


def lines_in_scope(planned: PlannedRule, sight: Sight) -> Sequence[Line]:
    """The lines that the rule speaks about; a line whose condition fails is not among them."""
    lines = sight.lines
    if planned.in_scope is not None:
        lines = [line for line in lines if planned.in_scope(line)]
        scope = planned.rule.lines
        if scope is not None and scope.condition is not None:
            lines = [line for line in lines if _line_holds(scope.condition, sight, line)]
    return lines


def _takes_whole(planned: PlannedRule, sight: Sight) -> bool:
    return planned.only_excludes and not sight.lines and sight.order is not None


def _line_holds(condition: Condition, sight: Sight, line: Line) -> bool:
    try:
        return sight.holds(condition, line)
    except EvaluationError:
        return False


def _consider(planned: PlannedRule, sight: Sight, candidates: dict[str, _Candidate]) -> str:
    rule = planned.rule
    refused = _gate(rule, sight)
    if refused:
        return refused
    amount = sight.amount
    if planned.in_scope is not None and not _takes_whole(planned, sight):
        lines = lines_in_scope(planned, sight)
        if not lines:
            return "lines"
        amount = sum([line.amount for line in lines])
    earn = rule.earn
    if earn.kind is EarnKind.FIXED:
        candidates[rule.id] = _Candidate(planned, earn.points, 1)
        return ""
    if not amount:
        return "nothing"
    found = _Candidate(planned, amount * earn.rate.num, earn.rate.den)
    if found.points == 0 and not found.raw:
        return "nothing"
    candidates[rule.id] = found
    if found.points == 0:
        found.reason = "nothing"
    return ""


def _consider_multiplier(
    planned: PlannedRule,
    sight: Sight,
    bases: Mapping[str, _Candidate],
    extra: dict[str, _Candidate],
) -> str:
    rule = planned.rule
    refused = _gate(rule, sight)
    if refused:
        return refused
    num, den = 0, 1
    whole = planned.in_scope is None or _takes_whole(planned, sight)
    within = None if whole else set(map(id, lines_in_scope(planned, sight)))
    if within is not None and not within:
        return "lines"
    for base_id in planned.bases:
        base = bases.get(base_id)
        if base is None:
            continue
        raw = base.raw if within is None else _raw_within(base, sight, within)
        num, den = num * base.den + raw * den, den * base.den
    factor = rule.earn.rate
    found = _Candidate(planned, num * max(factor.num - factor.den, 0), den * factor.den)
    if not found.points:
        return "nothing"
    extra[rule.id] = found
    return ""


def _raw_within(base: _Candidate, sight: Sight, within: set[int]) -> int:
    """What a base rule gives, before rounding, on the lines whose ids are `within`."""
    lines = [line for line in lines_in_scope(base.rule, sight) if id(line) in within]
    if base.rule.rule.earn.kind is EarnKind.FIXED:
        return base.raw if lines else 0
    return sum([line.amount for line in lines]) * base.rule.rule.earn.rate.num


def _stack(
    plan: Plan, candidates: dict[str, _Candidate], outcome: dict[str, tuple[int, str]]
) -> None:
    """Keep one rule of each exclusive stacking group; the others give nothing."""
    groups: dict[str, list[_Candidate]] = {}
    for found in candidates.values():
        if found.rule.rule.group is not None:
            groups.setdefault(found.rule.rule.group, []).append(found)
    for group, members in groups.items():
        pick = plan.program.stacking[group]
        if pick is Pick.ALL or len(members) == 1:
            continue
        winner = min(members, key=lambda found: _rank(plan, pick, found))
        for found in members:
            if found is not winner:
                del candidates[found.rule.rule.id]
                outcome[found.rule.rule.id] = (0, "stacking")


def _rank(plan: Plan, pick: Pick, found: _Candidate) -> tuple[int, ...]:
    rule = found.rule.rule
    place = plan.order[rule.id]
    if pick is Pick.BEST:
        return (-found.points, -rule.priority, place)
    return (-rule.priority, place)


_STRETCH = {
    CapPer.DAY: Unit.DAY,
    CapPer.WEEK: Unit.WEEK,
    CapPer.MONTH: Unit.MONTH,
    CapPer.YEAR: Unit.YEAR,
}


def counter_key(rule_id: str, cap: Cap, sight: Sight) -> str:
    """Where a cap's use is counted: rule, stretch, and the first day of that stretch."""
    unit = _STRETCH.get(cap.per)
    first = 0 if unit is None else period_key(unit, sight.local.date)
    return f"{rule_id}|{cap.per}|{first}|{'t' if cap.times is not None else 'p'}"


def _limit(
    found: _Candidate,
    member: Member,
    sight: Sight,
    budgets: Mapping[str, int],
    *,
    counters: dict[str, int],
) -> None:
    """Cut `found` to what its caps and its budget still allow, and count what it takes."""
    rule = found.rule.rule
    if not found.points:
        return
    keys: list[tuple[Cap, str]] = []
    for cap in rule.caps:
        key = "" if cap.per is CapPer.EVENT else counter_key(rule.id, cap, sight)
        used = member.state.counters.get(key, 0) if key else 0
        if cap.times is not None and used >= cap.times:
            found.points, found.reason = 0, "cap"
        if cap.points is not None and found.points > cap.points - used:
            found.points, found.reason = max(cap.points - used, 0), "cap"
        if key:
            keys.append((cap, key))
    if rule.budget is not None and found.points > budgets.get(rule.id, 0):
        found.points, found.reason = max(budgets.get(rule.id, 0), 0), "budget"
    if found.points:
        for cap, key in keys:
            counters[key] = 1 if cap.times is not None else found.points
