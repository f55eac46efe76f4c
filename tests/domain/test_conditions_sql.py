"""What a condition is for a member in PostgreSQL, and in Python, is the same."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from psycopg.types.json import Jsonb
from tests.domain.condition_growth import audiences
from tests.domain.condition_worlds import AUDIENCE, FIELDS, NOON, Member, World, world, worlds

from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import Expr
from regulars.domain.conditions.types import INT, STRING, Field, Fields, Record
from regulars.domain.conditions.unparsing import unparse
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.errors import ConditionInvalid

ROW = """
select {condition} from (select
    %(level)s::text as level, %(tier)s::text as tier, %(visits)s::bigint as visits,
    %(vip)s::boolean as vip, %(joined)s::timestamptz as joined, %(seen)s::timestamptz as seen,
    %(age)s::bigint as age, %(tags)s::text[] as tags, %(marks)s::bigint[] as marks,
    %(balances)s::jsonb as balances) as m
"""


@pytest.fixture(scope="module")
def connection(server_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server_url) as opened:
        # Neither the zone of the session nor the order of a dictionary may show.
        opened.execute("set timezone = 'America/New_York'")
        yield opened


def in_sql(connection: psycopg.Connection[Any], text: str, member: Member, now: datetime) -> Any:
    condition = check(parse(text), AUDIENCE).sql()
    fields = vars(member) | {"balances": Jsonb(member.balances)}
    with connection.transaction():
        row = connection.execute(
            ROW.format(condition=condition.text), {**fields, **condition.params, "now": now}
        ).fetchone()
    assert row is not None
    return row[0]


def in_python(text: str, seen: World) -> bool | None:
    evaluate = check(parse(text), AUDIENCE).python()
    try:
        return bool(evaluate(*seen.arguments()))
    except EvaluationError:
        return None


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(audiences(), worlds)
def test_a_random_audience_is_the_same_in_sql_and_in_python(
    connection: psycopg.Connection[Any], expr: Expr, seen: World
) -> None:
    text = unparse(expr)
    try:
        check(parse(text), AUDIENCE).sql()
    except ConditionInvalid:
        assume(False)

    assert in_sql(connection, text, seen.member, seen.now) is in_python(text, seen)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9223372036854775807 + member.visits > 0", None),
        ("-9223372036854775808 / (member.visits - 4) > 0", None),
        ("-9223372036854775808 % (member.visits - 4) == 0", None),
        ("-7 / 2 == -3 && -7 % 3 == -1 && 7 % -3 == 1", True),
        ("member.visits / 0 == 1", None),
        ("member.visits / 0 == 1 || member.vip", True),
        ("member.visits / 0 == 1 && !member.vip", False),
        ("member.age > 18", None),
        ("!(member.age > 18)", None),
        ("!has(member.age) || member.age > 18", True),
        ("has(member.tier) && member.tier == null", True),
        ('member.tier != "gold"', True),
        ('member.tier in ["gold"] || member.tier in member.tags', False),
        ('member.tier in ["gold", null]', True),
        ('member.tier in [null] && !("a" in [null])', True),
        ("member.age in [null]", None),
        ('member.tier < "gold"', None),
        ("member.tier == member.tier", True),
        ('member.balances["points"] == 120 && "points" in member.balances', True),
        ("member.balances.coins > 0", None),
        ("size(member.balances) == 1 && size(member.tags) == 2 && member.marks[1] == 2", True),
        ("member.marks[2] == 2", None),
        ("member.marks.exists(m, 1 / (m - 1) == 1)", True),
        ("member.marks.all(m, 1 / (m - 1) == 1)", None),
        ("member.marks.all(m, 1 / (m - 1) == 2)", False),
        ("member.marks.exists_one(m, m == 2)", True),
        ('member.tags.exists(t, t.startsWith("v") && member.vip)', True),
        ("member.balances.all(k, member.balances[k] == 120)", True),
        ("member.tags == ['vip', 'é'] && member.marks != []", True),
        ("size('héllo😀') == 6 && 'Z' < 'a' && '\\uffff' < '😀'", True),
        ("'100%'.endsWith('%') && 'a_b'.contains('_') && !'ab'.endsWith('cab')", True),
        ("now - member.joined == duration('720h')", True),
        ("now + duration('87660000h') > now", None),
        ("now - duration('87660000h') < now", None),
        ("duration('87660000h') + duration('1s') > duration('0s')", None),
        ("now.getHours('+08:00') == 20 && now.getHours('Europe/Berlin') == 14", True),
        ("now.getDayOfWeek() == 0 && now.getDayOfYear() == 87", True),
        ("timestamp('2026-03-29T00:59:59Z').getHours('Europe/Berlin') == 1", True),
        ("(now + duration('36h')).getDate() == 31", True),
        ("true ? member.age > 1 : true", None),
        ("member.vip == true && member.vip > false", True),
    ],
)
def test_hand_picked_edges(
    connection: psycopg.Connection[Any], text: str, expected: bool | None
) -> None:
    assert in_python(text, world()) is expected
    assert in_sql(connection, text, world().member, NOON) is expected


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ('member.level.matches("^a")', 13, "Use startsWith"),
        ("size(member.tags.filter(t, true)) == 1", 17, "Use exists"),
        ("member.level in [member.level]", 16, "Only constants"),
        ('(member.vip ? member.tier : "x") == null', 12, "choice that may be null"),
        ("int(member.level) == 1", 0, "cannot choose an audience"),
        ("member.marks[member.visits] == 1", 12, "cannot choose an audience"),
        (r'member.level == "\u0000"', 16, "character 0"),
        ("member.visits == 1.5", 7, "whole numbers with others"),
        ("[1, 2].exists(x, x == 1)", 7, "cannot choose an audience"),
    ],
)
def test_what_sql_cannot_say_is_refused(text: str, offset: int, word: str) -> None:
    checked = check(parse(text), AUDIENCE)

    with pytest.raises(ConditionInvalid) as caught:
        checked.sql()
    assert caught.value.offset == offset
    assert word in caught.value.detail


def test_a_field_without_a_column_is_refused() -> None:
    fields = Fields(member=Record(name="member", fields={"mood": Field(STRING)}))

    with pytest.raises(ConditionInvalid, match=r"cannot ask for member\.mood"):
        check(parse('member.mood == "good"'), fields).sql()


def test_a_condition_about_an_order_chooses_no_audience() -> None:
    with pytest.raises(ConditionInvalid, match=r"cannot ask for order\.total"):
        check(parse("order.total > 1"), FIELDS).sql()


def test_a_percent_sign_in_a_column_is_no_placeholder(
    connection: psycopg.Connection[Any],
) -> None:
    fields = Fields(member=Record(name="member", fields={"odd": Field(INT, sql="m.n % 2")}))
    condition = check(parse("member.odd == 1"), fields).sql()
    query = f"select {condition.text} from (select 7 as n) as m"

    assert connection.execute(query.encode(), condition.params).fetchone() == (True,)


def test_constants_are_parameters_and_an_index_on_the_column_serves() -> None:
    condition = check(parse('member.level == "gold" && member.tier == "a"'), AUDIENCE).sql()

    assert condition.text == (
        "(((m.level) = %(p0)s::text) AND ((m.tier) IS NOT NULL AND (m.tier) = %(p1)s::text))"
    )
    assert condition.params == {"p0": "gold", "p1": "a"}


def test_sql_stays_short_whatever_is_nested() -> None:
    # Each level names what is under it twice.
    text = "member.vip"
    for _ in range(15):
        text = f"member.tier == string({text})"

    with pytest.raises(ConditionInvalid, match="too long for an audience"):
        check(parse(text), AUDIENCE).sql()
