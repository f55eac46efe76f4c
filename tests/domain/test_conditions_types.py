"""A condition must fit the declared fields; if it does not, the refusal helps."""

import pytest
from tests.domain.condition_worlds import AUDIENCE, FIELDS, world

from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.patterns import MAX_PATTERN_CHARACTERS
from regulars.domain.conditions.types import (
    INT,
    STRING,
    TIMESTAMP,
    Access,
    Field,
    Fields,
    ListOf,
    Record,
)
from regulars.domain.errors import ConditionInvalid


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("memer.vip", 0, "memer is unknown. Did you mean member?"),
        ("xyz", 0, "xyz is unknown. Known here: event, member, order, line, now."),
        ('member.teir == "x"', 7, "member has no field teir. Did you mean tier?"),
        ("event.data.zzzzz", 11, "event.data has no field zzzzz."),
        ("member.level.size", 13, ".size needs a record or a map before it, but this is string."),
        ("order.total", 6, "This must be bool, but it is int."),
        ('order.total == "5"', 12, "== cannot compare int with string."),
        ("order.total < now", 12, "< cannot compare int with timestamp."),
        ("member == member", 7, "== cannot compare member with member."),
        ("order.total + 1.5 > 2.0", 12, "+ cannot be used between int and double."),
        ("order.total % 2.0 == 1", 12, "% cannot be used between int and double."),
        ("-member.level == 1", 0, "A minus needs a number behind it, but this is string."),
        ("!order.total", 7, "What ! turns round must be bool, but this is int."),
        ("member.vip && order.total", 20, "Each side of && must be bool, but this is int."),
        ("order.total ? true : false", 6, "What stands before ? must be bool, but this is int."),
        (
            "(member.vip ? 1 : now) == 1",
            12,
            "Both sides of : are of one type, but these are int and timestamp.",
        ),
        (
            "member.level == null",
            7,
            "This is never null. Ask has(…) whether a field is there.",
        ),
        ("1 in [true]", 2, "A value of type int is never in a list of bool."),
        ("1 in [1.0]", 2, "A value of type int is never in a list of double."),
        ('[1, "a"] == [1]', 4, "The entries of a list are of one type: string does not fit int."),
        ("1 in member.level", 12, "in needs a list or a map behind it, but this is string."),
        ("1 in member.balances", 0, "A key must be string, but this is int."),
        ("order.lines == order.lines", 12, "Only lists of plain values can be compared."),
        ("[].exists(x, x)", 0, "This list is always empty."),
        ("member.level[0]", 12, "Only lists and maps have entries, but this is string."),
        ('member.tags["a"] == "b"', 12, "The place in a list must be int, but this is string."),
        ("member.vip.all(x, x)", 11, "all() needs a list or a map before it, but this is bool."),
        ("member.tags.exists(x, x)", 22, "What exists() asks must be bool, but this is string."),
        ("[1].all(x, y)", 11, "y is unknown. Known here: event, member, order, line, now, x."),
        ("foo(1)", 0, "There is no function foo()."),
        ("intt('1') == 1", 0, "There is no function intt(). Did you mean int?"),
        (
            'startsWith("a")',
            0,
            "There is no function startsWith(). Write it behind a value: x.startsWith(…).",
        ),
        (
            'member.level.startswith("a")',
            13,
            "There is no function .startswith(). Did you mean startsWith?",
        ),
        ("member.level.int() == 1", 13, "There is no function .int(). Write int(x)."),
        ("member.level.startsWith(1)", 13, "startsWith() cannot be used with string, int."),
        ("int(true) == 1", 0, "int() cannot be used with bool."),
        ("size(1) == 1", 5, "size() takes a text, a list or a map, but this is int."),
        ("size() == 1", 0, "size() takes a text, a list or a map, and nothing else."),
        ("order.total.getHours() == 1", 12, "getHours() cannot be used with int."),
        (
            'now.getHours("Asia/Shangai") == 1',
            13,
            "There is no time zone Asia/Shangai. Write one such as Asia/Shanghai or +08:00.",
        ),
        (
            "now.getHours(member.level) == 1",
            20,
            "A time zone must be written out, not computed.",
        ),
        (
            'now < timestamp("2026-01-01")',
            16,
            "2026-01-01 is not a timestamp: timestamps look like 2026-12-31T00:00:00+08:00.",
        ),
        (
            'now - now < duration("1d")',
            21,
            "1d is not a duration: durations look like 1h30m; a day is 24h, the most is 87660000h.",
        ),
        (
            'duration("1500ns") < duration("1s")',
            9,
            "1500ns is finer than a microsecond, and nothing here is measured so finely.",
        ),
        (
            "member.level.matches(member.level)",
            28,
            "A pattern must be written out, not computed.",
        ),
        ('member.level.matches("(")', 21, "RE2 cannot read this pattern: missing ): (."),
    ],
)
def test_a_condition_that_does_not_fit_is_refused_helpfully(
    text: str, offset: int, message: str
) -> None:
    with pytest.raises(ConditionInvalid) as caught:
        check(parse(text), FIELDS)

    assert caught.value.detail == message
    assert caught.value.offset == offset


def test_a_root_that_is_not_here_is_refused() -> None:
    with pytest.raises(ConditionInvalid, match=r"There is no order here\. Known here: member, now"):
        check(parse("order.total > 1"), AUDIENCE)


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("true", set()),
        ("now == now", {("now",)}),
        ('member.tier == "a" || has(member.age)', {("member", "tier"), ("member", "age")}),
        ("event.data.n > 1", {("event", "data", "n")}),
        ('line.category == "a"', {("line", "category")}),
        (
            "order.lines.exists(x, x.paid > member.visits)",
            {("order", "lines"), ("order", "lines", "paid"), ("member", "visits")},
        ),
        ("order.lines[0].paid == 1", {("order", "lines"), ("order", "lines", "paid")}),
        ('member.balances["a"] == member.balances.b', {("member", "balances")}),
        (
            "order.lines.map(x, x.paid).exists(p, p > 1)",
            {("order", "lines"), ("order", "lines", "paid")},
        ),
        (
            "order.lines.filter(x, true).all(y, y.paid > 1)",
            {("order", "lines"), ("order", "lines", "paid")},
        ),
    ],
)
def test_the_fields_that_a_condition_reads_are_known(text: str, used: set[tuple[str, ...]]) -> None:
    assert check(parse(text), FIELDS).fields_used == used


def test_another_type_can_be_expected() -> None:
    total = check(parse("order.total * 2"), FIELDS, expects=INT).python()

    assert total(*world().arguments()) == 4898


def test_a_pattern_is_as_long_as_the_limit_and_no_longer() -> None:
    longest = "a" * MAX_PATTERN_CHARACTERS
    check(parse(f'member.level.matches("{longest}")'), FIELDS)

    with pytest.raises(ConditionInvalid, match="at most 200 characters"):
        check(parse(f'member.level.matches("{longest}a")'), FIELDS)


def test_instants_inside_lists_cannot_arrive_as_text() -> None:
    with pytest.raises(AssertionError):
        Record(name="x", access=Access.ITEM, fields={"days": Field(ListOf(TIMESTAMP))})


def test_a_declared_name_is_a_plain_name() -> None:
    for name in ("a b", "class", "__class__"):
        with pytest.raises(AssertionError):
            Record(name="x", fields={name: Field(STRING)})


def test_only_now_is_known_where_nothing_is_declared() -> None:
    assert list(Fields().roots) == ["now"]
