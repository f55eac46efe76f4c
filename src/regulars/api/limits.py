"""How many requests one caller, or one network address, may make in a minute, in this process.

A window begins with a caller's first request and lasts a minute. Each process counts for itself:
behind N processes a caller gets up to N times its rate.
"""

import ipaddress
import time
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from math import ceil

from fastapi import Request

from regulars.domain.access import Access, Kind
from regulars.domain.errors import TooManyRequests
from regulars.settings import Settings

WINDOW_S = 60.0
MOST_WINDOWS = 100_000
"""With more callers than this within a minute, windows that are over are let go, then all."""

ADDRESS_RATE = 60
"""Requests a minute from one address to what is open to all, such as the token endpoint."""

NET_V6 = 64
"""Whoever has one IPv6 address has a network of these."""

Header = tuple[bytes, bytes]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Window:
    """One caller's current minute. Belongs to one event loop."""

    __slots__ = ("rate", "until", "used")

    def __init__(self, rate: int, until: float) -> None:
        self.rate = rate
        self.until = until
        self.used = 0


class Limits:
    """All windows of this process. Belongs to one event loop."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._windows: dict[Hashable, Window] = {}

    def take(self, access: Access) -> Window | None:
        """Count one request of a recognised caller; None for one without a limit.

        A caller that is over its limit gets its window all the same: see `refuse_beyond`.
        """
        if access.rate == 0:
            return None
        if access.client_id is not None:
            return self._count(access.client_id, access.rate)
        # Applications, by far the most, are known by their bare number.
        caller: Hashable = (access.kind, access.number)
        return self._count(access.number if access.kind is Kind.CLIENT else caller, access.rate)

    def take_of_address(
        self, request: Request, settings: Settings, what: str, rate: int = ADDRESS_RATE
    ) -> Window:
        """Count one request to `what` from the address that it comes from, and note it for the
        answer's headers. Raises TooManyRequests."""
        window = self._count((what, address_of(request, settings)), rate)
        request.state.window = window
        self.refuse_beyond(window)
        return window

    def take_of_caller(self, access: Access, what: str, rate: int) -> None:
        """Count one request to `what` by a recognised caller, beside its limit for all requests.
        Raises TooManyRequests."""
        self.refuse_beyond(self._count((what, access.organization, access.actor), rate))

    def refuse_beyond(self, window: Window) -> None:
        """Raises TooManyRequests when the window holds more than its rate."""
        if window.used > window.rate:
            raise TooManyRequests(
                f"At most {window.rate} requests a minute are taken here.",
                retry_after_s=self.seconds_left(window),
            )

    def seconds_left(self, window: Window) -> int:
        """Until the window is over, rounded up."""
        return max(1, ceil(window.until - self._tick()))

    def headers(self, window: Window) -> list[Header]:
        """What is announced in every answer."""
        left = window.rate - window.used
        return [
            (b"ratelimit-limit", b"%d" % window.rate),
            (b"ratelimit-remaining", b"%d" % (left if left > 0 else 0)),
            (b"ratelimit-reset", b"%d" % self.seconds_left(window)),
        ]

    def _count(self, caller: Hashable, rate: int) -> Window:
        now = self._tick()
        window = self._windows.get(caller)
        if window is None or window.until <= now:
            if len(self._windows) >= MOST_WINDOWS:
                self._let_go(now)
            window = self._windows[caller] = Window(rate, now + WINDOW_S)
        window.rate = rate
        window.used += 1
        return window

    def _let_go(self, now: float) -> None:
        """Make room. Those who begin anew get a little more; memory stays bounded."""
        live = {caller: one for caller, one in self._windows.items() if one.until > now}
        self._windows = live if len(live) < MOST_WINDOWS else {}


def address_of(request: Request, settings: Settings) -> str:
    """The network address of whoever asks; for IPv6 the network, as whoever has one has many.

    A proxy that is trusted says from where it was asked; what others write into X-Forwarded-For
    counts for nothing.
    """
    at = request.client.host if request.client is not None else ""
    if settings.trusted_proxies and _is_in(at, settings.trusted_proxies):
        told = ",".join(request.headers.getlist("x-forwarded-for"))
        for hop in reversed([one.strip() for one in told.split(",")]):
            if _parsed(hop) is None:
                break
            at = hop
            if not _is_in(hop, settings.trusted_proxies):
                break
    return _coarse(at)


def _is_in(text: str, networks: Sequence[str]) -> bool:
    address = _parsed(text)
    return address is not None and any(address in _network(one) for one in networks)


def _coarse(text: str) -> str:
    address = _parsed(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, NET_V6), strict=False))
    return str(address) if address is not None else "unknown"


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


@lru_cache
def _network(text: str) -> Network:
    return ipaddress.ip_network(text)
