"""POST /v1/me/sales/{sale}/purchases in bare ASGI: thousands ask for it within a second, and most
of them get one word. Its route describes it for the OpenAPI document all the same."""

import re
from time import perf_counter

import anyio.to_thread
import msgspec
from starlette.requests import Request

from regulars.api import bodies
from regulars.api.answers import language_in
from regulars.api.bodies import HungUpError, Receive, Send
from regulars.api.callers import recognise
from regulars.api.intake import HUNG_UP
from regulars.api.mall.own import CREATED, RedeemIn, wish_of
from regulars.api.mall.shapes import tell_redemption
from regulars.api.me import signed_in_member
from regulars.api.operations import REPLAYED
from regulars.api.problems import MEDIA_TYPE, encode, extra_headers, failure, problem_of
from regulars.api.reading import MAX_BODY_BYTES, MAX_KEY, raw_body
from regulars.api.state import House, Served
from regulars.domain.access import Scope
from regulars.domain.envelopes import told
from regulars.domain.errors import Fault, InvalidInput, RegularsError
from regulars.domain.ids import SALE, decode
from regulars.domain.mall.refusals import SoldOut
from regulars.domain.programs.phrases import LANGUAGES
from regulars.services.mall import showing
from regulars.services.mall.redeeming import Taken

ROUTE = "/v1/me/sales/{sale}/purchases"
PATH = re.compile(r"/v1/me/sales/(sal_[0-9a-z]{13})/purchases")
KEY = re.compile(rf"[\x21-\x7e]{{1,{MAX_KEY}}}")

_body = msgspec.json.Decoder(RedeemIn)
_PROBLEM = MEDIA_TYPE.encode()
Headers = list[tuple[bytes, bytes]]


class PurchasesRoute:
    """An ASGI application for one route. Belongs to one event loop."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, scope: bodies.Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = perf_counter()
        request = Request(scope, receive)
        more: Headers = []
        try:
            status, body, said = await self._answer(request)
            await bodies.answer(send, status, body, headers=[*self._window(request), *said])
        except HungUpError:
            status = HUNG_UP
        except Exception as error:
            refusal = error if isinstance(error, RegularsError) else failure(error)
            problem = problem_of(refusal)
            status = problem.status
            more = [*self._window(request), *extra_headers(status, refusal)]
            await bodies.answer(send, status, encode(problem), media_type=_PROBLEM, headers=more)
        self._house.desk.counts.request(ROUTE, "POST", status, perf_counter() - began)

    def _window(self, request: Request) -> Headers:
        window = getattr(request.state, "window", None)
        return [] if window is None else self._house.limits.headers(window)

    async def _answer(self, request: Request) -> tuple[int, bytes, Headers]:
        access = await recognise(request, self._house, Scope.SELF_WRITE)
        member_id = signed_in_member(access)
        match = PATH.fullmatch(request.url.path)
        sale_id = decode(SALE, match[1]) if match else None
        served = self._house.at(access.organization)
        if sale_id is not None and served.mall.is_sold_out(sale_id, member_id):
            raise SoldOut
        key = request.headers.get("idempotency-key", "")
        if not KEY.fullmatch(key):
            raise InvalidInput(
                "Send an Idempotency-Key of 1 to 200 visible letters.",
                faults=[Fault("/header/idempotency-key", "needed")],
            )
        raw = await raw_body(request, MAX_BODY_BYTES)
        try:
            body = _body.decode(raw or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise told(error, "", "request") from error
        wish = wish_of(member_id, key, body, sale_id=sale_id or 0, by=access.actor)
        taken = await served.mall.submit(wish)
        header = request.headers.get("accept-language", "")
        language = language_in(header) if header else LANGUAGES[0]
        answer = await anyio.to_thread.run_sync(_told, served, taken, language)
        replayed = [(REPLAYED.encode(), b"true")] if taken.is_repeat else []
        return CREATED, answer, replayed


def _told(served: Served, taken: Taken, language: str) -> bytes:
    found = showing.one(served.db, served.organization, taken.redemption.id)
    return encode(tell_redemption(found, language, served.runtime.clock(), is_own=True))
