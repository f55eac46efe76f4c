"""Ids as the outside sees them: opaque text with a prefix, and references to members.

Inside, rows are numbered by whole numbers in the order of time. Outside, a number is mixed by an
invertible function of 64 bits (so that ids do not tell how many there are) and written in 13
letters. The mixing is no secret and protects nothing; access is the API's matter.
"""

import re

from msgspec import Struct

from regulars.domain.errors import Fault, InvalidInput, MemberNotFound

MEMBER, EVENT, LOT, HOLD, TRANSFER = "mem", "evt", "lot", "hld", "trf"
STAFF, SESSION, APPROVAL = "stf", "ses", "apr"
ENROLMENT, PASSKEY = "enr", "pky"
IMPORT, REJECTED = "imp", "rej"
DRAFT, SIMULATION = "dft", "sim"
VERIFICATION, EXPORT = "ver", "exp"
ORDER, GRANT, SLOT, BOOKING = "ord", "grt", "slt", "bkg"
TEMPLATE, COUPON = "ctp", "cpn"
COUPON_BATCH, COUPON_USE, COUPON_RUN = "cpb", "cpu", "cpr"
REWARD, VARIANT, REDEMPTION, SALE = "rwd", "var", "rdm", "sal"
DRAW, MEMBERSHIP, FAMILY_PERSON = "drw", "mbs", "fmp"
TURN, BOARD = "trn", "brd"
USE, GRANT_RUN = "use", "grn"
NOTICE = "ntc"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_MASK = 2**64 - 1
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that multiplying is invertible modulo 2^64
_INVERSE = pow(_FACTOR, -1, 2**64)
_SALTS = {
    MEMBER: 0x6D656D, EVENT: 0x657674, LOT: 0x6C6F74, HOLD: 0x686C64, TRANSFER: 0x747266,
    STAFF: 0x737466, SESSION: 0x736573, APPROVAL: 0x617072, ENROLMENT: 0x656E72,
    PASSKEY: 0x706B79, IMPORT: 0x696D70, REJECTED: 0x72656A,
    DRAFT: 0x646674, SIMULATION: 0x73696D, VERIFICATION: 0x766572, EXPORT: 0x657870,
    ORDER: 0x6f7264, GRANT: 0x677274, SLOT: 0x736c74, BOOKING: 0x626b67,
    COUPON_BATCH: 0x637062, COUPON_USE: 0x637075, COUPON_RUN: 0x637072,
    TEMPLATE: 0x637470, COUPON: 0x63706e, REWARD: 0x727764, VARIANT: 0x766172,
    REDEMPTION: 0x72646d, SALE: 0x73616c, DRAW: 0x647277, MEMBERSHIP: 0x6d6273,
    FAMILY_PERSON: 0x666D70,
    TURN: 0x74726E, BOARD: 0x627264,
    USE: 0x757365, GRANT_RUN: 0x67726E, NOTICE: 0x6E7463,
}  # fmt: skip
_TWO_LETTERS = [first + second for first in _ALPHABET for second in _ALPHABET]
_LENGTH = 13
_SHIFT = 32


def encode(kind: str, number: int) -> str:
    """The outside form of row `number`, such as mem_3k9…"""
    mixed = ((number ^ _SALTS[kind]) * _FACTOR) & _MASK
    mixed ^= mixed >> _SHIFT
    mixed = (mixed * _FACTOR) & _MASK
    # In two halves: small numbers are shifted three times as fast.
    high, low, two = mixed >> 30, mixed & 0x3FFFFFFF, _TWO_LETTERS
    return (
        f"{kind}_{_ALPHABET[high >> 30]}{two[high >> 20 & 1023]}{two[high >> 10 & 1023]}"
        f"{two[high & 1023]}{two[low >> 20]}{two[low >> 10 & 1023]}{two[low & 1023]}"
    )


def decode(kind: str, text: str) -> int | None:
    """The row number in an outside id of that kind; None when it is not one."""
    prefix, _, letters = text.partition("_")
    if prefix != kind or len(letters) != _LENGTH:
        return None
    mixed = 0
    for letter in letters:
        value = _VALUES.get(letter)
        if value is None:
            return None
        mixed = mixed << 5 | value
    if mixed > _MASK:
        return None
    mixed = (mixed * _INVERSE) & _MASK
    mixed ^= mixed >> _SHIFT
    number = ((mixed * _INVERSE) & _MASK) ^ _SALTS[kind]
    return number if number < 2**63 else None


class MemberRef(Struct, frozen=True, gc=False):
    """Who is meant: a member id of ours, or an id that `system` gave."""

    id: int | None
    system: str = ""
    external_id: str = ""


DEFAULT_SYSTEM = "external"
"""The system of a reference without one: "4711" is "external:4711"."""

_SYSTEM = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_PERSONAL = frozenset({"mail", "mobile", "tel", "name"})

PHONE, EMAIL = "phone", "email"
VEILED = ("phone:", "email:")
"""What a member may be called by and is never kept: a keyed hash stands for it everywhere."""

PROVIDERS = "idp."
"""Begins the system of an identity that a provider of sign-ins gave."""

_HASH = re.compile(r"~[A-Za-z0-9_-]{32}")


def parse_ref(text: str, *, pointer: str = "/subject") -> MemberRef:
    """Read a member reference: mem_…, "system:external-id", or a bare external id.

    Raises InvalidInput; MemberNotFound for text that begins like one of our ids and is none.
    """
    if text.startswith("mem_"):
        number = decode(MEMBER, text)
        if number is None:
            raise MemberNotFound(f"{text[:40]!r} is not a member id.")
        return MemberRef(number)
    system, colon, external_id = text.partition(":")
    if not colon:
        system, external_id = DEFAULT_SYSTEM, text
    if not _SYSTEM.fullmatch(system) or not 0 < len(external_id) <= 200:  # noqa: PLR2004
        raise InvalidInput(
            'A member is named by an id of ours (mem_…) or as "system:id", such as card:4711.',
            faults=[Fault(pointer, "not a member reference")],
        )
    if system in _PERSONAL or (
        not _HASH.fullmatch(external_id) if system in {PHONE, EMAIL} else "@" in external_id
    ):
        raise InvalidInput(
            "Members are named by opaque ids; phones, e-mails and names are not accepted here.",
            faults=[Fault(pointer, "looks like personal data")],
        )
    return MemberRef(None, system, external_id)


def is_veiled(system: str) -> bool:
    """Whether ids of this system are how a person signs in, and shown to nobody."""
    return system in {PHONE, EMAIL} or system.startswith(PROVIDERS)


def write_ref(ref: MemberRef) -> str:
    """The reference as text that `parse_ref` reads back."""
    return f"{ref.system}:{ref.external_id}" if ref.id is None else encode(MEMBER, ref.id)
