"""Which budgets pay for a discount: those in money that cover where it comes from."""

from datetime import datetime

from msgspec.structs import replace

from regulars.domain.limits.limits import Limit, LimitKind, period_of
from regulars.domain.orders.applying import CHEAPENS
from regulars.domain.orders.offers import Offer
from regulars.domain.periods import Local
from regulars.domain.programs.budget_terms import Budget
from regulars.domain.programs.model import Program


def money_limit(budget: Budget, program: Program, at: datetime) -> Limit:
    """What is left of the budget's money is counted by this, for the stretch that `at` is in."""
    period = period_of(budget.per, Local(at, program.zone))
    return Limit(LimitKind.BUDGET, budget.id, period=period, most=budget.money)


def funded(offer: Offer, program: Program, *, source: str, at: datetime) -> Offer:
    """The offer with the budgets that it takes its discount of.

    `source`: benefit:<id>, or coupon:<code of its template>.
    """
    if not program.budgets or offer.kind not in CHEAPENS:
        return offer
    budgets = tuple(
        money_limit(budget, program, at)
        for budget in program.budgets
        if budget.money is not None and budget.covers_source(source)
    )
    return replace(offer, budgets=budgets) if budgets else offer
