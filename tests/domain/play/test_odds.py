"""Odds are exact, counted out roll by roll, and a turn comes to the same wherever one asks."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.play.boards import play_name
from regulars.domain.play.draws import (
    DIGEST_BITS,
    Prize,
    PrizeKind,
    commitment_of,
    prize_at,
    roll_of,
)

SEED = "a" * 64


def _prizes(weights: list[int]) -> list[Prize]:
    return [
        Prize(code=f"p{place}", name={"en": "x"}, kind=PrizeKind.NOTHING, weight=weight)
        for place, weight in enumerate(weights)
    ]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_each_prize_has_exactly_as_many_rolls_as_it_has_weight(weights: list[int]) -> None:
    prizes = _prizes(weights)
    counted = Counter(prize_at(prizes, roll).code for roll in range(sum(weights)))
    assert counted == {one.code: one.weight for one in prizes}


def test_rolls_are_what_the_members_page_works_out_too() -> None:
    rolls = [
        roll_of(SEED, draw="drw_x", player="ply_y", number=n, luck="00ff00ff", out_of=1000)
        for n in (1, 2, 3)
    ]
    assert rolls == [473, 165, 692]  # As in web/member/src/play/checking.test.ts.
    assert commitment_of(SEED) != commitment_of("b" * 64)


@given(st.integers(1, 10**9), st.integers(1, 10**6), st.text("0123456789abcdef", min_size=8))
def test_a_roll_is_in_its_range_and_the_same_each_time(out_of: int, number: int, luck: str) -> None:
    facts = {"draw": "drw_x", "player": "ply_y", "number": number, "luck": luck, "out_of": out_of}
    first, again = (roll_of(SEED, **facts) for _ in range(2))  # type: ignore[arg-type]
    assert first == again
    assert 0 <= first < out_of


@given(st.integers(1, 10**9))
def test_no_roll_is_likelier_than_another_for_values_beyond_are_drawn_again(out_of: int) -> None:
    kept = 2**DIGEST_BITS - 2**DIGEST_BITS % out_of
    assert kept % out_of == 0
    assert kept > 2 ** (DIGEST_BITS - 1)


@pytest.mark.parametrize("name", ["Blue Heron", "小鹿 2", "Anna.K", "J'adore", "夜猫子"])
def test_a_pseudonym_is_taken(name: str) -> None:
    shown, key = play_name(f"  {name} ")
    assert shown == name
    assert key == name.casefold()


@pytest.mark.parametrize(
    "name",
    ["", "a", "x" * 21, "13800138000", "x@y.example", "admin", "A.D.M.I.N", "\u202eabc", "😀😀"],
)
def test_a_name_that_tells_or_misleads_is_refused_without_repeating_it(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        play_name(name)
    assert len(name) < 3 or name not in str(refused.value)
