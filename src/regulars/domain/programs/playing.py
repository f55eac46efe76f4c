"""Reads challenges, streaks and badges, and checks them against the rules they belong to."""

from collections.abc import Mapping
from typing import Any

from regulars.domain.periods import Unit
from regulars.domain.programs.findings import Path
from regulars.domain.programs.play_terms import Badge, Challenge, MakeUp, Streak
from regulars.domain.programs.report import Report


def read_challenge(report: Report, path: Path, raw: dict[str, Any]) -> Challenge | None:
    """The challenge of a rule, if it has one."""
    given = raw.get("challenge")
    if given is None:
        return None
    _check_giving(report, path, raw, "challenge")
    per = given.get("per", "period")
    by_days = given.get("count") == "days"
    if by_days and per in {"day", "period"}:
        report.error(
            "days_without_period",
            (*path, "challenge", "count"),
            "Days are counted in a week, a month, a quarter or a year: say which by per.",
        )
    return Challenge(
        times=given["times"],
        per=None if per == "period" else Unit(per),
        by_days=by_days,
        repeats=given.get("repeats", False),
    )


def read_streak(
    report: Report, path: Path, raw: dict[str, Any], types: frozenset[str]
) -> Streak | None:
    """The streak of a rule, if it has one."""
    given = raw.get("streak")
    if given is None:
        return None
    _check_giving(report, path, raw, "streak")
    if "challenge" in raw:
        report.error(
            "challenge_and_streak",
            (*path, "streak"),
            "A rule has a challenge or a streak: make two rules of it.",
        )
    if "purchase" in types:
        report.error(
            "streak_of_purchases",
            (*path, "on"),
            "Purchases come back: days of purchases are a challenge with count: days.",
        )
    make_up = given.get("make_up")
    if make_up is not None and {"caps", "budget"} & raw.keys():
        report.error(
            "make_up_is_limited",
            (*path, "streak", "make_up"),
            "A rule whose days are made up for has neither caps nor a budget: its streak limits"
            " what it gives.",
        )
    return Streak(
        days=given["days"],
        repeats=given.get("repeats", True),
        make_up=None
        if make_up is None
        else MakeUp(make_up["days"], Unit(make_up["per"]), make_up.get("price", 0)),
    )


def _check_giving(report: Report, path: Path, raw: dict[str, Any], name: str) -> None:
    """What is won is a number of points, and competes with no other rule."""
    earn = raw.get("earn")
    if earn is not None and "points" not in earn:
        report.error(
            "play_gives_points",
            (*path, "earn"),
            f"A rule with a {name} gives a number of points: write points.",
        )
    if "stacking" in raw:
        report.error(
            "play_stacks",
            (*path, "stacking"),
            f"A rule with a {name} is in no stacking group: every event counts towards it.",
        )


def read_badges(raw: Mapping[str, dict[str, Any]]) -> dict[str, Badge]:
    """All badges by code."""
    return {
        code: Badge(code, one["name"], one.get("picture", "star"), one.get("about"))
        for code, one in raw.items()
    }
