"""Codes of coupons: what typing errors are told, and how hard they are to guess."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.coupons.codes import (
    ALPHABET,
    BITS,
    LENGTH,
    code_of,
    grouped,
    is_drawn,
    is_well_formed,
    normal,
)

drawn = st.integers(min_value=0, max_value=2**BITS - 1)
prefixes = st.from_regex(r"[A-Z0-9]{0,8}", fullmatch=True)
places = st.integers(min_value=0, max_value=LENGTH - 1)


def test_no_letter_can_be_taken_for_another_that_is_there() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("0O1I") & set(ALPHABET)


@given(prefixes, drawn)
def test_a_code_is_known_however_it_is_typed(prefix: str, number: int) -> None:
    code = code_of(prefix, number)
    assert is_drawn(code)
    assert is_well_formed(code)
    assert normal(grouped(code)) == code
    assert normal(f" {grouped(code).lower()} ") == code


@given(drawn, drawn)
def test_no_two_numbers_share_a_code(one: int, other: int) -> None:
    assert (code_of("", one) == code_of("", other)) == (one == other)


@given(prefixes, drawn, places, st.sampled_from(ALPHABET))
def test_every_single_wrong_letter_is_told(
    prefix: str, number: int, place: int, letter: str
) -> None:
    code = code_of(prefix, number)
    place += len(prefix)
    wrong = code[:place] + letter + code[place + 1 :]
    assert is_drawn(wrong) == (wrong == code)


@given(prefixes, drawn, places, places)
def test_every_two_letters_that_changed_places_are_told(
    prefix: str, number: int, one: int, other: int
) -> None:
    code = code_of(prefix, number)
    letters = list(code)
    one, other = one + len(prefix), other + len(prefix)
    letters[one], letters[other] = letters[other], letters[one]
    wrong = "".join(letters)
    assert is_drawn(wrong) == (wrong == code)


@given(drawn, st.integers(min_value=0, max_value=LENGTH - 2), st.sampled_from(ALPHABET))
def test_a_doubled_letter_that_became_another_is_told(number: int, place: int, letter: str) -> None:
    body = code_of("", number)
    wrong = body[:place] + letter * 2 + body[place + 2 :]
    assert not (body[place] == body[place + 1] != letter and is_drawn(wrong))


@given(st.text(max_size=100))
def test_any_text_is_taken_for_a_code_or_not_and_never_breaks(text: str) -> None:
    is_well_formed(normal(text))


def test_a_missing_letter_is_told() -> None:
    code = code_of("", 12_345_678_901)
    assert not any(is_drawn(code[:place] + code[place + 1 :]) for place in range(LENGTH))
