"""What a member is told of a decision: benefits and tiers that came and went, and why."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from regulars.domain.explanations import BenefitMove, Explanation, Granted
from regulars.domain.notices.kinds import NoticeKind
from regulars.domain.plans import Plan
from regulars.domain.programs.effects import EffectKind
from regulars.domain.tiers import rung_of

STILL_NEWS = timedelta(days=7)
"""What happened longer ago, as of an import, is told to nobody."""

Told = tuple[NoticeKind, Mapping[str, Any]]
"""The kind of a notice, and what fills its words."""


def is_news(at: datetime, now: datetime) -> bool:
    """Whether members are still told of what happened at `at`."""
    return now - at <= STILL_NEWS


def notices_of(plan: Plan, told: Explanation) -> Iterator[Told]:
    """The notices of one decision. Names go with them: the program may change them later."""
    climb = _climb(plan, told)
    if climb is not None:
        yield _tier_told(plan, told, is_up=climb)
    yield from _benefits(plan, told, climb=climb)
    for code in told.badges:
        yield NoticeKind.BADGE_WON, {"badge": plan.program.badges[code].name}
    for one in told.granted:
        found = _granted(plan, one)
        if found is not None:
            yield found


def _climb(plan: Plan, told: Explanation) -> bool | None:
    """Whether the tier went up; None when the member stands where they stood."""
    moves = [move for move in told.tiers if move.old != move.new]
    if not moves or plan.program.ladder is None or moves[0].old == moves[-1].new:
        return None
    ladder = plan.program.ladder
    return rung_of(ladder, moves[-1].new) > rung_of(ladder, moves[0].old)


def _tier_told(plan: Plan, told: Explanation, *, is_up: bool) -> Told:
    """The new tier with the benefits that came with it, or went: they are no news of their own."""
    moves = [move for move in told.tiers if move.old != move.new]
    until = moves[-1].until
    params = {
        "tier": _tier(plan, moves[-1].new),
        "before": _tier(plan, moves[0].old),
        "why": moves[-1].why,
        "until": None if until is None else until.isoformat(),
        "benefits": [
            plan.benefits[move.benefit].name
            for move in told.benefits
            if _is_by_tier(move, climb=is_up)
        ],
    }
    return NoticeKind.TIER_UP if is_up else NoticeKind.TIER_DOWN, params


def _is_by_tier(move: BenefitMove, *, climb: bool | None) -> bool:
    return move.carrier == "tier" and move.is_gained is climb


def _tier(plan: Plan, code: str) -> Mapping[str, str]:
    for tier in plan.program.ladder.tiers if plan.program.ladder is not None else ():
        if tier.code == code:
            return tier.name
    return {"en": code}


def _benefits(plan: Plan, told: Explanation, *, climb: bool | None) -> Iterator[Told]:
    """One notice for all that came, and one for all that went, by the same carrier; but for what
    the tier's own notice tells."""
    groups: dict[tuple[bool, str, str], list[BenefitMove]] = {}
    for move in told.benefits:
        if _is_by_tier(move, climb=climb):
            continue
        groups.setdefault((move.is_gained, move.carrier, move.by), []).append(move)
    for (is_gained, carrier, by), moves in groups.items():
        kind = NoticeKind.BENEFITS_GAINED if is_gained else NoticeKind.BENEFITS_LOST
        names = [plan.benefits[move.benefit].name for move in moves]
        yield kind, {"benefits": names, "carrier": carrier, "by": _carrier(plan, carrier, by)}


def _carrier(plan: Plan, carrier: str, by: str) -> Mapping[str, str] | None:
    """The name of what carries a benefit, for people; None for what is not told, such as a tag."""
    if carrier == "tier":
        return _tier(plan, by)
    card = plan.program.cards.get(by) if carrier == "card" else None
    return None if card is None else card.name


def _granted(plan: Plan, one: Granted) -> Told | None:
    until = None if one.until is None else one.until.isoformat()
    if one.kind == EffectKind.BENEFIT.value:
        return NoticeKind.BENEFIT_GRANTED, {
            "benefit": plan.benefits[one.what].name,
            "until": until,
        }
    if one.kind == EffectKind.NOTICE.value:
        effect = plan.by_id[one.rule].rule.effects[int(one.what)]
        text = effect.text
        return None if text is None else (NoticeKind.MESSAGE, {"text": dict(text)})
    return None
