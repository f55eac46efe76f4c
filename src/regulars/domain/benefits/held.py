"""What a member can use at an instant: by what they are, and what they were given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.benefits.carrying import Carrier
from regulars.domain.benefits.entitled import Entitlement, entitled
from regulars.domain.benefits.grants import Grant
from regulars.domain.benefits.quotas import limit_of
from regulars.domain.benefits.refusals import BenefitNotHeld, BenefitNotNow
from regulars.domain.limits.limits import Key, Limit, Room
from regulars.domain.members import Member
from regulars.domain.memberships.sharing import counted_for
from regulars.domain.periods import Local
from regulars.domain.plans import Plan, season_of
from regulars.domain.programs.benefits import Benefit, BenefitKind

USED_UP, NOT_NOW, FROZEN = "used_up", "not_now", "frozen"
BY_ITSELF, WITH_ORDERS = "by_itself", "with_orders"
"""Why a benefit that a member has cannot be used at the moment; points back come by themselves, and
what is capped by contribution takes an order, which says how much it takes off."""


@dataclass(slots=True, kw_only=True)
class Held:
    """A benefit as one member has it.

    `carrier`: by what, such as "tier", or as the grant says, such as "person" or "rule"; `by`:
    which one. `limit`: what a use takes one of. `grant`: None for what they have by what they are.
    `is_now`: whether its schedule lets it be used at the instant.
    """

    benefit: Benefit
    carrier: str
    by: str
    since: datetime | None
    until: datetime | None
    limit: Limit
    grant: Grant | None = None
    is_now: bool = True

    @property
    def grant_id(self) -> int | None:
        """The grant's number; None for what they have by what they are."""
        return None if self.grant is None else self.grant.id


def held(
    plan: Plan,
    member: Member,
    grants: Iterable[Grant],
    at: datetime,
    *,
    used_at: datetime | None = None,
) -> list[Held]:
    """All that the member has at `at`, in the order of the document; of one benefit, what they
    have by what they are first. Grants of what the program no longer knows are left out.

    `used_at`: when it is to be used, where that is later: then it is counted in the stretch of the
    calendar that this instant is in, and a grant that is over by then is no way to have it.
    """
    then = at if used_at is None else used_at
    local = Local(then, plan.program.zone)
    month = member.attributes.get("birth_month")
    found = [
        Held(
            benefit=one.benefit,
            carrier=one.carrier.value,
            by=one.by,
            since=one.since,
            until=one.until,
            limit=limit_of(one.benefit, _counted_for(plan, member, one), local),
            is_now=_is_now(one.benefit, local, month),
        )
        for one in entitled(plan, member, at)
    ]
    known = {benefit.id: benefit for benefit in plan.program.benefits}
    for grant in grants:
        benefit = known.get(grant.benefit)
        if benefit is None or not (grant.is_open(at) and grant.is_open(then)):
            continue
        found.append(
            Held(
                benefit=benefit,
                carrier=grant.carrier,
                by=grant.source,
                since=grant.valid_from,
                until=grant.valid_until,
                limit=limit_of(benefit, member.id, local, grant_id=grant.id, uses=grant.uses),
                grant=grant,
                is_now=_is_now(benefit, local, month),
            )
        )
    order = {benefit_id: place for place, benefit_id in enumerate(known)}
    return sorted(found, key=lambda one: (order[one.benefit.id], one.grant_id or 0))


def _counted_for(plan: Plan, member: Member, one: Entitlement) -> int:
    """Whose quota a use takes of: of a card that a family shares, as its terms say."""
    if one.carrier is not Carrier.CARD:
        return member.id
    return counted_for(plan.program, member, one.by)


def why_not(one: Held, room: Room | None, *, is_frozen: bool) -> str:
    """Why it cannot be used at the instant; "" where it can."""
    if one.benefit.kind is BenefitKind.CASHBACK:
        return BY_ITSELF
    if one.benefit.share is not None:
        return WITH_ORDERS
    if is_frozen:
        return FROZEN
    if not one.is_now:
        return NOT_NOW
    return USED_UP if room is not None and not room.fits(1) else ""


def chosen(
    found: Sequence[Held],
    rooms: Mapping[Key, Room],
    *,
    benefit: str,
    grant_id: int | None = None,
) -> Held:
    """What one use of a benefit is taken of: of what has some left, what ends first.

    Where nothing has any left, it is told all the same: taking of it is refused then. With
    `grant_id` it is that grant. Raises BenefitNotHeld, BenefitNotNow.
    """
    ways = [
        one
        for one in found
        if one.benefit.id == benefit
        and one.benefit.kind is not BenefitKind.CASHBACK
        and one.benefit.share is None
        and (grant_id is None or one.grant_id == grant_id)
    ]
    if not ways:
        raise BenefitNotHeld
    if not ways[0].is_now:
        raise BenefitNotNow
    return min(
        ways,
        key=lambda one: (
            not rooms[one.limit.key].fits(1),
            one.until is None,
            one.until.timestamp() if one.until is not None else 0,
            one.grant_id or 0,
        ),
    )


def _is_now(benefit: Benefit, local: Local, birth_month: object) -> bool:
    return benefit.schedule is None or season_of(benefit.schedule)(local, birth_month)
