"""Orders looked at over HTTP: many, and one in full."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from regulars.api.contract import declared, respond
from regulars.api.orders.reading import OrderIdIn
from regulars.api.orders.shapes import OrderAnswer, OrderPage
from regulars.api.orders.telling import tell_listed, tell_whole
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import Language, instant, named
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.errors import InvalidInput, MemberNotFound
from regulars.domain.ids import COUPON, decode
from regulars.domain.orders.states import OrderNotFound, OrderState
from regulars.services.orders import looking
from regulars.storage.orders.search import Wanted

router = APIRouter(prefix="/v1", tags=["orders"])

_Instant = Annotated[str | None, Query(json_schema_extra={"format": "date-time"})]
_Word = Annotated[str | None, Query(min_length=1, max_length=200)]


@router.get("/orders", **declared(OrderPage, scope=Scope.ORDERS_READ, refusals=(MemberNotFound,)))
def list_orders(
    *,
    served: ServedBy,
    access: AccessBy,
    page: Paged,
    state: Annotated[OrderState | None, Query(description="Where they stand")] = None,
    member: Annotated[
        _Word, Query(description="A member's id or reference", examples=["card:4711"])
    ] = None,
    store: Annotated[_Word, Query(description="Where they were opened")] = None,
    source: Annotated[_Word, Query(description="Of this till or shop")] = None,
    id: Annotated[_Word, Query(description="The till's own number")] = None,  # noqa: A002
    coupon: Annotated[_Word, Query(description="That used or reserved this coupon (cpn_…)")] = None,
    since: Annotated[_Instant, Query(alias="from", description="Opened from then on")] = None,
    until: Annotated[_Instant, Query(alias="to", description="Opened before then")] = None,
) -> Response:
    """Orders, the newest first."""
    if any("\0" in text for text in (store, source, id) if text):
        raise InvalidInput("A search holds no null characters.")
    (before,) = page.start(tuple[int]) or (None,)
    now = served.runtime.clock()
    wanted = Wanted(
        state=state,
        store=store,
        source=source,
        external_id=id,
        since=None if since is None else instant(since, "/query/from"),
        until=None if until is None else instant(until, "/query/to"),
        coupon=None if coupon is None else decode(COUPON, coupon) or 0,
    )
    about = None if member is None else named(served, access, member, "/query/member")
    found = looking.found(
        served.db,
        served.organization,
        wanted,
        about=about,
        before=before,
        limit=page.limit + 1,
        now=now,
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    return page.respond(OrderPage([tell_listed(one, now) for one in shown], following), following)


@router.get(
    "/orders/{order}", **declared(OrderAnswer, scope=Scope.ORDERS_READ, refusals=(OrderNotFound,))
)
def get_order(served: ServedBy, order: OrderIdIn, language: Language) -> Response:
    """One order in full: prices line by line, what applied and what did not, what it holds, and
    all that happened to it."""
    found = looking.whole(served.db, served.organization, order)
    return respond(tell_whole(found, language, served.runtime.clock()))
