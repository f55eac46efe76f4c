"""What stands around every route: which requests come in at all, and what every answer carries.

It is on the way of every event, so it does little for each: one look at the headers, and one list
more for the answer.
"""

import asyncio
import ipaddress
import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from regulars.api import bodies
from regulars.api.bodies import Receive, Scope, Send
from regulars.api.problems import (
    BodyTooSlow,
    HostNotServed,
    MethodNotAllowed,
    UnsupportedMediaType,
    UriTooLong,
    failure,
    problem_of,
)
from regulars.api.refusing import send_refusal
from regulars.domain.errors import CrossSite, RegularsError
from regulars.gateways.log_lines import TRACE
from regulars.settings import Settings

Header = tuple[bytes, bytes]
Heads = Mapping[bytes, bytes]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MAX_URL = 8_192
"""Path and query; the server in front of us bounds the whole head of a request."""

MAX_BODY_S = 30
"""How long a body may take to come; for lines that are answered while they come, and for files, how
long the next of them may take."""

LINES = b"application/x-ndjson"
FILES = "/v1/imports"
"""Where whole files are sent to. Each part of one has its own time to come."""

MOST_HOSTS_KNOWN = 1_000
PREFLIGHT_S = 600

API_POLICY = b"default-src 'none'; frame-ancestors 'none'"
"""An answer that is no page has nothing to fetch and nowhere to be shown."""

PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'"
)
"""A page fetches from here alone and runs no inline script. One that needs otherwise says so in a
Content-Security-Policy of its own."""

ALWAYS: tuple[Header, ...] = (
    (b"server", b"regulars"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
STRICT_TRANSPORT: Header = (b"strict-transport-security", b"max-age=31536000")
NO_STORE: Header = (b"cache-control", b"no-store")
POLICY = b"content-security-policy"
TRACEPARENT = b"traceparent"
PAGE = b"text/html"
PLAIN: Header = (b"content-type", bodies.JSON)
"""What the intake's answers begin with, which say nothing of the rest themselves."""

EXPOSED = b"etag, idempotent-replayed, link, location, ratelimit-limit, ratelimit-remaining, \
ratelimit-reset, retry-after, traceparent"
TAKEN = b"authorization, content-type, idempotency-key, if-match, accept-language, traceparent"

_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NO_TRACE = b"0" * 32
_draw = random.Random().getrandbits  # noqa: S311  # names of requests; no secret hangs on them


class Armour:
    """An ASGI application around another. Belongs to one event loop."""

    def __init__(self, inner: Application, settings: Settings) -> None:
        self._inner = inner
        self._origins = frozenset(origin.encode() for origin in settings.allowed_origins)
        self._names = served_names(settings)
        self._hosts: dict[bytes, bool] = {}
        self._always = [*ALWAYS, *([STRICT_TRANSPORT] if settings.is_public_by_tls else [])]
        self._plain = [*self._always, (POLICY, API_POLICY), NO_STORE]
        self._waiting: dict[asyncio.Task[object], int] = {}
        self._overdue: set[asyncio.Task[object]] = set()
        self._second = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        heads = dict(scope["headers"])
        trace, told = _trace_in(heads.get(TRACEPARENT))
        scope.setdefault("state", {})["trace"] = trace
        TRACE.set(trace)
        task = asyncio.current_task()
        assert task is not None
        waiting = self._waiting
        waiting[task] = self._second
        begun = False

        async def patient() -> Scope:
            message = await receive()
            if not message.get("more_body", False):
                waiting.pop(task, None)
            elif task in waiting and (
                heads.get(b"content-type", b"").startswith(LINES) or scope["path"] == FILES
            ):
                waiting[task] = self._second
            return message

        def dressed(message: Scope) -> Awaitable[None]:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = self._dressed(message["headers"], told, heads)
            return send(message)

        try:
            self._check(scope, heads)
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in heads:
                await self._preflight(heads, dressed)
            else:
                await self._inner(scope, patient, dressed)
        except Exception as error:
            await _fail(error, dressed, begun=begun)
        except asyncio.CancelledError:
            if task not in self._overdue:
                raise
            task.uncancel()
            await _fail(BodyTooSlow(), dressed, begun=begun)
        finally:
            waiting.pop(task, None)
            self._overdue.discard(task)

    async def patrol(self) -> None:
        """Give up on bodies that do not come; for as long as the process serves."""
        while True:
            await asyncio.sleep(1)
            self.look()

    def look(self) -> None:
        """A second has passed: give up on what has waited for too many of them."""
        self._second += 1
        for task, since in list(self._waiting.items()):
            if self._second - since > MAX_BODY_S:
                del self._waiting[task]
                self._overdue.add(task)
                task.cancel()

    def _check(self, scope: Scope, heads: Heads) -> None:
        """Raises MethodNotAllowed, UriTooLong, HostNotServed, UnsupportedMediaType."""
        if scope["method"] not in METHODS:
            raise MethodNotAllowed
        if len(scope["path"]) + len(scope["query_string"]) > MAX_URL:
            raise UriTooLong
        host = heads.get(b"host")
        if host is not None and not self._serves(host):
            raise HostNotServed
        encoding = heads.get(b"content-encoding")
        if encoding is not None and encoding.lower() != b"identity":
            raise UnsupportedMediaType("Send the body as it is, without a Content-Encoding.")

    def _serves(self, host: bytes) -> bool:
        """Whether we go by this name. What a browser was made to call us by another name for, by a
        DNS that lies, is not ours to answer; an address is no name, and nobody lies about it."""
        known = self._hosts.get(host)
        if known is None:
            if len(self._hosts) >= MOST_HOSTS_KNOWN:
                self._hosts.clear()
            name = host_in(host.decode("latin-1"))
            known = self._hosts[host] = name in self._names or is_address(name)
        return known

    async def _preflight(self, heads: Heads, send: Send) -> None:
        """What a browser asks before another origin's page may call. Raises CrossSite."""
        if heads.get(b"origin") not in self._origins:
            raise CrossSite
        answer = [
            (b"access-control-allow-methods", ", ".join(sorted(METHODS)).encode()),
            (b"access-control-allow-headers", TAKEN),
            (b"access-control-max-age", b"%d" % PREFLIGHT_S),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": answer})
        await send({"type": "http.response.body", "body": b""})

    def _dressed(self, headers: Sequence[Header], told: bytes, heads: Heads) -> list[Header]:
        """The headers of an answer, and those that it did not say itself."""
        own = [*headers, (TRACEPARENT, told)]
        if self._origins:
            own += self._shared(heads.get(b"origin"))
        elif headers and headers[0] == PLAIN:
            return own + self._plain
        names = dict(own)
        own += [one for one in self._always if one[0] not in names]
        if POLICY not in names:
            is_page = names.get(b"content-type", b"").startswith(PAGE)
            own.append((POLICY, PAGE_POLICY if is_page else API_POLICY))
        if NO_STORE[0] not in names:
            own.append(NO_STORE)
        return own

    def _shared(self, origin: bytes | None) -> list[Header]:
        """Lets the page of an allowed origin read the answer, cookies and all; no other's."""
        if origin is None or origin not in self._origins:
            return [(b"vary", b"origin")]
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED),
            (b"vary", b"origin"),
        ]


async def _fail(error: Exception, send: Send, *, begun: bool) -> None:
    """Answer with the problem document of `error`; a caller who has half an answer already gets no
    more of it, and the log alone tells why."""
    if not begun:
        await send_refusal(send, error, [])
    else:
        problem_of(error if isinstance(error, RegularsError) else failure(error))


def _trace_in(parent: bytes | None) -> tuple[str, bytes]:
    """The trace id, the caller's by W3C traceparent or a new one, and what the answer tells."""
    match = None if parent is None else _TRACEPARENT.fullmatch(parent)
    if match is not None and match[1] != _NO_TRACE:
        return match[1].decode(), b"00-%b-%016x-00" % (match[1], _draw(64))
    drawn = b"%048x" % _draw(192)
    trace = drawn[:32]
    return trace.decode(), b"00-%b-%b-00" % (trace, drawn[32:])


def served_names(settings: Settings) -> frozenset[str]:
    """The names that we go by, in small letters."""
    own = settings.public_url.partition("://")[2].partition("/")[0]
    return frozenset({host_in(own), "localhost", *settings.served_hosts})


def host_in(host: str) -> str:
    """The name in a Host header, without the port, in small letters."""
    if host.startswith("["):
        return host.partition("]")[0][1:].lower()
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower().rstrip(".")


def is_address(name: str) -> bool:
    """Whether this is an IP address and no name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
