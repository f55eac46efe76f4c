"""Which benefits a member has by what they are, at any instant: derived, never stored.

A tier that falls due, a tag that ends, a stage that turns by the calendar, a new version of the
program: all count from their own instant on, though no job has run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.benefits.carrying import Carrier, carried_by
from regulars.domain.benefits.views import view_of
from regulars.domain.lifecycle.lives import life_of, start_of_day
from regulars.domain.members import Member, MemberView, State, TierState
from regulars.domain.periods import Local
from regulars.domain.plans import Plan
from regulars.domain.programs.benefits import Benefit
from regulars.domain.programs.model import Program
from regulars.domain.tiers import reviewed, tier_at

Term = tuple[datetime | None, datetime | None]
"""Since when and until when; None: not known, without end."""


@dataclass(slots=True)
class Entitlement:
    """A benefit that a member has at an instant. `by`: the tier, stage, tag or card that carries
    it. `until`: when what carries it ends or is looked at again; None: no end is in sight."""

    benefit: Benefit
    carrier: Carrier
    by: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entitled(plan: Plan, member: Member, at: datetime) -> list[Entitlement]:
    """The benefits that the member has at `at` by what they are, in the order of the document.

    Grants to the person are not among them; they are rows of their own.
    """
    program = plan.program
    if not program.benefits:
        return []
    state = reviewed(program, member.state, member.enrolled_at, at)
    tier = tier_at(state.tier, at, plan.bottom)
    view = view_of(program, member, tier=tier, at=at)
    found: list[Entitlement] = []
    for benefit in program.benefits:
        if benefit.carriers is None or _is_over(benefit, at):
            continue
        ways = carried_by(benefit.carriers, view, at)
        if ways:
            found.append(_longest(program, benefit, ways, state, at))
    return found


def codes_carried(program: Program, view: MemberView, at: datetime) -> dict[str, tuple[str, str]]:
    """The same by id alone, with what carries each first: ("tier", "gold")."""
    found: dict[str, tuple[str, str]] = {}
    for benefit in program.benefits:
        if benefit.carriers is None or _is_over(benefit, at):
            continue
        ways = carried_by(benefit.carriers, view, at)
        if ways:
            found[benefit.id] = (ways[0][0].value, ways[0][1])
    return found


def _is_over(benefit: Benefit, at: datetime) -> bool:
    """Whether it is not given yet or no longer. On which days and hours it can be used is asked
    when it is used."""
    schedule = benefit.schedule
    return schedule is not None and (
        (schedule.starts_at is not None and at < schedule.starts_at)
        or (schedule.ends_at is not None and at >= schedule.ends_at)
    )


def _longest(
    program: Program,
    benefit: Benefit,
    ways: Iterable[tuple[Carrier, str]],
    state: State,
    at: datetime,
) -> Entitlement:
    """Of several ways to have it the one that lasts longest."""
    terms = [(way, _term(program, way, state, at)) for way in ways]
    (carrier, by), (since, until) = max(terms, key=lambda one: (one[1][1] is None, one[1][1] or at))
    end = benefit.schedule.ends_at if benefit.schedule is not None else None
    if end is not None and (until is None or end < until):
        until = end
    return Entitlement(benefit, carrier, by, since, until)


def _term(program: Program, way: tuple[Carrier, str], state: State, at: datetime) -> Term:
    carrier, by = way
    if carrier is Carrier.TIER:
        return _tier_term(state.tier)
    if carrier is Carrier.TAG:
        return state.tags[by].since, state.tags[by].until
    if carrier is Carrier.CARD:
        return state.cards[by].since, state.cards[by].ends_at
    if carrier is Carrier.STAGE and program.lifecycle is not None:
        day = Local(at, program.zone).day
        turn = life_of(program, state, day).next_turn(day)
        since = state.stage.since if state.stage is not None and state.stage.stage == by else None
        return since, None if turn is None else start_of_day(turn, program.zone)
    return None, None


def _tier_term(tier: TierState | None) -> Term:
    return (None, None) if tier is None else (tier.since, tier.grace_until or tier.until)
