"""Coupons for shops that keep their own orders: validate, reserve, redeem, roll back."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.coupons.reading import house_of, use_number
from regulars.api.reading import IdempotencyKey, Language, body_of, named
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Access, Scope
from regulars.domain.coupons.qualifying import Finding
from regulars.domain.coupons.reasons import reason_words
from regulars.domain.coupons.refusals import CouponUnusable, UseNotFound
from regulars.domain.errors import (
    CrossSite,
    Fault,
    IdempotencyKeyReused,
    InvalidInput,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.events import Word
from regulars.domain.ids import COUPON_USE, MEMBER, encode
from regulars.domain.limits.refusals import LimitReached, ReservationLost
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.orders.carts import Cart
from regulars.services.coupons import using
from regulars.services.coupons.using import Wish
from regulars.storage.coupons.uses import Use

router = APIRouter(prefix="/v1", tags=["coupons"])

CREATED = 201
REPLAYED = {"idempotent-replayed": "true"}
CART = {
    "currency": "CNY",
    "lines": [{"sku": "TEA-01", "category": "tea", "amount": 6800}],
    "codes": ["SPRING"],
}
ACTING = (
    Malformed, TooLarge, CrossSite, MemberNotFound, MemberFrozen, CouponUnusable, LimitReached,
    IdempotencyKeyReused, NoProgramInForce,
)  # fmt: skip

Reference = Annotated[str, Meta(max_length=200, description="The shop's own, such as an order's")]


class CouponValidateIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A cart with the codes that are asked for. Without a member, what is for some members only is
    not told to apply. `with_wallet`: tell of the member's other coupons too."""

    cart: Cart
    member: Word | None = None
    with_wallet: bool = False


class CouponReserveIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cart with codes, for this member. `seconds`: how long they are reserved."""

    member: Word
    cart: Cart
    reference: Reference = ""
    seconds: Annotated[int, Meta(ge=10, le=86_400)] = 900


class CouponRedeemIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was reserved (`use`); or a cart with codes and the member, redeemed at once."""

    use: Word | None = None
    member: Word | None = None
    cart: Cart | None = None
    reference: Reference = ""


class CouponRollBackIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The use that shall never have been, and why."""

    use: Word
    reason: Annotated[str, Meta(max_length=200)] = ""


class CouponFinding(Struct, frozen=True):
    """What one code gives; minor units. `alone`: what it would take off by itself. `why`: the code
    of the reason why it is not used, and `detail` in words."""

    code: str
    coupon: str | None
    is_used: bool
    discount: int
    alone: int
    why: str
    detail: str
    params: dict[str, str | int]


class CouponValidationAnswer(Struct, frozen=True):
    """What coupons would give for a cart; minor units. `wallet`: the member's other coupons, each
    by itself."""

    currency: str
    total: int
    discount: int
    payable: int
    coupons: list[CouponFinding]
    wallet: list[CouponFinding]


class CouponUseAnswer(Struct, frozen=True):
    """A use of coupons. `state`: reserved, until `expires_at`; redeemed; rolled_back."""

    use: str
    member: str
    state: str
    reference: str
    currency: str
    total: int
    discount: int
    payable: int
    coupons: list[CouponFinding]
    reserved_at: Instant
    expires_at: Instant | None
    redeemed_at: Instant | None
    rolled_back_at: Instant | None


@router.post(
    "/coupons:validate",
    **declared(
        CouponValidationAnswer,
        scope=Scope.ORDERS_WRITE,
        body=CouponValidateIn,
        example={"member": "card:4711", "cart": CART},
        refusals=(Malformed, TooLarge, CrossSite, MemberNotFound, NoProgramInForce),
    ),
)
async def validate_coupons(
    served: ServedBy,
    access: AccessBy,
    language: Language,
    body: Annotated[CouponValidateIn, Depends(body_of(CouponValidateIn))],
) -> Response:
    """What the coupons of a cart would give together, and of each that gives nothing, why. Nothing
    is taken."""

    def work() -> Response:
        ref = None if body.member is None else named(served, access, body.member, "/member")
        found = using.validate(
            house_of(served), Wish(member=ref, cart=body.cart), with_others=body.with_wallet,
            caller=access.actor, now=served.runtime.clock(),
        )  # fmt: skip
        return respond(
            CouponValidationAnswer(
                body.cart.currency,
                found.total,
                found.discount,
                found.payable,
                [_finding(one, language) for one in found.findings],
                [_finding(one, language) for one in found.others],
            )
        )

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/coupons:reserve",
    **declared(
        CouponUseAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        body=CouponReserveIn,
        example={"member": "card:4711", "cart": CART, "reference": "order-881", "seconds": 900},
        refusals=ACTING,
    ),
)
async def reserve_coupons(
    *,
    served: ServedBy,
    access: AccessBy,
    key: IdempotencyKey,
    language: Language,
    body: Annotated[CouponReserveIn, Depends(body_of(CouponReserveIn))],
) -> Response:
    """Reserve the coupons for this order while it is paid: all that were asked for, or none."""

    def work() -> Response:
        ref = named(served, access, body.member, "/member")
        wish = Wish(member=ref, cart=body.cart, reference=body.reference, seconds=body.seconds)
        return _use(served, access, wish, key, language)

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/coupons:redeem",
    **declared(
        CouponUseAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        again=200,
        body=CouponRedeemIn,
        example={"use": "cpu_2v9c3n5x7k1qd"},
        refusals=(*ACTING, UseNotFound, ReservationLost),
    ),
)
async def redeem_coupons(
    *,
    served: ServedBy,
    access: AccessBy,
    key: IdempotencyKey,
    language: Language,
    body: Annotated[CouponRedeemIn, Depends(body_of(CouponRedeemIn))],
) -> Response:
    """Use for good what was reserved; or, with a cart and a member, at once. A discount that cannot
    be had is refused: nothing is redeemed at another price."""
    if (body.use is None) is (body.cart is None or body.member is None):
        raise InvalidInput(
            "Give either the use that was reserved, or a cart with its member.",
            faults=[Fault("/use", "give this, or cart and member")],
        )

    def work() -> Response:
        if body.use is not None:
            now = served.runtime.clock()
            done, is_repeat = using.redeem(house_of(served), use_number(body.use), now)
            return respond(_tell(done, language), 200, REPLAYED if is_repeat else None)
        assert body.cart is not None
        ref = named(served, access, body.member or "", "/member")
        wish = Wish(member=ref, cart=body.cart, reference=body.reference)
        return _use(served, access, wish, key, language)

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/coupons:rollback",
    **declared(
        CouponUseAnswer,
        scope=Scope.ORDERS_WRITE,
        body=CouponRollBackIn,
        example={"use": "cpu_2v9c3n5x7k1qd", "reason": "The payment failed"},
        refusals=(Malformed, TooLarge, CrossSite, UseNotFound),
    ),
)
async def roll_back_coupons(
    served: ServedBy,
    language: Language,
    body: Annotated[CouponRollBackIn, Depends(body_of(CouponRollBackIn))],
) -> Response:
    """Let a use never have been: its coupons can be used again. Safe to repeat."""

    def work() -> Response:
        done, is_repeat = using.roll_back(
            house_of(served), use_number(body.use), why=body.reason, now=served.runtime.clock()
        )
        return respond(_tell(done, language), 200, REPLAYED if is_repeat else None)

    return await anyio.to_thread.run_sync(work)


def _use(served: Served, access: Access, wish: Wish, key: str, language: str) -> Response:
    done, is_repeat = using.use(
        house_of(served), wish, caller=access.actor, key=key, now=served.runtime.clock()
    )
    return respond(_tell(done, language), CREATED, REPLAYED if is_repeat else None)


def _finding(one: Finding, language: str) -> CouponFinding:
    _, _, ref = one.ref.partition(":")
    return CouponFinding(
        one.code,
        ref or None,
        one.is_used,
        one.discount,
        one.alone,
        one.why,
        reason_words(one.why, language),
        one.params,
    )


def _tell(one: Use, language: str) -> CouponUseAnswer:
    said = using.outcome_of(one)
    state = "reserved" if one.redeemed_at is None else "redeemed"
    return CouponUseAnswer(
        use=encode(COUPON_USE, one.id),
        member=encode(MEMBER, one.member_id),
        state="rolled_back" if one.rolled_back_at is not None else state,
        reference=one.reference,
        currency=said.currency,
        total=said.total,
        discount=said.discount,
        payable=said.payable,
        coupons=[_finding(each, language) for each in said.findings],
        reserved_at=one.reserved_at,
        expires_at=one.expires_at,
        redeemed_at=one.redeemed_at,
        rolled_back_at=one.rolled_back_at,
    )
