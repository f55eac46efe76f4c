"""Flash sales over HTTP: for the operator, and for members who buy."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.mall.own import CREATED, REDEEMING, RedeemIn, redeem
from regulars.api.mall.reading import RevisionIn, SaleIdIn, variant_number
from regulars.api.mall.rewards import money_of
from regulars.api.mall.shapes import RedemptionAnswer
from regulars.api.me import signed_in_member
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import IdempotencyKey, Language, body_of
from regulars.api.sales.shapes import (
    FlashSalesAnswer,
    OwnSaleAnswer,
    OwnSalesAnswer,
    SaleAnswer,
    SaleIn,
    SaleLiveAnswer,
    SoldAnswer,
    sale_of,
    tell_own_sale,
    tell_sale,
)
from regulars.api.state import AccessBy, Served, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import (
    Fault,
    InvalidInput,
    Malformed,
    NoProgramInForce,
    StaleMark,
    TooLarge,
)
from regulars.domain.mall.refusals import SaleNotFound, SaleNotOpen
from regulars.domain.mall.sales import Sale
from regulars.services.sales import running
from regulars.services.sales.running import Running

router = APIRouter(prefix="/v1", tags=["sales"])

EXAMPLE = {
    "variant": "var_2v9c3n5x7k1qd",
    "name": {"en": "Friday at ten", "zh-CN": "周五十点抢购"},
    "state": "active",
    "points": 100,
    "pieces": 100,
    "per_member": 1,
    "starts_at": "2026-11-27T02:00:00Z",
    "ends_at": "2026-11-27T03:00:00Z",
}
WRITING = (Malformed, TooLarge, NoProgramInForce)


@router.get(
    "/sales", **declared(FlashSalesAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,))
)
def list_sales(served: ServedBy, page: Paged, language: Language) -> Response:
    """All sales, newest first."""
    (before,) = page.start(tuple[int]) or (None,)
    now = served.runtime.clock()
    found = running.page(
        served.db, served.organization, before=before, limit=page.limit + 1, now=now
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.sale.id)
    money = money_of(served)
    items = [tell_sale(one, money, language, now) for one in shown]
    return page.respond(FlashSalesAnswer(items, following), following)


@router.post(
    "/sales",
    **declared(
        SaleAnswer, scope=Scope.OFFERS_WRITE, status=CREATED, body=SaleIn, example=EXAMPLE,
        refusals=WRITING,
    ),
)  # fmt: skip
def create_sale(
    served: ServedBy,
    by: ByIn,
    language: Language,
    body: Annotated[SaleIn, Depends(body_of(SaleIn))],
) -> Response:
    """Add a sale. Members see it once it is active, and buy from its beginning on."""
    sale = _wanted(served, body, 0)
    made = running.create(served.db, served.versions, sale, by=by, now=sale.changed_at)
    return _tell(served, made, language, CREATED)


@router.get(
    "/sales/{sale}",
    **declared(SaleAnswer, scope=Scope.OFFERS_READ, refusals=(SaleNotFound, NoProgramInForce)),
)
def get_sale(served: ServedBy, sale: SaleIdIn, language: Language) -> Response:
    """A sale. Its ETag stands for the revision; what is left has none."""
    found = running.get(served.db, served.organization, sale, served.runtime.clock())
    return _tell(served, found, language)


@router.put(
    "/sales/{sale}",
    **declared(
        SaleAnswer, scope=Scope.OFFERS_WRITE, body=SaleIn, example=EXAMPLE,
        refusals=(*WRITING, SaleNotFound, StaleMark),
    ),
)  # fmt: skip
def change_sale(
    served: ServedBy,
    by: ByIn,
    sale: SaleIdIn,
    mark: RevisionIn,
    *,
    language: Language,
    body: Annotated[SaleIn, Depends(body_of(SaleIn))],
) -> Response:
    """Write a sale anew, with If-Match only if nobody else did meanwhile. What was sold stays
    sold."""
    wanted = _wanted(served, body, sale)
    done = running.change(
        served.db, served.versions, wanted, mark=mark, by=by, now=wanted.changed_at
    )
    served.mall.look_again(sale)
    return _tell(served, done, language)


@router.get(
    "/sales/{sale}/live",
    **declared(SaleLiveAnswer, scope=Scope.OFFERS_READ, refusals=(SaleNotFound, NoProgramInForce)),
)
def watch_sale(served: ServedBy, sale: SaleIdIn, language: Language) -> Response:
    """What is left, and how many pieces went in each second."""
    now = served.runtime.clock()
    found = running.get(served.db, served.organization, sale, now)
    seconds = running.sold(served.db, served.organization, sale)
    told = tell_sale(found, money_of(served), language, now)
    return respond(SaleLiveAnswer(told, [SoldAnswer(*one) for one in seconds]))


@router.get(
    "/me/sales",
    **declared(OwnSalesAnswer, scope=Scope.SELF_READ, refusals=(NoProgramInForce,)),
)
def list_my_sales(served: ServedBy, access: AccessBy, language: Language) -> Response:
    """What is announced or open."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    found = running.shown(served.db, served.versions, member_id, now)
    money = money_of(served)
    return respond(OwnSalesAnswer([tell_own_sale(one, money, language, now) for one in found]))


@router.get(
    "/me/sales/{sale}",
    **declared(OwnSaleAnswer, scope=Scope.SELF_READ, refusals=(SaleNotFound, NoProgramInForce)),
)
def get_my_sale(served: ServedBy, access: AccessBy, sale: SaleIdIn, language: Language) -> Response:
    """A sale, with the server's time to count down by."""
    member_id, now = signed_in_member(access), served.runtime.clock()
    found = running.own(served.db, served.versions, member_id, sale, now)
    return respond(tell_own_sale(found, money_of(served), language, now))


@router.post(
    "/me/sales/{sale}/purchases",
    **declared(
        RedemptionAnswer,
        scope=Scope.SELF_WRITE,
        status=CREATED,
        body=RedeemIn,
        example={"variant": "var_2v9c3n5x7k1qd", "way": "pick_up", "place": "store-1"},
        refusals=(*REDEEMING, SaleNotFound, SaleNotOpen),
    ),
)
async def buy_at_sale(
    served: ServedBy,
    access: AccessBy,
    key: IdempotencyKey,
    sale: SaleIdIn,
    *,
    language: Language,
    body: Annotated[RedeemIn, Depends(body_of(RedeemIn))],
) -> Response:
    """Buy at a sale: in the order of arrival, each at most as often as the sale allows. Each buyer
    gets a definite answer: it is theirs, `sold_out`, `limit_reached`, or `sale_not_open`."""
    return await redeem(served, access, key, language, body, sale_id=sale)


def _wanted(served: Served, body: SaleIn, number: int) -> Sale:
    if body.cash and body.cash.currency != money_of(served):
        raise InvalidInput("Cash parts are in the program's currency.", faults=[Fault("/cash", "")])
    variant = variant_number(body.variant)
    reward = running.reward_of_variant(served.db, served.organization, variant)
    return sale_of(body, number, reward_id=reward, variant_id=variant, at=served.runtime.clock())


def _tell(served: Served, found: Running, language: str, status: int = 200) -> Response:
    told = tell_sale(found, money_of(served), language, served.runtime.clock())
    return respond(told, status, {"etag": f'"{found.sale.revision}"'})
