"""Which passwords staff may choose, and the form in which one is hashed.

After NIST SP 800-63B-4, section 3.1.1.2: length before everything, no rules about kinds of
characters, no expiry; common, guessable and personal ones are refused.
"""

from collections.abc import Iterable
from typing import Any
from unicodedata import category, normalize

from zxcvbn import matching, scoring

from regulars.domain.errors import InvalidInput

LEAST_LENGTH = 15
"""Characters. What NIST asks where the password stands alone. It may: a second factor is asked for
only by some acts, is set up after the password, and can be lost."""

MOST_LENGTH = 256
"""Characters: bounds what is hashed. Nothing is cut off."""

ENOUGH_GUESSES = 10**8
"""From here on zxcvbn's score is 3 of 4: safe while tries are throttled and hashes are slow."""

EXAMINED = 24
"""How much of the password is measured. The measure's time grows faster than the square of the
length: on this much it is a third of a second at the worst. The rest can only add strength."""

SEPARATORS = " -_.,;:/|"

MOST_HINTS = 40
LEAST_HINT = 3
MOST_HINT = 64


def prepared(password: str) -> str:
    """The password as it is hashed and compared: NFKC, so that every keyboard gives the same.

    Raises InvalidInput for more than MOST_LENGTH characters, and for what is no text at all.
    """
    if len(password) > MOST_LENGTH:
        raise InvalidInput(f"A password has at most {MOST_LENGTH} characters.")
    plain = normalize("NFKC", password)
    if any(category(letter) == "Cs" for letter in plain):
        raise InvalidInput("The password holds something that is not a character. Type it anew.")
    return plain


def check_password(password: str, hints: Iterable[str] = ()) -> None:
    """Raises InvalidInput, saying what to do, unless this may become somebody's password.

    `hints`: words that an attacker would try first: the person's name and e-mail address, the
    company's name.
    """
    plain = prepared(password)
    # A code point that a later Unicode gives a meaning may then normalize to something else, and
    # its owner could no longer sign in.
    if any(category(letter) in {"Cc", "Cn"} for letter in plain):
        raise InvalidInput("Use characters that can be seen, and spaces.")
    if not LEAST_LENGTH <= len(plain) <= MOST_LENGTH:
        raise InvalidInput(
            f"Choose a password of {LEAST_LENGTH} to {MOST_LENGTH} characters. Four words that "
            "have nothing to do with each other are easy to remember and hard to guess."
        )
    own = _own_words(hints)
    for text in _readings(plain[:EXAMINED]):
        measured = _measure(text, own)
        if measured["guesses"] < ENOUGH_GUESSES:
            raise InvalidInput(f"This password would be guessed. {_advice(measured['sequence'])}")
    rest = _without(own, plain[:EXAMINED])
    if rest is not None and _measure(rest, own)["guesses"] < ENOUGH_GUESSES:
        raise InvalidInput(f"This password would be guessed. {OWN_WORDS}")


def _readings(text: str) -> list[str]:
    """The text, and the same without its separators, which the measure takes for chance.

    Where separators are half of it or more, they are more than that.
    """
    joined = "".join(letter for letter in text if letter not in SEPARATORS)
    return [text, joined] if len(text) // 2 < len(joined) < len(text) else [text]


def _without(own: dict[str, int], text: str) -> str | None:
    """What is left without the person's own words; None when there are none in it.

    zxcvbn takes several words in a row for strong, however near they are at hand.
    """
    joined = "".join(letter for letter in text.lower() if letter not in SEPARATORS)
    rest = joined
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest if rest != joined else None


def _own_words(hints: Iterable[str]) -> dict[str, int]:
    """The hints and their parts, ranked as the dictionaries of zxcvbn are."""
    words: dict[str, int] = {}
    for hint in hints:
        whole = normalize("NFKC", hint[:MOST_HINT]).lower()
        parts = "".join(letter if letter.isalnum() else " " for letter in whole).split()
        for word in (whole, "".join(parts), *parts):
            if len(word) >= LEAST_HINT and len(words) < MOST_HINTS:
                words.setdefault(word, len(words) + 1)
    return words


def _measure(text: str, own: dict[str, int]) -> dict[str, Any]:
    # Not through zxcvbn.zxcvbn(): it puts the person's words into a dictionary that all threads
    # share, where they would stay, and count against somebody else.
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": own}
    found = matching.omnimatch(text, dictionaries)
    measured: dict[str, Any] = scoring.most_guessable_match_sequence(text, found)
    return measured


OWN_WORDS = "Leave out your own name and address and that of the company."

_ADVICE = {
    "repeat": "Do not repeat characters or words.",
    "sequence": "Do not use rows such as abcdef or 654321.",
    "spatial": "Do not use neighbouring keys.",
    "date": "Do not use dates or years.",
    "regex": "Do not use dates or years.",
    "dictionary": "Add a word or two; rare words are better, and letters made digits do not help.",
}


def _advice(sequence: list[dict[str, Any]]) -> str:
    """What to do about the longest guessable part."""
    if any(part.get("dictionary_name") == "user_inputs" for part in sequence):
        return OWN_WORDS
    longest = max(sequence, key=lambda part: len(part["token"]))
    return _ADVICE.get(longest["pattern"], _ADVICE["dictionary"])
