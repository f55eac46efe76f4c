"""How routes are declared: scope, body, answer and refusals, for the checks and the OpenAPI."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from fastapi import Depends, Request, Response
from msgspec import Struct

from regulars.api.callers import recognise
from regulars.api.problems import (
    MEDIA_TYPE,
    STATUS,
    BodyTooSlow,
    HostNotServed,
    Unavailable,
    UriTooLong,
    encode,
    title_of,
)
from regulars.api.state import HouseBy
from regulars.domain.access import Access, Scope
from regulars.domain.applications import MAY_HAVE
from regulars.domain.errors import (
    InternalFault,
    InvalidInput,
    MissingScope,
    NotAuthenticated,
    RegularsError,
    TooManyRequests,
)

JSON = "application/json"
PAGE = "text/html"
COMPONENTS = "#/components/schemas/{name}"
PROBLEM = {"$ref": COMPONENTS.format(name="Problem")}
KEY_SCHEME = "apiKey"
OAUTH_SCHEME = "oauth2"
ACCEPTED = 202

AT_THE_DOOR = (HostNotServed, UriTooLong, BodyTooSlow)
"""What any request may be answered before a route is asked."""

ALWAYS = (
    NotAuthenticated, MissingScope, InvalidInput, TooManyRequests, InternalFault, Unavailable,
    *AT_THE_DOOR,
)  # fmt: skip
"""What every route that asks for a key may answer."""

ALWAYS_OPEN = (InvalidInput, TooManyRequests, InternalFault, Unavailable, *AT_THE_DOOR)
"""What a route may answer that asks for none."""

described: dict[str, type[Struct]] = {}
"""Every struct that some route reads or answers with, by name."""


@lru_cache
def demand(scope: Scope) -> Callable[..., Any]:
    """A dependency that lets only callers with `scope` pass, and tells who called."""

    async def demanded(request: Request, house: HouseBy) -> Access:
        return await recognise(request, house, scope)

    return demanded


def declared(
    answer: type[Struct],
    *,
    scope: Scope | None,
    status: int = 200,
    again: int | None = None,
    waits: type[Struct] | None = None,
    is_page_too: bool = False,
    body: type[Struct] | None = None,
    refusals: Iterable[type[RegularsError]] = (),
    example: object = None,
) -> dict[str, Any]:
    """The keyword arguments of a route that answers with `answer`.

    `scope` None: the route is open to whoever comes. `again`: the status of a repeat, where that
    is another. `waits`: what 202 answers, where the deed may have to wait for a second person.
    `is_page_too`: the caller may ask for the same as a page. `example` is of the body.
    """
    extra: dict[str, Any] = {}
    if scope is not None:
        extra["security"] = security(scope)
    if body is not None:
        extra["requestBody"] = {
            "required": True,
            "content": {
                JSON: {"schema": ref_to(body)} | ({} if example is None else {"example": example})
            },
        }
    told = _told(answer)
    if is_page_too:
        told["content"][PAGE] = {"schema": {"type": "string"}}
    return {
        "status_code": status,
        "dependencies": [] if scope is None else [Depends(demand(scope))],
        "response_class": Response,
        "openapi_extra": extra,
        "responses": {
            **{each: told for each in (status, again) if each is not None},
            **({} if waits is None else {ACCEPTED: _told(waits)}),
            **refused_with(*(ALWAYS_OPEN if scope is None else ALWAYS), *refusals),
        },
    }


def _told(answer: type[Struct]) -> dict[str, Any]:
    return {"description": words_of(answer), "content": {JSON: {"schema": ref_to(answer)}}}


def security(scope: Scope) -> list[dict[str, list[str]]]:
    """What opens a route: a key, or a token where applications may have the scope."""
    ways = [KEY_SCHEME, *([OAUTH_SCHEME] if scope in MAY_HAVE else [])]
    return [{way: [scope.value]} for way in ways]


def refused_with(*kinds: type[RegularsError]) -> dict[int | str, dict[str, Any]]:
    """The refusals by their status, each status with all its codes."""
    by_status: dict[int, list[type[RegularsError]]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(STATUS[kind.code], []).append(kind)
    return {
        status: {
            "description": " ".join(f"`{kind.code}`: {title_of(kind)}" for kind in found),
            "content": {MEDIA_TYPE: {"schema": PROBLEM}},
        }
        for status, found in sorted(by_status.items())
    }


def ref_to(kind: type[Struct]) -> dict[str, str]:
    """A reference to the schema of `kind`, which is put among the components by a name that is
    nobody else's."""
    known = described.setdefault(kind.__name__, kind)
    assert known is kind, f"{kind.__name__} names two structs"
    return {"$ref": COMPONENTS.format(name=kind.__name__)}


def words_of(kind: type[Struct]) -> str:
    """The first sentence of what a struct says of itself."""
    return (kind.__doc__ or "").strip().splitlines()[0]


def respond(answer: Struct, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The answer as JSON."""
    return Response(encode(answer), status, headers, media_type=JSON)
