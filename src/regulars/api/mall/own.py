"""The mall over HTTP, for the member in person."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated

import anyio.to_thread
import msgspec
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from regulars.api.callers import ByIn
from regulars.api.contract import ALWAYS, declared, demand, refused_with, respond, security
from regulars.api.mall.reading import (
    RedemptionIdIn,
    RewardIdIn,
    VariantIdIn,
    counter_of,
    variant_number,
)
from regulars.api.mall.rewards import (
    PICTURE_TYPES,
    SORTS,
    after_of,
    cursor_of,
    money_of,
    picture_answer,
)
from regulars.api.mall.shapes import (
    CategoriesAnswer,
    CategoryAnswer,
    OwnRewardAnswer,
    OwnRewardsAnswer,
    RedemptionAnswer,
    RedemptionsAnswer,
    tell_own_reward,
    tell_redemption,
)
from regulars.api.me import signed_in_member
from regulars.api.operations import REPLAYED
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    IdempotencyKeyReused,
    InsufficientPoints,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    Overloaded,
    TooLarge,
)
from regulars.domain.ids import VARIANT, encode
from regulars.domain.limits.refusals import LimitReached
from regulars.domain.mall.fulfilment import Delivery
from regulars.domain.mall.refusals import (
    RedemptionNotFound,
    RedemptionStateWrong,
    RewardNotFound,
    RewardUnavailable,
    SoldOut,
)
from regulars.domain.mall.rewards import MAX_QUANTITY, RewardState, Way
from regulars.domain.mall.wishes import Wish
from regulars.domain.merging.refusals import MemberFrozen
from regulars.services.mall import offering, settling, showing
from regulars.storage.mall.rewards import Asked

router = APIRouter(prefix="/v1/me", tags=["me"])

CREATED = 201
REDEEMING = (
    Malformed, TooLarge, MemberNotFound, NoProgramInForce, IdempotencyKeyReused, RewardUnavailable,
    InsufficientPoints, NotAllowed, MemberFrozen, LimitReached, SoldOut, Overloaded,
)  # fmt: skip
"""What may be answered to who wants something."""


class RedeemIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which variant, how many, and how it gets there."""

    variant: str
    quantity: Annotated[int, Meta(ge=1, le=MAX_QUANTITY)] = 1
    way: Way = Way.NONE
    place: Annotated[str, Meta(max_length=60)] = ""
    delivery: Delivery | None = None


class WaitAnswer(Struct, frozen=True):
    """Whether the member waits for stock."""

    variant: str
    waits: bool


@router.get(
    "/rewards",
    **declared(OwnRewardsAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,)),
)
def list_my_rewards(
    served: ServedBy,
    access: AccessBy,
    page: Paged,
    language: Language,
    *,
    category: Annotated[str | None, Query(max_length=60)] = None,
    kind: Annotated[str | None, Query(max_length=20)] = None,
    q: Annotated[str | None, Query(max_length=60, description="Part of a name")] = None,
    most_points: Annotated[int | None, Query(ge=0, le=10**15)] = None,
    sort: Annotated[str, Query(pattern=SORTS)] = "rank",
) -> Response:
    """What is offered in the mall, and of each why the member cannot have it, if so."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    asked = Asked(
        state=RewardState.ACTIVE.value, category=category, kind=kind, at=now, sort=sort,
        words=q.lower() if q else None, most_points=most_points,
    )  # fmt: skip
    found = showing.page(
        served.db, served.versions, member_id, asked,
        after=after_of(page), limit=page.limit + 1, now=now,
    )  # fmt: skip
    shown, last = page.cut(found)
    following = None if last is None else cursor_of(last[0], last[1].reward.id)
    money = money_of(served)
    items = [tell_own_reward(one, money, language) for _, one in shown]
    return page.respond(OwnRewardsAnswer(items, following), following)


@router.get("/rewards/categories", **declared(CategoriesAnswer, scope=Scope.SELF_READ))
def list_my_categories(served: ServedBy, access: AccessBy) -> Response:
    """The categories of what is offered."""
    signed_in_member(access)
    found = offering.categories(served.db, served.organization, RewardState.ACTIVE.value)
    return respond(CategoriesAnswer([CategoryAnswer(*one) for one in found]))


@router.get(
    "/rewards/{reward}",
    **declared(OwnRewardAnswer, scope=Scope.SELF_READ, refusals=(RewardNotFound, NoProgramInForce)),
)
def get_my_reward(
    served: ServedBy, access: AccessBy, reward: RewardIdIn, language: Language
) -> Response:
    """One reward."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    found = showing.get(served.db, served.versions, member_id, reward, now)
    return respond(tell_own_reward(found, money_of(served), language))


@router.get(
    "/rewards/{reward}/pictures/{digest}",
    dependencies=[Depends(demand(Scope.SELF_READ))],
    response_class=Response,
    openapi_extra={"security": security(Scope.SELF_READ)},
    responses={
        200: {
            "description": "The picture",
            "content": {name: {} for name in sorted(PICTURE_TYPES)},
        },
        **refused_with(*ALWAYS, RewardNotFound),
    },
)
def get_my_picture(served: ServedBy, reward: RewardIdIn, digest: str) -> Response:
    """A picture of a reward."""
    return picture_answer(offering.picture(served.db, served.organization, reward, digest))


@router.put(
    "/variants/{variant}/wait",
    **declared(WaitAnswer, scope=Scope.SELF_WRITE, refusals=(RewardNotFound,)),
)
def wait_for_variant(served: ServedBy, access: AccessBy, variant: VariantIdIn) -> Response:
    """Hear of it when there is stock again, in the order in which members came. Safe to repeat."""
    return _wait(served, access, variant, is_on=True)


@router.delete(
    "/variants/{variant}/wait",
    **declared(WaitAnswer, scope=Scope.SELF_WRITE, refusals=(RewardNotFound,)),
)
def wait_no_longer(served: ServedBy, access: AccessBy, variant: VariantIdIn) -> Response:
    """Wait no longer. Safe to repeat."""
    return _wait(served, access, variant, is_on=False)


@router.post(
    "/redemptions",
    **declared(
        RedemptionAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        body=RedeemIn,
        example={"variant": "var_2v9c3n5x7k1qd", "way": "pick_up", "place": "store-1"},
        refusals=REDEEMING,
    ),
)
async def redeem_reward(
    served: ServedBy,
    access: AccessBy,
    key: IdempotencyKey,
    language: Language,
    body: Annotated[RedeemIn, Depends(body_of(RedeemIn))],
) -> Response:
    """Redeem a reward: points, stock and limits are taken together or not at all. With a cash part
    they are held until the shop reports the payment, or the time is over."""
    return await redeem(served, access, key, language, body, sale_id=None)


@router.get("/redemptions", **declared(RedemptionsAnswer, scope=Scope.SELF_READ))
def list_my_redemptions(
    served: ServedBy, access: AccessBy, page: Paged, language: Language
) -> Response:
    """What the member took out of the mall, newest first."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    (before,) = page.start(tuple[int]) or (None,)
    found = showing.own(
        served.db, served.organization, member_id, before=before, limit=page.limit + 1, now=now
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.redemption.id)
    items = [tell_redemption(one, language, now, is_own=True) for one in shown]
    return page.respond(RedemptionsAnswer(items, following), following)


@router.get(
    "/redemptions/{redemption}",
    **declared(RedemptionAnswer, scope=Scope.SELF_READ, refusals=(RedemptionNotFound,)),
)
def get_my_redemption(
    served: ServedBy, access: AccessBy, redemption: RedemptionIdIn, language: Language
) -> Response:
    """One of them, with what became of it."""
    return _tell(served, signed_in_member(access), redemption, language)


@router.post(
    "/redemptions/{redemption}/cancellation",
    **declared(
        RedemptionAnswer,
        scope=Scope.SELF_WRITE,
        refusals=(RedemptionNotFound, RedemptionStateWrong),
    ),
)
async def cancel_my_redemption(
    served: ServedBy, access: AccessBy, by: ByIn, redemption: RedemptionIdIn, language: Language
) -> Response:
    """Call it off, until it is packed: the points come back. Safe to repeat."""
    member_id = signed_in_member(access)

    def work() -> Response:
        done = settling.cancel(
            counter_of(served), redemption, reason="", by=by, now=served.runtime.clock(),
            member_id=member_id,
        )  # fmt: skip
        served.mall.look_again(done.sale_id)
        return _tell(served, member_id, redemption, language)

    return await anyio.to_thread.run_sync(work)


async def redeem(
    served: Served, access: AccessBy, key: str, language: str, body: RedeemIn, *,
    sale_id: int | None,
) -> Response:  # fmt: skip
    """Hand a member's wish in, and tell what became of it. Raises RegularsErrors."""
    member_id = signed_in_member(access)
    wish = wish_of(member_id, key, body, sale_id=sale_id, by=access.actor)
    taken = await served.mall.submit(wish)
    number = taken.redemption.id

    def work() -> Response:
        now: datetime = served.runtime.clock()
        told = showing.one(served.db, served.organization, number)
        headers = {REPLAYED: "true"} if taken.is_repeat else None
        return respond(tell_redemption(told, language, now, is_own=True), CREATED, headers)

    return await anyio.to_thread.run_sync(work)


def wish_of(member_id: int, key: str, body: RedeemIn, *, sale_id: int | None, by: str) -> Wish:
    """What a member asks for. The digest tells a repeat from another request."""
    said = msgspec.json.encode((sale_id, body), order="deterministic")
    return Wish(
        member_id=member_id,
        variant_id=variant_number(body.variant),
        sale_id=sale_id,
        quantity=body.quantity,
        way=body.way,
        place=body.place,
        delivery=body.delivery,
        key=key,
        digest=sha256(said).hexdigest(),
        by=by,
    )


def _tell(served: Served, member_id: int, number: int, language: str) -> Response:
    found = showing.one(served.db, served.organization, number, member_id=member_id)
    return respond(tell_redemption(found, language, served.runtime.clock(), is_own=True))


def _wait(served: Served, access: AccessBy, variant: int, *, is_on: bool) -> Response:
    member_id, now = signed_in_member(access), served.runtime.clock()
    showing.wait_for(served.db, served.organization, member_id, variant, is_on=is_on, now=now)
    return respond(WaitAnswer(encode(VARIANT, variant), is_on))
