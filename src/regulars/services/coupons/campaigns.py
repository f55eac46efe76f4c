"""A coupon for many members at once: looked at beforehand, checked, and handed out by a run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.coupons.announcing import why_missed
from regulars.domain.coupons.rationing import ENOUGH, NONE_LEFT, Ration
from regulars.domain.coupons.ready import ready, span_of
from regulars.domain.coupons.refusals import TemplateNotFound, TemplateStateWrong
from regulars.domain.coupons.templates import Template, TemplateState
from regulars.domain.members import Member
from regulars.domain.plans import Plan
from regulars.domain.rosters.asking import Sought
from regulars.domain.runs.runs import Handed, reached_by
from regulars.domain.tiers import tier_of
from regulars.services.coupons.house import House
from regulars.services.coupons.issuing import active, issue_to, why_not
from regulars.storage import members
from regulars.storage.coupons import issuing, rationing, templates
from regulars.storage.database import Tx
from regulars.storage.rosters import listing
from regulars.storage.runs.runs import Part

SOURCE = "run"
LOOKED_AT = 2_000
"""So many of those whom a condition names are looked at one by one beforehand."""

COUNTED = 100_000
"""So many are counted beforehand, if they are found in time."""

SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Reached:
    """One of those whom a run would reach; `why`: why it would give them nothing, "" if not."""

    member_id: int
    tier: str
    why: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a run would do: of whom the condition holds (`members`, at least so many where it is not
    `is_exact`), of the first `looked_at` how many would get a coupon, and how many not, by the
    reason's code. `left`: how many coupons there still are; None without end."""

    members: int
    is_exact: bool
    looked_at: int
    fit: int
    left: int | None
    skipped: Mapping[str, int]
    sample: Sequence[Reached]


def check(
    tx: Tx, organization: int, plan: Plan, number: int, now: datetime
) -> tuple[datetime, datetime | None]:
    """From when until when coupons hold that are given out now. Raises TemplateNotFound,
    TemplateStateWrong."""
    template = active(tx, organization, number)
    if why_missed(template, now):
        raise TemplateStateWrong("The time of this template is over.")
    starts_at, ends_at = span_of(template.terms, now, plan.program.zone)
    return starts_at or now, ends_at


def hand_out(tx: Tx, part: Part, now: datetime) -> Handed | None:
    """Give those of these members a coupon for whom it is; None while the template is paused.

    Raises TemplateNotFound, TemplateStateWrong for a template that has ended.
    """
    organization, run = part.organization, part.run
    assert run.template_id is not None, "a run of coupons has a template"
    known = members.lock(tx, organization, part.members)
    # Two runs of one template count one after the other.
    template = templates.lock(tx, organization, run.template_id)
    if template is None:
        raise TemplateNotFound
    if template.state is TemplateState.PAUSED:
        return None
    if why_missed(template, now):
        raise TemplateStateWrong
    ration = rationing.lock(tx, organization, template, list(known), now)
    reasons = _reasons(
        tx, organization, part.plan, template, known, ration=ration, run_id=run.id, now=now
    )
    reasons = {number: reasons.get(number, "member_gone") for number in part.members}
    fit = [number for number, why in reasons.items() if not why]
    chosen = fit if ration.left is None else fit[: ration.left]
    issued = issue_to(
        tx, organization, part.plan, template, chosen,
        source=SOURCE, by=run.asked_by, key=_key(run.id), now=now, why=run.reason,
    )  # fmt: skip
    skipped = Counter(why for why in reasons.values() if why)
    is_used_up = len(chosen) < len(fit)
    if is_used_up:
        skipped[NONE_LEFT] = len(fit) - len(chosen)
    given = sum(1 for one in issued.values() if one is not None)
    return Handed(given, skipped, is_used_up=is_used_up)


def outlook(
    house: House, number: int, condition: str, sought: Sought | None, now: datetime
) -> Outlook:
    """What a run would do if it were asked for now. `sought`: the condition, as it is looked for.

    Raises TemplateNotFound, TemplateStateWrong, InvalidInput, NoProgramInForce.
    """
    organization = house.organization
    with house.db.transaction(organization) as tx:
        plan = house.versions.read(tx).in_force(now)
        template = active(tx, organization, number)
        wanted = reached_by(condition)
        lines = listing.page(
            tx, organization, wanted, sought, after=None, limit=LOOKED_AT + 1, now=now
        )
        count = len(lines)
        if count > LOOKED_AT:
            count = listing.counted(tx, organization, wanted, sought, now=now, most=COUNTED)
        known = {line.member.id: line.member for line in lines[:LOOKED_AT]}
        ration = rationing.read(tx, organization, [template], list(known), now)[template.id]
        reasons = _reasons(
            tx, organization, plan, template, known, ration=ration, run_id=0, now=now
        )
    skipped = Counter(why for why in reasons.values() if why)
    shown = sorted(known.values(), key=lambda one: (bool(reasons[one.id]), one.id))[:SAMPLE]
    return Outlook(
        members=count,
        is_exact=count <= COUNTED,
        looked_at=len(known),
        fit=len(known) - skipped.total(),
        left=ration.left,
        skipped=skipped,
        sample=[Reached(one.id, tier_of(plan.program, one, now), reasons[one.id]) for one in shown],
    )


def _key(run_id: int) -> str:
    return f"run:{run_id}"


def _reasons(
    tx: Tx, organization: int, plan: Plan, template: Template, known: Mapping[int, Member], *,
    ration: Ration, run_id: int, now: datetime,
) -> dict[int, str]:  # fmt: skip
    """Why each of these members is given nothing; "" for who is given a coupon, while there are
    enough for all."""
    made = ready(template, plan.program)
    ran = issuing.ran(tx, organization, template.id, list(known), f"{_key(run_id)}:")
    told: dict[int, str] = {}
    for number, member in known.items():
        why = why_not(made, plan, member, now)
        if not why and (number in ran or ration.mine(number) == 0):
            why = ENOUGH
        told[number] = why
    return told
