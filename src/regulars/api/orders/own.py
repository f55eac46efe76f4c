"""A member's own orders."""

from fastapi import APIRouter, Response
from msgspec.structs import replace

from regulars.api.contract import declared, respond
from regulars.api.me import signed_in_member
from regulars.api.orders.reading import OrderIdIn
from regulars.api.orders.shapes import OrderAnswer, OrderPage
from regulars.api.orders.telling import tell_listed, tell_whole
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import Language
from regulars.api.state import AccessBy, ServedBy
from regulars.domain.access import Scope
from regulars.domain.ids import MemberRef
from regulars.domain.orders.states import OrderNotFound
from regulars.services.orders import looking
from regulars.storage.orders.search import Wanted

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("/orders", **declared(OrderPage, scope=Scope.SELF_READ))
def list_my_orders(served: ServedBy, access: AccessBy, page: Paged) -> Response:
    """The member's orders, the newest first. Only for the member in person."""
    (before,) = page.start(tuple[int]) or (None,)
    now = served.runtime.clock()
    found = looking.found(
        served.db,
        served.organization,
        Wanted(),
        about=MemberRef(signed_in_member(access)),
        before=before,
        limit=page.limit + 1,
        now=now,
    )
    shown, last = page.cut(found)
    following = None if last is None else write_cursor(last.id)
    return page.respond(OrderPage([tell_listed(one, now) for one in shown], following), following)


@router.get(
    "/orders/{order}", **declared(OrderAnswer, scope=Scope.SELF_READ, refusals=(OrderNotFound,))
)
def get_my_order(
    served: ServedBy, access: AccessBy, order: OrderIdIn, language: Language
) -> Response:
    """One order of the member in full. Only for the member in person."""
    member_id = signed_in_member(access)
    found = looking.whole(served.db, served.organization, order, member_id=member_id)
    # Who of the staff did what is not the member's to read.
    told = tell_whole(found, language, served.runtime.clock())
    steps = [replace(one, actor="", facts={}) for one in told.steps]
    return respond(replace(told, steps=steps))
