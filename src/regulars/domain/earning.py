"""What one event earns under a plan, rule by rule, and for each rule that gives nothing, why.

Rules that count (a rate or a fixed number of points) come first, then stacking groups choose
among them, then multipliers add (factor - 1) times what the multiplied rules gave before
rounding, then caps and budgets cut. Multipliers add up; none multiplies another.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from regulars.domain.amounts import rounded
from regulars.domain.benefits.carrying import carried_by
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.contributions.capping import allowed, bucket_at, counted_as, kept_for
from regulars.domain.events import Event, Line, Purchase, amount_of
from regulars.domain.explanations import Given
from regulars.domain.members import Member, MemberView
from regulars.domain.periods import Local, period_key
from regulars.domain.plans import (
    NO_RULES,
    Plan,
    PlannedRule,
    Stretch,
    TypeRules,
)
from regulars.domain.play.turns import Turn, turn_of
from regulars.domain.programs.model import Cap, CapPer, EarnKind, Pick, Rule
from regulars.domain.programs.pieces import Condition

_NOTHING: Mapping[int, int] = {}
_FIXED, _BEST = EarnKind.FIXED, Pick.BEST
_WHOLE = Cap(CapPer.PERIOD)

Counted = tuple[Stretch, int, int]
"""(cap, first day of its stretch, points or times): what a capped rule has given."""

COUNTED = frozenset({"", "nothing", "cap", "share", "budget"})
"""The reasons of rules that applied: multipliers multiply them, whatever was left of them."""


class Order(Struct, frozen=True, gc=False):
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

    __slots__ = (
        "_order", "amount", "birth_month", "event", "lines", "local", "member", "methods", "turns",
    )  # fmt: skip

    def __init__(
        self, plan: Plan, event: Event, view: MemberView, local: Local | None = None
    ) -> None:
        data = event.data
        self.event = event
        self.member = view
        self.local = local or Local(event.time, plan.program.zone)
        self.birth_month = view.attributes.get("birth_month")
        self.lines: Sequence[Line] = ()
        self.methods: list[str] = []
        self.amount: int | None = None
        self._order: Order | None = None
        self.turns: list[Turn] = []
        if isinstance(data, Purchase):
            self.lines = data.lines
            if data.payments:
                self.methods = [payment.method for payment in data.payments]
            self.amount = amount_of(data)
        elif isinstance(data, dict):
            custom = plan.program.custom_types[event.type]
            self.amount = data.get(custom.amount) if custom.amount else None
        else:
            self.amount = amount_of(data)

    @property
    def order(self) -> Order | None:
        """The purchase; None for other events. Built when the first condition asks."""
        data = self.event.data
        if self._order is None and isinstance(data, Purchase):
            self._order = Order(
                self.amount or 0,
                data.currency,
                data.store,
                data.channel,
                len(data.lines),
                self.methods,
                data.attributes,
            )
        return self._order

    def holds(self, condition: Condition, line: Line | None = None) -> bool:
        """Whether the condition is true. Raises EvaluationError."""
        return condition.test(self.event, self.member, self.order, line, self.event.time)


class _Candidate:
    """A rule that applies so far. `raw` / `den` are its points before rounding."""

    __slots__ = ("den", "planned", "points", "raw", "reason", "rule")

    def __init__(self, planned: PlannedRule, raw: int, den: int) -> None:
        self.planned = planned
        self.rule = planned.rule
        self.raw = raw
        self.den = den
        self.points = rounded(raw, den, self.rule.earn.rounding)
        self.reason = ""


_Slot = _Candidate | str
"""What became of a rule so far: still in the running, or the reason why not."""


def earn(
    plan: Plan, member: Member, sight: Sight, budgets: Mapping[str, int]
) -> tuple[list[Given], list[Counted]]:
    """What each rule for the event's type gives, in document order, and what its caps count.

    `budgets` is what is left of each budgeted rule, and of the budgets that several share.
    """
    left = dict(budgets)
    rules = plan.rules.get(sight.event.type, NO_RULES)
    slots: list[_Slot] = ["schedule"] * len(rules.ids)
    local, month = sight.local, sight.birth_month
    for place, planned in rules.counting:
        if planned.in_season is None or planned.in_season(local, month):
            slots[place] = _consider(planned, sight)
    for place, planned in rules.played:
        if not isinstance(slots[place], str):
            turn = turn_of(planned.rule, member.state, local)
            sight.turns.append(turn)
            slots[place] = turn.reason or slots[place]
    for pick, places in rules.counting_groups:
        _choose(pick, places, slots)
    for place, planned in rules.multiplying:
        if planned.in_season is None or planned.in_season(local, month):
            slots[place] = _multiply(planned, sight, rules, slots)
    for pick, places in rules.multiplying_groups:
        _choose(pick, places, slots)
    counted: list[Counted] = []
    given: list[Given] = []
    for rule_id, found in zip(rules.ids, slots, strict=True):
        if isinstance(found, str):
            given.append((rule_id, 0, found))
            continue
        if found.planned.is_limited and found.points:
            _limit(found, plan, member, sight, left=left, counted=counted)
        given.append((rule_id, found.points, found.reason))
    return given, counted


def _gate(planned: PlannedRule, sight: Sight) -> str:
    """The first reason why a rule in season does not apply to the event; "" when it does."""
    rule = planned.rule
    try:
        if (planned.is_for_some and not _is_meant(rule, sight)) or (
            rule.audience is not None and not sight.holds(rule.audience)
        ):
            return "audience"
        if rule.occasions and sight.event.data.occasion not in rule.occasions:
            return "condition"
        if rule.payment_methods and rule.payment_methods.isdisjoint(sight.methods):
            return "payment"
        if rule.condition is not None and not sight.holds(rule.condition):
            return "condition"
    except EvaluationError:
        return "condition_error"
    return ""


def _is_meant(rule: Rule, sight: Sight) -> bool:
    """Whether the member's tier, cards, stage and tags are those that the rule asks for."""
    member = sight.member
    if rule.tiers and member.tier not in rule.tiers:
        return False
    if rule.cards and rule.cards.isdisjoint(member.cards):
        return False
    if rule.stages and member.stage not in rule.stages:
        return False
    if rule.tags and rule.tags.isdisjoint(member.tags):
        return False
    return rule.carriers is None or bool(carried_by(rule.carriers, member, sight.local.at))


def lines_in_scope(planned: PlannedRule, sight: Sight) -> Sequence[Line]:
    """The lines that the rule speaks about; a line whose condition fails is not among them."""
    lines = sight.lines
    if planned.in_scope is not None:
        lines = [line for line in lines if planned.in_scope(line)]
        scope = planned.rule.lines
        if scope is not None and scope.condition is not None:
            lines = [line for line in lines if _line_holds(scope.condition, sight, line)]
    return lines


def scoped_lines(plan: Plan, sight: Sight, given: Sequence[Given]) -> dict[str, list[int]]:
    """For each rule that applied and has a condition on lines: the places of the lines in scope."""
    conditioned = plan.rules.get(sight.event.type, NO_RULES).conditioned
    if not conditioned or not sight.lines:
        return {}
    found: dict[str, list[int]] = {}
    for place, planned in conditioned:
        if given[place][2] in COUNTED:
            chosen = set(map(id, lines_in_scope(planned, sight)))
            found[planned.rule.id] = [
                place for place, line in enumerate(sight.lines) if id(line) in chosen
            ]
    return found


def _takes_whole(planned: PlannedRule, sight: Sight) -> bool:
    return planned.only_excludes and not sight.lines and sight.order is not None


def _line_holds(condition: Condition, sight: Sight, line: Line) -> bool:
    try:
        return sight.holds(condition, line)
    except EvaluationError:
        return False


def _consider(planned: PlannedRule, sight: Sight) -> _Slot:
    """A rule that counts: its points before any other rule has a say."""
    rule = planned.rule
    if planned.is_gated and (refused := _gate(planned, sight)):
        return refused
    amount = sight.amount
    if planned.in_scope is not None and not _takes_whole(planned, sight):
        amounts = (
            planned.amounts(sight.lines)
            if planned.amounts is not None
            else [line.amount for line in lines_in_scope(planned, sight)]
        )
        if not amounts:
            return "lines"
        amount = sum(amounts)
    if rule.earn.kind is _FIXED:
        return _Candidate(planned, rule.earn.points, 1)
    if not amount:
        return "nothing"
    found = _Candidate(planned, amount * rule.earn.rate.num, rule.earn.rate.den)
    if not found.points:
        found.reason = "nothing"
    return found


def _multiply(
    planned: PlannedRule, sight: Sight, rules: TypeRules, slots: Sequence[_Slot]
) -> _Slot:
    """A multiplier: (factor - 1) times what the rules it multiplies gave before rounding."""
    if planned.is_gated and (refused := _gate(planned, sight)):
        return refused
    within: set[int] | None = None
    if planned.in_scope is not None and not _takes_whole(planned, sight):
        within = set(map(id, lines_in_scope(planned, sight)))
        if not within:
            return "lines"
    num, den = 0, 1
    for base_id in planned.bases:
        place = rules.place_of.get(base_id)
        base = "" if place is None else slots[place]
        if isinstance(base, str):
            continue
        raw = base.raw if within is None else _raw_within(base, sight, within)
        num, den = num * base.den + raw * den, den * base.den
    factor = planned.rule.earn.rate
    found = _Candidate(planned, num * max(factor.num - factor.den, 0), den * factor.den)
    return found if found.points else "nothing"


def _raw_within(base: _Candidate, sight: Sight, within: set[int]) -> int:
    """What a base rule gives, before rounding, on the lines whose ids are `within`."""
    lines = [line for line in lines_in_scope(base.planned, sight) if id(line) in within]
    if base.rule.earn.kind is _FIXED:
        return base.raw if lines else 0
    return sum([line.amount for line in lines]) * base.rule.earn.rate.num


def _choose(pick: Pick, places: Sequence[int], slots: list[_Slot]) -> None:
    """Keep one rule of an exclusive stacking group; the others give nothing."""
    running = [(place, found) for place in places if not isinstance(found := slots[place], str)]
    if len(running) < 2:  # noqa: PLR2004
        return
    if pick is _BEST:
        winner = min(running, key=lambda one: (-one[1].points, -one[1].rule.priority, one[0]))
    else:
        winner = min(running, key=lambda one: (-one[1].rule.priority, one[0]))
    for place, _ in running:
        if place != winner[0]:
            slots[place] = "stacking"


def _limit(
    found: _Candidate,
    plan: Plan,
    member: Member,
    sight: Sight,
    *,
    left: dict[str, int],
    counted: list[Counted],
) -> None:
    """Cut `found` to what its caps and its budgets still allow, and count what it takes."""
    rule = found.rule
    named: list[tuple[Stretch, int]] = []
    for stretch in found.planned.stretches:
        cap, used = stretch.cap, 0
        if stretch.name:
            first = 0 if stretch.unit is None else period_key(stretch.unit, sight.local.date)
            used = member.state.counters.get(stretch.name, _NOTHING).get(first, 0)
            named.append((stretch, first))
        if cap.times is not None and used >= cap.times:
            found.points, found.reason = 0, "cap"
        if cap.points is not None and found.points > cap.points - used:
            found.points, found.reason = max(cap.points - used, 0), "cap"
    if rule.share is not None:
        _limit_by_share(found, plan, member, sight)
    if rule.budget is not None and found.points > left.get(rule.id, 0):
        found.points, found.reason = max(left.get(rule.id, 0), 0), "budget"
    if found.planned.purses:
        _take_of_purses(found, sight, left)
    if rule.share is not None and found.points:
        counted.append(_counted_by_share(plan, rule, sight, found.points))
    # A rule with effects only gives no points, and is counted all the same.
    if found.points or (rule.effects and not found.reason):
        for stretch, first in named:
            amount = 1 if stretch.cap.times is not None else found.points
            counted.append((stretch, first, amount))


def _limit_by_share(found: _Candidate, plan: Plan, member: Member, sight: Sight) -> None:
    """Cut `found` to its share of what the member brought in."""
    rule, ladder = found.rule, plan.program.ladder
    assert rule.share is not None
    assert ladder is not None
    worth = plan.program.currencies[rule.earn.currency].cash_value
    assert worth is not None
    most = allowed(
        rule.share,
        rule_id=rule.id,
        ladder=ladder,
        metrics=member.state.metrics,
        assets=member.state.assets,
        counters=member.state.counters,
        paid_now=(sight.amount or 0) if isinstance(sight.event.data, Purchase) else 0,
        worth=worth,
        local=sight.local,
    )
    if found.points > most:
        found.points, found.reason = most, "share"


def _counted_by_share(plan: Plan, rule: Rule, sight: Sight, points: int) -> Counted:
    assert rule.share is not None
    assert plan.program.ladder is not None
    metric = plan.program.ladder.metrics[rule.share.metric]
    stretch = Stretch(_WHOLE, None, counted_as(rule.id), kept_for(metric))
    return stretch, bucket_at(metric, sight.local), points


def _take_of_purses(found: _Candidate, sight: Sight, left: dict[str, int]) -> None:
    """Cut `found` to what is left of the budgets that it shares, and take it of them."""
    rooms = [
        (key, left.get(key, purse.most))
        for purse in found.planned.purses
        for key in (purse.key(sight.local.date),)
    ]
    least = max(min([room for _, room in rooms]), 0)
    if found.points > least:
        found.points, found.reason = least, "budget"
    for key, room in rooms:
        left[key] = room - found.points
