"""Short messages by an operator's bridge: one POST each. The contract is in the reference on
settings."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from regulars.domain.errors import AddressRefused, FarSideFailed, InvalidInput, NotDelivered
from regulars.gateways.messages.letters import Letter
from regulars.gateways.safe_http import SafeHttp
from regulars.gateways.secret_files import read_secret

FINAL = frozenset({400, 404, 410, 413, 422})
"""Answers that speak of the message. 401, 403, 429 and 5xx speak of us, or of the bridge."""


class SmsBridge:
    """Hands letters to the bridge at `url`. The token is read from its file for each."""

    def __init__(self, url: str, token_file: Path, http: SafeHttp | None = None) -> None:
        """`http` is for tests; otherwise only the host of `url` is called."""
        self._url = url
        self._token_file = token_file
        self._http = http or SafeHttp(allowed_hosts=[urlsplit(url).hostname or ""])

    def send(self, letter: Letter) -> None:
        """Hand over. The bridge's words are not repeated: they may say the number."""
        content = msgspec.json.encode({"to": letter.to, "text": letter.text})
        try:
            headers = {
                "Authorization": f"Bearer {read_secret(self._token_file)}",
                "Content-Type": "application/json",
            }
            status = self._http.post(self._url, headers=headers, content=content).status
        except (FarSideFailed, AddressRefused, InvalidInput) as error:
            raise NotDelivered(
                f"The SMS bridge cannot be used: {error.detail}", is_final=False
            ) from None
        if not 200 <= status < 300:  # noqa: PLR2004 - the class of success
            raise NotDelivered(
                f"The SMS bridge refused the message ({status}).", is_final=status in FINAL
            )
