"""What a member is told of a decision: benefits and tiers that came and went, and why."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from regulars.domain.explanations import BenefitMove, Explanation, Granted
from regulars.domain.plans import Plan
from regulars.domain.programs.effects import EffectKind
from regulars.domain.tiers import rung_of

STILL_NEWS = timedelta(days=7)
"""What happened longer ago, as of an import, is told to nobody."""

Told = tuple[str, Mapping[str, Any]]
"""The kind of a notice, and what fills its words."""


def is_news(at: datetime, now: datetime) -> bool:
    """Whether members are still told of what happened at `at`."""
    return now - at <= STILL_NEWS


def notices_of(plan: Plan, told: Explanation) -> Iterator[Told]:
    """The notices of one decision. Names go with them: the program may change them later."""
    yield from _tiers(plan, told)
    yield from _benefits(plan, told)
    for code in told.badges:
        yield "badge_won", {"badge": plan.program.badges[code].name}
    for one in told.granted:
        found = _granted(plan, one)
        if found is not None:
            yield found


def _tiers(plan: Plan, told: Explanation) -> Iterator[Told]:
    moves = [move for move in told.tiers if move.old != move.new]
    if not moves or plan.program.ladder is None:
        return
    ladder, old, new = plan.program.ladder, moves[0].old, moves[-1].new
    if old == new:
        return
    kind = "tier_up" if rung_of(ladder, new) > rung_of(ladder, old) else "tier_down"
    until = moves[-1].until
    yield (
        kind,
        {
            "tier": _tier(plan, new),
            "before": _tier(plan, old),
            "why": moves[-1].why,
            "until": None if until is None else until.isoformat(),
        },
    )


def _tier(plan: Plan, code: str) -> Mapping[str, str]:
    for tier in plan.program.ladder.tiers if plan.program.ladder is not None else ():
        if tier.code == code:
            return tier.name
    return {"en": code}


def _benefits(plan: Plan, told: Explanation) -> Iterator[Told]:
    """One notice for all that came, and one for all that went, by the same carrier."""
    groups: dict[tuple[bool, str, str], list[BenefitMove]] = {}
    for move in told.benefits:
        groups.setdefault((move.is_gained, move.carrier, move.by), []).append(move)
    for (is_gained, carrier, by), moves in groups.items():
        kind = "benefits_gained" if is_gained else "benefits_lost"
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
        return "benefit_granted", {"benefit": plan.benefits[one.what].name, "until": until}
    if one.kind == EffectKind.NOTICE.value:
        effect = plan.by_id[one.rule].rule.effects[int(one.what)]
        return None if effect.text is None else ("message", {"text": dict(effect.text)})
    return None
