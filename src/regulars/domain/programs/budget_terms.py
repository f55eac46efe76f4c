"""What a program may cost: budgets that rules, benefits and coupons share; caps by contribution."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from regulars.domain.amounts import Rate
from regulars.domain.periods import Unit, start_of


@dataclass(frozen=True, slots=True)
class Purse:
    """Points of a budget as a rule takes of it. Its use is counted by `key`."""

    budget: str
    currency: str
    most: int
    unit: Unit | None

    def key(self, day: date) -> str:
        """What is counted under, for the stretch that `day` is in."""
        return purse_key(self.budget, self.unit, day)


def purse_key(budget: str, unit: Unit | None, day: date) -> str:
    """The name under which the points of a budget are counted: `spring|2026-05-01`; without a
    stretch `spring|`. No id of a rule looks like that."""
    return f"{budget}|{'' if unit is None else start_of(unit, day).isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `points` of `currency`, and at most `money` (minor units) of discounts, in each
    stretch `per`; None: in all.

    It is for what `rules` give and what `benefits` and `coupons` (their templates' codes) take off;
    with `is_everything`, for the whole program.
    """

    id: str
    name: Mapping[str, str]
    per: Unit | None = None
    currency: str = ""
    points: int | None = None
    money: int | None = None
    is_everything: bool = False
    rules: frozenset[str] = frozenset()
    benefits: frozenset[str] = frozenset()
    coupons: frozenset[str] = frozenset()

    def covers_rule(self, code: str) -> bool:
        """Whether what the rule gives is taken of it."""
        return self.is_everything or code in self.rules

    def covers_source(self, source: str) -> bool:
        """Whether discounts of `source`, benefit:<id> or coupon:<template's code>, are."""
        kind, _, code = source.partition(":")
        return self.is_everything or code in (
            self.benefits if kind == "benefit" else self.coupons if kind == "coupon" else ()
        )


@dataclass(frozen=True, slots=True)
class ShareCap:
    """A rule or a benefit gives a member at most `share` of what they brought in: of `metric`,
    which counts what they spent, less returns, in its window; points at their cash value."""

    share: Rate
    metric: str
