"""Who is calling: what was recognised once is remembered, so that requests need no look-up."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

from regulars.domain.access import Access, Credential, Scope
from regulars.domain.errors import NotAuthenticated, RegularsError, Unready

FRESH_S = 5.0
"""How long a secret that was unknown is refused without another look."""

KNOWN_S = 3600.0
"""After so long even a secret that is good is looked up again."""

BLIND_S = 30.0
"""How long we go on when the list of what was revoked cannot be read; then nobody is let in."""

MAX_KNOWN = 50_000
MAX_SECRET = 4_096
_SCHEME = b"bearer "

Find = Callable[[str], Credential | None]
"""What a secret stands for, or None; may block. It runs in a thread."""

Known = tuple[float, Credential | None]


class Revocations:
    """What was revoked of late, as of the last look; `look` reads it whole and may block."""

    def __init__(
        self,
        look: Callable[[], frozenset[tuple[int, str]]],
        *,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._tick = tick
        self._revoked: frozenset[tuple[int, str]] = frozenset()
        self._seen_at = -1e9

    def refresh(self) -> None:
        """Look again. Raises what the look raises; what was known stays known."""
        self._revoked = self._look()
        self._seen_at = self._tick()

    def touch(self, credential: Credential) -> bool:
        """Whether `credential` was revoked. Raises Unready when that cannot be known."""
        if self._tick() - self._seen_at > BLIND_S:
            raise Unready
        if not self._revoked:
            return False
        organization = credential.access.organization
        return any((organization, name) in self._revoked for name in credential.names)


class KeyRing:
    """Belongs to one event loop.

    `finders`: by how a secret begins, what looks it up; "" for one that begins otherwise.
    """

    def __init__(
        self,
        finders: Mapping[str, Find],
        revocations: Revocations,
        *,
        clock: Callable[[], datetime],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._finders = dict(finders)
        self._revocations = revocations
        self._clock = clock
        self._tick = tick
        self._known: dict[bytes, Known] = {}
        self._asked: dict[bytes, asyncio.Future[Credential | None]] = {}

    async def admit(self, authorization: bytes | None, scope: Scope) -> Access:
        """The caller. Raises NotAuthenticated, MissingScope."""
        access = await self.recognise(authorization)
        access.demand(scope)
        return access

    async def recognise(self, authorization: bytes | None) -> Access:
        """The caller by its Authorization header, whatever it may do. Raises NotAuthenticated."""
        if authorization is None or authorization[:7].lower() != _SCHEME:
            raise NotAuthenticated
        return await self.known(authorization[7:].strip())

    async def known(self, secret: bytes) -> Access:
        """Whoever has `secret`. Raises NotAuthenticated, Unready."""
        if not secret or len(secret) > MAX_SECRET:
            raise NotAuthenticated
        digest = sha256(secret).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > self._tick() and not self._is_stale(known[1]):
            found = known[1]
        else:
            found = await self._look_up(digest, secret)
        if found is None or self._revocations.touch(found):
            raise NotAuthenticated("This credential is unknown, has expired or was revoked.")
        if found.expires_at is not None and found.expires_at <= self._clock():
            raise NotAuthenticated("This credential has expired; get a new one.")
        return found.access

    def holds(self, secret: bytes) -> bool:
        """Whether `secret`, which was recognised before, still is one to be let in by. Nothing is
        looked up: what is not remembered any more has to be recognised anew."""
        known = self._known.get(sha256(secret).digest())
        if known is None or known[1] is None:
            return False
        found = known[1]
        if found.expires_at is not None and found.expires_at <= self._clock():
            return False
        try:
            return not self._revocations.touch(found)
        except Unready:
            return False

    def _is_stale(self, found: Credential | None) -> bool:
        """Whether what is remembered was for a while only, and the while is over."""
        again_at = None if found is None else found.ask_again_at
        return again_at is not None and again_at <= self._clock()

    async def _look_up(self, digest: bytes, secret: bytes) -> Credential | None:
        """Ask once, however many requests wait for the answer."""
        asked = self._asked.get(digest)
        if asked is None:
            text = secret.decode("latin-1")
            find = self._finder(text)
            asked = asyncio.ensure_future(asyncio.to_thread(find, text))
            self._asked[digest] = asked
            asked.add_done_callback(lambda done: self._note(digest, done))
        try:
            return await asyncio.shield(asked)
        except NotAuthenticated:
            raise
        except RegularsError as refusal:
            raise NotAuthenticated(refusal.detail) from refusal

    def _finder(self, secret: str) -> Find:
        """Raises NotAuthenticated."""
        for beginning, find in self._finders.items():
            if beginning and secret.startswith(beginning):
                return find
        find_any = self._finders.get("")
        if find_any is None:
            raise NotAuthenticated("This is no credential of ours.")
        return find_any

    def _note(self, digest: bytes, done: "asyncio.Future[Credential | None]") -> None:
        del self._asked[digest]
        if done.cancelled() or done.exception() is not None:
            return
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        found = done.result()
        until = self._tick() + (FRESH_S if found is None else KNOWN_S)
        self._known[digest] = (until, found)
