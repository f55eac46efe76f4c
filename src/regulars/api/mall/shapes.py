"""What is said of rewards and redemptions over HTTP."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.api.answers import Instant
from regulars.api.shapes import MoneyAnswer
from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.ids import MEMBER, REDEMPTION, REWARD, SALE, VARIANT, encode
from regulars.domain.mall.fulfilment import RedemptionState, next_states
from regulars.domain.mall.rewards import (
    Reward,
    RewardKind,
    RewardState,
    RewardTerms,
    Variant,
    VariantTerms,
    Way,
    Words,
    in_words,
)
from regulars.domain.names import outside
from regulars.services.mall.offering import Offered
from regulars.services.mall.showing import Shown, Told

Points = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
Stock = Annotated[int, Meta(ge=0, le=10**9)]
Reason = Annotated[str, Meta(min_length=3, max_length=300)]


class CashIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Money in minor units, of the program's currency."""

    amount: Points
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class RewardVariantIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A size or colour with its price. `variant`: its id, for one that is there. `stock`: how many
    there are of a new one; without it, as many as one likes. Later stock changes by its own
    route."""

    variant: str | None = None
    sku: Annotated[str, Meta(max_length=60)] = ""
    name: Words = {}
    points: Points
    cash: CashIn | None = None
    stock: Stock | None = None


class RewardIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reward, whole. Smaller `rank` is shown earlier."""

    kind: RewardKind
    state: RewardState = RewardState.DRAFT
    terms: RewardTerms
    rank: Annotated[int, Meta(ge=0, le=100_000)] = 100
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    variants: Annotated[list[RewardVariantIn], Meta(min_length=1, max_length=50)]


class RewardVariantAnswer(Struct, frozen=True):
    """A variant. `left` null: as many as one likes. `waiting`: members who wait for stock."""

    variant: str
    sku: str
    name: Words
    points: int
    cash: MoneyAnswer | None
    left: int | None
    reserved: int
    used: int
    waiting: int


class RewardAnswer(Struct, frozen=True):
    """A reward as the operator keeps it. `pictures`: addresses."""

    reward: str
    kind: RewardKind
    state: RewardState
    revision: int
    terms: RewardTerms
    rank: int
    starts_at: Instant | None
    ends_at: Instant | None
    variants: list[RewardVariantAnswer]
    pictures: list[str]
    changed_at: Instant


class RewardsAnswer(Struct, frozen=True):
    """A page of rewards."""

    items: list[RewardAnswer]
    next: str | None


class CategoryAnswer(Struct, frozen=True):
    """A category of rewards, and how many there are in it."""

    category: str
    rewards: int


class CategoriesAnswer(Struct, frozen=True):
    """Every category there is."""

    items: list[CategoryAnswer]


class StockIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`set`: so many are left now; `add`: so many more, or with a minus fewer; `unlimited`."""

    variant: str
    change: Literal["set", "add", "unlimited"]
    reason: Reason
    amount: Annotated[int, Meta(ge=-(10**9), le=10**9)] = 0


class StockChangeAnswer(Struct, frozen=True):
    """A change of stock by hand, and what was left before and after; null: without end."""

    variant: str
    at: Instant
    by: str
    change: str
    amount: int
    left_before: int | None
    left_after: int | None
    reason: str


class StockChangesAnswer(Struct, frozen=True):
    """A page of changes, newest first."""

    items: list[StockChangeAnswer]
    next: str | None


class OwnVariantAnswer(Struct, frozen=True):
    """A variant as a member sees it. `waits`: the member waits for it."""

    variant: str
    name: str
    points: int
    cash: MoneyAnswer | None
    left: int | None
    waits: bool


class OwnPlaceAnswer(Struct, frozen=True):
    """A shop where it can be picked up."""

    code: str
    name: str


class OwnRewardAnswer(Struct, frozen=True):
    """A reward as a member sees it, in their language. `why_not`: not_begun, not_for_you,
    not_offered, over, sold_out or enough; empty where they can have it, points aside."""

    reward: str
    kind: RewardKind
    name: str
    description: str
    category: str
    currency: str
    points: int
    why_not: str
    own_left: int | None
    ways: list[Way]
    places: list[OwnPlaceAnswer]
    ends_at: Instant | None
    variants: list[OwnVariantAnswer]
    pictures: list[str]


class OwnRewardsAnswer(Struct, frozen=True):
    """A page of what is offered."""

    items: list[OwnRewardAnswer]
    next: str | None


class RedemptionStepAnswer(Struct, frozen=True):
    """What became of a redemption, and who did it."""

    at: Instant
    by: str
    state: RedemptionState
    reason: str


class RedemptionAnswer(Struct, frozen=True):
    """What a member took. `code`: shown when it is picked up. `given`: ids of coupons or of a
    benefit's grant. `settlement`: "open" for points of a partner, which are settled with them.
    `next`: what may follow. `steps`: only where one is asked for."""

    redemption: str
    member: str
    reward: str
    variant: str
    name: str
    variant_name: str
    sale: str | None
    quantity: int
    currency: str
    points: int
    cash: MoneyAnswer | None
    state: RedemptionState
    way: Way
    place: str
    place_name: str
    has_address: bool
    code: str
    given: list[str]
    settlement: str | None
    carrier: str
    tracking: str
    pay_by: Instant | None
    placed_at: Instant
    changed_at: Instant
    picture: str | None
    next: list[RedemptionState]
    steps: list[RedemptionStepAnswer]


class RedemptionsAnswer(Struct, frozen=True):
    """A page of redemptions, newest first."""

    items: list[RedemptionAnswer]
    next: str | None


def reward_of(body: RewardIn, number: int, numbers: dict[str, int]) -> Reward:
    """The reward that a body describes. `numbers`: the variants' numbers by their ids."""
    variants = [
        Variant(
            id=numbers[one.variant] if one.variant else 0,
            terms=VariantTerms(sku=one.sku, name=one.name),
            points=one.points,
            cash_minor=one.cash.amount if one.cash else 0,
            stock=one.stock,
        )
        for one in body.variants
    ]
    return Reward(
        id=number, kind=body.kind, state=body.state, revision=0, terms=body.terms, rank=body.rank,
        starts_at=body.starts_at, ends_at=body.ends_at, variants=variants, changed_at=None,  # type: ignore[arg-type]
    )  # fmt: skip


def tell_reward(found: Offered, money: str) -> RewardAnswer:
    """A reward for the operator."""
    reward = found.reward
    name = encode(REWARD, reward.id)
    return RewardAnswer(
        reward=name,
        kind=reward.kind,
        state=reward.state,
        revision=reward.revision,
        terms=reward.terms,
        rank=reward.rank,
        starts_at=reward.starts_at,
        ends_at=reward.ends_at,
        variants=[_variant(found, one, money) for one in reward.variants],
        pictures=[f"/v1/rewards/{name}/pictures/{digest}" for digest in found.pictures],
        changed_at=reward.changed_at,
    )


def _variant(found: Offered, one: Variant, money: str) -> RewardVariantAnswer:
    room = found.rooms[one.id]
    return RewardVariantAnswer(
        encode(VARIANT, one.id),
        one.terms.sku,
        one.terms.name,
        one.points,
        cash_of(one.cash_minor, money),
        room.left,
        room.reserved,
        room.used,
        found.waiting.get(one.id, 0),
    )


def cash_of(minor: int, money: str) -> MoneyAnswer | None:
    """A cash part; None where there is none."""
    return MoneyAnswer(minor, money) if minor else None


def tell_own_reward(found: Shown, money: str, language: str) -> OwnRewardAnswer:
    """A reward for a member."""
    reward, terms = found.reward, found.reward.terms
    name = encode(REWARD, reward.id)
    reason = found.why_not
    if not reason and all(left == 0 for left in found.left.values()):
        reason = "sold_out"
    if not reason and found.own_left == 0:
        reason = "enough"
    return OwnRewardAnswer(
        reward=name,
        kind=reward.kind,
        name=in_words(language, terms.name),
        description=in_words(language, terms.description),
        category=terms.category,
        currency=terms.currency,
        points=min((one.points for one in reward.variants), default=0),
        why_not=reason,
        own_left=found.own_left,
        ways=terms.ways,
        places=[OwnPlaceAnswer(one.code, in_words(language, one.name)) for one in terms.places],
        ends_at=reward.ends_at,
        variants=[
            OwnVariantAnswer(
                encode(VARIANT, one.id),
                in_words(language, one.terms.name),
                one.points,
                cash_of(one.cash_minor, money),
                found.left[one.id],
                one.id in found.waits,
            )
            for one in reward.variants
        ],
        pictures=[own_picture(name, digest) for digest in found.pictures],
    )


def own_picture(reward: str, digest: str) -> str:
    """Where a member's page gets a picture."""
    return f"/v1/me/rewards/{reward}/pictures/{digest}"


def tell_redemption(
    told: Told, language: str, at: Instant, *, is_own: bool = False
) -> RedemptionAnswer:
    """A redemption. For the member, who of the staff did what is not told."""
    one, terms = told.redemption, told.reward.terms
    state = one.state_at(at)
    reward = encode(REWARD, one.reward_id)
    place = next((known for known in terms.places if known.code == one.place), None)
    pictures = "/v1/me/rewards" if is_own else "/v1/rewards"
    return RedemptionAnswer(
        redemption=encode(REDEMPTION, one.id),
        member=encode(MEMBER, one.member_id),
        reward=reward,
        variant=encode(VARIANT, one.variant_id),
        name=in_words(language, terms.name),
        variant_name=in_words(language, told.variant.terms.name),
        sale=None if one.sale_id is None else encode(SALE, one.sale_id),
        quantity=one.quantity,
        currency=one.currency,
        points=one.points,
        cash=cash_of(one.cash_minor, one.cash_currency),
        state=state,
        way=one.way,
        place=one.place,
        place_name="" if place is None else in_words(language, place.name),
        has_address=one.has_address,
        code=one.code,
        given=[part for part in one.given.split(" ") if part],
        settlement="open" if told.reward.kind is RewardKind.PARTNER_POINTS else None,
        carrier=one.carrier,
        tracking=one.tracking,
        pay_by=one.pay_by,
        placed_at=one.placed_at,
        changed_at=one.changed_at,
        picture=f"{pictures}/{reward}/pictures/{told.pictures[0]}" if told.pictures else None,
        next=[] if is_own else list(next_states(one.way, state)),
        steps=[
            RedemptionStepAnswer(
                step.at, "" if is_own else outside(step.by), RedemptionState(step.state),
                step.reason,
            )
            for step in told.steps
        ],
    )  # fmt: skip
