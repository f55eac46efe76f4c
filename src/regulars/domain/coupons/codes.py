"""Codes of coupons: hard to guess, easy to type, and a typing error is told from a wrong code.

A code is a prefix that the operator chose and twelve letters: eleven drawn by chance and a check
letter. The alphabet has 32 letters, none of 0, O, 1 and I. Eleven of them are 2^55 codes: where a
million are in use, one guess in 36,000 million finds one.

The check letter makes the letters, as elements of the field of 32 elements, a word of a shortened
Reed-Solomon code: the sum of each letter times a power of the field's generator is nothing. It
tells every single wrong letter (2 for Z, 5 for S, 8 for B, U for V), any two letters that changed
places, wherever they stand, and every doubled letter that became another doubled letter.
"""

import re

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
DRAWN = 11
LENGTH = DRAWN + 1
BITS = 5 * DRAWN
"""Of chance in each code."""

GROUP = 4
MAX_PREFIX = 8
MAX_TYPED = 80
GIFT_PREFIX = "GIFT"
"""Begins every code by which a friend takes a coupon."""

PREFIX = re.compile(rf"[A-Z0-9]{{0,{MAX_PREFIX}}}")
WORD = re.compile(r"[A-Z0-9]{3,11}")
"""A code for all: shorter than any that is drawn."""

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_MASK = 31
_MODULUS = 0b100101
"""x^5 + x^2 + 1, which is primitive: the powers of x are all 31 elements but nothing."""


def _powers() -> list[int]:
    found, value = [], 1
    for _ in range(_MASK):
        found.append(value)
        value <<= 1
        if value > _MASK:
            value ^= _MODULUS
    return found


_POWERS = _powers()
_LOGS = {value: place for place, value in enumerate(_POWERS)}
# By place from the left, what each letter adds to the sum; the check letter stands for itself.
_WEIGHTED = [
    [0, *(_POWERS[(_LOGS[value] + DRAWN - place) % _MASK] for value in range(1, 32))]
    for place in range(LENGTH)
]


def code_of(prefix: str, drawn: int) -> str:
    """The code for `drawn`, which lies in [0, 2^55), behind `prefix`."""
    assert 0 <= drawn < 1 << BITS
    total, letters = 0, []
    for place in range(DRAWN):
        value = (drawn >> (5 * place)) & _MASK
        total ^= _WEIGHTED[place][value]
        letters.append(ALPHABET[value])
    return f"{prefix}{''.join(letters)}{ALPHABET[total]}"


def normal(typed: str) -> str:
    """A code as it is kept: in capitals, without blanks and hyphens."""
    return "".join(typed[: MAX_TYPED + 1].upper().replace("-", "").split())


def is_well_formed(code: str) -> bool:
    """Whether a normal text may be a code at all: one that is drawn, or a word for all."""
    return bool(WORD.fullmatch(code)) or is_drawn(code)


def is_drawn(code: str) -> bool:
    """Whether a normal text is a prefix and twelve letters of which the last fits the others."""
    if not LENGTH <= len(code) <= LENGTH + MAX_PREFIX:
        return False
    total = 0
    for place, letter in enumerate(code[-LENGTH:]):
        value = _VALUES.get(letter)
        if value is None:
            return False
        total ^= _WEIGHTED[place][value]
    return total == 0 and bool(PREFIX.fullmatch(code[:-LENGTH]))


def grouped(code: str) -> str:
    """The code as people read it: its prefix, and its letters in groups of four."""
    if len(code) < LENGTH:
        return code
    body = code[-LENGTH:]
    groups = [body[at : at + GROUP] for at in range(0, LENGTH, GROUP)]
    return "-".join([code[:-LENGTH], *groups] if len(code) > LENGTH else groups)
