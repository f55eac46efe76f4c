"""The endpoints of OAuth that programs call: metadata, keys, tokens, revocation, introspection.

They speak as their RFCs say, not as the rest of the API: forms come in, and refusals go out as
`{"error": …}`.
"""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

import anyio.to_thread
from fastapi import APIRouter, Request, Response

from regulars.api.callers import trace_of
from regulars.api.contract import JSON
from regulars.api.problems import encode
from regulars.api.reading import raw_body
from regulars.api.state import House, HouseBy
from regulars.domain.errors import Malformed
from regulars.services.authorization import answering
from regulars.services.authorization.requests import Answered, Asked
from regulars.settings import Settings

router = APIRouter(include_in_schema=False)

FORM = frozenset({"application/x-www-form-urlencoded"})
MAX_FORM_BYTES = 32_768
MAX_FIELDS = 50
METADATA = "/.well-known/oauth-authorization-server"
PER_MINUTE = 600
"""Requests from one address, before anybody has proven who they are."""

NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}
PUBLISHED = {"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
"""What everybody may know and keep for a while: no longer than a key is announced beforehand."""

Endpoint = Callable[..., Answered]


@router.get(METADATA)
def metadata(house: HouseBy) -> Response:
    """What this authorization server can do, and where (RFC 8414)."""
    told = answering.metadata(house.tokens.issuer)
    return Response(encode(told), media_type=JSON, headers=PUBLISHED)


@router.get(answering.JWKS)
def jwks(house: HouseBy) -> Response:
    """The public keys that tokens are verified by (RFC 7517)."""
    told = {"keys": house.tokens.published()}
    return Response(encode(told), media_type=JSON, headers=PUBLISHED)


@router.post(answering.TOKEN)
async def token(request: Request, house: HouseBy) -> Response:
    """A token for a code, a refresh token, or the application itself."""
    return await _answer(request, house, answering.TOKEN, answering.token)


@router.post(answering.REVOKE)
async def revoke(request: Request, house: HouseBy) -> Response:
    """A token is given back (RFC 7009)."""
    return await _answer(request, house, answering.REVOKE, answering.revoke)


@router.post(answering.INTROSPECT)
async def introspect(request: Request, house: HouseBy) -> Response:
    """Whether a token holds, and for what (RFC 7662)."""
    return await _answer(request, house, answering.INTROSPECT, answering.introspect)


async def _answer(request: Request, house: House, path: str, endpoint: Endpoint) -> Response:
    runtime = house.runtime
    house.limits.take_of_address(request, runtime.settings, path, PER_MINUTE)
    asked = Asked(
        "POST",
        address(runtime.settings, path),
        await form(request),
        request.headers.get("authorization"),
    )
    trace, now = trace_of(request), runtime.clock()
    answered = await anyio.to_thread.run_sync(
        lambda: endpoint(runtime.db, house.tokens, asked, now=now, trace=trace)
    )
    headers = dict(NO_STORE)
    if answered.challenge is not None:
        headers["www-authenticate"] = answered.challenge
    return Response(encode(answered.body), answered.status, headers, media_type=JSON)


def address(settings: Settings, path: str) -> str:
    """Where browsers and applications reach `path`, whatever the Host header says."""
    return settings.public_url + path


async def form(request: Request) -> Sequence[tuple[str, str]]:
    """What a form holds. Raises UnsupportedMediaType, TooLarge, Malformed."""
    raw = await raw_body(request, MAX_FORM_BYTES, FORM)
    try:
        return pairs(raw.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Malformed("The form is not written as application/x-www-form-urlencoded.") from error


def pairs(text: str) -> Sequence[tuple[str, str]]:
    """Names and values of a form or a query. Raises Malformed."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Malformed("The parameters cannot be read, or are too many.") from error
