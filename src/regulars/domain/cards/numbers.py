"""Card numbers of our own making: told from others' at sight, checked by a digit, hard to guess.

Sixteen digits: a 9, which begins no payment card, fourteen drawn by chance, and a check digit
(Luhn, ISO/IEC 7812-1). Of a million members one guess in a hundred million finds somebody.
"""

SYSTEM = "card"
"""The system of references to cards, ours and those that shops brought along."""

FIRST = "9"
DRAWN = 14
LENGTH = 16
_GROUP = 4
_BASE = 10
_DOUBLED_MOST = 9


def number_of(drawn: int) -> str:
    """The card number for `drawn`, which lies in [0, 10^14)."""
    assert 0 <= drawn < _BASE**DRAWN
    body = f"{FIRST}{drawn:0{DRAWN}d}"
    return body + str(-_sum(body + "0") % _BASE)


def is_own(number: str) -> bool:
    """Whether this is a card number as `number_of` makes them, its check digit included."""
    return (
        len(number) == LENGTH
        and number.isascii()
        and number.isdigit()
        and number.startswith(FIRST)
        and _sum(number) % _BASE == 0
    )


def grouped(number: str) -> str:
    """The number as people read it out: in groups of four, where it is long and all digits."""
    if not number.isdigit() or len(number) <= _GROUP * 2:
        return number
    return " ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))


def _sum(number: str) -> int:
    """Every second digit from the right counts twice, by the sum of its digits."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value if value <= _DOUBLED_MOST else value - _DOUBLED_MOST
    return total
