"""Budgets: how much of each is used, what is left, and what it comes to at this pace."""

from fastapi import APIRouter, Response

from regulars.api.budgets.shapes import BudgetAnswer, BudgetsAnswer, CoveredAnswer
from regulars.api.contract import declared, respond
from regulars.api.reading import Language
from regulars.api.state import ServedBy
from regulars.domain.access import Scope
from regulars.domain.budgets.gauges import Gauge
from regulars.domain.errors import NoProgramInForce
from regulars.domain.programs.model import Program
from regulars.domain.programs.phrases import name_in
from regulars.services.budgets import looking

router = APIRouter(prefix="/v1", tags=["budgets"])


@router.get(
    "/budgets", **declared(BudgetsAnswer, scope=Scope.OFFERS_READ, refusals=(NoProgramInForce,))
)
def list_budgets(served: ServedBy, language: Language) -> Response:
    """All budgets of the program in force as of now: shared ones, then those of single rules."""
    now = served.runtime.clock()
    program, found = looking.standing(served.db, served.versions, now)
    return respond(BudgetsAnswer([_told(one, program, language) for one in found]))


def _told(gauge: Gauge, program: Program, language: str) -> BudgetAnswer:
    currency = program.currencies.get(gauge.currency or "")
    return BudgetAnswer(
        budget=gauge.budget,
        name=name_in(language, gauge.name),
        is_own=gauge.rule is not None,
        measure="money" if gauge.currency is None else "points",
        currency=gauge.currency or program.money,
        currency_name=program.money if currency is None else name_in(language, currency.name),
        most=gauge.most,
        used=gauge.used,
        reserved=gauge.reserved,
        left=max(gauge.most - gauge.used - gauge.reserved, 0),
        percent=gauge.percent,
        per=gauge.per,  # type: ignore[arg-type]  # of the schema's choices
        since=gauge.since,
        until=gauge.until,
        expected=gauge.expected,
        runs_out_at=gauge.runs_out_at,
        covers=_covered(gauge, program, language),
    )


def _covered(gauge: Gauge, program: Program, language: str) -> list[CoveredAnswer]:
    rules = {rule.id: rule.name for rule in program.rules}
    benefits = {benefit.id: benefit.name for benefit in program.benefits}
    names = rules | benefits
    own = (gauge.rule,) if gauge.rule is not None else gauge.rules
    return [
        *(CoveredAnswer("rule", code, name_in(language, names[code])) for code in own),
        *(
            CoveredAnswer("benefit", code, name_in(language, benefits[code]))
            for code in gauge.benefits
        ),
        *(CoveredAnswer("coupon", code, code) for code in gauge.coupons),
    ]
