"""Names as they are looked for, and what somebody means who types something."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput
from regulars.domain.ids import MEMBER, encode
from regulars.domain.rosters.detecting import guesses
from regulars.domain.rosters.names import asked_for, beginnings, is_meant, words_of

NAMES = st.text(
    st.sampled_from("abcdeé ABC王小明欧阳修·-'李") | st.characters(codec="utf-8"),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王小明", "王小明"),
        ("王小明", "王小"),
        ("欧阳 修", "欧阳修"),
        ("欧阳·修", "欧 阳"),
        ("José Li", "jose"),
        ("José Li", "LI JOS"),
        ("Anna-Maria O'Neil", "maria nei"),
        ("ＭＥＩ Lin", "mei"),
        ("Wolfeschlegelsteinhausen", "wolfeschlegelst"),
        ("Li", "li"),
    ],
)
def test_a_name_is_found_by_how_its_words_begin(name: str, typed: str) -> None:
    assert set(asked_for(typed)) <= beginnings(name)
    assert is_meant(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("王小明", "小明"), ("Lisa", "li"), ("Anna", "nna"), ("王小明", "王明"), ("Anna", "anna li")],
)
def test_a_name_is_not_found_by_less_or_by_something_else(name: str, typed: str) -> None:
    assert not is_meant(name, typed)


def test_a_surname_alone_is_too_little_to_look_for() -> None:
    assert asked_for("王") == []
    with pytest.raises(InvalidInput):
        guesses("。")


@given(NAMES, st.data())
def test_whatever_is_meant_is_in_the_index(name: str, data: st.DataObject) -> None:
    words = words_of(name)
    assume(words)
    word = data.draw(st.sampled_from(words))
    typed = word[: data.draw(st.integers(1, len(word)))]
    asked = asked_for(typed)
    assume(asked and is_meant(name, typed))
    assert set(asked) <= beginnings(name)


@given(NAMES)
def test_a_name_is_always_found_by_itself(name: str) -> None:
    if asked_for(name):
        assert set(asked_for(name)) <= beginnings(name)
        assert is_meant(name, name)


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        (encode(MEMBER, 7), ["id"]),
        ("card:4711", ["reference"]),
        ("4711", ["external_id"]),
        ("138 0013 8000", ["phone"]),
        ("13800138000", ["phone", "external_id"]),
        ("phone:13800138000", ["phone"]),
        ("mei@example.com", ["email"]),
        ("email:mei@example.com", ["email"]),
        ("王小明", ["external_id", "name"]),
        ("Anna Li", ["name"]),
        ("mem_nothing", ["external_id", "name"]),
    ],
)
def test_what_is_typed_is_recognised(typed: str, kinds: list[str]) -> None:
    assert [guess.by.value for guess in guesses(typed)] == kinds


@given(st.text(max_size=300))
def test_anything_typed_is_understood_or_refused_without_repeating_it(typed: str) -> None:
    try:
        found = guesses(typed)
    except InvalidInput as refusal:
        assert len(typed) < 5 or typed not in refusal.detail  # noqa: PT017
    else:
        assert all(typed.strip() not in repr(guess) or len(typed) < 8 for guess in found)
