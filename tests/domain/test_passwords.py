"""Passwords: long and unexpected ones are taken as they are, from any keyboard."""

import threading
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxcvbn import matching

from regulars.domain.errors import InvalidInput
from regulars.domain.passwords import (
    EXAMINED,
    LEAST_LENGTH,
    MOST_LENGTH,
    check_password,
    prepared,
)

GOOD = "walnut harbour sixteen kettle"


@pytest.mark.parametrize(
    "password",
    [GOOD, "x9Kd2mQ7vR4tL8w", "今天天气非常好我们去公园散步吧", "très long où ça va",
     "🦊🌵🧊 fox cactus ice!",
     "lemur-orbit-tango", GOOD + "!" * (MOST_LENGTH - len(GOOD))],
)  # fmt: skip
def test_a_good_password_is_taken(password: str) -> None:
    check_password(password, ["anna.schmidt@shop.com", "Anna Schmidt"])


@pytest.mark.parametrize(
    ("password", "advice"),
    [("x9Kd2mQ7vR4tL8", "15 to 256"), ("", "15 to 256"), ("password12345678", "word"),
     ("p@ssw0rdp@ssw0rd", "repeat"), ("aaaaaaaaaaaaaaaaaaaa", "repeat"),
     ("abcdefghijklmnop", "rows"),
     ("1990-05-17 1990-05-17", "repeat"), ("qwertyuiopasdfgh", "word"),
     ("x9Kd2mQ7\nvR4tL8w", "can be seen"), ("x9Kd2mQ7vR4tL\ud800w", "not a character")],
)  # fmt: skip
def test_a_weak_one_is_refused_with_advice(password: str, advice: str) -> None:
    with pytest.raises(InvalidInput, match=advice) as refused:
        check_password(password)
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    ["anna schmidt shop", "AnnaSchmidtShop1", "anna.schmidt@shop.com", "schm1dt anna shop"],
)
def test_the_persons_own_words_are_no_password(password: str) -> None:
    with pytest.raises(InvalidInput, match="your own name"):
        check_password(password, ["Anna.Schmidt@shop.com", "Anna Schmidt"])


def test_a_password_of_the_greatest_length_is_taken_whole_and_one_more_is_refused() -> None:
    longest = GOOD + "z" * (MOST_LENGTH - len(GOOD))
    assert prepared(longest) == longest
    for check in (prepared, check_password):
        with pytest.raises(InvalidInput, match="at most"):
            check(longest + "z")


def test_what_grows_over_the_limit_when_normalized_is_refused() -> None:
    with pytest.raises(InvalidInput):
        check_password("\ufdfa" * MOST_LENGTH)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=MOST_LENGTH))
def test_however_its_characters_are_composed_a_password_is_the_same(password: str) -> None:
    decomposed = normalize("NFD", password)
    if len(decomposed) <= MOST_LENGTH:
        assert prepared(password) == prepared(decomposed)
    once = prepared(password)
    assert len(once) > MOST_LENGTH or prepared(once) == once
    once.encode()


def test_full_width_letters_are_the_same_password() -> None:
    assert prepared("ｗａｌｎｕｔ　harbour") == prepared("walnut harbour")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=MOST_LENGTH + 20), st.lists(st.text(max_size=80), max_size=50))
def test_any_text_is_taken_or_refused_and_never_breaks(password: str, hints: list[str]) -> None:
    told = ""
    try:
        check_password(password, hints)
    except InvalidInput as refusal:
        told = str(refusal)
    assert len(password) < LEAST_LENGTH or password not in told


def test_only_a_bounded_part_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    measure = matching.omnimatch

    def counting(text: str, *rest: object) -> object:
        seen.append(len(text))
        return measure(text, *rest)

    monkeypatch.setattr(matching, "omnimatch", counting)
    check_password(GOOD + " 4@8({[<3691!|170$5+7%2" * 9)
    assert seen
    assert max(seen) <= EXAMINED


def test_one_persons_words_stay_with_them() -> None:
    refused: list[BaseException] = []

    def other() -> None:
        try:
            check_password("zanzibarquokka1", ["someone else"])
        except InvalidInput as refusal:
            refused.append(refusal)

    with pytest.raises(InvalidInput):
        check_password("zanzibarquokka1", ["zanzibar", "quokka"])
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert refused == []
    assert "user_inputs" not in matching.RANKED_DICTIONARIES
