"""Code 128: what a scanner reads back is what was written."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.cards.code128 import PATTERNS, is_encodable, widths

texts = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
digits = st.text("0123456789", min_size=1, max_size=40)
STOP = [int(width) for width in PATTERNS[106]]


def read(bars: list[int]) -> str:
    """What a scanner makes of the widths, its check sum verified."""
    assert bars[-7:] == STOP
    body = bars[:-7]
    codes = [PATTERNS.index("".join(map(str, body[at : at + 6]))) for at in range(0, len(body), 6)]
    start, *data, check = codes
    assert (start + sum(place * code for place, code in enumerate(data, 1))) % 103 == check
    in_pairs, text = {104: False, 105: True}[start], ""
    for code in data:
        if code == 100 and in_pairs:
            in_pairs = False
        elif code == 99 and not in_pairs:
            in_pairs = True
        else:
            text += f"{code:02d}" if in_pairs else chr(code + 32)
    return text


@given(texts | digits)
def test_a_scanner_reads_what_was_written(text: str) -> None:
    assert read(widths(text)) == text


@given(texts | digits)
def test_every_character_is_eleven_modules_wide(text: str) -> None:
    bars = widths(text)

    assert (sum(bars) - 13) % 11 == 0
    assert set(bars) <= {1, 2, 3, 4}


def test_digits_take_half_the_room() -> None:
    assert sum(widths("9273987131000007")) == 11 * (1 + 8 + 1) + 13


def test_every_pattern_is_another() -> None:
    assert len(PATTERNS) == 107
    assert len(set(PATTERNS)) == 107


def test_what_has_no_bars_is_not_written() -> None:
    assert not is_encodable("卡")
    assert not is_encodable("")
