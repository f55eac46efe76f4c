"""Text becomes exact values, and every value knows where it stands."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import ProgramInvalid
from regulars.domain.programs.findings import Path, Place
from regulars.domain.programs.source import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    open_document,
)


def refused(text: str) -> ProgramInvalid:
    with pytest.raises(ProgramInvalid) as caught:
        open_document(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.20", Fraction(12, 10)),
        ("0.1", Fraction(1, 10)),
        ("17", 17),
        ("-3", -3),
        ("007", "007"),
        ("1e5", "1e5"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("true", True),
        ("~", None),
        ("2017-01-01", "2017-01-01"),
        ("08:30", "08:30"),
        ("'17'", "17"),
        ('"true"', "true"),
        ("9" * 30, "9" * 30),
        (".inf", ".inf"),
    ],
)
def test_a_plain_word_is_read_as_yaml_1_2_reads_it_and_numbers_are_exact(
    text: str, value: object
) -> None:
    read = open_document(f"x: {text}").value["x"]

    assert read == value
    assert type(read) is type(value)


def test_a_property_called_on_is_called_on() -> None:
    assert open_document("on: purchase").value == {"on": "purchase"}


def test_a_property_given_twice_is_told_at_the_second() -> None:
    source = open_document("rules:\n  - id: a\n    on: x\n    id: b\n")

    (found,) = source.repeated
    assert (found.code, found.line, found.column) == ("duplicate_key", 4, 5)
    assert found.pointer == "/rules/0/id"


def test_an_alias_means_the_value_it_names() -> None:
    value = open_document("a: &fresh [PRODUCE, MEAT]\nb: *fresh\n").value

    assert value == {"a": ["PRODUCE", "MEAT"], "b": ["PRODUCE", "MEAT"]}


def test_aliases_that_multiply_are_stopped() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    assert "at most" in refused("\n".join(lines)).detail


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "empty", 1),
        ("# nothing\n", "empty", 1),
        ("a: [1, 2\nb: 3", "not YAML or JSON", 2),
        ('{"a": 1,\n "b": }}', "not YAML or JSON", 2),
        ("a: 1\n---\nb: 2", "one document", 3),
        ("a: !!python/object:os.system x", "Tags", 1),
        ("a: !secret x", "Tags", 1),
        ("a: *nobody", "nobody", 1),
        ("a: &a [*a]", "&a", 1),
        ("? [a, b]\n: c", "single word", 1),
        ("a: \x01", "not YAML or JSON", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, words: str, line: int) -> None:
    error = refused(text)

    assert words in error.detail
    assert error.faults[0].line == line
    assert error.faults[0].code == "unreadable"


def test_a_document_has_a_greatest_size_and_depth() -> None:
    open_document("# " + "x" * (MAX_CHARACTERS - 7) + "\na: 1")
    open_document("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1))

    assert "characters" in refused("x" * (MAX_CHARACTERS + 1)).detail
    assert "deep" in refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).detail
    assert "deep" in refused("[" * 100_000).detail


def test_json_with_tabs_and_escapes_is_read() -> None:
    assert open_document('{\n\t"a/b": "\\u4f60\\n\\"x\\"",\n\t"c": [1,\t2]\n}').value == {
        "a/b": '你\n"x"',
        "c": [1, 2],
    }


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_categories=["Cc"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc/~ é", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values.filter(lambda value: value not in (None, "")), st.sampled_from([None, 1, 3]))
def test_any_json_is_read_as_json_reads_it(value: Any, indent: int | None) -> None:
    for ascii_only in (True, False):
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

        assert open_document(text).value == value


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 9), min_size=1))
def test_every_value_is_where_its_place_says(value: dict[str, int]) -> None:
    text = json.dumps(value, indent=2)
    source = open_document(text)
    lines = text.split("\n")

    for key, number in value.items():
        place = source.place((key,))
        assert lines[place.line - 1][place.column - 1] == str(number)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("when: order.total > wrong", "wrong"),
        ("when: 'a == \"x\" && wrong'", "wrong"),
        ('when: "a == \\"x\\" && wrong"', "wrong"),
        ("when: |\n  a &&\n  wrong\n", "wrong"),
        ("when: >-\n    a &&\n    b && wrong &&\n    c\n", "wrong"),
        ("when: 'it''s && wrong'", "wrong"),
        ("when: a &&\n  wrong", "wrong"),
    ],
)
def test_a_character_inside_a_text_is_found_however_the_text_is_written(
    text: str, word: str
) -> None:
    source = open_document(text)
    offset = source.value["when"].index(word)

    place = source.place_in(("when",), offset)

    line = text.split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith(word)


def test_a_path_that_is_not_there_has_the_place_of_what_is_around_it() -> None:
    source = open_document("a:\n  b: 1\n")
    missing: Path = ("a", "c", 3)

    assert source.place(missing) == Place(1, 1)
    assert source.place_in(missing, 5) == Place(1, 1)
