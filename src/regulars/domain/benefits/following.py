"""What follows from a decision: the stage of life turns, tags are set, benefits come and go.

Compared are the member as we last knew them and as they are now, so that each change is told once,
in the decision that finds it, and with the reason.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from regulars.domain.benefits.entitled import codes_carried
from regulars.domain.benefits.views import view_of
from regulars.domain.events import Event, Return
from regulars.domain.explanations import BenefitMove, Explanation, Granted, StageMove
from regulars.domain.lifecycle.lives import Look
from regulars.domain.lifecycle.tagging import later
from regulars.domain.lifecycle.turning import turned
from regulars.domain.members import Member, MemberView, State, Tag
from regulars.domain.operations import MergeIn, MergeOut, TagChange
from regulars.domain.periods import add
from regulars.domain.plans import DAYS_KEPT, Plan
from regulars.domain.programs.effects import EffectKind
from regulars.domain.tiers import rung_of

_SECONDS_A_DAY = 86_400
_TAGGING = (EffectKind.TAG.value, EffectKind.UNTAG.value)


def follow(
    plan: Plan,
    member: Member,
    event: Event,
    look: Look,
    *,
    state: State,
    attributes: Mapping[str, bool | int | str] | None,
    told: Explanation,
) -> Explanation:
    """Put stage and tags into `state`, which is what the decision leaves; returns `told` with what
    follows. The member and their state are as they were before, and so found `look` them."""
    if isinstance(event.data, MergeOut):
        return told  # Nothing is left that anything could follow from.
    now = state.clock or event.time
    stage, moves, reminded = turned(plan.program, member, state, look, _why(event))
    state.stage = stage
    granted = _granted(plan, event, told)
    state.tags = _tags(state, event, granted, told.revoked, now)
    won = _won(granted, state) if granted else []
    if won:
        state.badges = state.badges | dict.fromkeys(won, event.time)
    benefits: list[BenefitMove] = []
    if plan.benefits_vary or (plan.program.benefits and not _alike(plan, member.state, state)):
        after = replace(member, state=state)
        if attributes is not None:
            after.attributes = dict(attributes)
        benefits = _compared(plan, member, after, now)
    occasions: list[str] = []
    if plan.occasions and (moves or told.tiers or reminded):
        occasions = _occasions(plan, told, moves, is_reminded=reminded)
    if not (moves or granted or benefits or occasions):
        return told
    return replace(
        told, stages=moves, granted=granted, benefits=benefits, occasions=occasions, badges=won
    )


def _why(event: Event) -> str:
    if isinstance(event.data, Return):
        return "return"
    return "merge" if isinstance(event.data, MergeIn) else "came"


def _granted(plan: Plan, event: Event, told: Explanation) -> list[Granted]:
    """What the rules that applied do beside giving points."""
    found: list[Granted] = []
    for rule_id, points, reason in told.rules:
        if rule_id not in plan.effective or (reason and not points):
            continue
        for place, effect in enumerate(plan.by_id[rule_id].rule.effects):
            valid = effect.valid
            if valid is None and effect.kind is EffectKind.BENEFIT:
                valid = plan.benefits[effect.what].valid
            until = None if valid is None else add(event.time, valid, plan.program.zone)
            what = effect.what or str(place)
            found.append(Granted(rule_id, effect.kind.value, what, until))
    return found


def _won(granted: list[Granted], state: State) -> list[str]:
    """The badges among it that the member has not won before."""
    found = [one.what for one in granted if one.kind == EffectKind.BADGE.value]
    return [code for code in dict.fromkeys(found) if code not in state.badges]


def _tags(
    state: State,
    event: Event,
    granted: list[Granted],
    revoked: list[Granted],
    now: datetime,
) -> dict[str, Tag]:
    """The tags that the member has after the event, and those that ended a short while ago."""
    tags = state.tags
    changes = [one for one in granted if one.kind in _TAGGING]
    if not tags and not changes and not isinstance(event.data, TagChange):
        return tags
    kept = {
        code: tag
        for code, tag in tags.items()
        if tag.until is None or (now - tag.until).total_seconds() < DAYS_KEPT * _SECONDS_A_DAY
    }
    for one in revoked:
        mine = kept.get(one.what)
        if one.kind == EffectKind.TAG.value and mine is not None and mine.rule == one.rule:
            del kept[one.what]
    for one in changes:
        if one.kind == EffectKind.TAG.value:
            kept[one.what] = later(kept.get(one.what), Tag(event.time, one.until, one.rule))
        else:
            kept.pop(one.what, None)
    if isinstance(event.data, TagChange):
        for code in event.data.remove:
            kept.pop(code, None)
        for code, until in event.data.add.items():
            kept[code] = later(kept.get(code), Tag(event.time, until))
    return kept


def _compared(plan: Plan, before: Member, after: Member, now: datetime) -> list[BenefitMove]:
    """The benefits that came and went since the newest event that was known before."""
    then = before.state.clock or before.enrolled_at
    program = plan.program
    lost = codes_carried(program, _seen(plan, before, then), then)
    gained = codes_carried(program, _seen(plan, after, now), now)
    moves = [
        BenefitMove(code, *way, is_gained=False) for code, way in lost.items() if code not in gained
    ]
    return moves + [
        BenefitMove(code, *way, is_gained=True) for code, way in gained.items() if code not in lost
    ]


def _seen(plan: Plan, member: Member, at: datetime) -> MemberView:
    tier = member.state.tier
    return view_of(
        plan.program,
        member,
        tier=plan.bottom if tier is None else tier.tier,
        at=at,
        stage=member.state.stage.stage if member.state.stage is not None else None,
    )


def _alike(plan: Plan, one: State, other: State) -> bool:
    """Whether both surely have the same benefits, at any instant: by the same tier and, where it
    matters, the same stage."""
    if one.tags or other.tags or one.cards or other.cards:
        return False
    if (one.tier and one.tier.tier) != (other.tier and other.tier.tier):
        return False
    if not plan.benefits_by_stage:
        return True
    return (one.stage and one.stage.stage) == (other.stage and other.stage.stage)


def _occasions(
    plan: Plan, told: Explanation, moves: list[StageMove], *, is_reminded: bool
) -> list[str]:
    """The occasions that the decision is, of those that a rule waits for."""
    reached = [f"stage.{move.new}" for move in moves]
    ladder = plan.program.ladder
    if ladder is not None:
        reached += [
            f"tier.{move.new}"
            for move in told.tiers
            if rung_of(ladder, move.new) > rung_of(ladder, move.old)
        ]
    if is_reminded:
        reached.append("second_purchase")
    return [one for one in dict.fromkeys(reached) if one in plan.occasions]
