"""One-time codes by time (RFC 6238), each of which counts once, and the codes for an emergency."""

from datetime import datetime
from hmac import compare_digest
from unicodedata import normalize

from pyotp import TOTP

STEP_S = 30
DIGITS = 6
LEEWAY_STEPS = 1
"""How many steps the clock of somebody's phone may be fast or slow."""

RECOVERY_CODES = 10
RECOVERY_LETTERS = 16
"""Of five bits each: 80 bits, so that a plain hash may be stored."""

RECOVERY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUP = 4
_MEANT = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
MOST_CODE = 40


def step_of(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The time step to which `code` belongs, if it is one of now; None for any other.

    Steps up to `after` are over: a code that was taken, or one before it, is none any more.
    """
    digits = normalize("NFKC", code).replace(" ", "")
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdecimal():
        return None
    generator = TOTP(secret, digits=DIGITS, interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in range(current - LEEWAY_STEPS, current + LEEWAY_STEPS + 1):
        if compare_digest(generator.generate_otp(step), digits) and step > after:
            found = step if found is None else found
    return found


def link_of(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth address that an authenticator app reads from a QR code."""
    return TOTP(secret, digits=DIGITS, interval=STEP_S).provisioning_uri(
        name=account, issuer_name=issuer
    )


def written(recovery: str) -> str:
    """A recovery code as a person reads it: in groups."""
    return "-".join(recovery[at : at + _GROUP] for at in range(0, len(recovery), _GROUP))


def recovery_in(text: str) -> str | None:
    """The recovery code that a person typed, or None: letters that look alike count as one."""
    plain = normalize("NFKC", text[:MOST_CODE]).lower().translate(_MEANT)
    is_one = len(plain) == RECOVERY_LETTERS and all(one in RECOVERY_ALPHABET for one in plain)
    return plain if is_one else None
