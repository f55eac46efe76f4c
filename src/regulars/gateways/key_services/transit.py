"""Keys in a key management service that speaks as the transit engine of HashiCorp Vault does.

A sealed text is the key's name, a colon, and the service's own `vault:v1:…`.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from regulars.domain.errors import AddressRefused, FarSideFailed, InvalidInput, KeyServiceFailed
from regulars.gateways.safe_http import Answer, SafeHttp
from regulars.gateways.secret_files import read_secret

KEY_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
SEALED = re.compile(rb"([A-Za-z0-9_.-]{1,64}):(vault:v(\d{1,9}):[A-Za-z0-9+/=]+)")
OK = 200


class TransitKeys:
    """A key service at `url`. The token is read from its file at each call: agents renew it."""

    def __init__(self, url: str, key: str, token_file: Path, http: SafeHttp | None = None) -> None:
        """`http` is for tests; otherwise only the host of `url` is called. Raises InvalidInput."""
        if not KEY_NAME.fullmatch(key):
            raise InvalidInput("REGULARS_KMS_KEY must be letters, digits, dots, dashes and _.")
        self._url = url.rstrip("/")
        self._key = key
        self._token_file = token_file
        self._http = http or SafeHttp(allowed_hosts=[urlsplit(url).hostname or ""])

    @property
    def current(self) -> str:
        """Name and version of the key that seals now; asks the service."""
        version = self._told("keys", self._key, None).get("latest_version")
        if not isinstance(version, int):
            raise KeyServiceFailed("The key management service tells no version of its key.")
        return f"{self._key}:v{version}"

    def wrap(self, plain: bytes, context: bytes) -> bytes:
        """Seal; one call."""
        sent = {"plaintext": _text(plain), "associated_data": _text(context)}
        sealed = f"{self._key}:{self._told('encrypt', self._key, sent).get('ciphertext')}".encode()
        if not SEALED.fullmatch(sealed):
            raise KeyServiceFailed("The key management service did not answer with a sealed text.")
        return sealed

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Open; one call."""
        key, sealed, _ = _parts(wrapped)
        sent = {"ciphertext": sealed, "associated_data": _text(context)}
        told = self._told("decrypt", key, sent).get("plaintext")
        try:
            return b64decode(told if isinstance(told, str) else "?", validate=True)
        except (Base64Error, ValueError):
            raise KeyServiceFailed("The key management service did not answer with a key.") from (
                None
            )

    def key_of(self, wrapped: bytes) -> str:
        """Name and version out of the text; asks nobody."""
        key, _, version = _parts(wrapped)
        return f"{key}:v{version}"

    def _told(self, verb: str, key: str, sent: dict[str, str] | None) -> dict[str, Any]:
        url = f"{self._url}/v1/transit/{verb}/{key}"
        headers = {"X-Vault-Token": self._token()}
        try:
            if sent is None:
                answer = self._http.get(url, headers=headers)
            else:
                answer = self._http.post(url, headers=headers, content=msgspec.json.encode(sent))
            data = _demand_ok(answer).json().get("data")
        except (FarSideFailed, AddressRefused) as error:
            raise KeyServiceFailed(f"The key management service failed: {error.detail}") from error
        return data if isinstance(data, dict) else {}

    def _token(self) -> str:
        try:
            return read_secret(self._token_file)
        except InvalidInput as error:
            raise KeyServiceFailed(error.detail) from error


def _demand_ok(answer: Answer) -> Answer:
    """The service's own words are not repeated: they may tell of what was sent."""
    if answer.status != OK:
        raise KeyServiceFailed(f"The key management service answered {answer.status}.")
    return answer


def _parts(wrapped: bytes) -> tuple[str, str, str]:
    found = SEALED.fullmatch(wrapped)
    if found is None:
        raise KeyServiceFailed("What should be a sealed key was not sealed by this service.")
    key, sealed, version = (part.decode("ascii") for part in found.groups())
    return key, sealed, version


def _text(plain: bytes) -> str:
    return b64encode(plain).decode()
