"""A coupon for many members at once: looked at beforehand, checked, and handed out by a run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.coupons.announcing import why_missed
from regulars.domain.coupons.rationing import has_enough, left_of
from regulars.domain.coupons.ready import ready, span_of
from regulars.domain.coupons.refusals import TemplateNotFound, TemplateStateWrong
from regulars.domain.coupons.templates import Template, TemplateState
from regulars.domain.limits.limits import Limit, LimitKind
from regulars.domain.members import Member
from regulars.domain.plans import Plan
from regulars.domain.rosters.asking import Sought
from regulars.domain.runs.runs import Handed, reached_by
from regulars.domain.tiers import tier_of
from regulars.services.coupons.house import House
from regulars.services.coupons.issuing import active, issue_to, why_not
from regulars.storage import members
from regulars.storage.coupons import issuing, templates
from regulars.storage.database import Tx
from regulars.storage.limits import quotas
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
    # Two runs of one template count one after the other.
    template = templates.lock(tx, organization, run.template_id)
    if template is None:
        raise TemplateNotFound
    if template.state is TemplateState.PAUSED:
        return None
    if why_missed(template, now):
        raise TemplateStateWrong
    known = members.lock(tx, organization, part.members)
    reasons = _reasons(tx, organization, part.plan, template, known, run_id=run.id, now=now)
    reasons = {number: reasons.get(number, "member_gone") for number in part.members}
    fit = [number for number, why in reasons.items() if not why]
    left = _left(tx, organization, template, now)
    chosen = fit if left is None else fit[:left]
    issued = issue_to(
        tx, organization, part.plan, template, chosen,
        source=SOURCE, by=run.asked_by, key=_key(run.id), now=now, why=run.reason,
    )  # fmt: skip
    skipped = Counter(why for why in reasons.values() if why)
    is_used_up = len(chosen) < len(fit)
    if is_used_up:
        skipped["none_left"] = len(fit) - len(chosen)
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
        reasons = _reasons(tx, organization, plan, template, known, run_id=0, now=now)
        left = _left(tx, organization, template, now)
    skipped = Counter(why for why in reasons.values() if why)
    shown = sorted(known.values(), key=lambda one: (bool(reasons[one.id]), one.id))[:SAMPLE]
    return Outlook(
        members=count,
        is_exact=count <= COUNTED,
        looked_at=len(known),
        fit=len(known) - skipped.total(),
        left=left,
        skipped=skipped,
        sample=[Reached(one.id, tier_of(plan.program, one, now), reasons[one.id]) for one in shown],
    )


def _key(run_id: int) -> str:
    return f"run:{run_id}"


def _reasons(
    tx: Tx, organization: int, plan: Plan, template: Template, known: Mapping[int, Member], *,
    run_id: int, now: datetime,
) -> dict[int, str]:  # fmt: skip
    """Why each of these members is given nothing; "" for who is given a coupon."""
    made, terms = ready(template, plan.program), template.terms
    had = issuing.had(tx, organization, template.id, list(known), f"{_key(run_id)}:")
    limits = {}
    if terms.per_member is not None:
        limits = {
            number: Limit(LimitKind.TEMPLATE, str(template.id), number, most=terms.per_member)
            for number in known
        }
    rooms = quotas.read(tx, organization, list(limits.values()), now)
    told: dict[int, str] = {}
    for number, member in known.items():
        count, ran = had.get(number, (0, False))
        room = rooms[limits[number].key] if number in limits else None
        taken = 0 if room is None else room.used + room.reserved
        why = why_not(made, plan, member, now)
        if not why and (ran or has_enough(terms, had=count, taken=taken)):
            why = "enough"
        told[number] = why
    return told


def _left(tx: Tx, organization: int, template: Template, now: datetime) -> int | None:
    terms = template.terms
    if terms.total is None:
        return None
    limit = Limit(LimitKind.TEMPLATE, str(template.id), most=terms.total)
    room = quotas.read(tx, organization, [limit], now)[limit.key]
    given = issuing.given_out(tx, organization, template.id)
    return left_of(terms, given=given, taken=room.used + room.reserved)
