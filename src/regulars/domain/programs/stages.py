"""The stages of a member's life with the program, and how recency and frequency tell them."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.periods import Duration


class Stage(StrEnum):
    """Where a member stands, by what they did and how long ago."""

    PROSPECT = "prospect"  # enrolled, and nothing yet
    NEW = "new"  # began a short while ago
    GROWING = "growing"  # comes again
    MATURE = "mature"  # comes often
    AT_RISK = "at_risk"  # stays away longer than usual
    LAPSED = "lapsed"  # has stayed away
    WON_BACK = "won_back"  # came again after having lapsed, a short while ago


STAGES = tuple(one.value for one in Stage)


@dataclass(frozen=True, slots=True)
class Frequency:
    """At least `times` within the span that ends today."""

    times: int
    within: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """When a member is in which stage. `types`: the events that count as coming.

    `at_risk` and `lapsed`: how long after the last time; `won_back`: how long somebody who came
    again is called so. All by whole days in the program's zone. `second_purchase`: how long after
    the first time somebody who has not come again is reminded. `member_day`: the day of the month
    on which members are told of it.
    """

    types: frozenset[str]
    growing: Frequency
    mature: Frequency
    at_risk: Duration
    lapsed: Duration
    won_back: Duration
    second_purchase: Duration | None = None
    member_day: int | None = None
