"""Who is calling: API keys, remembered for some seconds so that requests need no look-up."""

import asyncio
import time
from collections.abc import Callable

from regulars.domain.access import Access, Scope
from regulars.domain.errors import NotAuthenticated
from regulars.services.keys import PREFIX, hash_of

FRESH_S = 5.0
"""How long a revoked key may still be taken, and a new one refused after a too early try."""

MAX_KNOWN = 10_000
MAX_SECRET = 200
_SCHEME = b"bearer "


class KeyRing:
    """Belongs to one event loop. `find` looks a hash up in the database; it may block."""

    def __init__(
        self,
        find: Callable[[bytes], Access | None],
        *,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._tick = tick
        self._known: dict[bytes, tuple[float, Access | None]] = {}
        self._asked: dict[bytes, asyncio.Future[Access | None]] = {}

    async def admit(self, authorization: bytes | None, scope: Scope) -> Access:
        """The caller. Raises NotAuthenticated, MissingScope."""
        access = await self.recognise(authorization)
        access.demand(scope)
        return access

    async def recognise(self, authorization: bytes | None) -> Access:
        """The caller, whatever it may do. Raises NotAuthenticated."""
        if authorization is None or authorization[:7].lower() != _SCHEME:
            raise NotAuthenticated
        secret = authorization[7:].strip().decode("latin-1")
        if not secret.startswith(PREFIX) or len(secret) > MAX_SECRET:
            raise NotAuthenticated("This is no API key of ours: they begin with rgl_.")
        digest = hash_of(secret)
        known = self._known.get(digest)
        if known is not None and known[0] > self._tick():
            access = known[1]
        else:
            access = await self._look_up(digest)
        if access is None:
            raise NotAuthenticated("This API key is unknown or was revoked.")
        return access

    async def _look_up(self, digest: bytes) -> Access | None:
        """Ask the database once, however many requests wait for the answer."""
        asked = self._asked.get(digest)
        if asked is None:
            asked = asyncio.ensure_future(asyncio.to_thread(self._find, digest))
            self._asked[digest] = asked
            asked.add_done_callback(lambda done: self._note(digest, done))
        return await asyncio.shield(asked)

    def _note(self, digest: bytes, done: "asyncio.Future[Access | None]") -> None:
        del self._asked[digest]
        if done.cancelled() or done.exception() is not None:
            return
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[digest] = (self._tick() + FRESH_S, done.result())
