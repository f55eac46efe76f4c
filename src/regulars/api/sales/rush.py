"""POST /v1/me/sales/{sale}/purchases in bare ASGI: thousands ask for it within a second, and most
of them get one word. Its route describes it for the OpenAPI document all the same."""

import re

import anyio.to_thread
from starlette.requests import Request

from regulars.api.bare import Answered, language_of_request
from regulars.api.callers import recognise
from regulars.api.mall.own import CREATED, RedeemIn, wish_of
from regulars.api.mall.shapes import tell_redemption
from regulars.api.me import signed_in_member
from regulars.api.operations import REPLAYED
from regulars.api.problems import encode
from regulars.api.reading import MAX_KEY, body_of
from regulars.api.state import House, Served
from regulars.domain.access import Scope
from regulars.domain.errors import Fault, InvalidInput
from regulars.domain.ids import SALE, decode
from regulars.domain.mall.refusals import SoldOut
from regulars.services.mall import showing
from regulars.services.mall.redeeming import Taken

ROUTE = "/v1/me/sales/{sale}/purchases"
PATH = re.compile(r"/v1/me/sales/(sal_[0-9a-z]{13})/purchases")
KEY = re.compile(rf"[\x21-\x7e]{{1,{MAX_KEY}}}")

_body = body_of(RedeemIn)


async def buy(house: House, request: Request) -> Answered:
    """What a member buys at a sale, or why not."""
    access = await recognise(request, house, Scope.SELF_WRITE)
    member_id = signed_in_member(access)
    match = PATH.fullmatch(request.url.path)
    sale_id = decode(SALE, match[1]) if match else None
    served = house.at(access.organization)
    if sale_id is not None and served.mall.is_sold_out(sale_id, member_id):
        raise SoldOut
    key = request.headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise InvalidInput(
            "Send an Idempotency-Key of 1 to 200 visible letters.",
            faults=[Fault("/header/idempotency-key", "needed")],
        )
    wish = wish_of(member_id, key, await _body(request), sale_id=sale_id or 0, by=access.actor)
    taken = await served.mall.submit(wish)
    answer = await anyio.to_thread.run_sync(_told, served, taken, language_of_request(request))
    replayed = [(REPLAYED.encode(), b"true")] if taken.is_repeat else []
    return CREATED, answer, replayed


def _told(served: Served, taken: Taken, language: str) -> bytes:
    found = showing.one(served.db, served.organization, taken.redemption.id)
    return encode(tell_redemption(found, language, served.runtime.clock(), is_own=True))
