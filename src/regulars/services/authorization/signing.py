"""Access tokens are signed and read back by keys that every process of the deployment shares."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from regulars.domain.access import Credential
from regulars.domain.tokens import ALGORITHM, CLOCKS_APART_S, TYPE, Claims, credential_of
from regulars.storage import signing_keys
from regulars.storage.database import DEPLOYMENT, Database, Tx
from regulars.storage.sealing import Cabinet

CURVE = "P-256"
RETIRED_FOR = timedelta(hours=1)
"""How long a key that signs no more is published: longer than any token of it lives."""

FRESH_S = 60.0
"""After so long the keys are looked at again, so that every process turns to a new one."""

LOOK_AGAIN_S = 10.0
"""A token that names an unknown key makes us look no more often than this."""

MAX_KID = 100


@dataclass(frozen=True, slots=True)
class _Keys:
    """All keys as of one look. `published`: the public ones as JWKs."""

    current: signing_keys.SigningKey | None = None
    public: dict[str, ECKey] = field(default_factory=dict)
    published: tuple[dict[str, Any], ...] = ()


class TokenBook:
    """Signs and reads tokens. Safe to share among threads.

    `issuer` is our address; `audience`, in the tokens, that of the API.
    """

    def __init__(
        self,
        db: Database,
        cabinet: Cabinet,
        issuer: str,
        *,
        clock: Callable[[], datetime],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self.audience = f"{issuer}/v1"
        self._db = db
        self._cabinet = cabinet
        self._clock = clock
        self._tick = tick
        self._lock = Lock()
        self._keys = _Keys()
        self._looked_at = -1e9
        self._opened: dict[str, ECKey] = {}

    def ready(self) -> None:
        """Have keys to sign with, made now where there were none. To be called before `sign`, and
        in no transaction: waiting for a second connection while holding one, all would wait."""
        self.keep_fresh()
        if self._keys.current is None:
            self._look(unless_within_s=0.0, make=True)

    def sign(self, claims: Claims) -> str:
        """The token that says `claims`. Raises KeyServiceFailed."""
        current = self._keys.current
        assert current is not None, "there are keys once we are ready"
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": current.kid}
        told = {
            name: value for name, value in msgspec.to_builtins(claims).items() if value is not None
        }
        return jwt.encode(header, told, self._private(current), algorithms=[ALGORITHM])

    def read(self, token: str, *, may_look: bool = True) -> Claims | None:
        """What a token of ours says that holds now; None for anything else. `may_look`: for a key
        that is not known, which takes a connection."""
        key = self._key_of(token, may_look=may_look)
        if key is None:
            return None
        now = int(self._clock().timestamp())
        try:
            found = jwt.decode(token, key, algorithms=[ALGORITHM])
            self._demands(now).validate(found.claims)
            claims = msgspec.convert(found.claims, Claims)
        except (JoseError, ValueError, TypeError, RecursionError):
            return None
        return claims if now < claims.exp else None

    def find(self, token: str) -> Credential | None:
        """What a token stands for, without asking the database."""
        claims = self.read(token)
        return None if claims is None else credential_of(claims)

    def published(self) -> list[dict[str, Any]]:
        """The public keys, as JWKs: those that sign, will sign, or have signed of late."""
        self.keep_fresh()
        return list(self._keys.published)

    def keep_fresh(self) -> None:
        """Look at the keys again when the last look was long ago."""
        if self._tick() - self._looked_at > FRESH_S:
            self._look(unless_within_s=FRESH_S)

    def _key_of(self, token: str, *, may_look: bool) -> ECKey | None:
        """The key that a token says it is signed by; what else its head says is checked too."""
        head = _head_of(token)
        kid = head.get("kid")
        if head.get("alg") != ALGORITHM or head.get("typ") != TYPE or not isinstance(kid, str):
            return None
        if len(kid) > MAX_KID:
            return None
        known = self._keys.public.get(kid)
        if known is None and may_look and self._tick() - self._looked_at > LOOK_AGAIN_S:
            self._look(unless_within_s=LOOK_AGAIN_S)
            known = self._keys.public.get(kid)
        return known

    def _demands(self, now: int) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=now,
            leeway=CLOCKS_APART_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            nbf={"essential": True},
            iat={"essential": True},
        )

    def _look(self, *, unless_within_s: float, make: bool = False) -> None:
        """Read the keys, unless another thread has done so meanwhile; `make` those missing."""
        with self._lock:
            if not make and self._tick() - self._looked_at <= unless_within_s:
                return
            self._looked_at = self._tick()
            oldest = self._clock() - RETIRED_FOR
            with self._db.transaction(DEPLOYMENT) as tx:
                if make:
                    _complete(tx, self._cabinet, self._clock())
                found = [
                    key
                    for key in signing_keys.listed(tx)
                    if key.retired_at is None or key.retired_at > oldest
                ]
            jwks = tuple(json.loads(key.public_key) for key in found)
            self._keys = _Keys(
                next((key for key in found if key.state == "current"), None),
                {jwk["kid"]: ECKey.import_key(jwk) for jwk in jwks},
                jwks,
            )

    def _private(self, key: signing_keys.SigningKey) -> ECKey:
        known = self._opened.get(key.kid)
        if known is None:
            private = json.loads(signing_keys.private_of(self._cabinet, key))
            known = ECKey.import_key(private)
            self._opened = {key.kid: known}
        return known


def rotate(db: Database, cabinet: Cabinet, now: datetime, *, drop: bool = False) -> list[str]:
    """Let the next key sign, and make another to come after it; the ids of all that are published.

    Tokens that were signed before go on being good. `drop`: they do not, for when a key is not
    secret any more; what was recognised already is believed until it is over.
    """
    with db.transaction(DEPLOYMENT) as tx:
        signing_keys.lock(tx)
        if drop:
            signing_keys.drop(tx)
        else:
            _complete(tx, cabinet, now)
            signing_keys.turn(tx, now)
            signing_keys.forget(tx, now - RETIRED_FOR)
        _complete(tx, cabinet, now)
        return [key.kid for key in signing_keys.listed(tx)]


def _complete(tx: Tx, cabinet: Cabinet, now: datetime) -> None:
    """Make the current and the next key where they are missing. Safe to repeat, and at once."""
    signing_keys.lock(tx)
    there = {key.state for key in signing_keys.listed(tx)}
    for state in ("current", "next"):
        if state in there:
            continue
        key = ECKey.generate_key(CURVE, private=True)
        kid = key.thumbprint()
        public = key.as_dict(private=False) | {"kid": kid, "use": "sig", "alg": ALGORITHM}
        signing_keys.insert(
            tx,
            cabinet,
            kid=kid,
            state=state,
            public_key=json.dumps(public, sort_keys=True),
            private=json.dumps(key.as_dict(private=True)).encode(),
            at=now,
        )


def _head_of(token: str) -> dict[str, Any]:
    """The header of a compact JWS, not yet verified; empty for what is none."""
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():  # noqa: PLR2004
        return {}
    try:
        head = msgspec.json.decode(_bytes_of(parts[0]))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return {}
    return head if isinstance(head, dict) else {}


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
