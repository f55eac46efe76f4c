"""The shapes in which coupons are asked for and told."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.own_pages.drawing import Drawing, barcode, qr
from regulars.domain.coupons import codes
from regulars.domain.coupons.offers import Held
from regulars.domain.coupons.reasons import reason_words
from regulars.domain.coupons.standing import WHY, Standing, valid_from, valid_until
from regulars.domain.coupons.templates import Code, TemplateState, Terms, Words
from regulars.domain.coupons.words import name_of, terms_words, worth_words
from regulars.domain.ids import COUPON, COUPON_BATCH, MEMBER, TEMPLATE, encode
from regulars.domain.names import outside
from regulars.domain.programs.model import Program
from regulars.services.coupons.looking import Seen
from regulars.services.coupons.templates import Told

Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class CouponTemplateIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A coupon template to make. `code`: what rules of the program call it by. `prefix`: begins its
    codes. `public_code`: one word by which every member may use it."""

    code: Code
    name: Words
    terms: Terms
    prefix: Annotated[str, Meta(max_length=8)] = ""
    public_code: Annotated[str, Meta(max_length=11)] | None = None


class CouponTemplateChangeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a coupon template says from now on."""

    name: Words
    terms: Terms
    prefix: Annotated[str, Meta(max_length=8)] = ""
    public_code: Annotated[str, Meta(max_length=11)] | None = None


class CouponTemplateMoveIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The state to bring it into, and why."""

    state: Literal["active", "paused", "ended"]
    reason: Annotated[str, Meta(max_length=500)] = ""


class CouponTermsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Terms to be told in words."""

    terms: Terms


class InWords(Struct, frozen=True):
    """A coupon in words: what it is worth, and each of its conditions."""

    worth: str
    conditions: list[str]


class CouponWordsAnswer(Struct, frozen=True):
    """Terms in words, by language; and what is wrong with them."""

    words: dict[str, InWords]


class CouponFigures(Struct, frozen=True):
    """`issued`: coupons there are; `claimed`: of these, in members' hands; `redeemed`: uses that
    were not taken back, with the discount they gave and what was paid (minor units)."""

    issued: int
    claimed: int
    reserved: int
    redeemed: int
    discount: int
    sales: int


class CouponTemplateAnswer(Struct, frozen=True):
    """A coupon template. Its ETag stands for the revision."""

    template: str
    code: str
    name: dict[str, str]
    state: TemplateState
    terms: Terms
    prefix: str
    public_code: str | None
    revision: int
    made_by: str
    made_at: Instant
    changed_by: str
    changed_at: Instant
    reason: str
    words: InWords
    figures: CouponFigures


class CouponTemplatesAnswer(Struct, frozen=True):
    """Coupon templates, newest first."""

    items: list[CouponTemplateAnswer]
    next: str | None


class DroppedCouponTemplateAnswer(Struct, frozen=True):
    """A draft of a coupon template that was taken away."""

    template: str
    code: str


class CouponDay(Struct, frozen=True):
    """What happened on one day; minor units. `taken_back`: of what was redeemed on that day."""

    day: date
    issued: int
    claimed: int
    redeemed: int
    taken_back: int
    discount: int
    sales: int


class CouponStatisticsAnswer(Struct, frozen=True):
    """How a coupon template does: all in all, and day by day in the program's zone."""

    template: str
    currency: str
    figures: CouponFigures
    expired: int
    days: list[CouponDay]


class CouponAnswer(Struct, frozen=True):
    """One coupon. `code`: as it is scanned; `printed`: as people read it. `standing`: what it is in
    one word; `why`: the code of the reason why it cannot be used, and `detail` in words. `gift`:
    the code by which a friend may take it, until `gift_until`."""

    coupon: str | None
    template: str
    template_code: str
    name: str
    code: str
    printed: str
    member: str | None
    batch: str | None
    standing: Standing
    why: str
    detail: str
    source: str
    uses: int
    used: int
    reserved: int
    valid_from: Instant | None
    valid_until: Instant | None
    issued_at: Instant
    issued_by: str
    claimed_at: Instant | None
    is_giftable: bool
    gift: str | None
    gift_until: Instant | None
    words: InWords


class CouponsAnswer(Struct, frozen=True):
    """Coupons, newest first."""

    items: list[CouponAnswer]
    next: str | None


class CouponStep(Struct, frozen=True):
    """One thing that happened to a coupon. `what`: such as claimed, frozen, redeemed, taken_back.
    `discount` and `sales` (minor units) where it was redeemed."""

    at: Instant
    what: str
    by: str
    reason: str
    discount: int | None = None
    sales: int | None = None


class CouponStoryAnswer(Struct, frozen=True):
    """A coupon with all that happened to it, oldest first."""

    coupon: CouponAnswer
    history: list[CouponStep]


class ShownCouponAnswer(Struct, frozen=True):
    """A member's coupon, drawn so that a till can scan it."""

    coupon: CouponAnswer
    qr: Drawing
    barcode: Drawing | None


def tell_template(told: Told, program: Program, lang: str) -> CouponTemplateAnswer:
    """A template with its words and figures."""
    one, sums = told.template, told.figures
    return CouponTemplateAnswer(
        template=encode(TEMPLATE, one.id),
        code=one.code,
        name=one.name,
        state=one.state,
        terms=one.terms,
        prefix=one.prefix,
        public_code=one.public_code,
        revision=one.revision,
        made_by=outside(one.made_by),
        made_at=one.made_at,
        changed_by=outside(one.changed_by),
        changed_at=one.changed_at,
        reason=one.why,
        words=in_words(one.terms, program, lang),
        figures=CouponFigures(
            sums.issued, sums.claimed, sums.reserved, sums.redeemed, sums.discount, sums.sales
        ),
    )


def in_words(terms: Terms, program: Program, lang: str, held: Held | None = None) -> InWords:
    """The terms in words; of one coupon with its own times."""
    valid = None
    if held is not None:
        valid = (valid_from(held.coupon, held.template), valid_until(held.coupon, held.template))
    return InWords(worth_words(terms, lang), terms_words(terms, program, lang, valid=valid))


def tell_coupon(seen: Seen, program: Program, lang: str) -> CouponAnswer:
    """One coupon."""
    held, coupon, template = seen.held, seen.held.coupon, seen.held.template
    why = WHY.get(seen.standing, "")
    gift = seen.gift
    return CouponAnswer(
        coupon=encode(COUPON, coupon.id) if coupon.id else None,
        template=encode(TEMPLATE, template.id),
        template_code=template.code,
        name=name_of(template.name, lang),
        code=coupon.code,
        printed=codes.grouped(coupon.code),
        member=None if coupon.member_id is None else encode(MEMBER, coupon.member_id),
        batch=None if coupon.batch_id is None else encode(COUPON_BATCH, coupon.batch_id),
        standing=seen.standing,
        why=why,
        detail=reason_words(why, lang),
        source=coupon.source,
        uses=template.terms.uses,
        used=seen.used,
        reserved=seen.reserved,
        valid_from=valid_from(coupon, template),
        valid_until=valid_until(coupon, template),
        issued_at=coupon.issued_at,
        issued_by=outside(coupon.issued_by),
        claimed_at=coupon.claimed_at,
        is_giftable=template.terms.is_giftable,
        gift=None if gift is None else codes.grouped(gift.code),
        gift_until=None if gift is None else gift.expires_at,
        words=in_words(template.terms, program, lang, held),
    )


def tell_shown(seen: Seen, program: Program, lang: str) -> ShownCouponAnswer:
    """A coupon with what a scanner reads."""
    code = seen.held.coupon.code
    return ShownCouponAnswer(tell_coupon(seen, program, lang), qr(code), barcode(code))
