"""The answers about budgets, as they stand in JSON."""

from typing import Literal

from msgspec import Struct

from regulars.api.answers import Instant


class CoveredAnswer(Struct, frozen=True):
    """A rule, benefit or coupon that takes of a budget."""

    kind: Literal["rule", "benefit", "coupon"]
    id: str
    name: str


class BudgetAnswer(Struct, frozen=True):
    """One limit of a budget. `measure`: `points` of `currency`, or `money` in minor units of it.
    `is_own`: it is one rule's alone. `reserved`: for orders that are open. `left` is what is
    still there, `percent` what is taken. It is there anew each `per`: this time from `since` until
    `until`.

    `expected`: what will be used at the end of the stretch, at the pace so far. `runs_out_at`: when
    nothing is left at that pace; null: not in sight. `covers` is empty for the whole program.
    """

    budget: str
    name: str
    is_own: bool
    measure: Literal["points", "money"]
    currency: str
    currency_name: str
    most: int
    used: int
    reserved: int
    left: int
    percent: int
    per: Literal["month", "quarter", "year"] | None
    since: Instant | None
    until: Instant | None
    expected: int | None
    runs_out_at: Instant | None
    covers: list[CoveredAnswer]


class BudgetsAnswer(Struct, frozen=True):
    """All budgets of the program in force."""

    items: list[BudgetAnswer]
