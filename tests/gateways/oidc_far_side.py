"""A provider of OpenID Connect that lies on demand."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from tests.gateways.far_sides import Asked, Says, flat

NOW = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
VERIFIER = "v" * 43
BACK = "https://loyalty.example/back"
CLIENT = "regulars app"
SECRET = "s3cret:+/"


class AnyAlgorithm(JWSRegistry):
    """Signs with whatever a liar likes."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


ANY = AnyAlgorithm(strict_check_header=False)


def key_of(kind: str, kid: str = "k1") -> Key:
    parameters = {"kid": kid}
    if kind == "RSA":
        return RSAKey.generate_key(2048, parameters)
    if kind == "EC":
        return ECKey.generate_key("P-256", parameters)
    return OKPKey.generate_key("Ed25519", parameters)


@dataclass
class Provider:
    """Answers as the discovery document says; tests change what it holds."""

    key: Key
    alg: str = "ES256"
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "mei"})
    published: list[dict[str, Any]] | None = None
    sign: Callable[["Provider", dict[str, Any]], str] | None = None
    asked: list[Asked] = field(default_factory=list)
    nonce: str = ""
    challenge: str = ""

    def answer(self, asked: Asked) -> Says:
        self.asked.append(asked)
        return {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": self._keys,
            "/token": self._token,
            "/person": self._person,
        }[asked.path](asked)

    def count(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)

    def visited(self, url: str) -> None:
        """What the browser brings to the provider's page."""
        query = flat(url.partition("?")[2])
        assert query["code_challenge_method"] == "S256"
        assert (query["client_id"], query["redirect_uri"]) == (CLIENT, BACK)
        self.nonce, self.challenge = query["nonce"], query["code_challenge"]

    def token(self) -> str:
        claims = {
            "iss": self.issuer, "sub": "mei", "aud": CLIENT, "nonce": self.nonce,
            "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 300,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign is not None:
            return self.sign(self, claims)
        header = {"alg": self.alg, "kid": self.key.kid} | self.header
        return jwt.encode(header, claims, self.key, registry=ANY)

    def _discovery(self, _: Asked) -> Says:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/page",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/person",
        }
        return _json(told | self.metadata)

    def _keys(self, _: Asked) -> Says:
        if self.published is not None:
            return _json({"keys": self.published})
        return _json(KeySet([self.key]).as_dict())

    def _token(self, asked: Asked) -> Says:
        form = asked.form()
        basic = b64encode(b"regulars+app:s3cret%3A%2B%2F").decode()
        is_known = asked.headers.get("authorization") == f"Basic {basic}" or (
            (form.get("client_id"), form.get("client_secret", SECRET)) == (CLIENT, SECRET)
        )
        if not is_known:
            return _json({"error": "invalid_client"}, 401)
        made = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if made.decode() != self.challenge or form["code"] != "c0de":
            return _json({"error": "invalid_grant"}, 400)
        assert (form["grant_type"], form["redirect_uri"]) == ("authorization_code", BACK)
        return _json({"access_token": "acc3ss", "token_type": "Bearer", "id_token": self.token()})

    def _person(self, asked: Asked) -> Says:
        assert asked.headers["authorization"] == "Bearer acc3ss"
        return _json(self.person)


def unsigned(_: Provider, claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_by_public_key(provider: Provider, claims: dict[str, Any]) -> str:
    """The public key taken for a shared secret."""
    signed = f"{_part({'alg': 'HS256', 'kid': provider.key.kid})}.{_part(claims)}"
    seal = hmac_digest(provider.key.as_pem(private=False), signed.encode(), "sha256")  # type: ignore[union-attr]
    return f"{signed}.{urlsafe_b64encode(seal).rstrip(b'=').decode()}"


def carrying_its_key(provider: Provider, claims: dict[str, Any]) -> str:
    own = key_of("EC")
    header = {"alg": "ES256", "kid": provider.key.kid, "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims, own, registry=ANY)


def changed_after_signing(provider: Provider, claims: dict[str, Any]) -> str:
    header = {"alg": provider.alg, "kid": provider.key.kid}
    head, _, seal = jwt.encode(header, claims, provider.key, registry=ANY).split(".")
    return f"{head}.{_part(claims | {'sub': 'owner'})}.{seal}"


def _part(told: dict[str, Any]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(told)).rstrip(b"=").decode()


def _json(told: object, status: int = 200) -> Says:
    return Says(msgspec.json.encode(told), status, {"Content-Type": "application/json"})
