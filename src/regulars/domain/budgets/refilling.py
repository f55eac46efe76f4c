"""What a return gives back to budgets: of each rule's points the part that came back.

It refills the stretch of the calendar of which the purchase had taken it. Points that were let go
(`waived`) are a cost and stay used, those that are owed come back in time. The bonus of a challenge
is not of these goods and stays used. What came back of each line says how much, so that parts in
any order add up to the whole and never to more than was taken.
"""

from collections.abc import Mapping

from regulars.domain.amounts import allocate
from regulars.domain.periods import Local
from regulars.domain.reversals import Bought, Share, returned_by_rule


def keys_of(bought: Bought) -> set[str]:
    """The budgets that a return of this purchase may refill."""
    day = Local(bought.event.time, bought.plan.program.zone).date
    found: set[str] = set()
    for rule_id, points, _reason in bought.given:
        planned = bought.plan.by_id[rule_id]
        if points:
            found |= {purse.key(day) for purse in planned.purses}
            if planned.rule.budget is not None:
                found.add(rule_id)
    return found


def refilled(
    bought: Bought, share: Share, waived: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """By how much less the rules' own budgets are used, and those that several share: numbers
    below zero. `bought` as it was before this return."""
    own: dict[str, int] = {}
    shared: dict[str, int] = {}
    if not keys_of(bought):
        return own, shared
    day = Local(bought.event.time, bought.plan.program.zone).date
    by_rule = returned_by_rule(bought, share)
    for code in share.points:
        parts = [
            (rule_id, points)
            for rule_id, points in by_rule.items()
            if points and bought.plan.by_id[rule_id].rule.earn.currency == code
        ]
        whole = sum(points for _, points in parts)
        back = max(whole - waived.get(code, 0), 0)
        for (rule_id, _), points in zip(
            parts, allocate(back, [points for _, points in parts]) if whole else (), strict=True
        ):
            planned = bought.plan.by_id[rule_id]
            if points and planned.rule.budget is not None:
                own[rule_id] = -points
            for purse in planned.purses if points else ():
                key = purse.key(day)
                shared[key] = shared.get(key, 0) - points
    return own, shared
