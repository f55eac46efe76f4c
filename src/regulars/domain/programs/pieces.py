"""The small things of which a program's sections are made: words, conditions, times, lines.

They know nothing of the sections, so that each section can have a file of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Text = Mapping[str, str]
"""The same words by language: {"en": "Gold", "zh-CN": "金卡"}. "en" is always there."""

Test = Callable[[Any, Any, Any, Any, Any], bool]
"""A compiled condition: test(event, member, order, line, now). Raises EvaluationError."""


@dataclass(frozen=True, slots=True)
class Condition:
    """CEL text and the function compiled from it."""

    text: str
    test: Test = field(compare=False)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a rule applies, in the program's zone. An empty set or None means no limit.

    `hours` are [from, until) in minutes of the day; `weekdays` 0 is Monday. `dates` are single
    days of one year, `month_days` days of every month; `birth_month`: only in the month of the
    member's birthday.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekdays: frozenset[int] = frozenset()
    hours: tuple[tuple[int, int], ...] = ()
    dates: frozenset[date] = frozenset()
    month_days: frozenset[int] = frozenset()
    birth_month: bool = False


@dataclass(frozen=True, slots=True)
class LineScope:
    """Which receipt lines count. Empty sets mean every line; `except_` sets win over the others."""

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    except_skus: frozenset[str] = frozenset()
    except_categories: frozenset[str] = frozenset()
    except_brands: frozenset[str] = frozenset()
    condition: Condition | None = None
