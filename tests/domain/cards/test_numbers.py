"""Card numbers: told apart from others', and a slip in typing is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.cards.numbers import DRAWN, grouped, is_own, number_of

drawn = st.integers(0, 10**DRAWN - 1)


@given(drawn)
def test_every_number_is_sixteen_digits_that_no_payment_card_has(one: int) -> None:
    number = number_of(one)

    assert len(number) == 16
    assert number.startswith("9")
    assert is_own(number)


@given(drawn, st.integers(1, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(one: int, place: int, by: int) -> None:
    number = number_of(one)
    wrong = str((int(number[place]) + by) % 10)

    assert not is_own(number[:place] + wrong + number[place + 1 :])


@given(drawn, st.integers(1, 14))
def test_two_neighbours_that_change_places_are_noticed(one: int, place: int) -> None:
    number = number_of(one)
    first, second = number[place], number[place + 1]
    swapped = number[:place] + second + first + number[place + 2 :]

    # What Luhn's digit cannot see is a 0 and a 9 beside each other.
    assert not is_own(swapped) or {first, second} in ({"0", "9"}, {first})


@given(drawn, drawn)
def test_other_draws_are_other_numbers(one: int, other: int) -> None:
    assert (one == other) == (number_of(one) == number_of(other))


def test_the_check_digit_is_that_of_the_standard() -> None:
    # The 9 counts twice, 18, by its digits 9: one more makes ten.
    assert number_of(0) == "9000000000000001"
    assert number_of(5) == "9000000000000050"


def test_numbers_are_read_out_in_fours() -> None:
    assert grouped("9273987131000007") == "9273 9871 3100 0007"
    assert grouped("4711") == "4711"
    assert grouped("GOLD-1234567") == "GOLD-1234567"


def test_numbers_of_others_are_not_ours() -> None:
    assert not is_own("4711")
    assert not is_own("4539578763621486")
    assert not is_own("９０００００００００００００００")
