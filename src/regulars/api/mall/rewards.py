"""Rewards over HTTP, for the operator: written, changed, with pictures and stock."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from regulars.api.callers import ByIn
from regulars.api.contract import ALWAYS, declared, demand, refused_with, respond, security
from regulars.api.mall.reading import RevisionIn, RewardIdIn, variant_number
from regulars.api.mall.shapes import (
    CategoriesAnswer,
    CategoryAnswer,
    RewardAnswer,
    RewardIn,
    RewardsAnswer,
    StockChangeAnswer,
    StockChangesAnswer,
    StockIn,
    reward_of,
    tell_reward,
)
from regulars.api.paging import Paged, write_cursor
from regulars.api.problems import UnsupportedMediaType
from regulars.api.reading import IdempotencyKey, body_of, raw_body
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    Fault,
    IdempotencyKeyReused,
    InvalidInput,
    Malformed,
    NoProgramInForce,
    StaleMark,
    TooLarge,
)
from regulars.domain.ids import VARIANT, decode, encode
from regulars.domain.mall.pictures import MAX_BYTES, MAX_PICTURES, Picture
from regulars.domain.mall.refusals import PictureRefused, RewardNotFound
from regulars.domain.names import outside
from regulars.domain.uses import refuse_personal
from regulars.services.mall import offering, restocking
from regulars.services.mall.offering import Offered
from regulars.storage.mall.rewards import Asked
from regulars.storage.mall.stock import StockChange

router = APIRouter(prefix="/v1/rewards", tags=["rewards"])

CREATED = 201
SORTS = "^(rank|points|-points|newest)$"
PLACE_SHIFT = 1 << 61
"""Makes every place in an order a number that a cursor can carry."""

PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
FOR_EVER = "private, max-age=31536000, immutable"

EXAMPLE = {
    "kind": "goods",
    "state": "active",
    "terms": {
        "name": {"en": "Coffee mug", "zh-CN": "咖啡杯"},
        "category": "kitchen",
        "currency": "stars",
        "ways": ["address", "pick_up"],
        "places": [{"code": "store-1", "name": {"en": "Main Street", "zh-CN": "主街店"}}],
        "per_member": {"most": 2, "per": "month"},
    },
    "variants": [{"sku": "MUG-W", "points": 800, "stock": 50}],
}


def money_of(served: Served) -> str:
    """The program's currency of money. Raises NoProgramInForce."""
    now = served.runtime.clock()
    with served.db.transaction(served.organization) as tx:
        return served.versions.read(tx).in_force(now).program.money


def _tell(served: Served, found: Offered, status: int = 200) -> Response:
    etag = {"etag": f'"{found.reward.revision}"'}
    return respond(tell_reward(found, money_of(served)), status, etag)


@router.get("", **declared(RewardsAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,)))
def list_rewards(
    served: ServedBy,
    page: Paged,
    *,
    state: Annotated[str | None, Query(max_length=20)] = None,
    kind: Annotated[str | None, Query(max_length=20)] = None,
    category: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str | None, Query(max_length=60, description="Part of a name or number")] = None,
    sort: Annotated[str, Query(pattern=SORTS)] = "rank",
) -> Response:
    """Rewards in every state, with what is left of each variant."""
    asked = Asked(
        state=state, kind=kind, category=category, words=q.lower() if q else None, sort=sort
    )
    found = offering.page(
        served.db, served.organization, asked,
        after=after_of(page), limit=page.limit + 1, now=served.runtime.clock(),
    )  # fmt: skip
    shown, last = page.cut(found)
    following = None if last is None else cursor_of(last[0], last[1].reward.id)
    money = money_of(served)
    items = [tell_reward(one, money) for _, one in shown]
    return page.respond(RewardsAnswer(items, following), following)


def after_of(page: Paged) -> tuple[int, int] | None:
    """Where a page of rewards begins."""
    start = page.start(tuple[int, int])
    return None if start is None else (start[0] - PLACE_SHIFT, start[1])


def cursor_of(place: int, number: int) -> str:
    """Where a page of rewards ends."""
    return write_cursor(place + PLACE_SHIFT, number)


@router.get("/categories", **declared(CategoriesAnswer, scope=Scope.OFFERS_READ))
def list_categories(served: ServedBy) -> Response:
    """The categories that rewards are in."""
    found = offering.categories(served.db, served.organization, None)
    return respond(CategoriesAnswer([CategoryAnswer(*one) for one in found]))


@router.post(
    "",
    **declared(
        RewardAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        body=RewardIn,
        example=EXAMPLE,
        refusals=(Malformed, TooLarge, NoProgramInForce),
    ),
)
def create_reward(
    served: ServedBy, by: ByIn, body: Annotated[RewardIn, Depends(body_of(RewardIn))]
) -> Response:
    """Add a reward. Members see it once it is active."""
    _refuse_other_money(served, body)
    if any(one.variant for one in body.variants):
        raise InvalidInput("The variants of a new reward are new.")
    reward = reward_of(body, 0, {})
    now = served.runtime.clock()
    return _tell(
        served, offering.create(served.db, served.versions, reward, by=by, now=now), CREATED
    )


@router.get(
    "/{reward}",
    **declared(RewardAnswer, scope=Scope.OFFERS_READ, refusals=(RewardNotFound, NoProgramInForce)),
)
def get_reward(served: ServedBy, reward: RewardIdIn) -> Response:
    """A reward. Its ETag stands for the revision; stock has none."""
    return _tell(
        served, offering.get(served.db, served.organization, reward, served.runtime.clock())
    )


@router.put(
    "/{reward}",
    **declared(
        RewardAnswer,
        scope=Scope.OFFERS_WRITE,
        body=RewardIn,
        example=EXAMPLE,
        refusals=(Malformed, TooLarge, RewardNotFound, StaleMark, NoProgramInForce),
    ),
)
def change_reward(
    served: ServedBy,
    by: ByIn,
    reward: RewardIdIn,
    mark: RevisionIn,
    body: Annotated[RewardIn, Depends(body_of(RewardIn))],
) -> Response:
    """Write a reward anew, with If-Match only if nobody else did meanwhile. Variants without an id
    are new; those left out are not offered any more. Stock stays as it is."""
    _refuse_other_money(served, body)
    named = [one.variant for one in body.variants if one.variant]
    numbers = {name: variant_number(name, "/variants") for name in named}
    if len(numbers) < len(named):
        raise InvalidInput("A variant is there twice.", faults=[Fault("/variants", "twice")])
    wanted = reward_of(body, reward, numbers)
    now = served.runtime.clock()
    return _tell(
        served, offering.change(served.db, served.versions, wanted, mark=mark, by=by, now=now)
    )


@router.post(
    "/{reward}/stock",
    **declared(
        StockChangeAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        body=StockIn,
        example={
            "variant": "var_2v9c3n5x7k1qd", "change": "add", "amount": 20, "reason": "Delivery 118",
        },
        refusals=(Malformed, TooLarge, RewardNotFound, IdempotencyKeyReused),
    ),
)  # fmt: skip
def change_stock(
    served: ServedBy,
    by: ByIn,
    reward: RewardIdIn,
    key: IdempotencyKey,
    body: Annotated[StockIn, Depends(body_of(StockIn))],
) -> Response:
    """Change how many pieces are left, with a reason. Who waits for them is told."""
    refuse_personal({"/reason": body.reason})
    now = served.runtime.clock()
    number = decode(VARIANT, body.variant) or 0
    found = offering.get(served.db, served.organization, reward, now).reward
    if found.variant(number) is None:
        raise RewardNotFound("The reward has no such variant.")
    done = restocking.change_stock(
        served.db,
        served.organization,
        number,
        change=body.change,
        amount=0 if body.change == "unlimited" else body.amount,
        reason=body.reason,
        key=f"{by.actor} {key}",
        by=by,
        now=now,
    )
    return respond(_change(done), CREATED)


@router.get(
    "/{reward}/stock",
    **declared(StockChangesAnswer, scope=Scope.OFFERS_READ, refusals=(RewardNotFound,)),
)
def list_stock_changes(served: ServedBy, reward: RewardIdIn, page: Paged) -> Response:
    """Every change of stock by hand, newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    found = offering.stock_history(
        served.db, served.organization, reward, before=before, limit=page.limit + 1
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    answer = StockChangesAnswer([_change(one) for one in shown], following)
    return page.respond(answer, following)


_pictured = declared(
    RewardAnswer,
    scope=Scope.OFFERS_WRITE,
    refusals=(
        Malformed, TooLarge, UnsupportedMediaType, PictureRefused, RewardNotFound, NoProgramInForce,
    ),
)  # fmt: skip
_pictured["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {
        name: {"schema": {"type": "string", "format": "binary"}} for name in sorted(PICTURE_TYPES)
    },
}
PlaceIn = Annotated[int, Path(ge=0, lt=MAX_PICTURES, description="0 is shown first")]


@router.put("/{reward}/pictures/{place}", **_pictured)
async def put_picture(
    request: Request, served: ServedBy, by: ByIn, reward: RewardIdIn, place: PlaceIn
) -> Response:
    """Send a picture as it is: PNG, JPEG or WebP of at most 400 kB. What it is, is seen by what is
    in it."""
    content = await raw_body(request, MAX_BYTES, PICTURE_TYPES)
    if not content:
        raise PictureRefused
    return await _put(served, by, reward, place, content)


@router.delete(
    "/{reward}/pictures/{place}",
    **declared(RewardAnswer, scope=Scope.OFFERS_WRITE, refusals=(RewardNotFound, NoProgramInForce)),
)
async def drop_picture(served: ServedBy, by: ByIn, reward: RewardIdIn, place: PlaceIn) -> Response:
    """Take a picture away. Safe to repeat."""
    return await _put(served, by, reward, place, b"")


async def _put(served: Served, by: ByIn, reward: int, place: int, content: bytes) -> Response:
    def work() -> Response:
        now = served.runtime.clock()
        return _tell(
            served,
            offering.put_picture(
                served.db, served.organization, reward, place, content=content, by=by, now=now
            ),
        )

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/{reward}/pictures/{digest}",
    dependencies=[Depends(demand(Scope.OFFERS_READ))],
    response_class=Response,
    openapi_extra={"security": security(Scope.OFFERS_READ)},
    responses={
        200: {
            "description": "The picture",
            "content": {name: {} for name in sorted(PICTURE_TYPES)},
        },
        **refused_with(*ALWAYS, RewardNotFound),
    },
)
def get_picture(served: ServedBy, reward: RewardIdIn, digest: str) -> Response:
    """A picture. Its address changes with what is in it, so that it may be kept."""
    return picture_answer(offering.picture(served.db, served.organization, reward, digest))


def picture_answer(found: Picture) -> Response:
    """A picture that browsers draw and do nothing else with."""
    headers = {"cache-control": FOR_EVER, "content-disposition": "inline"}
    return Response(found.content, headers=headers, media_type=found.media_type)


def _change(one: StockChange) -> StockChangeAnswer:
    return StockChangeAnswer(
        encode(VARIANT, one.variant_id), one.at, outside(one.by), one.change, one.amount,
        one.left_before, one.left_after, one.reason,
    )  # fmt: skip


def _refuse_other_money(served: Served, body: RewardIn) -> None:
    asked = {one.cash.currency for one in body.variants if one.cash}
    if asked - {money_of(served)}:
        raise InvalidInput(
            "Cash parts are in the program's currency.", faults=[Fault("/variants", "")]
        )
