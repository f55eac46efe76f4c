"""Looks over challenges, streaks and badges: those that cannot be reached or are never given."""

from regulars.domain.programs.effects import EffectKind
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import CapPer, Program, Rule
from regulars.domain.programs.report import Report


def lint_play(report: Report, program: Program) -> None:
    """Report what is odd about play."""
    _lint_badges(report, program)
    for place, rule in enumerate(program.rules):
        path: Path = ("rules", place)
        _lint_days(report, path, rule)
        if _is_counted_twice(rule):
            report.warn(
                "check_in_twice",
                path,
                "Somebody may check in several times a day, in the app and in the shop: add a cap"
                " of one time a day.",
            )


def _lint_badges(report: Report, program: Program) -> None:
    awarded = {
        effect.what
        for rule in program.rules
        for effect in rule.effects
        if effect.kind is EffectKind.BADGE
    }
    for code in program.badges:
        if code not in awarded:
            report.warn(
                "unused_badge", ("badges", code), "No rule awards it: name it in a rule's effects."
            )


def _lint_days(report: Report, path: Path, rule: Rule) -> None:
    challenge = rule.challenge
    if challenge is None or not challenge.by_days or challenge.per is None:
        return
    longest = {"week": 7, "month": 28, "quarter": 90, "year": 365}[challenge.per.value]
    if challenge.times > longest:
        report.warn(
            "never_applies",
            (*path, "challenge", "times"),
            f"No {challenge.per.value} is sure to have so many days.",
        )


def _is_counted_twice(rule: Rule) -> bool:
    if "check_in" not in rule.on or rule.challenge is not None or rule.streak is not None:
        return False
    return not any(cap.per is CapPer.DAY or cap.times == 1 for cap in rule.caps)
