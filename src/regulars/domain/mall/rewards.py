"""Rewards: what can be had for points, by whom and when; the terms as the operator wrote them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from regulars.domain.amounts import MAX_AMOUNT
from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.errors import ConditionInvalid, Fault, InvalidInput
from regulars.domain.events import Word
from regulars.domain.limits.limits import Limit, LimitKind, period_of
from regulars.domain.members import MemberView
from regulars.domain.periods import Local, Unit
from regulars.domain.programs.fields import audience_fields
from regulars.domain.programs.model import CurrencyKind, Program
from regulars.domain.programs.phrases import LANGUAGES

MAX_VARIANTS = 50
MAX_PLACES = 200
MAX_QUANTITY = 100
"""Of one reward at a time."""

PAY_MINUTES = 30
MAX_PAY_MINUTES = 7 * 24 * 60


class RewardKind(StrEnum):
    """What is given. A coupon or a service is handed out at once; goods have to get there."""

    GOODS = "goods"
    COUPON = "coupon"
    SERVICE = "service"
    DONATION = "donation"
    PARTNER_POINTS = "partner_points"


class RewardState(StrEnum):
    """Only an active reward is shown to members."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Way(StrEnum):
    """How it gets to the member."""

    ADDRESS = "address"
    PICK_UP = "pick_up"
    NONE = "none"


Words = dict[str, Annotated[str, Meta(max_length=2000)]]
"""A text by language: en, zh-CN."""

Code = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.:-]+$")]


class PickUpPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """A shop where it can be picked up."""

    code: Code
    name: Words


class RewardMemberLimit(Struct, frozen=True, forbid_unknown_fields=True):
    """How many one member may have: `per` day, week, month, year of the calendar, or ever."""

    most: Annotated[int, Meta(ge=1, le=10_000)]
    per: Annotated[str, Meta(pattern="^(day|week|month|year|ever)$")] = "ever"


class RewardAudience(Struct, frozen=True, forbid_unknown_fields=True):
    """Who may have it. Empty lists mean everybody; `where` is a condition over `member`."""

    tiers: Annotated[list[Code], Meta(max_length=20)] = []
    stages: Annotated[list[Code], Meta(max_length=20)] = []
    tags: Annotated[list[Code], Meta(max_length=50)] = []
    where: Annotated[str, Meta(max_length=2000)] = ""


class RewardTerms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the operator wrote of a reward. `template`: which coupon; `benefit`: of the program,
    for `benefit_days`; `partner`, `partner_points`: whose points, and how many of them."""

    name: Words
    description: Words = {}
    category: Annotated[str, Meta(max_length=60)] = ""
    currency: Word
    ways: Annotated[list[Way], Meta(max_length=3)] = []
    places: Annotated[list[PickUpPlace], Meta(max_length=MAX_PLACES)] = []
    per_member: RewardMemberLimit | None = None
    audience: RewardAudience = RewardAudience()
    pay_minutes: Annotated[int, Meta(ge=1, le=MAX_PAY_MINUTES)] = PAY_MINUTES
    template: Annotated[str, Meta(max_length=60)] = ""
    benefit: Annotated[str, Meta(max_length=60)] = ""
    benefit_days: Annotated[int, Meta(ge=1, le=3660)] = 30
    partner: Annotated[str, Meta(max_length=100)] = ""
    partner_points: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] = 0


class VariantTerms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A size or colour. Empty where a reward has only one."""

    sku: Annotated[str, Meta(max_length=60)] = ""
    name: Words = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A variant with its price. `stock`: pieces that ever came; None: as many as one likes."""

    id: int
    terms: VariantTerms
    points: int
    cash_minor: int = 0
    stock: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """A reward as it is kept. Smaller `rank` is shown earlier."""

    id: int
    kind: RewardKind
    state: RewardState
    revision: int
    terms: RewardTerms
    rank: int
    starts_at: datetime | None
    ends_at: datetime | None
    variants: Sequence[Variant]
    changed_at: datetime

    def variant(self, number: int) -> Variant | None:
        """One of its variants."""
        return next((one for one in self.variants if one.id == number), None)


def in_words(language: str, words: Mapping[str, str]) -> str:
    """The text in this language, else in the first there is."""
    return words.get(language) or next((text for text in words.values() if text), "")


def searched(terms: RewardTerms, variants: Sequence[VariantTerms]) -> str:
    """What a search looks at: names, category and article numbers, in small letters."""
    names = [*terms.name.values(), *(text for one in variants for text in one.name.values())]
    return " ".join([*names, terms.category, *(one.sku for one in variants)]).lower()


def check_terms(
    program: Program, kind: RewardKind, terms: RewardTerms, variants: Sequence[VariantTerms]
) -> None:
    """Raises InvalidInput, with all that is wrong."""
    faults = [*_name_faults("/terms/name", terms.name)]
    known = program.currencies.get(terms.currency)
    if known is None or known.kind is not CurrencyKind.SPENDABLE:
        faults.append(Fault("/terms/currency", "no currency that can be spent"))
    if not 0 < len(variants) <= MAX_VARIANTS:
        faults.append(Fault("/variants", f"1 to {MAX_VARIANTS} are needed"))
    if len(variants) > 1:
        for place, one in enumerate(variants):
            faults += _name_faults(f"/variants/{place}/name", one.name)
    faults += _way_faults(kind, terms)
    needed = {
        RewardKind.COUPON: ("template", terms.template),
        RewardKind.SERVICE: ("benefit", terms.benefit),
        RewardKind.PARTNER_POINTS: ("partner", terms.partner),
    }
    if kind in needed and not needed[kind][1]:
        faults.append(Fault(f"/terms/{needed[kind][0]}", "needed for this kind"))
    faults += _audience_faults(program, terms.audience)
    if faults:
        raise InvalidInput("The reward cannot be kept like this.", faults=faults)


def _name_faults(pointer: str, words: Mapping[str, str]) -> list[Fault]:
    if not any(words.values()):
        return [Fault(pointer, f"needed in {' or '.join(LANGUAGES)}")]
    return [Fault(f"{pointer}/{code}", "no language of ours") for code in words.keys() - LANGUAGES]


def _way_faults(kind: RewardKind, terms: RewardTerms) -> list[Fault]:
    if kind is not RewardKind.GOODS:
        return [Fault("/terms/ways", "only goods have to get there")] if terms.ways else []
    if not terms.ways:
        return [Fault("/terms/ways", "goods are sent or picked up")]
    if Way.PICK_UP in terms.ways and not terms.places:
        return [Fault("/terms/places", "where is it picked up?")]
    codes = [place.code for place in terms.places]
    if len(set(codes)) < len(codes):
        return [Fault("/terms/places", "each code once")]
    return []


def _audience_faults(program: Program, audience: RewardAudience) -> list[Fault]:
    faults = []
    tiers = {tier.code for tier in program.ladder.tiers} if program.ladder else set()
    for place, code in enumerate(audience.tiers):
        if code not in tiers:
            faults.append(Fault(f"/terms/audience/tiers/{place}", "no tier of the program"))
    if audience.where:
        try:
            check(parse(audience.where), audience_fields(program.attributes))
        except ConditionInvalid as error:
            faults.append(Fault("/terms/audience/where", error.detail, "condition_invalid"))
    return faults


def is_for(program: Program, audience: RewardAudience, view: MemberView, at: datetime) -> bool:
    """Whether the member is among those who may have it. A condition that cannot be worked out, or
    that the program has outgrown, lets nobody in."""
    if audience.tiers and view.tier not in audience.tiers:
        return False
    if audience.stages and view.stage not in audience.stages:
        return False
    if audience.tags and not set(audience.tags) & set(view.tags):
        return False
    if not audience.where:
        return True
    try:
        test = check(parse(audience.where), audience_fields(program.attributes)).python()
        return bool(test(None, view, None, None, at))
    except (ConditionInvalid, EvaluationError):
        return False


def why_not(program: Program, reward: Reward, view: MemberView, at: datetime) -> str:
    """Why the member cannot have it, stock and points aside; "" where they can."""
    if reward.state is not RewardState.ACTIVE:
        return "not_offered"
    if reward.starts_at is not None and at < reward.starts_at:
        return "not_begun"
    if reward.ends_at is not None and reward.ends_at <= at:
        return "over"
    return "" if is_for(program, reward.terms.audience, view, at) else "not_for_you"


def stock_limit(variant: Variant) -> Limit:
    """What counts the pieces of a variant."""
    return Limit(LimitKind.STOCK, f"variant:{variant.id}", most=variant.stock)


def member_limit(reward: Reward, member_id: int, local: Local) -> Limit:
    """What counts how many of a reward one member has had; without a limit too."""
    limit = reward.terms.per_member
    unit = None if limit is None or limit.per == "ever" else Unit(limit.per)
    return Limit(
        LimitKind.REWARD,
        f"reward:{reward.id}",
        member_id,
        period_of(unit, local),
        None if limit is None else limit.most,
    )
