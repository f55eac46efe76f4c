"""Reading requests and sending answers in bare ASGI, with limits on what is read."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from regulars.domain.errors import Malformed, TooLarge

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Headers = list[tuple[bytes, bytes]]

JSON = b"application/json"


class HungUpError(Exception):
    """The caller closed the connection in the middle of its request."""


def announced(length: bytes | None, limit: int) -> None:
    """Refuse a body that says itself that it is too long. Raises TooLarge, Malformed."""
    if length is None:
        return
    if not length.isdigit():
        raise Malformed("The Content-Length header is not a number.")
    if len(length) > 18 or int(length) > limit:  # noqa: PLR2004
        raise TooLarge(f"The body of this request is at most {limit} bytes.")


async def whole(receive: Receive, limit: int) -> bytes:
    """The whole body. Raises TooLarge, HungUpError."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise HungUpError
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        parts = [body]
        size = len(body)
        async for part in rest(receive):
            size += len(part)
            if size > limit:
                break
            parts.append(part)
        body = b"".join(parts)
    else:
        size = len(body)
    if size > limit:
        raise TooLarge(f"The body of this request is at most {limit} bytes.")
    return body


async def rest(receive: Receive) -> AsyncIterator[bytes]:
    """The parts of a body as they come. Raises HungUpError."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUpError
        more = message.get("more_body", False)
        if message.get("body"):
            yield message["body"]


async def answer(
    send: Send,
    status: int,
    body: bytes,
    *,
    media_type: bytes = JSON,
    headers: Headers | None = None,
) -> None:
    """Send a whole answer."""
    head = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]
    if headers:
        head += headers
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
