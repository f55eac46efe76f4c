"""What a member has: balances, lots, holds and transfers."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from regulars.api import shapes
from regulars.api.contract import declared, respond
from regulars.api.paging import Paged, write_cursor
from regulars.api.reading import AsOf, RefIn
from regulars.api.state import ServedBy
from regulars.api.telling import tell_balance, tell_hold, tell_lot, tell_transfer
from regulars.domain.access import Scope
from regulars.domain.errors import MemberNotFound, NoProgramInForce
from regulars.domain.ids import MEMBER, encode
from regulars.services import points

router = APIRouter(prefix="/v1/members/{ref}", tags=["points"])


@router.get(
    "/balances",
    **declared(
        shapes.BalancesAnswer,
        scope=Scope.LEDGER_READ,
        refusals=(MemberNotFound, NoProgramInForce),
    ),
)
def get_balances(ref: RefIn, served: ServedBy, at: AsOf) -> Response:
    """What the member has of each currency, at any instant: past, now, or to come."""
    purse = points.purse(served.db, served.versions, ref, at=at, now=served.runtime.clock())
    balances = [tell_balance(found) for found in purse.currencies]
    return respond(shapes.BalancesAnswer(encode(MEMBER, purse.member_id), at, balances))


@router.get(
    "/lots",
    **declared(
        shapes.LotsAnswer, scope=Scope.LEDGER_READ, refusals=(MemberNotFound, NoProgramInForce)
    ),
)
def get_lots(ref: RefIn, served: ServedBy, page: Paged, at: AsOf) -> Response:
    """What has not been spent or lapsed, in the order in which it will be spent.

    The pages of one answer all tell of the same instant.
    """
    start, at = page.start(tuple[int, datetime]) or (0, at)
    number, lots = points.lots(served.db, served.versions, ref, at=at, now=served.runtime.clock())
    found, last = page.cut(lots[start:])
    following = None if last is None else write_cursor(start + page.limit, at)
    answer = shapes.LotsAnswer(
        encode(MEMBER, number), at, [tell_lot(lot) for lot in found], following
    )
    return page.respond(answer, following)


@router.get(
    "/holds",
    **declared(shapes.HoldsAnswer, scope=Scope.LEDGER_READ, refusals=(MemberNotFound,)),
)
def get_holds(ref: RefIn, served: ServedBy, at: AsOf) -> Response:
    """The holds that are open."""
    number, holds = points.holds(served.db, served.versions, ref, at=at)
    return respond(
        shapes.HoldsAnswer(encode(MEMBER, number), at, [tell_hold(held) for held in holds])
    )


@router.get(
    "/transfers",
    **declared(shapes.TransferPage, scope=Scope.LEDGER_READ, refusals=(MemberNotFound,)),
)
def get_transfers(
    ref: RefIn,
    served: ServedBy,
    page: Paged,
    currency: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Every movement on the member's accounts, newest recorded first."""
    number, posted = points.transfers(
        served.db,
        served.versions,
        ref,
        before=page.start(tuple[int, int]),
        currency=currency,
        limit=page.limit + 1,
    )
    found, last = page.cut(posted)
    following = None if last is None else write_cursor(last.event_id, last.id)
    items = [tell_transfer(one) for one in found]
    return page.respond(shapes.TransferPage(encode(MEMBER, number), items, following), following)
