"""Giving a benefit to a person, by hand; and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.benefits.grants import Grant, NewGrant
from regulars.domain.benefits.refusals import BenefitGrantNotFound
from regulars.domain.errors import Fault, IdempotencyKeyReused, InvalidInput
from regulars.domain.ids import MemberRef
from regulars.domain.periods import add
from regulars.domain.plans import Plan
from regulars.domain.programs.benefits import Benefit, BenefitKind
from regulars.services.benefits.telling import tell_granted
from regulars.services.benefits.using import House
from regulars.storage import audit, members
from regulars.storage.benefits import grants
from regulars.storage.benefits.grants import Filter
from regulars.storage.database import RACES, Tx
from regulars.storage.merging import members as merging

PERSON = "person"
"""The carrier of what somebody gave by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What is given. `valid_from` None: from now on; `valid_until` None: as long as the benefit
    says. `uses` None: as often as the benefit says. `reason`: without personal data."""

    benefit: str
    reason: str
    uses: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A grant, and the program in force, by which it is named. `is_repeat`: it was given before."""

    grant: Grant
    plan: Plan | None
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class GrantListing:
    """A page of grants, and the program in force; None before the first."""

    items: Sequence[Grant]
    plan: Plan | None


def grant(house: House, ref: MemberRef, gift: Gift, *, key: str, by: By, now: datetime) -> Given:
    """Give the member a benefit. Safe to repeat under the same key.

    Raises MemberNotFound, InvalidInput, IdempotencyKeyReused, NoProgramInForce.
    """

    def work(tx: Tx) -> Given:
        organization = house.organization
        member = members.lock_living(tx, organization, ref)
        known = grants.asked_before(tx, organization, by.actor, key)
        if known is not None:
            if (known.member_id, known.benefit) != (member.id, gift.benefit):
                raise IdempotencyKeyReused
            return Given(known, plan_at(tx, house, now), is_repeat=True)
        plan = house.versions.read(tx).in_force(now)
        fresh = to_be_given(plan, member.id, gift, by=by, now=now, key=key)
        (number,) = grants.insert(tx, organization, [fresh])
        tell_granted(tx, organization, plan, [fresh], now)
        after = {"benefit": gift.benefit, "uses": gift.uses}
        deed = Deed(
            "benefit.granted", f"benefit_grant:{number}", member.id, gift.reason, None, after
        )
        audit.record(tx, by, [deed], now)
        written = grants.get(tx, organization, number)
        assert written is not None
        return Given(written, plan)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def to_be_given(
    plan: Plan, member_id: int, gift: Gift, *, by: By, now: datetime, key: str = "",
    carrier: str = PERSON, source: str = "",
) -> NewGrant:  # fmt: skip
    """The grant as it is written. Raises InvalidInput."""
    benefit = known_benefit(plan, gift.benefit)
    starts = now if gift.valid_from is None else gift.valid_from
    ends = gift.valid_until
    if ends is None and benefit.valid is not None:
        ends = add(starts, benefit.valid, plan.program.zone)
    if ends is not None and ends <= max(starts, now):
        raise InvalidInput(
            "A grant ends after it begins, and later than now.",
            faults=[Fault("/valid_until", "over already")],
        )
    return NewGrant(
        member_id=member_id,
        benefit=benefit.id,
        carrier=carrier,
        source=source,
        uses=gift.uses,
        valid_from=starts,
        valid_until=ends,
        granted_by=by.actor,
        granted_at=now,
        reason=gift.reason,
        request_key=key,
    )


def known_benefit(plan: Plan, code: str, pointer: str = "/benefit") -> Benefit:
    """The benefit of the program in force. Raises InvalidInput, which names those that exist."""
    for benefit in plan.program.benefits:
        if benefit.id == code and benefit.kind is not BenefitKind.CASHBACK:
            return benefit
    known = [one.id for one in plan.program.benefits if one.kind is not BenefitKind.CASHBACK]
    names = ", ".join(known) or "none"
    raise InvalidInput(
        f"The program in force has no such benefit to be given; it has: {names}.",
        faults=[Fault(pointer, "no benefit of the program")],
    )


def end(house: House, number: int, *, reason: str, by: By, now: datetime) -> Given:
    """Take a grant back: what was used of it stays used. Safe to repeat.

    Raises BenefitGrantNotFound.
    """

    def work(tx: Tx) -> Given:
        organization = house.organization
        found = grants.get(tx, organization, number)
        if found is None:
            raise BenefitGrantNotFound
        # Whoever uses it at this moment is done before, or finds it taken back.
        members.lock(tx, organization, [found.member_id])
        if grants.end(tx, organization, [number], at=now, by=by.actor, why=reason):
            target, after = f"benefit_grant:{number}", {"benefit": found.benefit}
            deed = Deed("benefit.grant_ended", target, found.member_id, reason, None, after)
            audit.record(tx, by, [deed], now)
        ended = grants.get(tx, organization, number)
        assert ended is not None
        return Given(ended, plan_at(tx, house, now))

    return house.db.retrying(house.organization, work)


def page(
    house: House,
    wanted: Filter,
    *,
    ref: MemberRef | None,
    before: int | None,
    limit: int,
    at: datetime,
) -> GrantListing:
    """Grants, the newest first; of one member with `ref`. Raises MemberNotFound."""
    with house.db.transaction(house.organization) as tx:
        if ref is not None:
            member = members.must_get(tx, house.organization, ref)
            numbers = merging.all_of(tx, house.organization, member.id)
            wanted = replace(wanted, members=numbers)
        found = grants.page(tx, house.organization, wanted, before=before, limit=limit, at=at)
        return GrantListing(found, plan_at(tx, house, at))


def plan_at(tx: Tx, house: House, at: datetime) -> Plan | None:
    """The program in force, by which benefits are named; None before the first."""
    table = house.versions.read(tx)
    return table.in_force(at) if table.instants and table.instants[0] <= at else None
