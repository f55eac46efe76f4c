"""What can be written as a condition, how large it may be, and how it is written back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.condition_growth import conditions

from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import (
    INT_MIN,
    MAX_DEPTH,
    MAX_LIST_ENTRIES,
    MAX_NODES,
    MAX_TEXT_CHARACTERS,
    Binary,
    Expr,
    Literal,
    Logic,
    Name,
    Select,
    walk,
)
from regulars.domain.conditions.unparsing import unparse
from regulars.domain.errors import ConditionInvalid


def refused(text: str) -> ConditionInvalid:
    with pytest.raises(ConditionInvalid) as caught:
        parse(text)
    return caught.value


@settings(max_examples=200, deadline=None)
@given(conditions())
def test_what_is_written_back_means_the_same(expr: Expr) -> None:
    assert parse(unparse(expr)) == expr


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_any_text_survives_as_a_constant(value: str) -> None:
    literal = Literal("string", value)

    assert parse(unparse(literal)) == literal


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab12.-+!&|<>=?:,()[]{}\"'\\ \n", max_size=30))
def test_any_scribble_is_either_read_or_refused_where_it_goes_wrong(text: str) -> None:
    try:
        expr, wrong_at = parse(text), 0
    except ConditionInvalid as error:
        expr, wrong_at = Name("refused"), error.offset

    assert 0 <= wrong_at <= len(text)
    assert parse(unparse(expr)) == expr


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a&&(b&&c)||d", "a && b && c || d"),
        ("(a || b) && c", "(a || b) && c"),
        ("a-1 -1", "a - 1 - 1"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("- -5", "-(-5)"),
        ("-(5)", "-5"),
        ("(1 + 2).b", "(1 + 2).b"),
        ("(a ? b : c) ? d : e ? f : g", "(a ? b : c) ? d : e ? f : g"),
        ("!(a == b)", "!(a == b)"),
        ("a < b == c", "a < b == c"),
        ("a < (b == c)", "a < (b == c)"),
        ("x.map(y, y > 1, y * 2)", "x.map(y, y > 1, y * 2)"),
        ("has( a.b )", "has(a.b)"),
        ("'say \"hi\"'", r'"say \"hi\""'),
        (r'r"\d"', r'"\\d"'),
        (r'"\u00e9\x41\101\U0001F600"', '"éAA😀"'),
        ('"""a\n"b" """', r'"a\n\"b\" "'),
        ("0xFF", "255"),
        ("1.50", "1.5"),
        ("a // why\n && b", "a && b"),
        ("trueish", "trueish"),
    ],
)
def test_there_is_one_canonical_form(text: str, canonical: str) -> None:
    assert unparse(parse(text)) == canonical
    assert unparse(parse(canonical)) == canonical


def test_true_is_not_one() -> None:
    assert parse("true") != parse("1")
    assert parse("1") != parse("1.0")


def test_nodes_know_where_they_stand() -> None:
    expr = parse('  order.total >= 5 &&\n member.tier == "é"')

    assert isinstance(expr, Logic)
    assert [operand.offset for operand in expr.operands] == [14, 35]
    left, right = expr.operands
    assert isinstance(left, Binary)
    assert isinstance(right, Binary)
    assert (left.left.offset, right.left.offset, right.right.offset) == (8, 30, 38)


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("", 0, "empty"),
        ("a == ", 5, "stops in the middle"),
        ("(a", 2, "stops in the middle"),
        ("a = b", 2, "Write =="),
        ("a and b", 2, "Write &&"),
        ("a | b", 2, "Write ||"),
        ("a == “gold”", 5, "straight quotes"),
        ('a == "gold', 5, "closing quote"),
        (r'a == "\q"', 6, r"\q"),
        (r'"\ud800"', 1, "no character"),
        ('"\ud800"', 1, "half a character"),
        ("a inb", 2, "'inb'"),
        ("in", 0, "reserved"),
        ("5u", 0, "without u"),
        ('b"x"', 0, "Byte"),
        ('{"a": 1}', 0, "map"),
        ("A{b: 1}", 1, "record"),
        (".a", 0, "point"),
        ("has(a)", 0, "has(member.tier)"),
        ("a.exists(x)", 2, "exists(x, x > 0)"),
        ("a.all(1, true)", 2, "all(x, x > 0)"),
        ("9223372036854775808", 0, "64 bits"),
        ("1e999", 0, "too large"),
    ],
)
def test_a_refusal_says_where_and_what(text: str, offset: int, word: str) -> None:
    error = refused(text)

    assert (error.code, error.offset) == ("condition_invalid", offset)
    assert word in error.detail


def test_the_least_int_can_be_written() -> None:
    assert parse(str(INT_MIN)) == Literal("int", INT_MIN)


def test_a_text_is_as_long_as_the_limit_and_no_longer() -> None:
    longest = "a".ljust(MAX_TEXT_CHARACTERS)

    assert parse(longest) == Name("a")
    assert refused(longest + " ").offset == MAX_TEXT_CHARACTERS


def test_a_condition_is_as_deep_as_the_limit_and_no_deeper() -> None:
    deepest = "!" * (MAX_DEPTH - 1) + "a"

    assert max(depth for _, depth in walk(parse(deepest))) == MAX_DEPTH
    assert "levels deep" in refused("!" + deepest).detail


def test_brackets_and_long_chains_make_nothing_deeper() -> None:
    assert parse("(" * 1_999 + "a" + ")" * 1_999) == Name("a")
    assert max(depth for _, depth in walk(parse(" || ".join(["a"] * 200)))) == 2


def test_a_condition_has_as_many_parts_as_the_limit_and_no_more() -> None:
    most = " || ".join(["a"] * (MAX_NODES - 1))

    assert len(list(walk(parse(most)))) == MAX_NODES
    assert "parts" in refused(most + " || a").detail


def test_a_list_has_as_many_entries_as_the_limit_and_no_more() -> None:
    most = ", ".join(["1"] * MAX_LIST_ENTRIES)

    parse(f"[{most}]")
    assert "entries" in refused(f"[{most}, 1]").detail


def test_a_loop_stands_behind_another_but_not_inside() -> None:
    parse("a.filter(x, x > 1).exists(y, y > 2) && b.all(x, x > 3)")

    assert refused("a.exists(x, b.all(y, y > x))").offset == 14
    assert "inside map()" in refused("a.map(x, b.filter(y, y > x))").detail


@pytest.mark.parametrize(
    "text",
    [
        '"' + "\\n" * 1_990,
        "(" * 4_000,
        "[" * 2_000 + "]" * 2_000,
        "-(" * 1_300 + "a" + ")" * 1_300,
        "a" + ".b" * 1_900,
    ],
)
def test_no_text_keeps_the_parser_busy(text: str) -> None:
    refused(text)


def test_equal_conditions_are_equal_wherever_they_stand() -> None:
    assert parse("  a.b") == Select(Name("a"), "b")
    assert hash(parse("  a.b")) == hash(parse("a.b"))
