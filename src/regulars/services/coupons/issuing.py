"""Coupons given out by staff: to members that are named, and looked at one by one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.coupons.codes import BITS, code_of
from regulars.domain.coupons.ready import Ready, is_for, ready, span_of
from regulars.domain.coupons.refusals import TemplateNotFound, TemplateStateWrong
from regulars.domain.coupons.templates import Coupon, Template, TemplateState
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.members import Member
from regulars.domain.plans import Plan
from regulars.services.coupons.house import House, seen
from regulars.storage import audit, members
from regulars.storage.coupons import coupons, issuing, rationing, telling, templates
from regulars.storage.coupons.issuing import Issue
from regulars.storage.coupons.telling import Received
from regulars.storage.database import RACES, Tx

MOST_NAMED = 1_000
"""Members that one request may name."""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of one member: the coupon, or the code of the reason why there is none."""

    member_id: int
    coupon: Coupon | None
    why_not: str = ""
    is_repeat: bool = False


def drawn_code(prefix: str) -> str:
    """A fresh code that nobody guesses."""
    return code_of(prefix, secrets.randbits(BITS))


def give(
    house: House, number: int, refs: Sequence[MemberRef], *, key: str, by: By, now: datetime
) -> list[Given]:
    """Give each of these members a coupon, in the order in which they are named; those for whom it
    is not, or for whom none is left, are told so. Safe to repeat under the same key.

    Raises TemplateNotFound, TemplateStateWrong, InvalidInput, NoProgramInForce.
    """
    if not 0 < len(refs) <= MOST_NAMED:
        raise InvalidInput(f"Name 1 to {MOST_NAMED} members.", faults=[Fault("/members", "count")])

    def work(tx: Tx) -> list[Given]:
        plan = house.versions.read(tx).in_force(now)
        template = active(tx, house.organization, number)
        found = members.resolve(tx, house.organization, refs)
        unknown = [place for place, ref in enumerate(refs) if ref not in found]
        if unknown:
            raise InvalidInput(
                "Some of these members are not known; nobody was given anything.",
                faults=[Fault(f"/members/{place}", "unknown") for place in unknown],
            )
        numbers = list(dict.fromkeys(found[ref] for ref in refs))
        return give_to(tx, house, plan, template, numbers, key=key, by=by, now=now)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def give_to(
    tx: Tx, house: House, plan: Plan, template: Template, numbers: Sequence[int], *, key: str,
    by: By, now: datetime,
) -> list[Given]:  # fmt: skip
    """The same within a transaction, to members by their numbers."""
    organization = house.organization
    known = members.lock(tx, organization, numbers)
    made = ready(template, plan.program)
    keys = {number: f"{template.id}:{key}:{number}" for number in numbers}
    before = issuing.asked_for(tx, organization, by.actor, list(keys.values()))
    asked = [number for number in numbers if keys[number] not in before]
    ration = rationing.lock(tx, organization, template, asked, now)
    reasons: dict[int, str] = {}
    for number in asked:
        reasons[number] = why_not(made, plan, known.get(number), now) or ration.why_not(number)
        if not reasons[number]:
            ration.take(number)
    issued = issue_to(
        tx, organization, plan, template, [number for number in asked if not reasons[number]],
        source="staff", by=by.actor, key=f"{template.id}:{key}", now=now,
    )  # fmt: skip
    numbered = {number: before[keys[number]] for number in numbers if keys[number] in before}
    numbered |= {number: one for number, one in issued.items() if one is not None}
    there = coupons.lock(tx, organization, list(numbered.values()))
    told = {
        number: Given(number, there[one], is_repeat=number not in issued)
        for number, one in numbered.items()
    }
    told |= {number: Given(number, None, why) for number, why in reasons.items() if why}
    count = len(issued)
    if count:
        deed = Deed("coupon.issued", f"coupon_template:{template.id}", after={"count": count})
        audit.record(tx, by, [deed], now)
    return [told[number] for number in numbers]


def why_not(made: Ready, plan: Plan, member: Member | None, now: datetime) -> str:
    """Why a member is given no coupon; "" where they are."""
    if member is None or member.is_erased or member.merged_into is not None:
        return "member_gone"
    return is_for(made, seen(plan, member, now), now)


def issue_to(
    tx: Tx, organization: int, plan: Plan, template: Template, numbers: Sequence[int], *,
    source: str, by: str, key: str, now: datetime, why: str = "",
) -> dict[int, int | None]:  # fmt: skip
    """Give each of these members a coupon, and tell them; its number, None for who got one under
    this key before. `why`: the reason that they are told."""
    rows = {
        number: Issue(
            template_id=template.id,
            code=drawn_code(template.prefix),
            member_id=number,
            source=source,
            issued_at=now,
            by=by,
            valid=span_of(template.terms, now, plan.program.zone),
            request_key=f"{key}:{number}",
        )
        for number in numbers
    }
    written = issuing.issue(tx, organization, list(rows.values()))
    issued = dict(zip(rows, written, strict=True))
    news = [
        Received(
            member_id=number, coupon_id=coupon_id, template=template, until=rows[number].valid[1],
            source=source, why=why,
        )
        for number, coupon_id in issued.items()
        if coupon_id is not None
    ]  # fmt: skip
    telling.tell(tx, organization, news, now)
    return issued


def active(tx: Tx, organization: int, number: int) -> Template:
    """The template, if coupons of it may be given out. Raises TemplateNotFound,
    TemplateStateWrong."""
    template = templates.get(tx, organization, number)
    if template is None:
        raise TemplateNotFound
    if template.state is not TemplateState.ACTIVE:
        raise TemplateStateWrong("Activate the template first: nothing is given out of this one.")
    return template
