"""Compiled conditions give what Google's implementation of CEL gives, and fail where it fails."""

import re
from typing import Any

from cel_expr_python import cel
from hypothesis import given, settings
from tests.domain.condition_cases import FIELDS, World, conditions, worlds

from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.syntax import Expr
from regulars.domain.conditions.unparsing import unparse
from regulars.domain.conditions.values import EvaluationError

GOOGLE = cel.NewEnv(
    variables={
        **dict.fromkeys(("event", "member", "order", "line"), cel.Type.DYN),
        **dict.fromkeys(("now", "joined", "seen", "due"), cel.Type.TIMESTAMP),
    }
)
# Google's maps hold no instants when they come from Python; these are variables there.
INSTANT = re.compile(r"(?<!has\()\b(?:member|event\.data)\.(joined|seen|due)\b")
ERROR = "error"


def ours(text: str, seen: World) -> Any:
    evaluate = check(parse(text), FIELDS).python()
    try:
        return evaluate(*seen.arguments())
    except EvaluationError:
        return ERROR


def googles(text: str, seen: World) -> Any:
    # Unchecked, because its checker lets no int stand beside a double, while its evaluation does.
    program = GOOGLE.compile(INSTANT.sub(r"\1", text), disable_check=True)
    value = program.eval(data=seen.for_google())
    return ERROR if value.type() == cel.Type.ERROR else value.value()


@settings(max_examples=500, deadline=None)
@given(conditions(), worlds)
def test_a_random_condition_gives_what_google_gives(expr: Expr, seen: World) -> None:
    text = unparse(expr)

    assert repr(ours(text, seen)) == repr(googles(text, seen))
