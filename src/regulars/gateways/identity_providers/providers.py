"""Third parties that say who somebody is: what is asked of them, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Protocol

from regulars.domain.errors import ClaimsRefused

MOST_CODE = 2048
MOST_SUBJECT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who somebody is, on the word of a third party. `repr` shows nothing personal.

    Issuer and subject together name a person for ever; e-mail and phone may change hands, and
    prove something only when verified. `amr` says how the person was recognised (RFC 8176).
    """

    issuer: str
    subject: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    email_verified: bool = False
    phone: str | None = field(default=None, repr=False)
    phone_verified: bool = False
    name: str | None = field(default=None, repr=False)
    amr: tuple[str, ...] = ()


class IdentityProvider(Protocol):
    """Signs people in by sending their browser away and back. Safe to share among threads.

    The caller makes state, nonce and verifier anew for each attempt (`secrets.token_hex(32)` suits
    all three), keeps them with the browser's session, and reads the way back by `returned_code`.
    """

    def begin(self, *, state: str, nonce: str, code_verifier: str, redirect_uri: str) -> str:
        """The address to which the browser goes. Raises AddressRefused, FarSideFailed."""

    def finish(
        self, *, code: str, nonce: str, code_verifier: str, redirect_uri: str, now: datetime
    ) -> Claims:
        """Who came back with this code. A code serves once.

        Raises ClaimsRefused when the person has to begin again, AddressRefused or FarSideFailed
        when the provider, or what we know of it, is at fault.
        """


def returned_code(query: Mapping[str, str], *, state: str, issuer: str = "") -> str:
    """The code with which a browser came back, if it went away with this state.

    `issuer` is compared where the provider names itself (RFC 9207). Raises ClaimsRefused.
    """
    if not compare_digest(query.get("state", "").encode(), state.encode()):
        raise ClaimsRefused("This sign-in was begun elsewhere. Begin again.")
    if issuer and query.get("iss", issuer) != issuer:
        raise ClaimsRefused("Another provider answered than the one that was asked. Begin again.")
    if "error" in query:
        raise ClaimsRefused("The identity provider did not let the sign-in pass. Begin again.")
    code = query.get("code", "")
    if not code or len(code) > MOST_CODE:
        raise ClaimsRefused("The identity provider sent no code. Begin again.")
    return code
