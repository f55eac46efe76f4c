"""Ids: a bijection between row numbers and opaque text, and references to members."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import InvalidInput, MemberNotFound
from regulars.domain.ids import (
    EVENT,
    HOLD,
    LOT,
    MEMBER,
    TRANSFER,
    MemberRef,
    decode,
    encode,
    parse_ref,
)

KINDS = [MEMBER, EVENT, LOT, HOLD, TRANSFER]
kinds = st.sampled_from(KINDS)
numbers = st.integers(0, 2**63 - 1)
letters = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=13, max_size=13)


@given(kinds, numbers)
def test_an_id_reads_back_as_the_number_it_was_made_of(kind: str, number: int) -> None:
    text = encode(kind, number)
    assert decode(kind, text) == number
    assert len(text) == 17
    assert all(decode(other, text) is None for other in KINDS if other != kind)


@given(kinds, letters)
def test_no_two_texts_name_the_same_row(kind: str, text: str) -> None:
    number = decode(kind, f"{kind}_{text}")
    if number is not None:
        assert encode(kind, number) == f"{kind}_{text}"
        assert 0 <= number < 2**63


@given(kinds, st.text(max_size=30))
def test_any_other_text_is_no_id(kind: str, text: str) -> None:
    number = decode(kind, text)
    assert number is None or encode(kind, number) == text


def test_ids_of_neighbouring_rows_do_not_look_alike() -> None:
    texts = [encode(MEMBER, number) for number in range(1, 200)]
    assert len(set(texts)) == len(texts)
    assert len({text[4:8] for text in texts}) > 150


@given(st.text(max_size=220))
def test_a_reference_is_read_or_refused(text: str) -> None:
    try:
        ref = parse_ref(text)
    except (InvalidInput, MemberNotFound):
        return
    assert (ref.id is None) == bool(ref.external_id)


def test_references_come_in_three_forms() -> None:
    assert parse_ref(encode(MEMBER, 12)) == MemberRef(12)
    assert parse_ref("card:4711") == MemberRef(None, "card", "4711")
    assert parse_ref("4711") == MemberRef(None, "external", "4711")
    assert parse_ref("card:a:b") == MemberRef(None, "card", "a:b")


def test_a_text_that_only_looks_like_a_member_id_names_nobody() -> None:
    with pytest.raises(MemberNotFound):
        parse_ref("mem_" + "z" * 13)
    with pytest.raises(MemberNotFound):
        parse_ref(encode(EVENT, 12).replace("evt", "mem") + "0")


@pytest.mark.parametrize(
    "text",
    ["phone:123", "email:x", "card:a@b.cn", "me@b.cn", "Card:1", ":1", "card:", "", "a" * 201],
)
def test_personal_data_and_misshapen_references_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_ref(text, pointer="/to")
    assert refusal.value.faults[0].pointer == "/to"
