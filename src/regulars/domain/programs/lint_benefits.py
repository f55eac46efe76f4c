"""Looks over benefits, effects and the lifecycle: what nobody ever gets, or gets without end."""

from regulars.domain.programs.benefits import Benefit, BenefitKind
from regulars.domain.programs.effects import EffectKind
from regulars.domain.programs.findings import Path
from regulars.domain.programs.lint_tiers import unreachable_tiers
from regulars.domain.programs.model import EarnKind, Program, Rule
from regulars.domain.programs.report import Report

_PRICED = frozenset({BenefitKind.PERCENTAGE, BenefitKind.AMOUNT})


def lint_benefits(report: Report, program: Program) -> None:
    """Report what is odd about benefits and what grants them."""
    granted = {
        effect.what
        for rule in program.rules
        for effect in rule.effects
        if effect.kind is EffectKind.BENEFIT
    }
    out_of_reach = unreachable_tiers(program)
    for place, benefit in enumerate(program.benefits):
        path: Path = ("benefits", place)
        carriers = benefit.carriers
        if carriers is not None and carriers.tiers and carriers.tiers <= out_of_reach:
            report.warn("never_applies", (*path, "for", "tiers"), "Nobody reaches these tiers.")
        if carriers is None and benefit.id not in granted and benefit.valid is None:
            report.warn(
                "endless_grant",
                path,
                "Granted by hand it would never end: say how long it is valid.",
            )
        _lint_worth(report, path, benefit)
    for place, rule in enumerate(program.rules):
        _lint_effects(report, ("rules", place), rule)


def _lint_worth(report: Report, path: Path, benefit: Benefit) -> None:
    is_bounded = benefit.quota is not None or benefit.share is not None
    if benefit.kind is BenefitKind.PERCENTAGE and benefit.ceiling is None and not is_bounded:
        report.warn(
            "no_ceiling",
            path,
            "A percentage without a ceiling or a quota gives as much as somebody buys. Add one.",
        )
    if benefit.share is not None and benefit.share.share.num > benefit.share.share.den:
        report.warn(
            "share_above_all",
            (*path, "share_of_contribution", "at_most"),
            "More than a member brought in is no limit that keeps a profit.",
        )
    if benefit.kind is BenefitKind.PERCENTAGE and benefit.rate.num >= benefit.rate.den:
        report.warn("all_off", (*path, "percent"), "All of the price is taken off.")
    if benefit.kind is BenefitKind.AMOUNT and benefit.threshold < benefit.amount and not is_bounded:
        report.warn(
            "amount_without_threshold",
            (*path, "amount"),
            "Orders below it cost nothing, each time. Add a threshold or a quota.",
        )
    if benefit.kind not in _PRICED and benefit.group is not None:
        report.warn(
            "stacking_without_price",
            (*path, "stacking"),
            "Only what changes the price competes with others: the group does nothing here.",
        )


def _lint_effects(report: Report, path: Path, rule: Rule) -> None:
    if not rule.gives_points:
        if rule.budget is not None:
            report.warn("no_points", (*path, "budget"), "It gives no points for a budget to limit.")
        if any(cap.points is not None for cap in rule.caps):
            report.warn("no_points", (*path, "caps"), "It gives no points: cap by times instead.")
    is_repeated = not rule.caps and not rule.occasions and rule.challenge is None
    gives = [one for one in rule.effects if one.kind in {EffectKind.BENEFIT, EffectKind.COUPON}]
    if gives and is_repeated and rule.streak is None:
        report.warn(
            "effects_without_cap",
            (*path, "effects"),
            "Every event gives this once more. Add a cap, such as caps: [{per: month, times: 1}].",
        )
    if rule.occasions and rule.earn.kind is EarnKind.RATE:
        report.warn("no_amount", (*path, "earn"), "An occasion has no amount of money.")
