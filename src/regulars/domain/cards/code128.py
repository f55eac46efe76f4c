"""Code 128 (ISO/IEC 15417): the barcode that every till's scanner reads.

Pairs of digits are written in code set C, everything else in B; the symbol ends with its check
character and the stop pattern. Nothing of it is patented or licensed.
"""

from collections.abc import Iterator

QUIET = 10
"""Modules of white that have to stand on either side."""

_START_B, _START_C, _CODE_B, _CODE_C, _STOP = 104, 105, 100, 99, 106
_MODULO = 103
_FIRST, _LAST = 32, 126
_LEAST_RUN = 4
"""From so many digits on it is shorter to change to pairs of digits."""

PATTERNS = (
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
)  # fmt: skip
"""Widths of bar, space, bar … of each character, in modules."""


def is_encodable(text: str) -> bool:
    """Whether the barcode can say this: visible ASCII."""
    return bool(text) and all(_FIRST <= ord(letter) <= _LAST for letter in text)


def widths(text: str) -> list[int]:
    """Widths of bars and spaces in turn, beginning with a bar, without the quiet zones."""
    assert is_encodable(text)
    codes = list(_codes(text))
    check = (codes[0] + sum(place * code for place, code in enumerate(codes))) % _MODULO
    return [int(width) for code in [*codes, check, _STOP] for width in PATTERNS[code]]


def _codes(text: str) -> Iterator[int]:
    """The characters of the symbol from its start on, without check and stop."""
    in_pairs = _run(text, 0) >= min(_LEAST_RUN, len(text)) and _run(text, 0) > 1
    yield _START_C if in_pairs else _START_B
    at = 0
    while at < len(text):
        run = _run(text, at)
        if in_pairs and run < 2:  # noqa: PLR2004
            in_pairs = False
            yield _CODE_B
        elif not in_pairs and run >= _LEAST_RUN and run % 2 == 0:
            in_pairs = True
            yield _CODE_C
        step = 2 if in_pairs else 1
        yield int(text[at : at + step]) if in_pairs else ord(text[at]) - _FIRST
        at += step


def _run(text: str, at: int) -> int:
    """How many digits follow one another from `at` on."""
    end = at
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return end - at
