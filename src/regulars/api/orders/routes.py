"""Orders over HTTP, for tills and shops: opened, confirmed, cancelled, returned, looked at."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Response
from msgspec import Raw, Struct

from regulars.api.answers import CREATED, OK
from regulars.api.callers import ByIn
from regulars.api.contract import declared, respond
from regulars.api.orders.opening import check_codes, demand_names, member, opened, status_of
from regulars.api.orders.reading import OrderIdIn
from regulars.api.orders.shapes import (
    OrderAnswer,
    OrderCancelIn,
    OrderConfirmIn,
    OrderIn,
    OrderQuoteAnswer,
    OrderQuoteIn,
    OrderReportIn,
    OrderReturnIn,
    OrdersConfirmIn,
    tell_quote,
)
from regulars.api.orders.telling import tell_done
from regulars.api.problems import encode, problem_of
from regulars.api.reading import Language, body_of, in_utc
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.audit import By
from regulars.domain.envelopes import MAX_AHEAD
from regulars.domain.errors import (
    AlreadyReturned,
    EventConflict,
    Fault,
    InsufficientPoints,
    InvalidInput,
    Malformed,
    MemberNotFound,
    NoProgramInForce,
    NotAllowed,
    Overloaded,
    RegularsError,
    TooLarge,
    TooManyRequests,
)
from regulars.domain.ids import ORDER, decode, write_ref
from regulars.domain.limits.refusals import LimitReached, ReservationLost
from regulars.domain.merging.refusals import MemberFrozen
from regulars.domain.orders.marks import digest_of
from regulars.domain.orders.states import (
    CancelTooLate,
    OfferLost,
    OrderClosed,
    OrderNotFound,
    OrderTimedOut,
    QuoteChanged,
)
from regulars.domain.uses import refuse_personal
from regulars.services.orders import looking
from regulars.services.orders.asking import (
    Cancelling,
    Confirming,
    Done,
    Reporting,
    Returning,
)

router = APIRouter(prefix="/v1", tags=["orders"])

CART = {
    "currency": "CNY",
    "lines": [
        {"unit_amount": 1800, "quantity": 2, "sku": "oat-latte", "category": "drinks"},
        {"amount": 4200, "sku": "mug", "category": "goods"},
    ],
    "codes": [],
    "store": "nanjing-road",
}
REPORT = {
    "id": "A-0997",
    "source": "till-7",
    "member": "card:4711",
    "time": "2026-03-01T15:30:00Z",
    "sold": {"currency": "CNY", "lines": [{"amount": 3240, "discount": 360, "quantity": 2}]},
}
_READING = (Malformed, TooLarge, MemberNotFound, NoProgramInForce, Overloaded)
_PRICING = (*_READING, InsufficientPoints, NotAllowed, TooManyRequests)


class OrderConfirmedItem(Struct, frozen=True, omit_defaults=True):
    """What became of one order of many: `answer`, or `problem`."""

    status: int
    answer: OrderAnswer | None = None
    problem: Raw | None = None


class OrdersConfirmedAnswer(Struct, frozen=True):
    """One item for each order, in their order."""

    items: list[OrderConfirmedItem]


@router.post(
    "/orders",
    **declared(
        OrderAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        again=OK,
        body=OrderIn,
        example={"id": "A-1001", "source": "till-7", "member": "card:4711", "cart": CART},
        refusals=(*_PRICING, OfferLost, QuoteChanged, LimitReached, OrderClosed, MemberFrozen),
    ),
)
async def open_order(
    *,
    body: Annotated[OrderIn, Depends(body_of(OrderIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Quote a cart and hold what it takes: points, coupons, quotas. The same again gets the same
    answer; other content under the same number is quoted anew, and what was held moves with it. A
    code that was asked for and is used up meanwhile is refused, never passed over in silence. Who
    goes on asking for codes that there are not has to wait."""
    done = await opened(served, access, by, body)
    return respond(tell_done(done, language, served.runtime.clock()), status_of(done))


@router.post(
    "/orders:quote",
    **declared(
        OrderQuoteAnswer,
        scope=Scope.ORDERS_WRITE,
        body=OrderQuoteIn,
        example={"member": "card:4711", "cart": CART},
        refusals=_PRICING,
    ),
)
async def quote_order(
    *,
    body: Annotated[OrderQuoteIn, Depends(body_of(OrderQuoteIn))],
    served: ServedBy,
    access: AccessBy,
    language: Language,
) -> Response:
    """What a cart would cost this member, and why. Nothing is held or kept. Who goes on asking for
    codes that there are not has to wait."""
    ref = await member(served, access, body.member)
    await check_codes(served, access, body.cart.codes, ref)
    now = served.runtime.clock()
    made = await anyio.to_thread.run_sync(
        looking.priced, served.db, served.versions, ref, body.cart, now
    )
    return respond(tell_quote(made, body.cart.lines, language))


@router.post(
    "/orders/{order}/confirm",
    **declared(
        OrderAnswer,
        scope=Scope.ORDERS_WRITE,
        body=OrderConfirmIn,
        example={"payments": [{"method": "cash", "amount": 7800}], "reference": "R-88"},
        refusals=(
            Malformed, TooLarge, OrderNotFound, OrderClosed, OrderTimedOut, ReservationLost,
            QuoteChanged, EventConflict, MemberNotFound, MemberFrozen, NoProgramInForce, Overloaded,
        ),
    ),
)  # fmt: skip
async def confirm_order(
    *,
    order: OrderIdIn,
    body: Annotated[OrderConfirmIn, Depends(body_of(OrderConfirmIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """The order was paid: take for good what it holds, and record the purchase. Safe to repeat."""
    done = await served.orders.one(_confirming(order, body, by))
    return respond(tell_done(done, language, served.runtime.clock()))


def _confirming(number: int, body: OrderConfirmIn, by: By) -> Confirming:
    if body.reference is not None:
        refuse_personal({"/reference": body.reference})
    return Confirming(
        number=number,
        by=by,
        payments=body.payments,
        reference=body.reference,
        accept=body.accept,
    )


@router.post(
    "/orders:confirm",
    **declared(
        OrdersConfirmedAnswer,
        scope=Scope.ORDERS_WRITE,
        body=OrdersConfirmIn,
        example={"orders": [{"order": "ord_2v9c3n5x7k1qd"}]},
        refusals=(Malformed, TooLarge, Overloaded),
    ),
)
async def confirm_orders(
    *,
    body: Annotated[OrdersConfirmIn, Depends(body_of(OrdersConfirmIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Confirm up to 500 orders at once, each for itself."""
    work = [_confirming(decode(ORDER, one.order) or 0, one, by) for one in body.orders]
    now = served.runtime.clock()
    found = await served.orders.many(work)
    return respond(OrdersConfirmedAnswer([_item(one, language, now) for one in found]))


def _item(outcome: Done | RegularsError, language: str, now: object) -> OrderConfirmedItem:
    if isinstance(outcome, RegularsError):
        problem = problem_of(outcome)
        return OrderConfirmedItem(problem.status, problem=Raw(encode(problem)))
    return OrderConfirmedItem(OK, tell_done(outcome, language, now))  # type: ignore[arg-type]


@router.post(
    "/orders:report",
    **declared(
        OrderAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        again=OK,
        body=OrderReportIn,
        example=REPORT,
        refusals=(*_READING, OrderClosed, EventConflict, TooManyRequests),
    ),
)
async def report_order(
    *,
    body: Annotated[OrderReportIn, Depends(body_of(OrderReportIn))],
    served: ServedBy,
    access: AccessBy,
    by: ByIn,
    language: Language,
) -> Response:
    """An order that a till finished while it was off line. It is honoured as it was sold, never
    priced anew; `report` tells what no longer held, such as points that were not there any more.
    Who goes on reporting codes that there are not has to wait, and sends the order again."""
    now = served.runtime.clock()
    time = in_utc(body.time, "/time")
    if time > now + MAX_AHEAD:
        raise InvalidInput(
            "The order lies in the future; check the clock.",
            faults=[Fault("/time", "in the future")],
        )
    demand_names(body.source, body.id)
    if body.reference is not None:
        refuse_personal({"/reference": body.reference})
    ref = await member(served, access, body.member)
    await check_codes(served, access, body.sold.codes, ref, (body.source, body.id))
    asked = Reporting(
        source=body.source,
        external_id=body.id,
        ref=ref,
        sold=body.sold,
        time=time,
        digest=digest_of(write_ref(ref), body.sold, time.isoformat()),
        by=by,
        payments=body.payments,
        reference=body.reference,
    )
    done = await served.orders.one(asked)
    return respond(tell_done(done, language, now), OK if done.is_repeat else CREATED)


@router.post(
    "/orders/{order}/cancel",
    **declared(
        OrderAnswer,
        scope=Scope.ORDERS_WRITE,
        body=OrderCancelIn,
        example={"reason": "The customer changed their mind"},
        refusals=(Malformed, TooLarge, OrderNotFound, OrderClosed, CancelTooLate, Overloaded),
    ),
)
async def cancel_order(
    *,
    order: OrderIdIn,
    body: Annotated[OrderCancelIn, Depends(body_of(OrderCancelIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Give back what an order holds; of one confirmed within the last day, all that it did. Safe to
    repeat."""
    refuse_personal({"/reason": body.reason})
    done = await served.orders.one(Cancelling(number=order, by=by, reason=body.reason))
    return respond(tell_done(done, language, served.runtime.clock()))


@router.post(
    "/orders/{order}/returns",
    **declared(
        OrderAnswer,
        scope=Scope.ORDERS_WRITE,
        status=CREATED,
        again=OK,
        body=OrderReturnIn,
        example={"id": "ret-1", "lines": [{"line": 0, "quantity": 1}]},
        refusals=(
            Malformed, TooLarge, OrderNotFound, OrderClosed, AlreadyReturned, EventConflict,
            Overloaded,
        ),
    ),
)  # fmt: skip
async def return_order(
    *,
    order: OrderIdIn,
    body: Annotated[OrderReturnIn, Depends(body_of(OrderReturnIn))],
    served: ServedBy,
    by: ByIn,
    language: Language,
) -> Response:
    """Goods come back, by line and quantity: what was paid for them in money and points, what they
    had earned, and offers of which nothing is left. The same number again gets the same answer."""
    refuse_personal({"/reason": body.reason, "/id": body.id})
    asked = Returning(
        number=order,
        external_id=body.id,
        lines=tuple((one.line, one.quantity) for one in body.lines),
        by=by,
        with_delivery=body.with_delivery,
        reason=body.reason,
    )
    done = await served.orders.one(asked)
    status = OK if done.is_repeat else CREATED
    return respond(tell_done(done, language, served.runtime.clock()), status)
