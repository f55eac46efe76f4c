"""Coupons looked at and looked after by staff, and by the members who have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.audit import By, Deed
from regulars.domain.coupons import codes
from regulars.domain.coupons.offers import Held
from regulars.domain.coupons.refusals import CodeMistyped, CouponNotFound, CouponStateWrong
from regulars.domain.coupons.standing import Standing, standing
from regulars.domain.coupons.templates import Coupon
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import COUPON, MemberRef, decode
from regulars.domain.limits.limits import Limit, LimitKind
from regulars.services.coupons.house import House
from regulars.storage import audit, failed_tries, members
from regulars.storage.coupons import coupons, gifts, guessing, templates, uses
from regulars.storage.coupons.coupons import Change
from regulars.storage.coupons.gifts import Gift
from regulars.storage.coupons.uses import Once
from regulars.storage.coupons.wallet import word_of
from regulars.storage.database import Tx
from regulars.storage.limits import quotas

MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A coupon as it stands. `gift`: the offer to a friend that is open."""

    held: Held
    standing: Standing
    used: int
    reserved: int
    gift: Gift | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A coupon with all that happened to it."""

    seen: Seen
    changes: Sequence[Change]
    uses: Sequence[Once]


def page(
    house: House,
    wanted: Mapping[str, object],
    *,
    member: MemberRef | None,
    before: int | None,
    limit: int,
    now: datetime,
) -> list[Seen]:
    """Coupons, newest first; see `storage.coupons.coupons.page`. Raises MemberNotFound."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        if member is not None:
            wanted = {**wanted, "member": members.must_get(tx, organization, member).id}
        found = coupons.page(tx, organization, wanted, before=before, limit=limit)
        return seen_of(tx, organization, found, now)


def of_member(house: House, member_id: int, now: datetime, *, limit: int = 500) -> list[Seen]:
    """A member's own coupons, newest first, with the offers of those that are being given away."""
    organization = house.organization
    with house.db.transaction(organization) as tx:
        found = coupons.page(tx, organization, {"member": member_id}, before=None, limit=limit)
        return [_with_gift(tx, organization, one, now) for one in seen_of(
            tx, organization, found, now
        )]  # fmt: skip


def own(house: House, number: int, member_id: int, now: datetime) -> Story:
    """One of a member's own coupons. Raises CouponNotFound."""
    with house.db.transaction(house.organization) as tx:
        coupon = coupons.get(tx, house.organization, number)
        if coupon is None or coupon.member_id != member_id:
            raise CouponNotFound("You have no such coupon.")
        return _story(tx, house.organization, coupon, now)


def look(house: House, text: str, *, caller: str, now: datetime) -> Story:
    """One coupon, by its id or its code, with its history; wrong codes are refused when there were
    too many. Raises CodeMistyped, CouponNotFound, TooManyRequests."""
    organization = house.organization
    number = decode(COUPON, text)
    code = codes.normal(text)
    if number is None and not codes.is_well_formed(code):
        raise CodeMistyped
    with house.db.transaction(organization) as tx:
        guessing.refuse(tx, organization, [guessing.by_caller(caller)], now)
        if number is not None:
            coupon = coupons.get(tx, organization, number)
        else:
            coupon = coupons.by_codes(tx, organization, [code]).get(code)
        if coupon is not None:
            return _story(tx, organization, coupon, now)
        template = None if number is not None else templates.by_word(tx, organization, code)
        if template is None:
            raise CouponNotFound
        held = word_of(template)
        stands = standing(held.coupon, template, now)
        return Story(Seen(held, stands, 0, 0), [], [])


def set_state(
    house: House, numbers: Sequence[int], state: str, *, why: str, by: By, now: datetime
) -> list[Seen]:
    """Freeze, unfreeze or revoke coupons; revoked is for good. Safe to repeat.

    Raises CouponNotFound, CouponStateWrong, InvalidInput.
    """
    if not 0 < len(numbers) <= MOST_AT_ONCE:
        words = f"Name 1 to {MOST_AT_ONCE} coupons."
        raise InvalidInput(words, faults=[Fault("/coupons", "count")])
    organization = house.organization

    def work(tx: Tx) -> list[Seen]:
        found = coupons.lock(tx, organization, numbers)
        if len(found) < len(set(numbers)):
            raise CouponNotFound
        if state != "revoked" and any(one.state == "revoked" for one in found.values()):
            raise CouponStateWrong("What is revoked stays revoked.")
        changed = coupons.set_state(
            tx, organization, list(found), state, by=by.actor, why=why, now=now
        )
        deeds = [
            Deed(
                "coupon.moved", f"coupon:{number}", found[number].member_id, why,
                before={"state": found[number].state}, after={"state": state},
            )
            for number in changed
        ]  # fmt: skip
        audit.record(tx, by, deeds, now)
        fresh = coupons.lock(tx, organization, numbers)
        return seen_of(tx, organization, [fresh[number] for number in numbers], now)

    return house.db.retrying(organization, work)


def seen_of(tx: Tx, organization: int, found: Sequence[Coupon], now: datetime) -> list[Seen]:
    """Coupons as they stand, in a constant number of statements."""
    known = {
        one.id: one for one in templates.many(tx, organization, {one.template_id for one in found})
    }
    limits = {
        one.id: Limit(LimitKind.COUPON, str(one.id), most=known[one.template_id].terms.uses)
        for one in found
    }
    rooms = quotas.read(tx, organization, list(limits.values()), now)
    told = []
    for one in found:
        template, room = known[one.template_id], rooms[limits[one.id].key]
        stands = standing(one, template, now, used=room.used, reserved=room.reserved)
        told.append(Seen(Held(one, template), stands, room.used, room.reserved))
    return told


def _with_gift(tx: Tx, organization: int, one: Seen, now: datetime) -> Seen:
    if one.standing is not Standing.GIVEN:
        return one
    gift = gifts.open_of(tx, organization, one.held.coupon.id)
    if gift is None or gift.expires_at <= now:
        return one
    return Seen(one.held, one.standing, one.used, one.reserved, gift)


def _story(tx: Tx, organization: int, coupon: Coupon, now: datetime) -> Story:
    (seen,) = seen_of(tx, organization, [coupon], now)
    return Story(
        _with_gift(tx, organization, seen, now),
        coupons.changes(tx, organization, coupon.id),
        uses.of_coupon(tx, organization, coupon.id),
    )


def count_wrong(house: House, caller: str, now: datetime) -> None:
    """Count a code that names no coupon. Raises TooManyRequests."""
    with house.db.transaction(house.organization) as tx:
        failed_tries.begin_try(tx, house.organization, [guessing.by_caller(caller)], now)
