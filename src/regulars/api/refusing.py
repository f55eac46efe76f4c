"""What FastAPI raises, answered as problem documents."""

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from regulars.api import bodies
from regulars.api.problems import (
    MEDIA_TYPE,
    MethodNotAllowed,
    RouteNotFound,
    encode,
    extra_headers,
    failure,
    problem_of,
)
from regulars.domain.errors import Fault, InvalidInput, Malformed, RegularsError

NOT_FOUND, NOT_ALLOWED = 404, 405

_PROBLEM = MEDIA_TYPE.encode()


def response_of(error: RegularsError) -> Response:
    """The problem document of `error`."""
    problem = problem_of(error)
    response = Response(encode(problem), problem.status, media_type=MEDIA_TYPE)
    for name, value in extra_headers(problem.status, error):
        response.headers[name.decode()] = value.decode()
    return response


async def send_refusal(send: bodies.Send, error: Exception, headers: bodies.Headers) -> int:
    """Answer in bare ASGI with the problem document of `error`, of ours or unforeseen, under these
    headers and its own; the status."""
    refusal = error if isinstance(error, RegularsError) else failure(error)
    problem = problem_of(refusal)
    await bodies.answer(
        send, problem.status, encode(problem), media_type=_PROBLEM,
        headers=[*headers, *extra_headers(problem.status, refusal)],
    )  # fmt: skip
    return problem.status


async def refused(_request: Request, error: RegularsError) -> Response:
    """A refusal of ours."""
    return response_of(error)


async def unforeseen(_request: Request, error: Exception) -> Response:
    """A failure of ours: it is logged, and its id told."""
    return response_of(failure(error))


async def unrouted(_request: Request, error: HTTPException) -> Response:
    """No such address, or not with this method; or a body that is no JSON."""
    if error.status_code == NOT_FOUND:
        return response_of(RouteNotFound())
    if error.status_code == NOT_ALLOWED:
        response = response_of(MethodNotAllowed())
        response.headers.update(error.headers or {})
        return response
    return response_of(Malformed(str(error.detail)))


async def invalid(_request: Request, error: RequestValidationError) -> Response:
    """Parameters or a body that do not fit."""
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return response_of(Malformed("The body of the request is not JSON in UTF-8."))
    faults = [Fault(_pointer(one["loc"]), str(one["msg"])) for one in found[:20]]
    where = ", ".join(fault.pointer for fault in faults)
    return response_of(InvalidInput(f"Not valid: {where}.", faults=faults))


def _pointer(place: tuple[int | str, ...]) -> str:
    """A JSON pointer into the body; parameters are told by where they stand."""
    steps = place[1:] if place and place[0] == "body" else place
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
