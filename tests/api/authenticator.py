"""An authenticator in software: it makes passkeys and signs with them as the standard says, and
otherwise where a test wants it to."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PRESENT, VERIFIED, MAY_SYNC, SYNCED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ES256, EDDSA, RS256 = -7, -8, -257


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(told: str) -> bytes:
    return urlsafe_b64decode(told + "=" * (-len(told) % 4))


@dataclass
class Authenticator:
    """Holds one passkey once it has made one. Tests set what it lies about."""

    origin: str = "http://127.0.0.1:8321"
    algorithm: int = ES256
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    handle: bytes = b""
    host: str | None = None
    key: Any = None

    def make(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """What `navigator.credentials.create` gives."""
        assert {"type": "public-key", "alg": self.algorithm} in options["pubKeyCredParams"]
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["authenticatorSelection"]["userVerification"] == "required"
        self.key = {
            ES256: lambda: ec.generate_private_key(ec.SECP256R1()),
            EDDSA: ed25519.Ed25519PrivateKey.generate,
            RS256: lambda: rsa.generate_private_key(65537, 2048),
        }[self.algorithm]()
        self.handle = raw(options["user"]["id"])
        attested = (
            bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
            + cbor2.dumps(self._public())
        )  # fmt: skip
        data = self._data(options["rp"]["id"], self.flags | ATTESTED) + attested
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {
            "clientDataJSON": text(self._client("webauthn.create", options, lies)),
            "attestationObject": text(cbor2.dumps(statement)),
            "transports": ["internal", "hybrid"],
        }
        return self._credential(response)

    def sign(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        assert options["userVerification"] == "required"
        assert options.get("allowCredentials", []) == []
        data = self._data(options["rpId"], self.flags)
        client = self._client("webauthn.get", options, lies)
        response = {
            "clientDataJSON": text(client),
            "authenticatorData": text(data),
            "signature": text(self._signed(data + sha256(client).digest())),
            "userHandle": text(self.handle),
        }
        return self._credential(response)

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = text(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response,
                "authenticatorAttachment": "platform", "clientExtensionResults": {}}  # fmt: skip

    def _client(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin,
                "crossOrigin": False}  # fmt: skip
        return json.dumps(told | lies).encode()

    def _data(self, host: str, flags: int) -> bytes:
        self.count += self.counts
        return (
            sha256((self.host or host).encode()).digest() + bytes([flags])
            + self.count.to_bytes(4, "big")
        )  # fmt: skip

    def _public(self) -> dict[int, Any]:
        if self.algorithm == ES256:
            numbers = self.key.public_key().public_numbers()
            return {1: 2, 3: ES256, -1: 1, -2: numbers.x.to_bytes(32, "big"),
                    -3: numbers.y.to_bytes(32, "big")}  # fmt: skip
        if self.algorithm == EDDSA:
            return {1: 1, 3: EDDSA, -1: 6, -2: self.key.public_key().public_bytes_raw()}
        numbers = self.key.public_key().public_numbers()
        return {1: 3, 3: RS256, -1: numbers.n.to_bytes(256, "big"),
                -2: numbers.e.to_bytes(3, "big")}  # fmt: skip

    def _signed(self, what: bytes) -> bytes:
        if self.algorithm == ES256:
            return bytes(self.key.sign(what, ec.ECDSA(hashes.SHA256())))
        if self.algorithm == EDDSA:
            return bytes(self.key.sign(what))
        return bytes(self.key.sign(what, padding.PKCS1v15(), hashes.SHA256()))
