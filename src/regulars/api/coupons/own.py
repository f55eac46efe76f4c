"""A member's own coupons: the wallet, the claim centre, typed codes, gifts to friends."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.contract import declared, respond
from regulars.api.coupons.reading import (
    CouponNumber,
    TemplateNumber,
    house_of,
    program_of,
)
from regulars.api.coupons.shapes import (
    CouponAnswer,
    InWords,
    ShownCouponAnswer,
    in_words,
    tell_coupon,
    tell_shown,
)
from regulars.api.me import member_of, signed_in_member
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.coupons import codes
from regulars.domain.coupons.reasons import reason_words
from regulars.domain.coupons.refusals import (
    CodeMistyped,
    CouponNotFound,
    CouponStateWrong,
    CouponTaken,
    CouponUnusable,
    GiftRefused,
    NotClaimable,
    TemplateNotFound,
)
from regulars.domain.coupons.words import name_of
from regulars.domain.errors import CrossSite, Malformed, NoProgramInForce, TooLarge
from regulars.domain.ids import TEMPLATE, encode
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.merging.refusals import MemberFrozen
from regulars.services.coupons import claiming, giving, looking
from regulars.services.coupons.claiming import Claimable

router = APIRouter(prefix="/v1/me", tags=["me"])

CREATED = 201


class CouponWalletAnswer(Struct, frozen=True):
    """All of a member's coupons, newest first."""

    items: list[CouponAnswer]


class CouponCodeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A code as it was typed or scanned."""

    code: Annotated[str, Meta(min_length=1, max_length=codes.MAX_TYPED)]


class ClaimableCouponAnswer(Struct, frozen=True):
    """A coupon that the member may take. `left`: of all, null without end; `mine`: how many more
    this member may take. `why`: the code of the reason why not now, and `detail` in words."""

    template: str
    name: str
    words: InWords
    opens_at: Instant | None
    closes_at: Instant | None
    total: int | None
    left: int | None
    mine: int
    why: str
    detail: str


class ClaimCentreAnswer(Struct, frozen=True):
    """What the claim centre shows this member, newest first."""

    items: list[ClaimableCouponAnswer]


class CouponGiftAnswer(Struct, frozen=True):
    """A coupon that is offered to a friend: whoever types the code first, or opens the link that
    holds it, has it. Until `expires_at` it can be taken back."""

    code: str
    link: str
    expires_at: Instant


@router.get(
    "/coupons", **declared(CouponWalletAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,))
)
def list_my_coupons(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """The member's coupons, as they stand now."""
    now = served.runtime.clock()
    found = looking.of_member(house_of(served), member_of(access), now)
    program = program_of(served)
    return respond(CouponWalletAnswer([tell_coupon(one, program, language) for one in found]))


@router.get(
    "/coupons/{coupon}",
    **declared(
        ShownCouponAnswer, scope=Scope.SELF_READ, refusals=(CouponNotFound, NoProgramInForce)
    ),
)
def get_my_coupon(
    served: ServedBy, access: AccessBy, number: CouponNumber, language: Language
) -> Response:
    """One coupon, to be shown at a till. Only for the member in person."""
    return _shown(served, number, signed_in_member(access), language)


@router.post(
    "/coupons",
    **declared(
        ShownCouponAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        again=200,
        body=CouponCodeIn,
        example={"code": "SPRING-7K2M-QX4T-9WBN"},
        refusals=(
            Malformed, TooLarge, CrossSite, CodeMistyped, CouponNotFound, CouponTaken,
            CouponUnusable, NotClaimable, GiftRefused, LimitReached, MemberFrozen,
            NoProgramInForce,
        ),
    ),
)  # fmt: skip
async def take_coupon_by_code(
    served: ServedBy,
    access: AccessBy,
    language: Language,
    body: Annotated[CouponCodeIn, Depends(body_of(CouponCodeIn))],
) -> Response:
    """Take the coupon that a code stands for: one from a flyer, a word for all, or a friend's gift.
    Only for the member in person; too many wrong codes make them wait."""
    member_id = signed_in_member(access)

    def work() -> Response:
        house, now = house_of(served), served.runtime.clock()
        is_gift = codes.normal(body.code).startswith(codes.GIFT_PREFIX)
        if is_gift and codes.is_drawn(codes.normal(body.code)):
            accepted = giving.accept(house, body.code, member_id, now)
            number, is_repeat = accepted.held.coupon.id, accepted.is_repeat
        else:
            taken = claiming.enter(house, body.code, member_id, now=now)
            number, is_repeat = taken.held.coupon.id, taken.is_repeat
        return _shown(served, number, member_id, language, 200 if is_repeat else CREATED)

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/claimable", **declared(ClaimCentreAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,))
)
def list_claimable_coupons(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """What the member may take for themselves, now or soon."""
    program = program_of(served)

    def tell(one: Claimable) -> ClaimableCouponAnswer:
        terms = one.template.terms
        claim = terms.claim
        return ClaimableCouponAnswer(
            encode(TEMPLATE, one.template.id),
            name_of(one.template.name, language),
            in_words(terms, program, language),
            None if claim is None else claim.opens_at,
            None if claim is None else claim.closes_at,
            None if claim is None else claim.total,
            one.left,
            one.mine,
            one.why_not,
            reason_words(one.why_not, language),
        )

    found = claiming.claimable(house_of(served), member_of(access), served.runtime.clock())
    return respond(ClaimCentreAnswer([tell(one) for one in found]))


@router.post(
    "/claimable/{template}",
    **declared(
        ShownCouponAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        again=200,
        refusals=(
            CrossSite, TemplateNotFound, NotClaimable, LimitReached, MemberFrozen,
            NoProgramInForce,
        ),
    ),
)  # fmt: skip
def claim_coupon(
    served: ServedBy,
    access: AccessBy,
    key: IdempotencyKey,
    number: TemplateNumber,
    language: Language,
) -> Response:
    """Take a coupon out of the claim centre. Only for the member in person."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    taken = claiming.claim(house_of(served), number, member_id, key=key, now=now)
    status = 200 if taken.is_repeat else CREATED
    return _shown(served, taken.held.coupon.id, member_id, language, status)


@router.post(
    "/coupons/{coupon}/gift",
    **declared(
        CouponGiftAnswer,
        scope=Scope.SELF_WRITE,
        refusals=(CrossSite, CouponNotFound, CouponUnusable, GiftRefused, MemberFrozen),
    ),
)
def offer_my_coupon(served: ServedBy, access: AccessBy, number: CouponNumber) -> Response:
    """Offer a coupon to a friend, who takes it by the code. Until then it cannot be used. The open
    offer, where there is one. Only for the member in person."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    gift = giving.offer(house_of(served), number, member_id, now)
    printed = codes.grouped(gift.code)
    link = f"{served.runtime.settings.public_url}/my/wallet/claim?code={printed}"
    return respond(CouponGiftAnswer(printed, link, gift.expires_at))


@router.delete(
    "/coupons/{coupon}/gift",
    **declared(
        ShownCouponAnswer,
        scope=Scope.SELF_WRITE,
        refusals=(CrossSite, CouponNotFound, CouponStateWrong, NoProgramInForce),
    ),
)
def take_my_gift_back(
    served: ServedBy, access: AccessBy, number: CouponNumber, language: Language
) -> Response:
    """Take back what no friend has accepted yet. Safe to repeat. Only for the member in person."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    giving.take_back(house_of(served), number, member_id, now)
    return _shown(served, number, member_id, language)


def _shown(
    served: Served, number: int, member_id: int, language: str, status: int = 200
) -> Response:
    story = looking.own(house_of(served), number, member_id, served.runtime.clock())
    return respond(tell_shown(story.seen, program_of(served), language), status)
