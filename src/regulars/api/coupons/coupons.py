"""Single coupons over HTTP: given to members, found, looked at with their history, revoked."""

from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec import Meta, Struct

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.coupons.reading import TemplateNumber, house_of, program_of
from regulars.api.coupons.shapes import (
    CouponAnswer,
    CouponsAnswer,
    CouponStep,
    CouponStoryAnswer,
    Reason,
    tell_coupon,
)
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import IdempotencyKey, Language, RefIn, body_of, named
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.coupons import codes
from regulars.domain.coupons.reasons import reason_words
from regulars.domain.coupons.refusals import (
    CodeMistyped,
    CouponNotFound,
    CouponStateWrong,
    TemplateNotFound,
    TemplateStateWrong,
)
from regulars.domain.errors import (
    CrossSite,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.events import Word
from regulars.domain.ids import COUPON, COUPON_BATCH, MEMBER, TEMPLATE, decode, encode
from regulars.domain.names import outside
from regulars.services.coupons import issuing, looking
from regulars.services.coupons.looking import Seen, Story

router = APIRouter(prefix="/v1", tags=["coupons"])

CREATED = 201


class CouponGiveIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The members who get one each, by their references."""

    members: Annotated[list[Word], Meta(min_length=1, max_length=issuing.MOST_NAMED)]


class GivenCoupon(Struct, frozen=True):
    """What became of one member: the coupon's id and code, or why there is none. `is_repeat`: it
    was given before under this key."""

    member: str
    coupon: str | None
    code: str | None
    why: str
    detail: str
    is_repeat: bool


class GivenCouponsAnswer(Struct, frozen=True):
    """What became of each member that was named."""

    items: list[GivenCoupon]


class CouponMoveIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The coupons, the state to bring them into, and why."""

    coupons: Annotated[list[Word], Meta(min_length=1, max_length=looking.MOST_AT_ONCE)]
    state: Literal["active", "frozen", "revoked"]
    reason: Reason


class MovedCouponsAnswer(Struct, frozen=True):
    """The coupons as they stand now."""

    items: list[CouponAnswer]


@router.post(
    "/coupon-templates/{template}/coupons",
    **declared(
        GivenCouponsAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        body=CouponGiveIn,
        example={"members": ["card:4711"]},
        refusals=(
            Malformed, TooLarge, CrossSite, TemplateNotFound, TemplateStateWrong, NoProgramInForce,
        ),
    ),
)  # fmt: skip
async def give_coupons(
    *,
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
    number: TemplateNumber,
    body: Annotated[CouponGiveIn, Depends(body_of(CouponGiveIn))],
) -> Response:
    """Give each of these members a coupon. Those for whom it is not are told so, and the others get
    theirs."""

    def work() -> Response:
        refs = [
            named(served, access, text, f"/members/{place}")
            for place, text in enumerate(body.members)
        ]
        now = served.runtime.clock()
        given = issuing.give(house_of(served), number, refs, key=key, by=by, now=now)
        items = [
            GivenCoupon(
                encode(MEMBER, one.member_id),
                None if one.coupon is None else encode(COUPON, one.coupon.id),
                None if one.coupon is None else codes.grouped(one.coupon.code),
                one.why_not,
                reason_words(one.why_not, language) if one.why_not else "",
                one.is_repeat,
            )
            for one in given
        ]
        return respond(GivenCouponsAnswer(items), CREATED)

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/coupons", **declared(CouponsAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,))
)
def list_coupons(
    *,
    served: ServedBy,
    language: Language,
    page: Paged,
    template: Annotated[str | None, Query(description="Of this template (ctp_…)")] = None,
    batch: Annotated[str | None, Query(description="Of this batch (cpb_…)")] = None,
    code: Annotated[
        str, Query(max_length=codes.MAX_TYPED, description="Whose code begins so")
    ] = "",
    state: Annotated[
        Literal["active", "frozen", "revoked"] | None, Query(description="Only these")
    ] = None,
) -> Response:
    """Coupons, newest first."""
    wanted: dict[str, object] = {"state": state, "code": codes.normal(code)}
    if template is not None:
        wanted["template"] = decode(TEMPLATE, template) or 0
    if batch is not None:
        wanted["batch"] = decode(COUPON_BATCH, batch) or 0
    (before,) = page.start(tuple[int]) or (None,)
    found = looking.page(
        house_of(served), wanted, member=None, before=before, limit=page.limit + 1,
        now=served.runtime.clock(),
    )  # fmt: skip
    return _page(served, page, found, language)


@router.get(
    "/members/{ref}/coupons",
    **declared(CouponsAnswer, scope=Scope.OFFERS_READ, refusals=(MemberNotFound, NoProgramInForce)),
)
def list_member_coupons(served: ServedBy, ref: RefIn, language: Language, page: Paged) -> Response:
    """A member's coupons, newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    found = looking.page(
        house_of(served), {}, member=ref, before=before, limit=page.limit + 1,
        now=served.runtime.clock(),
    )  # fmt: skip
    return _page(served, page, found, language)


def _page(served: Served, page: Paged, found: list[Seen], language: str) -> Response:
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.held.coupon.id)
    program = program_of(served)
    items = [tell_coupon(one, program, language) for one in shown]
    return page.respond(CouponsAnswer(items, following), following)


@router.post(
    "/coupons:state",
    **declared(
        MovedCouponsAnswer,
        scope=Scope.OFFERS_WRITE,
        body=CouponMoveIn,
        example={"coupons": ["cpn_2v9c3n5x7k1qd"], "state": "frozen", "reason": "Under review"},
        refusals=(
            Malformed, TooLarge, CrossSite, CouponNotFound, CouponStateWrong, NoProgramInForce,
        ),
    ),
)  # fmt: skip
async def move_coupons(
    served: ServedBy,
    by: ByIn,
    language: Language,
    body: Annotated[CouponMoveIn, Depends(body_of(CouponMoveIn))],
) -> Response:
    """Freeze, unfreeze or revoke coupons by their ids. Revoked is for good. Safe to repeat."""

    def work() -> Response:
        numbers = [decode(COUPON, text) or 0 for text in dict.fromkeys(body.coupons)]
        found = looking.set_state(
            house_of(served), numbers, body.state, why=body.reason, by=by,
            now=served.runtime.clock(),
        )  # fmt: skip
        program = program_of(served)
        return respond(MovedCouponsAnswer([tell_coupon(one, program, language) for one in found]))

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/coupons/{code}",
    **declared(
        CouponStoryAnswer,
        scope=Scope.OFFERS_READ,
        refusals=(CodeMistyped, CouponNotFound, NoProgramInForce),
    ),
)
def get_coupon(
    served: ServedBy,
    access: AccessBy,
    language: Language,
    code: Annotated[
        str,
        Path(
            description="Its code as it was typed or scanned, or its id (cpn_…)",
            examples=["cpn_2v9c3n5x7k1qd"],
            max_length=codes.MAX_TYPED,
        ),
    ],
) -> Response:
    """One coupon by its code or id, with all that happened to it."""
    now = served.runtime.clock()
    house = house_of(served)
    try:
        story = looking.look(house, code, caller=access.actor, now=now)
    except CouponNotFound:
        looking.count_wrong(house, access.actor, now)
        raise
    program = program_of(served)
    return respond(CouponStoryAnswer(tell_coupon(story.seen, program, language), steps_of(story)))


def steps_of(story: Story) -> list[CouponStep]:
    """All that happened to a coupon, oldest first."""
    coupon = story.seen.held.coupon
    steps = [CouponStep(coupon.issued_at, "issued", outside(coupon.issued_by), "")]
    steps += [CouponStep(one.at, one.what, outside(one.by), one.why) for one in story.changes]
    for use in story.uses:
        by = encode(MEMBER, use.member_id)
        steps.append(CouponStep(use.redeemed_at, "redeemed", by, "", use.discount, use.sales))
        if use.taken_back_at is not None:
            steps.append(CouponStep(use.taken_back_at, "restored", by, ""))
    return sorted(steps, key=lambda one: one.at)
