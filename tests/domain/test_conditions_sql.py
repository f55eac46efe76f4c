"""What a condition is for a member in PostgreSQL, and in Python, is the same."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from psycopg.types.json import Jsonb
from tests.domain.condition_cases import AUDIENCE, Member, World, audiences, worlds

from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import Expr
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
