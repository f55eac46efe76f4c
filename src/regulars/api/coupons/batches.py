"""Coupon codes in bulk over HTTP: asked for, followed, fetched, frozen, revoked."""

from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import ACCEPTED, declared, respond
from regulars.api.coupons.reading import BatchNumber, TemplateNumber, house_of
from regulars.api.coupons.shapes import Reason
from regulars.api.paging import Paged, write_cursor
from regulars.api.profiles import NOT_STORED
from regulars.api.reading import IdempotencyKey, body_of
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.coupons.refusals import BatchNotFound, CouponStateWrong, TemplateNotFound
from regulars.domain.errors import CrossSite, IdempotencyKeyReused, Malformed, TooLarge
from regulars.domain.finance.refusals import FileNotReady, RunsBusy
from regulars.domain.ids import COUPON_BATCH, TEMPLATE, encode
from regulars.domain.names import outside
from regulars.services.coupons import batches
from regulars.storage.coupons.batches import Batch

router = APIRouter(prefix="/v1", tags=["coupons"])

RUNNER = "regulars.worker.jobs"
MEDIA = "text/csv"


class CouponCodesIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How many codes to make, and what for."""

    count: Annotated[int, Meta(ge=1, le=batches.MOST_CODES)]
    note: Annotated[str, Meta(max_length=200)] = ""


class CouponBatchMoveIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The state to bring all of them into, and why."""

    state: Literal["active", "frozen", "revoked"]
    reason: Reason


class CouponBatchAnswer(Struct, frozen=True):
    """Codes that are made together: `made` of `count` are there. `run`: waiting, running, done or
    failed; then `refusal` says why."""

    batch: str
    template: str
    count: int
    made: int
    note: str
    state: str
    reason: str
    run: str
    refusal: str | None
    made_by: str
    made_at: Instant


class CouponBatchesAnswer(Struct, frozen=True):
    """Batches of a template, newest first."""

    items: list[CouponBatchAnswer]
    next: str | None


def tell(one: Batch) -> CouponBatchAnswer:
    """One batch."""
    return CouponBatchAnswer(
        batch=encode(COUPON_BATCH, one.id),
        template=encode(TEMPLATE, one.template_id),
        count=one.size,
        made=one.made,
        note=one.note,
        state=one.state,
        reason=one.why,
        run=one.run or "done",
        refusal=one.refusal or None,
        made_by=outside(one.made_by),
        made_at=one.made_at,
    )


@router.post(
    "/coupon-templates/{template}/batches",
    **declared(
        CouponBatchAnswer,
        scope=Scope.OFFERS_WRITE,
        status=ACCEPTED,
        again=200,
        body=CouponCodesIn,
        example={"count": 10000, "note": "Flyers for the opening"},
        refusals=(
            Malformed, TooLarge, CrossSite, TemplateNotFound, CouponStateWrong, RunsBusy,
            IdempotencyKeyReused,
        ),
    ),
)  # fmt: skip
async def make_coupon_codes(
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    number: TemplateNumber,
    body: Annotated[CouponCodesIn, Depends(body_of(CouponCodesIn))],
) -> Response:
    """Make codes that nobody has yet, in a process of its own. Whoever shows one may use it once
    the template is active."""

    def work() -> Response:
        batch, is_new = batches.ask(
            house_of(served), number, size=body.count, note=body.note, key=key, by=by,
            now=served.runtime.clock(),
        )  # fmt: skip
        served.runtime.launch(RUNNER, [str(served.organization)])
        return respond(tell(batch), ACCEPTED if is_new else 200)

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/coupon-templates/{template}/batches",
    **declared(CouponBatchesAnswer, scope=Scope.OFFERS_READ, refusals=(TemplateNotFound,)),
)
def list_coupon_batches(served: ServedBy, number: TemplateNumber, page: Paged) -> Response:
    """The batches of a template, newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    found = batches.listed(house_of(served), number, before=before, limit=page.limit + 1)
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    return page.respond(CouponBatchesAnswer([tell(one) for one in shown], following), following)


@router.get(
    "/coupon-batches/{batch}",
    **declared(CouponBatchAnswer, scope=Scope.OFFERS_READ, refusals=(BatchNotFound,)),
)
def get_coupon_batch(served: ServedBy, number: BatchNumber) -> Response:
    """One batch: how far it is."""
    return respond(tell(batches.get(house_of(served), number)))


@router.post(
    "/coupon-batches/{batch}/state",
    **declared(
        CouponBatchAnswer,
        scope=Scope.OFFERS_WRITE,
        body=CouponBatchMoveIn,
        example={"state": "frozen", "reason": "The flyers were stolen"},
        refusals=(Malformed, TooLarge, CrossSite, BatchNotFound, CouponStateWrong),
    ),
)
async def move_coupon_batch(
    served: ServedBy,
    by: ByIn,
    number: BatchNumber,
    body: Annotated[CouponBatchMoveIn, Depends(body_of(CouponBatchMoveIn))],
) -> Response:
    """Freeze, unfreeze or revoke all codes of a batch at once. Revoked is for good. Safe to
    repeat."""

    def work() -> Response:
        now = served.runtime.clock()
        return respond(
            tell(
                batches.set_state(
                    house_of(served), number, body.state, why=body.reason, by=by, now=now
                )
            )
        )

    return await anyio.to_thread.run_sync(work)


def _file() -> dict[str, Any]:
    made = declared(
        CouponBatchAnswer, scope=Scope.OFFERS_WRITE, refusals=(BatchNotFound, FileNotReady)
    )
    made["responses"][200] = {
        "description": "The codes",
        "content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}},
    }
    return made


@router.get("/coupon-batches/{batch}/codes", **_file())
def fetch_coupon_codes(served: ServedBy, by: ByIn, number: BatchNumber) -> StreamingResponse:
    """All codes of a batch as CSV: the code, as it is printed, and whether somebody has it. It is
    put on record."""
    parts = batches.fetch(house_of(served), number, by=by, now=served.runtime.clock())
    name = f"codes-{encode(COUPON_BATCH, number)}.csv"
    headers = {**NOT_STORED, "content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=MEDIA, headers=headers)
