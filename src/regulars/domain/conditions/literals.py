"""Constants as CEL writes them: numbers and quoted texts with their escapes, read and written."""

import math
import re

from regulars.domain.conditions.syntax import INT_MAX, INT_MIN, Literal
from regulars.domain.errors import ConditionInvalid

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"`?])|([0-3][0-7]{2})|[xX]([0-9a-fA-F]{2})"
    r"|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[\s\S])"
)
_NAMED = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_TO_ESCAPE = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_MAX_UNICODE = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def read_int(source: str, *, offset: int) -> Literal:
    """A whole number, decimal or `0x`. Raises ConditionInvalid outside 64 bits."""
    digits = source.lower()
    value = int(digits, 16 if "0x" in digits else 10)
    if not INT_MIN <= value <= INT_MAX:
        raise ConditionInvalid("This whole number needs more than 64 bits.", offset=offset)
    return Literal("int", value, offset=offset)


def read_double(source: str, *, offset: int) -> Literal:
    """A number with a point or an exponent. Raises ConditionInvalid if it is too large."""
    value = float(source)
    if math.isinf(value):
        raise ConditionInvalid("This number is too large.", offset=offset)
    return Literal("double", value, offset=offset)


def read_text(source: str, *, offset: int) -> Literal:
    """A quoted text. Raises ConditionInvalid at an escape that CEL does not know."""
    raw = source[0] in "rR"
    body = source[1:] if raw else source
    width = 3 if body[:3] in {'"""', "'''"} else 1
    inner = body[width:-width]
    if raw:
        return Literal("string", inner, offset=offset)

    def plain(match: re.Match[str]) -> str:
        named, octal, byte, short, long = match.groups()
        if named:
            return _NAMED.get(named, named)
        where = offset + width + match.start()
        if octal:
            return chr(int(octal, 8))
        code = byte or short or long
        if not code:
            raise ConditionInvalid(
                rf"{match.group()} is no escape. Write \\ for a backslash.", offset=where
            )
        point = int(code, 16)
        if point > _MAX_UNICODE or point in _SURROGATES:
            raise ConditionInvalid(f"{match.group()} is no character.", offset=where)
        return chr(point)

    return Literal("string", _ESCAPE.sub(plain, inner), offset=offset)


def written_text(value: str) -> str:
    """`value` between double quotes, so that read_text gives it back."""
    return f'"{"".join(_written(character) for character in value)}"'


def _written(character: str) -> str:
    known = _TO_ESCAPE.get(character)
    if known is not None:
        return known
    if character.isprintable():
        return character
    point = ord(character)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004
