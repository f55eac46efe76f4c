"""Codes by which a member uses a benefit: shown for minutes, used once, not to be guessed.

A B and nine letters by chance, of 31 that are not mistaken for one another: 44 bits. Whoever tries
waits longer with each wrong one (`throttling.CODES_AT_A_DESK`), and a code lives for minutes.
"""

from datetime import timedelta

FIRST = "B"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 9
LENGTH = 10
LIFETIME = timedelta(minutes=5)
_GROUP = 5


def code_of(drawn: int) -> str:
    """The code for `drawn`, which lies in [0, 31^9)."""
    assert 0 <= drawn < POSSIBLE
    letters = ""
    for _ in range(DRAWN):
        drawn, place = divmod(drawn, len(LETTERS))
        letters += LETTERS[place]
    return FIRST + letters


POSSIBLE = len(LETTERS) ** DRAWN
"""How many codes there are."""


def normal(text: str) -> str:
    """A code as it is compared: however it was typed or scanned."""
    return "".join(text.split()).replace("-", "").upper()


def is_code(text: str) -> bool:
    """Whether this normal text could be a code."""
    return (
        len(text) == LENGTH
        and text.startswith(FIRST)
        and all(letter in LETTERS for letter in text[1:])
    )


def grouped(code: str) -> str:
    """The code as people read it out."""
    return f"{code[:_GROUP]}-{code[_GROUP:]}"
