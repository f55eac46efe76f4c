"""Sign-in by any provider of OpenID Connect: authorization code, PKCE, and an ID token."""

import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import (
    prepare_grant_uri,
)
from authlib.oauth2.rfc7636 import (
    create_s256_code_challenge,
)
from joserfc.jwk import KeySet

from regulars.domain.errors import ClaimsRefused, FarSideFailed
from regulars.gateways.identity_providers.id_tokens import UnknownKey, read_keys, verified
from regulars.gateways.identity_providers.providers import Claims
from regulars.gateways.safe_http import SafeHttp

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid email phone profile"
FRESH_S = 3600.0
"""How long what a provider tells of itself is taken for true."""
MOST_TEXT = 320
MOST_METHODS = 16
OK = 200


@dataclass(frozen=True, slots=True)
class _Metadata:
    """What the provider tells of itself. `until`: on the monotonic clock, in seconds."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    is_basic: bool
    until: float


class OidcProvider:
    """One provider and what it knows us by. Keep it: it remembers the provider's metadata."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str | None,
        http: SafeHttp,
        scope: str = SCOPE,
        wants_userinfo: bool = False,
    ) -> None:
        """`issuer` exactly as the provider writes it. `wants_userinfo`: ask for what the ID token
        leaves out, in one call more."""
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = http
        self._scope = scope
        self._wants_userinfo = wants_userinfo
        self._lock = Lock()
        self._known: _Metadata | None = None
        self._keys: KeySet | None = None

    def begin(self, *, state: str, nonce: str, code_verifier: str, redirect_uri: str) -> str:
        """The provider's page for signing in."""
        return str(
            prepare_grant_uri(
                self._metadata().authorization_endpoint,
                self._client_id,
                "code",
                redirect_uri=redirect_uri,
                scope=self._scope,
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(code_verifier),
                code_challenge_method="S256",
            )
        )

    def finish(
        self, *, code: str, nonce: str, code_verifier: str, redirect_uri: str, now: datetime
    ) -> Claims:
        """Exchange the code, and believe nothing but what the provider has signed."""
        metadata = self._metadata()
        tokens = self._tokens(metadata, code, code_verifier, redirect_uri)
        claims = self._verified(metadata, str(tokens.get("id_token")), nonce, now)
        more: dict[str, Any] = {}
        if self._wants_userinfo and metadata.userinfo_endpoint is not None:
            more = self._userinfo(metadata.userinfo_endpoint, tokens, claims["sub"])
        return _claims(self._issuer, claims, more)

    def _metadata(self) -> _Metadata:
        with self._lock:
            known = self._known
        if known is None or time.monotonic() > known.until:
            known = self._discovered()
            with self._lock:
                self._known, self._keys = known, None
        return known

    def _discovered(self) -> _Metadata:
        told = self._object(self._issuer.rstrip("/") + DISCOVERY, {})
        if told.get("issuer") != self._issuer:
            raise FarSideFailed(
                "The identity provider calls itself by another issuer than the one that was set."
            )
        page = _text_of(told, "authorization_endpoint")
        self._http.check(page)  # A browser goes there at our word.
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return _Metadata(
            authorization_endpoint=page,
            token_endpoint=_text_of(told, "token_endpoint"),
            jwks_uri=_text_of(told, "jwks_uri"),
            userinfo_endpoint=told.get("userinfo_endpoint") and _text_of(told, "userinfo_endpoint"),
            is_basic=isinstance(methods, list) and "client_secret_basic" in methods,
            until=time.monotonic() + FRESH_S,
        )

    def _tokens(
        self, metadata: _Metadata, code: str, code_verifier: str, redirect_uri: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        }
        headers = {"Accept": "application/json"}
        if self._client_secret is not None and metadata.is_basic:
            pair = f"{quote_plus(self._client_id)}:{quote_plus(self._client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = self._client_id
            if self._client_secret is not None:
                form["client_secret"] = self._client_secret
        answer = self._http.post(metadata.token_endpoint, form=form, headers=headers)
        told = answer.json()
        if told.get("error") == "invalid_grant":
            raise ClaimsRefused("The identity provider does not take the code. Sign in again.")
        if answer.status != OK:
            raise FarSideFailed(f"The identity provider gave no token ({answer.status}).")
        return told

    def _verified(
        self, metadata: _Metadata, token: str, nonce: str, now: datetime
    ) -> dict[str, Any]:
        """With the keys as they are known, and once more with those of this moment."""
        with self._lock:
            keys = self._keys
        is_fresh = keys is None
        keys = keys or self._fetched_keys(metadata)
        expected = {"issuer": self._issuer, "client_id": self._client_id, "nonce": nonce}
        try:
            return verified(token, keys, **expected, now=now)
        except UnknownKey:
            if is_fresh:
                raise _unsigned() from None
        try:
            return verified(token, self._fetched_keys(metadata), **expected, now=now)
        except UnknownKey:
            raise _unsigned() from None

    def _fetched_keys(self, metadata: _Metadata) -> KeySet:
        keys = read_keys(self._object(metadata.jwks_uri, {}))
        with self._lock:
            self._keys = keys
        return keys

    def _userinfo(self, url: str, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
        told = self._object(url, {"Authorization": f"Bearer {tokens.get('access_token')}"})
        if told.get("sub") != subject:
            raise ClaimsRefused("The identity provider speaks of two people. Sign in again.")
        return told

    def _object(self, url: str, headers: dict[str, str]) -> dict[str, Any]:
        answer = self._http.get(url, headers={"Accept": "application/json", **headers})
        if answer.status != OK:
            raise FarSideFailed(f"The identity provider answered {answer.status}.")
        return answer.json()


def _claims(issuer: str, told: dict[str, Any], more: dict[str, Any]) -> Claims:
    """What the token leaves out comes from `more`; an address and whether it was verified always
    come from the same place."""
    for_email = told if "email" in told else more
    for_phone = told if "phone_number" in told else more
    email, phone = _text(for_email.get("email")), _text(for_phone.get("phone_number"))
    methods = told.get("amr")
    return Claims(
        issuer=issuer,
        subject=told["sub"],
        email=email,
        email_verified=email is not None and _is_true(for_email.get("email_verified")),
        phone=phone,
        phone_verified=phone is not None and _is_true(for_phone.get("phone_number_verified")),
        name=_text(told.get("name", more.get("name"))),
        amr=tuple(
            one
            for one in (methods[:MOST_METHODS] if isinstance(methods, list) else [])
            if isinstance(one, str) and len(one) <= MOST_TEXT
        ),
    )


def _text(told: object) -> str | None:
    return told if isinstance(told, str) and 0 < len(told) <= MOST_TEXT else None


def _is_true(told: object) -> bool:
    """Some providers write the word."""
    return told is True or told == "true"


def _text_of(told: dict[str, Any], name: str) -> str:
    text = told.get(name)
    if not isinstance(text, str):
        raise FarSideFailed(f"The identity provider does not tell its {name}.")
    return text


def _unsigned() -> ClaimsRefused:
    return ClaimsRefused("The identity provider's token is signed by none of its keys.")
