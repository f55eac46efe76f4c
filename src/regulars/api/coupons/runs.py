"""A coupon for many members at once, over HTTP: looked at, asked for, followed, stopped."""

from collections.abc import Mapping
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response
from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.callers import ByIn
from regulars.api.contract import ACCEPTED, declared, respond
from regulars.api.coupons.reading import RunNumber, house_of
from regulars.api.operations import REPLAYED
from regulars.api.paging import Paged, write_cursor
from regulars.api.privacy import Reason
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.coupons.reasons import reason_words
from regulars.domain.coupons.refusals import TemplateNotFound, TemplateStateWrong
from regulars.domain.errors import (
    ConditionInvalid,
    CrossSite,
    IdempotencyKeyReused,
    Malformed,
    NoProgramInForce,
    TooLarge,
)
from regulars.domain.ids import COUPON_RUN, MEMBER, TEMPLATE, decode, encode
from regulars.domain.names import outside
from regulars.domain.rosters.asking import MAX_CONDITION
from regulars.domain.runs.runs import CouponRunNotFound, RunKind, RunWish
from regulars.domain.uses import refuse_personal
from regulars.services.coupons import campaigns
from regulars.services.runs import running
from regulars.services.runs.running import House
from regulars.storage.runs.runs import Run

router = APIRouter(prefix="/v1", tags=["coupons"])

TemplateId = Annotated[str, Meta(max_length=40, examples=["ctp_2v9c3n5x7k1qd"])]
Condition = Annotated[str, Meta(max_length=MAX_CONDITION)]
EXAMPLE = {"template": "ctp_2v9c3n5x7k1qd", "condition": 'member.tier == "gold"'}


class CouponOutlookIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A coupon for all members of whom the condition holds now; an empty one holds of all."""

    template: TemplateId
    condition: Condition = ""


class CouponRunIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The same, with the reason, which the members are told."""

    template: TemplateId
    reason: Reason
    condition: Condition = ""


class CouponSkipped(Struct, frozen=True):
    """How many members get nothing, and why: the reason's code, and the same in words."""

    why: str
    detail: str
    members: int


class CouponReached(Struct, frozen=True):
    """A member whom a run would reach. `why`: why they would get nothing; "" for who gets one."""

    member: str
    tier: str
    why: str
    detail: str


class CouponOutlookAnswer(Struct, frozen=True):
    """What a run would do now. `members`: of whom the condition holds; where they are not all
    counted, `exact` is false. Of the first `looked_at` of them `fit` would get a coupon, the others
    not. `left`: how many coupons the template's total is enough for; null without end."""

    members: int
    exact: bool
    looked_at: int
    fit: int
    left: int | None
    skipped: list[CouponSkipped]
    sample: list[CouponReached]


class CouponRunAnswer(Struct, frozen=True):
    """A run. `state`: waiting, done, stopped or failed; `refusal`: the code why it failed, or was
    done early. `share`: how much of the members was looked at, 0 to 1. `given`: to how many."""

    run: str
    template: str
    condition: str
    reason: str
    asked_by: str
    asked_at: Instant
    state: str
    share: float
    given: int
    skipped: list[CouponSkipped]
    ended_at: Instant | None
    refusal: str


class CouponRunPage(Struct, frozen=True):
    """Runs, the newest first."""

    items: list[CouponRunAnswer]
    next: str | None = None


@router.post(
    "/coupon-runs:preview",
    **declared(
        CouponOutlookAnswer,
        scope=Scope.OFFERS_WRITE,
        body=CouponOutlookIn,
        example=EXAMPLE,
        refusals=(
            Malformed, TooLarge, CrossSite, ConditionInvalid, TemplateNotFound, TemplateStateWrong,
            NoProgramInForce,
        ),
    ),
)  # fmt: skip
async def preview_coupon_run(
    body: Annotated[CouponOutlookIn, Depends(body_of(CouponOutlookIn))],
    served: ServedBy,
    language: Language,
) -> Response:
    """Whom a run would reach, how many of them would get a coupon, and some of them. Nothing is
    given."""
    now = served.runtime.clock()

    def work() -> Response:
        house = house_of(served)
        with served.db.transaction(served.organization) as tx:
            plan = served.versions.read(tx).in_force(now)
        sought = running.condition_of(plan, body.condition)
        number = decode(TEMPLATE, body.template) or 0
        found = campaigns.outlook(house, number, body.condition, sought, now)
        return respond(
            CouponOutlookAnswer(
                members=found.members,
                exact=found.is_exact,
                looked_at=found.looked_at,
                fit=found.fit,
                left=found.left,
                skipped=_skipped(found.skipped, language),
                sample=[
                    CouponReached(
                        encode(MEMBER, one.member_id), one.tier, one.why,
                        reason_words(one.why, language) if one.why else "",
                    )
                    for one in found.sample
                ],
            )
        )  # fmt: skip

    return await anyio.to_thread.run_sync(work)


@router.post(
    "/coupon-runs",
    **declared(
        CouponRunAnswer,
        scope=Scope.OFFERS_WRITE,
        status=ACCEPTED,
        body=CouponRunIn,
        example=EXAMPLE | {"reason": "Ten years of the shop"},
        refusals=(
            Malformed, TooLarge, CrossSite, ConditionInvalid, IdempotencyKeyReused,
            TemplateNotFound, TemplateStateWrong, NoProgramInForce,
        ),
    ),
)  # fmt: skip
async def begin_coupon_run(
    *,
    body: Annotated[CouponRunIn, Depends(body_of(CouponRunIn))],
    served: ServedBy,
    by: ByIn,
    key: IdempotencyKey,
    language: Language,
) -> Response:
    """Give a coupon to all members of whom a condition holds, once each. The worker does it, some
    hundreds at a time; who enrols meanwhile is not among them, nor who is frozen or restricted. Who
    is not in the template's audience, or has as many as they could use, gets none; with the last
    coupon that the template's total is enough for, the run is done. While the template is paused,
    it waits."""
    refuse_personal({"/reason": body.reason})
    number, now = decode(TEMPLATE, body.template) or 0, served.runtime.clock()
    wish = RunWish(
        kind=RunKind.COUPON, condition=body.condition, reason=body.reason, template_id=number
    )

    def work() -> Response:
        run, is_repeat = running.begin(
            _house(served),
            wish,
            lambda tx, plan: campaigns.check(tx, served.organization, plan, number, now),
            key=key, by=by, now=now,
        )  # fmt: skip
        return respond(_told(run, language), ACCEPTED, {REPLAYED: "true"} if is_repeat else None)

    return await anyio.to_thread.run_sync(work)


@router.get("/coupon-runs", **declared(CouponRunPage, scope=Scope.OFFERS_READ))
def list_coupon_runs(
    served: ServedBy,
    page: Paged,
    language: Language,
    template: Annotated[str, Query(max_length=40, description="Only of this template")] = "",
) -> Response:
    """Coupons for many members at once, the newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    number = (decode(TEMPLATE, template) or 0) if template else None
    found, last = page.cut(
        running.page(
            _house(served), RunKind.COUPON, template_id=number, before=before, limit=page.limit + 1
        )
    )
    following = None if last is None else write_cursor(last.id)
    told = [_told(one, language) for one in found]
    return page.respond(CouponRunPage(told, following), following)


@router.get(
    "/coupon-runs/{run}",
    **declared(CouponRunAnswer, scope=Scope.OFFERS_READ, refusals=(CouponRunNotFound,)),
)
def get_coupon_run(run: RunNumber, served: ServedBy, language: Language) -> Response:
    """How far a run is."""
    return respond(_told(running.get(_house(served), RunKind.COUPON, run), language))


@router.post(
    "/coupon-runs/{run}/stop",
    **declared(CouponRunAnswer, scope=Scope.OFFERS_WRITE, refusals=(CrossSite, CouponRunNotFound)),
)
def stop_coupon_run(run: RunNumber, served: ServedBy, by: ByIn, language: Language) -> Response:
    """Stop a run: who got a coupon keeps it. Safe to repeat."""
    now = served.runtime.clock()
    return respond(
        _told(running.stop(_house(served), RunKind.COUPON, run, by=by, now=now), language)
    )


def _house(served: Served) -> House:
    return House(served.db, served.versions)


def _skipped(counts: Mapping[str, int], language: str) -> list[CouponSkipped]:
    """The most frequent reason first."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [CouponSkipped(why, reason_words(why, language), count) for why, count in ordered]


def _told(run: Run, language: str) -> CouponRunAnswer:
    return CouponRunAnswer(
        run=encode(COUPON_RUN, run.id),
        template=encode(TEMPLATE, run.template_id or 0),
        condition=run.condition,
        reason=run.reason,
        asked_by=outside(run.asked_by),
        asked_at=run.asked_at,
        state=run.state,
        share=run.share,
        given=run.granted,
        skipped=_skipped(run.skipped, language),
        ended_at=run.ended_at,
        refusal=run.refusal,
    )
