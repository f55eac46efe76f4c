"""Coupons for shops that keep their own orders: validated, reserved, redeemed, rolled back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from regulars.domain.coupons import codes
from regulars.domain.coupons.offers import Held, ref_of
from regulars.domain.coupons.qualifying import Asked, Finding, Qualified, offers, qualify
from regulars.domain.coupons.refusals import CouponUnusable, UseNotFound
from regulars.domain.errors import Fault, IdempotencyKeyReused, InvalidInput, MemberNotFound
from regulars.domain.ids import MemberRef
from regulars.domain.limits.limits import Holding, Owner, take
from regulars.domain.limits.refusals import LimitReached, ReservationLost
from regulars.domain.members import Member, State
from regulars.domain.orders.carts import Cart
from regulars.domain.plans import Plan
from regulars.services.coupons.house import House, demand_free, seen
from regulars.storage import failed_tries, members
from regulars.storage.coupons import guessing, uses, wallet
from regulars.storage.coupons.uses import NewUse, Redeemed, Use
from regulars.storage.database import RACES, Tx
from regulars.storage.limits import quotas, reservations

LONGEST = timedelta(hours=24)
SHORTEST = timedelta(seconds=10)
_encode = msgspec.json.Encoder(order="deterministic").encode


class Outcome(msgspec.Struct, frozen=True):
    """What was answered when coupons were reserved or redeemed; minor units."""

    currency: str
    total: int
    discount: int
    payable: int
    findings: list[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a shop wants: `member` None only to validate. `seconds`: how long it is reserved; None:
    redeemed at once."""

    member: MemberRef | None
    cart: Cart
    reference: str = ""
    seconds: int | None = None

    @property
    def digest(self) -> str:
        """Tells this wish from any other under the same key."""
        return hashlib.blake2b(
            _encode([self.member, self.cart, self.reference, self.seconds]), digest_size=16
        ).hexdigest()


def validate(
    house: House, wish: Wish, *, with_others: bool, caller: str, now: datetime
) -> Qualified:
    """What the coupons would give, and why not; nothing is taken. Unknown codes are counted.

    Raises InvalidInput, MemberNotFound, TooManyRequests, NoProgramInForce.
    """
    organization = house.organization
    with house.db.transaction(organization) as tx:
        guessing.refuse(tx, organization, [guessing.by_caller(caller)], now)
        member = _stranger(now)
        if wish.member is not None:
            member = members.must_get(tx, organization, wish.member)
        plan = house.versions.read(tx).in_force(now)
        asked = _asked(tx, house, wish, member, with_others=with_others, now=now)
        view = seen(plan, member, now)
        limits = [
            limit
            for offer in offers(plan, member, view, asked, now).values()
            for limit in (*offer.limits, *offer.budgets)
        ]
        rooms = quotas.read(tx, organization, limits, now)
        found = qualify(plan, member, view, wish.cart, asked, rooms=rooms, at=now)
    _count(house, caller, found.findings, now)
    return found


def use(house: House, wish: Wish, *, caller: str, key: str, now: datetime) -> tuple[Use, bool]:
    """Reserve the coupons, or redeem them at once: all that were asked for or none. The use, and
    whether it was made before under this key.

    Raises InvalidInput, MemberNotFound, MemberFrozen, CouponUnusable, LimitReached,
    IdempotencyKeyReused, TooManyRequests, NoProgramInForce.
    """
    if not wish.cart.codes:
        raise InvalidInput("Name the codes.", faults=[Fault("/cart/codes", "needed")])

    def work(tx: Tx) -> tuple[Use, bool] | Qualified:
        return _use(tx, house, wish, caller=caller, key=key, now=now)

    done = house.db.retrying(house.organization, work, retry_on=RACES)
    if isinstance(done, Qualified):
        _count(house, caller, done.findings, now)
        raise _refused(done)
    return done


def _use(
    tx: Tx, house: House, wish: Wish, *, caller: str, key: str, now: datetime
) -> tuple[Use, bool] | Qualified:
    """The use; or, with nothing written, what kept it from being made."""
    organization = house.organization
    known = uses.asked_for(tx, organization, caller, key)
    if known is not None:
        if known.digest != wish.digest:
            raise IdempotencyKeyReused
        return known, True
    if wish.member is None:
        raise MemberNotFound("Say which member uses the coupons.")
    guessing.refuse(tx, organization, [guessing.by_caller(caller)], now)
    member = members.lock_living(tx, organization, wish.member)
    demand_free(member)
    plan = house.versions.read(tx).in_force(now)
    asked = _asked(tx, house, wish, member, with_others=False, now=now)
    view = seen(plan, member, now)
    wanted = [
        limit
        for one in offers(plan, member, view, asked, now).values()
        for limit in (*one.limits, *one.budgets)
    ]
    rooms = quotas.lock(tx, organization, wanted, now)
    found = qualify(plan, member, view, wish.cart, asked, rooms=rooms, at=now)
    if not all(one.is_used for one in found.findings):
        return found
    expires_at = None if wish.seconds is None else now + timedelta(seconds=wish.seconds)
    made = uses.put(
        tx,
        organization,
        NewUse(
            member_id=member.id,
            reference=wish.reference,
            cart=_encode(wish.cart).decode(),
            answer=_encode(_outcome(wish, found)).decode(),
            discount=found.discount,
            sales=found.payable,
            expires_at=expires_at,
            by=caller,
            key=key,
            digest=wish.digest,
        ),
        now,
    )
    parts = take(rooms, found.takes)
    holdings = [
        Holding(
            room=room, amount=amount, owner=Owner.COUPON_USE, owner_id=made.id,
            member_id=member.id, expires_at=expires_at, by=caller,
        )
        for room, amount in parts
    ]  # fmt: skip
    reservations.hold(tx, organization, holdings, now)
    if expires_at is None:
        _record(tx, house, made, now)
    return made, False


def redeem(house: House, number: int, now: datetime) -> tuple[Use, bool]:
    """Use for good what is reserved. Safe to repeat; whether it was done before.

    Raises UseNotFound; ReservationLost when its time is over or it was rolled back.
    """
    organization = house.organization

    def work(tx: Tx) -> tuple[Use, bool]:
        found = uses.lock(tx, organization, number)
        if found is None:
            raise UseNotFound
        if found.rolled_back_at is not None:
            raise ReservationLost("This use was rolled back. Reserve the coupons again.")
        if found.redeemed_at is not None:
            return found, True
        if found.expires_at is not None and found.expires_at <= now:
            raise ReservationLost
        reservations.capture(tx, organization, [(Owner.COUPON_USE, number)], now)
        _record(tx, house, found, now)
        return uses.redeem(tx, organization, number, now), False

    return house.db.retrying(organization, work)


def roll_back(house: House, number: int, *, why: str, now: datetime) -> tuple[Use, bool]:
    """Let a use never have been: what was reserved or redeemed can be used again. Safe to repeat;
    whether it was done before. Raises UseNotFound."""
    organization = house.organization

    def work(tx: Tx) -> tuple[Use, bool]:
        found = uses.lock(tx, organization, number)
        if found is None:
            raise UseNotFound
        if found.rolled_back_at is not None:
            return found, True
        owners = [(Owner.COUPON_USE, number)]
        if found.redeemed_at is None:
            reservations.release(tx, organization, owners, now)
        else:
            reservations.restore(tx, organization, owners, now)
            uses.take_back(tx, organization, Owner.COUPON_USE, number, now)
        return uses.roll_back(tx, organization, number, why=why, now=now), False

    return house.db.retrying(organization, work)


def outcome_of(one: Use) -> Outcome:
    """What was answered when the use was made."""
    return msgspec.json.decode(one.answer, type=Outcome)


def _outcome(wish: Wish, found: Qualified) -> Outcome:
    return Outcome(
        wish.cart.currency, found.total, found.discount, found.payable, list(found.findings)
    )


def _record(tx: Tx, house: House, one: Use, now: datetime) -> None:
    """What each coupon gave; the sales are told of each, for each brought the order about."""
    organization = house.organization
    findings = outcome_of(one).findings
    held = wallet.wallets(tx, organization, [], [each.code for each in findings], now).by_code
    rows = [
        Redeemed(
            owner=Owner.COUPON_USE,
            owner_id=one.id,
            template_id=held[each.code].template.id,
            coupon_id=held[each.code].coupon.id or None,
            member_id=one.member_id,
            discount=each.discount,
            sales=one.sales,
        )
        for each in findings
        if each.code in held
    ]
    uses.record(tx, organization, rows, now)


def _asked(
    tx: Tx, house: House, wish: Wish, member: Member, *, with_others: bool, now: datetime
) -> Asked:
    normal = [codes.normal(code) for code in wish.cart.codes]
    if len(set(normal)) < len(normal):
        raise InvalidInput(
            "A coupon is named twice.", faults=[Fault("/cart/codes", "contains a code twice")]
        )
    own = [member.id] if with_others and member.id else []
    found = wallet.wallets(tx, house.organization, own, wish.cart.codes, now)
    unknown = {
        code: "unknown" if codes.is_well_formed(codes.normal(code)) else "mistyped"
        for code in wish.cart.codes
        if code not in found.by_code
    }
    named = {ref_of(held) for held in found.by_code.values()}
    others: list[Held] = [held for held in found.of.get(member.id, []) if ref_of(held) not in named]
    return Asked(by_code=found.by_code, unknown=unknown, others=others)


def _stranger(now: datetime) -> Member:
    """Somebody who has told no card yet."""
    return Member(0, now, State())


def _count(house: House, caller: str, findings: Sequence[Finding], now: datetime) -> None:
    """Codes that name no coupon are counted; one that does makes the caller's others good."""
    organization, who = house.organization, guessing.by_caller(caller)
    if any(one.why == "unknown" for one in findings):
        with house.db.transaction(organization) as tx:
            failed_tries.begin_try(tx, organization, [who], now)
    elif any(one.is_used for one in findings):
        with house.db.transaction(organization) as tx:
            failed_tries.succeed(tx, organization, who)


def _refused(found: Qualified) -> CouponUnusable | LimitReached:
    """All that stands in the way, code by code; the codes themselves are not repeated."""
    faults = [
        Fault(f"/cart/codes/{place}", f"not usable: {one.why}", code=one.why)
        for place, one in enumerate(found.findings)
        if not one.is_used
    ]
    if all(fault.code == "limit" for fault in faults):
        return LimitReached("A coupon is used up or reserved by somebody. Nothing was taken.",
                            faults=faults)  # fmt: skip
    return CouponUnusable(faults=faults)


def plan_of(house: House, now: datetime) -> Plan:
    """The program in force. Raises NoProgramInForce."""
    with house.db.transaction(house.organization) as tx:
        return house.versions.read(tx).in_force(now)
