"""What is taken of budgets: by one event, and, when it is decided again, what was left then."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from regulars.domain.explanations import Given
from regulars.domain.periods import Local
from regulars.domain.plans import NO_RULES, Plan


def sums_of(
    plan: Plan, given: Sequence[Given], local: Local
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """What was earned by currency, what of it is taken of the rules' own budgets, and what of the
    budgets that several share."""
    earned: dict[str, int] = {}
    own: dict[str, int] = {}
    shared: dict[str, int] = {}
    for rule_id, points, _reason in given:
        if not points:
            continue
        planned = plan.by_id[rule_id]
        code = planned.rule.earn.currency
        earned[code] = earned.get(code, 0) + points
        if planned.rule.budget is not None:
            own[rule_id] = points
        for purse in planned.purses:
            key = purse.key(local.date)
            shared[key] = shared.get(key, 0) + points
    return earned, own, shared


def left_of(plan: Plan, used: Mapping[str, int], at: datetime) -> dict[str, int]:
    """What is left of all budgets in points at `at`, of which so much is used."""
    left = {rule: most - used.get(rule, 0) for rule, most in plan.budgets.items()}
    if plan.purses:
        day = Local(at, plan.program.zone).date
        for planned in plan.by_id.values():
            for purse in planned.purses:
                key = purse.key(day)
                left[key] = purse.most - used.get(key, 0)
    return left


def keys_for(plan: Plan, kind: str, at: datetime) -> set[str]:
    """The budgets that an event of this type may take of; not those of a rule out of season."""
    rules = plan.rules.get(kind, NO_RULES)
    found: set[str] = set()
    for code in rules.budgeted:
        planned = plan.by_id[code]
        season = planned.rule.schedule
        if season is not None and (
            (season.starts_at is not None and at < season.starts_at)
            or (season.ends_at is not None and at >= season.ends_at)
        ):
            continue
        if code in plan.budgets:
            found.add(code)
        if planned.purses:
            day = Local(at, plan.program.zone).date
            found |= {purse.key(day) for purse in planned.purses}
    return found


def recalled(
    plan: Plan, cut: Mapping[str, int], took: Mapping[str, int], at: datetime
) -> dict[str, int]:
    """What was left when an event was decided; where nothing was cut, enough. `cut`: what the rules
    gave that a budget cut; `took`: what was taken of shared budgets.

    Of a rule that was cut at least one of its budgets was empty afterwards, and none of the others
    needs to have had more than was taken of it.
    """
    left = {**plan.budgets, **cut}
    if plan.purses and cut:
        day = Local(at, plan.program.zone).date
        left |= {key: took.get(key, 0) for key in _of(plan, cut, day)}
    return left


def _of(plan: Plan, rules: Collection[str], day: date) -> set[str]:
    return {
        purse.key(day) for code in rules if code in plan.by_id for purse in plan.by_id[code].purses
    }
