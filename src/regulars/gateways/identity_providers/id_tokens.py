"""ID tokens of OpenID Connect: whose signature counts, and what must stand in them."""

import binascii
from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, JWKRegistry, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from regulars.domain.errors import ClaimsRefused, FarSideFailed
from regulars.gateways.identity_providers.providers import MOST_SUBJECT

ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "EdDSA", "Ed25519"})
"""Only with keys of which the provider keeps one half to itself."""
KINDS = frozenset({"RSA", "EC", "OKP"})
LEAST_RSA_BITS = 2048
MOST_KEYS = 100
MOST_TOKEN = 64 * 1024
LEEWAY_S = 60
"""By how much our clock and the provider's may differ."""


class UnknownKey(Exception):
    """The token names a key that is not among those known: perhaps the keys were changed."""


class _Registry(JWSRegistry):
    """Knows our algorithms only, whatever else the library would let pass."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError("not one of ours")
        return self.algorithms[name]


REGISTRY = _Registry(strict_check_header=False)


def read_keys(told: Mapping[str, Any]) -> KeySet:
    """The public keys of a JWK set; those that we cannot use are passed over.

    Raises FarSideFailed when none is left.
    """
    listed = told.get("keys")
    keys: list[RSAKey | ECKey | OKPKey] = []
    for one in listed[:MOST_KEYS] if isinstance(listed, list) else []:
        if not isinstance(one, dict) or one.get("kty") not in KINDS:
            continue
        try:
            key = JWKRegistry.import_key({**one})
        except (JoseError, ValueError, TypeError, KeyError, binascii.Error):
            continue
        if isinstance(key, RSAKey) and key.public_key.key_size < LEAST_RSA_BITS:
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            keys.append(key)
    if not keys:
        raise FarSideFailed("The identity provider publishes no key that we could use.")
    return KeySet([*keys])


def verified(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token that is for us, of this sign-in, in force, and truly signed.

    Raises UnknownKey when none of the keys is the one, ClaimsRefused for everything else.
    """
    if len(token) > MOST_TOKEN:
        raise ClaimsRefused("The identity provider's token is too long.")
    try:
        claims = jwt.decode(token, keys, registry=REGISTRY).claims
        _registry(issuer, client_id, now).validate(claims)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ClaimsRefused(
            "The identity provider's token does not hold. Sign in again."
        ) from error
    _demand_ours(claims, client_id, nonce)
    return claims


def _registry(issuer: str, client_id: str, now: datetime) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
    )


def _demand_ours(claims: Mapping[str, Any], client_id: str, nonce: str) -> None:
    """What a token for another party, or of another sign-in, does not have."""
    audience, party, told = claims["aud"], claims.get("azp"), claims.get("nonce")
    is_shared = isinstance(audience, list) and len(audience) > 1
    if (party is None and is_shared) or party not in (None, client_id):
        raise ClaimsRefused("The identity provider's token was made for another application.")
    if not isinstance(told, str) or not compare_digest(told.encode(), nonce.encode()):
        raise ClaimsRefused("The identity provider's token belongs to another sign-in.")
    if len(claims["sub"]) > MOST_SUBJECT:
        raise ClaimsRefused("The identity provider's name for the person is too long.")
