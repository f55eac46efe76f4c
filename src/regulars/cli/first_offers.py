"""Something to use for whoever tries things out: coupons to claim, a small mall, a sale, a draw."""

from datetime import datetime, timedelta
from hashlib import sha256

from regulars.cli.session import by_operator
from regulars.domain.coupons.templates import ClaimTerms, Give, Goods, TemplateState, Terms
from regulars.domain.errors import InsufficientPoints, MemberNotFound, RegularsError
from regulars.domain.ids import MemberRef
from regulars.domain.mall.rewards import (
    PickUpPlace,
    Reward,
    RewardKind,
    RewardState,
    RewardTerms,
    Variant,
    VariantTerms,
    Way,
)
from regulars.domain.mall.sales import Sale, SaleTerms
from regulars.domain.mall.wishes import Wish
from regulars.domain.play.draws import (
    DrawPrice,
    DrawState,
    DrawTerms,
    Prize,
    PrizeKind,
    TurnLimit,
)
from regulars.domain.programs.model import CurrencyKind, Program
from regulars.runtime import Runtime
from regulars.services import members
from regulars.services.coupons import templates
from regulars.services.coupons.house import House as Coupons
from regulars.services.coupons.templates import Wish as TemplateWish
from regulars.services.mall import offering
from regulars.services.mall.redeeming import Redeeming
from regulars.services.play import draws
from regulars.services.play.draws import House as Draws
from regulars.services.play.seeds import Seeds
from regulars.services.sales import running
from regulars.storage.programs import Versions

SHOPPERS = 40
"""So many of the invented members have redeemed something."""

SALE_LASTS = timedelta(days=7)
DRAW_LASTS = timedelta(days=30)
SHOP = PickUpPlace("main-street", {"en": "Main Street", "zh-CN": "主街店"})


def settle(run: Runtime, program: Program) -> None:
    """Make offers in the program's money and its first currency that can be spent."""
    currency = next(
        (
            code
            for code, known in program.currencies.items()
            if known.kind is CurrencyKind.SPENDABLE
        ),
        None,
    )
    if currency is None:
        return
    now = run.clock()
    _coupons(run, program.money, now)
    tote, *_ = rewards = _rewards(run, currency, now)
    _redeem(run, rewards, now)
    _sale(run, tote, now)
    _draw(run, currency, now)


def _coupons(run: Runtime, money: str, now: datetime) -> None:
    house = Coupons(run.db, Versions(run.organization))
    by = by_operator(run)
    for code, name, terms in (
        (
            "welcome-10",
            {"en": "10 % off, at most 5.00", "zh-CN": "九折，最高减5.00"},
            Terms(
                give=Give.PERCENTAGE, currency=money, percent="10", ceiling=500, valid_for="P30D",
                total=5_000, claim=ClaimTerms(total=5_000), is_giftable=True,
            ),
        ),
        (
            "fresh-2",
            {"en": "2.00 off fresh food from 10.00", "zh-CN": "生鲜满10.00减2.00"},
            Terms(
                give=Give.AMOUNT, currency=money, amount=200, threshold=1_000, valid_for="P14D",
                goods=Goods(categories=("PRODUCE", "MEAT", "SEAFOOD")), claim=ClaimTerms(),
            ),
        ),
    ):  # fmt: skip
        made = templates.create(house, code, TemplateWish(name, terms), by=by, now=now)
        templates.move(
            house, made.id, TemplateState.ACTIVE, why="to try things out", by=by, now=now
        )


def _rewards(run: Runtime, currency: str, now: datetime) -> list[Reward]:
    """The tote bag first."""
    goods = {"ways": [Way.ADDRESS, Way.PICK_UP], "places": [SHOP]}
    return [
        _reward(run, now, kind, RewardTerms(currency=currency, **terms), variants)
        for kind, terms, variants in (
            (
                RewardKind.GOODS,
                {
                    "name": {"en": "Tote bag", "zh-CN": "环保购物袋"},
                    "description": {"en": "Cotton, holds a week.", "zh-CN": "棉布，装得下一周。"},
                    "category": "home",
                    **goods,
                },
                [_variant(300, 200)],
            ),
            (
                RewardKind.GOODS,
                {"name": {"en": "Mug", "zh-CN": "马克杯"}, "category": "home", **goods},
                [
                    _variant(450, 40, "mug-green", {"en": "Green", "zh-CN": "绿色"}),
                    _variant(450, 0, "mug-white", {"en": "White", "zh-CN": "白色"}),
                ],
            ),
            (
                RewardKind.COUPON,
                {
                    "name": {"en": "A coupon over 10 %", "zh-CN": "九折券"},
                    "category": "coupons",
                    "template": "welcome-10",
                },
                [_variant(200, None)],
            ),
            (
                RewardKind.DONATION,
                {"name": {"en": "A meal for the food bank", "zh-CN": "捐一份爱心餐"},
                 "category": "giving"},
                [_variant(100, None)],
            ),
        )
    ]  # fmt: skip


def _variant(
    points: int, stock: int | None, sku: str = "", name: dict[str, str] | None = None
) -> Variant:
    return Variant(id=0, terms=VariantTerms(sku=sku, name=name or {}), points=points, stock=stock)


def _reward(
    run: Runtime, now: datetime, kind: RewardKind, terms: RewardTerms, variants: list[Variant]
) -> Reward:
    wanted = Reward(
        id=0, kind=kind, state=RewardState.ACTIVE, revision=0, terms=terms, rank=0,
        starts_at=None, ends_at=None, variants=variants, changed_at=now,
    )  # fmt: skip
    versions = Versions(run.organization)
    return offering.create(run.db, versions, wanted, by=by_operator(run), now=now).reward


def _redeem(run: Runtime, offered: list[Reward], now: datetime) -> None:
    """Some of those who come most often have redeemed something, if they have the points."""
    take_many = run.intake(run.organization).take_many_within
    redeeming = Redeeming(run.db, run.cabinet, run.organization, take_many)
    wishes = [
        _wish(member_id, offered[place % 2])
        for place in range(SHOPPERS)
        if (member_id := _shopper(run, place + 1, now))
    ]
    for outcome in redeeming.take_in(wishes, now):
        if isinstance(outcome, RegularsError) and not isinstance(outcome, InsufficientPoints):
            raise outcome


def _shopper(run: Runtime, number: int, now: datetime) -> int | None:
    ref = MemberRef(None, "card", f"{number:08}")
    try:
        return members.look(run.db, Versions(run.organization), ref, now).member.id
    except MemberNotFound:
        return None


def _wish(member_id: int, reward: Reward) -> Wish:
    variant = reward.variants[0].id
    said = f"{member_id} {variant}"
    return Wish(
        member_id=member_id, variant_id=variant, way=Way.PICK_UP, place=SHOP.code,
        key=f"first:{variant}", digest=sha256(said.encode()).hexdigest(),
        by=f"member:{member_id}",
    )  # fmt: skip


def _sale(run: Runtime, reward: Reward, now: datetime) -> None:
    name = {"en": "Tote bag of the week", "zh-CN": "本周特价购物袋"}
    sale = Sale(
        id=0, reward_id=reward.id, variant_id=reward.variants[0].id, state=RewardState.ACTIVE,
        revision=0, terms=SaleTerms(name), points=150, cash_minor=0, pieces=50, per_member=1,
        starts_at=now, ends_at=now + SALE_LASTS, changed_at=now,
    )  # fmt: skip
    running.create(run.db, Versions(run.organization), sale, by=by_operator(run), now=now)


def _draw(run: Runtime, currency: str, now: datetime) -> None:
    terms = DrawTerms(
        name={"en": "Wheel of the month", "zh-CN": "每月转盘"},
        price=DrawPrice(currency, 20),
        limits=[TurnLimit(3, "day")],
        out_of=100,
        prizes=[
            _points("points_500", currency, 500, 1),
            _points("points_50", currency, 50, 19),
            Prize(
                code="nothing", name={"en": "Nothing this time", "zh-CN": "这次没中"},
                kind=PrizeKind.NOTHING, weight=80,
            ),
        ],
    )  # fmt: skip
    house = Draws(run.db, Versions(run.organization), Seeds(run.cabinet, run.organization))
    by = by_operator(run)
    made, _ = draws.create(house, terms, (now, now + DRAW_LASTS), by=by, key="first", now=now)
    draws.move(house, made.draw.id, DrawState.ACTIVE, mark=None, by=by, now=now)


def _points(code: str, currency: str, amount: int, weight: int) -> Prize:
    name = {"en": f"{amount} points", "zh-CN": f"{amount}积分"}
    return Prize(code=code, name=name, kind=PrizeKind.POINTS, weight=weight, currency=currency,
                 amount=amount)  # fmt: skip
