"""Looks over rules: those that never apply, compete without a winner, or cut themselves short."""

from collections.abc import Iterator
from datetime import date, timedelta

from regulars.domain.periods import midnight
from regulars.domain.programs.findings import Path
from regulars.domain.programs.lint_conditions import lint_conditions
from regulars.domain.programs.lint_tiers import unreachable_tiers
from regulars.domain.programs.model import CapPer, EarnKind, Pick, Program, Rule
from regulars.domain.programs.pieces import LineScope, Schedule
from regulars.domain.programs.report import Report

_WEEK = timedelta(days=7)


def lint_rules(report: Report, program: Program) -> None:
    """Report what is odd about the rules."""
    out_of_reach = unreachable_tiers(program)
    for place, rule in enumerate(program.rules):
        path: Path = ("rules", place)
        if rule.schedule is not None and not _ever(rule.schedule, program):
            report.warn(
                "never_applies",
                (*path, "schedule"),
                "No moment fits all of this: check the days against from, until, weekdays, hours.",
            )
        if rule.tiers and rule.tiers <= out_of_reach:
            report.warn(
                "never_applies", (*path, "audience", "tiers"), "Nobody reaches these tiers."
            )
        if rule.lines is not None and rule.on != {"purchase"}:
            report.warn(
                "lines_of_purchases",
                (*path, "lines"),
                "Only purchases have lines: for other events this rule gives nothing. Split it.",
            )
        _lint_limits(report, path, rule)
        if rule.earn.kind is EarnKind.MULTIPLY:
            _lint_multiplier(report, path, rule, program)
    _lint_priorities(report, program)
    lint_conditions(report, program)


def _lint_limits(report: Report, path: Path, rule: Rule) -> None:
    if rule.budget is not None and not rule.caps:
        report.warn(
            "budget_without_cap",
            (*path, "budget"),
            "One member could take the whole budget. Add a cap for each member.",
        )
    for place, cap in enumerate(rule.caps):
        at = (*path, "caps", place)
        if cap.per is CapPer.EVENT and cap.times is not None:
            report.warn("cap_without_effect", at, "An event happens once: times limits nothing.")
        if cap.points is not None and cap.points < rule.earn.points:
            report.warn(
                "cap_below_points",
                at,
                f"The rule gives {rule.earn.points} points, which the cap always cuts to"
                f" {cap.points}.",
            )
    if rule.budget is not None and rule.budget < rule.earn.points:
        report.warn(
            "cap_below_points", (*path, "budget"), "The budget is less than one event gives."
        )


def _lint_multiplier(report: Report, path: Path, rule: Rule, program: Program) -> None:
    bases = [
        base
        for base in program.rules
        if (
            base.id in rule.earn.of
            if rule.earn.of
            else base.earn.kind is EarnKind.RATE and base.earn.currency == rule.earn.currency
        )
    ]
    if not bases:
        report.warn(
            "multiplies_nothing",
            (*path, "earn"),
            f"No rule earns {rule.earn.currency} by a rate: there is nothing to multiply.",
        )
    elif not any(_meet(rule, base) for base in bases):
        names = ", ".join(base.id for base in bases)
        report.warn(
            "multiplies_nothing",
            (*path, "earn"),
            f"It never meets what it multiplies ({names}): compare on and lines of both.",
        )


def _meet(rule: Rule, base: Rule) -> bool:
    return bool(rule.on & base.on) and scopes_meet(rule.lines, base.lines)


def scopes_meet(one: LineScope | None, other: LineScope | None) -> bool:
    """Whether some line could be in both scopes, as far as their sets tell."""
    if one is None or other is None:
        return True
    for wanted, excepted in (
        ("skus", "except_skus"),
        ("categories", "except_categories"),
        ("brands", "except_brands"),
    ):
        mine, theirs = getattr(one, wanted), getattr(other, wanted)
        shared = (mine & theirs) if mine and theirs else mine or theirs
        if (mine or theirs) and not shared - getattr(one, excepted) - getattr(other, excepted):
            return False
    return True


def _lint_priorities(report: Report, program: Program) -> None:
    first: dict[tuple[str, int, str], str] = {}
    for place, rule in enumerate(program.rules):
        if rule.group is None or program.stacking[rule.group] is not Pick.PRIORITY:
            continue
        for code in sorted(rule.on):
            other = first.setdefault((rule.group, rule.priority, code), rule.id)
            if other != rule.id:
                report.warn(
                    "equal_priority",
                    ("rules", place, "stacking"),
                    f"{other} has priority {rule.priority} in {rule.group} too; the one that"
                    " stands first wins. Give them different priorities.",
                )
                break


def _ever(schedule: Schedule, program: Program) -> bool:
    """Whether there is a moment at which the schedule lets a rule apply."""
    days = _days(schedule, program)
    if days is None:
        return True
    return any(
        day.weekday() in (schedule.weekdays or range(7)) and _has_hours(schedule, day, program)
        for day in days
    )


def _days(schedule: Schedule, program: Program) -> Iterator[date] | None:
    """The days to look at; None where there are so many that one of them fits."""
    if schedule.dates:
        return iter(sorted(schedule.dates))
    start, end = schedule.starts_at, schedule.ends_at
    if start is None or end is None or end - start >= _WEEK:
        return None
    first = start.astimezone(program.zone).date()
    last = end.astimezone(program.zone).date()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _has_hours(schedule: Schedule, day: date, program: Program) -> bool:
    opens = midnight(day, program.zone)
    closes = midnight(day + timedelta(days=1), program.zone)
    for start, end in schedule.hours or ((0, 24 * 60),):
        begin = max(opens + timedelta(minutes=start), schedule.starts_at or opens)
        finish = min(closes, opens + timedelta(minutes=end), schedule.ends_at or closes)
        if begin < finish:
            return True
    return False
