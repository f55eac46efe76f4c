"""Reads when a rule applies: dates, days of the week and hours in the program's zone."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from regulars.domain.programs.findings import Path
from regulars.domain.programs.pieces import Schedule
from regulars.domain.programs.report import Report
from regulars.domain.programs.schema_rules import WEEKDAYS
from regulars.domain.programs.values import day, moment

BIRTH_MONTH = "birth_month"
"""The member attribute (1 to 12) that `birth_month: true` looks at."""


def read_schedule(
    report: Report,
    path: Path,
    raw: dict[str, Any] | None,
    *,
    zone: ZoneInfo,
    attributes: Mapping[str, str],
) -> Schedule | None:
    """A schedule; reports one that is over before it begins."""
    if raw is None:
        return None
    starts_at = moment(report, (*path, "from"), raw.get("from"), zone=zone)
    ends_at = moment(report, (*path, "until"), raw.get("until"), zone=zone)
    if starts_at is not None and ends_at is not None and starts_at >= ends_at:
        report.error("empty_span", (*path, "until"), "It ends before it begins: from < until.")
    if raw.get("birth_month") and attributes.get(BIRTH_MONTH) != "int":
        report.error(
            "no_birth_month",
            (*path, "birth_month"),
            "Declare the attribute birth_month: int under members, attributes.",
        )
    return Schedule(
        starts_at=starts_at,
        ends_at=ends_at,
        weekdays=frozenset(WEEKDAYS.index(name) for name in raw.get("weekdays", ())),
        hours=tuple(
            _hours(report, (*path, "hours", place), text)
            for place, text in enumerate(raw.get("hours", []))
        ),
        dates=frozenset(
            day(report, (*path, "dates", place), text)
            for place, text in enumerate(raw.get("dates", []))
        ),
        month_days=frozenset(raw.get("month_days", ())),
        birth_month=raw.get("birth_month", False),
    )


def _hours(report: Report, path: Path, text: str) -> tuple[int, int]:
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    if start >= end:
        report.error(
            "empty_span",
            path,
            f"{text} ends before it begins. For a night write two: until 24:00, and from 00:00.",
        )
    return start, end
