"""A template made ready for use: its scope, condition and rates worked out once and kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from regulars.domain.amounts import Rate
from regulars.domain.conditions.checking import check
from regulars.domain.conditions.parsing import parse
from regulars.domain.conditions.values import EvaluationError
from regulars.domain.coupons.templates import Audience, Goods, Template, Terms
from regulars.domain.errors import ConditionInvalid
from regulars.domain.events import Line
from regulars.domain.members import MemberView
from regulars.domain.periods import Duration, add
from regulars.domain.programs.fields import audience_fields
from regulars.domain.programs.model import Program
from regulars.domain.programs.pieces import Test

READY = 2_000
"""Templates that a process keeps ready."""

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Ready:
    """`in_scope` None: every line. `test` None: no condition. `is_broken`: the condition reads what
    the program no longer declares, so that it holds of nobody. `is_for_all`: it is said of nobody
    that it is not for them."""

    terms: Terms
    rate: Rate
    in_scope: Callable[[Line], bool] | None
    test: Test | None
    is_broken: bool
    is_for_all: bool
    span: Duration | None


def ready(template: Template, program: Program) -> Ready:
    """The template made ready under this program; remembered."""
    return _ready(msgspec.json.encode(template.terms), tuple(sorted(program.attributes.items())))


@lru_cache(maxsize=READY)
def _ready(text: bytes, attributes: tuple[tuple[str, str], ...]) -> Ready:
    terms = msgspec.json.decode(text, type=Terms)
    test, is_broken = _test(terms.audience.condition, dict(attributes))
    share = Rate.parse(terms.percent) if terms.percent is not None else Rate(0, 1)
    return Ready(
        terms=terms,
        rate=Rate.of(share.num, share.den * PERCENT),
        in_scope=_scope(terms.goods),
        test=test,
        is_broken=is_broken,
        is_for_all=terms.audience == Audience(),
        span=None if terms.valid_for is None else Duration.parse(terms.valid_for),
    )


def _test(condition: str, attributes: Mapping[str, str]) -> tuple[Test | None, bool]:
    if not condition.strip():
        return None, False
    try:
        return check(parse(condition), audience_fields(attributes)).python(), False
    except ConditionInvalid:
        return None, True


@lru_cache(maxsize=READY)
def _scope(goods: Goods) -> Callable[[Line], bool] | None:
    if goods == Goods():
        return None
    wanted = [
        (name, frozenset(getattr(goods, f"{name}s" if name != "category" else "categories")))
        for name in ("sku", "category", "brand")
    ]
    excepted = [
        (name, frozenset(getattr(goods, f"except_{plural}")))
        for name, plural in (("sku", "skus"), ("category", "categories"), ("brand", "brands"))
    ]

    said = [(name, names) for name, names in wanted if names]
    unsaid = [(name, names) for name, names in excepted if names]

    def test(line: Line) -> bool:
        return all(getattr(line, name) in names for name, names in said) and not any(
            getattr(line, name) in names for name, names in unsaid
        )

    return test


def is_for(made: Ready, view: MemberView, at: datetime) -> str:
    """Why this member is none of those that it is for; "" for who is."""
    if made.is_for_all:
        return ""
    wanted = made.terms.audience
    fits = {
        "tier": not wanted.tiers or view.tier in wanted.tiers,
        "stage": not wanted.stages or view.stage in wanted.stages,
        "tag": not wanted.tags or bool(set(wanted.tags) & set(view.tags)),
        "condition_error": not made.is_broken,
    }
    unfit = next((why for why, is_fit in fits.items() if not is_fit), "")
    return unfit if unfit or made.test is None else _holds(made.test, view, at)


def _holds(test: Test, view: MemberView, at: datetime) -> str:
    try:
        return "" if test(None, view, None, None, at) else "audience"
    except EvaluationError:
        return "condition_error"


def span_of(terms: Terms, at: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From when until when a coupon holds that is given out at `at`; None: without end."""
    ends = [] if terms.valid_until is None else [terms.valid_until]
    if terms.valid_for is not None:
        ends.append(add(at, Duration.parse(terms.valid_for), zone))
    return terms.valid_from, min(ends, default=None)
