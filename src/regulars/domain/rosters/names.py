"""Names as they are looked for: the words of a name, and how each begins.

Names are sealed, so what can be looked for is made when a name is written: of each word its
beginnings, which are kept as keyed hashes. A word is compared without regard to large letters,
width and accents. What is written without blanks, as Chinese names are, is one word.
"""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

LEAST_LETTERS = 3
"""A word of an alphabet is found by as many of its first letters; a shorter word by all of it. By
fewer, whole populations would share one hash, and the hash would tell who is in which."""

LEAST_SIGNS = 2
"""The same for Chinese characters: a surname alone finds nobody."""

MOST_LETTERS = 12
MAX_WORDS = 12
MAX_ASKED = 5

_WORD = re.compile(r"[^\W_]+")
_SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")


def words_of(name: str) -> list[str]:
    """The words of a name in the one form in which they are compared, in their order."""
    plain = normalize("NFKC", name).casefold()
    found: list[str] = []
    signs: list[str] = []
    for word in _WORD.findall(plain):
        for part in _parts(word):
            if _SIGNS.fullmatch(part):
                signs.append(part)
            else:
                found.append(_plain(part))
    if signs:
        # However the parts of a Chinese name were separated.
        found.append("".join(signs))
    return [word for word in found if word][:MAX_WORDS]


def beginnings(name: str) -> set[str]:
    """Everything by which a name can be found."""
    found: set[str] = set()
    for word in words_of(name):
        least = _least(word)
        if len(word) <= least:
            found.add(word)
        found.update(word[:length] for length in range(least, min(len(word), MOST_LETTERS) + 1))
    return found


def asked_for(text: str) -> list[str]:
    """What to look for, of what somebody typed; empty where it is too little to look for."""
    asked: list[str] = []
    for word in words_of(text)[:MAX_ASKED]:
        if _SIGNS.fullmatch(word) and len(word) < LEAST_SIGNS:
            continue
        asked.append(word[:MOST_LETTERS])
    return list(dict.fromkeys(asked))


def is_meant(name: str, text: str) -> bool:
    """Whether what was typed is how the words of the name begin, in any order."""
    words = words_of(name)
    return all(
        any(word == wanted or (word.startswith(wanted) and _is_enough(wanted)) for word in words)
        for wanted in words_of(text)[:MAX_ASKED]
    )


def _is_enough(wanted: str) -> bool:
    return len(wanted) >= _least(wanted)


def _least(word: str) -> int:
    return LEAST_SIGNS if _SIGNS.fullmatch(word) else LEAST_LETTERS


def _parts(word: str) -> Iterator[str]:
    """Runs of Chinese and the like apart from runs of letters."""
    at = 0
    for found in _SIGNS.finditer(word):
        if found.start() > at:
            yield word[at : found.start()]
        yield found.group()
        at = found.end()
    if at < len(word):
        yield word[at:]


def _plain(word: str) -> str:
    """Without accents."""
    letters = (one for one in normalize("NFKD", word) if category(one) != "Mn")
    return normalize("NFC", "".join(letters))
