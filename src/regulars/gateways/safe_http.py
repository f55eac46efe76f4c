"""Calls to addresses that somebody gave us: only to public ones, within limits of time and size.

The name is resolved here, every address it has is checked, and the connection goes to exactly one
of those: a name that resolves to something else a moment later gains nothing. TLS and the Host
header keep the name.
"""

import ipaddress
import json
import re
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from regulars.domain.errors import AddressRefused, FarSideFailed
from regulars.gateways.addresses import Address, Exemptions, is_public
from regulars.gateways.resolving import Resolve, resolve_by_system

PORTS = {"https": frozenset({443, 8443}), "http": frozenset({80, 8080})}
DEFAULT_PORT = {"https": 443, "http": 80}
MOST_BYTES = 1024 * 1024
"""Of an answer's body, after decompression."""
MOST_SECONDS = 10.0
"""From the look-up of the name to the last byte, redirects included."""
MOST_REDIRECTS = 3
MOST_URL = 2048
MOST_ADDRESSES = 8
CHUNK_BYTES = 64 * 1024
MOST_PORT = 65_535
HOST = re.compile(rb"[a-zA-Z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GZIP = zlib.MAX_WBITS | 16
NOT_TO_STRANGERS = ("authorization", "cookie")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. `repr` shows neither headers nor body."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises FarSideFailed when it is none."""
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise FarSideFailed("The server that we asked did not answer with a JSON object.")
        return told


class SafeHttp:
    """An HTTP client for addresses from outside. May be shared by threads; keeps no connection."""

    def __init__(
        self,
        *,
        allowed_hosts: Sequence[str] = (),
        is_http_allowed: bool = False,
        most_bytes: int = MOST_BYTES,
        most_seconds: float = MOST_SECONDS,
        resolve: Resolve = resolve_by_system,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`allowed_hosts` (names, addresses, CIDRs) may be private, use http and any port."""
        self._exempt = Exemptions.of(allowed_hosts)
        self._is_http_allowed = is_http_allowed
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._resolve = resolve
        self._trust = trust or _known_authorities()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """GET, following at most three redirects, each checked as the first address was.

        Raises AddressRefused, or FarSideFailed when no answer comes within the limits.
        """
        deadline = time.monotonic() + self._most_seconds
        request = _request("GET", url, headers, None)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._send(request, deadline)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or location is None:
                return answer
            request = _redirected(request, location)
        raise FarSideFailed(f"{_name(request.url)} redirects more than {MOST_REDIRECTS} times.")

    def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """POST a form, or `content` as it is; redirects are not followed. Raises as `get` does."""
        assert form is None or content is None
        deadline = time.monotonic() + self._most_seconds
        sent = dict(headers or {})
        if form is not None:
            content = str(httpx.QueryParams(form)).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        return self._send(_request("POST", url, sent, content or b""), deadline)

    def check(self, url: str) -> None:
        """Raises AddressRefused when the address would not be called as things are now."""
        target = _parsed(url)
        self._targets(target, time.monotonic() + self._most_seconds)

    def _send(self, request: httpx.Request, deadline: float) -> Answer:
        addresses = self._targets(request.url, deadline)
        backend = _Pinned(addresses, deadline)
        name = _name(request.url)
        try:
            with httpcore.ConnectionPool(
                ssl_context=self._trust, max_keepalive_connections=0, network_backend=backend
            ) as pool:
                response = pool.handle_request(_bare(request))
                try:
                    return self._read(response, name)
                finally:
                    response.close()
        except httpcore.TimeoutException as error:
            raise FarSideFailed(f"{name} did not answer in time.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise FarSideFailed(f"{name} could not be talked to.") from error

    def _read(self, response: httpcore.Response, name: str) -> Answer:
        headers = httpx.Headers(response.headers)
        body = bytearray()
        for chunk in _decoded(response.iter_stream(), headers, name):
            body += chunk
            if len(body) > self._most_bytes:
                raise FarSideFailed(f"{name} answered with more than {self._most_bytes} bytes.")
        return Answer(response.status, headers, bytes(body))

    def _targets(self, url: httpx.URL, deadline: float) -> list[Address]:
        """All addresses of the host, each of which may be called. Raises AddressRefused."""
        name = _name(url)
        host = url.raw_host.decode("ascii")
        is_named = self._exempt.name(host)
        if not is_named and not self._exempt.networks:
            self._demand_public_form(url)
        addresses = _literal(host) or self._resolve(host, deadline - time.monotonic())
        for address in addresses:
            if is_named or self._exempt.address(address):
                continue
            self._demand_public_form(url)
            if not is_public(address):
                raise AddressRefused(f"{name} leads to an address that is not public.")
        return addresses[:MOST_ADDRESSES]

    def _demand_public_form(self, url: httpx.URL) -> None:
        if url.scheme == "http" and not self._is_http_allowed:
            raise AddressRefused(f"{_name(url)} must begin with https://.")
        if (url.port or DEFAULT_PORT[url.scheme]) not in PORTS[url.scheme]:
            ports = " or ".join(map(str, sorted(PORTS[url.scheme])))
            raise AddressRefused(f"{_name(url)} must use port {ports}.")


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, whatever the name, until the deadline."""

    def __init__(self, addresses: Sequence[Address], deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the name was resolved before
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """The first of the addresses that answers; each gets its share of the time."""
        failure: Exception = httpcore.ConnectError("the name has no address")
        for tried, address in enumerate(self._addresses):
            share = _left(self._deadline, timeout) / (len(self._addresses) - tried)
            try:
                stream = self._sockets.connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self._deadline)
        raise failure


class _Timed(httpcore.NetworkStream):
    """A stream of which every step ends at the deadline, so that drop by drop is no way around."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes that have come."""
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all."""
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        """End the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same stream under TLS, for the name that was asked for."""
        stream = self._stream.start_tls(
            ssl_context, server_hostname, _left(self._deadline, timeout)
        )
        return _Timed(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the socket knows."""
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for this call is over")
    return left if timeout is None else min(left, timeout)


@lru_cache
def _known_authorities() -> ssl.SSLContext:
    """Read once: it takes some 30 ms."""
    return httpx.create_ssl_context()


def _parsed(url: str) -> httpx.URL:
    """The address in its parts. Raises AddressRefused for what no server of ours should call."""
    if len(url) > MOST_URL:
        raise AddressRefused(f"The address is longer than {MOST_URL} characters.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise AddressRefused("The address cannot be read. Write it as https://host/path.") from None
    if parsed.scheme not in PORTS or not parsed.host:
        raise AddressRefused("The address must begin with https:// and the name of a host.")
    if not HOST.fullmatch(parsed.raw_host) or (parsed.port or 0) > MOST_PORT:
        raise AddressRefused("The address cannot be read: its host or port is none.")
    if parsed.userinfo:
        raise AddressRefused(f"{_name(parsed)} must stand without a user or password before it.")
    return parsed


def _request(
    method: str, url: str, headers: Mapping[str, str] | None, body: bytes | None
) -> httpx.Request:
    fixed = {"Accept-Encoding": "gzip", "User-Agent": "regulars", "Connection": "close"}
    return httpx.Request(method, _parsed(url), headers={**(headers or {}), **fixed}, content=body)


def _redirected(request: httpx.Request, location: str) -> httpx.Request:
    """The next request; what proves who we are does not go to another origin."""
    if len(location) > MOST_URL:
        raise AddressRefused(f"{_name(request.url)} redirects to an address that is too long.")
    try:
        url = str(request.url.join(location))
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"{_name(request.url)} redirects to no address.") from None
    headers = dict(request.headers)
    del headers["host"]
    target = _parsed(url)
    if _name(target) != _name(request.url):
        headers = {name: said for name, said in headers.items() if name not in NOT_TO_STRANGERS}
    return httpx.Request("GET", target, headers=headers)


def _bare(request: httpx.Request) -> httpcore.Request:
    return httpcore.Request(
        request.method,
        httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.content,
    )


def _decoded(chunks: Iterable[bytes], headers: httpx.Headers, name: str) -> Iterator[bytes]:
    """The body in pieces of at most 64 KiB. Only gzip is undone, a little at a time, so that what
    was packed small and grows without end is noticed before it fills the memory."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FarSideFailed(f"{name} answered in an encoding that was not asked for.")
    unzip = zlib.decompressobj(GZIP)
    has_begun = False
    try:
        for chunk in chunks:
            has_begun = True
            rest = chunk
            while rest and not unzip.eof:
                yield unzip.decompress(rest, CHUNK_BYTES)
                rest = unzip.unconsumed_tail
        yield unzip.flush()
    except zlib.error:
        raise FarSideFailed(f"{name} answered with broken gzip.") from None
    if has_begun and not unzip.eof:
        raise FarSideFailed(f"{name} answered with less than it began.")


def _literal(host: str) -> list[Address]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        return []


def _name(url: httpx.URL) -> str:
    """Scheme, host and port: the rest of an address may hold a secret."""
    name = url.raw_host.decode("ascii")
    host = f"[{name}]" if ":" in name else name
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme}://{host}{port}"
