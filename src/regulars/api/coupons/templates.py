"""Coupon templates over HTTP: made, changed, brought from state to state, counted."""

from datetime import timedelta
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.coupons.reading import TemplateNumber, house_of, program_of
from regulars.api.coupons.shapes import (
    CouponDay,
    CouponFigures,
    CouponStatisticsAnswer,
    CouponTemplateAnswer,
    CouponTemplateChangeIn,
    CouponTemplateIn,
    CouponTemplateMoveIn,
    CouponTemplatesAnswer,
    CouponTermsIn,
    CouponWordsAnswer,
    DroppedCouponTemplateAnswer,
    in_words,
    tell_template,
)
from regulars.api.designing.drafts import RevisionIn
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import Language, body_of, instant
from regulars.api.state import Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.coupons.checking import checked
from regulars.domain.coupons.refusals import TemplateExists, TemplateNotFound, TemplateStateWrong
from regulars.domain.coupons.templates import Template, TemplateState
from regulars.domain.designing.refusals import MarkNeeded
from regulars.domain.errors import CrossSite, Malformed, NoProgramInForce, StaleMark, TooLarge
from regulars.domain.ids import TEMPLATE, encode
from regulars.domain.programs.phrases import LANGUAGES
from regulars.services.coupons import templates
from regulars.services.coupons.templates import Told, Wish
from regulars.storage.coupons.figures import Figures

router = APIRouter(prefix="/v1/coupon-templates", tags=["coupons"])

CREATED = 201
DAYS = timedelta(days=30)
WRITING = (Malformed, TooLarge, CrossSite, NoProgramInForce)
TERMS = {
    "give": "amount",
    "currency": "CNY",
    "amount": 1000,
    "threshold": 5000,
    "valid_for": "P30D",
    "claim": {"total": 500, "per_member": 1},
}
EXAMPLE = {"code": "welcome-10", "name": {"en": "Ten yuan off"}, "terms": TERMS}


@router.get(
    "", **declared(CouponTemplatesAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,))
)
def list_coupon_templates(
    served: ServedBy,
    page: Paged,
    language: Language,
    state: Annotated[
        Literal["draft", "active", "paused", "ended"] | None, Query(description="Only these")
    ] = None,
    words: Annotated[str, Query(max_length=100, description="In the name or the code")] = "",
) -> Response:
    """Coupon templates, newest first, each with its figures."""
    (before,) = page.start(tuple[int]) or (None,)
    found = templates.listed(
        house_of(served), before=before, state=state, words=words.strip(),
        limit=page.limit + 1, now=served.runtime.clock(),
    )  # fmt: skip
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.template.id)
    program = program_of(served)
    items = [tell_template(one, program, language) for one in shown]
    return page.respond(CouponTemplatesAnswer(items, following), following)


@router.post(
    "",
    **declared(
        CouponTemplateAnswer,
        scope=Scope.OFFERS_WRITE,
        status=CREATED,
        body=CouponTemplateIn,
        example=EXAMPLE,
        refusals=(*WRITING, TemplateExists),
    ),
)
async def create_coupon_template(
    served: ServedBy,
    by: ByIn,
    language: Language,
    body: Annotated[CouponTemplateIn, Depends(body_of(CouponTemplateIn))],
) -> Response:
    """Make a coupon template. It is a draft until it is activated."""

    def work() -> Response:
        wish = Wish(body.name, body.terms, body.prefix, body.public_code)
        made = templates.create(
            house_of(served), body.code, wish, by=by, now=served.runtime.clock()
        )
        return _told(served, made, language, CREATED)

    return await anyio.to_thread.run_sync(work)


@router.post(
    ":preview",
    **declared(
        CouponWordsAnswer,
        scope=Scope.OFFERS_READ,
        body=CouponTermsIn,
        example={"terms": TERMS},
        refusals=(Malformed, TooLarge, NoProgramInForce),
    ),
)
async def preview_coupon_terms(
    served: ServedBy, body: Annotated[CouponTermsIn, Depends(body_of(CouponTermsIn))]
) -> Response:
    """Terms in the words in which members will read them, in every language. Nothing is kept."""

    def work() -> Response:
        program = program_of(served)
        checked(body.terms, program)
        told = {lang: in_words(body.terms, program, lang) for lang in LANGUAGES}
        return respond(CouponWordsAnswer(told))

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/{template}",
    **declared(
        CouponTemplateAnswer, scope=Scope.OFFERS_READ, refusals=(TemplateNotFound, NoProgramInForce)
    ),
)
def get_coupon_template(served: ServedBy, number: TemplateNumber, language: Language) -> Response:
    """One coupon template, with its figures. Its ETag stands for the revision."""
    told = templates.get(house_of(served), number, served.runtime.clock())
    return _respond(served, told, language)


@router.put(
    "/{template}",
    **declared(
        CouponTemplateAnswer,
        scope=Scope.OFFERS_WRITE,
        body=CouponTemplateChangeIn,
        example={"name": {"en": "Ten yuan off"}, "terms": TERMS},
        refusals=(
            *WRITING, TemplateNotFound, TemplateExists, TemplateStateWrong, MarkNeeded, StaleMark,
        ),
    ),
)  # fmt: skip
async def change_coupon_template(
    *,
    served: ServedBy,
    by: ByIn,
    language: Language,
    number: TemplateNumber,
    revision: RevisionIn,
    body: Annotated[CouponTemplateChangeIn, Depends(body_of(CouponTemplateChangeIn))],
) -> Response:
    """Let it say something else: only if nobody changed it since it was read. Coupons that were
    given out follow the new terms."""

    def work() -> Response:
        wish = Wish(body.name, body.terms, body.prefix, body.public_code)
        made = templates.change(
            house_of(served), number, wish, revision=revision, by=by, now=served.runtime.clock()
        )
        return _told(served, made, language)

    return await anyio.to_thread.run_sync(work)


@router.delete(
    "/{template}",
    **declared(
        DroppedCouponTemplateAnswer,
        scope=Scope.OFFERS_WRITE,
        refusals=(CrossSite, TemplateNotFound, TemplateStateWrong),
    ),
)
def delete_coupon_template(served: ServedBy, by: ByIn, number: TemplateNumber) -> Response:
    """Take a draft away. What was active is ended instead."""
    old = templates.drop(house_of(served), number, by=by, now=served.runtime.clock())
    return respond(DroppedCouponTemplateAnswer(encode(TEMPLATE, old.id), old.code))


@router.post(
    "/{template}/state",
    **declared(
        CouponTemplateAnswer,
        scope=Scope.OFFERS_WRITE,
        body=CouponTemplateMoveIn,
        example={"state": "active"},
        refusals=(*WRITING, TemplateNotFound, TemplateStateWrong),
    ),
)
async def move_coupon_template(
    served: ServedBy,
    by: ByIn,
    language: Language,
    number: TemplateNumber,
    body: Annotated[CouponTemplateMoveIn, Depends(body_of(CouponTemplateMoveIn))],
) -> Response:
    """Activate, pause or end it. While it is paused, none of its coupons can be used or given
    out; what has ended is over for good. Safe to repeat."""

    def work() -> Response:
        made = templates.move(
            house_of(served), number, TemplateState(body.state), why=body.reason, by=by,
            now=served.runtime.clock(),
        )  # fmt: skip
        return _told(served, made, language)

    return await anyio.to_thread.run_sync(work)


@router.get(
    "/{template}/statistics",
    **declared(
        CouponStatisticsAnswer,
        scope=Scope.OFFERS_READ,
        refusals=(TemplateNotFound, NoProgramInForce),
    ),
)
def get_coupon_statistics(
    served: ServedBy,
    number: TemplateNumber,
    since: Annotated[str | None, Query(description="From then on; 30 days when left out")] = None,
    until: Annotated[str | None, Query(description="Before then; now when left out")] = None,
) -> Response:
    """What was given out, redeemed and sold with it, day by day."""
    now = served.runtime.clock()
    ends_at = now if until is None else instant(until, "/query/until")
    starts_at = ends_at - DAYS if since is None else instant(since, "/query/since")
    found = templates.statistics(house_of(served), number, since=starts_at, until=ends_at, now=now)
    days = [
        CouponDay(
            one.day, one.issued, one.claimed, one.redeemed, one.taken_back, one.discount, one.sales
        )
        for one in found.days
    ]
    sums = found.figures
    return respond(
        CouponStatisticsAnswer(
            encode(TEMPLATE, number),
            found.template.terms.currency,
            CouponFigures(
                sums.issued, sums.claimed, sums.reserved, sums.redeemed, sums.discount, sums.sales
            ),
            found.expired,
            days,
        )
    )


def _told(served: Served, made: Template, language: str, status: int = 200) -> Response:
    if status == CREATED:
        return _respond(served, Told(made, Figures()), language, status)
    told = templates.get(house_of(served), made.id, served.runtime.clock())
    return _respond(served, told, language)


def _respond(served: Served, told: Told, language: str, status: int = 200) -> Response:
    answer = tell_template(told, program_of(served), language)
    return respond(answer, status, {"etag": f'"{answer.revision}"'})
