"""Templates of coupons: what one is worth, on what, for whom, when, and how often."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.events import CurrencyCode
from regulars.domain.programs.model import Pick

MAX_NAMES = 200
MAX_CONDITION = 4_000
MAX_TOTAL = 10**9
MAX_USES = 10_000

Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,59}$", examples=["welcome-10"])]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(max_length=MAX_NAMES)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Words = Annotated[dict[Language, Annotated[str, Meta(min_length=1, max_length=500)]],
                  Meta(min_length=1, max_length=10)]  # fmt: skip
Money = Annotated[int, Meta(ge=1, le=MAX_AMOUNT, description="In minor units")]
Span = Annotated[
    str, Meta(pattern=r"^P[0-9YMWDTH]{1,20}$", examples=["P30D"], description="ISO 8601")
]
Instant = Annotated[datetime, Meta(tz=True)]


class TemplateState(StrEnum):
    """Only coupons of an active template can be given out and used."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


MOVES: dict[TemplateState, frozenset[TemplateState]] = {
    TemplateState.DRAFT: frozenset({TemplateState.ACTIVE, TemplateState.ENDED}),
    TemplateState.ACTIVE: frozenset({TemplateState.PAUSED, TemplateState.ENDED}),
    TemplateState.PAUSED: frozenset({TemplateState.ACTIVE, TemplateState.ENDED}),
    TemplateState.ENDED: frozenset(),
}
"""What may follow each state."""


class Give(StrEnum):
    """What a coupon gives."""

    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    FREE_ITEM = "free_item"
    FREE_DELIVERY = "free_delivery"
    GIFT = "gift"


class Goods(Struct, frozen=True, forbid_unknown_fields=True):
    """Which lines of an order count; exceptions win."""

    skus: Names = ()
    categories: Names = ()
    brands: Names = ()
    except_skus: Names = ()
    except_categories: Names = ()
    except_brands: Names = ()


class Audience(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may have and use it: all that is said has to fit. `condition`: CEL over the member."""

    tiers: Names = ()
    stages: Names = ()
    tags: Names = ()
    condition: Annotated[str, Meta(max_length=MAX_CONDITION)] = ""


class ClaimTerms(Struct, frozen=True, forbid_unknown_fields=True):
    """How members take it for themselves in the claim centre: when, how many in all (`total`),
    and how many each."""

    opens_at: Instant | None = None
    closes_at: Instant | None = None
    total: Annotated[int, Meta(ge=1, le=MAX_TOTAL)] | None = None
    per_member: Annotated[int, Meta(ge=1, le=MAX_USES)] = 1


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms of a coupon. Money is in minor units of `currency`.

    `percent`: such as "12.5". `ceiling`: the most that a percentage, or free delivery, gives.
    `quantity`: pieces that are free. `threshold`: the least that the goods in scope have to cost.
    `valid_for`: from being given out; where `valid_until` comes sooner, that counts. `uses`: of one
    code; `total`: of all codes together; `per_member`: of one member's; no more coupons are given
    out than these are enough for. `group`: of the coupons of one group only one is used, as `pick`
    says. `is_automatic`: a member's own is applied without being asked for. `is_restored`: it comes
    back when all that was bought is returned.
    """

    give: Give
    currency: CurrencyCode
    amount: Money | None = None
    percent: Annotated[str, Meta(pattern=r"^\d{1,3}(\.\d{1,2})?$", examples=["12.5"])] | None = None
    ceiling: Money | None = None
    quantity: Annotated[int, Meta(ge=1, le=100)] = 1
    gift: Annotated[str, Meta(max_length=200)] = ""
    threshold: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] = 0
    goods: Goods = Goods()
    audience: Audience = Audience()
    channels: Names = ()
    stores: Names = ()
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    valid_for: Span | None = None
    uses: Annotated[int, Meta(ge=1, le=MAX_USES)] = 1
    total: Annotated[int, Meta(ge=1, le=MAX_TOTAL)] | None = None
    per_member: Annotated[int, Meta(ge=1, le=MAX_USES)] | None = None
    claim: ClaimTerms | None = None
    group: Annotated[str, Meta(max_length=60)] = ""
    pick: Literal["best", "priority"] = Pick.BEST.value
    priority: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    is_automatic: bool = True
    is_restored: bool = True
    is_giftable: bool = False


class Template(Struct, frozen=True, kw_only=True):
    """A template as it is kept. `public_code`: one word by which everybody may use it."""

    id: int
    code: str
    name: dict[str, str]
    state: TemplateState
    terms: Terms
    prefix: str
    public_code: str | None
    revision: int
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime
    why: str = ""


class Coupon(Struct, frozen=True, kw_only=True):
    """One coupon. `state`: of it or of its batch, whichever weighs more: active, frozen or revoked.
    `id` 0: the word for all stands for it. `offered_until`: it is being given to a friend."""

    id: int
    template_id: int
    batch_id: int | None
    code: str
    member_id: int | None
    state: str
    source: str
    valid_from: datetime | None
    valid_until: datetime | None
    issued_at: datetime
    issued_by: str
    claimed_at: datetime | None
    offered_until: datetime | None
