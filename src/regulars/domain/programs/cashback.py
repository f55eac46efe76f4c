"""The earning rules of benefits that give points back.

They have the benefit's id, so that explanations tell of them and returns take back what they gave,
as of any other rule.
"""

from regulars.domain.programs.benefits import Benefit, BenefitKind, QuotaPer
from regulars.domain.programs.model import Cap, CapPer, Earn, EarnKind, Program, Rule

_CAPS = {
    QuotaPer.DAY: CapPer.DAY,
    QuotaPer.WEEK: CapPer.WEEK,
    QuotaPer.MONTH: CapPer.MONTH,
    QuotaPer.YEAR: CapPer.YEAR,
    QuotaPer.LIFETIME: CapPer.PERIOD,
    QuotaPer.GRANT: CapPer.PERIOD,
}


def cashback_rules(program: Program) -> tuple[Rule, ...]:
    """The rule of each benefit that gives points back, in the order of the document."""
    return tuple(
        _rule(benefit) for benefit in program.benefits if benefit.kind is BenefitKind.CASHBACK
    )


def _rule(benefit: Benefit) -> Rule:
    quota = benefit.quota
    return Rule(
        id=benefit.id,
        name=benefit.name,
        on=frozenset({"purchase"}),
        earn=Earn(benefit.currency, EarnKind.RATE, rate=benefit.rate),
        condition=benefit.condition,
        schedule=benefit.schedule,
        lines=benefit.lines,
        caps=(Cap(_CAPS[quota.per], times=quota.uses),) if quota else (),
        group=benefit.group,
        priority=benefit.priority,
        carriers=benefit.carriers,
        share=benefit.share,
    )
