"""Looks over the coupons that rules give, where it is known which templates there are."""

from collections.abc import Mapping

from regulars.domain.programs.effects import EffectKind
from regulars.domain.programs.model import Program
from regulars.domain.programs.report import Report, suggestion

STATES: Mapping[str, str] = {
    "draft": "This coupon is still a draft: activate it, or nobody gets one.",
    "paused": "This coupon is paused: while it is, nobody gets one.",
    "ended": "This coupon has ended: nobody gets one any more.",
}
"""What is said of templates that are not active."""


def lint_coupons(report: Report, program: Program, states: Mapping[str, str]) -> None:
    """Report effects that give nothing at present. `states`: of all coupon templates by code."""
    for place, rule in enumerate(program.rules):
        for number, effect in enumerate(rule.effects):
            if effect.kind is not EffectKind.COUPON:
                continue
            path = ("rules", place, "effects", number, "coupon")
            state = states.get(effect.what)
            if state is None:
                words = f"There is no coupon template called so.{suggestion(effect.what, states)}"
                report.warn("coupon_unknown", path, words)
            elif state in STATES:
                report.warn("coupon_inactive", path, STATES[state])
