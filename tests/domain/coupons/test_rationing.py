"""No more coupons than can be used: whatever was given and used before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.coupons.rationing import ENOUGH, NONE_LEFT, is_rationed, ration
from regulars.domain.coupons.templates import Give, Terms
from regulars.domain.limits.refusals import LimitReached

some = st.integers(1, 30)
few = st.integers(0, 30)


def terms(**more: int | None) -> Terms:
    return Terms(give=Give.AMOUNT, currency="CNY", amount=100, **more)  # type: ignore[arg-type]


@given(total=some, uses=some, had=few, taken=few)
def test_what_is_given_could_just_be_used(total: int, uses: int, had: int, taken: int) -> None:
    left = ration(terms(total=total, uses=uses), given=had, taken=taken, had={}, used={}).left
    assert left is not None
    free = total - max(had * uses, taken)
    assert left * uses >= free
    assert left == 0 or (left - 1) * uses < free


@given(most=some, uses=some, wanted=st.lists(st.integers(1, 5), max_size=10))
def test_who_asks_gets_no_more_than_there_is(most: int, uses: int, wanted: list[int]) -> None:
    made = ration(terms(per_member=most, uses=uses), given=0, taken=0, had={7: 0}, used={})
    got = 0
    for count in wanted:
        why = made.why_not(7, count)
        if why:
            with pytest.raises(LimitReached):
                made.demand(7, count)
        else:
            made.demand(7, count)
            got += count
    assert got <= -(-most // uses)


def test_the_reason_is_told_by_its_code() -> None:
    made = ration(terms(total=1, per_member=1), given=0, taken=0, had={1: 1, 2: 0}, used={})
    assert (made.why_not(1), made.why_not(2), made.why_not(3)) == (ENOUGH, "", "")
    made.take(2)
    assert (made.why_not(2), made.why_not(3)) == (ENOUGH, NONE_LEFT)


def test_without_either_there_is_no_end() -> None:
    made = ration(terms(), given=10**6, taken=10**6, had={1: 10**6}, used={1: 10**6})
    made.demand(1, 10**6)
    assert (is_rationed(terms()), made.left, made.mine(1)) == (False, None, None)
