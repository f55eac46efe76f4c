"""What is said of sales over HTTP."""

from typing import Annotated

from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.mall.shapes import CashIn, OwnPlaceAnswer, Points, cash_of, own_picture
from regulars.api.shapes import MoneyAnswer
from regulars.domain.ids import REWARD, SALE, VARIANT, encode
from regulars.domain.mall.rewards import PAY_MINUTES, RewardState, Way, Words, in_words
from regulars.domain.mall.sales import MAX_PIECES, Sale, SaleTerms
from regulars.services.sales.running import Running


class SaleIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sale, whole: `pieces` of a variant at a price of its own, from `starts_at` until
    `ends_at`. They come out of the variant's stock."""

    variant: str
    name: Words
    state: RewardState = RewardState.DRAFT
    points: Points
    cash: CashIn | None = None
    pieces: Annotated[int, Meta(ge=1, le=MAX_PIECES)]
    per_member: Annotated[int, Meta(ge=1, le=1000)] = 1
    starts_at: Instant
    ends_at: Instant
    pay_minutes: Annotated[int, Meta(ge=1, le=120)] = PAY_MINUTES // 2


class SaleAnswer(Struct, frozen=True):
    """A sale as the operator keeps it. `phase`: draft, not_begun, open, paused or over."""

    sale: str
    reward: str
    variant: str
    reward_name: str
    name: Words
    state: RewardState
    phase: str
    revision: int
    points: int
    cash: MoneyAnswer | None
    currency: str
    pieces: int
    left: int
    per_member: int
    starts_at: Instant
    ends_at: Instant
    pay_minutes: int
    now: Instant


class FlashSalesAnswer(Struct, frozen=True):
    """A page of sales, newest first."""

    items: list[SaleAnswer]
    next: str | None


class SoldAnswer(Struct, frozen=True):
    """Pieces that went within a second."""

    at: Instant
    pieces: int


class SaleLiveAnswer(Struct, frozen=True):
    """How a sale runs: what is left, and how fast it goes."""

    sale: SaleAnswer
    seconds: list[SoldAnswer]


class OwnSaleAnswer(Struct, frozen=True):
    """A sale as a member sees it. `now`: the server's time, by which it is counted down.
    `own_left`: how many the member may still buy; `why_not`: as of rewards."""

    sale: str
    reward: str
    variant: str
    name: str
    reward_name: str
    variant_name: str
    phase: str
    points: int
    usual_points: int
    cash: MoneyAnswer | None
    currency: str
    pieces: int
    left: int
    own_left: int
    why_not: str
    ways: list[Way]
    places: list[OwnPlaceAnswer]
    starts_at: Instant
    ends_at: Instant
    now: Instant
    picture: str | None


class OwnSalesAnswer(Struct, frozen=True):
    """What is announced or open, by its beginning."""

    items: list[OwnSaleAnswer]


def sale_of(body: SaleIn, number: int, *, reward_id: int, variant_id: int, at: Instant) -> Sale:
    """The sale that a body describes."""
    return Sale(
        id=number,
        reward_id=reward_id,
        variant_id=variant_id,
        state=body.state,
        revision=0,
        terms=SaleTerms(body.name, body.pay_minutes),
        points=body.points,
        cash_minor=body.cash.amount if body.cash else 0,
        pieces=body.pieces,
        per_member=body.per_member,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        changed_at=at,
    )


def tell_sale(found: Running, money: str, language: str, now: Instant) -> SaleAnswer:
    """A sale for the operator."""
    sale = found.sale
    return SaleAnswer(
        sale=encode(SALE, sale.id),
        reward=encode(REWARD, sale.reward_id),
        variant=encode(VARIANT, sale.variant_id),
        reward_name=in_words(language, found.reward.terms.name),
        name=sale.terms.name,
        state=sale.state,
        phase=sale.phase(now),
        revision=sale.revision,
        points=sale.points,
        cash=cash_of(sale.cash_minor, money),
        currency=found.reward.terms.currency,
        pieces=sale.pieces,
        left=found.left,
        per_member=sale.per_member,
        starts_at=sale.starts_at,
        ends_at=sale.ends_at,
        pay_minutes=sale.terms.pay_minutes,
        now=now,
    )


def tell_own_sale(found: Running, money: str, language: str, now: Instant) -> OwnSaleAnswer:
    """A sale for a member."""
    sale, terms = found.sale, found.reward.terms
    reward = encode(REWARD, sale.reward_id)
    return OwnSaleAnswer(
        sale=encode(SALE, sale.id),
        reward=reward,
        variant=encode(VARIANT, sale.variant_id),
        name=in_words(language, sale.terms.name),
        reward_name=in_words(language, terms.name),
        variant_name=in_words(language, found.variant.terms.name),
        phase=sale.phase(now),
        points=sale.points,
        usual_points=found.variant.points,
        cash=cash_of(sale.cash_minor, money),
        currency=terms.currency,
        pieces=sale.pieces,
        left=found.left,
        own_left=found.own_left or 0,
        why_not=found.why_not,
        ways=terms.ways,
        places=[OwnPlaceAnswer(one.code, in_words(language, one.name)) for one in terms.places],
        starts_at=sale.starts_at,
        ends_at=sale.ends_at,
        now=now,
        picture=own_picture(reward, found.pictures[0]) if found.pictures else None,
    )
