"""Coupons given to friends: offered by a code, accepted once, taken back while nobody has."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from regulars.domain.coupons import codes
from regulars.domain.coupons.offers import Held
from regulars.domain.coupons.ready import is_for, ready
from regulars.domain.coupons.refusals import (
    CodeMistyped,
    CouponNotFound,
    CouponStateWrong,
    CouponUnusable,
    GiftRefused,
)
from regulars.domain.coupons.standing import WHY, Standing, standing, valid_until
from regulars.domain.coupons.templates import Coupon, Template
from regulars.domain.errors import Fault
from regulars.domain.ids import MemberRef
from regulars.services.coupons.claiming import count_try, good_try, taken_of
from regulars.services.coupons.house import House, demand_free, seen
from regulars.services.coupons.issuing import drawn_code
from regulars.storage import members
from regulars.storage.coupons import coupons, gifts, rationing, telling, templates
from regulars.storage.coupons.gifts import Gift
from regulars.storage.coupons.telling import Received
from regulars.storage.database import RACES, Tx

LASTS = timedelta(days=7)
"""How long a friend has to accept, unless the coupon ends sooner."""

MOST_HANDS = 3
"""So often a coupon may be given on."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A coupon that came from a friend."""

    held: Held
    is_repeat: bool = False


def offer(house: House, number: int, member_id: int, now: datetime) -> Gift:
    """Offer a coupon to whoever gets the code; the open offer, where there is one. It cannot be
    used until it is taken back or the offer lapses.

    Raises CouponNotFound, GiftRefused, CouponUnusable, MemberFrozen.
    """
    organization = house.organization

    def work(tx: Tx) -> Gift:
        member = members.lock_living(tx, organization, MemberRef(member_id))
        coupon, template = own(tx, house, number, member.id)
        known = gifts.open_of(tx, organization, coupon.id)
        if known is not None and known.expires_at > now:
            return known
        demand_free(member)
        if not template.terms.is_giftable:
            raise GiftRefused("This coupon is for you alone.")
        if len(gifts.hands(tx, organization, coupon.id)) >= MOST_HANDS:
            raise GiftRefused(f"It was given on {MOST_HANDS} times already.")
        _demand_unused(tx, house, coupon, template, now)
        if known is not None:
            gifts.close(tx, organization, known.id, "lapsed", taker_id=None, at=known.expires_at)
        ends = [now + LASTS, valid_until(coupon, template)]
        expires_at = min(end for end in ends if end is not None)
        made = gifts.put(
            tx, organization, coupon_id=coupon.id, giver_id=member.id,
            code=drawn_code(codes.GIFT_PREFIX), now=now, expires_at=expires_at,
        )  # fmt: skip
        coupons.offer(tx, organization, coupon.id, expires_at)
        actor = f"member:{member.id}"
        coupons.note(tx, organization, [coupon.id], "offered", by=actor, now=now)
        return made

    return house.db.retrying(organization, work, retry_on=RACES)


def take_back(house: House, number: int, member_id: int, now: datetime) -> Held:
    """Take back what nobody has accepted yet. Safe to repeat.

    Raises CouponNotFound; CouponStateWrong when a friend was quicker.
    """
    organization = house.organization

    def work(tx: Tx) -> Held:
        member = members.lock_living(tx, organization, MemberRef(member_id))
        try:
            coupon, template = own(tx, house, number, member.id)
        except CouponNotFound:
            if member.id in gifts.hands(tx, organization, number):
                raise CouponStateWrong("Your friend has accepted it already.") from None
            raise
        known = gifts.open_of(tx, organization, coupon.id)
        if known is not None:
            gifts.close(tx, organization, known.id, "taken_back", taker_id=None, at=now)
            coupons.offer(tx, organization, coupon.id, None)
            actor = f"member:{member.id}"
            coupons.note(tx, organization, [coupon.id], "taken_back", by=actor, now=now)
        fresh = coupons.get(tx, organization, coupon.id)
        assert fresh is not None
        return Held(fresh, template)

    return house.db.retrying(organization, work, retry_on=RACES)


def accept(house: House, typed: str, member_id: int, now: datetime) -> Accepted:
    """Take the coupon that a friend offers by this code; it gets a new code of its own, so that
    nobody else knows it. Wrong codes are counted. Safe to repeat.

    Raises CodeMistyped, CouponNotFound, GiftRefused, CouponUnusable, LimitReached, TooManyRequests,
    MemberFrozen.
    """
    organization, code = house.organization, codes.normal(typed)
    if not codes.is_drawn(code):
        raise CodeMistyped
    count_try(house, member_id, now)

    def work(tx: Tx) -> Accepted:
        member = members.lock_living(tx, organization, MemberRef(member_id))
        # The coupon before the gift, as whoever takes back does.
        known = gifts.by_code(tx, organization, code)
        if known is None:
            raise CouponNotFound
        coupon = coupons.lock(tx, organization, [known.coupon_id])[known.coupon_id]
        gift = gifts.by_code(tx, organization, code)
        assert gift is not None
        template = templates.get(tx, organization, coupon.template_id)
        assert template is not None
        good_try(tx, house, member_id)
        if gift.state == "accepted" and gift.taker_id == member.id == coupon.member_id:
            return Accepted(Held(coupon, template), is_repeat=True)
        demand_free(member)
        _demand_open(tx, house, gift, member.id, now)
        _demand_unused(tx, house, coupon, template, now, is_offered=True)
        plan = house.versions.read(tx).in_force(now)
        why = is_for(ready(template, plan.program), seen(plan, member, now), now)
        if why:
            raise GiftRefused(
                "This coupon is for other members.", faults=[Fault("", "not for you", code=why)]
            )
        # It is counted with all that were given out, whoever has it.
        own = rationing.read(tx, organization, [template], [member.id], now)[template.id]
        replace(own, left=None).demand(member.id)
        gifts.close(tx, organization, gift.id, "accepted", taker_id=member.id, at=now)
        coupons.give(
            tx, organization, coupon.id, member.id, valid=(coupon.valid_from, coupon.valid_until),
            now=now, code=drawn_code(template.prefix), source="gift",
        )  # fmt: skip
        actor = f"member:{member.id}"
        coupons.note(tx, organization, [coupon.id], "accepted", by=actor, now=now)
        fresh = coupons.get(tx, organization, coupon.id)
        assert fresh is not None
        news = Received(
            member_id=member.id, coupon_id=coupon.id, template=template,
            until=valid_until(fresh, template), source="gift",
        )  # fmt: skip
        telling.tell(tx, organization, [news], now)
        return Accepted(Held(fresh, template))

    return house.db.retrying(organization, work, retry_on=RACES)


def own(tx: Tx, house: House, number: int, member_id: int) -> tuple[Coupon, Template]:
    """The member's coupon, locked, and its template. Raises CouponNotFound."""
    coupon = coupons.lock(tx, house.organization, [number]).get(number)
    if coupon is None or coupon.member_id != member_id:
        raise CouponNotFound("You have no such coupon.")
    template = templates.get(tx, house.organization, coupon.template_id)
    assert template is not None
    return coupon, template


def _demand_open(tx: Tx, house: House, gift: Gift, taker: int, now: datetime) -> None:
    if gift.giver_id == taker:
        raise GiftRefused("You cannot give a coupon to yourself. Take it back instead.")
    if gift.state != "open" or gift.expires_at <= now:
        raise GiftRefused("This gift was accepted or taken back already, or its time is over.")
    if taker in gifts.hands(tx, house.organization, gift.coupon_id):
        raise GiftRefused("You had this coupon before, and gave it away.")


def _demand_unused(
    tx: Tx, house: House, coupon: Coupon, template: Template, now: datetime,
    *, is_offered: bool = False,
) -> None:  # fmt: skip
    used, reserved = taken_of(tx, house.organization, Held(coupon, template), now)
    stands = standing(coupon, template, now, used=used, reserved=reserved)
    fine = {Standing.USABLE, Standing.EARLY, *([Standing.GIVEN] if is_offered else [])}
    if used + reserved:
        stands, fine = Standing.RESERVED if reserved else Standing.REDEEMED, set()
    if stands not in fine:
        raise CouponUnusable(
            "Only a coupon that could be used now can be given away.",
            faults=[Fault("", f"it is {stands}", code=WHY[stands])],
        )
