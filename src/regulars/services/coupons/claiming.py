"""What members take for themselves: from the claim centre, or by typing a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.coupons import codes
from regulars.domain.coupons.offers import Held, claim_limits
from regulars.domain.coupons.rationing import Ration
from regulars.domain.coupons.ready import is_for, ready, span_of
from regulars.domain.coupons.refusals import (
    CodeMistyped,
    CouponNotFound,
    CouponTaken,
    CouponUnusable,
    NotClaimable,
    TemplateNotFound,
)
from regulars.domain.coupons.standing import WHY, Standing, standing
from regulars.domain.coupons.templates import Coupon, Template, TemplateState
from regulars.domain.errors import Fault
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Holding, Limit, LimitKind, Owner, Room, take
from regulars.domain.members import Member
from regulars.domain.plans import Plan
from regulars.services.coupons.house import House, demand_free, seen
from regulars.services.coupons.issuing import drawn_code
from regulars.storage import failed_tries, members
from regulars.storage.coupons import coupons, guessing, issuing, rationing, templates, wallet
from regulars.storage.coupons.issuing import Issue
from regulars.storage.database import RACES, Tx
from regulars.storage.limits import quotas, reservations

MOST_CLAIMABLE = 200
"""Templates that the claim centre shows."""


@dataclass(frozen=True, slots=True)
class Claimable:
    """A template in the claim centre. `left`: of all, None without end; `mine`: how many more this
    member may take. `why_not`: the code of the reason why not now."""

    template: Template
    left: int | None
    mine: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A coupon that is the member's now. `is_repeat`: it was before, under the same key."""

    held: Held
    is_repeat: bool = False


def claimable(house: House, member_id: int, now: datetime) -> list[Claimable]:
    """What the claim centre shows this member: what is for them, soon or still to be had."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        plan = house.versions.read(tx).in_force(now)
        member = members.must_get(tx, organization, MemberRef(member_id))
        view = seen(plan, member, now)
        found = [
            one
            for one in templates.claimable(tx, organization, MOST_CLAIMABLE)
            if not is_for(ready(one, plan.program), view, now) and not _is_over(one, now)
        ]
        limits = [limit for one in found for limit in claim_limits(one, member.id)]
        rooms = quotas.read(tx, organization, limits, now)
        rations = rationing.read(tx, organization, found, [member.id], now)
    told = []
    for one in found:
        own = [rooms[limit.key] for limit in claim_limits(one, member.id)]
        told.append(_told(one, own, rations[one.id], member.id, now))
    return told


def _told(
    template: Template, rooms: Sequence[Room], ration: Ration, member_id: int, now: datetime
) -> Claimable:
    of_all = [*(room.left for room in rooms if not room.limit.member_id), ration.left]
    own = [*(room.left for room in rooms if room.limit.member_id), ration.mine(member_id)]
    shared = min((left for left in of_all if left is not None), default=None)
    mine = min((left for left in own if left is not None), default=0)
    why = _closed(template, now)
    if not why and mine == 0:
        why = "had"
    if not why and shared == 0:
        why = "none_left"
    return Claimable(template, shared, mine, why)


def _is_over(template: Template, now: datetime) -> bool:
    claim, ends_at = template.terms.claim, template.terms.valid_until
    closes_at = None if claim is None else claim.closes_at
    return any(end is not None and end <= now for end in (closes_at, ends_at))


def _closed(template: Template, now: datetime) -> str:
    """Why the centre does not give it out at `now`; "" where it does."""
    claim = template.terms.claim
    if claim is None or template.state is not TemplateState.ACTIVE:
        return "not_given_out"
    if claim.opens_at is not None and claim.opens_at > now:
        return "not_yet"
    return "over" if _is_over(template, now) else ""


def claim(house: House, number: int, member_id: int, *, key: str, now: datetime) -> Claimed:
    """Take a coupon out of the claim centre. Safe to repeat under the same key.

    Raises TemplateNotFound, NotClaimable, LimitReached, MemberFrozen.
    """

    def work(tx: Tx) -> Claimed:
        template = templates.get(tx, house.organization, number)
        if template is None or template.terms.claim is None:
            raise TemplateNotFound
        member = members.lock_living(tx, house.organization, MemberRef(member_id))
        return _take(tx, house, template, member, key=key, source="claim", now=now)

    return house.db.retrying(house.organization, work, retry_on=RACES)


def _take(
    tx: Tx, house: House, template: Template, member: Member, *, key: str, source: str,
    now: datetime,
) -> Claimed:  # fmt: skip
    """A coupon of the template for a locked member, counted by the limits of claims; no more than
    can be used."""
    organization, actor = house.organization, f"member:{member.id}"
    request_key = f"{template.id}:{key}"
    known = coupons.asked_for(tx, organization, actor, request_key)
    if known is not None:
        return Claimed(Held(known, template), is_repeat=True)
    demand_free(member)
    plan = house.versions.read(tx).in_force(now)
    why = _closed(template, now) if source == "claim" else _unusable(template, now)
    _refuse(why or is_for(ready(template, plan.program), seen(plan, member, now), now))
    rationing.lock(tx, organization, template, [member.id], now).demand(member.id)
    limits = claim_limits(template, member.id)
    rooms = quotas.lock(tx, organization, limits, now)
    parts = take(rooms, [(limit, 1) for limit in limits])
    (coupon_id,) = issuing.issue(
        tx,
        organization,
        [
            Issue(
                template_id=template.id,
                code=drawn_code(template.prefix),
                member_id=member.id,
                source=source,
                issued_at=now,
                by=actor,
                valid=span_of(template.terms, now, plan.program.zone),
                request_key=request_key,
            )
        ],
    )
    assert coupon_id is not None, "the member is locked, and it was not there"
    reservations.hold(
        tx,
        organization,
        [
            Holding(
                room=room, amount=amount, owner=Owner.CLAIM, owner_id=coupon_id,
                member_id=member.id, expires_at=None, by=actor,
            )
            for room, amount in parts
        ],
        now,
    )  # fmt: skip
    coupon = coupons.get(tx, organization, coupon_id)
    assert coupon is not None
    return Claimed(Held(coupon, template))


def _unusable(template: Template, now: datetime) -> str:
    if template.state is not TemplateState.ACTIVE:
        return "paused"
    ends_at = template.terms.valid_until
    return "over" if ends_at is not None and ends_at <= now else ""


def _refuse(why: str) -> None:
    if why:
        raise NotClaimable(faults=[Fault("", f"not given out: {why}", code=why)])


def enter(house: House, typed: str, member_id: int, *, now: datetime) -> Claimed:
    """Take what a typed code stands for: a coupon that is nobody's yet, or one by a word for all.
    Safe to repeat: who has it already is told so.

    Wrong codes are counted. Raises CodeMistyped, CouponNotFound, CouponTaken, CouponUnusable,
    NotClaimable, LimitReached, TooManyRequests, MemberFrozen.
    """
    code = codes.normal(typed)
    if not codes.is_well_formed(code):
        # Said without a look at what there is: it tells a guesser nothing.
        raise CodeMistyped
    count_try(house, member_id, now)

    def work(tx: Tx) -> Claimed:
        found = wallet.wallets(tx, house.organization, [], [code], now).by_code.get(code)
        if found is None:
            raise CouponNotFound
        member = members.lock_living(tx, house.organization, MemberRef(member_id))
        if not found.coupon.id:
            key = f"word:{code}"
            taken = _take(tx, house, found.template, member, key=key, source="code", now=now)
        else:
            taken = _given_by_code(tx, house, found, member, now)
        good_try(tx, house, member_id)
        return taken

    return house.db.retrying(house.organization, work, retry_on=RACES)


def count_try(house: House, member_id: int, now: datetime) -> None:
    """Count a code that a member types, before it is looked up. Raises TooManyRequests."""
    with house.db.transaction(house.organization) as tx:
        counted = [guessing.by_member(member_id)]
        failed_tries.begin_try(tx, house.organization, counted, now)


def good_try(tx: Tx, house: House, member_id: int) -> None:
    """It was a code: this try does not count."""
    failed_tries.take_back(tx, house.organization, guessing.by_member(member_id))


def _given_by_code(tx: Tx, house: House, found: Held, member: Member, now: datetime) -> Claimed:
    """A coupon that was nobody's is the member's from now on."""
    organization = house.organization
    coupon = coupons.lock(tx, organization, [found.coupon.id])[found.coupon.id]
    if coupon.member_id == member.id:
        return Claimed(Held(coupon, found.template), is_repeat=True)
    if coupon.member_id is not None:
        raise CouponTaken
    demand_free(member)
    plan = house.versions.read(tx).in_force(now)
    _demand_usable(tx, house, coupon, found.template, now)
    _refuse(is_for(ready(found.template, plan.program), seen(plan, member, now), now))
    valid = _from_now(plan, coupon, found.template, now)
    rationing.lock(tx, organization, found.template, [member.id], now).demand(member.id)
    coupons.give(tx, organization, coupon.id, member.id, valid=valid, now=now)
    rationing.count_one(tx, organization, found.template.id)
    actor = f"member:{member.id}"
    coupons.note(tx, organization, [coupon.id], "claimed", by=actor, now=now)
    taken = coupons.get(tx, organization, coupon.id)
    assert taken is not None
    return Claimed(Held(taken, found.template))


def _demand_usable(tx: Tx, house: House, coupon: Coupon, template: Template, now: datetime) -> None:
    held = Held(coupon, template)
    used, reserved = taken_of(tx, house.organization, held, now)
    stands = standing(coupon, template, now, used=used, reserved=reserved)
    if stands not in {Standing.USABLE, Standing.EARLY}:
        raise CouponUnusable(
            "This coupon cannot be used any more, or not now.",
            faults=[Fault("", f"it is {stands}", code=WHY[stands])],
        )


def taken_of(tx: Tx, organization: int, held: Held, now: datetime) -> tuple[int, int]:
    """How often a coupon was used, and is reserved, as its limit counts; locked."""
    limit = Limit(LimitKind.COUPON, str(held.coupon.id), most=held.template.terms.uses)
    room = quotas.lock(tx, organization, [limit], now)[limit.key]
    return room.used, room.reserved


def _from_now(
    plan: Plan, coupon: Coupon, template: Template, now: datetime
) -> tuple[datetime | None, datetime | None]:
    starts_at, ends_at = span_of(template.terms, now, plan.program.zone)
    ends = [end for end in (coupon.valid_until, ends_at) if end is not None]
    return coupon.valid_from or starts_at, min(ends, default=None)
