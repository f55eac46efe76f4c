"""Codes that a member shows to pick something up: short, and without letters taken for others."""

from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
"""30^10: nobody hits one of a few thousand open ones by trying."""


def drawn(choose: Callable[[str], str]) -> str:
    """A new code; `choose` draws one letter by a chance that nobody can foresee."""
    return "".join(choose(ALPHABET) for _ in range(LENGTH))


def as_typed(text: str) -> str:
    """A code as somebody typed or scanned it: small letters, blanks and dashes are let through."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[: LENGTH + 1]
