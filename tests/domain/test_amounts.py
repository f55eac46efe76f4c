"""Amounts: exact rates, named rounding, and splitting to the unit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.amounts import Rate, Rounding, allocate, exponent, rounded

naturals = st.integers(0, 10**15)
weights = st.lists(st.integers(0, 10**12), max_size=12)


@given(naturals, weights)
def test_a_split_gives_exactly_the_whole(total: int, parts: list[int]) -> None:
    shares = allocate(total, parts)
    assert len(shares) == len(parts)
    assert sum(shares) == (total if parts else 0)
    assert all(share >= 0 for share in shares)


@given(naturals, weights.filter(any))
def test_a_share_is_within_one_unit_of_its_exact_part(total: int, parts: list[int]) -> None:
    for share, weight in zip(allocate(total, parts), parts, strict=True):
        assert abs(share - Fraction(total * weight, sum(parts))) < 1
        assert weight or not share


@given(naturals, weights.filter(any))
def test_the_largest_remainders_get_the_units_that_are_left(total: int, parts: list[int]) -> None:
    exact = [Fraction(total * weight, sum(parts)) for weight in parts]
    got = [
        (share - int(part), part - int(part))
        for share, part in zip(allocate(total, parts), exact, strict=True)
    ]
    raised = [rest for up, rest in got if up]
    kept = [rest for up, rest in got if not up]
    assert not raised or not kept or min(raised) >= max(kept)


def test_equal_remainders_go_to_the_earlier_places() -> None:
    assert allocate(5, [1, 1, 1]) == [2, 2, 1]


def test_without_any_weight_the_first_place_takes_everything() -> None:
    assert allocate(7, [0, 0]) == [7, 0]
    assert allocate(7, []) == []


@given(st.integers(0, 10**20), st.integers(1, 10**9))
def test_rounding_does_what_its_name_says(num: int, den: int) -> None:
    exact = Fraction(num, den)
    down, up = rounded(num, den, Rounding.DOWN), rounded(num, den, Rounding.UP)
    half = rounded(num, den, Rounding.HALF_UP)
    assert down <= exact < down + 1
    assert up - 1 < exact <= up
    assert half == int(exact + Fraction(1, 2))


@given(st.integers(0, 10**12), st.integers(0, 9))
def test_a_decimal_is_read_exactly_and_written_back(digits: int, places: int) -> None:
    text = f"{digits // 10**places}.{digits % 10**places:0{places}}" if places else str(digits)
    rate = Rate.parse(text)
    assert Fraction(rate.num, rate.den) == Fraction(text)
    assert Rate.parse(str(rate)) == rate


@given(*[st.integers(0, 10**9), st.integers(1, 10**9)] * 2)
def test_ratios_are_kept_in_lowest_terms_and_multiply_exactly(
    a: int, b: int, c: int, d: int
) -> None:
    product = Rate.of(a, b).times(Rate.of(c, d))
    exact = Fraction(a, b) * Fraction(c, d)
    assert (product.num, product.den) == (exact.numerator, exact.denominator)
    assert Rate.of(-a, -b) == Rate.of(a, b)


@pytest.mark.parametrize("text", ["", ".", "-1", "+1", "1e3", "1.2.3", "1,2", "٣", "0x1", "nan"])
def test_what_is_no_plain_decimal_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        Rate.parse(text)


def test_a_ratio_without_an_exact_decimal_is_written_as_a_fraction() -> None:
    assert str(Rate.of(2, 3)) == "2/3"
    assert str(Rate.of(12, 10)) == "1.2"
    assert str(Rate.of(1, 20)) == "0.05"
    assert str(Rate.of(30, 10)) == "3"


def test_currencies_have_their_own_number_of_places() -> None:
    assert [exponent(code) for code in ("CNY", "JPY", "KWD")] == [2, 0, 3]
